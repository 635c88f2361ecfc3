"""What is in a warehouse file: tables, macros, views and comments, made anew or brought up to date."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from cxnlp.warehouse import sql
from cxnlp.warehouse.comments import comment_columns
from cxnlp.warehouse.sql import WarehouseError

#: Raised by one when an older file cannot be brought up to date by adding tables and columns.
SCHEMA_VERSION: Final = 1

#: What views promise to those who build on them (contract.json): raised by one when a view or a column goes, or changes
#: its name, type or meaning.
CONTRACT_VERSION: Final = 2

#: In the order in which they build on each other.
VIEWS: Final = (
    "settled",
    "evidence",
    "moments",
    "moments_all",
    "unmeasurables",
    "unmeasurables_all",
    "abacus",
    "warnings",
    "signals",
    "labels_by_day",
    "labels_by_week",
    "labels_by_month",
    "labels_by_channel",
    "labels_by_product",
    "labels_by_location",
    "labels_by_segment",
    "moment_unmeasurables",
    "unmeasurables_by_location",
    "unmeasurables_by_team",
    "unmeasurables_by_employee",
    "conflicts",
    "agents_and_customers",
    "journeys",
    "before_churn",
    "silence",
    "champions",
    "champion_customers",
    "warning_signs",
    "theme_evidence",
    "themes_all",
    "themes_by_week",
    "wishes",
    "prevalence",
    "backlog_states",
    "open_alerts",
    "recent_weeks",
    "moment_rates",
    "moment_cases",
    "fix_effects",
    "moment_diagnostics",
    "moment_targets",
    "scorecard",
    "drivers",
    "feedback_balance",
    "freshness",
    "backlog_clock",
    "backlog_clock_summary",
    "item_effects",
    "plan_moments",
    "plan_actions",
)

#: What stays in the working file: names of files can name people; bands, sums and what is uncounted serve the night.
PRIVATE_TABLES: Final = ("files", "places", "signature_bands", "uncounted", "unheard", "theme_grounds")
PRIVATE_COLUMNS: Final = (
    ("feedback", "signature"),
    ("quarantine", "file"),
    ("quarantine", "released_by"),
    ("themes", "n_looked_at"),
    ("themes", "vector_sum"),
    ("themes", "n_summed"),
    ("themes", "n_people"),
    ("theme_mentions", "occurred_at"),
    ("theme_mentions", "encoder_version"),
    ("theme_mentions", "is_waiting"),
)

#: Tables that other stages replace as a whole.
REPLACED_TABLES: Final = (
    "taxonomy", "targets", "fixes", "statements", "backlog", "rates", "label_errors", "effects", "sharing", "erasures",
    "alerts", "daily_reports", "backlog_targets",
)  # fmt: skip

#: What commands of people may change between nights without a night's work: all else follows from feedback.
DECIDED_TABLES: Final = (
    "taxonomy", "targets", "fixes", "statements", "backlog", "backlog_events", "backlog_effects", "themes",
)  # fmt: skip

Columns = Mapping[tuple[str, str], str]

#: What columns of older files are called now.
RENAMED: Final[Columns] = {
    ("backlog", "n_recent"): "n_mentions_recent",
    ("counted_feedback", "n_agent_mentions"): "n_mentions_agent",
    ("daily_reports", "n_people"): "n_customers",
    ("rates", "n_documents"): "n_feedback",
    ("rates", "n_customers"): "n_customers_all",
    ("rates", "n_reporting"): "n_customers_reporting",
    ("rates", "n_labelled"): "n_customers_labelled",
    ("edition", "views"): "made_of",
}


def prepare(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Create what is missing: tables and columns, macros, views, comments.

    Args:
        connection: an open connection.
        path: its file, for errors.

    Raises:
        WarehouseError: a newer cxnlp made the file, or it cannot be upgraded by adding columns.
    """
    connection.execute("SET TimeZone = 'UTC'")
    with sql.transaction(connection):
        refuse_newer(connection, path)
        _rename_columns(connection)
        _add_columns(connection, path)
        text = "\n".join([str(CONTRACT_VERSION), sql.text("tables.sql"), sql.text_of_views()])
        if _is_made_of(connection, text):
            return
        sql.run(connection, "tables.sql")
        if not sql.scalar(connection, "SELECT count(*) FROM edition"):
            connection.execute("INSERT INTO edition (schema_version) VALUES ($1)", [SCHEMA_VERSION])
        connection.execute("UPDATE edition SET contract_version = $1 WHERE contract_version IS DISTINCT FROM $1",
                           [CONTRACT_VERSION])  # fmt: skip
        _make_views(connection)
        comment_columns(connection)
        connection.execute("UPDATE edition SET made_of = md5($1)", [text])


def write(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Replace all rows of a table of `REPLACED_TABLES`; columns go by name, absent ones are null.

    Raises:
        WarehouseError: another table is asked for, or the frame has a column that the table has not.
    """
    if table not in REPLACED_TABLES:
        raise WarehouseError(f"table {table!r}: cannot be replaced as a whole; allowed: {', '.join(REPLACED_TABLES)}.")
    allowed = connection.table(table).columns
    if unknown := [column for column in frame.columns if column not in allowed]:
        raise WarehouseError(f"table {table}: has no columns {unknown}; it knows {allowed}.")
    with sql.transaction(connection):
        connection.execute(f"DELETE FROM {sql.identifier(table)}")  # noqa: S608 - one of these names
        if frame.height:
            connection.register("_rows", frame)
            connection.execute(f"INSERT INTO {sql.identifier(table)} BY NAME FROM _rows")
            connection.unregister("_rows")


def published_tables() -> dict[str, tuple[str, ...]]:
    """Return the tables of a published file with their columns, in the order of ``tables.sql``."""
    return {
        table: tuple(column for column in columns if (table, column) not in PRIVATE_COLUMNS)
        for table, columns in working_tables().items()
        if table not in PRIVATE_TABLES
    }


def working_tables() -> dict[str, tuple[str, ...]]:
    """Return the tables of a working file with their columns, in the order of ``tables.sql``."""
    found: dict[str, tuple[str, ...]] = {}
    for table, column in _wanted():
        found[table] = (*found.get(table, ()), column)
    return found


def refuse_newer(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise a WarehouseError for a file that a newer cxnlp made."""
    if not has_column(connection, "edition", "schema_version"):
        return
    version = sql.scalar(connection, "SELECT max(schema_version) FROM edition")
    if version is not None and version > SCHEMA_VERSION:
        raise WarehouseError(f"{path}: has tables of version {version}; this cxnlp knows versions up to "
                             f"{SCHEMA_VERSION}. Install the newer cxnlp that made it.")  # fmt: skip


def has_column(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether a table of the file is there and has a column."""
    try:
        return column in connection.table(table).columns
    except duckdb.CatalogException:
        return False


def _rename_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the columns of an older file their names of now."""
    for (table, column), name in RENAMED.items():
        if has_column(connection, table, column) and not has_column(connection, table, name):
            connection.execute(
                f"ALTER TABLE {sql.identifier(table)} RENAME COLUMN {sql.identifier(column)} TO {sql.identifier(name)}"
            )


def _add_columns(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Give the tables of an older file the columns that ``tables.sql`` has and they have not."""
    there = _columns(connection)
    tables = {table for table, _ in there}
    for (table, column), kind in _wanted().items():
        if table not in tables:
            continue
        found = there.get((table, column))
        if found is None:
            place = f"{sql.identifier(table)} ADD COLUMN {sql.identifier(column)} {kind}"
            connection.execute(f"ALTER TABLE {place}")
        elif found != kind:
            raise WarehouseError(f"{path}: column {table}.{column} is {found}; expected {kind}. Move the file away; "
                                 "the next run builds a new one from the sources.")  # fmt: skip


@cache
def _wanted() -> Columns:
    with duckdb.connect() as fresh:
        sql.run(fresh, "tables.sql")
        return _columns(fresh)


def _columns(connection: duckdb.DuckDBPyConnection) -> Columns:
    """Return the type of every table's every column, in order."""
    rows: Sequence[tuple[str, str, str]] = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() SEMI JOIN duckdb_tables() "
        "USING (database_oid, schema_oid, table_oid) WHERE database_name = current_database() AND NOT internal "
        "ORDER BY table_oid, column_index"
    ).fetchall()
    return {(table, column): kind for table, column, kind in rows}


def leave_out_private(connection: duckdb.DuckDBPyConnection) -> None:
    """Make of an empty working file one that is to be published: without the tables and columns that stay private."""
    with sql.transaction(connection):
        for table in PRIVATE_TABLES:
            connection.execute(f"DROP TABLE {table}")
        for table, column in PRIVATE_COLUMNS:
            connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _is_made_of(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    """Whether tables, macros, views and comments are those of this text, so that nothing is to be made."""
    if not has_column(connection, "edition", "made_of") or _views(connection) != set(VIEWS):
        return False
    return bool(sql.scalar(connection, "SELECT made_of = md5($1) FROM edition", [text]))


def _views(connection: duckdb.DuckDBPyConnection) -> set[str]:
    found = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary "
        "AND database_name = current_database()"
    ).fetchall()
    return {name for (name,) in found}


def _make_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make macros and views from their files; views of other names go."""
    for name in _views(connection):
        connection.execute(f"DROP VIEW {sql.identifier(name)}")
    for name in ("macros", "shares", "counts", *(f"views/{name}" for name in VIEWS)):
        sql.run(connection, f"{name}.sql")
