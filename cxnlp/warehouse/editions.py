"""What a published file holds, in one number, and from which of them the working file differs in decisions alone."""

from collections.abc import Iterable, Mapping
from hashlib import md5
from pathlib import Path
from typing import Final, NamedTuple

import duckdb

from cxnlp.warehouse import sql
from cxnlp.warehouse.reading import attach
from cxnlp.warehouse.schema import published_tables

#: How long stages took is no news: a warehouse that differs in nothing else is not published again.
NOT_NEWS: Final = ("edition", "run_stages")


class Edition(NamedTuple):
    """What is in a published file."""

    run_id: str
    fingerprint: str  # everything that a reader can see: texts, and the number and sum of hashes of all rows
    sums: Mapping[str, str]  # of each table: number of rows, blank, sum of their hashes


def of(run_id: str, sums: Mapping[str, str]) -> Edition:
    """Return the edition of so much, with tables, macros and views as they are in this version."""
    texts = [sql.text("tables.sql"), sql.text_of_views(), sql.text("fulltext.sql")]
    parts = [*texts, *(f"{table} {sums[table]}" for table in sorted(sums))]
    return Edition(run_id, md5("\n".join(parts).encode(), usedforsecurity=False).hexdigest(), sums)


def of_file(snapshot: Path) -> Edition | None:
    """Return what a snapshot says of itself; None when it cannot be read or an older version wrote it."""
    try:
        with attach(snapshot) as connection:
            row = connection.execute("SELECT run_id, fingerprint, sums FROM edition").fetchone()
    except duckdb.Error:
        return None
    return None if row is None or row[2] is None else Edition(*row)


def sums(connection: duckdb.DuckDBPyConnection, tables: Iterable[str] | None = None) -> dict[str, str]:
    """Return the number of rows and the sum of their hashes of these tables, of all that are news when None."""
    columns = {table: names for table, names in published_tables().items() if table not in NOT_NEWS}
    found = {}
    for table in columns if tables is None else tables:
        names = ", ".join(map(sql.identifier, columns[table]))
        rows = f"(SELECT {names} FROM {sql.identifier(table)}) AS r"  # noqa: S608 - names of ours
        found[table] = sql.scalar(connection, f"SELECT concat_ws(' ', count(*), sum(hash(r)::HUGEINT)) FROM {rows}")  # noqa: S608
    return found


def is_copied(snapshot: Path) -> bool:
    """Whether a readable snapshot is a copy of another, so that its unused blocks may hold what is in it no more."""
    with attach(snapshot) as connection:
        return sql.scalar(connection, "SELECT follows FROM edition") is not None


def write(connection: duckdb.DuckDBPyConnection, edition: Edition, *, follows: Path | None = None) -> None:
    """Let a file that is about to be published say what is in it, and of which snapshot it is a copy."""
    given = [edition.run_id, edition.fingerprint, list(edition.sums), list(edition.sums.values())]
    connection.execute("UPDATE edition SET run_id = $1, fingerprint = $2, sums = map($3, $4), follows = $5",
                       [*given, follows and follows.name])  # fmt: skip


def remember(connection: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    """Keep in the working file that this is published of it."""
    with sql.transaction(connection):
        connection.execute("UPDATE edition SET fingerprint = $1", [edition.fingerprint])


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep in the working file that anything may differ from what is published."""
    with sql.transaction(connection):
        connection.execute("UPDATE edition SET fingerprint = NULL WHERE fingerprint IS NOT NULL")
