"""What is counted once stays right: corrections, erasures, new tags and votes change it as a full count would."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp.warehouse import counting, sql, store
from cxnlp.warehouse.voting import JUDGEMENT
from tests.warehouse.night import Piece, frames, partition, piece, rows, run, said

Connection = duckdb.DuckDBPyConnection
COUNTED = ("counted_feedback", "counted_labels", "counted_pairs", "counted_employees")
TAGS = ("moment:delivery", "moment:staff", "moment:price", "unmeasurable:trust-", "unmeasurable:friendliness+",
        "unmeasurable:defusing-", "warning:policy", "signal:churn", "?moment:refund")  # fmt: skip


def counted(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {table: sorted(rows(connection, f"FROM {table}"), key=repr) for table in COUNTED}


def counted_anew(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The same, counted from nothing."""
    for table in COUNTED:
        connection.execute(f"DELETE FROM {table}")
    connection.execute("INSERT INTO uncounted SELECT feedback_id FROM feedback")
    store.count(connection)
    return counted(connection)


def letter(number: int, dice: random.Random) -> Piece:
    """A piece by one of a few people, in a few weeks, of few kinds."""
    lines = [
        said(f"Sentence {number} {at} of the letter.", dice.randint(-2, 2), *dice.sample(TAGS, dice.randint(0, 3)),
             speaker=dice.choice([None, "customer", "agent"]))
        for at in range(dice.randint(1, 4))
    ]  # fmt: skip
    person = {"customer_key": f"c{dice.randint(0, 5)}"} if dice.random() < 0.8 else {}
    return piece(
        f"f{number}", *lines, day=f"{date(2026, 9, 1) + timedelta(days=dice.randint(0, 60))}",
        channel=dice.choice(["letter", "call"]), product=dice.choice(["bench", None]),
        location=dice.choice(["Elm Street", "Oak Street"]), segment=dice.choice(["private", "business", None]),
        employees=[{"employee_key": "e1", "role": "agent", "start": dice.choice([None, 0]), "end": 8}], **person,
    )  # fmt: skip


@pytest.fixture
def letters(connection: Connection, tmp_path: Path) -> Iterator[list[Piece]]:
    """Forty letters, stored and counted."""
    dice = random.Random(7)
    made = [letter(number, dice) for number in range(40)]
    store.load(connection, [partition(tmp_path / "first", *made)], run())
    assert store.count(connection) == 40
    yield made
    before = counted(connection)
    assert before == counted_anew(connection)
    assert [offence for offence in store.check(connection) if offence.check == "counted_once"] == []


def test_nothing_new_changes_nothing(connection: Connection, letters: list[Piece]) -> None:
    before = counted(connection)
    assert store.count(connection) == 0
    assert counted(connection) == before


def test_one_more_letter_is_counted_with_its_person_only(
    connection: Connection, letters: list[Piece], tmp_path: Path
) -> None:
    connection.execute("UPDATE counted_feedback SET channel = 'not counted again' WHERE person_key <> 'c1'")
    more = piece("g1", said("More.", -1, "moment:delivery"), customer_key="c1", day="2026-08-01")
    store.load(connection, [partition(tmp_path / "second", more)], run(2))
    assert store.count(connection) == 1
    left = rows(connection, "SELECT DISTINCT person_key FROM counted_feedback WHERE channel <> 'not counted again'")
    assert left == [("c1",)]
    assert rows(connection, "SELECT step FROM counted_feedback WHERE feedback_id = 'g1'") == [(1,)]
    counted_anew(connection)


def test_a_correction(connection: Connection, letters: list[Piece], tmp_path: Path) -> None:
    corrected = letters[3].but(said("All is well again now.", 2, "moment:staff"), customer_key="somebody else")
    store.load(connection, [partition(tmp_path / "second", corrected)], run(2))
    store.count(connection)
    found = "SELECT person_key, moments FROM counted_feedback WHERE feedback_id = 'f3'"
    assert rows(connection, found) == [("somebody else", "staff")]


def test_a_duplicate_that_becomes_an_original(connection: Connection, letters: list[Piece], tmp_path: Path) -> None:
    long = said("They lied to me about the price of the bench and of the table.", -1, "moment:price")
    copies = [piece("h1", long, customer_key="c1"), piece("h2", long, customer_key="c2", day="2026-10-30")]
    store.load(connection, [partition(tmp_path / "second", *copies)], run(2))
    store.count(connection)
    found = "SELECT feedback_id FROM counted_feedback WHERE starts_with(feedback_id, 'h')"
    assert rows(connection, found) == [("h1",)]
    store.erase(connection, pl.Series(["h1"]))
    assert rows(connection, found) == [("h2",)]


def test_an_erasure_is_counted_at_once(connection: Connection, letters: list[Piece]) -> None:
    gone = rows(connection, "SELECT feedback_id FROM feedback WHERE customer_key = 'c2'")
    store.erase(connection, pl.Series([feedback_id for (feedback_id,) in gone]))
    for table in COUNTED:
        assert rows(connection, f"SELECT count(*) FROM {table} WHERE person_key = 'c2'") == [(0,)]
    assert rows(connection, "FROM uncounted") == []


def test_other_tags_of_stored_letters(connection: Connection, letters: list[Piece], tmp_path: Path) -> None:
    other = letters[5].but(*(said(each.text, -2, "signal:churn") for each in letters[5].said))
    tags = frames([other])["tags"].with_columns(pl.lit("m2").alias("model_version"))
    tags.write_parquet(tmp_path / "retagged.parquet")
    store.load(connection, [], run(2), [tmp_path / "retagged.parquet"])
    assert store.count(connection) == 1
    found = "SELECT is_churn OR n_mentions = 0, model_versions FROM counted_feedback WHERE feedback_id = 'f5'"
    assert rows(connection, found)[0][0]


def test_what_people_say_and_take_back(connection: Connection, letters: list[Piece]) -> None:
    line = letters[0].said[0]
    judgement = {
        "feedback_id": "f0", "position": 1, "text": line.text, "family": "moment", "label": "refund", "polarity": None,
        "decision": "yes", "reviewer": "0" * 16, "reviewed_at": datetime(2026, 11, 2, tzinfo=UTC), "slice": "random",
    }  # fmt: skip
    more = dict.fromkeys(set(JUDGEMENT) - set(judgement))
    judged = pl.DataFrame([judgement]).select("feedback_id", "position", "text")
    answers = pl.DataFrame([judgement | more])
    store.vote(connection, answers, judged)
    assert store.count(connection) == 1
    refunds = "SELECT n_mentions, is_reported FROM counted_labels WHERE feedback_id = 'f0' AND label = 'refund'"
    assert rows(connection, refunds) == [(1, False)]
    store.vote(connection, answers, judged)
    assert store.count(connection) == 0, "the same again is nothing new"
    store.vote(connection, answers.clear(), judged)
    assert store.count(connection) == 1
    assert rows(connection, refunds) == []


def test_a_moment_that_moves_to_another_stage(connection: Connection, letters: list[Piece]) -> None:
    connection.execute("UPDATE taxonomy SET stage = 'use' WHERE id = 'delivery'")
    assert store.count(connection) == 40
    assert ("use",) in rows(connection, "SELECT DISTINCT label FROM counted_labels WHERE family = 'stage'")
    connection.execute("UPDATE taxonomy SET stage = 'acquisition' WHERE id = 'delivery'")
    store.count(connection)


def test_many_at_a_time_are_as_one_at_a_time(
    connection: Connection, letters: list[Piece], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = counted(connection)
    monkeypatch.setattr(counting, "_BUCKET", 7)
    assert counted_anew(connection) == at_once


def test_people_are_counted_once_in_any_grouping(connection: Connection, letters: list[Piece]) -> None:
    periods = {"day": "occurred_on", "week": "week", "month": "month", "all": "NULL"}
    for period, column in periods.items():
        for across in ("", "channel", "product, segment", "channel, product, location, segment"):
            names = ["family", "label", "polarity", *filter(None, across.split(", "))]
            by_hand = rows(
                connection,
                f"SELECT {', '.join([column, *names])}, count(DISTINCT person_key) FROM counted_labels "
                "WHERE speaker = 'customer' AND n_mentions > 0 AND family NOT IN ('stage', 'quality') GROUP BY ALL",
            )
            chosen = ", ".join(["starts_on", *names])
            by_bits = rows(connection, f"SELECT {chosen}, n_customers FROM counts_by('all', '{period}', '{across}')")
            assert sorted(by_bits, key=repr) == sorted(by_hand, key=repr), (period, across)


def test_the_first_of_its_person() -> None:
    columns = {
        "person_key": ["a", "a", "a", "b"], "occurred_on": [1, 2, 9, 1], "week": [1, 1, 2, 1], "month": [1, 1, 1, 1],
        "channel": ["x", "y", "x", "x"], "product": [None, None, None, "p"], "location": ["l"] * 4,
        "segment": [None] * 4,
    }  # fmt: skip
    bits = counting.first_in(pl.DataFrame(columns))
    week, week_and_channel, ever, ever_by_channel = 16, 17, 48, 49
    told = [[bool(value >> bit & 1) for value in bits] for bit in (week, week_and_channel, ever, ever_by_channel)]
    assert told == [
        [True, False, True, True],
        [True, True, True, True],
        [True, False, False, True],
        [True, True, False, True],
    ]


def test_the_votes_settle_in_one_place() -> None:
    text = sql.text("views/settled.sql")
    assert "FROM tags\n" in text
    some = counting.settling("tags_again", "lines")
    assert "tags_again" in some
    assert " tags\n" not in some.replace("AS tags", "")
