"""Stored call notes written out again, after the glossary or what a source wants of it has changed.

Offsets that counted characters of the old text are moved by the pairs of `ExpandedAgain.replaced`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import polars as pl

from cxnlp.feedback.glossary import Glossary
from cxnlp.feedback.masking.again import REPLACED
from cxnlp.feedback.shorthand import apply, find
from cxnlp.frames import Schema

_TEXTS: Final[Schema] = {"feedback_id": pl.String(), "text": pl.String(), "written": pl.String()}
#: What writing out leaves alone: it stands in the same order in the old text and in the new one.
_FIXED: Final = re.compile(r"(\[[A-Z_]+\]|\n)")
_TOKEN: Final = re.compile(r"\w+|\W")

Place = tuple[int, int, int, int]  # start and end in the old text, start and end in the new one


@dataclass(frozen=True, slots=True)
class ExpandedAgain:
    """Of the texts that changed: what they are now, and what of them was replaced (REPLACED)."""

    texts: pl.DataFrame  # feedback_id, text, written
    replaced: pl.DataFrame


def expand_again(feedback: pl.DataFrame, glossary: Glossary) -> ExpandedAgain:
    """Write stored texts out anew, from the words as they were written.

    Args:
        feedback: feedback_id, text, written, is_readable, shorthand_version; the last is the version that is wanted, or
            null where shorthand is to be left as it is.
        glossary: what short words mean.
    """
    texts: list[tuple[str, str, str | None]] = []
    replaced: list[tuple[str, int, int, int, int]] = []
    for row in feedback.iter_rows(named=True):
        original = row["written"] or row["text"]
        is_wanted = row["is_readable"] and row["shorthand_version"] is not None
        edits = find(original, glossary) if is_wanted else []
        text = apply(original, edits)
        if text != row["text"]:
            texts.append((row["feedback_id"], text, original if edits else None))
            replaced += [(row["feedback_id"], *place) for place in places(row["text"], text)]
    return ExpandedAgain(
        pl.DataFrame(texts, schema=_TEXTS, orient="row"), pl.DataFrame(replaced, schema=REPLACED, orient="row")
    )


def places(old: str, new: str) -> list[Place]:
    """Say which parts of ``old`` other words of ``new`` have taken the place of, in order."""
    parts, others = _FIXED.split(old), _FIXED.split(new)
    if parts[1::2] != others[1::2]:
        return list(_differing(old, new, 0, 0))
    found: list[Place] = []
    start = new_start = 0
    for part, other in zip(parts, others, strict=True):
        found += _differing(part, other, start, new_start)
        start, new_start = start + len(part), new_start + len(other)
    return found


def _differing(old: str, new: str, start: int, new_start: int) -> Iterator[Place]:
    """The parts that differ, word by word; what is only added takes the word before or after it along."""
    if old == new:
        return
    words, others = _TOKEN.findall(old), _TOKEN.findall(new)
    for kind, i, j, k, m in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        back = int(i == j and i > 0)
        ahead = int(i == j and i == 0 and j < len(words))
        yield (
            start + _length(words[: i - back]), start + _length(words[: j + ahead]),
            new_start + _length(others[: k - back]), new_start + _length(others[: m + ahead]),
        )  # fmt: skip


def _length(words: Sequence[str]) -> int:
    return sum(map(len, words))
