"""Warehouses for the backlog's tests."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp import backlog
from cxnlp.settings import Backlog
from cxnlp.warehouse import store
from tests.backlog import larkfield
from tests.backlog.larkfield import NIGHT, Mention, said
from tests.once import once

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


@pytest.fixture(scope="session")
def four_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the night of 2 November found one item: deliveries disappoint four people. Copy it."""

    def make(folder: Path) -> None:
        with larkfield.warehouse(folder / "working.duckdb", voices(4, moments="delivery")) as connection:
            write(connection)

    return once(tmp_path_factory, "four_people", make) / "working.duckdb"


@pytest.fixture
def connection(four_people: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of it."""
    with store.open_working(Path(shutil.copy(four_people, tmp_path / "one_item.duckdb"))) as connection:
        yield connection


def voices(n: int, **said_by: str) -> list[Mention]:
    """The same complaint by ``n`` different people."""
    return [said(f"The parcel number {word} never came to us.", person=f"Person {word}", sentiment="-1", **said_by)
            for word in ["one", "two", "three", "four", "five", "six", "seven", "eight"][:n]]  # fmt: skip


def write(connection: duckdb.DuckDBPyConnection, night: date = NIGHT) -> None:
    """What a night does with the backlog."""
    found = gather(connection, night)
    backlog.write(connection, found, night=night, run_id=f"{night}-1", settings=Backlog())


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
