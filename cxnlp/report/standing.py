"""What somebody should look at first: what is new, the early warnings, and the scorecard."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

import polars as pl

from cxnlp import taxonomy
from cxnlp.insight import Period
from cxnlp.insight.alerts_shared import alike, is_of_few, shared_alert
from cxnlp.report import figures
from cxnlp.report.answers import Row
from cxnlp.report.quotes import QuoteBook
from cxnlp.report.sections import Section
from cxnlp.report.words import count, day, people, share, shielded

_MOST_WARNINGS: Final = 12
#: Days from the Monday of the last full week to the night; an earlier week is no news.
_LATEST_WEEK_DAYS: Final = 13
#: Kinds of events that are told, and items that are named of those to which the same happened.
_MOST_EVENTS: Final = 5
_MOST_NAMED: Final = 2

#: Event → what is said of one item and of several, the news first; of assignments and notes the log tells.
_EVENTS: Final = {
    "verified": ("fix is shown to work", "fixes are shown to work"),
    "not_effective": ("fix did not help", "fixes did not help"),
    "opened": ("new item", "new items"),
    "reopened": ("item opened again", "items opened again"),
    "grew": ("item with twice the people or more", "items with twice the people or more"),
    "shrank": ("item with half the people or fewer", "items with half the people or fewer"),
    "split": ("item split off another", "items split off others"),
    "merged": ("item went into another", "items went into others"),
    "shipped": ("item shipped", "items shipped"),
    "started": ("item begun", "items begun"),
    "accepted": ("item accepted", "items accepted"),
    "declined": ("item declined", "items declined"),
    "snoozed": ("item put aside", "items put aside"),
    "closed": ("item closed", "items closed"),
    "quiet": ("item fell quiet", "items fell quiet"),
}


def changes(row: Row, least_group: int, period: Period) -> Section:
    """What was read, what is no longer counted, and how the last full week went: numbers with the words behind them."""
    is_told = (
        row["week"] is not None
        and row["n_customers"] >= least_group
        and (period.night - row["week"]).days <= _LATEST_WEEK_DAYS
    )
    return {
        "n_read": row["n_stored"],
        "is_first": row["n_nights"] <= 1,
        "left": _left(row, period),
        "week": _week(row, period.night) if is_told else None,
    }


def _left(row: Row, period: Period) -> str | None:
    """Say which weeks of feedback the night before counted and this one does not; None where there is no such week."""
    if row["first_heard_on"] is None:
        return None
    moved_on = period.mondays[-1] - _monday(row["counted_to"])
    first = max(period.first_on - moved_on, _monday(row["first_heard_on"]))
    if first >= period.first_on:
        return None
    if first == period.first_on - timedelta(weeks=1):
        return f"The week of {day(first, period.night)} is no longer counted."
    return f"What was said before {day(period.first_on, period.night)} is no longer counted."


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def events(rows: Sequence[Row], items: Sequence[Row], alive: Sequence[Row]) -> Section:
    """What happened to the backlog since the night before: a line a kind of event, with its most urgent items.

    Args:
        rows: the answer ``events``.
        items: the table ``backlog``, as it may be shared.
        alive: what `items.backlog_items` gave: those that the page shows.
    """
    told = {item["item_id"]: {"item_id": item["item_id"], "words": item["title"], "is_here": False} for item in items}
    for item in alive:
        told[item["item_id"]] |= {"is_here": True}
    lines: list[Section] = []
    for event, (one, many) in _EVENTS.items():
        own = [told[row["item_id"]] for row in rows if row["event"] == event and row["item_id"] in told]
        if own:
            lines.append({"n": len(own), "words": one if len(own) == 1 else many, "named": own[:_MOST_NAMED],
                          "n_more": len(own[_MOST_NAMED:])})  # fmt: skip
    return {"lines": lines[:_MOST_EVENTS], "n_more": sum(line["n"] for line in lines[_MOST_EVENTS:])}


def _week(row: Row, night: date) -> Section:
    if row["change_low"] > 0:
        word = "More complaints"
    elif row["change_high"] < 0:
        word = "Fewer complaints"
    else:
        word = "As many complaints"
    return {"words": f"{word} in the week of {day(row['week'], night)}", "share": share(row["share"]),
            "before": share(row["share_before"])}  # fmt: skip


def alerts(
    rows: Sequence[Row], said: Sequence[Row], alive: Sequence[Row], book: QuoteBook, night: date, least_group: int
) -> Section:  # fmt: skip
    """The open early warnings by what goes wrong, dangers first; of few people neither numbers, places nor words.

    Args:
        rows: the answer ``alerts``.
        said: the answer ``alert_evidence``.
        alive: what `items.backlog_items` gave: a warning leads to its item where the page shows it.
        book: where their quotes are kept.
        night: day that the page is for.
        least_group: of fewer people nothing is told.
    """
    by_alert: dict[str, list[Row]] = {}
    for row in said:
        by_alert.setdefault(row["alert_id"], []).append(row)
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["kind"], row["name"]), []).append(row)
    sets = {
        row["alert_id"]: book.alert(row, by_alert.get(row["alert_id"], ()), title=row["name"])
        for row in rows
        if not is_of_few(row, least_group)
    }
    items = {item["item_id"]: item for item in alive}
    told = [_warning(same, items, sets, book, night, least_group) for same in groups.values()]
    n_new = sum(row["opened_on"] == night for row in rows)
    return {"rows": told[:_MOST_WARNINGS], "n_more": len(told[_MOST_WARNINGS:]), "n": len(rows), "n_new": n_new}


def _warning(
    same: Sequence[Row], items: Mapping[str, Row], sets: Mapping[str, str | None], book: QuoteBook, night: date,
    least_group: int,
) -> Section:  # fmt: skip
    """One thing that goes wrong, first where most people say so: everywhere for a rise, one group for a danger."""
    widest = max(same, key=lambda row: row["n_reports"])
    places = [
        _place(row, sets.get(row["alert_id"]), night, least_group)
        for row in sorted(same, key=lambda row: -row["n_reports"])
    ]
    return {
        "is_danger": widest["kind"] == "crisis",
        "name": widest["name"],
        "owner": widest["owner"],
        "item": items.get(widest["item_id"]),
        "where": [{**places[at], "n": n} for at, n in alike(places)],
        "quotes": book.some(sets.get(widest["alert_id"]), 2),
    }


def _place(alert: Row, key: str | None, night: date, least_group: int) -> Section:
    row = shared_alert(alert, least_group)
    is_elsewhere = row["kind"] == "crisis" and not is_of_few(alert, least_group)
    nowhere = "no product or place named" if is_elsewhere and not (row["product"] or row["location"]) else None
    beside = f"beside complaints about {row['moment_name'].lower()}" if row["moment_name"] else None
    is_counted_daily = row["kind"] == "rise" and row["n_reports"] is not None
    by = f"{count(row['n_reports'], 'report')} by " if is_counted_daily else ""
    expected = None if row["expected_reports"] is None else f"{row['expected_reports']:.1f}"
    return {
        "about": [part for part in (row["product"], row["location"], nowhere, beside) if part],
        "set": key,
        "who": f"{by}{people(row['n_customers'])}",
        "days": count(row["n_days"], "day"),
        "expected": expected,
        "since": "new tonight" if row["opened_on"] == night else f"since {day(row['opened_on'], night)}",
    }


def scorecard(rows: Sequence[Row], book: QuoteBook, least_group: int) -> list[Section]:
    """The four questions with their statements; numbers open what speaks for and against."""
    return [
        {"question": question, "statements": [_statement(row, book, least_group) for row in statements]}
        for question, statements in groupby(rows, key=lambda row: row["question"])
    ]


def _speaking(statement: str, side: str) -> list[tuple[str, str, str]]:
    """Families, labels and sides that speak for or against a statement."""
    told = taxonomy.scorecard().filter(pl.col("statement") == statement, pl.col("side").is_in([side, "feeling"]))
    feeling = "pos" if side == "for" else "neg"
    return [
        (family, label, feeling if family == "moment" else polarity or "")
        for family, label, polarity in told.select("family", "label", "polarity").iter_rows()
    ]


def _opened(row: Row, book: QuoteBook, side: str) -> str | None:
    n, sides = row[f"n_customers_{side}"], _speaking(row["statement"], side)
    key = f"statement:{row['statement']}:{side}"
    return book.of_people(key, sides, title=f"{row['words']} {side.capitalize()}", n=n) if n and sides else None


def _statement(row: Row, book: QuoteBook, least_group: int) -> Section:
    n = row["n_customers"]
    is_few = n is not None and 0 < n < least_group
    told: Mapping[str, Any] = {**row, "n_customers": n or 0}
    return {
        **(shielded(told, least_group) if is_few else told),
        "for": None if is_few else _opened(row, book, "for"),
        "against": None if is_few else _opened(row, book, "against"),
        "answer": "too few to tell" if is_few else row["answer"],
        "balance": None if is_few else row["balance"],
        "trend_word": None if is_few else row["trend_word"],
        "mark": None if is_few else figures.mark(row["balance"], row["balance_low"], row["balance_high"]),
    }
