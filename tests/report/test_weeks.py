"""The weeks of a moment, and what of them is kept back."""

from datetime import date, timedelta
from typing import Any

import pytest

from cxnlp.insight.period import Period
from cxnlp.report import sections
from cxnlp.report.quotes import QuoteBook
from tests.backlog.larkfield import NIGHT

FIRST = date(2026, 9, 7)
PERIOD = Period(NIGHT, FIRST, FIRST + timedelta(weeks=5, days=-1))


def chart(*complaints: int, least_group: int = 5) -> dict[str, Any]:
    """Five weeks of 40 pieces of feedback each, of which so many complain, each by a person of their own."""
    moment = {"label": "delivery", "name": "Delivery", "n_negative": sum(complaints)}
    weeks = [
        {"label": "delivery", "week": FIRST + timedelta(weeks=at), "n_feedback": 40, "n_negative": n,
         "n_feedback_negative": n, "n_customers": n, "share": n / 40, "low": 0.0, "high": 1.0}
        for at, n in enumerate(complaints)
    ]  # fmt: skip
    (drawn,) = sections.trends(weeks, [moment], QuoteBook((), NIGHT), PERIOD, least_group)["charts"]
    return drawn


@pytest.mark.parametrize(
    ("complaints", "told"),
    [
        ((9, 8, 7, 6, 12), [9, 8, 7, 6, 12]),
        ((9, 2, 7, 6, 12), [9, "kept back", 7, "kept back", 12]),  # 36 - (9 + 7 + 6 + 12) would tell of two people
        ((9, 2, 7, 4, 12), [9, "<5", 7, "<5", 12]),
        ((9, 1, 7, 1, 12), [9, "kept back", "kept back", "kept back", 12]),  # two that are two together are one each
        ((0, 3, 0, 0, 0), [0, "<5", 0, 0, 0]),  # of it the total tells already
    ],
)
def test_a_week_of_few_people_cannot_be_worked_out(complaints: tuple[int, ...], told: list[int | str]) -> None:
    assert [point["n"] for point in chart(*complaints)["points"]] == told


def test_weeks_that_are_kept_back_look_alike() -> None:
    points = chart(9, 2, 7, 6, 12)["points"]
    few, beside = points[1], points[3]
    assert few | {"week": None, "label": None} == beside | {"week": None, "label": None}
    assert few["share"] == 4 / 40  # the average of both


def test_the_highest_week_is_one_that_is_told() -> None:
    assert chart(9, 2, 7, 6, 12)["highest"]["n"] == 12
    drawn = chart(0, 0, 0, 30, 1)
    assert drawn["last"]["is_kept_back"]
    assert drawn["highest"] is None
    assert chart(0, 0, 0, 30, 1, least_group=1)["highest"]["n"] == 30
