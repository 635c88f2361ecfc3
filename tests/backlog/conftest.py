"""Warehouses for the backlog's tests."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp import backlog
from cxnlp.settings import Backlog
from tests.backlog import larkfield
from tests.backlog.larkfield import NIGHT, Mention

Warehouse = Callable[[Iterable[Mention]], duckdb.DuckDBPyConnection]


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """Makes warehouses of given mentions."""
    opened: list[duckdb.DuckDBPyConnection] = []

    def make(mentions: Iterable[Mention]) -> duckdb.DuckDBPyConnection:
        opened.append(larkfield.warehouse(tmp_path / f"{len(opened)}.duckdb", mentions))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def eight_weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The hand-written eight weeks. Read only: tests that write make their own."""
    path = tmp_path_factory.mktemp("eight_weeks") / "working.duckdb"
    with larkfield.warehouse(path, larkfield.eight_weeks()) as connection:
        yield connection


def build(connection: duckdb.DuckDBPyConnection, night: date = NIGHT, least_customers: int = 3) -> pl.DataFrame:
    """Tonight's items with the usual settings."""
    return gather(connection, night, least_customers).items


def gather(connection: duckdb.DuckDBPyConnection, night: date = NIGHT, least_customers: int = 3) -> backlog.Gathered:
    """Tonight's items and their mentions with the usual settings."""
    return backlog.gather(
        connection, night=night, run_id=f"{night}-1", settings=Backlog(least_customers=least_customers)
    )


def item(items: pl.DataFrame, kind: str, label: str) -> dict[str, object]:
    """The one item of that kind and label."""
    return items.row(by_predicate=(pl.col("kind") == kind) & (pl.col("label") == label), named=True)


def labels(items: pl.DataFrame) -> set[tuple[str, str]]:
    """Kind and label of every item."""
    return set(items.select("kind", "label").iter_rows())
