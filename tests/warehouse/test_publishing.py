"""Snapshots appear whole, readers keep theirs, and nothing private is in them."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from cxnlp.warehouse import publishing, store
from cxnlp.warehouse.schema import PRIVATE_COLUMNS
from tests.warehouse.night import partition, piece, refused, rows, run, said

ROOT = Path(__file__).parents[2]


@pytest.fixture
def working(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    night(connection, tmp_path, 1)
    return connection


def night(connection: duckdb.DuckDBPyConnection, folder: Path, number: int) -> None:
    """Load one more night of one letter."""
    letter = piece(f"f{number}", said(f"Letter {number} about the van.", -1, "moment:delivery"))
    staged = partition(folder / f"night{number}", letter, quarantine=[refused(f"q{number}", f"{number}.txt")])
    store.load(connection, [staged], run(number))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def n_feedback(connection: duckdb.DuckDBPyConnection) -> int:
    return int(rows(connection, "SELECT count(*) FROM feedback")[0][0])


def test_the_pointer_names_a_whole_snapshot(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    snapshot = store.publish(working, folder)
    assert names(folder) == ["cx-2026-11-02-1-0001.duckdb", "cx.duckdb"]
    assert (folder / "cx.duckdb").resolve() == snapshot
    with store.open_published(folder / "cx.duckdb") as reader:
        for table in ("feedback", "mentions", "tags", "quarantine", "runs", "taxonomy", "evidence", "moments_all"):
            private = ", ".join(column for owner, column in PRIVATE_COLUMNS if owner == table)
            columns = f"* EXCLUDE ({private})" if private else "*"
            assert rows(reader, f"FROM {table}") == rows(working, f"SELECT {columns} FROM {table}"), table
        assert rows(reader, "SELECT run_id FROM edition") == [("2026-11-02-1",)]


def test_private_tables_are_not_published(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    snapshot = store.publish(working, tmp_path / "warehouse")
    with store.open_published(snapshot) as reader:
        tables = {name for (name,) in rows(reader, "SHOW TABLES")}
        assert "feedback" in tables
        assert tables.isdisjoint({"files", "signature_bands"})
        assert "signature" not in [name for name, *_ in rows(reader, "DESCRIBE feedback")]
    assert b"inbox.csv" not in snapshot.read_bytes()


def test_comments_are_published(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with store.open_published(store.publish(working, tmp_path / "warehouse")) as reader:
        bare = "NOT internal AND schema_name = 'main' AND comment IS NULL"
        assert rows(reader, f"SELECT table_name, column_name FROM duckdb_columns() WHERE {bare}") == []
        assert rows(reader, "SELECT comment IS NOT NULL FROM duckdb_tables() WHERE table_name = 'evidence'") == [
            (True,)
        ]


def test_nothing_new_is_not_published_again(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    first = store.publish(working, folder)
    written = first.stat().st_mtime_ns
    store.record_seconds(working, run().run_id, {"publish": 1.0})
    assert store.publish(working, folder) == first
    assert first.stat().st_mtime_ns == written
    assert names(folder) == ["cx-2026-11-02-1-0001.duckdb", "cx.duckdb"]


def test_anything_new_is_published_even_without_a_run(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    store.publish(working, folder)
    working.execute("INSERT INTO backlog (item_id, kind, label) VALUES ('i1', 'moment', 'delivery')")
    assert store.publish(working, folder).name == "cx-2026-11-02-1-0002.duckdb"
    assert store.query(folder / "cx.duckdb", "SELECT item_id FROM backlog").rows() == [("i1",)]


def test_the_newest_snapshots_stay(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    for number in (1, 2, 3):
        if number > 1:
            night(working, tmp_path, number)
        store.publish(working, folder, keep=2)
    assert names(folder) == ["cx-2026-11-02-2-0002.duckdb", "cx-2026-11-02-3-0003.duckdb", "cx.duckdb"]


def test_what_is_published_between_nights_takes_no_nights_place(
    working: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "warehouse"
    store.publish(working, folder, keep=2)
    night(working, tmp_path, 2)
    for number in range(3):
        working.execute("INSERT INTO backlog (item_id, kind, label) VALUES ($1, 'moment', 'delivery')", [str(number)])
        store.publish(working, folder, keep=2)
    assert names(folder) == ["cx-2026-11-02-1-0001.duckdb", "cx-2026-11-02-2-0004.duckdb", "cx.duckdb"]


def test_snapshots_that_may_not_stay_go_with_the_next(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder, asked = tmp_path / "warehouse", list[str]()
    store.publish(working, folder)
    night(working, tmp_path, 2)
    store.publish(working, folder, stays=lambda snapshot: bool(asked.append(snapshot.name)))
    assert asked == ["cx-2026-11-02-1-0001.duckdb"]
    assert names(folder) == ["cx-2026-11-02-2-0002.duckdb", "cx.duckdb"]


def test_a_reader_keeps_what_it_opened(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    store.publish(working, folder, keep=1)
    with store.open_published(folder / "cx.duckdb") as early:
        night(working, tmp_path, 2)
        store.publish(working, folder, keep=1)
        with store.open_published(folder / "cx.duckdb") as late:
            assert (n_feedback(early), n_feedback(late)) == (1, 2)
        assert rows(early, "SELECT n_mentions FROM moments_all") == [(1,)]


def test_a_snapshot_cannot_be_written(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    snapshot = store.publish(working, tmp_path / "warehouse")
    assert snapshot.stat().st_mode & 0o222 == 0
    with store.open_published(snapshot) as reader, pytest.raises(duckdb.Error, match="read-only"):
        reader.execute("DELETE FROM feedback")


def test_a_file_stands_in_where_there_are_no_links(
    working: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no symbolic links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    folder = tmp_path / "warehouse"
    for number in (1, 2):
        if number > 1:
            night(working, tmp_path, number)
        store.publish(working, folder)
        assert not (folder / "cx.duckdb").is_symlink()
        assert store.query(folder / "cx.duckdb", "SELECT count(*) FROM feedback").item() == number


def test_leftovers_of_a_killed_publish_are_swept(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    folder.mkdir()
    for name in (
        "cx-2026-11-01-1-0001.duckdb.partial",
        "cx-2026-11-01-1-0001.duckdb.partial.wal",
        ".cx.duckdb.partial",
    ):
        (folder / name).write_bytes(b"half")
    (folder / "notes.txt").write_text("an analyst's own file")
    store.publish(working, folder)
    assert names(folder) == ["cx-2026-11-02-1-0001.duckdb", "cx.duckdb", "notes.txt"]


def test_a_damaged_snapshot_is_replaced(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    damaged = store.publish(working, folder)
    damaged.chmod(0o644)
    damaged.write_bytes(b"x" * 100)
    assert store.publish(working, folder).name == "cx-2026-11-02-1-0002.duckdb"
    assert store.query(folder / "cx.duckdb", "SELECT count(*) FROM feedback").item() == 1


def test_a_copy_that_differs_is_not_published(
    working: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "warehouse"
    monkeypatch.setattr(publishing, "_copy_rows", lambda connection, partial: None)
    with pytest.raises(store.WarehouseError, match="the copy differs from the working file and was not published"):
        store.publish(working, folder)
    assert [name for name in names(folder) if not name.endswith(".partial")] == []


def test_there_is_nothing_to_publish_before_the_first_night(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(store.WarehouseError, match="there is nothing to publish; no run was loaded"):
        store.publish(connection, tmp_path / "warehouse")


READER = """
import sys
import time
from pathlib import Path
from cxnlp.warehouse import store
seen, pointer = [], Path(sys.argv[1])
print("ready", flush=True)
is_last = False
while not is_last:
    is_last = Path(sys.argv[2]).exists()
    with store.open_published(pointer) as connection:
        (n,) = connection.execute("SELECT count(*) FROM feedback").fetchall()[0]
        (m,) = connection.execute("SELECT sum(n_mentions) FROM moments_all").fetchall()[0]
    assert n == m, (n, m)
    assert not seen or n >= seen[-1], seen
    seen.append(n)
    time.sleep(0.02)
print(len(seen), sorted(set(seen)))
"""


def test_a_reader_in_another_process_sees_whole_nights_only(working: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder, stop = tmp_path / "warehouse", tmp_path / "stop"
    store.publish(working, folder, keep=1)
    command = [sys.executable, "-c", READER, str(folder / "cx.duckdb"), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in range(2, 5):
            night(working, tmp_path, number)
            store.publish(working, folder, keep=1)
        stop.touch()
        out, err = reader.communicate(timeout=60)
    assert (reader.returncode, err) == (0, "")
    assert out.strip().endswith("4]")


def test_a_snapshot_that_vanishes_is_looked_for_again(
    working: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "warehouse"
    newest = store.publish(working, folder)
    targets = iter([folder / "cx-gone-0000.duckdb", newest])
    monkeypatch.setattr("cxnlp.warehouse.reading._resolve", lambda path: next(targets))
    with store.open_published(folder / "cx.duckdb") as reader:
        assert n_feedback(reader) == 1


@pytest.mark.skipif(os.name == "nt", reason="folders are not made durable there")
def test_file_and_folder_are_made_durable_before_they_are_named(
    working: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    durable, rename, point = publishing.make_durable, Path.rename, publishing._point
    monkeypatch.setattr(publishing, "make_durable", lambda path: (steps.append(path.suffix or "/"), durable(path)))
    monkeypatch.setattr(Path, "rename", lambda path, target: (steps.append("rename"), rename(path, target)))
    monkeypatch.setattr(publishing, "_point", lambda *paths: (steps.append("point"), point(*paths)))
    store.publish(working, tmp_path / "warehouse")
    assert steps == [".partial", "rename", "/", "point", "/"]
