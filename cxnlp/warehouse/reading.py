"""Read a published warehouse: never written, never waited for."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from cxnlp.frames import VECTOR_WIDTH
from cxnlp.warehouse import fulltext, sql
from cxnlp.warehouse.schema import VIEWS
from cxnlp.warehouse.sql import WarehouseError

#: How the warehouse is called inside a connection; ``SHOW DATABASES`` shows it.
_NAME: Final = "cx"

#: What becomes of an item that arrives, by column of the table runs, in words; together they are all that arrived.
ACCOUNTED: Final = {
    "n_stored": "stored",
    "n_unchanged": "known already",
    "n_duplicates": "duplicates",
    "n_quarantined": "quarantined",
    "n_erased": "erased",
}

_TRIES: Final = 10
_MEMORY: Final = "4GB"


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the snapshot that ``path`` points to, read-only; `find_words` needs `open_searchable`.

    The connection keeps the snapshot that it opened, whatever is published later; open again to see newer rows. Large
    sorts may spill into a folder beside the snapshot.

    Args:
        path: the pointer (``warehouse/cx.duckdb``) or a snapshot.

    Raises:
        WarehouseError: there is none yet, or it is no database.
    """
    for _ in range(_TRIES):
        target = _resolve(path)
        try:
            return attach(target)
        except duckdb.Error as error:
            failure = error
        if target.exists():
            break
        time.sleep(0.05)  # the snapshot was swept between looking and opening: look again
    raise WarehouseError(f"{path}: cannot be read as a DuckDB database ({sql.first_line(failure)}). Run `cxnlp run` to "
                         "publish it anew.") from failure  # fmt: skip


def open_searchable(path: Path) -> duckdb.DuckDBPyConnection:
    """Open as `open_published` does, with the search for words at hand, whose loading takes longer than the rest."""
    connection = open_published(path)
    try:
        fulltext.load(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def query(
    path: Path, statement: str, *, memory: str = _MEMORY, meaning: Callable[[str], list[int]] | None = None
) -> pl.DataFrame:
    """Return the rows of one statement on the published warehouse.

    The statement reaches neither other files nor the network, changes nothing and cannot lift these limits.

    Args:
        path: as in `open_published`.
        statement: SQL, such as ``FROM moments_all``.
        memory: most that it may use, in DuckDB's words.
        meaning: what turns a sentence into the vector that the function ``meaning`` gives in SQL.

    Raises:
        WarehouseError: there is no database yet, or DuckDB refuses the statement.
    """
    with open_searchable(path) as connection:
        if meaning is not None:
            teach_meaning(connection, meaning)
        confine(connection, memory)
        return ask(connection, statement)


def confine(connection: duckdb.DuckDBPyConnection, memory: str = _MEMORY) -> None:
    """Keep a connection's statements from files, network, Python's variables and other settings, for good."""
    connection.execute("SET memory_limit = $1", [memory])
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def ask(connection: duckdb.DuckDBPyConnection, statement: str) -> pl.DataFrame:
    """Return the rows of one statement.

    Raises:
        WarehouseError: DuckDB refuses it.
    """
    try:
        result = connection.execute(statement)
        return result.pl() if result.description else pl.DataFrame()
    except duckdb.Error as error:
        raise WarehouseError(f"the query was refused: {error}") from error


def teach_meaning(connection: duckdb.DuckDBPyConnection, meaning: Callable[[str], list[int]]) -> None:
    """Give a connection the SQL function ``meaning('words')``: a vector for the macro find_meaning."""
    connection.create_function("meaning", meaning, ["VARCHAR"], f"TINYINT[{VECTOR_WIDTH}]")


def run_of(connection: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, Any]:
    """Return a run's row of the table runs, and its stages as ``seconds_<stage>``.

    Raises:
        WarehouseError: no such run was loaded.
    """
    rows = connection.execute("FROM runs WHERE run_id = $1", [run_id]).pl().to_dicts()
    if not rows:
        raise WarehouseError(f"run {run_id!r}: not in the warehouse. `cxnlp status` lists the runs that are.")
    stages = connection.execute(
        "SELECT stage, seconds FROM run_stages WHERE run_id = $1 ORDER BY position", [run_id]
    ).fetchall()
    return rows[0] | {f"seconds_{stage}": seconds for stage, seconds in stages}


def reconciled(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return every run with what became of its items, the newest first.

    Returns:
        run_id, started_at, n_arrived, the columns `ACCOUNTED`, n_tagged, n_missing: items of which nothing is known.
        Anything but 0 is a fault, for which the check ``arrived`` takes a night back.
    """
    parts = " + ".join(f"coalesce({name}, 0)" for name in ACCOUNTED)  # null: of a version before that column
    return connection.execute(
        f"SELECT run_id, started_at, n_arrived, {', '.join(ACCOUNTED)}, n_tagged, n_arrived - ({parts}) AS n_missing "  # noqa: S608
        "FROM runs ORDER BY started_at DESC, rowid DESC"
    ).pl()


def problems_of(connection: duckdb.DuckDBPyConnection, run_id: str | None = None) -> pl.DataFrame:
    """Return what waits in quarantine: source, problem, n (items), most frequent first; of one run or of all."""
    return connection.execute(
        "SELECT source, problem, count(*) AS n FROM quarantine "
        "WHERE released_at IS NULL AND ($1 IS NULL OR run_id = $1) "
        "GROUP BY source, problem ORDER BY n DESC, source, problem",
        [run_id],
    ).pl()


def relations(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return what can be asked: name, kind (view or table), n_columns, meaning; views first, then by name.

    A view that is published as a table (`storing`) is called a view here, too: it is used as one.
    """
    sql.run(connection, "relations.sql", {"views": list(VIEWS)})
    return connection.pl()


def columns_of(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """Return a view's or table's columns in their order: name, type, meaning.

    Raises:
        WarehouseError: there is no such view or table.
    """
    rows = connection.execute(
        "SELECT column_name AS name, data_type AS type, comment AS meaning FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name = 'main' AND table_name = lower($1) ORDER BY column_index",
        [name],
    ).pl()
    if rows.is_empty():
        there = ", ".join(relations(connection)["name"])
        raise WarehouseError(f"{name!r}: no view or table of the warehouse; there is: {there}.")
    return rows


def attach(snapshot: Path) -> duckdb.DuckDBPyConnection:
    """Open one file read-only inside an in-memory database of its own.

    So two connections of one process may have different limits, and a path that was replaced is opened anew.
    """
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET temp_directory = $1", [f"{snapshot}.spill"])
        connection.execute(f"ATTACH {sql.literal(snapshot)} AS {_NAME} (READ_ONLY)")
        with suppress(FileNotFoundError):  # whoever has opened a snapshot keeps it when its name goes
            sql.fit_threads(connection, snapshot.stat().st_size)
        connection.execute(f"USE {_NAME}")
    except BaseException:
        connection.close()
        raise
    return connection


def _resolve(path: Path) -> Path:
    """Return the snapshot behind the pointer."""
    try:
        return path.resolve(strict=True)
    except FileNotFoundError as error:
        raise WarehouseError(f"{path}: there is no published database yet. Run `cxnlp run`, which publishes one."
                             ) from error  # fmt: skip
