"""SQLite files in a source's folder: one table of the database, or each, as a sheet."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice
from typing import Final
from urllib.parse import quote

from cxnlp.channels.columns import Row
from cxnlp.channels.files import File
from cxnlp.channels.items import Unusable
from cxnlp.channels.sheets import HEAD_ROWS, Sheet
from cxnlp.settings import Source

SUFFIXES: Final = (".sqlite", ".sqlite3", ".db")
MAGIC: Final = b"SQLite format 3\x00"[:8]
_MOST_TABLES: Final = 100
_LONGEST_VALUE: Final = 10_000_000
_NAMES: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
)
_NAMED: Final = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?"


def sqlite_sheets(source: Source, file: File) -> Iterator[Sheet]:
    """Yield the table or view that ``sheet`` names, else every table. Rows count from 1, below no header.

    Raises:
        Unusable: damaged, encrypted, or without the table that is named.
    """
    try:
        for name in _names(source, file):
            rows = _rows(file, name)
            yield Sheet(name, list(islice(rows, HEAD_ROWS + 1)), rows, first=0)
    except sqlite3.Error as error:
        raise Unusable(
            f"Is an SQLite file that cannot be read ({type(error).__name__}): damaged, encrypted or in use. Copy it "
            "with SQLite's own .backup."
        ) from error


def connect(path: str) -> sqlite3.Connection:
    """Open an SQLite file, which may be anybody's: for reading alone, and without running what its schema brings."""
    connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=30, check_same_thread=False)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _names(source: Source, file: File) -> list[str]:
    with closing(connect(str(file.path))) as connection:
        names = [str(name) for (name,) in connection.execute(_NAMES)]
        if source.sheet is None and len(names) > _MOST_TABLES:
            raise Unusable(f"Has {len(names):,} tables; at most {_MOST_TABLES} are looked through. Set `sheet` of "
                           f"source {source.name!r} to the one with the notes.")  # fmt: skip
        if source.sheet is None or connection.execute(_NAMED, [source.sheet]).fetchone():
            return names if source.sheet is None else [source.sheet]
    raise Unusable(f"Has no table {source.sheet!r}. Its tables are {names[:20]}. Set `sheet` of source {source.name!r} "
                   "to one of these.")  # fmt: skip


def _rows(file: File, name: str) -> Iterator[Row]:
    """The columns' names, then the rows."""
    with closing(connect(str(file.path))) as connection:
        quoted = name.replace('"', '""')
        cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - an identifier, quoted
        header = [str(column[0]) for column in cursor.description]
        yield from chain([header], (list(map(_cell, row)) for row in cursor))


def _cell(value: object) -> object:
    return None if isinstance(value, bytes) else value
