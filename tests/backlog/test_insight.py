"""Which weeks a night looks back on, and since when a number turned."""

from datetime import date, timedelta

import pytest

from cxnlp.insight import period_of, turning_week
from tests.backlog.conftest import Warehouse
from tests.backlog.larkfield import said

MONDAYS = [date(2026, 9, 7) + timedelta(weeks=week) for week in range(8)]


@pytest.mark.parametrize(
    ("night", "days_heard", "expected"),
    [
        pytest.param("2026-11-02", ["2026-11-01"], ("2026-09-07", "2026-11-01"), id="Monday morning: whole weeks"),
        pytest.param("2026-11-02", ["2026-11-02"], ("2026-09-14", "2026-11-02"), id="Monday with feedback of the day"),
        pytest.param("2026-11-04", ["2026-11-03"], ("2026-09-14", "2026-11-03"), id="a Wednesday: the week so far"),
        pytest.param("2026-11-02", [], ("2026-09-07", "2026-11-01"), id="nothing heard"),
        pytest.param("2026-11-02", ["2026-12-24"], ("2026-09-07", "2026-11-01"), id="a date in the future"),
    ],
)
def test_the_weeks_of_a_night(
    warehouse: Warehouse, night: str, days_heard: list[str], expected: tuple[str, str]
) -> None:
    connection = warehouse([said("Hello there.", day=day) for day in days_heard])
    period = period_of(connection, night=date.fromisoformat(night), weeks=8)
    assert (str(period.first_on), str(period.last_on)) == expected
    assert len(period.mondays) == 8
    assert all(monday.weekday() == 0 for monday in period.mondays)


@pytest.mark.parametrize(
    ("n", "rising", "week"),
    [
        pytest.param([1, 1, 1, 1, 6, 6, 6, 6], True, 4, id="a step up"),
        pytest.param([6, 6, 6, 6, 6, 1, 0, 1], False, 5, id="a step down"),
        pytest.param([1, 1, 1, 1, 6, 6, 6, 6], False, None, id="asked for a fall, there is a rise"),
        pytest.param([0, 7, 0, 0, 0, 0, 9, 9], True, 6, id="an outlier does not make the turn"),
        pytest.param([12, 7, 10, 12, 14, 17, 14, 11], True, None, id="a rise, and several weeks may be its turn"),
        pytest.param([1, 2, 1, 3, 4, 5, 6, 8], True, None, id="a rise week by week has no turn"),
        pytest.param([0, 9, 9, 9, 9, 9, 9, 9], True, None, id="one week is no history"),
        pytest.param([9, 9, 9, 1, 1, 1, 1, 9], True, None, id="the greater turn was a fall"),
        pytest.param([3, 3, 3, 3, 3, 3, 3, 3], True, None, id="flat"),
        pytest.param([0] * 8, True, None, id="silence"),
    ],
)
def test_the_week_of_the_turn(n: list[int], rising: bool, week: int | None) -> None:
    assert turning_week(MONDAYS, n, [20] * 8, rising=rising) == (None if week is None else MONDAYS[week])


def test_weeks_without_feedback_and_short_histories() -> None:
    assert turning_week(MONDAYS, [0, 0, 0, 0, 0, 0, 5, 5], [0, 0, 0, 0, 0, 0, 9, 9], rising=True) is None
    assert turning_week(MONDAYS[:1], [3], [9], rising=True) is None
    assert turning_week([], [], [], rising=False) is None
