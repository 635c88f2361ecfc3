"""What somebody should look at first: what is new, the early warnings, and the scorecard."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

import polars as pl

from cxnlp import taxonomy
from cxnlp.insight.alerts_shared import shared_alert
from cxnlp.report import figures
from cxnlp.report.answers import Row
from cxnlp.report.quotes import QuoteBook
from cxnlp.report.sections import Section
from cxnlp.report.words import count, day, people, share, shielded, small

_MOST_WARNINGS: Final = 12


def changes(row: Row, least_group: int, night: date) -> list[str]:
    """What is new since the night before, and how the last full week went, as short sentences."""
    lines = []
    if row["n_stored"]:
        lines.append(f"{count(row['n_stored'], 'new piece')} of feedback read.")
    is_first = row["n_nights"] <= 1
    if row["n_items"] and not is_first:
        lines.append(f"{count(row['n_items'], 'item')} came to the backlog.")
    if is_first:
        lines.append("This was the first night: nothing to compare it with.")
    if row["week"] is not None and row["n_customers"] >= least_group:
        lines.append(_week(row, night))
    return lines


def _week(row: Row, night: date) -> str:
    if row["change_low"] > 0:
        word = "More complaints"
    elif row["change_high"] < 0:
        word = "Fewer complaints"
    else:
        word = "As many complaints"
    shares = f"{share(row['share'])} of mentions negative, {share(row['share_before'])} the week before"
    return f"{word} in the week of {day(row['week'], night)}: {shares}."


def alerts(rows: Sequence[Row], night: date, least_group: int) -> Section:
    """The open early warnings by what goes wrong, dangers first; of few people neither numbers, places nor words."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["kind"], row["name"]), []).append(row)
    told = [_warning(same, night, least_group) for same in groups.values()]
    n_new = sum(row["opened_on"] == night for row in rows)
    return {"rows": told[:_MOST_WARNINGS], "n_more": len(told[_MOST_WARNINGS:]), "n": len(rows), "n_new": n_new}


def _warning(same: Sequence[Row], night: date, least_group: int) -> Section:
    """One thing that goes wrong: where it was said wherever, first, then product by product and place by place."""
    widest = max(same, key=lambda row: row["n_reports"])
    quotes = [shared_alert(widest, least_group)[name] for name in ("quote_1", "quote_2")]
    places = [_place(row, night, least_group) for row in sorted(same, key=lambda row: -row["n_reports"])]
    return {
        "is_danger": widest["kind"] == "crisis",
        "name": widest["name"],
        "owner": widest["owner"],
        "where": _alike_as_one(places),
        "quotes": [text for text in quotes if text],
    }


def _alike_as_one(places: Sequence[Section]) -> list[Section]:
    """What reads alike, as warnings of few people do without their places, as one that says how many there are."""
    told: list[Section] = []
    for place in places:
        if place not in told:
            told.append(place)
    numbers = [places.count(place) for place in told]
    return [
        place if n == 1 else {**place, "about": [f"{small(n)} such warnings", *place["about"]]}
        for place, n in zip(told, numbers, strict=True)
    ]


def _place(alert: Row, night: date, least_group: int) -> Section:
    row = shared_alert(alert, least_group)
    beside = f"beside complaints about {row['moment_name'].lower()}" if row["moment_name"] else None
    is_counted_daily = row["kind"] == "rise" and row["n_reports"] is not None
    by = f"{count(row['n_reports'], 'report')} by " if is_counted_daily else ""
    expected = None if row["expected_reports"] is None else f"{row['expected_reports']:.1f}"
    return {
        "about": [part for part in (row["product"], row["location"], beside) if part],
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
