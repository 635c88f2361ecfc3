"""Search in the published warehouse: by words, by meaning, and what a vector follows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import log
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp.frames import VECTOR_WIDTH, VECTORS
from cxnlp.tags.questions import Label, Question
from cxnlp.warehouse import finding, fulltext, store
from cxnlp.warehouse.finding import Wanted, find, n_without_vector
from tests.warehouse.night import Piece, partition, piece, rows, run, said

ENCODER = "e1"


def towards(*shares: float) -> list[int]:
    """A vector of length 450 in the space of the first axes; an axis is 13 components, as none may be above 127."""
    length = sum(share**2 for share in shares) ** 0.5
    axes = [[round(450 / 13**0.5 * share / length)] * 13 for share in shares]
    return [number for axis in axes for number in axis] + [0] * (VECTOR_WIDTH - 13 * len(shares))


LATE, RUDE, REFUND = towards(1, 0, 0), towards(0, 1, 0), towards(0, 0, 1)


def staged(folder: Path, *pieces: Piece, vectors: Mapping[str, list[int]]) -> Path:
    """A finished partition with vectors of some mentions."""
    partition(folder, *pieces)
    made = {"mention_id": list(vectors), "encoder_version": [ENCODER] * len(vectors), "vector": list(vectors.values())}
    pl.DataFrame(made, schema=VECTORS).write_parquet(folder / "vectors.parquet")
    return folder


LETTERS = (
    piece("a", said("The parcel came far too late.", -1, "moment:delivery"), said("Thanks.", 1), day="2026-10-01"),
    piece("b", said("My order arrived after the wedding.", -2, "moment:delivery"), day="2026-10-05", channel="call"),
    piece("c", said("The driver ignored me and was rude.", -1, "moment:staff"), day="2026-10-09", source="desk"),
    piece("d", said("We apologise that it was late.", 0, "moment:delivery", speaker="agent"), day="2026-10-09"),
    piece("e", said("Nobody answers about my refunds.", -1, "?moment:refund"), day="2026-10-10"),
)
VECTORS_OF = {"a.1": LATE, "a.2": towards(1, 1, 1), "b.1": towards(9, 1, 0), "c.1": RUDE, "d.1": LATE, "e.1": REFUND}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    with store.open_working(folder / "working.duckdb") as connection:
        store.load(connection, [staged(folder / "a", *LETTERS, vectors=VECTORS_OF)], run())
        store.publish(connection, folder / "warehouse")
    return folder / "warehouse" / "cx.duckdb"


def found(published: Path, words: str, vector: list[int] | None = None, **limits: object) -> list[str]:
    with store.open_searchable(published) as connection:
        wanted = Wanted(words, vector and Question(ENCODER, vector, feeling=-0.5), **limits)  # type: ignore[arg-type]
        return find(connection, wanted)["mention_id"].to_list()


@pytest.mark.parametrize(
    ("words", "mentions"),
    [
        ("late", ["a.1"]),
        ("refund", ["e.1"]),  # refunds
        ("ignoring", ["c.1"]),  # ignored: in the extension's own list it would be left out
        ("THANK", ["a.2"]),
        ("the of and", []),
        ("zebra", []),
        ("", []),
        ("'; DROP TABLE mentions; --", []),
    ],
)
def test_words_are_found_in_any_form(published: Path, words: str, mentions: list[str]) -> None:
    assert found(published, words) == mentions


def test_meaning_finds_what_has_other_words(published: Path) -> None:
    assert found(published, "late", LATE)[:2] == ["a.1", "b.1"]
    assert found(published, "zebra", RUDE)[0] == "c.1"


def test_what_has_the_words_and_the_meaning_comes_first(published: Path) -> None:
    with store.open_searchable(published) as connection:
        best = find(connection, Wanted("late parcel", Question(ENCODER, LATE, feeling=-0.5))).row(0, named=True)
    assert best["mention_id"] == "a.1"
    assert best["words_score"] > 0
    assert (best["labels_score"], best["nearness"]) == (0, pytest.approx(1, abs=0.01))
    assert best["score"] == pytest.approx(best["words_score"] + 3 * best["nearness"] + 1)  # 1: it feels the same
    assert best["moments"] == "delivery"
    assert best["quote"] == "The parcel came far too late."


def test_what_carries_the_questions_labels_comes_first(published: Path) -> None:
    """`e` has refund by half; a label that is common tells less than a rare one."""
    with store.open_searchable(published) as connection:

        def scores(*labels: Label) -> dict[str, float]:
            wanted = Wanted("zebra", Question(ENCODER, LATE, labels))
            return dict(find(connection, wanted).select("mention_id", "labels_score").iter_rows())

        refund, delivery = Label("moment", "refund", None, 1.0), Label("moment", "delivery", None, 1.0)
        assert scores(refund, Label("moment", "staff", None, 0.1))["e.1"] == pytest.approx(0.5 * -log(0.001 + 0.5 / 6))
        late = scores(delivery)
        assert late["a.1"] == pytest.approx(0.75 * -log(0.001 + 3 * 0.75 / 6))
        assert late["a.2"] == pytest.approx(late["a.1"] / 2)  # another sentence of that letter
        assert late["c.1"] == 0


def test_what_a_person_says_of_a_label_is_all_that_counts(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store.load(connection, [staged(tmp_path / "1", *LETTERS, vectors=VECTORS_OF)], run(1))
    for mention_id, label, decision in (("b.1", "delivery", "no"), ("c.1", "delivery", "yes")):
        connection.execute(
            "INSERT INTO tags BY NAME SELECT $1 AS mention_id, 'moment' AS family, $2 AS label, $3 AS decision, "
            "'person' AS voter", [mention_id, label, decision],
        )  # fmt: skip
    store.publish(connection, tmp_path / "warehouse")
    with store.open_searchable(tmp_path / "warehouse" / "cx.duckdb") as reader:
        wanted = Wanted("zebra", Question(ENCODER, RUDE, (Label("moment", "delivery", None, 1.0),)))
        found = dict(find(reader, wanted).select("mention_id", "labels_score").iter_rows())
    assert found["b.1"] == 0
    assert found["c.1"] == pytest.approx(found["a.1"] / 0.75)


def test_a_feeling_that_a_person_took_away_counts_for_nothing(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    store.load(connection, [staged(tmp_path / "1", *LETTERS, vectors=VECTORS_OF)], run(1))
    for mention_id, label, decision in (("a.1", "-1", "no"), ("b.1", "-2", "no"), ("b.1", "-1", "yes")):
        connection.execute(
            "INSERT INTO tags BY NAME SELECT $1 AS mention_id, 'sentiment' AS family, $2 AS label, $3 AS decision, "
            "'person' AS voter", [mention_id, label, decision],
        )  # fmt: skip
    store.publish(connection, tmp_path / "warehouse")
    with store.open_searchable(tmp_path / "warehouse" / "cx.duckdb") as reader:
        best = find(reader, Wanted("zebra", Question(ENCODER, LATE, feeling=-0.5)))
    likeness = {row["mention_id"]: row["score"] - 3 * row["nearness"] for row in best.iter_rows(named=True)}
    assert likeness["a.1"] == pytest.approx(0, abs=1e-6)
    assert likeness["b.1"] == pytest.approx(1)


def test_what_an_agent_said_lends_the_letter_no_label(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    call = (
        piece("f", said("It will be refunded.", 0, "moment:refund", speaker="agent"), said("Well, thanks.", 1)),
        piece("g", said("Bye.", 0)),
    )
    staged(tmp_path / "1", *call, vectors={"f.1": REFUND, "f.2": LATE, "g.1": LATE})
    store.load(connection, [tmp_path / "1"], run(1))
    store.publish(connection, tmp_path / "warehouse")
    wanted = Wanted("zebra", Question(ENCODER, LATE, (Label("moment", "refund", None, 1.0),)))
    with store.open_searchable(tmp_path / "warehouse" / "cx.duckdb") as reader:
        alone, with_agents = (
            dict(find(reader, each).select("mention_id", "labels_score").iter_rows())
            for each in (wanted, replace(wanted, is_agents=True))
        )
    assert alone["f.2"] == 0
    assert with_agents["f.2"] == pytest.approx(with_agents["f.1"] / 2)


@pytest.mark.parametrize(
    ("limits", "mentions"),
    [
        ({"moment": "delivery"}, {"a.1", "b.1"}),
        ({"moment": "refund"}, set()),  # unsure
        ({"channel": "call"}, {"b.1"}),
        ({"source": "desk"}, {"c.1"}),
        ({"since": date(2026, 10, 9)}, {"c.1", "e.1"}),
        ({"since": date(2026, 10, 5), "until": date(2026, 10, 5)}, {"b.1"}),
        ({"is_agents": True, "moment": "delivery"}, {"a.1", "b.1", "d.1"}),
        ({"n": 1}, {"a.1"}),
    ],
)
def test_limits_hold(published: Path, limits: dict[str, object], mentions: set[str]) -> None:
    assert set(found(published, "late", LATE, **limits)) == mentions


@pytest.mark.parametrize(
    ("words", "limits", "mentions"),
    [
        ("parcel late order", {"channel": "call"}, ["b.1"]),  # `a` has more of the words, and is a letter
        ("parcel late refund", {"n": 2}, ["a.1", "e.1"]),
    ],
)
def test_limits_lose_nothing_that_lies_beyond_the_reach(
    published: Path, monkeypatch: pytest.MonkeyPatch, words: str, limits: dict[str, object], mentions: list[str]
) -> None:
    monkeypatch.setattr(finding, "_REACH", 1)
    monkeypatch.setattr(finding, "_DEPTH", 1)
    assert found(published, words, None, **limits) == mentions


@pytest.mark.parametrize(("name", "there"), [("moment", "account"), ("channel", "call, letter"), ("source", "desk")])
def test_a_limit_that_is_not_there_is_refused(published: Path, name: str, there: str) -> None:
    with pytest.raises(store.WarehouseError, match=f"{name} 'nowhere': not in the warehouse; there is: {there}"):
        found(published, "late", **{name: "nowhere"})


def test_vectors_of_another_encoder_are_not_compared(published: Path) -> None:
    with store.open_searchable(published) as connection:
        assert find(connection, Wanted("zebra", Question("another", LATE))).is_empty()
        assert n_without_vector(connection, "another") == 6
        assert n_without_vector(connection, ENCODER) == 0


def test_the_search_is_at_hand_in_sql(published: Path) -> None:
    words = "SELECT mention_id FROM find_words('rude drivers')"
    assert store.query(published, words)["mention_id"].to_list() == ["c.1"]
    like = "FROM similar_to('a.1') ORDER BY nearness DESC, mention_id LIMIT 2"
    nearest = store.query(published, like)
    assert nearest["mention_id"].to_list() == ["d.1", "b.1"]
    assert nearest["nearness"][1] == pytest.approx(9 / 82**0.5, abs=0.01)
    meaning = "SELECT mention_id FROM find_meaning(meaning('so rude')) ORDER BY nearness DESC LIMIT 1"
    assert store.query(published, meaning, meaning=lambda words: RUDE).item() == "c.1"


def test_a_duplicate_is_not_found(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = "The parcel came far too late and nobody told me anything about it."
    first, again = piece("a", said(text, -1), day="2026-10-01"), piece("z", said(text, -1), day="2026-10-02")
    store.load(connection, [staged(tmp_path / "n", first, again, vectors={"a.1": LATE, "z.1": LATE})], run())
    store.publish(connection, tmp_path / "warehouse")
    assert found(tmp_path / "warehouse" / "cx.duckdb", "parcel", LATE) == ["a.1"]


def vectored(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in rows(connection, "SELECT mention_id FROM mention_vectors")}


def test_a_correction_brings_its_own_vectors(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [staged(tmp_path / "1", *LETTERS, vectors=VECTORS_OF)], run(1))
    mended = LETTERS[0].but(said("The parcel came in time.", 1, "moment:delivery"), content_hash="new")
    store.load(connection, [staged(tmp_path / "2", mended, vectors={"a.1": RUDE})], run(2))
    assert vectored(connection) == set(VECTORS_OF) - {"a.2"}
    assert rows(connection, "SELECT vector[2] FROM mention_vectors WHERE mention_id = 'a.1'") == [(RUDE[1],)]
    assert store.check(connection) == []


def test_what_is_erased_leaves_no_vector(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [staged(tmp_path / "1", *LETTERS, vectors=VECTORS_OF)], run(1))
    store.erase(connection, pl.Series(["a"]))
    assert vectored(connection) == set(VECTORS_OF) - {"a.1", "a.2"}


def test_what_has_no_vector_is_read_again(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "1", *LETTERS)], run(1))
    assert store.outdated(connection, "m1", "t1", None) == []
    assert store.outdated(connection, "m1", "t1", None, ENCODER) == ["e", "c", "d", "b", "a"]
    made = staged(tmp_path / "2", vectors=VECTORS_OF) / "vectors.parquet"
    store.load(connection, [], run(2), revectored=[made])
    assert store.outdated(connection, "m1", "t1", None, ENCODER) == []
    store.load(connection, [], run(3), revectored=[made])
    assert vectored(connection) == set(VECTORS_OF)
    assert store.check(connection) == []


def test_a_vector_without_its_mention_is_an_offence(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [staged(tmp_path / "1", *LETTERS, vectors=VECTORS_OF)], run(1))
    connection.execute("UPDATE mention_vectors SET mention_id = 'gone.1' WHERE mention_id = 'a.2'")
    assert [offence.check for offence in store.check(connection)] == ["orphans"]


def test_a_file_of_before_the_search_says_so(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "old.duckdb")) as old:
        old.execute("CREATE TABLE feedback (feedback_id VARCHAR)")
    with (
        store.open_searchable(tmp_path / "old.duckdb") as reader,
        pytest.raises(store.WarehouseError, match="published by a cxnlp that could not search"),
    ):
        find(reader, Wanted("late"))


def test_a_missing_extension_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "_WHEEL", "duckdb-extension-of-nobody")
    with duckdb.connect() as connection, pytest.raises(store.WarehouseError, match="Run `pip install duckdb-extension"):
        fulltext.load(connection)
