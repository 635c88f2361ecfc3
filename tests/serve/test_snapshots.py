"""The newest snapshot is read, an old one is kept for who began with it, and then let go."""

import os
import threading
from pathlib import Path

import pytest

from cxnlp.serve.snapshots import Snapshots, TooSlow
from cxnlp.settings import Workspace
from cxnlp.warehouse import store
from cxnlp.warehouse.sql import WarehouseError
from tests.serve.conftest import copied

TITLES = "SELECT DISTINCT title FROM backlog WHERE kind = 'moment' AND label = 'delivery'"


def publish(workspace: Workspace, title: str) -> Path:
    """Publish the working database with another title for one item, as a night would."""
    with store.open_working(workspace.working_database) as connection:
        connection.execute("UPDATE backlog SET title = $1 WHERE kind = 'moment' AND label = 'delivery'", [title])
        return store.publish(connection, workspace.warehouse, keep=1)


def title(snapshots: Snapshots) -> str:
    with snapshots.reader() as (_, cursor):
        return str(cursor.execute(TITLES).fetchall()[0][0])


def test_a_reader_keeps_its_night_and_the_next_one_sees_the_new(workspace: Workspace, tmp_path: Path) -> None:
    place = copied(workspace, tmp_path)
    snapshots = Snapshots(place.database)
    old = place.database.resolve()
    with snapshots.reader() as (before, cursor):
        publish(place, "Another title")
        assert not old.exists()  # keep=1: it is swept, and lives for who has it open
        assert title(snapshots) == "Another title"
        assert cursor.execute(TITLES).fetchall()[0][0] != "Another title"
    with snapshots.reader() as (after, _):
        assert after != before
    snapshots.close()


def test_what_was_swept_is_not_held_open(workspace: Workspace, tmp_path: Path) -> None:
    place = copied(workspace, tmp_path)
    snapshots = Snapshots(place.database)
    title(snapshots)
    old = str(place.database.resolve())

    def is_held() -> bool:
        """Whether this process has the file open, be it deleted."""
        return any(os.path.realpath(each).startswith(old) for each in Path("/proc/self/fd").iterdir())

    assert is_held()
    publish(place, "Another title")
    snapshots.refresh()
    assert not is_held()
    snapshots.close()


def test_a_warehouse_made_anew_under_the_same_name_is_another(workspace: Workspace, tmp_path: Path) -> None:
    place = copied(workspace, tmp_path)
    snapshots = Snapshots(place.database)
    first = title(snapshots)
    newer = publish(place, "Made anew")
    older_name = newer.with_name(newer.name.replace("0002", "0001"))
    assert older_name != newer
    newer.rename(older_name)
    place.database.unlink()
    place.database.symlink_to(older_name.name)
    assert (first, title(snapshots)) == (first, "Made anew")
    assert first != "Made anew"
    snapshots.close()


def test_many_read_while_a_night_is_published(workspace: Workspace, tmp_path: Path) -> None:
    place = copied(workspace, tmp_path)
    snapshots = Snapshots(place.database, n_cursors=3)
    seen: set[str] = set()
    failed: list[Exception] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                seen.add(title(snapshots))
                is_over.wait(0.01)
            except Exception as error:
                failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(5)]
    for reader in readers:
        reader.start()
    publish(place, "Another night")
    is_over.set()
    for reader in readers:
        reader.join()
    assert failed == []
    assert title(snapshots) == "Another night"
    assert seen
    snapshots.close()


def test_a_query_has_its_time_and_a_cursor_nothing_but_the_database(workspace: Workspace) -> None:
    snapshots = Snapshots(workspace.database, n_cursors=1, seconds=0.2)
    with (
        pytest.raises(TooSlow, match=r"longer than 0\.2 s"),
        snapshots.reader() as (_, cursor),
    ):
        cursor.execute("SELECT count(*) FROM range(1000000000) a, range(1000) b").fetchall()
    with snapshots.reader() as (_, cursor):  # the same cursor works on
        assert cursor.execute("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]
        for forbidden in ("FROM read_text('/etc/hostname')", "SET memory_limit = '9GB'", "DELETE FROM cx.backlog"):
            with pytest.raises(Exception, match=r"disabled|locked|read-only"):
                cursor.execute(forbidden)
    snapshots.close()


def test_before_the_first_night_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no published database yet"):
        Snapshots(tmp_path / "cx.duckdb").edition()
