"""The quotes that represent an item: strong, sure, recent, readable, from different people, channels and places."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

N_QUOTES: Final = 5
#: Of quotes that may be no complaints an item has no more than bring it to so many.
_LEAST_QUOTES: Final = 3
_LONGEST: Final = 280

#: What each of the title's terms adds to the score (0 … 1) of a quote that has it.
_TERM_WORTH: Final = 0.15

#: What a quote loses for each one before it of the same channel, or the same place.
_SAME_CHANNEL: Final = 0.08
_SAME_PLACE: Final = 0.04

#: Two sayings that share more of their words than this are the same quote.
_SAME_SHARE: Final = 0.5


def best_quotes(
    candidates: pl.DataFrame, themes: Mapping[str, Sequence[str]], said: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[tuple[str, str]]]:
    """Return for each item up to five (mention_id, quote), the best first.

    A mention leads one item only, of those that have others: the one that comes first of which it is the best.

    Args:
        candidates: columns ``item_id``, ``mention_id``, ``feedback_id``, ``person_key``, ``channel``, ``location``,
            ``quote``, ``is_readable``, ``is_doubtful``, ``score``.
        themes: the terms of items of a theme; a quote that has one of them shows what the title says. Elsewhere terms
            are of many things, and a quote that has one is of a chance word.
        said: the mentions that each item's sentence is made of: they are quoted, the last ones if need be, so that the
            sentence can be traced.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    leading: set[str] = set()
    for (item_id,), rows in candidates.group_by("item_id", maintain_order=True):
        terms = [term.lower() for term in themes.get(str(item_id), ())]
        sources = (said or {}).get(str(item_id), ())
        ranked = sorted(rows.iter_rows(named=True), key=lambda row: _rank(row, terms))
        chosen = _led(_sure(_representing(ranked, terms, sources), sources), leading)
        leading.update(row["mention_id"] for row in chosen[:1])
        found[str(item_id)] = [(row["mention_id"], shorten(row["quote"])) for row in chosen]
    return found


def shorten(quote: str, longest: int = _LONGEST) -> str:
    """Return ``quote`` on one line, cut at a word and marked with an ellipsis when it is too long."""
    line = " ".join(quote.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut).rstrip(" ,;:–-") + "…"


def _sure(chosen: Sequence[Mapping[str, Any]], sources: Sequence[str]) -> list[Mapping[str, Any]]:
    """The quotes with the doubtful ones behind, as few of them as there must be; of a sentence's sources all."""
    kept = [row for row in chosen if not row["is_doubtful"] or row["mention_id"] in sources]
    spare = [row for row in chosen if row["is_doubtful"] and row["mention_id"] not in sources]
    kept += spare[: max(0, _LEAST_QUOTES - len(kept))]
    return sorted(kept, key=lambda row: (not row["is_readable"], row["is_doubtful"], chosen.index(row)))


def _led(chosen: Sequence[Mapping[str, Any]], leading: set[str]) -> list[Mapping[str, Any]]:
    """The quotes with one in front that leads no other item, if there is one as readable and as sure as the best."""
    for row in chosen:
        is_as_good = all(row[name] == chosen[0][name] for name in ("is_readable", "is_doubtful"))
        if row["mention_id"] not in leading and is_as_good:
            return [row, *(other for other in chosen if other is not row)]
    return list(chosen)


def _rank(row: Mapping[str, Any], terms: Sequence[str]) -> tuple[bool, float, str]:
    return not row["is_readable"], -_score(row, terms), row["mention_id"]


def _score(row: Mapping[str, Any], terms: Sequence[str]) -> float:
    return float(row["score"]) + _TERM_WORTH * sum(term in row["quote"].lower() for term in terms)


def _representing(
    ranked: Sequence[Mapping[str, Any]], terms: Sequence[str], sources: Sequence[str]
) -> list[Mapping[str, Any]]:
    """The best quote, then again and again the one that is best beside those chosen, and the sentence's sources."""
    needed = [row for row in ranked if row["mention_id"] in sources]
    left = [row for row in ranked if row in needed or not any(_same(row, one) for one in needed)]
    chosen: list[Mapping[str, Any]] = []
    while left:
        missing = [row for row in needed if row not in chosen]
        if len(chosen) + len(missing) >= N_QUOTES:
            return chosen + missing
        best = min(left, key=lambda row: _beside(row, chosen, terms))
        chosen.append(best)
        left = [row for row in left if row is not best and (row in needed or not _same(row, best))]
    return chosen


def _beside(
    row: Mapping[str, Any], chosen: Sequence[Mapping[str, Any]], terms: Sequence[str]
) -> tuple[bool, float, str]:
    lost = sum(_SAME_CHANNEL * (one["channel"] == row["channel"]) for one in chosen)
    lost += sum(_SAME_PLACE * (one["location"] == row["location"] is not None) for one in chosen)
    return not row["is_readable"], lost - _score(row, terms), row["mention_id"]


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two quotes come from one person or piece of feedback, or say nearly the same."""
    if one["feedback_id"] == other["feedback_id"] or one["person_key"] == other["person_key"]:
        return True
    words, others = (set(re.findall(r"\w+", row["quote"].lower())) for row in (one, other))
    return len(words & others) > _SAME_SHARE * max(len(words | others), 1)
