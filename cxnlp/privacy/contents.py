"""Everything that a file says: its bytes, and the values or members that its format packs."""

import gzip
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final, cast

import duckdb
import polars as pl

from cxnlp.warehouse import encrypted, sql
from cxnlp.warehouse.sql import WarehouseError

_BLOCK: Final = 4 << 20  # bytes
_OVERLAP: Final = 4 << 10  # a run of words across the border of two blocks is met in the next one
_ROWS: Final = 2_000

#: What libraries raise at a file that is not of the format that it says.
_NOT_SO: Final = (
    duckdb.Error, WarehouseError, sqlite3.Error, pl.exceptions.PolarsError, zipfile.BadZipFile, EOFError,
)  # fmt: skip

Piece = tuple[str, bytes]  # where in the file, and what stands there


def pieces(path: Path, key: str | None = None) -> Iterator[Piece]:
    """Yield the bytes of a file, block by block, then what its format hides; of an encrypted one if the key opens it.

    A file that says it is of a format and is not (half a database) is searched by its bytes alone.
    """
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(0)
        yield from (("", block) for block in _blocks(file))
    try:
        if head[8:12] == b"DUCK":
            yield from _duckdb(path, key)
        elif head.startswith(b"SQLite format 3"):
            yield from _sqlite(path)
        elif head.startswith(b"PAR1"):
            yield from _parquet(path)
        elif head.startswith(b"PK"):
            yield from _zip(path)
        elif head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as packed:
                yield from (("gzip", block) for block in _blocks(cast(IO[bytes], packed)))
    except (*_NOT_SO, OSError):
        return


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    tail = b""
    while block := file.read(_BLOCK):
        yield tail + block
        tail = block[-_OVERLAP:]


def _duckdb(path: Path, key: str | None) -> Iterator[Piece]:
    """The values of every column of text; a copy is opened, so that its log of changes is in it, too."""
    with tempfile.TemporaryDirectory(prefix="cxnlp-") as folder:
        copy = Path(folder) / "copy.duckdb"
        shutil.copyfile(path, copy)
        log = path.with_name(path.name + ".wal")
        if log.is_file():
            shutil.copyfile(log, copy.with_name(copy.name + ".wal"))
        with _opened(copy, key) as connection:
            columns = connection.execute(
                "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
                "SEMI JOIN duckdb_tables() USING (table_oid) "
                "WHERE NOT internal AND database_name = current_database() AND data_type LIKE '%VARCHAR%' ORDER BY ALL"
            ).fetchall()
            for schema, table, column in columns:
                name, place = sql.identifier(column), f"{sql.identifier(schema)}.{sql.identifier(table)}"
                result = connection.execute(f"SELECT {name}::VARCHAR FROM {place} WHERE {name} IS NOT NULL")  # noqa: S608
                yield from _joined(f"{table}.{column}", _batches(result))


@contextmanager
def _opened(path: Path, key: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    if key is None or not encrypted.is_encrypted(path):
        with sql.connect(path) as connection:
            yield connection
        return
    with encrypted.opened(writes=False) as connection:
        encrypted.attach(connection, path, "locked", key)
        connection.execute("USE locked")
        yield connection


def _sqlite(path: Path) -> Iterator[Piece]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        tables = [row[0].decode() for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            cursor = connection.execute(f"SELECT * FROM {sql.identifier(table)}")  # noqa: S608
            yield from _joined(table, _batches(cursor))


def _parquet(path: Path) -> Iterator[Piece]:
    for name, column in pl.read_parquet(path).select(pl.selectors.string()).to_dict().items():
        yield name, b"\x00".join(str(value).encode("utf-8", "surrogatepass") for value in column.drop_nulls())


def _zip(path: Path) -> Iterator[Piece]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as file:
                yield from ((name, block) for block in _blocks(file))


def _batches(result: duckdb.DuckDBPyConnection | sqlite3.Cursor) -> Iterator[Sequence[tuple[object, ...]]]:
    while rows := result.fetchmany(_ROWS):
        yield rows


def _joined(name: str, batches: Iterable[Sequence[tuple[object, ...]]]) -> Iterator[Piece]:
    for rows in batches:
        values = (value for row in rows for value in row if isinstance(value, str | bytes))
        yield (
            name,
            b"\x00".join(
                value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass") for value in values
            ),
        )
