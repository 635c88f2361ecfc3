"""What is new, early warnings and the scorecard, as they are said."""

from datetime import date
from typing import Any

import pytest

from cxnlp.report import standing
from cxnlp.report.quotes import QuoteBook
from tests.backlog.larkfield import NIGHT


def change(**columns: object) -> dict[str, Any]:
    usual: dict[str, object] = {"n_nights": 4, "n_stored": 12, "n_alerts": 0, "n_items": 0, "week": date(2026, 10, 26),
                                "n_customers": 40, "share": 0.4, "share_before": 0.2, "change_low": 0.1,
                                "change_high": 0.3}  # fmt: skip
    return usual | columns


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, "More complaints in the week of 26 October: 40 % of mentions negative, 20 % the week before."),
        ({"change_low": -0.3, "change_high": -0.1}, "Fewer complaints in the week of 26 October"),
        ({"change_low": -0.1, "change_high": 0.1}, "As many complaints in the week of 26 October"),
        ({"n_items": 2}, "2 items came to the backlog."),
        ({"n_nights": 1, "n_items": 31}, "This was the first night: nothing to compare it with."),
    ],
)
def test_what_is_new(columns: dict[str, object], expected: str) -> None:
    words = " ".join(standing.changes(change(**columns), 5, NIGHT)).replace("\u00a0", " ")
    assert expected in words
    assert "12 new pieces of feedback read." in words


def test_a_week_of_few_people_is_not_told() -> None:
    assert standing.changes(change(n_customers=4), 5, NIGHT) == ["12 new pieces of feedback read."]


def alert(**columns: object) -> dict[str, Any]:
    usual: dict[str, object] = {
        "kind": "crisis", "name": "Harm is at hand", "owner": "Legal and safety", "moment_name": None, "product": None,
        "location": None, "opened_on": NIGHT, "last_on": NIGHT, "n_days": 7, "n_reports": 13,
        "n_customers": 13, "expected_reports": None,
        "quote_1": "The lamp melted.", "quote_2": None,
    }  # fmt: skip
    return usual | columns


def test_warnings_of_one_kind_stand_together_and_of_few_nobody_is_quoted() -> None:
    few = alert(
        product="Lamp",
        location="Saltwell",
        n_reports=9,
        n_customers=2,
        quote_1="I was burnt.",
        opened_on=date(2026, 10, 30),
    )
    rise = alert(kind="rise", name="Staff let customers down", n_reports=9, n_customers=8, expected_reports=3.21)
    told = standing.alerts([few, alert(), rise], NIGHT, 5)
    danger, rise = told["rows"]
    assert [(place["about"], place["who"], place["since"]) for place in danger["where"]] == [
        ([], "13 people", "new tonight"),
        ([], "<5 people", "since 30\u00a0October"),
    ]
    assert danger["quotes"] == ["The lamp melted."]
    assert (rise["where"][0]["who"], rise["where"][0]["expected"]) == ("9 reports by 8 people", "3.2")
    assert (told["n"], told["n_new"]) == (3, 2)


def test_only_few_people_in_danger() -> None:
    (row,) = standing.alerts([alert(n_customers=1)], NIGHT, 5)["rows"]
    assert (row["where"][0]["who"], row["quotes"]) == ("<5 people", [])


def test_warnings_of_few_people_read_alike_and_are_counted() -> None:
    few = [alert(location=place, n_customers=n) for place, n in (("Saltwell", 1), ("Ash Green", 3))]
    (row,) = standing.alerts(few, NIGHT, 5)["rows"]
    assert [(place["about"], place["who"]) for place in row["where"]] == [(["two such warnings"], "<5 people")]


def test_a_statement_of_few_people_has_no_answer() -> None:
    row = {"question": "Do we deliver?", "statement": "promises_are_kept", "words": "We keep promises.", "answer": "no",
           "cannot_tell": None, "n_customers": 3, "n_customers_for": 0, "n_customers_against": 3, "balance": -1.0,
           "balance_low": -1.0, "balance_high": -0.2, "trend_word": "worse"}  # fmt: skip
    (question,) = standing.scorecard([row], QuoteBook([], NIGHT), 5)
    (told,) = question["statements"]
    assert (told["answer"], told["n_customers_against"], told["balance"], told["mark"]) == (
        "too few to tell", "<5", None, None,
    )  # fmt: skip
