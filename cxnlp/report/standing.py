"""What somebody should look at first: what is new, the early warnings, and the scorecard."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from cxnlp.report import figures
from cxnlp.report.answers import Row
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
    if row["n_alerts"]:
        lines.append(f"{small(row['n_alerts']).capitalize()} early warning{'s' if row['n_alerts'] > 1 else ''} opened.")
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
    """The open early warnings, dangers first; of few people neither numbers nor words."""
    told = [_alert(row, night, least_group) for row in rows]
    return {"rows": told[:_MOST_WARNINGS], "n_more": len(told[_MOST_WARNINGS:]), "n": len(told)}


def _alert(row: Row, night: date, least_group: int) -> Section:
    is_few = row["n_reports"] < least_group
    who = people(f"<{least_group}" if is_few else row["n_reports"])
    about = [row["moment_name"] and f"beside complaints about {row['moment_name'].lower()}", row["product"], row["location"]]
    expected = None if is_few or row["expected_reports"] is None else f"{row['expected_reports']:.1f}"
    quotes = [] if is_few else [text for text in (row["quote_1"], row["quote_2"]) if text]
    return {
        "is_danger": row["kind"] == "crisis",
        "name": row["name"],
        "about": [part for part in about if part],
        "who": who,
        "days": count(row["n_days"], "day"),
        "expected": expected,
        "owner": row["owner"],
        "since": "new tonight" if row["opened_on"] == night else f"since {day(row['opened_on'], night)}",
        "quotes": quotes,
    }


def scorecard(rows: Sequence[Row], least_group: int) -> list[Section]:
    """The four questions with their statements."""
    return [
        {"question": question, "statements": [_statement(row, least_group) for row in statements]}
        for question, statements in groupby(rows, key=lambda row: row["question"])
    ]


def _statement(row: Row, least_group: int) -> Section:
    n = row["n_customers"]
    is_few = n is not None and 0 < n < least_group
    told: Mapping[str, Any] = {**row, "n_customers": n or 0}
    return {
        **(shielded(told, least_group) if is_few else told),
        "answer": "too few to tell" if is_few else row["answer"],
        "balance": None if is_few else row["balance"],
        "trend_word": None if is_few else row["trend_word"],
        "mark": None if is_few else figures.mark(row["balance"], row["balance_low"], row["balance_high"]),
    }
