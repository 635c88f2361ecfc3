"""The weeks that a night looks back on: the backlog and the page count the same ones."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

_SQL = Path(__file__).with_name("period.sql").read_text("utf-8")


@dataclass(frozen=True)
class Period:
    """Calendar weeks from Monday ``first_on`` to ``last_on``, both included; the last week may still be running."""

    night: date
    first_on: date
    last_on: date

    @property
    def mondays(self) -> list[date]:
        """The first day of each week, oldest first."""
        n_weeks = (self.last_on - self.first_on).days // 7 + 1
        return [self.first_on + timedelta(weeks=week) for week in range(n_weeks)]

    @property
    def is_running(self) -> bool:
        """Whether the last week is not over yet."""
        return self.last_on < self.mondays[-1] + timedelta(days=6)


def period_of(connection: duckdb.DuckDBPyConnection, *, night: date, weeks: int) -> Period:
    """Return the last ``weeks`` calendar weeks before ``night``.

    The night's own day is counted only when the view ``evidence`` holds something of that day.
    """
    row = connection.execute(_SQL, {"night": night, "weeks": weeks}).fetchone()
    assert row is not None  # an aggregate without GROUP BY gives one row
    return Period(night, row[0], row[1])
