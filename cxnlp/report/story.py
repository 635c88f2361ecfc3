"""The morning in words: the headline, what hurts and what works, what moved, and the backlog as sentences."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from cxnlp.insight import Period, turning_week
from cxnlp.report import figures
from cxnlp.report.answers import Row
from cxnlp.report.quotes import QuoteBook, source_line
from cxnlp.report.words import count, people, since, title_parts

#: States of items that are not shown: nobody speaks of them any more, or they are part of others.
OVER: Final = frozenset({"quiet", "merged"})

_MOST_ITEMS: Final = 40
_MOST_LINES: Final = 3


def backlog_items(
    items: Sequence[Row], rows: Mapping[str, Sequence[Row]], book: QuoteBook, period: Period
) -> list[dict[str, Any]]:
    """Items that are not over, each with its words, its weeks as a small chart, and its quotes.

    Args:
        items: the table ``backlog`` in order of priority.
        rows: the answers; ``item_weeks``, ``item_quotes``, ``item_evidence`` and ``taxonomy`` are read.
        book: where the numbers' quotes are kept.
        period: the page's weeks.
    """
    weeks: dict[str, dict[date, Row]] = {}
    for row in rows["item_weeks"]:
        weeks.setdefault(row["item_id"], {})[row["week"]] = row
    origins = {row["mention_id"]: row for row in rows["item_quotes"]}
    said: dict[str, list[Row]] = {}
    for row in rows["item_evidence"]:
        said.setdefault(row["item_id"], []).append(row)
    known = {(row["family"], row["label"]): row for row in rows["taxonomy"]}
    alive = [item for item in items if item["state"] not in OVER][:_MOST_ITEMS]
    return [
        _worded(item, known.get((item["kind"], item["label"]), {}), said.get(item["item_id"], []), book)
        | _moving(item, weeks.get(item["item_id"], {}), period)
        | {"quotes": _quotes(item, origins, period.night)}
        for item in alive
    ]


def _worded(item: Row, known: Row, said: Sequence[Row], book: QuoteBook) -> dict[str, Any]:
    phrase, terms = title_parts(item["title"])
    is_small = isinstance(item["n_customers"], str)
    key = None if is_small else book.item(item, said)
    return {**item, "phrase": phrase, "terms": terms, "place": known.get("stage_name"), "set": key}


def _moving(item: Row, weeks: Mapping[date, Row], period: Period) -> dict[str, Any]:
    if isinstance(item["n_customers"], str):  # too few people for a line that says how many they were each week
        return {"moves": item["trend_word"], "columns": figures.columns([])}
    counts = [weeks[monday]["n"] if monday in weeks else 0 for monday in period.mondays]
    volume = [weeks[monday]["n_feedback"] if monday in weeks else 0 for monday in period.mondays]
    turned_on = turning_week(period.mondays, counts, volume, rising=item["trend_word"] == "rising")
    moves = since(item["trend_word"], turned_on, item["first_feedback_on"], period.night)
    return {"moves": moves, "columns": figures.columns([float(n) for n in counts])}


def _quotes(item: Row, origins: Mapping[str, Row], night: date) -> list[dict[str, str]]:
    quotes = []
    for number in (1, 2, 3):
        text, origin = item[f"quote_{number}"], origins.get(item[f"quote_{number}_mention_id"])
        if text:
            quotes.append({"text": text, "source": source_line(origin, night) if origin else ""})
    return quotes


def headline(items: Sequence[Row], moments: Sequence[Row], totals: Row) -> dict[str, Any]:
    """The first screen: one headline, and under it what hurts, what works and what moved.

    Args:
        items: what `backlog_items` gave.
        moments: rows of the page's moments, the greatest need first.
        totals: the answer ``totals``.
    """
    top = items[0] if items else None
    by_joy = sorted(moments, key=lambda moment: (moment["low"] <= 0, -moment["joy"], moment["label"]))
    worse = [item for item in items[1:] if item["trend_word"] in ("rising", "new")]
    better = [item for item in items if item["trend_word"] == "falling"]
    return {
        "text": _headline(top, moments, totals),
        "deck": _deck(top),
        "quote": top["quotes"][0] if top and top["quotes"] else None,
        "is_alarm": bool(top and top["label"] == "crisis"),
        "set": top["set"] if top else None,
        "hurts": [_hurts(row, items) for row in moments if row["need"] >= 0.5][:_MOST_LINES],
        "works": [row for row in by_joy if row["joy"] >= 0.5][:_MOST_LINES],
        "moved": worse[:_MOST_LINES] + better[:_MOST_LINES],
    }


def _headline(top: Row | None, moments: Sequence[Row], totals: Row) -> str:
    if top is None:
        if not totals["n_mentions"]:
            return "Nothing heard yet"
        heard = count(totals["n_mentions"], "mention")
        return (
            f"{heard}, and no complaint that enough customers share" if moments else f"{heard}, none of a known moment"
        )
    if top["label"] != "crisis":
        return str(top["title"])
    about = f"“{top['terms'].split(', ')[0]}”: " if top["terms"] else ""
    speak = "speaks" if top["n_customers"] == 1 else "speak"
    return f"{about}{people(top['n_customers'])} {speak} of danger or legal steps"


def _deck(top: Row | None) -> str:
    if top is None:
        return ""
    heard = f"{people(top['n_customers'])}, {count(top['n_mentions'], 'mention')}, {top['moves']}."
    return f"{heard} Suggested owner: {top['owner']}." if top["owner"] else heard


def _hurts(moment: Row, items: Sequence[Row]) -> dict[str, Any]:
    """A moment that hurts, in the words of its most urgent item; in the taxonomy's where too few people make one."""
    for item in items:
        if item["kind"] == "moment" and item["label"] == moment["label"]:
            return {"phrase": item["phrase"], "terms": item["terms"], "n": people(item["n_customers"]),
                    "moves": item["moves"], "set": item["set"]}  # fmt: skip
    complaints = count(moment["n_negative"], "complaint")
    return {"phrase": moment["worse"], "terms": "", "n": complaints, "moves": "", "set": moment["neg"]}
