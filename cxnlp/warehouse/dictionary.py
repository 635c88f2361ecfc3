"""The data dictionary, written from the comments in the database.

``python -m cxnlp.warehouse.dictionary docs/warehouse.md`` brings the page up to date.
"""

import sys
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.warehouse import sql
from cxnlp.warehouse.schema import VIEWS, prepare

#: Everything on the page below this line is made by `dictionary`.
MARK: Final = "<!-- Below this line: made by `python -m cxnlp.warehouse.dictionary docs/warehouse.md`; do not edit. -->"


def dictionary(connection: duckdb.DuckDBPyConnection) -> str:
    """Return every view, table and macro with its columns and comments, as Markdown."""
    parts = ["## Views", *(_relation(connection, name) for name in VIEWS)]
    tables = [name for name in _tables(connection) if name not in VIEWS]
    parts += ["## Tables", *(_relation(connection, name) for name in tables)]
    return "\n\n".join([*parts, "## Functions", _macros(connection)]) + "\n"


def renewed(page: str, text: str) -> str:
    """Return ``page`` with ``text`` below its mark.

    Raises:
        ValueError: the page has no mark.
    """
    if MARK not in page:
        raise ValueError(f"the page has no line {MARK!r}; put it where the dictionary shall start")
    return f"{page.split(MARK, 1)[0]}{MARK}\n\n{text}"


def of_published() -> str:
    """Return the dictionary of a published warehouse."""
    with duckdb.connect() as connection:
        prepare(connection, Path(":memory:"), published=True)
        return dictionary(connection)


def _relation(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    comment = sql.scalar(
        connection,
        "SELECT comment FROM duckdb_views() WHERE view_name = $1 "
        "UNION ALL SELECT comment FROM duckdb_tables() WHERE table_name = $1",
        [name],
    )
    columns = connection.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = $1 ORDER BY column_index",
        [name],
    ).fetchall()
    lines = [f"| `{column}` | {_cell(kind)} | {_cell(meaning)} |" for column, kind, meaning in columns]
    return "\n".join([f"### {name}", "", str(comment), "", "| column | type | meaning |", "|---|---|---|", *lines])


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows: list[tuple[str]] = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_oid"
    ).fetchall()
    return [name for (name,) in rows]


def _macros(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        "SELECT function_name, array_to_string(parameters, ', '), comment FROM duckdb_functions() "
        "WHERE NOT internal AND function_type IN ('macro', 'table_macro') ORDER BY function_name"
    ).fetchall()
    lines = [f"| `{name}({parameters})` | {_cell(meaning)} |" for name, parameters, meaning in rows]
    return "\n".join(["| function | gives |", "|---|---|", *lines])


def _cell(text: str) -> str:
    return text.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ").replace("|", "\\|")


def main() -> None:
    """Renew the page named on the command line."""
    page = Path(sys.argv[1])
    page.write_text(renewed(page.read_text("utf-8"), of_published()), "utf-8")


if __name__ == "__main__":
    main()
