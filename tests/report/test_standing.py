"""What is new, early warnings and the scorecard, as they are said."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cxnlp.insight import Period
from cxnlp.report import standing
from cxnlp.report.quotes import QuoteBook
from tests.backlog.larkfield import NIGHT

PERIOD = Period(NIGHT, date(2026, 9, 7), date(2026, 11, 1))


def change(**columns: object) -> dict[str, Any]:
    usual: dict[str, object] = {"n_nights": 4, "n_stored": 12, "week": date(2026, 10, 26),
                                "counted_to": date(2026, 10, 31), "first_heard_on": date(2026, 1, 7),
                                "n_customers": 40, "share": 0.4, "share_before": 0.2, "change_low": 0.1,
                                "change_high": 0.3}  # fmt: skip
    return usual | columns


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, "More complaints in the week of 26 October"),
        ({"change_low": -0.3, "change_high": -0.1}, "Fewer complaints in the week of 26 October"),
        ({"change_low": -0.1, "change_high": 0.1}, "As many complaints in the week of 26 October"),
    ],
)
def test_how_the_last_week_went(columns: dict[str, object], expected: str) -> None:
    week = standing.changes(change(**columns), 5, PERIOD)["week"]
    assert (week["words"], week["share"], week["before"]) == (
        expected.replace("26 ", "26\u00a0"), "40\u00a0%", "20\u00a0%",
    )  # fmt: skip


def test_a_week_of_few_people_is_not_told() -> None:
    assert standing.changes(change(n_customers=4), 5, PERIOD)["week"] is None


def test_a_week_of_long_ago_is_no_news() -> None:
    assert standing.changes(change(), 5, replace(PERIOD, night=date(2026, 11, 8)))["week"] is not None
    assert standing.changes(change(), 5, replace(PERIOD, night=date(2026, 11, 24)))["week"] is None


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"counted_to": date(2026, 10, 26)}, None),
        ({"counted_to": date(2026, 10, 25)}, "The week of 31 August is no longer counted."),
        ({"counted_to": date(2026, 10, 18)}, "What was said before 7 September is no longer counted."),
        ({"counted_to": date(2026, 10, 18), "first_heard_on": date(2026, 9, 6)},
         "The week of 31 August is no longer counted."),
        ({"counted_to": date(2026, 10, 25), "first_heard_on": date(2026, 9, 7)}, None),
        ({"counted_to": None, "first_heard_on": None}, None),
    ],
    ids=["the same weeks", "a Monday", "after two weeks without a night", "heard in one of them", "heard since",
         "the first night"],
)  # fmt: skip
def test_a_week_that_is_no_longer_counted_is_named(columns: dict[str, object], expected: str | None) -> None:
    left = standing.changes(change(**columns), 5, PERIOD)["left"]
    assert (left and left.replace("\u00a0", " ")) == expected


def test_what_happened_is_told_by_kind_the_news_first() -> None:
    items = [{"item_id": f"cx-{n}", "title": f"Title {n}"} for n in range(4)]
    alive = [{"item_id": "cx-1"}]
    rows = [{"event": event, "item_id": f"cx-{n}"} for event, n in
            [("accepted", 0), ("opened", 1), ("opened", 2), ("opened", 3), ("verified", 0), ("noted", 1)]]  # fmt: skip
    told = standing.events(rows, items, alive)
    assert [(line["n"], line["words"], line["n_more"]) for line in told["lines"]] == [
        (1, "fix is shown to work", 0), (3, "new items", 1), (1, "item accepted", 0),
    ]  # fmt: skip
    assert told["lines"][1]["named"] == [
        {"item_id": "cx-1", "words": "Title 1", "is_here": True},
        {"item_id": "cx-2", "words": "Title 2", "is_here": False},
    ]


def test_more_kinds_of_events_than_there_is_room_for_are_counted() -> None:
    rows = [
        {"event": event, "item_id": "cx-1"} for event in ("verified", "opened", "grew", "shrank", "split", "closed")
    ]
    told = standing.events(rows, [{"item_id": "cx-1", "title": "Late"}], [])
    assert (len(told["lines"]), told["n_more"]) == (5, 1)


def alert(**columns: object) -> dict[str, Any]:
    usual: dict[str, object] = {
        "alert_id": "al-1", "kind": "crisis", "family": "signal", "label": "crisis", "polarity": None, "moment": None,
        "name": "Harm is at hand", "owner": "Legal and safety", "moment_name": None, "product": None,
        "location": None, "opened_on": NIGHT, "last_on": NIGHT, "n_days": 7, "n_reports": 13, "n_customers": 13,
        "expected_reports": None, "item_id": "cx-1",
    }  # fmt: skip
    return usual | columns


def warned(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The section of these warnings; five people speak for each of them."""
    said = [
        {"alert_id": row["alert_id"], "until_on": NIGHT, "mention_id": f"{row['alert_id']}.{n}", "person_key": f"p{n}",
         "quote": f"The lamp melted, said {n}.", "sentiment": -2, "occurred_on": NIGHT, "channel": "letter",
         "location": None, "product": None}
        for row in rows for n in range(5)
    ]  # fmt: skip
    return standing.alerts(rows, said, [{"item_id": "cx-1"}], QuoteBook([], NIGHT, 5), NIGHT, 5)


def test_warnings_of_one_kind_stand_together_and_of_few_nobody_is_quoted() -> None:
    few = alert(
        alert_id="al-2", product="Lamp", location="Saltwell", n_reports=9, n_customers=2, opened_on=date(2026, 10, 30)
    )
    rise = alert(
        alert_id="al-3", kind="rise", name="Staff let customers down", n_reports=9, n_customers=8,
        expected_reports=3.21, item_id="cx-2",
    )  # fmt: skip
    told = warned([few, alert(), rise])
    danger, rise = told["rows"]
    assert [(place["about"], place["who"], place["since"]) for place in danger["where"]] == [
        (["no product or place named"], "13 people", "new tonight"),
        ([], "<5 people", "since 30\u00a0October"),
    ]
    assert [quote["text"] for quote in danger["quotes"]] == ["The lamp melted, said 0.", "The lamp melted, said 1."]
    assert [place["set"] for place in danger["where"]] == ["alert:al-1", None]
    assert (rise["where"][0]["who"], rise["where"][0]["expected"]) == ("9 reports by 8 people", "3.2")
    assert (danger["item"], rise["item"]) == ({"item_id": "cx-1"}, None)
    assert (told["n"], told["n_new"]) == (3, 2)


def test_only_few_people_in_danger() -> None:
    (row,) = warned([alert(n_customers=1)])["rows"]
    assert (row["where"][0]["who"], row["quotes"]) == ("<5 people", [])


def test_warnings_of_few_people_read_alike_and_are_counted() -> None:
    few = [alert(location=place, n_customers=n) for place, n in (("Saltwell", 1), ("Ash Green", 3))]
    (row,) = warned(few)["rows"]
    assert [(place["about"], place["who"], place["n"]) for place in row["where"]] == [([], "<5 people", 2)]


def test_a_statement_of_few_people_has_no_answer() -> None:
    row = {"question": "Do we deliver?", "statement": "promises_are_kept", "words": "We keep promises.", "answer": "no",
           "cannot_tell": None, "n_customers": 3, "n_customers_for": 0, "n_customers_against": 3, "balance": -1.0,
           "balance_low": -1.0, "balance_high": -0.2, "trend_word": "worse"}  # fmt: skip
    (question,) = standing.scorecard([row], QuoteBook([], NIGHT), 5)
    (told,) = question["statements"]
    assert (told["answer"], told["n_customers_against"], told["balance"], told["mark"]) == (
        "too few to tell", "<5", None, None,
    )  # fmt: skip
