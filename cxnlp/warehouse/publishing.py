"""Publish the working file as a snapshot that readers may hold as long as they like.

    warehouse/cx-2026-11-02-1-0007.duckdb    a snapshot: run id and a counter that only grows; never changed again
    warehouse/cx.duckdb                      the pointer to the newest one

A snapshot is written under a ``.partial`` name, compared row by row with the working file, made durable, and renamed;
then the pointer moves in one step. A process killed in between leaves at worst a ``.partial`` file, which the next
publish sweeps away. Where people have only decided something since the newest snapshot, the next one is written as
`republishing` says, with the same steps around it.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.warehouse import editions, fulltext, republishing, sql
from cxnlp.warehouse.counting import count
from cxnlp.warehouse.editions import Edition
from cxnlp.warehouse.opening import write_empty
from cxnlp.warehouse.reading import attach
from cxnlp.warehouse.schema import published_tables
from cxnlp.warehouse.sql import WarehouseError
from cxnlp.warehouse.storing import store_views

POINTER: Final = "cx.duckdb"

_SNAPSHOT: Final = re.compile(r"^cx-(?P<run_id>.+)-(?P<counter>\d{4,})\.duckdb$")
_NEXT_POINTER: Final = f".{POINTER}.partial"
_LAST_RUN: Final = "SELECT run_id FROM runs ORDER BY rowid DESC LIMIT 1"  # the last one loaded


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
    run_id = sql.scalar(connection, _LAST_RUN)
    if run_id is None:
        raise WarehouseError(f"{folder}: there is nothing to publish; no run was loaded. Run `cxnlp run`.")
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    n_counted = count(connection)
    newest = _newest(folder)
    last = None if newest is None else editions.of_file(newest)
    snapshot = folder / f"cx-{run_id}-{1 if newest is None else _counter(newest) + 1:04d}.duckdb"
    published = None
    if newest and last and not n_counted and republishing.may_follow(connection, last, run_id):
        published = _follow(connection, snapshot, newest, last)
    current, edition = published or _publish_whole(connection, snapshot, newest, last)
    _point(folder / POINTER, current)
    _prune(folder, current, keep, stays or (lambda _: True))
    editions.remember(connection, edition)
    return current


def _follow(
    connection: duckdb.DuckDBPyConnection, snapshot: Path, newest: Path, last: Edition
) -> tuple[Path, Edition] | None:
    """Write what people decided behind the newest snapshot, where it is news; None when that snapshot is damaged."""
    edition = republishing.edition_after(connection, last)
    if edition == last:
        return newest, last
    try:
        with _named(snapshot) as partial:
            republishing.write(connection, partial, newest=newest, last=last, edition=edition)
    except duckdb.Error:
        _sweep(snapshot.parent)
        return None
    return snapshot, edition


def _publish_whole(
    connection: duckdb.DuckDBPyConnection, snapshot: Path, newest: Path | None, last: Edition | None
) -> tuple[Path, Edition]:
    """Write all that is published, where anything of it is news or the newest snapshot is no file of its own."""
    connection.execute("CHECKPOINT")
    run_id = sql.scalar(connection, _LAST_RUN)
    edition = editions.of(run_id, editions.sums(connection))
    if newest is not None and edition == last and not editions.is_copied(newest):
        return newest, edition
    with _named(snapshot) as partial:
        _write(connection, partial, edition)
    return snapshot, edition


@contextmanager
def _named(snapshot: Path) -> Iterator[Path]:
    """Give a partial name to write under; then the file gets its own, when it is whole and durable."""
    partial = snapshot.with_name(f"{snapshot.name}.partial")
    yield partial
    make_durable(partial)
    partial.chmod(partial.stat().st_mode & ~0o222)
    partial.rename(snapshot)
    make_durable(snapshot.parent)


def _write(connection: duckdb.DuckDBPyConnection, partial: Path, edition: Edition) -> None:
    """Write a published file from the working file."""
    write_empty(partial, published=True)
    with sql.connect(partial) as fresh:
        editions.write(fresh, edition)
    _copy_rows(connection, partial)
    with sql.connect(partial) as fresh:
        store_views(fresh)
        fulltext.index(fresh)
    with attach(partial) as copy:
        copy.execute("SET memory_limit = $1", [sql.MEMORY])
        found = editions.sums(copy)
    if found != edition.sums:
        raise WarehouseError(f"{partial}: the copy differs from the working file and was not published. Check the "
                             "disk, then run again.")  # fmt: skip


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
