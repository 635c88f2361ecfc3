"""A night goes in whole: new, unchanged, corrected, quarantined."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp.warehouse import store
from tests.warehouse.night import (
    NIGHT,
    QUOTED,
    UNQUOTED,
    everything,
    file,
    frames,
    partition,
    piece,
    quoted,
    refused,
    rows,
    run,
    said,
)

LATE = piece(
    "f1",
    said("The parcel never came.", -1, "moment:delivery"),
    said("Nobody called me back.", -2, "moment:reaching_help", "unmeasurable:listening-"),
    employees=[{"employee_key": "e1", "role": "driver", "start": 4, "end": 10}],
)
THANKS = piece("f2", said("Thank you for the quick repair.", 1, "?moment:resolution"), day="2026-10-27")


def test_a_night_is_stored_with_all_that_belongs_to_it(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    staged = partition(tmp_path / "a", LATE, THANKS, quarantine=[refused("q1")])
    loaded = store.load(connection, [staged], run(seconds={"read": 1.5, "tag": 20.0}))
    assert loaded == store.Loaded("2026-11-02-1", n_arrived=3, n_stored=2, n_unchanged=0, n_duplicates=0,
                                  n_quarantined=1, n_mentions=3, n_tagged=2)  # fmt: skip
    assert rows(connection, "SELECT feedback_id, run_id FROM feedback") == [("f1", run().run_id), ("f2", run().run_id)]
    assert rows(connection, "SELECT mention_id, text FROM mentions") == [
        ("f1.1", "The parcel never came."),
        ("f1.2", "Nobody called me back."),
        ("f2.1", "Thank you for the quick repair."),
    ]
    assert rows(connection, "SELECT employee_key, run_id FROM employees") == [("e1", run().run_id)]
    assert rows(connection, "SELECT DISTINCT run_id FROM tags") == [(run().run_id,)]
    assert rows(connection, "SELECT stage, seconds FROM run_stages ORDER BY position") == [("read", 1.5), ("tag", 20.0)]
    assert store.seen_files(connection, "post").to_dicts() == [file("inbox.csv", 3)]
    assert store.seen_files(connection, "other").is_empty()
    assert store.check(connection) == []


def test_loading_the_same_twice_changes_nothing(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    staged = [partition(tmp_path / "a", LATE, THANKS, quarantine=[refused("q1")])]
    first = store.load(connection, staged, run(1))
    before = everything(connection)
    assert store.load(connection, staged, run(1)) == replace(first, is_new=False)
    again = store.load(connection, staged, run(2))
    assert (again.n_arrived, again.n_stored, again.n_unchanged, again.n_quarantined) == (3, 0, 2, 1)
    assert (again.n_mentions, again.n_tagged) == (0, 0)
    assert everything(connection) == before
    assert store.check(connection) == []


def test_what_was_left_out_before_tagging_is_counted(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LATE)], run(1))
    second = partition(tmp_path / "b", THANKS, files=[file("inbox.csv", 2)])
    pl.DataFrame({"feedback_id": ["f1"]}).write_parquet(second / "unchanged.parquet")
    loaded = store.load(connection, [second], run(2))
    assert (loaded.n_arrived, loaded.n_stored, loaded.n_unchanged) == (2, 1, 1)
    assert store.check(connection) == []


def test_a_night_without_anything_leaves_a_row_of_zeros(connection: duckdb.DuckDBPyConnection) -> None:
    assert store.load(connection, [], run()) == store.Loaded("2026-11-02-1", 0, 0, 0, 0, 0, 0, 0)
    assert rows(connection, "SELECT night, state, n_arrived FROM runs") == [(NIGHT, "loaded", 0)]


def test_only_new_and_changed_feedback_is_asked_for(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LATE, THANKS)], run())
    corrected = THANKS.but(said("Thank you for the slow repair."))
    newer = corrected.but(said("Thank you for nothing."), received_at=THANKS.columns["occurred_at"])
    fresh = piece("f3", said("Hello."))
    arrived = frames([fresh, LATE, corrected, newer])["feedback"].with_columns(speakers=pl.lit(None))
    found = store.not_stored(connection, arrived)
    assert found.select("feedback_id", "text").rows() == [("f3", "Hello."), ("f2", "Thank you for nothing.")]
    assert found.columns == arrived.columns
    assert store.not_stored(connection, arrived.clear()).is_empty()


def test_a_correction_takes_the_place_of_what_was_there(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LATE, THANKS)], run(1))
    corrected = LATE.but(said("The parcel came after all.", 1, "moment:delivery"), employees=[])
    loaded = store.load(connection, [partition(tmp_path / "b", corrected)], run(2))
    assert (loaded.n_stored, loaded.n_unchanged, loaded.n_mentions) == (1, 0, 1)
    assert rows(connection, "SELECT text, run_id FROM feedback WHERE feedback_id = 'f1'") == [
        ("The parcel came after all.", "2026-11-02-2")
    ]
    assert rows(connection, "SELECT mention_id FROM mentions WHERE feedback_id = 'f1'") == [("f1.1",)]
    assert rows(connection, "SELECT label FROM settled WHERE mention_id = 'f1.1' AND family = 'sentiment'") == [("1",)]
    assert rows(connection, "FROM employees") == []
    assert store.check(connection) == []


def test_the_backlog_forgets_what_was_corrected(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LATE, THANKS)], run(1))
    quoted(connection, "f1.1")
    store.load(connection, [partition(tmp_path / "b", THANKS)], run(2))
    assert rows(connection, QUOTED) != [UNQUOTED]
    corrected = LATE.but(said("The parcel came after all.", 1, "moment:delivery"), employees=[])
    store.load(connection, [partition(tmp_path / "c", corrected)], run(3))
    assert rows(connection, QUOTED) == [UNQUOTED]
    assert rows(connection, "FROM backlog_evidence") == []


def test_the_backlog_forgets_what_was_erased(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LATE, THANKS)], run())
    quoted(connection, "f1.1")
    store.erase(connection, pl.Series(["f1"]))
    assert rows(connection, QUOTED) == [UNQUOTED]
    assert rows(connection, "FROM backlog_evidence") == []


def test_the_newest_of_two_versions_of_one_night_is_taken(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    newer = THANKS.but(said("Thank you for nothing.", -1))
    older = THANKS.but(said("Thanks a lot.", 2), said("Bye."), occurred_at=LATE.columns["occurred_at"])
    loaded = store.load(connection, [partition(tmp_path / "a", older), partition(tmp_path / "b", newer)], run())
    assert (loaded.n_stored, loaded.n_unchanged) == (1, 1)
    assert rows(connection, "SELECT text FROM mentions") == [("Thank you for nothing.",)]
    assert store.check(connection) == []


PERSON = "INSERT INTO tags (mention_id, family, label, polarity, decision, voter, evidence_start, evidence_end) "


def test_a_persons_vote_outlives_the_same_text(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    staged = [partition(tmp_path / "a", LATE)]
    store.load(connection, staged, run(1))
    connection.execute(PERSON + "VALUES ('f1.2', 'unmeasurable', 'listening', '-', 'yes', 'person', 23, 45)")
    store.load(connection, staged, run(2))
    assert rows(connection, "SELECT mention_id FROM tags WHERE voter = 'person'") == [("f1.2",)]


def test_a_persons_vote_follows_its_sentence_through_a_correction(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store.load(connection, [partition(tmp_path / "a", LATE)], run(1))
    connection.execute(PERSON + "VALUES ('f1.1', 'signal', 'churn', NULL, 'yes', 'person', 0, 22)")
    connection.execute(PERSON + "VALUES ('f1.2', 'unmeasurable', 'listening', '-', 'no', 'person', 23, 45)")
    corrected = LATE.but(said("Good morning, dear sirs!"), said("Oh well."), LATE.said[1])
    loaded = store.load(connection, [partition(tmp_path / "b", corrected)], run(2))
    assert loaded.n_votes_lost == 1
    kept = "SELECT mention_id, label, decision, evidence_start, evidence_end FROM tags WHERE voter = 'person'"
    assert rows(connection, kept) == [("f1.3", "listening", "no", 34, 56)]
    assert store.check(connection) == []


def test_quarantine_keeps_its_first_run_and_leaves_when_the_file_is_mended(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first = partition(tmp_path / "a", LATE, quarantine=[refused("q1"), refused("q2", "b.csv")])
    store.load(connection, [first], run(1))
    store.load(connection, [partition(tmp_path / "b", quarantine=[refused("q1"), refused("q3")])], run(2))
    found = "SELECT quarantine_id, run_id FROM quarantine ORDER BY 1"
    assert rows(connection, found) == [("q1", "2026-11-02-1"), ("q2", "2026-11-02-1"), ("q3", "2026-11-02-2")]
    mended = partition(tmp_path / "c", THANKS, files=[file("inbox.csv", 1, n_bytes=99)])
    store.load(connection, [mended], run(3))
    assert rows(connection, found) == [("q2", "2026-11-02-1")]
    assert store.seen_files(connection, "post")["n_bytes"].to_list() == [99]
    assert store.check(connection) == []


def test_a_problem_of_a_whole_source_leaves_when_the_source_is_back(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    missing = [refused("q1", None), refused("q2", None, source="calls")]
    store.load(connection, [partition(tmp_path / "a", quarantine=missing, files=[file("other.csv", 2)])], run(1))
    assert rows(connection, "SELECT count(*) FROM quarantine") == [(2,)]
    store.load(connection, [partition(tmp_path / "b", LATE)], run(2))
    assert rows(connection, "SELECT quarantine_id FROM quarantine") == [("q2",)]


def test_the_order_of_partitions_does_not_matter(tmp_path: Path) -> None:
    one, other = partition(tmp_path / "a", LATE), partition(tmp_path / "b", THANKS)
    held = []
    for staged in ([one, other], [other, one]):
        with store.open_working(":memory:") as connection:
            store.load(connection, staged, run())
            held.append(rows(connection, "SELECT * EXCLUDE (signature) FROM feedback") + rows(connection, "FROM tags"))
    assert held[0] == held[1]


def test_an_unfinished_partition_is_refused_and_nothing_is_stored(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    whole, torn = partition(tmp_path / "a", LATE), partition(tmp_path / "b", THANKS)
    (torn / "tags.parquet").unlink()
    with pytest.raises(store.WarehouseError, match=r"has no tags\.parquet\. A finished partition has feedback, "):
        store.load(connection, [whole, torn], run())
    assert rows(connection, "FROM feedback") == []


def test_a_partition_with_other_columns_is_refused_and_nothing_is_stored(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    whole, odd = partition(tmp_path / "a", LATE), partition(tmp_path / "b", THANKS)
    pl.DataFrame({"mention_id": ["f2.1"], "verdict": ["good"]}).write_parquet(odd / "tags.parquet")
    with pytest.raises(store.WarehouseError, match="the staged partitions cannot be loaded"):
        store.load(connection, [whole, odd], run())
    assert rows(connection, "FROM feedback") == []
    assert store.load(connection, [whole], run()).n_stored == 1


def test_run_ids_count_the_runs_of_a_night(connection: duckdb.DuckDBPyConnection) -> None:
    assert store.next_run_id(connection, NIGHT) == "2026-11-02-1"
    for number in range(1, 11):
        store.load(connection, [], run(number))
    assert store.next_run_id(connection, NIGHT) == "2026-11-02-11"
    assert store.next_run_id(connection, date(2026, 11, 3)) == "2026-11-03-1"


def test_a_run_tells_its_row_its_seconds_and_its_problems(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    refusals = [refused("q1"), refused("q2", source="calls")]
    store.load(connection, [partition(tmp_path / "a", LATE, quarantine=refusals)], run(seconds={"read": 1.0}))
    store.record_seconds(connection, run().run_id, {"read": 2.0, "publish": 3.0})
    told = store.run_of(connection, run().run_id)
    assert (told["n_arrived"], told["seconds_read"], told["seconds_publish"]) == (3, 2.0, 3.0)
    assert (told["model_version"], told["taxonomy_version"]) == ("m1", "t1")
    problems = store.problems_of(connection, run().run_id)
    assert problems.columns == ["source", "problem", "n"]
    assert problems["n"].to_list() == [1, 1]
    assert store.problems_of(connection, "2026-11-02-9").is_empty()
    with pytest.raises(store.WarehouseError, match="run '2026-11-02-9': not in the warehouse"):
        store.run_of(connection, "2026-11-02-9")
