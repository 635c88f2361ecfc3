"""Questions to the published warehouse: rows out, nothing else."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp.warehouse import schema, store
from tests.warehouse.night import partition, piece, run, said


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pointer to a published warehouse of one letter, in a folder with a quote in its name."""
    folder = tmp_path_factory.mktemp("the analyst's folder")
    with store.open_working(folder / "working.duckdb") as connection:
        letter = piece("f1", said("Late again.", -1, "moment:delivery"))
        store.load(connection, [partition(folder / "a", letter)], run())
        store.publish(connection, folder / "warehouse")
    return folder / "warehouse" / "cx.duckdb"


def test_a_query_gives_a_frame(published: Path) -> None:
    found = store.query(published, "SELECT moment, n_mentions FROM moments_all")
    assert found.equals(pl.DataFrame({"moment": ["delivery"], "n_mentions": [1]}))
    assert set(store.query(published, "SHOW TABLES")["name"]) == {*schema.VIEWS, *schema.published_tables()}
    assert store.query(published, "SELECT wilson_low(0, 5) AS low").item() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_csv('/etc/passwd')",
        "FROM read_text('/etc/passwd')",
        "FROM glob('/etc/*')",
        "FROM '/tmp/some.parquet'",
        "FROM 'https://example.org/some.parquet'",
        "COPY feedback TO '/tmp/copy.csv'",
        "EXPORT DATABASE '/tmp/copy'",
        "ATTACH '/tmp/other.duckdb' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "DELETE FROM feedback",
        "CREATE TABLE mine AS FROM feedback",
        "SET enable_external_access = true",
        "SET memory_limit = '1TB'",
        "SELECT getenv('HOME')",
        "FROM path",  # a Python variable
        "SELECT 1; DELETE FROM feedback",
        "SELEC 1",
    ],
)
def test_a_query_reaches_nothing_but_the_warehouse(published: Path, statement: str) -> None:
    before = published.resolve().read_bytes()
    with pytest.raises(store.WarehouseError, match="the query was refused"):
        store.query(published, statement)
    assert published.resolve().read_bytes() == before


def test_a_query_has_a_limit_of_memory(published: Path) -> None:
    with pytest.raises(store.WarehouseError, match="the query was refused: Out of Memory"):
        store.query(published, "SELECT list(range) FROM range(100_000_000)", memory="50MB")


def test_two_connections_of_one_process_do_not_disturb_each_other(published: Path) -> None:
    with store.open_published(published) as first, duckdb.connect(str(published), read_only=True) as second:
        assert store.query(published, "SELECT count(*) FROM feedback").item() == 1
        for connection in (first, second):
            assert connection.execute("SELECT count(*) FROM feedback").fetchall() == [(1,)]


def test_other_programs_can_attach_it(published: Path) -> None:
    with duckdb.connect() as connection:
        name = str(published).replace("'", "''")
        connection.execute(f"ATTACH '{name}' AS mine (READ_ONLY)")
        assert connection.execute("SELECT moment FROM mine.moments_all").fetchall() == [("delivery",)]
        assert connection.execute("SELECT n_mentions FROM mine.abacus WHERE stage = 'acquisition'").fetchall() == [(1,)]


def test_there_is_no_database_before_the_first_night(tmp_path: Path) -> None:
    with pytest.raises(store.WarehouseError, match=r"cx\.duckdb: there is no published database yet\. Run `cxnlp run`"):
        store.open_published(tmp_path / "cx.duckdb")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cx.duckdb").write_text("not a database " * 1000)
    with pytest.raises(store.WarehouseError, match="cannot be read as a DuckDB database"):
        store.query(tmp_path / "cx.duckdb", "SELECT 1")
