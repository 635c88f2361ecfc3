"""The same text that arrives again is stored, marked, and not counted twice."""

import itertools
from pathlib import Path

import duckdb
import pytest

from cxnlp.warehouse import store
from cxnlp.warehouse.duplicates import follow
from tests.warehouse.night import Piece, partition, piece, rows, run, said

STORY = (
    "I ordered a garden bench in June and it arrived with two broken legs, so I rang your call centre three times and "
    "each time a different person promised that a new bench would be on the next van, which it never was"
)
RETOLD = STORY.replace("garden bench in June", "garden table in June")
OTHER = "The lady at the counter in the Elm Street shop was so kind to my mother that we will come back every week"


def told(feedback_id: str, text: str, day: str = "2026-10-26", **columns: str) -> Piece:
    return piece(feedback_id, said(text), day=day, **columns)


def originals(connection: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    return dict(rows(connection, "SELECT feedback_id, duplicate_of FROM feedback ORDER BY feedback_id"))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(told("a", STORY), told("b", STORY, "2026-10-27"), {"a": None, "b": "a"}, id="same words"),
        pytest.param(told("a", STORY), told("b", STORY), {"a": None, "b": "a"}, id="same time: the smaller id"),
        pytest.param(told("a", STORY, "2026-10-28"), told("b", STORY), {"a": "b", "b": None}, id="the earlier one"),
        pytest.param(told("a", STORY), told("b", RETOLD), {"a": None, "b": "a"}, id="two words differ"),
        pytest.param(told("a", STORY), told("b", STORY + ". " + OTHER), {"a": None, "b": None}, id="much added"),
        pytest.param(told("a", STORY), told("b", OTHER), {"a": None, "b": None}, id="another story"),
        pytest.param(told("a", "Thank you!"), told("b", "Thank you!"), {"a": None, "b": None}, id="short, unknown"),
        pytest.param(
            told("a", "Thank you!", author_key="ann"),
            told("b", "Thank you!", author_key="ben"),
            {"a": None, "b": None},
            id="short, two people",
        ),
        pytest.param(
            told("a", "Thank you!", author_key="ann"),
            told("b", "Thank you!", author_key="ann", source="mail"),
            {"a": None, "b": "a"},
            id="short, one person",
        ),
        pytest.param(
            told("a", STORY, author_key="ann"),
            told("b", STORY, author_key="ben"),
            {"a": None, "b": "a"},
            id="a repost by another person",
        ),
        pytest.param(
            told("a", STORY),
            told("b", STORY[:60] + "…", "2026-10-27", repost_of="a"),
            {"a": None, "b": "a"},
            id="a repost cut short, by the source's own word",
        ),
        pytest.param(
            told("b", STORY[:60] + "…", repost_of="a"), told("c", OTHER), {"b": None, "c": None}, id="of something else"
        ),
    ],
)
def test_what_is_a_duplicate(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, first: Piece, second: Piece, expected: dict[str, str]
) -> None:
    store.load(connection, [partition(tmp_path / "a", first, second)], run())
    assert originals(connection) == expected
    assert store.check(connection) == []


def test_a_repost_of_a_copy_follows_the_copys_original(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    cut = STORY[:60] + "…"
    copies = [told("a", STORY), told("b", STORY, "2026-10-27"), told("c", cut, "2026-10-28", repost_of="b")]
    store.load(connection, [partition(tmp_path / "a", *copies)], run(1))
    store.load(connection, [partition(tmp_path / "b", told("d", cut + " So true!", repost_of="b"))], run(2))
    store.load(connection, [partition(tmp_path / "c", told("e", "See this", repost_of="c"))], run(3))
    assert originals(connection) == {"a": None, "b": "a", "c": "a", "d": "a", "e": "a"}
    assert store.check(connection) == []


def test_a_repost_dated_before_its_post_follows_it(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", told("s", STORY))], run(1))
    early = told("a", STORY[:60] + "…", "2026-10-01", repost_of="b")
    store.load(connection, [partition(tmp_path / "b", early, told("b", RETOLD, "2026-10-28"))], run(2))
    assert originals(connection) == {"a": "s", "b": "s", "s": None}
    assert store.check(connection) == []


def test_a_hundred_copies_follow_the_first(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    copies = [told(f"copy{n:03d}", STORY, f"2026-10-{1 + n % 28:02d}") for n in range(100)]
    loaded = store.load(connection, [partition(tmp_path / "a", *copies, told("z", RETOLD, "2026-10-30"))], run())
    assert (loaded.n_stored, loaded.n_duplicates) == (1, 100)
    assert set(originals(connection).values()) == {None, "copy000"}
    assert rows(connection, "SELECT count(*) FROM signature_bands") == [(16,)]
    assert rows(connection, "SELECT n_feedback, n_duplicates FROM freshness") == [(1, 100)]


def test_later_nights_follow_earlier_ones(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store.load(connection, [partition(tmp_path / "a", told("a", STORY, "2026-10-26"))], run(1))
    store.load(connection, [partition(tmp_path / "b", told("b", RETOLD, "2026-10-01"))], run(2))
    store.load(connection, [partition(tmp_path / "c", told("c", RETOLD), told("d", STORY))], run(3))
    assert originals(connection) == {"a": None, "b": "a", "c": "a", "d": "a"}
    assert store.check(connection) == []


def test_copies_find_a_new_original_when_theirs_is_corrected(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    three = [told("a", STORY), told("b", STORY, "2026-10-27"), told("c", RETOLD, "2026-10-28")]
    store.load(connection, [partition(tmp_path / "a", *three)], run(1))
    assert originals(connection) == {"a": None, "b": "a", "c": "a"}
    store.load(connection, [partition(tmp_path / "b", told("a", OTHER))], run(2))
    assert originals(connection) == {"a": None, "b": None, "c": "b"}
    assert store.check(connection) == []
    store.load(connection, [partition(tmp_path / "c", told("d", RETOLD), told("e", OTHER))], run(3))
    assert originals(connection) == {"a": None, "b": None, "c": "b", "d": "b", "e": "a"}


@pytest.mark.thorough
def test_the_order_of_partitions_does_not_matter(tmp_path: Path) -> None:
    pieces = [told("a", STORY, "2026-10-28"), told("b", RETOLD, "2026-10-27"), told("c", STORY, "2026-10-26")]
    staged = [partition(tmp_path / one.feedback_id, one, told(f"{one.feedback_id}2", OTHER)) for one in pieces]
    found = []
    for order in itertools.permutations(staged):
        folders = [folder.rename(tmp_path / f"{n}-{folder.name}") for n, folder in enumerate(order)]
        with store.open_working(":memory:") as connection:
            store.load(connection, folders, run())
            found.append(originals(connection))
        for folder, name in zip(folders, order, strict=True):
            folder.rename(name)
    assert found == [{"a": "c", "b": "c", "c": None, "a2": None, "b2": "a2", "c2": "a2"}] * 6


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param([("b", "a", False)], [("b", "a")], id="a pair"),
        pytest.param([("b", "a", False), ("c", "b", False)], [("b", "a")], id="likeness is not handed on"),
        pytest.param(
            [("b", "a", False), ("c", "a", False), ("c", "b", False)], [("b", "a"), ("c", "a")], id="all alike"
        ),
        pytest.param([("b", "s", True), ("c", "b", False)], [("b", "s")], id="like a duplicate of a stored one"),
        pytest.param([("c", "s", True), ("c", "a", False)], [("c", "s")], id="stored ones first"),
        pytest.param([("a", "b", False), ("b", "s", True)], [("a", "s"), ("b", "s")], id="a repost dated too early"),
        pytest.param([("a", "b", True), ("b", "a", True)], [("a", "b")], id="each a repost of the other"),
        pytest.param([("b", "s", True), ("c", "b", True)], [("b", "s"), ("c", "s")], id="a repost of a duplicate"),
        pytest.param([], [], id="none"),
    ],
)
def test_a_text_follows_the_first_original_it_resembles(
    pairs: list[tuple[str, str, bool]], expected: list[tuple[str, str]]
) -> None:
    assert follow(pairs) == expected
