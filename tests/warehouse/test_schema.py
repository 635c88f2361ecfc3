"""What a warehouse file is made of: tables as in frames.py, comments everywhere, upgrades."""

import re
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp import frames
from cxnlp.taxonomy import TAXONOMY
from cxnlp.warehouse import opening, schema, sql, store
from tests.warehouse.night import FILES, rows

TYPES = {
    pl.String(): "VARCHAR",
    pl.Boolean(): "BOOLEAN",
    pl.Int32(): "INTEGER",
    pl.Int64(): "BIGINT",
    pl.Float32(): "FLOAT",
    pl.Float64(): "DOUBLE",
    pl.Datetime("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
    pl.List(pl.UInt32()): "UINTEGER[]",
    pl.Date(): "DATE",
    pl.Array(pl.Int8(), frames.VECTOR_WIDTH): f"TINYINT[{frames.VECTOR_WIDTH}]",
}


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("feedback", frames.FEEDBACK),
        ("employees", frames.EMPLOYEES),
        ("mentions", frames.MENTIONS),
        ("tags", frames.TAGS),
        ("mention_vectors", frames.VECTORS),
        ("quarantine", frames.QUARANTINE),
        ("taxonomy", TAXONOMY),
        ("files", FILES),
        ("places", frames.PLACES),
    ],
)
def test_tables_are_those_of_the_frames(
    connection: duckdb.DuckDBPyConnection, table: str, columns: frames.Schema
) -> None:
    found = {name: kind for name, kind, *_ in rows(connection, f"DESCRIBE {table}")}
    assert found == {name: TYPES[dtype] for name, dtype in columns.items()}
    assert list(found) == list(columns)


def test_a_table_comes_back_as_its_frame(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.execute("FROM feedback").pl().schema == pl.Schema(frames.FEEDBACK)


def test_everything_has_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    bare = rows(
        connection,
        """
        SELECT table_name FROM duckdb_tables() WHERE NOT internal AND comment IS NULL
        UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL
        UNION ALL SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL
        UNION ALL SELECT function_name FROM duckdb_functions()
            WHERE NOT internal AND function_type LIKE '%macro' AND comment IS NULL
        """,
    )
    assert bare == []


def test_every_view_file_is_listed_once() -> None:
    assert sorted(schema.VIEWS) == list(sql.names("views"))


@pytest.mark.parametrize("name", schema.VIEWS)
def test_a_view_says_what_it_answers(name: str) -> None:
    header = sql.text(f"views/{name}.sql").split("CREATE", 1)[0]
    assert re.match(r"-- Question: +\S.*\?\n(--.*\n)*-- Grain: +\S.*\n(--.*\n)*-- Reader: +\S", header)


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "working.duckdb"
    for _ in range(2):
        with store.open_working(path) as connection:
            assert rows(connection, "SELECT schema_version FROM edition") == [(schema.SCHEMA_VERSION,)]
            assert rows(connection, "SELECT count(*) FROM taxonomy") == [(36,)]


def test_an_older_file_gets_new_columns_and_views(tmp_path: Path) -> None:
    path = tmp_path / "working.duckdb"
    with store.open_working(path) as connection:
        connection.execute("INSERT INTO quarantine (quarantine_id, problem) VALUES ('q1', 'found nothing')")
        connection.execute("ALTER TABLE quarantine DROP COLUMN channel")
        connection.execute("DROP TABLE backlog")
        connection.execute("DROP VIEW freshness")
        connection.execute("CREATE VIEW of_old AS SELECT 1 AS one")
    with store.open_working(path) as connection:
        assert rows(connection, "SELECT quarantine_id, channel FROM quarantine") == [("q1", None)]
        assert rows(connection, "SELECT n_quarantined FROM freshness") == [(1,)]
        assert rows(connection, "SELECT count(*) FROM backlog") == [(0,)]
        assert rows(connection, "SELECT view_name FROM duckdb_views() WHERE view_name = 'of_old'") == []


def test_columns_of_an_older_file_get_their_names_of_now(tmp_path: Path) -> None:
    path = tmp_path / "working.duckdb"
    with store.open_working(path) as connection:
        connection.execute("INSERT INTO backlog (item_id, kind, label, n_mentions_recent) VALUES ('i', 'k', 'l', 7)")
        new = rows(connection, "SELECT DISTINCT table_name, column_name FROM duckdb_columns() WHERE NOT internal")
        for (table, old), name in schema.RENAMED.items():
            assert (table, name) in new
            connection.execute(f"ALTER TABLE {table} RENAME COLUMN {name} TO {old}")
    with store.open_working(path) as connection:
        assert rows(connection, "SELECT n_mentions_recent FROM backlog") == [(7,)]
        columns = rows(connection, "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal")
        assert [pair for pair in schema.RENAMED if pair in columns] == []
        assert rows(connection, "SELECT count(*) FROM prevalence") == [(0,)]


def test_a_file_of_a_newer_cxnlp_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "working.duckdb"
    with store.open_working(path) as connection:
        connection.execute("UPDATE edition SET schema_version = 99")
    with pytest.raises(store.WarehouseError, match=r"tables of version 99; .* up to 1\. Install the newer"):
        store.open_working(path)


def test_a_file_with_other_types_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "working.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute('CREATE TABLE mentions (mention_id VARCHAR, "start" VARCHAR)')
    with pytest.raises(store.WarehouseError, match=r"mentions\.start is VARCHAR; expected BIGINT"):
        store.open_working(path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "working.duckdb"
    path.write_text("not a database " * 1000)
    with pytest.raises(store.WarehouseError, match="cannot be opened as a DuckDB database"):
        store.open_working(path)


def test_a_second_process_is_told_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "working.duckdb"
    script = f"from cxnlp.warehouse import store\nfrom pathlib import Path\nstore.open_working(Path({str(path)!r}))"
    with store.open_working(path):
        other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "another process has it open, and one alone may write" in other.stderr


def test_taxonomy_and_backlog_are_replaced_as_a_whole(connection: duckdb.DuckDBPyConnection) -> None:
    store.write(connection, "taxonomy", pl.DataFrame({"family": ["moment"], "id": ["delivery"]}))
    assert rows(connection, "SELECT family, id, name FROM taxonomy") == [("moment", "delivery", None)]
    store.write(connection, "taxonomy", pl.DataFrame(schema=TAXONOMY))
    assert rows(connection, "FROM taxonomy") == []


@pytest.mark.parametrize(
    ("table", "frame", "message"),
    [
        ("tags", pl.DataFrame({"label": ["x"]}), "cannot be replaced as a whole; allowed: taxonomy, targets"),
        ("taxonomy", pl.DataFrame({"colour": ["red"]}), r"has no columns \['colour'\]; it knows \['family', 'id'"),
    ],
)
def test_other_tables_and_columns_are_refused(
    connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, message: str
) -> None:
    with pytest.raises(store.WarehouseError, match=message):
        store.write(connection, table, frame)


@pytest.mark.parametrize("share", [0, 0.9])
def test_an_empty_file_that_the_disk_has_no_room_for_is_called_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    n_bytes = len(opening._empty(published=True))
    monkeypatch.setattr(opening, "_empty", opening._empty.__wrapped__)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(share * n_bytes), unlimited[1]))
    try:
        with pytest.raises(sql.WarehouseError, match="the disk is full"):
            opening.write_empty(tmp_path / "empty.duckdb", published=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert list(tmp_path.iterdir()) == []
