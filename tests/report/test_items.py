"""The backlog on the page: states, dates and clocks, of tables with and without them."""

from datetime import date
from typing import Any

import pytest

from cxnlp.backlog import BACKLOG
from cxnlp.insight import Period
from cxnlp.report import items
from cxnlp.report.quotes import QuoteBook
from tests.backlog.larkfield import NIGHT

NOTHING: dict[str, Any] = dict.fromkeys(
    ("item_weeks", "item_quotes", "item_evidence", "item_effects", "item_clock", "taxonomy"), ()
)
PERIOD = Period(NIGHT, date(2026, 9, 7), date(2026, 11, 1))


def item(**columns: object) -> dict[str, Any]:
    """An item of fourteen people, with columns as the table has them."""
    usual = {"item_id": "cx-1", "kind": "moment", "label": "delivery", "polarity": "-", "state": "new",
             "n_customers": 14, "title": "Delivery disappoints: plastic, box", "n_mentions": 15,
             "trend_word": "steady", "days_to_item": 3,
             "first_feedback_on": date(2026, 9, 9), "opened_on": date(2026, 9, 12)}  # fmt: skip
    return dict.fromkeys(BACKLOG) | usual | columns


def shown(**columns: object) -> dict[str, Any]:
    (one,) = items.backlog_items([item(**columns)], NOTHING, QuoteBook([], NIGHT), PERIOD)
    return one


def test_how_an_item_feels() -> None:
    felt = {"net_sentiment": -0.44, "net_sentiment_low": -0.52, "net_sentiment_high": -0.35}
    assert shown(**felt)["feeling"] == "\N{MINUS SIGN}44 (\N{MINUS SIGN}52 to \N{MINUS SIGN}35)"
    assert shown(**felt, n_customers="<5")["feeling"] is None
    assert shown()["feeling"] is None


def test_an_item_of_today() -> None:
    one = shown()
    assert (one["phrase"], one["terms"], one["sentence"]) == ("Delivery disappoints", "plastic, box", None)
    assert (one["life"], one["steps"], one["crowns"]) == (
        "new",
        ["item since 12\u00a0September", "first heard 9\u00a0September"],
        [],
    )


@pytest.mark.parametrize(
    ("columns", "life", "first_step"),
    [
        ({"state": "accepted", "due_on": date(2026, 10, 30)}, "accepted", "due 30\u00a0October"),
        ({"state": "in_progress", "due_on": date(2026, 11, 9)}, "in progress", "due 9\u00a0November"),
        ({"state": "shipped", "due_on": date(2026, 10, 1), "shipped_on": date(2026, 10, 5)}, "shipped",
         "shipped 5\u00a0October"),
    ],
)  # fmt: skip
def test_states_and_dates(columns: dict[str, object], life: str, first_step: str) -> None:
    one = shown(**columns)
    assert (one["life"], one["steps"][0]) == (life, first_step)


def counted(*states: str) -> list[dict[str, Any]]:
    """One item in each of these states."""
    return [{"state": state, "n_items": 1} for state in states]


def timed(**columns: object) -> dict[str, Any]:
    """A row of the clock: an item after one night, and nothing more."""
    usual = {"item_id": "cx-1", "nights_to_item": 1, "item_within_nights": 1, "days_to_accepted": None,
             "days_to_shipped": None, "days_to_verified": None, "is_overdue": False, "accepted_within_days": 5,
             "shipped_within_days": None}  # fmt: skip
    return usual | columns


@pytest.mark.parametrize("is_late", [True, False])
def test_an_item_is_late_when_the_clock_says_so(is_late: bool) -> None:
    rows = NOTHING | {"item_clock": [timed(is_overdue=is_late)]}
    (one,) = items.backlog_items([item()], rows, QuoteBook([], NIGHT), PERIOD)
    assert one["is_late"] is is_late


def test_a_sentence_and_crowns_where_there_are_some() -> None:
    one = shown(sentence="Parcels come in far too much plastic.", service_effect_low=2.0, service_effect_high=5.0,
                n_customers_corrected_low=11.0, n_customers_corrected_high=19.0)  # fmt: skip
    assert (one["phrase"], one["sentence"]) == ("Delivery disappoints", "Parcels come in far too much plastic.")
    assert one["crowns"] == ["Service effect: 2.0 to 5.0 points of net sentiment"]
    assert one["spread"] == "11 to 19"


@pytest.mark.parametrize(
    ("n_customers", "verdict", "expected"),
    [
        (14, "too_early", "too early: 9 days tell little (its rate is 0.50 times what it would be; 0.20 to 1.10)"),
        ("<5", "too_early", "too early: 9 days tell little"),
        (14, "unclear", "unclear: 9 days tell little"),
    ],
)
def test_an_item_says_whether_its_fix_helped(n_customers: object, verdict: str, expected: str) -> None:
    measured = {"item_id": "cx-1", "verdict": verdict, "note": "9 days tell little", "effect": 0.5, "effect_low": 0.2,
                "effect_high": 1.1}  # fmt: skip
    rows = {**NOTHING, "item_effects": [measured]}
    (one,) = items.backlog_items([item(n_customers=n_customers)], rows, QuoteBook([], NIGHT), PERIOD)
    assert one["effect"] == expected


def test_an_item_says_where_its_fix_is() -> None:
    there = item(state="shipped", shipped_on=NIGHT, shipped_where="location=Hull")
    (one,) = items.backlog_items([there], NOTHING, QuoteBook([], NIGHT), PERIOD)
    assert any(step.startswith("shipped ") and step.endswith(" (location=Hull)") for step in one["steps"])


def test_amounts_name_their_currency() -> None:
    worth = item(revenue_at_risk_low=104.0, revenue_at_risk_high=2432.0, service_effect_low=0.0,
                 service_effect_high=0.4)  # fmt: skip
    (one,) = items.backlog_items([worth], NOTHING, QuoteBook([], NIGHT), PERIOD, "GBP")
    assert one["crowns"] == ["Revenue at risk: 100 to 2,400 GBP a year"]


def test_of_few_people_neither_sentence_nor_range_nor_quote() -> None:
    one = shown(n_customers="<5", sentence="Ada's van was late.", service_effect_low=1.0, service_effect_high=2.0,
                quote_1="It was late.")  # fmt: skip
    assert one["sentence"] is None
    assert (one["crowns"], one["spread"], one["quotes"]) == ([], None, [])


def test_who_left_the_list_is_only_counted() -> None:
    rows = [item(item_id=f"cx-{n}", state=state) for n, state in enumerate(["new", "declined", "quiet", "merged"])]
    assert len(items.backlog_items(rows, NOTHING, QuoteBook([], NIGHT), PERIOD)) == 1
    assert items.clocks(counted("new", "declined", "quiet", "merged"), [])["away"] == [("declined", 1), ("quiet", 1)]


def test_clocks_are_medians_of_the_items_that_took_a_step() -> None:
    clock = [
        timed(days_to_accepted=2, is_overdue=True),
        timed(days_to_accepted=6, days_to_shipped=13),
        timed(nights_to_item=2),
    ]
    found = items.clocks(counted("accepted", "shipped", "new"), clock)
    assert found["steps"] == [
        ("from enough said to item", "1", 3, 1),
        ("from item to acceptance", "4", 2, 5),
        ("from acceptance to shipped", "13", 1, None),
    ]
    assert found["states"] == [("new", 1), ("accepted", 1), ("shipped", 1)]
    assert found["n_late"] == 1
