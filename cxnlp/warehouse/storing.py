"""Hold views as tables in a published file, which is read often and never changes."""

from collections.abc import Set
from typing import Final

import duckdb

from cxnlp.warehouse import sql
from cxnlp.warehouse.comments import copy_comments
from cxnlp.warehouse.schema import VIEWS

#: Views that many queries read.
STORED_VIEWS: Final = ("evidence", "moment_rates", "moment_diagnostics", "scorecard")

#: From so many mentions on, all views are stored but those that read few rows anyway. A smaller file adds up at once,
#: and storing would cost it a second.
LARGE: Final = 100_000
NEVER_STORED: Final = ("journeys", "prevalence", "recent_weeks", "drivers", "freshness")


def store_views(connection: duckdb.DuckDBPyConnection, *, large: int = LARGE) -> None:
    """Turn views into tables of the same names, columns, order and comments; for a file that is not written again.

    Args:
        connection: an open connection.
        large: from so many mentions on all but `NEVER_STORED`, below it `STORED_VIEWS`.
    """
    is_large = sql.scalar(connection, "SELECT count(*) FROM mentions") >= large
    names = [name for name in VIEWS if name not in NEVER_STORED] if is_large else STORED_VIEWS
    with sql.transaction(connection):
        for name in names:
            connection.execute(f"CREATE TABLE _{name} AS FROM {name}")
            copy_comments(connection, name, f"_{name}")
            connection.execute(f"DROP VIEW {name}")
            connection.execute(f"ALTER TABLE _{name} RENAME TO {name}")


def store_again(connection: duckdb.DuckDBPyConnection, names: Set[str]) -> None:
    """Make those of these views anew that the file holds as tables, each from what it reads as that is now."""
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    with sql.transaction(connection):
        for name in VIEWS:
            if name in names and name in tables:
                connection.execute(f"CREATE TABLE _{name} AS {_query(connection, name)}")
                copy_comments(connection, name, f"_{name}")
                connection.execute(f"DROP TABLE {name}")
                connection.execute(f"ALTER TABLE _{name} RENAME TO {name}")


def _query(connection: duckdb.DuckDBPyConnection, view: str) -> str:
    """Return what a view's file selects."""
    making = f"CREATE OR REPLACE VIEW {view} AS"
    statements = (each.query for each in connection.extract_statements(sql.text(f"views/{view}.sql")))
    return next(query.split(making, 1)[1] for query in statements if making in query)
