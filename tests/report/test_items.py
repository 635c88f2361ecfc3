"""The backlog on the page: states, dates and clocks, of tables with and without them."""

from datetime import date
from typing import Any

import pytest

from cxnlp.backlog import BACKLOG
from cxnlp.insight import Period
from cxnlp.report import items
from cxnlp.report.quotes import QuoteBook
from tests.backlog.larkfield import NIGHT

PERIOD = Period(NIGHT, date(2026, 9, 7), date(2026, 11, 1))


def item(**columns: object) -> dict[str, Any]:
    """An item of fourteen people, with columns as the table has them."""
    usual = {"item_id": "cx-1", "kind": "moment", "label": "delivery", "polarity": "-", "state": "new",
             "n_customers": 14, "title": "Delivery disappoints: plastic, box", "n_mentions": 15,
             "trend_word": "steady", "days_to_item": 3,
             "first_feedback_on": date(2026, 9, 9), "opened_on": date(2026, 9, 12)}  # fmt: skip
    return dict.fromkeys(BACKLOG) | usual | columns


def shown(**columns: object) -> dict[str, Any]:
    rows: dict[str, Any] = {"item_weeks": [], "item_quotes": [], "item_evidence": [], "taxonomy": []}
    (one,) = items.backlog_items([item(**columns)], rows, QuoteBook([], NIGHT), PERIOD)
    return one


def test_an_item_of_today() -> None:
    one = shown()
    assert (one["phrase"], one["terms"]) == ("Delivery disappoints", "plastic, box")
    assert (one["says"], one["life"], one["steps"], one["crowns"]) == (None, "new", ["item after 3 days"], [])


@pytest.mark.parametrize(
    ("columns", "life", "first_step", "is_late"),
    [
        ({"state": "accepted", "due_on": date(2026, 10, 30)}, "accepted", "due 30\u00a0October", True),
        ({"state": "in_progress", "due_on": date(2026, 11, 9)}, "in progress", "due 9\u00a0November", False),
        ({"state": "shipped", "due_on": date(2026, 10, 1), "shipped_on": date(2026, 10, 5)}, "shipped",
         "shipped 5\u00a0October", False),
    ],
)  # fmt: skip
def test_states_and_dates(columns: dict[str, object], life: str, first_step: str, is_late: bool) -> None:
    one = shown(**columns)
    assert (one["life"], one["steps"][0], one["is_late"]) == (life, first_step, is_late)


def test_a_sentence_and_crowns_where_there_are_some() -> None:
    one = shown(sentence="Parcels come in far too much plastic.", service_effect_low=2.0, service_effect_high=5.0,
                n_customers_corrected_low=11.0, n_customers_corrected_high=19.0)  # fmt: skip
    assert one["says"] == "Parcels come in far too much plastic."
    assert one["crowns"] == ["Service effect: 2 to 5 points of net sentiment"]
    assert one["spread"] == "11 to 19"


def test_of_few_people_neither_sentence_nor_range_nor_quote() -> None:
    one = shown(n_customers="<5", sentence="Ada's van was late.", service_effect_low=1.0, service_effect_high=2.0,
                quote_1="It was late.")  # fmt: skip
    assert (one["says"], one["crowns"], one["spread"], one["quotes"]) == (None, [], None, [])


def test_who_left_the_list_is_only_counted() -> None:
    rows = [item(item_id=f"cx-{n}", state=state) for n, state in enumerate(["new", "declined", "quiet", "merged"])]
    answers: dict[str, Any] = {"item_weeks": [], "item_quotes": [], "item_evidence": [], "taxonomy": []}
    assert len(items.backlog_items(rows, answers, QuoteBook([], NIGHT), PERIOD)) == 1
    assert items.clocks(rows, NIGHT)["away"] == [("declined", 1), ("quiet", 1)]


def test_clocks_are_medians_of_the_items_that_took_a_step() -> None:
    opened = date(2026, 9, 12)
    rows = [
        item(accepted_on=date(2026, 9, 14), opened_on=opened, state="accepted", due_on=date(2026, 9, 20)),
        item(accepted_on=date(2026, 9, 18), opened_on=opened, state="shipped", shipped_on=date(2026, 10, 1)),
        item(days_to_item=5),
    ]
    found = items.clocks(rows, NIGHT)
    assert found["steps"] == [
        ("from first mention to item", "3", 3),
        ("from item to acceptance", "4", 2),
        ("from acceptance to shipped", "13", 1),
    ]
    assert found["states"] == [("new", 1), ("accepted", 1), ("shipped", 1)]
    assert found["n_late"] == 1
