"""What is kept of older days is what counting everything anew would give."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from cxnlp.insight import daily, everywhere
from cxnlp.warehouse import store
from tests.backlog.larkfield import add, said, warehouse

NIGHT = date(2026, 11, 2)
OLD = date(2026, 3, 2)


def letter(day: date, person: str, *, is_late: bool = True) -> dict[str, str]:
    labels = {"moments": "delivery", "signals": "churn", "sentiment": "-1"} if is_late else {}
    return said("It is as it is.", day=day.isoformat(), person=person, product="bench", **labels)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path_factory.mktemp("daily") / "working.duckdb", []) as opened:
        yield opened


@pytest.fixture
def connection(one: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Three letters of a day in March and two of last week, after a night."""
    add(one, [letter(OLD, "Ada"), letter(OLD, "Ben"), letter(OLD, "Cem", is_late=False)])
    add(one, [letter(NIGHT - timedelta(days=3), "Dan"), letter(NIGHT - timedelta(days=3), "Eve", is_late=False)])
    keep(one)
    yield one
    erased(one, 99)
    one.execute("DELETE FROM daily_reports")


def keep(connection: duckdb.DuckDBPyConnection, night: date = NIGHT) -> pl.DataFrame:
    counts = daily(connection, night=night)
    store.write(connection, "daily_reports", everywhere(counts))
    return counts


def people(counts: pl.DataFrame, day: date) -> dict[str, int]:
    """The counts of one day, everywhere: subject → people."""
    rows = everywhere(counts).filter(pl.col("occurred_on") == day).to_dicts()
    return {"/".join(filter(None, (row["family"], row["label"], row["moment"]))): row["n_customers"] for row in rows}


def test_people_are_counted_once_a_day(connection: duckdb.DuckDBPyConnection) -> None:
    assert people(daily(connection, night=NIGHT), OLD) == {
        "": 3, "moment/delivery": 2, "signal/churn": 2, "signal/churn/delivery": 2,
    }  # fmt: skip


def test_places_are_counted_of_recent_days_only(connection: duckdb.DuckDBPyConnection) -> None:
    at = daily(connection, night=NIGHT).filter(pl.col("product") == "bench")
    assert set(at["occurred_on"]) == {NIGHT - timedelta(days=3)}


def test_older_days_are_kept_and_not_counted_again(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("UPDATE daily_reports SET n_customers = 77 WHERE n_customers > 1")
    assert people(daily(connection, night=NIGHT), OLD)["moment/delivery"] == 77


def erased(connection: duckdb.DuckDBPyConnection, n: int) -> None:
    ids = connection.execute("SELECT feedback_id FROM feedback ORDER BY occurred_at LIMIT $1", [n]).pl()
    store.erase(connection, ids["feedback_id"])


def corrected(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("UPDATE feedback SET content_hash = 'other' WHERE utc_day(occurred_at) = $1", [OLD])
    connection.execute("DELETE FROM tags WHERE label = 'delivery'")


def tagged_by_another(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("UPDATE tags SET model_version = 'test-2'")
    connection.execute("DELETE FROM tags WHERE label = 'delivery'")


@pytest.mark.parametrize(
    "change",
    [
        lambda connection: add(connection, [letter(OLD, "Late Lou")]),
        lambda connection: add(connection, [letter(OLD - timedelta(days=9), "Later Lea")]),
        lambda connection: erased(connection, 1),
        lambda connection: erased(connection, 5),
        corrected,
        tagged_by_another,
    ],
    ids=["came late", "came late, a new day", "erased", "all erased", "corrected", "another model"],
)  # fmt: skip
def test_a_change_is_seen(
    connection: duckdb.DuckDBPyConnection, change: Callable[[duckdb.DuckDBPyConnection], None]
) -> None:
    change(connection)
    kept = keep(connection)
    connection.execute("DELETE FROM daily_reports")
    assert kept.equals(daily(connection, night=NIGHT))


def test_an_earlier_night_sees_no_later_day(connection: duckdb.DuckDBPyConnection) -> None:
    assert set(daily(connection, night=date(2026, 3, 9))["occurred_on"]) == {OLD}


def test_what_is_too_old_goes(connection: duckdb.DuckDBPyConnection) -> None:
    assert set(keep(connection, date(2029, 1, 1))["occurred_on"]) == {NIGHT - timedelta(days=3)}
