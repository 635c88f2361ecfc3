"""Publish the working file as a snapshot that readers may hold as long as they like.

    warehouse/cx-2026-11-02-1-0007.duckdb    a snapshot: run id and a counter that only grows; never changed again
    warehouse/cx.duckdb                      the pointer to the newest one

A snapshot is written under a ``.partial`` name, compared row by row with the working file, made durable, and renamed;
then the pointer moves in one step. A process killed in between leaves at worst a ``.partial`` file, which the next
publish sweeps away.
"""

import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.warehouse import fulltext, sql
from cxnlp.warehouse.counting import count
from cxnlp.warehouse.opening import write_empty
from cxnlp.warehouse.reading import attach
from cxnlp.warehouse.schema import published_tables
from cxnlp.warehouse.sql import WarehouseError
from cxnlp.warehouse.storing import store_views

POINTER: Final = "cx.duckdb"

_SNAPSHOT: Final = re.compile(r"^cx-(?P<run_id>.+)-(?P<counter>\d{4,})\.duckdb$")
_NEXT_POINTER: Final = f".{POINTER}.partial"

#: How long stages took is no news: a warehouse that differs in nothing else is not published again.
_NOT_NEWS: Final = ("edition", "run_stages")


def publish(
    connection: duckdb.DuckDBPyConnection, folder: Path, *, keep: int = 3, stays: Callable[[Path], bool] | None = None
) -> Path:
    """Publish what is committed and return the snapshot; when nothing changed since the last one, return that.

    Args:
        connection: the open working file, outside a transaction.
        folder: where snapshots and pointer live; it is made.
        keep: of how many runs the newest snapshot stays, the new one included; at least 1.
        stays: asked of each earlier snapshot that would stay; all of them when None.

    Raises:
        WarehouseError: nothing was ever loaded, or the copy is not what the working file holds.
    """
    run_id = sql.scalar(connection, "SELECT run_id FROM runs ORDER BY rowid DESC LIMIT 1")  # the last one loaded
    if run_id is None:
        raise WarehouseError(f"{folder}: there is nothing to publish; no run was loaded. Run `cxnlp run`.")
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    count(connection)
    connection.execute("CHECKPOINT")
    fingerprint = _fingerprint(connection)
    newest = _newest(folder)
    if newest is None or _edition_of(newest) != (run_id, fingerprint):
        counter = 1 if newest is None else _counter(newest) + 1
        newest = _write(connection, folder / f"cx-{run_id}-{counter:04d}.duckdb", run_id, fingerprint)
    _point(folder / POINTER, newest)
    _prune(folder, newest, keep, stays or (lambda _: True))
    return newest


def _write(connection: duckdb.DuckDBPyConnection, snapshot: Path, run_id: str, fingerprint: str) -> Path:
    """Write a snapshot under a partial name; give it its own when it is whole and durable."""
    partial = snapshot.with_name(f"{snapshot.name}.partial")
    write_empty(partial, published=True)
    with sql.connect(partial) as fresh:
        fresh.execute("UPDATE edition SET run_id = $1, fingerprint = $2", [run_id, fingerprint])
    _copy_rows(connection, partial)
    with sql.connect(partial) as fresh:
        store_views(fresh)
        fulltext.index(fresh)
    with attach(partial) as copy:
        copy.execute("SET memory_limit = $1", [sql.MEMORY])
        found = _fingerprint(copy)
    if found != fingerprint:
        raise WarehouseError(f"{partial}: the copy differs from the working file and was not published. Check the "
                             "disk, then run again.")  # fmt: skip
    make_durable(partial)
    partial.chmod(partial.stat().st_mode & ~0o222)
    partial.rename(snapshot)
    make_durable(snapshot.parent)
    return snapshot


def _copy_rows(connection: duckdb.DuckDBPyConnection, partial: Path) -> None:
    """Copy all published rows into a file that has the tables already.

    Rows are copied, not the file: it comes out compact, and nothing private or deleted is left in unused blocks.
    """
    connection.execute(f"ATTACH {sql.literal(partial)} AS snapshot")
    try:
        with sql.transaction(connection):
            for table, columns in published_tables().items():
                if table != "edition":
                    names = ", ".join(map(sql.identifier, columns))
                    into = f"snapshot.{sql.identifier(table)} ({names})"
                    connection.execute(f"INSERT INTO {into} SELECT {names} FROM {sql.identifier(table)}")  # noqa: S608
        connection.execute("CHECKPOINT snapshot")
    finally:
        connection.execute("DETACH snapshot")


def _fingerprint(connection: duckdb.DuckDBPyConnection) -> str:
    """Return one number for everything that a reader can see: views, and the number and sum of hashes of all rows."""
    parts = [sql.text_of_views(), sql.text("fulltext.sql")]
    for table, columns in published_tables().items():
        if table not in _NOT_NEWS:
            names = ", ".join(map(sql.identifier, columns))
            rows = f"(SELECT {names} FROM {sql.identifier(table)}) AS r"  # noqa: S608
            parts.append(str(connection.execute(f"SELECT count(*), sum(hash(r)::HUGEINT) FROM {rows}").fetchone()))  # noqa: S608
    return str(sql.scalar(connection, "SELECT md5($1)", ["\n".join(parts)]))


def _edition_of(snapshot: Path) -> tuple[str, str] | None:
    """Return run id and fingerprint of a snapshot; None when it cannot be read."""
    try:
        with attach(snapshot) as connection:
            row: tuple[str, str] | None = connection.execute("SELECT run_id, fingerprint FROM edition").fetchone()
            return row
    except duckdb.Error:
        return None


def _point(pointer: Path, snapshot: Path) -> None:
    """Move the pointer in one step; where there are no symbolic links, it is a copy of the snapshot."""
    if pointer.is_symlink() and Path(os.readlink(pointer)).name == snapshot.name:
        return
    following = pointer.with_name(_NEXT_POINTER)
    try:
        following.symlink_to(snapshot.name)
    except (OSError, NotImplementedError):
        shutil.copyfile(snapshot, following)
        make_durable(following)
    following.replace(pointer)
    make_durable(pointer.parent)


def _sweep(folder: Path) -> None:
    """Remove what a killed publish left."""
    for leftover in (*folder.glob("cx-*.partial"), *folder.glob("cx-*.partial.*"), folder / _NEXT_POINTER):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)


def _prune(folder: Path, current: Path, keep: int, stays: Callable[[Path], bool]) -> None:
    """Remove all but the newest snapshot of each of the last ``keep`` runs, and of these what does not stay.

    So what is published again between nights takes no earlier night's place. A reader that holds a snapshot keeps it:
    it lives until it is closed.
    """
    newest_of = {_run_of(path): path for path in reversed(snapshots(folder))}
    kept = sorted(newest_of.values(), key=_counter, reverse=True)[: max(keep, 1)]
    for old in snapshots(folder):
        if old != current and (old not in kept or not stays(old)):
            with suppress(OSError):  # systems that cannot remove an open file: the next publish tries again
                old.unlink()


def snapshots(folder: Path) -> list[Path]:
    """Return the snapshots, newest first; whatever else lies in the folder is not ours."""
    return sorted((path for path in folder.iterdir() if _SNAPSHOT.match(path.name)), key=_counter, reverse=True)


def _newest(folder: Path) -> Path | None:
    return next(iter(snapshots(folder)), None)


def _counter(snapshot: Path) -> int:
    match = _SNAPSHOT.match(snapshot.name)
    return int(match["counter"]) if match else 0


def _run_of(snapshot: Path) -> str:
    match = _SNAPSHOT.match(snapshot.name)
    return match["run_id"] if match else ""


def make_durable(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # folders on systems that do not open them
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
