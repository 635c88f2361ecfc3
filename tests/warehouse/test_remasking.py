"""Texts that are masked again take along everything that counts their characters."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp.frames import EMPLOYEES
from cxnlp.warehouse import store
from cxnlp.warehouse.remasking import moved
from tests.warehouse.night import QUOTED, UNQUOTED, partition, piece, quoted, rows, run, said

REPLACED = {"feedback_id": pl.String, "start": pl.Int64, "end": pl.Int64, "new_start": pl.Int64, "new_end": pl.Int64}
LETTER = piece(
    "f1",
    said("I am Jo Hale.", 0),
    said("Dan was rude to me.", -1, "moment:delivery", "unmeasurable:friendliness-"),
    said("Jo Hale", 0),
    employees=[{"employee_key": "e1", "role": "driver", "start": 14, "end": 17}],
)
OTHER = piece("f2", said("Thank you.", 1))
TEXT = "I am Jo Hale.\nDan was rude to me.\nJo Hale"


def place(old: str, new: str, at: int, placeholder: str = "[PERSON]", shift: int = 0) -> tuple[str, int, int, int, int]:
    start = TEXT.index(old, at)
    return ("f1", start, start + len(old), start + shift, start + shift + len(placeholder))


@pytest.fixture
def letters(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    store.load(connection, [partition(tmp_path / "a", LETTER, OTHER)], run())
    return connection


def mask_both(connection: duckdb.DuckDBPyConnection, employees: list[dict[str, object]] | None = None) -> None:
    """Mask the name in both its places."""
    replaced = [place("Jo Hale", "", 0), place("Jo Hale", "", 20, shift=1)]
    texts = pl.DataFrame({"feedback_id": ["f1"], "text": [TEXT.replace("Jo Hale", "[PERSON]")]})
    frame = pl.DataFrame(replaced, schema=REPLACED, orient="row")
    found = pl.DataFrame(employees or [], schema=EMPLOYEES)
    store.remask(connection, "v2", ["f1", "f2"], texts, frame, found, pl.DataFrame())


def test_texts_of_other_rules_are_given_out_until_all_are_done(letters: duckdb.DuckDBPyConnection) -> None:
    seen = []
    for texts in store.masked_otherwise(letters, "v2", 1):
        seen += texts["feedback_id"].to_list()
        store.remask(
            letters,
            "v2",
            texts["feedback_id"].to_list(),
            pl.DataFrame(),
            pl.DataFrame(),
            pl.DataFrame(),
            pl.DataFrame(),
        )
    assert sorted(seen) == ["f1", "f2"]
    assert store.outdated(letters, "m1", "t1", None) == []


def test_the_words_before_shorthand_was_written_out_are_masked_too(letters: duckdb.DuckDBPyConnection) -> None:
    letters.execute("UPDATE feedback SET written = 'cust Jo Hale rang'")
    written = pl.DataFrame({"feedback_id": ["f1"], "written": ["cust [PERSON] rang"]})
    nothing = pl.DataFrame()
    store.remask(letters, "v2", ["f1", "f2"], nothing, nothing, nothing, written)
    assert rows(letters, "SELECT written FROM feedback ORDER BY feedback_id") == [
        ("cust [PERSON] rang",),
        ("cust Jo Hale rang",),
    ]


def test_mentions_evidence_and_employees_move_along(letters: duckdb.DuckDBPyConnection) -> None:
    mask_both(letters, [{"feedback_id": "f1", "employee_key": "e2", "role": "staff", "start": 5, "end": 13}])
    assert rows(letters, "SELECT mention_id, text FROM mentions WHERE feedback_id = 'f1' ORDER BY position") == [
        ("f1.1", "I am [PERSON]."),
        ("f1.2", "Dan was rude to me."),
        ("f1.3", "[PERSON]"),
    ]
    assert rows(letters, "SELECT DISTINCT evidence_start, evidence_end FROM tags WHERE evidence_start IS NOT NULL") == [
        (15, 34)
    ]
    places = 'SELECT employee_key, "start", "end", run_id FROM employees ORDER BY 1'
    assert rows(letters, places) == [("e1", 15, 18, run().run_id), ("e2", 5, 13, run().run_id)]
    assert store.check(letters) == []


def test_votes_of_changed_texts_are_outdated_and_peoples_stay(letters: duckdb.DuckDBPyConnection) -> None:
    person = (
        "INSERT INTO tags (mention_id, family, label, decision, voter, evidence_start, evidence_end, model_version) "
    )
    letters.execute(person + "VALUES ('f1.1', 'signal', 'churn', 'yes', 'person', 0, 13, 'm0')")
    mask_both(letters)
    assert store.outdated(letters, "m1", "t1", None) == ["f1"]
    kept = "SELECT mention_id, evidence_start, evidence_end, model_version FROM tags WHERE voter = 'person'"
    assert rows(letters, kept) == [("f1.1", 0, 14, "m0")]
    assert store.check(letters) == []


@pytest.mark.parametrize("is_quoted", [True, False], ids=["quoted", "in its words alone"])
def test_the_backlog_forgets_words_that_are_masked_now(letters: duckdb.DuckDBPyConnection, is_quoted: bool) -> None:
    quoted(letters, "f1.1")
    if not is_quoted:
        letters.execute("UPDATE backlog SET quote_1 = NULL, quote_1_mention_id = NULL")
    mask_both(letters)
    assert rows(letters, QUOTED) == [UNQUOTED]
    assert rows(letters, "SELECT mention_id FROM backlog_evidence") == [("f1.1",)]


def test_the_backlog_keeps_quotes_from_other_texts(letters: duckdb.DuckDBPyConnection) -> None:
    quoted(letters, "f2.1")
    before = rows(letters, QUOTED)
    mask_both(letters)
    assert rows(letters, QUOTED) == before


def test_a_placeholder_over_two_mentions_belongs_to_the_first(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    letter = piece("f1", said("Send it to 12 Acacia Avenue,", 0), said("Northtown", 0), said("at once.", 0))
    store.load(connection, [partition(tmp_path / "a", letter)], run())
    texts = pl.DataFrame({"feedback_id": ["f1"], "text": ["Send it to [ADDRESS]\nat once."]})
    replaced = pl.DataFrame([("f1", 11, 38, 11, 20)], schema=REPLACED, orient="row")
    store.remask(connection, "v2", ["f1"], texts, replaced, pl.DataFrame(schema=EMPLOYEES), pl.DataFrame())
    assert rows(connection, "SELECT position, text FROM mentions ORDER BY 1") == [
        (1, "Send it to [ADDRESS]"),
        (3, "at once."),
    ]
    store.load(connection, [], run(2))  # what a run counted is checked in its own night
    assert store.check(connection) == []


@pytest.mark.parametrize(("offset", "expected"), [(0, 0), (5, 5), (7, 13), (12, 13), (13, 14), (33, 34), (34, 35)])
def test_an_offset_moves(offset: int, expected: int) -> None:
    assert moved(offset, [(5, 12, 5, 13), (34, 41, 35, 43)]) == expected
