"""What tables, views and columns say of themselves: comments in the database, from which the dictionary is written."""

import re
from functools import cache
from typing import Final

import duckdb

from cxnlp.warehouse import sql

_OWN: Final = re.compile(r'^COMMENT ON COLUMN (\w+)\."?(\w+)', re.MULTILINE)


def comment_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Give columns without a comment of their own the common one of their name (``columns.sql``)."""
    for relation, column, meaning in sql.run(connection, "columns.sql").fetchall():
        if (relation, column) not in _own_comments():
            _comment(connection, f"COLUMN {sql.identifier(relation)}.{sql.identifier(column)}", meaning)


_RELATIONS: Final = (
    "SELECT comment FROM (SELECT view_name AS name, comment FROM duckdb_views() "
    "UNION ALL SELECT table_name, comment FROM duckdb_tables()) WHERE name = $1"
)


def copy_comments(connection: duckdb.DuckDBPyConnection, view: str, table: str) -> None:
    """Let a table say what a view, or the table that stands for it, with the same columns says.

    What has no comment there gets none.
    """
    meaning = sql.scalar(connection, _RELATIONS, [view])
    if meaning is not None:
        _comment(connection, f"TABLE {sql.identifier(table)}", meaning)
    columns = connection.execute(
        "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = $1 AND comment IS NOT NULL", [view]
    ).fetchall()
    for column, column_meaning in columns:
        _comment(connection, f"COLUMN {sql.identifier(table)}.{sql.identifier(column)}", column_meaning)


def _comment(connection: duckdb.DuckDBPyConnection, thing: str, meaning: str) -> None:
    connection.execute(f"COMMENT ON {thing} IS {sql.literal(meaning)}")


@cache
def _own_comments() -> frozenset[tuple[str, str]]:
    """Return the columns, by table or view, of which a file says what they mean there."""
    return frozenset(_OWN.findall(sql.text("tables.sql") + sql.text_of_views()))
