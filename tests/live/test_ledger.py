"""Where to go on is stored with the items or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from cxnlp.warehouse import store
from tests.warehouse.night import partition, piece, refused, run, said


def stream(cursor: str, name: str = "tag/larkfield") -> dict[str, Any]:
    row = {"source": "post", "file": name, "n_bytes": 0, "modified_ns": 0, "n_items": 1}
    return row | {"cursor": json.dumps({"cursor": cursor})}


def bad(name: str, modified_ns: int = -1) -> dict[str, Any]:
    return {"source": "post", "file": name, "n_bytes": 0, "modified_ns": modified_ns, "n_items": 1, "cursor": None}


def test_a_night_that_is_taken_back_leaves_the_old_cursor(tmp_path: Path) -> None:
    connection = store.open_working(":memory:")
    first = partition(tmp_path / "1", piece("f1", said("Late again.")), files=[stream("one")])
    store.load(connection, [first], run(1))
    second = partition(tmp_path / "2", piece("f2", said("On time.")), files=[stream("two")])

    def failing_night() -> None:
        with store.transaction(connection):
            store.load(connection, [second], run(2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_night()
    (row,) = store.seen_files(connection, "post").to_dicts()
    assert json.loads(row["cursor"]) == {"cursor": "one"}
    store.load(connection, [second], run(2))
    (row,) = store.seen_files(connection, "post").to_dicts()
    assert json.loads(row["cursor"]) == {"cursor": "two"}


def test_a_refused_piece_stays_in_quarantine_until_it_is_read(tmp_path: Path) -> None:
    """The stream is read every night; that alone must not take its pieces out of the quarantine."""
    connection = store.open_working(":memory:")
    pieces = [refused("q1", "tag/larkfield#7"), refused("q2", "tag/larkfield#8"), refused("q3", "tag/larkfield")]
    files = [stream("one"), bad("tag/larkfield#7"), bad("tag/larkfield#8")]
    store.load(connection, [partition(tmp_path / "1", quarantine=pieces, files=files)], run(1))
    mended = [stream("two"), bad("tag/larkfield#8", 0)]
    store.load(connection, [partition(tmp_path / "2", piece("f8", said("Late.")), files=mended)], run(2))
    left = connection.execute("SELECT quarantine_id FROM quarantine").fetchall()
    assert left == [("q1",)]


def test_the_cursor_is_not_published(tmp_path: Path) -> None:
    from cxnlp.warehouse.schema import published_tables

    assert "files" not in published_tables()
