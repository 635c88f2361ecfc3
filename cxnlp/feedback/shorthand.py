"""The stage that writes out the shorthand of call notes: "cust adv bill wrg" → "customer advised bill wrong".

It works on masked text, so what was written can be kept beside what is read, with the same placeholders in both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from cxnlp.feedback.glossary import Glossary
from cxnlp.feedback.masking import Masked
from cxnlp.frames import EMPLOYEES

#: A text with none of the words that are always shorthand is full of it from so many different ones of the others on,
#: when they are this share of its words too.
LEAST_WORDS: Final = 3
FULL_SHARE: Final = 0.25
_WORD: Final = re.compile(r"[^\W_]+")
#: "40 mins" is in everyday use.
_MEASURE: Final = re.compile(r"\d ?$")
#: A full stop behind a shortened word is no sentence's end when the next word is small.
_STOP: Final = re.compile(r"\.(?=\s+[a-z\d(\[])")


@dataclass(frozen=True, slots=True)
class Edit:
    """One short word of a text and what stands for it now."""

    start: int
    end: int
    meant: str


def expand(masked: Masked, glossary: Glossary) -> Masked:
    """Write out the shorthand of every readable text.

    Args:
        masked: what ``mask`` returned.
        glossary: what short words mean.

    Returns:
        The same rows: ``text`` written out, ``written`` the text as it was where that is another one, else null; the
        places of employees' placeholders count in the new text. Lines are neither added nor removed. All rows say by
        which glossary.
    """
    texts: list[str] = masked.feedback["text"].to_list()
    readable: list[bool] = masked.feedback["is_readable"].to_list()
    edits = [find(text, glossary) if is_read else [] for text, is_read in zip(texts, readable, strict=True)]
    feedback = masked.feedback.with_columns(
        text=pl.Series([apply(text, found) for text, found in zip(texts, edits, strict=True)], dtype=pl.String()),
        written=pl.Series(
            [text if found else None for text, found in zip(texts, edits, strict=True)], dtype=pl.String()
        ),
        shorthand_version=pl.lit(glossary.version, pl.String()),
    )
    changed = {name: found for name, found in zip(feedback["feedback_id"], edits, strict=True) if found}
    return Masked(feedback, _moved(masked.employees, changed))


def find(text: str, glossary: Glossary) -> list[Edit]:
    """Return what ``glossary`` has to say about ``text``, in order; nothing for ordinary prose."""
    edits: list[Edit] = []
    tell: set[str] = set()
    is_shorthand = False
    for match in glossary.pattern.finditer(_plain(text)):
        word = text[match.start() : match.end()].replace("’", "'")
        known = _meaning(word, glossary)
        if known is None or _is_placeholder(text, match):
            continue
        edits.append(_edit(text, match, known.meant))
        is_shorthand |= known.is_sure
        if not known.is_code and not _MEASURE.search(text, max(match.start() - 4, 0), match.start()):
            tell.add(match[0])
    if not is_shorthand and (len(tell) < LEAST_WORDS or len(tell) < FULL_SHARE * len(_WORD.findall(text))):
        return []
    return edits


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return ``text`` with ``edits`` made."""
    return "".join(_parts(text, edits))


def _parts(text: str, edits: Sequence[Edit]) -> Iterator[str]:
    done = 0
    for edit in edits:
        yield text[done : edit.start]
        yield edit.meant
        done = edit.end
    yield text[done:]


def _plain(text: str) -> str:
    """Return ``text`` in small letters, sign for sign."""
    small = text.lower()
    if len(small) != len(text):  # İ becomes two signs
        small = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    return small.replace("’", "'")


def _is_placeholder(text: str, match: re.Match[str]) -> bool:
    return text[match.start() - 1 : match.start()] == "[" and text[match.end() : match.end() + 1] == "]"


@dataclass(frozen=True, slots=True)
class _Known:
    meant: str
    is_sure: bool
    is_code: bool


def _meaning(word: str, glossary: Glossary) -> _Known | None:
    """Return what ``word`` means; up to three capitals (CX, DD) may be a code, which tells nothing about the text."""
    small = word.lower()
    is_code = word.isupper() and len(word) <= 3
    for entry in dict.fromkeys((word, small)):
        if entry in glossary.always:
            return _Known(_cased(word, glossary.always[entry], entry), entry == word or not is_code, is_code)
        if entry in glossary.beside:
            return _Known(_cased(word, glossary.beside[entry], entry), False, is_code)
    return None


def _cased(word: str, meant: str, entry: str) -> str:
    """Write ``meant`` as the note writes: CUST → CUSTOMER, Cust → Customer."""
    if word == entry or not word[0].isupper():
        return meant
    return meant.upper() if word.isupper() and len(word) > 3 else meant[0].upper() + meant[1:]


def _edit(text: str, match: re.Match[str], meant: str) -> Edit:
    start, end = match.span()
    if text[end - 1] == "/":
        return Edit(start, end, meant + " " if text[end : end + 1].strip() else meant)
    return Edit(start, end + 1 if _STOP.match(text, end) else end, meant)


def _moved(employees: pl.DataFrame, changed: dict[str, list[Edit]]) -> pl.DataFrame:
    """Move the places of placeholders by as much as the text before them has grown."""

    def moved(feedback_id: str, place: int | None) -> int | None:
        if place is None:
            return None
        return place + sum(len(e.meant) - (e.end - e.start) for e in changed.get(feedback_id, ()) if e.end <= place)

    ids = employees["feedback_id"].to_list()
    return employees.with_columns(
        pl.Series(column, [moved(*row) for row in zip(ids, employees[column], strict=True)], EMPLOYEES[column])
        for column in ("start", "end")
    )
