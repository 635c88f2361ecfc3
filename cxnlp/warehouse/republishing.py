"""Publish decisions at once: the newest snapshot's file is copied, and what people decided is replaced in the copy.

A move of the backlog changes a few rows; to write, compare and index millions of others for it would take half a
minute. Only who opens the working file with a `promise` is served so, and only while the working file says that it
differs from the newest snapshot in nothing else; everything else that opens it to write makes it forget that. Views
that are tables in the file are made again where they could say something else now.
"""

import os
import shutil
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.errors import is_disk_full
from cxnlp.warehouse import editions, sql
from cxnlp.warehouse.dependencies import changed_views
from cxnlp.warehouse.editions import NOT_NEWS, Edition
from cxnlp.warehouse.reading import attach
from cxnlp.warehouse.schema import DECIDED_TABLES, published_tables
from cxnlp.warehouse.sql import WarehouseError
from cxnlp.warehouse.storing import store_again

_CHUNK: Final = 1 << 26  # bytes that are copied at a time


def promise(connection: duckdb.DuckDBPyConnection) -> None:
    """Say that this connection to the working file changes rows of `DECIDED_TABLES` alone."""
    connection.execute("SET VARIABLE only_decisions = true")


def may_follow(connection: duckdb.DuckDBPyConnection, last: Edition, run_id: str) -> bool:
    """Whether the working file differs from the newest snapshot in `DECIDED_TABLES` at most."""
    promised, known = connection.execute("SELECT getvariable('only_decisions'), fingerprint FROM edition").fetchall()[0]
    if not promised or known is None or last != editions.of(run_id, last.sums) or known != last.fingerprint:
        return False
    others = {table: rows.partition(" ")[0] for table, rows in last.sums.items() if table not in DECIDED_TABLES}
    counted = (f"SELECT count(*)::VARCHAR FROM {sql.identifier(table)}" for table in others)  # noqa: S608 - names of ours
    return all(sql.scalar(connection, query) == n for query, n in zip(counted, others.values(), strict=True))


def edition_after(connection: duckdb.DuckDBPyConnection, last: Edition) -> Edition:
    """Return what a snapshot holds that follows the last one with what people have decided since."""
    return editions.of(last.run_id, {**last.sums, **editions.sums(connection, DECIDED_TABLES)})


def write(
    connection: duckdb.DuckDBPyConnection, partial: Path, *, newest: Path, last: Edition, edition: Edition
) -> None:
    """Write the snapshot that follows the ``newest``.

    Args:
        connection: the open working file, outside a transaction.
        partial: the file to be written.
        newest: the snapshot that is followed.
        last: what is in that.
        edition: what shall be in the file.

    Raises:
        WarehouseError: the file does not hold that.
        duckdb.Error: the newest snapshot is damaged.
    """
    tables = [table for table in DECIDED_TABLES if edition.sums[table] != last.sums[table]]
    _copy_file(newest, partial)
    changed = _replace(connection, partial, tables)
    with sql.connect(partial) as copy:
        store_again(copy, changed_views(changed))
        editions.write(copy, edition, follows=newest)
        copy.execute("CHECKPOINT")
    with attach(partial) as copy:
        found = editions.sums(copy, tables)
    if found != {table: edition.sums[table] for table in tables}:
        raise WarehouseError(f"{partial}: the copy differs from the working file and was not published. Check the "
                             "disk, then run again.")  # fmt: skip


def _copy_file(source: Path, target: Path) -> None:
    """Copy a file within the kernel where that can be done: some file systems then share what does not change.

    Raises:
        WarehouseError: the disk is full.
    """
    try:
        try:
            with source.open("rb") as old, target.open("wb") as new:
                while os.copy_file_range(old.fileno(), new.fileno(), _CHUNK):
                    pass
        except (AttributeError, OSError):  # not Linux, or not between such file systems
            shutil.copyfile(source, target)
    except OSError as error:
        target.unlink(missing_ok=True)
        if is_disk_full(error):
            raise WarehouseError(sql.DISK_FULL) from error
        raise


def _replace(connection: duckdb.DuckDBPyConnection, partial: Path, tables: list[str]) -> Mapping[str, Set[str] | None]:
    """Give tables of a file the rows of now; return the columns that changed, None where rows came or went."""
    changed = {}
    connection.execute(f"ATTACH {sql.literal(partial)} AS snapshot")
    try:
        with sql.transaction(connection):
            for table in (*tables, *(name for name in NOT_NEWS if name != "edition")):
                names = ", ".join(map(sql.identifier, published_tables()[table]))
                old = f"snapshot.{sql.identifier(table)}"
                if table in tables:
                    changed[table] = _changed_columns(connection, names, old, sql.identifier(table))
                connection.execute(f"DELETE FROM {old}")  # noqa: S608 - names of ours
                connection.execute(f"INSERT INTO {old} ({names}) SELECT {names} FROM {sql.identifier(table)}")  # noqa: S608
        connection.execute("CHECKPOINT snapshot")
    finally:
        connection.execute("DETACH snapshot")
    return changed


def _changed_columns(connection: duckdb.DuckDBPyConnection, names: str, old: str, new: str) -> Set[str] | None:
    """Return columns without which the rows are the same; None where there are more or fewer.

    Rows are paired in order, so by their ids, which come first. Any pairing would do: columns that are the same in each
    pair hold the same rows of values.
    """
    before, after = (connection.execute(f"SELECT {names} FROM {table} ORDER BY ALL").pl() for table in (old, new))  # noqa: S608
    if before.height != after.height:
        return None
    return {name for name in before.columns if not before[name].equals(after[name])}
