"""Stored call notes are written out again by a changed glossary, and what counts their characters moves along."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp.feedback import Glossary, expand_again
from cxnlp.feedback.shorthand_again import places
from cxnlp.warehouse import store
from tests.warehouse.night import partition, piece, rows, run, said

OLD = Glossary({"cust": "customer"}, {})
NEW = Glossary({"cust": "client", "tt": "technical team"}, {})
NOTE = piece(
    "n1",
    said("customer told tt about it.", -1, "moment:delivery"),
    said("[EMPLOYEE] rang tt", 0),
    source="crm",
    channel="call",
    written="cust told tt about it.\n[EMPLOYEE] rang tt",
    shorthand_version=OLD.version,
    employees=[{"employee_key": "e1", "role": "agent", "start": 27, "end": 37}],
)
PLAIN = piece("n2", said("All is well.", 1), source="crm", shorthand_version=OLD.version)
LETTER = piece("n3", said("My cust tt was late.", -1), source="post")


@pytest.fixture
def notes(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    store.load(connection, [partition(tmp_path / "a", NOTE, PLAIN, LETTER)], run())
    connection.execute(
        "INSERT INTO tags BY NAME SELECT * REPLACE ('person' AS voter) FROM tags WHERE family = 'moment'"
    )
    return connection


def expand_all(connection: duckdb.DuckDBPyConnection, glossary: Glossary, version: str | None) -> list[str]:
    seen: list[str] = []
    for texts in store.expanded_otherwise(connection, {"crm": version, "post": None}, 1):
        done = expand_again(texts, glossary)
        store.reexpand(connection, texts, done.texts, done.replaced)
        seen += texts["feedback_id"].to_list()
    return sorted(seen)


TEXTS = "SELECT feedback_id, text, written FROM feedback ORDER BY feedback_id"


def test_texts_mentions_employees_and_evidence(notes: duckdb.DuckDBPyConnection) -> None:
    assert expand_all(notes, NEW, NEW.version) == ["n1", "n2"]
    text = "client told technical team about it.\n[EMPLOYEE] rang technical team"
    assert rows(notes, TEXTS) == [
        ("n1", text, NOTE.columns["written"]), ("n2", "All is well.", None), ("n3", "My cust tt was late.", None),
    ]  # fmt: skip
    assert rows(notes, "SELECT mention_id, text FROM mentions WHERE feedback_id = 'n1' ORDER BY position") == [
        ("n1.1", "client told technical team about it."),
        ("n1.2", "[EMPLOYEE] rang technical team"),
    ]
    ((start, end),) = rows(notes, 'SELECT "start", "end" FROM employees')
    assert text[start:end] == "[EMPLOYEE]"
    found = rows(notes, "SELECT voter, model_version, evidence_start, evidence_end FROM tags WHERE family = 'moment' "
                        "ORDER BY voter")  # fmt: skip
    assert found == [("model", None, 0, 36), ("person", "m1", 0, 36)]
    assert store.outdated(notes, "m1", "t1", None) == ["n1"]
    assert store.check(notes) == []
    assert expand_all(notes, NEW, NEW.version) == []


def test_shorthand_that_is_switched_off_is_as_it_was_written(notes: duckdb.DuckDBPyConnection) -> None:
    assert expand_all(notes, NEW, None) == ["n1", "n2"]
    assert rows(notes, TEXTS)[0] == ("n1", NOTE.columns["written"], None)
    assert rows(notes, "SELECT text FROM mentions WHERE mention_id = 'n1.1'") == [("cust told tt about it.",)]
    assert store.check(notes) == []


def test_a_source_that_is_not_in_the_settings_any_more_stays(notes: duckdb.DuckDBPyConnection) -> None:
    assert list(store.expanded_otherwise(notes, {"desk": "v"}, 10)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("customer told tt.", "client told technical team."),
        ("wants call", "wants call back"),
        ("call her", "do call her"),
        ("[PERSON] w/ [EMPLOYEE], tt", "[PERSON] with [EMPLOYEE], technical team"),
        ("a\nb cust\nc", "a\nb customer\nc"),
        ("told del. was late", "told delivery was late"),
        ("same", "same"),
    ],
)
def test_replacing_the_places_gives_the_new_text(old: str, new: str) -> None:
    done, at = "", 0
    for start, end, new_start, new_end in places(old, new):
        assert at <= start < end
        done += old[at:start] + new[new_start:new_end]
        assert len(done) == new_end
        at = end
    assert done + old[at:] == new


def test_unreadable_texts_are_looked_at_and_left_alone() -> None:
    given = pl.DataFrame(
        {"feedback_id": ["x"], "text": ["cust rang"], "written": [None], "is_readable": [False],
         "shorthand_version": [NEW.version]},
        schema_overrides={"written": pl.String},
    )  # fmt: skip
    assert expand_again(given, NEW).texts.is_empty()
