"""Open the working file, which one process may write at a time; where there is none, make an empty one."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from cxnlp import taxonomy
from cxnlp.errors import is_disk_full
from cxnlp.settings import Workspace
from cxnlp.warehouse import editions, republishing, sql
from cxnlp.warehouse.schema import has_column, leave_out_private, prepare, refuse_newer, write
from cxnlp.warehouse.sql import WarehouseError


def open_working(
    path: Path | str, words: pl.DataFrame | None = None, *, decides: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open the working file, making or upgrading it.

    Args:
        path: the file, whose folder is made; ":memory:" for one that is gone with the connection.
        words: rows of the table taxonomy (columns `cxnlp.taxonomy.TAXONOMY`); the shipped taxonomy when None.
        decides: nothing will be changed but the tables `cxnlp.warehouse.schema.DECIDED_TABLES`, so that a publication
            need not look at the others.

    Raises:
        WarehouseError: another process has it open, it is no warehouse, or a newer cxnlp made it.
    """
    path = Path(path)
    if str(path) != ":memory:":
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            write_empty(path)
    connection = _open(path)
    try:
        if str(path) == ":memory:":
            sql.fit_threads(connection, 0)
        prepare(connection, path)
        if decides:
            republishing.promise(connection)
        else:
            editions.forget(connection)
        write(connection, "taxonomy", taxonomy.load().frame() if words is None else words)
        write(connection, "statements", taxonomy.scorecard())
    except BaseException:
        connection.close()
        raise
    return connection


def open_of(workspace: Workspace, path: Path | None = None, *, decides: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a workspace's working file with its own labels, and what it says of its moments, in it.

    Args:
        workspace: whose.
        path: a copy of its working file, to be opened in its place.
        decides: as in `open_working`.

    Raises:
        WarehouseError: as `open_working` does.
        TaxonomyError: ``taxonomy.yaml`` or ``moments.yaml`` of the workspace cannot be used.
    """
    vocabulary = taxonomy.load(additions=workspace.taxonomy_file)
    plans = taxonomy.read_plans(workspace.moments_file, vocabulary.moments)
    connection = open_working(path or workspace.working_database, plans.applied(vocabulary.frame()), decides=decides)
    write(connection, "targets", plans.targets())
    write(connection, "fixes", plans.fixes())
    return connection


def look(path: Path) -> int:
    """Open the working file without changing it and return the number of runs that were loaded.

    Raises:
        WarehouseError: as `open_working` does.
    """
    with _open(path, read_only=True) as connection:
        refuse_newer(connection, path)
        if not has_column(connection, "runs", "run_id"):  # killed before its first tables
            return 0
        return int(sql.scalar(connection, "SELECT count(*) FROM runs"))


def write_empty(path: Path, *, published: bool = False) -> None:
    """Write a warehouse file that has everything but rows; it appears as a whole.

    Args:
        path: where no file is yet.
        published: without what stays private.

    Raises:
        WarehouseError: the disk is full.
    """
    partial = path.with_name(f"{path.name}.empty")
    try:
        partial.write_bytes(_empty(published=published))
        partial.replace(path)
    except (OSError, duckdb.Error) as error:
        partial.unlink(missing_ok=True)
        if is_disk_full(error):
            raise WarehouseError(sql.DISK_FULL) from error
        raise


@cache
def _empty(*, published: bool) -> bytes:
    """Return the bytes of an empty file: a process makes it once, as hundreds of comments take a second."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "empty.duckdb")
        if published:
            path.write_bytes(_empty(published=False))
        with sql.connect(path) as connection:
            if published:
                leave_out_private(connection)
            else:
                prepare(connection, path)
            connection.execute("CHECKPOINT")  # closing would do the same, but says nothing of a full disk
        return path.read_bytes()


def _open(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    try:
        return sql.connect(path, read_only=read_only)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise WarehouseError(f"{path}: another process has it open, and one alone may write. Wait until that run "
                                 "has ended, or stop it.") from error  # fmt: skip
        raise WarehouseError(f"{path}: cannot be opened as a DuckDB database ({sql.first_line(error)}). Move it away; "
                             "the next run builds a new one from the sources.") from error  # fmt: skip
