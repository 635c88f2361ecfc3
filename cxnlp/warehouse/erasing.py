"""Take feedback out of the working file, and make that file anew so that no deleted byte stays in unused blocks."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from cxnlp.warehouse import sql
from cxnlp.warehouse.counting import count
from cxnlp.warehouse.duplicates import mark_duplicates
from cxnlp.warehouse.loading import drop_temporary
from cxnlp.warehouse.publishing import make_durable
from cxnlp.warehouse.quoting import unquote

#: What says who a row is about: the tombstones are held against these.
IDENTITY: Final = ("feedback_id", "source", "occurred_at", "author_key", "customer_key", "content_hash", "repost_of")

_REWRITTEN: Final = ".rewritten"
_NAMINGS: Final = """
SELECT feedback_id, source, occurred_at, employee_key
FROM employees JOIN feedback USING (feedback_id)
ORDER BY feedback_id, employee_key, "start"
"""

#: Table → column → what a keyed value stands for: the columns that follow a change of the secret.
KEYED: Final[Mapping[str, Mapping[str, str]]] = {
    "feedback": {"author_key": "author", "customer_key": "customer", "content_hash": "content"},
    "employees": {"employee_key": "employee"},
    "reviews": {"reviewer": "reviewer"},
}


def identities(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the columns `IDENTITY` of all stored feedback, in the order of storing."""
    return connection.execute(f"SELECT {', '.join(IDENTITY)} FROM feedback ORDER BY rowid").pl()  # noqa: S608


def namings(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return where feedback names employees: feedback_id, source, occurred_at, employee_key; one row a naming."""
    return connection.execute(_NAMINGS).pl()


def erase_namings(connection: duckdb.DuckDBPyConnection, gone: pl.DataFrame) -> None:
    """Delete what says who an employee is; the feedback stays, and so does the placeholder in it.

    Args:
        connection: the open working file.
        gone: columns feedback_id, employee_key.
    """
    connection.register("gone", gone.select("feedback_id", "employee_key"))
    try:
        connection.execute("INSERT INTO uncounted SELECT DISTINCT feedback_id FROM gone")
        connection.execute("DELETE FROM employees WHERE (feedback_id, employee_key) IN (FROM gone)")
    finally:
        connection.unregister("gone")


def erase(connection: duckdb.DuckDBPyConnection, feedback_ids: pl.Series) -> None:
    """Delete this feedback, its employees, mentions, votes, reviews and bands, and the backlog's quotes from it.

    A duplicate that stays gets the first of the others as its original, or becomes one; what the people said
    is counted anew. What is deleted stays in the file's unused blocks until `rewrite`.
    """
    with sql.transaction(connection):
        erased = pl.DataFrame({"feedback_id": feedback_ids}, schema={"feedback_id": pl.String()})
        unquote(connection, erased)
        connection.register("erased", erased)
        try:
            sql.run(connection, "steps/erase.sql")
        finally:
            connection.unregister("erased")
        mark_duplicates(connection)
        drop_temporary(connection)
        count(connection)


def rewrite(database: Path) -> None:
    """Put a file in place of ``database`` that holds its rows and nothing else; nobody may have it open.

    Killed at any moment, the old file or the new one is there, whole.
    """
    target = database.with_name(database.name + _REWRITTEN)
    sweep(database)
    with sql.connect(database) as old:
        name = sql.identifier(sql.scalar(old, "SELECT current_database()"))
        old.execute(f"ATTACH {sql.literal(target)} AS fresh")
        old.execute(f"COPY FROM DATABASE {name} TO fresh")
        old.execute("CHECKPOINT fresh")
        old.execute("DETACH fresh")
        old.execute("CHECKPOINT")
    make_durable(target)
    target.replace(database)
    make_durable(database.parent)


def sweep(database: Path) -> None:
    """Remove what a killed `rewrite` and DuckDB's own spilling left beside ``database``."""
    for leftover in (*database.parent.glob(f"{database.name}{_REWRITTEN}*"), *database.parent.glob("*.duckdb.tmp")):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
