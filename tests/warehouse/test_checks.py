"""Every check finds its offenders, and finds none in a sound warehouse."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from cxnlp.warehouse import sql, store
from tests.warehouse.night import partition, piece, refused, run, said

Connection = duckdb.DuckDBPyConnection

MESSAGE = "They lied to me about the price."


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A warehouse after one sound night."""
    staged = partition(
        tmp_path_factory.mktemp("checks") / "a",
        piece("f1", said(MESSAGE, -1, "moment:price", "unmeasurable:trust-"),
              employees=[{"employee_key": "e1", "role": "staff", "start": 0, "end": 4}]),
        piece("f2", said("Fine.", 1)),
        quarantine=[refused("q1")],
    )  # fmt: skip
    with store.open_working(":memory:") as connection:
        store.load(connection, [staged], run())
        store.count(connection)
        yield connection


@pytest.fixture
def sound(night: Connection) -> Iterator[Connection]:
    """The same, to be damaged; the damage is undone."""
    night.execute("BEGIN")
    yield night
    night.execute("ROLLBACK")


def test_a_sound_warehouse_passes(sound: Connection) -> None:
    assert store.check(sound) == []


DAMAGE = [
    ("counted_once", "DELETE FROM counted_feedback WHERE feedback_id = 'f1'"),
    ("arrived", "UPDATE runs SET n_arrived = 4"),
    ("counted", "DELETE FROM feedback WHERE feedback_id = 'f2'; DELETE FROM mentions WHERE feedback_id = 'f2'; "
                "DELETE FROM tags WHERE mention_id = 'f2.1'"),
    ("duplicates", "UPDATE feedback SET duplicate_of = 'f9' WHERE feedback_id = 'f2'"),
    ("duplicates", "UPDATE feedback SET duplicate_of = 'f2'"),
    ("employee_spans", 'UPDATE employees SET "end" = 99'),
    ("employee_spans", 'UPDATE employees SET "start" = NULL'),
    ("evidence_inside", "UPDATE tags SET evidence_end = 99 WHERE label = 'price'"),
    ("evidence_inside", "UPDATE tags SET evidence_start = evidence_end WHERE label = 'price'"),
    ("mention_text", "UPDATE feedback SET text = 'Fine!' WHERE feedback_id = 'f2'"),
    ("mention_text", 'UPDATE mentions SET "start" = 1 WHERE feedback_id = \'f2\''),
    ("one_sentiment", "DELETE FROM tags WHERE mention_id = 'f2.1'"),
    ("one_sentiment", "INSERT INTO tags BY NAME SELECT * REPLACE ('2' AS label) FROM tags WHERE mention_id = 'f2.1'"),
    ("orphans", "DELETE FROM mentions WHERE mention_id = 'f1.1'"),
    ("orphans", "UPDATE employees SET feedback_id = 'f9'"),
    ("orphans", "INSERT INTO theme_mentions (mention_id, ground, theme_id) VALUES ('f1.1', 'outside', 't9')"),
    ("orphans", "INSERT INTO theme_mentions (mention_id, ground) VALUES ('f9.1', 'outside')"),
    ("orphans", "INSERT INTO backlog_evidence VALUES ('cx-9', 'f1.1')"),
    ("orphans", "INSERT INTO backlog (item_id, kind, label) VALUES ('cx-1', 'moment', 'price'); "
                "INSERT INTO backlog_evidence VALUES ('cx-1', 'f9.1')"),
    ("orphans", "UPDATE counted_labels SET feedback_id = 'f9'"),
    ("orphans", "UPDATE counted_pairs SET feedback_id = 'f9'"),
    ("orphans", "UPDATE counted_employees SET feedback_id = 'f9'"),
    ("ranges", "UPDATE tags SET probability = 1.5 WHERE label = 'price'"),
    ("ranges", "UPDATE tags SET probability = 'nan' WHERE label = 'price'"),
    ("ranges", "UPDATE tags SET probability = NULL WHERE label = 'price'"),
    ("ranges", "UPDATE tags SET score = -2 WHERE score IS NOT NULL"),
    ("taxonomy_words", "UPDATE tags SET label = 'parking' WHERE label = 'price'"),
    ("taxonomy_words", "UPDATE tags SET label = '3' WHERE label = '1'"),
    ("taxonomy_words", "UPDATE tags SET polarity = '+' WHERE label = 'price'"),
    ("taxonomy_words", "UPDATE tags SET polarity = NULL WHERE label = 'trust'"),
    ("taxonomy_words", "UPDATE tags SET decision = 'no' WHERE label = 'trust'"),
    ("unique_rows", "INSERT INTO feedback FROM feedback WHERE feedback_id = 'f2'"),
    ("unique_rows", "INSERT INTO quarantine FROM quarantine"),
    ("unique_rows", "INSERT INTO counted_labels FROM counted_labels"),
    ("unique_rows", "INSERT INTO counted_pairs FROM counted_pairs"),
    ("unique_rows", "INSERT INTO counted_employees FROM counted_employees"),
    ("unique_rows", "INSERT INTO theme_mentions (mention_id, ground) SELECT 'f1.1', 'outside' FROM range(2)"),
    ("unique_rows", "INSERT INTO backlog (item_id, kind, label) SELECT 'cx-1', 'moment', 'price' FROM range(2)"),
    ("unique_rows", "INSERT INTO backlog_evidence SELECT 'cx-1', 'f1.1' FROM range(2)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage"), DAMAGE)
def test_a_check_finds_its_offenders(sound: Connection, name: str, damage: str) -> None:
    sound.execute(damage)
    found = {offence.check: offence for offence in store.check(sound)}
    assert name in found
    assert found[name].n_rows >= 1
    assert all("lied" not in example for example in found[name].examples)


def test_every_check_is_tried() -> None:
    assert {name for name, _ in DAMAGE} | {"personal_data"} == set(sql.names("checks"))


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Write to jane.whitlock+post@mail.example.co.uk please.", True),
        ("My card is 4111 1111 1111 1111 thanks.", True),
        ("My card is 4111-1111-1111-1111.", True),
        ("My card is 378282246310005.", True),
        ("My card is 4111 1111 1111 1112 thanks.", False),  # fails the Luhn test
        ("Order 123 came on 2026-11-02 at 10:15.", False),
        ("Delivered 2026-10-10 10 14 12 by hand.", False),  # passes the Luhn test, but is a date and times
        ("We paid 5 000 000 000 forints.", False),
        ("See you @home, cost 3@4.", False),
        ("Write to [EMAIL] or pay with [CARD].", False),
    ],
)
def test_personal_data_in_texts(connection: Connection, tmp_path: Path, text: str, is_found: bool) -> None:
    store.load(connection, [partition(tmp_path / "a", piece("f1", said(text)))], run())
    store.count(connection)
    assert [offence.check for offence in store.check(connection)] == ["personal_data"] * is_found
    assert store.check(connection, without=["personal_data"]) == []


def test_personal_data_in_words_before_shorthand_was_written_out(sound: Connection) -> None:
    sound.execute("UPDATE feedback SET written = 'cust a@example.org rang' WHERE feedback_id = 'f2'")
    assert [(offence.check, offence.examples) for offence in store.check(sound)] == [("personal_data", ("f2",))]


def test_an_offence_reads_as_a_sentence(sound: Connection) -> None:
    sound.execute("UPDATE feedback SET duplicate_of = 'f9' WHERE feedback_id = 'f2'")
    sound.execute("INSERT INTO uncounted VALUES ('f2')")  # as every step notes what it changes
    (offence,) = store.check(sound)
    expected = (
        "duplicates: 1 row(s), such as f2. Expected: A duplicate points to stored feedback that is itself no duplicate."
    )
    assert str(offence) == expected


def test_an_unknown_check_is_refused(sound: Connection) -> None:
    with pytest.raises(store.WarehouseError, match=r"no checks \['spelling'\]; there are arrived, counted"):
        store.check(sound, without=["spelling"])
