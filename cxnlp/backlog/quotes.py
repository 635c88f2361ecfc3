"""The three quotes that represent an item: strong, sure, recent, readable, and from three different people."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

N_QUOTES: Final = 3
_LONGEST: Final = 280

#: What each of the title's terms adds to the score (0 … 1) of a quote that has it.
_TERM_WORTH: Final = 0.15

#: Two sayings that share more of their words than this are the same quote.
_SAME_SHARE: Final = 0.5


def best_quotes(candidates: pl.DataFrame, themes: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[str, str]]]:
    """Return for each item up to three (mention_id, quote), the best first.

    Args:
        candidates: columns ``item_id``, ``mention_id``, ``feedback_id``, ``quote``, ``is_readable``, ``score``.
        themes: each item's terms; a quote that has one of them shows what the title says.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for (item_id,), rows in candidates.group_by("item_id", maintain_order=True):
        terms = [term.lower() for term in themes.get(str(item_id), ())]
        ranked = sorted(rows.iter_rows(named=True), key=lambda row: _rank(row, terms))
        found[str(item_id)] = [(row["mention_id"], shorten(row["quote"])) for row in _distinct(ranked)]
    return found


def shorten(quote: str, longest: int = _LONGEST) -> str:
    """Return ``quote`` on one line, cut at a word and marked with an ellipsis when it is too long."""
    line = " ".join(quote.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut).rstrip(" ,;:–-") + "…"


def _rank(row: Mapping[str, object], terms: Sequence[str]) -> tuple[bool, float, str]:
    n_terms = sum(term in str(row["quote"]).lower() for term in terms)
    return not row["is_readable"], -(float(str(row["score"])) + _TERM_WORTH * n_terms), str(row["mention_id"])


def _distinct(ranked: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    chosen: list[Mapping[str, str]] = []
    for row in ranked:
        if len(chosen) == N_QUOTES:
            break
        if not any(_same(row, other) for other in chosen):
            chosen.append(row)
    return chosen


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two quotes come from one piece of feedback, or say nearly the same."""
    if one["feedback_id"] == other["feedback_id"]:
        return True
    words, others = (set(re.findall(r"\w+", row["quote"].lower())) for row in (one, other))
    return len(words & others) > _SAME_SHARE * max(len(words | others), 1)
