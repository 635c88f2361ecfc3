"""The morning in words: the headline, what hurts, what works and what moved."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from cxnlp.insight import Period
from cxnlp.report.answers import Row
from cxnlp.report.sections import LONG_SILENCE_DAYS
from cxnlp.report.words import count, day, people, small

_MOST_LINES: Final = 3
#: A danger is one of today while somebody spoke of it in these days, as in cxnlp/insight/alerts_crises.sql.
_DANGER_DAYS: Final = 28
#: An item of a smaller share of a moment's complaints does not stand for it.
_LEAST_SHARE: Final = 1 / 3


def headline(
    items: Sequence[Row], moments: Sequence[Row], totals: Row, period: Period, heard_on: date | None
) -> dict[str, Any]:  # fmt: skip
    """The first screen: one headline, and under it what hurts, what works and what moved.

    Args:
        items: what `items.backlog_items` gave; those that nobody spoke of in the period are left out.
        moments: rows of the page's moments, the greatest need first.
        totals: the answer ``totals``.
        period: the page's weeks.
        heard_on: day of the latest feedback, whenever that was.
    """
    items = [item for item in items if _was_said(item, period.first_on)]
    top = items[0] if items else None
    silence = _silence(heard_on, period.night)
    is_alarm = bool(
        top and not silence and top["label"] == "crisis" and _was_said(top, period.night - timedelta(days=_DANGER_DAYS))
    )
    hurting, works = hurting_and_praised(moments)
    worse = [item for item in items[1:] if item["trend_word"] in ("rising", "new")]
    better = [item for item in items if item["trend_word"] == "falling"]
    return {
        "eyebrow": silence or ("Act today" if is_alarm else "This morning"),
        "text": _headline(top, moments, totals, is_heard=heard_on is not None),
        "deck": _deck(top, len(period.mondays)),
        "quote": top["quotes"][0] if top and top["quotes"] else None,
        "is_alarm": is_alarm,
        "set": top["set"] if top else None,
        "hurts": [_hurts(row, items) for row in hurting],
        "works": works,
        "is_well": any(row["low"] > 0 for row in works),
        "moved": worse[:_MOST_LINES] + better[:_MOST_LINES],
    }


def _was_said(item: Row, since: date) -> bool:
    said_on = item.get("last_feedback_on")
    return said_on is None or said_on >= since


def _silence(heard_on: date | None, night: date) -> str | None:
    """Say so where nothing was heard for long: whatever else the page says is of before."""
    if heard_on is None or (night - heard_on).days <= LONG_SILENCE_DAYS:
        return None
    return f"No feedback since {day(heard_on, night)}"


def hurting_and_praised(moments: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the moments that hurt most and those that work best, at most three each.

    A moment surely works where the whole interval of its net sentiment is above 0: such a one does not hurt. Where none
    does, those with most good mentions are given, also such as hurt: much praise may stand beside more complaints.

    Args:
        moments: rows of the answer ``moments``.
    """
    hurting = [row for row in moments if row["need"] >= 0.5 and row["low"] <= 0]
    praised = [row for row in moments if row["joy"] >= 0.5]
    if surely := [row for row in praised if row["low"] > 0]:
        best = sorted(surely, key=lambda row: (-row["joy"], row["label"]))
    else:
        best = sorted(praised, key=lambda row: (-row["n_positive"], row["label"]))
    return sorted(hurting, key=lambda row: -row["need"])[:_MOST_LINES], best[:_MOST_LINES]


def _headline(top: Row | None, moments: Sequence[Row], totals: Row, *, is_heard: bool) -> str:
    if top is None:
        if not totals["n_mentions"]:
            return "Nothing new was heard" if is_heard else "Nothing heard yet"
        heard = count(totals["n_mentions"], "mention")
        return (
            f"{heard}, and no complaint that enough customers share" if moments else f"{heard}, none of a known moment"
        )
    if top["label"] != "crisis":
        return str(top["title"])
    speak = "speaks" if top["n_customers"] == 1 else "speak"
    return f"{people(top['n_customers'])} {speak} of danger or legal steps"


def _deck(top: Row | None, n_weeks: int) -> str:
    if top is None:
        return ""
    is_danger = top["label"] == "crisis"  # whose headline says how many, and not in which words
    who = "" if is_danger else f"{people(top['n_customers'])}, "
    weeks = "one week" if n_weeks == 1 else f"{small(n_weeks)} weeks"
    heard = [f"{who}{count(top['n_mentions'], 'mention')} in {weeks}, {top['moves']}."]
    if is_danger and top["terms"]:
        heard.append(f"Words that stand out in them: {top['terms']}.")
    if not is_danger and top["sentence"]:
        heard.append(top["sentence"])
    if top["owner"]:
        heard.append(f"Suggested owner: {top['owner']}.")
    return " ".join(heard)


def _hurts(moment: Row, items: Sequence[Row]) -> dict[str, Any]:
    """A moment that hurts, in the words of its most urgent item that stands for it; else in the taxonomy's.

    There is none where too few people make one, and where the large one is put aside: a small one beside it would tell
    of few what many say.
    """
    for item in items:
        if item["kind"] == "moment" and item["label"] == moment["label"] and _stands_for(moment, item):
            return {"phrase": item["phrase"], "terms": item["terms"], "sentence": item["sentence"],
                    "n": people(item["n_customers"]), "moves": item["moves"], "set": item["set"]}  # fmt: skip
    complaints = count(moment["n_negative"], "complaint")
    return {"phrase": moment["worse"], "terms": "", "sentence": None, "n": complaints, "moves": "",
            "set": moment["neg"]}  # fmt: skip


def _stands_for(moment: Row, item: Row) -> bool:
    n = item["n_mentions"]  # text of too few people to be told
    return isinstance(n, int) and n >= _LEAST_SHARE * moment["n_negative"]
