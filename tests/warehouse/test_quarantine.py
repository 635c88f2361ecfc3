"""What could not be used waits, is read again, or is released; what leaves its source is marked."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp.frames import PLACES
from cxnlp.warehouse import store
from tests.warehouse.night import NIGHT, file, partition, piece, refused, rows, run, said

AT = datetime(2026, 11, 4, 9, tzinfo=UTC)
LATE = piece("f1", said("The parcel never came.", -1, "moment:delivery"))
THANKS = piece("f2", said("Thank you for the quick repair.", 1))
VANISHED = "SELECT feedback_id FROM feedback WHERE vanished_on IS NOT NULL ORDER BY 1"


def staged(folder: Path, *pieces: object, places: dict[str, str], **frames: object) -> Path:
    """A partition whose pieces stand in files: feedback_id → file."""
    made = partition(folder, *pieces, **frames)  # type: ignore[arg-type]
    found = [{"feedback_id": key, "source": "post", "file": name, "row": at} for at, (key, name) in
             enumerate(places.items(), 1)]  # fmt: skip
    pl.DataFrame(found, schema=PLACES).write_parquet(made / "places.parquet")
    return made


def again(folder: Path, *feedback_ids: str, places: dict[str, str], **frames: object) -> Path:
    """A partition of items that are stored already."""
    made = staged(folder, places=places, **frames)
    pl.DataFrame({"feedback_id": feedback_ids}, schema={"feedback_id": pl.String}).write_parquet(
        made / "unchanged.parquet"
    )
    return made


@pytest.fixture
def two(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A warehouse with two rows of one table."""
    places = {"f1": "inbox.csv", "f2": "inbox.csv"}
    store.load(connection, [staged(tmp_path / "two", LATE, THANKS, places=places)], run(1))
    return connection


def test_a_row_that_left_its_table_is_marked_and_still_counted(two: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    second = again(tmp_path / "a", "f2", places={"f2": "inbox.csv"}, files=[file("inbox.csv", 1, 9)])
    store.load(two, [second], run(2))
    assert rows(two, "SELECT feedback_id, vanished_on FROM feedback ORDER BY 1") == [("f1", NIGHT), ("f2", None)]
    assert rows(two, "SELECT n_feedback, n_vanished FROM freshness") == [(2, 1)]
    assert rows(two, "SELECT count(*) FROM evidence WHERE feedback_id = 'f1'") != [(0,)]
    assert store.check(two) == []


def test_one_that_comes_back_is_unmarked(two: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(two, [], run(2, gone=(("post", "inbox.csv"),)))
    assert rows(two, VANISHED) == [("f1",), ("f2",)]
    assert store.seen_files(two, "post").is_empty()  # so that it is opened when it is back
    back = again(tmp_path / "a", "f1", places={"f1": "elsewhere.csv"}, files=[file("elsewhere.csv", 1)])
    store.load(two, [back], run(3))
    assert rows(two, VANISHED) == [("f2",)]
    assert store.known_files(two, "post") == {"elsewhere.csv"}


def test_what_another_file_still_holds_has_not_vanished(two: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    copy = again(tmp_path / "a", "f1", places={"f1": "copy.csv"}, files=[file("copy.csv", 1)])
    store.load(two, [copy], run(2))
    store.load(two, [], run(3, gone=(("post", "inbox.csv"),)))
    assert rows(two, VANISHED) == [("f2",)]
    assert store.check(two) == []


@pytest.mark.parametrize(
    ("problem_row", "n_before", "is_marked"),
    [
        (None, 0, False),  # the file could not be read to its end
        (2, 0, False),  # a row that could be read is broken now: it may be the one that is not there
        (2, 1, True),  # there were broken rows before; one more or less of others does not matter
    ],
)
def test_a_file_that_could_not_be_read_whole_says_nothing_about_what_left(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, problem_row: int | None, n_before: int, is_marked: bool
) -> None:
    places = {"f1": "inbox.csv", "f2": "inbox.csv"}
    before = [refused("old") | {"row": 7}] * n_before
    ledger = [file("inbox.csv", 2 + n_before)]
    first = staged(tmp_path / "a", LATE, THANKS, places=places, quarantine=before, files=ledger)
    store.load(connection, [first], run(1))
    problem = [refused("new") | {"row": problem_row}]
    second = again(
        tmp_path / "b", "f2", places={"f2": "inbox.csv"}, quarantine=problem, files=[file("inbox.csv", 2, 9)]
    )
    store.load(connection, [second], run(2))
    assert rows(connection, VANISHED) == ([("f1",)] if is_marked else [])
    assert store.check(connection) == []


def test_a_correction_is_no_vanishing(two: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    corrected = LATE.but(said("The parcel came after all.", 1))
    second = staged(tmp_path / "a", corrected, places={"f1": "inbox.csv", "f2": "inbox.csv"},
                    files=[file("inbox.csv", 2, 9)])  # fmt: skip
    pl.DataFrame({"feedback_id": ["f2"]}).write_parquet(second / "unchanged.parquet")
    store.load(two, [second], run(2))
    assert rows(two, VANISHED) == []
    told = "SELECT DISTINCT feedback_id, tags.run_id FROM tags JOIN mentions USING (mention_id) ORDER BY 1"
    assert rows(two, told) == [("f1", "2026-11-02-2"), ("f2", "2026-11-02-1")]  # only the corrected one is tagged anew


def test_without_places_nothing_is_known_to_vanish(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LATE, THANKS)], run(1))
    store.load(connection, [partition(tmp_path / "b", LATE, files=[file("inbox.csv", 1, 9)])], run(2))
    store.load(connection, [], run(3, gone=(("post", "inbox.csv"),)))
    assert rows(connection, VANISHED) == []


@pytest.fixture
def waiting(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A warehouse with three things in quarantine: two rows of one table, and a source that was away."""
    problems = [refused("aaaa1", "a.csv") | {"row": 3}, refused("aaaa2", "a.csv") | {"row": 5},
                refused("bbbb1", None, source="calls") | {"problem": "the folder is not there."}]  # fmt: skip
    first = staged(tmp_path / "w", LATE, quarantine=problems, places={"f1": "a.csv"}, files=[file("a.csv", 4)])
    store.load(connection, [first], run(1))
    return connection


def test_what_waits_is_listed_by_problem(waiting: duckdb.DuckDBPyConnection) -> None:
    listed = store.quarantined(waiting)
    assert listed["quarantine_id"].to_list() == ["aaaa1", "aaaa2", "bbbb1"]
    assert listed["since"].unique().to_list() == [NIGHT]
    assert store.quarantined(waiting, "calls")["quarantine_id"].to_list() == ["bbbb1"]


@pytest.mark.parametrize(("name", "words"), [("cccc", "nothing has this id"), ("aaaa", "2 items"), ("b", "nothing")])
def test_an_id_that_names_not_one_item_is_refused(waiting: duckdb.DuckDBPyConnection, name: str, words: str) -> None:
    with pytest.raises(store.WarehouseError, match=words):
        store.find_quarantined(waiting, name)


def test_the_beginning_of_an_id_is_enough(waiting: duckdb.DuckDBPyConnection) -> None:
    assert store.find_quarantined(waiting, "bbbb")["source"] == "calls"


def test_a_retry_forgets_the_file_and_nothing_else(waiting: duckdb.DuckDBPyConnection) -> None:
    files = store.retry(waiting, ["aaaa1", "bbbb1"])
    assert files.rows() == [("post", "a.csv", None)]
    assert store.seen_files(waiting, "post").is_empty()
    assert store.known_files(waiting, "post") == {"a.csv"}  # should it be gone tonight, that is seen
    assert store.quarantined(waiting).height == 3
    store.load(waiting, [], run(2, gone=(("post", "a.csv"),)))
    assert rows(waiting, VANISHED) == [("f1",)]
    assert rows(waiting, "SELECT count(*) FROM quarantine WHERE vanished_on IS NOT NULL") == [(2,)]


def test_a_release_leaves_the_list_and_stays_counted(waiting: duckdb.DuckDBPyConnection) -> None:
    assert store.release(waiting, ["aaaa1", "bbbb1"], by="mo", reason=" A blank page. ", at=AT) == 2
    assert store.release(waiting, ["aaaa1"], by="jo", reason="Twice.", at=AT) == 0
    assert store.quarantined(waiting)["quarantine_id"].to_list() == ["aaaa2"]
    assert store.quarantined(waiting, released=True).height == 3
    told = store.find_quarantined(waiting, "aaaa1")
    assert (told["released_by"], told["reason"], told["released_at"]) == ("mo", "A blank page.", AT)
    assert rows(waiting, "SELECT source, n_quarantined, n_released FROM freshness ORDER BY 1") == [
        ("calls", 0, 1),
        ("post", 1, 1),
    ]
    assert store.problems_of(waiting)["n"].to_list() == [1]
    assert store.check(waiting) == []
    with pytest.raises(store.WarehouseError, match="found no reason"):
        store.release(waiting, ["aaaa2"], by="mo", reason=" ", at=AT)


def test_a_retry_takes_a_release_back(waiting: duckdb.DuckDBPyConnection) -> None:
    store.release(waiting, ["aaaa1"], by="mo", reason="A blank page.", at=AT)
    store.retry(waiting, ["aaaa1"])
    assert store.quarantined(waiting).height == 3


@pytest.mark.parametrize(("n_bytes", "is_released"), [(10, True), (11, False)])
def test_a_release_outlives_new_words_for_the_same_file(
    waiting: duckdb.DuckDBPyConnection, tmp_path: Path, n_bytes: int, is_released: bool
) -> None:
    store.release(waiting, ["aaaa1"], by="mo", reason="A blank page.", at=AT)
    reworded = [refused("dddd1", "a.csv") | {"row": 3}, refused("dddd2", "a.csv") | {"row": 5}]
    read = again(tmp_path / "a", "f1", places={"f1": "a.csv"}, quarantine=reworded, files=[file("a.csv", 4, n_bytes)])
    store.load(waiting, [read], run(2))
    found = "SELECT quarantine_id, reason FROM quarantine WHERE source = 'post' ORDER BY 1"
    assert rows(waiting, found) == [("dddd1", "A blank page." if is_released else None), ("dddd2", None)]


def test_names_of_files_and_of_colleagues_are_not_published(waiting: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.release(waiting, ["aaaa1"], by="mo", reason="A blank page.", at=AT)
    store.publish(waiting, tmp_path / "warehouse")
    with store.open_published(tmp_path / "warehouse" / "cx.duckdb") as published:
        columns = store.quarantined(published, released=True).columns
        tables = [name for (name,) in rows(published, "SELECT table_name FROM duckdb_tables()")]
    assert {"file", "released_by"}.isdisjoint(columns)
    assert {"masked_file", "reason", "since", "vanished_on"} <= set(columns)
    assert {"places", "files"}.isdisjoint(tables)


def test_what_is_masked_by_now_takes_its_place(waiting: duckdb.DuckDBPyConnection) -> None:
    store.release(waiting, ["aaaa2"], by="mo", reason="Jo sent it.", at=AT)
    masked = [("aaaa1", "[PERSON].csv", None), ("aaaa2", "[PERSON].csv", "[PERSON] sent it.")]
    columns = ["quarantine_id", "masked_file", "reason"]
    store.mask_quarantine(waiting, pl.DataFrame(masked, schema=columns, orient="row"))
    found = "SELECT quarantine_id, file, masked_file, reason FROM quarantine ORDER BY 1"
    assert rows(waiting, found) == [
        ("aaaa1", "a.csv", "[PERSON].csv", None),
        ("aaaa2", "a.csv", "[PERSON].csv", "[PERSON] sent it."),
        ("bbbb1", None, None, None),
    ]


def test_every_run_is_reconciled(waiting: duckdb.DuckDBPyConnection) -> None:
    store.load(waiting, [], run(2))
    assert store.reconciled(waiting).select("run_id", "n_arrived", "n_missing").rows() == [
        ("2026-11-02-2", 0, 0),
        ("2026-11-02-1", 4, 0),
    ]
    waiting.execute("UPDATE runs SET n_arrived = 6 WHERE run_id = '2026-11-02-1'")
    assert store.reconciled(waiting)["n_missing"].to_list() == [0, 2]
    assert [offence.check for offence in store.check(waiting)] == ["arrived"]


def test_the_night_of_a_mark_is_that_of_the_run(two: duckdb.DuckDBPyConnection) -> None:
    later = date(2026, 11, 20)
    store.load(two, [], run(2, night=later, gone=(("post", "inbox.csv"),)))
    store.load(two, [], run(3, gone=(("post", "inbox.csv"),)))
    assert rows(two, "SELECT DISTINCT vanished_on FROM feedback") == [(later,)]
