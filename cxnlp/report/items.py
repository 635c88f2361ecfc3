"""The backlog as people read it: each item in a sentence, with its state and dates, and the clocks of all of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any, Final, NamedTuple

from cxnlp.backlog.facts import two_digits
from cxnlp.backlog.states import AT_REST, OPEN
from cxnlp.insight import Period, turning_week
from cxnlp.report import figures
from cxnlp.report.answers import Row
from cxnlp.report.quotes import QuoteBook, source_line
from cxnlp.report.words import day, interval, points, since, state, title_parts, whole

_MOST_ITEMS: Final = 40


class _Step(NamedTuple):
    """A step of an item's life: its column of the answer ``item_clock``, and that of the days in which it is wanted."""

    words: str
    column: str
    wanted: str | None


_STEPS: Final = (
    _Step("from enough said to item", "nights_to_item", "item_within_nights"),
    _Step("from item to acceptance", "days_to_accepted", "accepted_within_days"),
    _Step("from acceptance to shipped", "days_to_shipped", "shipped_within_days"),
    _Step("from shipped to proof", "days_to_verified", None),
)

#: Points, or units of money a year; an item whose upper end is below it is not said to be worth anything.
_LEAST_CROWN: Final = 0.5
#: What a crown is called, its columns' stem and what stands before a value.
_CROWNS: Final = (
    ("Service effect", "service_effect", "points of net sentiment"),
    ("Revenue at risk", "revenue_at_risk", "{currency} a year"),
    ("Cost of contacts", "contact_cost", "{currency} a year"),
)


def backlog_items(
    items: Sequence[Row], rows: Mapping[str, Sequence[Row]], book: QuoteBook, period: Period, currency: str = ""
) -> list[dict[str, Any]]:
    """Items that are alive, each with its words, its weeks as a small chart, its state and its quotes.

    Args:
        items: the table ``backlog`` in order of priority, as it may be shared (`cxnlp.backlog.shared`).
        rows: the answers; those of ``item_…`` and ``taxonomy`` are read.
        book: where the numbers' quotes are kept.
        period: the page's weeks.
        currency: of what items are worth.
    """
    weeks: dict[str, dict[date, Row]] = {}
    for row in rows["item_weeks"]:
        weeks.setdefault(row["item_id"], {})[row["week"]] = row
    origins = {row["mention_id"]: row for row in rows["item_quotes"]}
    said: dict[str, list[Row]] = {}
    for row in rows["item_evidence"]:
        said.setdefault(row["item_id"], []).append(row)
    effects = {row["item_id"]: row for row in rows["item_effects"]}
    known = {(row["family"], row["label"]): row for row in rows["taxonomy"]}
    late = {row["item_id"] for row in rows["item_clock"] if row["is_overdue"]}
    alive = [item for item in items if item["state"] in OPEN][:_MOST_ITEMS]
    return [
        _worded(item, known.get((item["kind"], item["label"]), {}), said.get(item["item_id"], []), book, currency)
        | _moving(item, weeks.get(item["item_id"], {}), period)
        | _living(item, item["item_id"] in late, period.night)
        | {"effect": _effect(effects.get(item["item_id"]), is_few=_is_few(item))}
        | {"quotes": _quotes(item, origins, period.night)}
        for item in alive
    ]


def clocks(in_states: Sequence[Row], clock: Sequence[Row]) -> dict[str, Any]:
    """Numbers of all items: how many in which state, how long they took, how many are late.

    The steps are medians in days over the items that took them; a step that no item took is left out.

    Args:
        in_states: the answer ``item_states``.
        clock: the answer ``item_clock``.
    """
    states = {row["state"]: row["n_items"] for row in in_states}
    took = [(step, [row[step.column] for row in clock if row[step.column] is not None]) for step in _STEPS]
    return {
        "states": [(state(name), states[name]) for name in OPEN if name in states],
        "away": [(state(name), states[name]) for name in AT_REST if name != "merged" and name in states],
        "steps": [
            (step.words, f"{median(days):g}", len(days), clock[0][step.wanted] if step.wanted else None)
            for step, days in took
            if days
        ],
        "n_late": sum(row["is_overdue"] for row in clock),
    }


def _is_few(item: Row) -> bool:
    return isinstance(item["n_customers"], str)


def _worded(item: Row, known: Row, said: Sequence[Row], book: QuoteBook, currency: str) -> dict[str, Any]:
    phrase, terms = title_parts(item["title"])
    is_small = _is_few(item)
    key = None if is_small else book.item(item, said)
    return {**item, "phrase": phrase, "terms": terms, "sentence": None if is_small else item.get("sentence"),
            "place": known.get("stage_name"), "set": key,
            "feeling": None if is_small else _feeling(item),
            "spread": None if is_small else _range(item, "n_customers_corrected"),
            "crowns": [] if is_small else _crowns(item, currency)}  # fmt: skip


def _feeling(item: Row) -> str | None:
    """How its mentions feel, with the 95 % interval."""
    low, high = item.get("net_sentiment_low"), item.get("net_sentiment_high")
    if item.get("net_sentiment") is None:
        return None
    return points(item["net_sentiment"]) + ("" if low is None or high is None else f" ({interval(low, high)})")


def _range(item: Row, stem: str) -> str | None:
    low, high = item.get(f"{stem}_low"), item.get(f"{stem}_high")
    return None if low is None or high is None else f"{whole(low)} to {whole(high)}"


def _crowns(item: Row, currency: str) -> list[str]:
    """What an item is worth, each in a range; what is surely less than half a point or amount of money is left out."""
    told = []
    for name, stem, unit in _CROWNS:
        low, high = item.get(f"{stem}_low"), item.get(f"{stem}_high")
        if low is not None and high is not None and high >= _LEAST_CROWN:
            worded = _tenths if stem == "service_effect" else _money
            told.append(f"{name}: {worded(low)} to {worded(high)} {unit.format(currency=currency)}")
    return told


def _tenths(number: float) -> str:
    return f"{number:.1f}"


def _money(number: float) -> str:
    return whole(two_digits(number))


def _living(item: Row, is_late: bool, night: date) -> dict[str, Any]:
    """State, whose it is and by when."""
    steps = []
    if item.get("shipped_on"):
        where = f" ({item['shipped_where']})" if item.get("shipped_where") else ""
        steps.append(f"shipped {day(item['shipped_on'], night)}{where}")
    elif item.get("due_on"):
        steps.append(f"due {day(item['due_on'], night)}")
    steps.append(f"item since {day(item['opened_on'], night)}")
    if item["first_feedback_on"]:
        steps.append(f"first heard {day(item['first_feedback_on'], night)}")
    return {"life": state(item["state"]), "steps": steps, "is_late": is_late,
            "whose": item.get("assigned_to")}  # fmt: skip


def _effect(measured: Row | None, *, is_few: bool) -> str | None:
    """Whether the fix helped, in words: "too early: 12 days since the fix do not tell yet"."""
    if measured is None:
        return None
    told = f"{state(measured['verdict'])}: {measured['note']}"
    ends = measured["effect_low"], measured["effect_high"]
    is_unclear = measured["verdict"] == "unclear"  # nobody knows what it would be: it may have fallen by itself
    if is_few or is_unclear or measured["effect"] is None or None in ends:
        return told
    return f"{told} (its rate is {measured['effect']:.2f} times what it would be; {ends[0]:.2f} to {ends[1]:.2f})"


def _moving(item: Row, weeks: Mapping[date, Row], period: Period) -> dict[str, Any]:
    if _is_few(item):  # too few people for a line that says how many they were each week
        return {"moves": item["trend_word"], "columns": figures.columns([])}
    counts = [weeks[monday]["n"] if monday in weeks else 0 for monday in period.mondays]
    volume = [weeks[monday]["n_feedback"] if monday in weeks else 0 for monday in period.mondays]
    turned_on = turning_week(period.mondays, counts, volume, rising=item["trend_word"] == "rising")
    moves = since(item["trend_word"], turned_on, item["first_feedback_on"], period.night)
    return {"moves": moves, "columns": figures.columns([float(n) for n in counts])}


def _quotes(item: Row, origins: Mapping[str, Row], night: date) -> list[dict[str, str]]:
    quotes = []
    for number in range(1, 6):
        text, origin = item.get(f"quote_{number}"), origins.get(item.get(f"quote_{number}_mention_id") or "")
        if text and not _is_few(item):
            quotes.append({"text": text, "source": source_line(origin, night) if origin else ""})
    return quotes
