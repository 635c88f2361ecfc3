"""Run the ``.sql`` files beside this module. Values are bound, never pasted."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb

from cxnlp.errors import CxnlpError, is_disk_full

HERE: Final = Path(__file__).parent

#: Most memory that writing may use; beyond it DuckDB works on disk. A night needs no more than a small one.
MEMORY: Final = "512MB"

#: DuckDB shares out groups of 122,880 rows. No table of a smaller file has two of them: more threads would only wait.
SMALL_FILE_BYTES: Final = 64 * 2**20

DISK_FULL: Final = (
    "the disk is full: nothing of this was stored, and what was published is whole. Make room, then run again."
)


class WarehouseError(CxnlpError):
    """The warehouse cannot do what was asked; the message says what was found, what is allowed and how to mend it."""


def connect(path: Path | str, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a file in bounded memory, beyond which DuckDB works beside the file; what is in memory stays there."""
    connection = duckdb.connect(str(path), read_only=read_only)
    if str(path) == ":memory:":
        connection.execute("SET temp_directory = ''")
    else:
        connection.execute("SET memory_limit = $1", [MEMORY])
        fit_threads(connection, Path(path).stat().st_size)
    return connection


def fit_threads(connection: duckdb.DuckDBPyConnection, n_bytes: int) -> None:
    """Use one thread for so much data when it is little, else all cores."""
    connection.execute("SET threads = 1" if n_bytes < SMALL_FILE_BYTES else "RESET threads")


@cache
def text(name: str) -> str:
    """Return the text of a file such as ``views/settled.sql``."""
    return (HERE / name).read_text("utf-8")


@cache
def text_of_views() -> str:
    """Return the text of the macros, of every view and of what their columns mean."""
    return "\n".join(text(file) for file in ("columns.sql", *files_of_views()))


def files_of_views() -> tuple[str, ...]:
    """Return the files that make macros and views."""
    return ("macros.sql", "shares.sql", "counts.sql", *(f"views/{view}.sql" for view in names("views")))


def names(folder: str) -> tuple[str, ...]:
    """Return the names of the ``.sql`` files in a folder, without ending, sorted."""
    return tuple(sorted(path.stem for path in (HERE / folder).glob("*.sql")))


def run(
    connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Run every statement of a file with the values that it names; the last one's result can be fetched."""
    for statement in connection.extract_statements(text(name)):
        given = {key: (values or {})[key] for key in statement.named_parameters}
        connection.execute(statement, given or None)
    return connection


#: Connections that are inside a transaction, by identity: DuckDB cannot be asked, and a second BEGIN breaks the first.
_OPEN: Final[set[int]] = set()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block is stored, or nothing of it; inside another transaction it is a part of that one.

    Raises:
        WarehouseError: the disk is full.
    """
    if id(connection) in _OPEN:
        yield
        return
    connection.execute("BEGIN")
    _OPEN.add(id(connection))
    try:
        yield
        connection.execute("COMMIT")
    except BaseException as error:
        with suppress(duckdb.Error):  # after a fatal error there is nothing left to take back
            connection.execute("ROLLBACK")
        if isinstance(error, duckdb.Error) and is_disk_full(error):
            raise WarehouseError(DISK_FULL) from error
        raise
    finally:
        _OPEN.discard(id(connection))


def scalar(connection: duckdb.DuckDBPyConnection, query: str, values: object = None) -> Any:
    """Return the first column of the first row; None when there is no row."""
    row = connection.execute(query, values).fetchone()
    return None if row is None else row[0]


def identifier(name: str) -> str:
    """Return ``name`` quoted for use as a table or column."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Path | str) -> str:
    """Return ``value`` as a quoted SQL string, for ATTACH and COMMENT, which cannot bind."""
    return "'" + str(value).replace("'", "''") + "'"


def first_line(error: Exception) -> str:
    """Return the first line of an error's message, which names what is wrong without the query around it."""
    return (str(error).splitlines() or [type(error).__name__])[0]
