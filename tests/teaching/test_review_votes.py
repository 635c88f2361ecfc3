"""People's answers in the warehouse: they beat the model, and outlive corrections, new models and new databases."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from cxnlp.teaching.answers import frame, judged_places
from cxnlp.teaching.items import Answer
from cxnlp.warehouse import store
from tests.teaching.reviewed import BEN, answer, item
from tests.warehouse.night import partition, piece, rows, run, said

HELLO = said("Hello.")
NEVER = said("It never came.", -1, "moment:delivery", "?signal:churn")
LETTER = piece("f1", HELLO, NEVER)
SETTLED = "SELECT family, label, polarity, voter FROM settled WHERE mention_id = '{}' ORDER BY ALL"


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    with store.open_working(":memory:") as connection:
        yield connection


@pytest.fixture
def connection(empty: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    for (table,) in empty.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall():
        if table not in ("edition", "taxonomy"):
            empty.execute(f"DELETE FROM {table}")
    return empty


def let_vote(connection: duckdb.DuckDBPyConnection, *lines: Answer) -> store.Voted:
    voted = store.vote(connection, frame(lines), judged_places(lines))
    assert store.check(connection) == []
    return voted


def settled(connection: duckdb.DuckDBPyConnection, mention_id: str = "f1.2") -> set[str]:
    found = rows(connection, SETTLED.format(mention_id))
    return {f"{family}:{label}{polarity or ''} {voter}" for family, label, polarity, voter in found}


def test_a_person_beats_the_model(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LETTER)], run())
    assert settled(connection) == {"moment:delivery model", "signal:churn model", "sentiment:-1 model"}
    voted = let_vote(connection, answer(item(), "moment:staff", "unmeasurable:trust-", sentiment="-2"))
    assert voted == store.Voted(n_mentions=1, n_absent=0)
    assert settled(connection) == {"moment:staff person", "unmeasurable:trust- person", "sentiment:-2 person"}
    assert settled(connection, "f1.1") == {"sentiment:0 model"}
    evidence = rows(connection, "SELECT DISTINCT evidence, probability FROM evidence WHERE mention_id = 'f1.2'")
    assert evidence == [("It never came.", 1.0)]
    errors = "SELECT label, model_decision FROM reviews WHERE family <> 'sentiment' AND decision <> model_decision"
    assert set(rows(connection, errors)) == {("delivery", "yes"), ("staff", "no"), ("trust", "no"), ("churn", "unsure")}


def test_the_same_answers_twice_change_nothing(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LETTER)], run())
    lines = [answer(item(), "moment:staff"), answer(item("f1.1", "Hello."), reviewer=BEN, minute=3)]
    let_vote(connection, *lines)
    before = [rows(connection, f"FROM {table} ORDER BY ALL") for table in ("tags", "reviews")]
    let_vote(connection, *lines)
    assert [rows(connection, f"FROM {table} ORDER BY ALL") for table in ("tags", "reviews")] == before


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([answer(item(), "moment:staff"), answer(item(), "moment:delivery", minute=1, reviewer=BEN)],
                     {"moment:delivery person", "sentiment:-1 person"}, id="one against one: the last"),
        pytest.param([answer(item(), "moment:staff"), answer(item(), "moment:staff", reviewer="c" * 16),
                      answer(item(), "moment:delivery", minute=1, reviewer=BEN)],
                     {"moment:staff person", "sentiment:-1 person"}, id="two against one"),
        pytest.param([answer(item(), sentiment="-2"), answer(item(), sentiment="-2", reviewer="c" * 16),
                      answer(item(), sentiment="1", minute=1, reviewer=BEN)],
                     {"sentiment:-2 person"}, id="sentiment: two against one"),
        pytest.param([answer(item(), "moment:staff"), answer(item(), kind="withdrawn", minute=1)],
                     {"moment:delivery model", "signal:churn model", "sentiment:-1 model"}, id="taken back"),
        pytest.param([answer(item(), "mark:parking", kind="mark")],
                     {"moment:delivery model", "signal:churn model", "sentiment:-1 model"}, id="a mark is no vote"),
        pytest.param([answer(item(labels=("moment:teleport", "moment:staff")), "moment:teleport", "moment:staff")],
                     {"moment:delivery model", "moment:staff person", "signal:churn model", "sentiment:-1 person"},
                     id="a label that is no more is no vote; one that was not shown stays the model's"),
    ],
)  # fmt: skip
def test_how_answers_settle(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, lines: list[Answer], expected: set[str]
) -> None:
    store.load(connection, [partition(tmp_path / "a", LETTER)], run())
    for number in range(1, len(lines) + 1):  # night by night
        let_vote(connection, *lines[:number])
    assert settled(connection) == expected


def test_an_answer_outlives_a_new_model(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LETTER)], run())
    lines = [answer(item(), "moment:staff")]
    let_vote(connection, *lines)
    again = piece("f1", HELLO, said("It never came.", 2, "moment:price", "signal:crisis"))  # the new model is worse
    with store.open_working(":memory:") as anew:  # tagged afresh, from the sources
        store.load(anew, [partition(tmp_path / "b", again)], run())
        let_vote(anew, *lines)
        not_shown = {"moment:price model", "signal:crisis model"}
        assert settled(anew) == {"moment:staff person", "sentiment:-1 person"} | not_shown
    seen = ("moment:staff", "moment:price", "moment:delivery", "signal:crisis", "signal:churn")
    with store.open_working(":memory:") as anew:
        store.load(anew, [partition(tmp_path / "c", again)], run())
        let_vote(anew, answer(item(labels=seen), "moment:staff"))
        assert settled(anew) == {"moment:staff person", "sentiment:-1 person"}


def test_an_answer_follows_its_words_through_corrections(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", LETTER)], run(1))
    lines = [answer(item(), "moment:staff")]
    let_vote(connection, *lines)

    shifted = LETTER.but(HELLO, said("Dear sirs,"), NEVER)
    store.load(connection, [partition(tmp_path / "b", shifted)], run(2))
    assert let_vote(connection, *lines) == store.Voted(n_mentions=1, n_absent=0)
    assert "moment:staff person" in settled(connection, "f1.3")
    assert rows(connection, "SELECT DISTINCT mention_id FROM reviews") == [("f1.3",)]

    without = LETTER.but(HELLO, said("It came."))
    store.load(connection, [partition(tmp_path / "c", without)], run(3))
    assert let_vote(connection, *lines) == store.Voted(n_mentions=0, n_absent=1)
    assert rows(connection, "SELECT count(*) FROM tags WHERE voter = 'person'") == [(0,)]

    store.load(connection, [partition(tmp_path / "d", LETTER)], run(4))
    let_vote(connection, *lines)
    assert "moment:staff person" in settled(connection)


def test_the_same_words_twice_in_one_letter(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    twice = piece("f1", HELLO, NEVER, NEVER)
    store.load(connection, [partition(tmp_path / "a", twice)], run())
    let_vote(connection, answer(item("f1.3"), "moment:staff"))
    assert "moment:delivery model" in settled(connection, "f1.2")
    assert "moment:staff person" in settled(connection, "f1.3")


def test_votes_of_people_that_the_journal_does_not_know_stay(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store.load(connection, [partition(tmp_path / "a", LETTER)], run())
    values = "('f1.1', 'signal', 'churn', 'yes', 'person')"
    connection.execute(f"INSERT INTO tags (mention_id, family, label, decision, voter) VALUES {values}")
    let_vote(connection, answer(item(), "moment:staff"))
    assert "signal:churn person" in settled(connection, "f1.1")


def test_readers_see_it(tmp_path: Path) -> None:
    with store.open_working(tmp_path / "working.duckdb") as connection:
        store.load(connection, [partition(tmp_path / "a", LETTER)], run())
        let_vote(connection, answer(item(), "moment:staff"))
        store.publish(connection, tmp_path / "warehouse")
    database = tmp_path / "warehouse" / "cx.duckdb"
    assert store.query(database, "SELECT moment FROM moments_all").rows() == [("staff",)]
    shares = "SELECT count(*) FILTER (decision = 'yes') FROM reviews WHERE family = 'moment'"
    assert store.query(database, shares).item() == 1


def test_the_query_of_the_page(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "review.md").read_text("utf-8")
    (query,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    with store.open_working(tmp_path / "working.duckdb") as connection:
        store.load(connection, [partition(tmp_path / "a", LETTER)], run())
        let_vote(connection, answer(item(slice="random", sampling_probability=0.5), "moment:staff"))
        store.publish(connection, tmp_path / "warehouse")
    found = store.query(tmp_path / "warehouse" / "cx.duckdb", query)
    assert set(found.rows()) == {("staff", 1, 1, 0), ("delivery", 0, 0, 1)}
