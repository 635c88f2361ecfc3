"""What is in a warehouse file: create it, or bring an older one up to date."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from cxnlp import taxonomy
from cxnlp.settings import Workspace
from cxnlp.warehouse import sql
from cxnlp.warehouse.sql import WarehouseError

#: Raised by one when an older file cannot be brought up to date by adding tables and columns.
SCHEMA_VERSION: Final = 1

#: What views promise to those who build on them (contract.json): raised by one when a view or a column goes, or changes
#: its name, type or meaning.
CONTRACT_VERSION: Final = 1

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
)

#: Views that a published file holds as tables: many queries read them, and a snapshot never changes.
STORED_VIEWS: Final = ("evidence", "moment_rates", "moment_diagnostics", "scorecard")

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
    "alerts", "daily_reports",
)  # fmt: skip

Columns = Mapping[tuple[str, str], str]


def open_working(path: Path | str, words: pl.DataFrame | None = None) -> duckdb.DuckDBPyConnection:
    """Open the working file, making or upgrading it; views are made anew from their files at every open.

    Args:
        path: the file, whose folder is made; ":memory:" for one that is gone with the connection.
        words: rows of the table taxonomy (columns `cxnlp.taxonomy.TAXONOMY`); the shipped taxonomy when None.

    Raises:
        WarehouseError: another process has it open, it is no warehouse, or a newer cxnlp made it.
    """
    path = Path(path)
    if str(path) != ":memory:":
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = _open(path)
    try:
        prepare(connection, path)
        write(connection, "taxonomy", taxonomy.load().frame() if words is None else words)
        write(connection, "statements", taxonomy.scorecard())
    except BaseException:
        connection.close()
        raise
    return connection


def open_of(workspace: Workspace) -> duckdb.DuckDBPyConnection:
    """Open a workspace's working file with its own labels, and what it says of its moments, in it.

    Raises:
        WarehouseError: as `open_working` does.
        TaxonomyError: ``taxonomy.yaml`` or ``moments.yaml`` of the workspace cannot be used.
    """
    vocabulary = taxonomy.load(additions=workspace.taxonomy_file)
    plans = taxonomy.read_plans(workspace.moments_file, vocabulary.moments)
    connection = open_working(workspace.working_database, plans.applied(vocabulary.frame()))
    write(connection, "targets", plans.targets())
    write(connection, "fixes", plans.fixes())
    return connection


def look(path: Path) -> int:
    """Open the working file without changing it and return the number of runs that were loaded.

    Raises:
        WarehouseError: as `open_working` does.
    """
    with _open(path, read_only=True) as connection:
        _refuse_newer(connection, path)
        if ("runs", "run_id") not in _columns(connection):  # killed before its first tables
            return 0
        return int(sql.scalar(connection, "SELECT count(*) FROM runs"))


def _open(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    try:
        return sql.connect(path, read_only=read_only)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise WarehouseError(f"{path}: another process has it open, and one alone may write. Wait until that run "
                                 "has ended, or stop it.") from error  # fmt: skip
        raise WarehouseError(f"{path}: cannot be opened as a DuckDB database ({sql.first_line(error)}). Move it away; "
                             "the next run builds a new one from the sources.") from error  # fmt: skip


def prepare(connection: duckdb.DuckDBPyConnection, path: Path, *, published: bool = False) -> None:
    """Create what is missing: tables and columns, macros, views, comments.

    Args:
        connection: an open connection.
        path: its file, for errors.
        published: leave out what stays private; for a new file only.

    Raises:
        WarehouseError: a newer cxnlp made the file, or it cannot be upgraded by adding columns.
    """
    connection.execute("SET TimeZone = 'UTC'")
    with sql.transaction(connection):
        _refuse_newer(connection, path)
        _add_columns(connection, path)
        sql.run(connection, "tables.sql")
        if published:
            _leave_out_private(connection)
        if not sql.scalar(connection, "SELECT count(*) FROM edition"):
            connection.execute("INSERT INTO edition (schema_version) VALUES ($1)", [SCHEMA_VERSION])
        connection.execute("UPDATE edition SET contract_version = $1 WHERE contract_version IS DISTINCT FROM $1",
                           [CONTRACT_VERSION])  # fmt: skip
        _make_views(connection)


def write(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Replace all rows of a table of `REPLACED_TABLES`; columns go by name, absent ones are null.

    Raises:
        WarehouseError: another table is asked for, or the frame has a column that the table has not.
    """
    if table not in REPLACED_TABLES:
        raise WarehouseError(f"table {table!r}: cannot be replaced as a whole; allowed: {', '.join(REPLACED_TABLES)}.")
    allowed = [column for owner, column in _columns(connection) if owner == table]
    if unknown := [column for column in frame.columns if column not in allowed]:
        raise WarehouseError(f"table {table}: has no columns {unknown}; it knows {allowed}.")
    with sql.transaction(connection):
        connection.execute(f"DELETE FROM {sql.identifier(table)}")  # noqa: S608 - one of these names
        if frame.height:
            connection.register("_rows", frame)
            connection.execute(f"INSERT INTO {sql.identifier(table)} BY NAME FROM _rows")
            connection.unregister("_rows")


def store_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn `STORED_VIEWS` into tables of the same names, columns and comments; for a file that is not written again."""
    with sql.transaction(connection):
        for name in STORED_VIEWS:
            connection.execute(f"CREATE TABLE _{name} AS FROM {name}")
            connection.execute(f"DROP VIEW {name}")
            connection.execute(f"ALTER TABLE _{name} RENAME TO {name}")
            for statement in connection.extract_statements(sql.text(f"views/{name}.sql")):
                if statement.query.lstrip().startswith("COMMENT"):
                    connection.execute(statement.query.replace("COMMENT ON VIEW", "COMMENT ON TABLE"))


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


def _refuse_newer(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    if ("edition", "schema_version") not in _columns(connection):
        return
    version = sql.scalar(connection, "SELECT max(schema_version) FROM edition")
    if version is not None and version > SCHEMA_VERSION:
        raise WarehouseError(f"{path}: has tables of version {version}; this cxnlp knows versions up to "
                             f"{SCHEMA_VERSION}. Install the newer cxnlp that made it.")  # fmt: skip


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


def _leave_out_private(connection: duckdb.DuckDBPyConnection) -> None:
    for table in PRIVATE_TABLES:
        connection.execute(f"DROP TABLE {table}")
    for table, column in PRIVATE_COLUMNS:
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _make_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make macros and views from their files, unless they are those that are there; views of other names go."""
    found = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary "
        "AND database_name = current_database()"
    ).fetchall()
    old, text = {name for (name,) in found}, sql.text_of_views()
    made_of = sql.scalar(connection, "SELECT views FROM edition")
    if old == set(VIEWS) and made_of == sql.scalar(connection, "SELECT md5($1)", [text]):
        return
    for name in old:
        connection.execute(f"DROP VIEW {sql.identifier(name)}")
    for name in ("macros", "counts", *(f"views/{name}" for name in VIEWS)):
        sql.run(connection, f"{name}.sql")
    connection.execute("UPDATE edition SET views = md5($1)", [text])
