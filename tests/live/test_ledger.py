"""Where to go on is stored with the items or not at all."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cxnlp.channels.items import Item
from cxnlp.channels.live.gathering import Gathered
from cxnlp.frames import PLACES
from cxnlp.settings import Source
from cxnlp.warehouse import store
from tests.warehouse.night import partition, piece, refused, run, said

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


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


def test_what_a_stream_does_not_tell_again_has_not_vanished(tmp_path: Path) -> None:
    """A stream tells what is new; only a file tells all that it holds."""
    connection = store.open_working(":memory:")
    places = {"source": "post", "file": "tag/larkfield", "row": None}
    for number, feedback_id in enumerate(("f1", "f2"), 1):
        folder = partition(tmp_path / feedback_id, piece(feedback_id, said("Late.")), files=[stream(str(number))])
        pl.DataFrame([places | {"feedback_id": feedback_id}], schema=PLACES).write_parquet(folder / "places.parquet")
        store.load(connection, [folder], run(number))
    assert connection.execute("SELECT feedback_id, vanished_on FROM feedback ORDER BY 1").fetchall() == [
        ("f1", None),
        ("f2", None),
    ]


def test_a_retry_reads_the_stream_of_a_piece_anew_and_the_piece_leaves_when_it_can_be_used(tmp_path: Path) -> None:
    connection = store.open_working(":memory:")
    pieces = [refused("q1q1", "tag/larkfield#7"), refused("q2q2", "tag/larkfield#8")]
    files = [stream("one"), stream("one", "tag/lark"), bad("tag/larkfield#7"), bad("tag/larkfield#8")]
    store.load(connection, [partition(tmp_path / "1", quarantine=pieces, files=files)], run(1))
    store.retry(connection, ["q1q1"])
    left = store.seen_files(connection, "post")
    assert left["file"].to_list() == ["tag/lark", "tag/larkfield#7", "tag/larkfield#8"]
    gathered = Gathered(Source.model_validate({"name": "post", "channel": "social", "kind": "live", "live": {}}), left)
    gathered.start("tag/larkfield")
    assert gathered.cursor("tag/larkfield") is None
    gathered.add(Item(external_id="7", text="Now it can be read.", occurred_at=AT))
    gathered.finish()
    ledger = gathered.batch().files.to_dicts()
    store.load(connection, [partition(tmp_path / "2", piece("f7", said("Late.")), files=ledger)], run(2))
    assert connection.execute("SELECT quarantine_id FROM quarantine").fetchall() == [("q2q2",)]


def test_the_cursor_is_not_published(tmp_path: Path) -> None:
    from cxnlp.warehouse.schema import published_tables

    assert "files" not in published_tables()
