"""The morning in words: the headline, what hurts, what works and what moved."""

from collections.abc import Sequence
from typing import Any, Final

from cxnlp.report.answers import Row
from cxnlp.report.words import count, people, title_parts

_MOST_LINES: Final = 3
#: Characters; an item's sentence that is longer leaves the headline to its title.
_LONGEST_HEADLINE: Final = 120


def headline(items: Sequence[Row], moments: Sequence[Row], totals: Row) -> dict[str, Any]:
    """The first screen: one headline, and under it what hurts, what works and what moved.

    Args:
        items: what `items.backlog_items` gave.
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
        "is_well": bool(by_joy) and by_joy[0]["low"] > 0,
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
        says = ": ".join(filter(None, (top["line"], top["rest"])))
        return says if len(says) <= _LONGEST_HEADLINE else str(top["title"])
    terms = title_parts(top["title"])[1]
    about = f"“{terms.split(', ')[0]}”: " if terms else ""
    speak = "speaks" if top["n_customers"] == 1 else "speak"
    return f"{about}{people(top['n_customers'])} {speak} of danger or legal steps"


def _deck(top: Row | None) -> str:
    if top is None:
        return ""
    who = "" if top["label"] == "crisis" else f"{people(top['n_customers'])}, "  # whose headline says how many
    heard = f"{who}{count(top['n_mentions'], 'mention')}, {top['moves']}."
    return f"{heard} Suggested owner: {top['owner']}." if top["owner"] else heard


def _hurts(moment: Row, items: Sequence[Row]) -> dict[str, Any]:
    """A moment that hurts, in the words of its most urgent item; in the taxonomy's where too few people make one."""
    for item in items:
        if item["kind"] == "moment" and item["label"] == moment["label"]:
            return {"phrase": item["line"], "terms": item["rest"], "n": people(item["n_customers"]),
                    "moves": item["moves"], "set": item["set"]}  # fmt: skip
    complaints = count(moment["n_negative"], "complaint")
    return {"phrase": moment["worse"], "terms": "", "n": complaints, "moves": "", "set": moment["neg"]}
