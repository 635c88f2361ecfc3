"""Themes join, are born, meet, part and end; people's decisions stay."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp.insight import themes
from cxnlp.insight.themes.edits import Edit, Wishes, wishes
from cxnlp.warehouse import store
from tests.themes.sayings import Saying, add_vectors, keep, sayings
from tests.warehouse.night import rows

Connection = duckdb.DuckDBPyConnection
NIGHTS = (date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4))
FIRST = sayings("rain", 20) + sayings("horn", 15) + sayings("", 30)


def grow(connection: Connection, number: int = 1, wanted: Wishes | None = None, least_group: int = 5) -> None:
    night = NIGHTS[number - 1]
    themes.grow(connection, night=night, run_id=f"{night}-1", least_group=least_group, wanted=wanted)


def members(connection: Connection) -> dict[str, Counter[str]]:
    """Theme → how many mentions of which kind belong to it; "" are those that are alone."""
    found: dict[str, Counter[str]] = {}
    for theme_id, mention_id in rows(connection, "SELECT theme_id, mention_id FROM theme_mentions ORDER BY ALL"):
        found.setdefault(theme_id or "", Counter())[mention_id[:4]] += 1
    return found


def kinds(connection: Connection) -> set[tuple[tuple[str, int], ...]]:
    return {tuple(sorted(counts.items())) for theme, counts in members(connection).items() if theme}


def theme_of(connection: Connection, kind: str) -> str:
    (found,) = rows(connection, f"SELECT DISTINCT theme_id FROM theme_mentions WHERE mention_id LIKE '{kind}%' AND "
                                "theme_id IS NOT NULL")  # fmt: skip
    return str(found[0])


def everything(connection: Connection) -> list[list[tuple[Any, ...]]]:
    """All rows but for the people of themes, which are counted when it is asked whether they are enough."""
    tables = ("(SELECT * EXCLUDE (n_people) FROM themes)", "theme_mentions", "theme_grounds", "theme_events")
    return [rows(connection, f"FROM {table} ORDER BY ALL") for table in tables]


@pytest.fixture
def grown(connection: Connection, tmp_path: Path) -> Connection:
    """A warehouse after its first night: two themes, and thirty sayings that are like no other."""
    keep(connection, tmp_path, FIRST)
    grow(connection)
    return connection


def test_what_many_say_becomes_a_theme_and_the_rest_is_left_alone(grown: Connection) -> None:
    assert kinds(grown) == {(("rain", 20),), (("horn", 15),)}
    assert members(grown)[""] == {"else": 30}
    assert rows(
        grown, "SELECT name, ground, label, state, n_mentions, born_on FROM themes ORDER BY n_mentions DESC"
    ) == [
        ("parcel stood, rain", "moment.delivery", "delivery", "alive", 20, NIGHTS[0]),
        ("blew his horn", "moment.delivery", "delivery", "alive", 15, NIGHTS[0]),
    ]
    assert rows(grown, "SELECT event, n_mentions, is_by_person FROM theme_events ORDER BY ALL") == [
        ("born", 15, False), ("born", 20, False),
    ]  # fmt: skip


def test_the_same_again_changes_nothing(grown: Connection) -> None:
    before = everything(grown)
    grow(grown, 2)
    assert everything(grown) == before


def test_the_same_data_give_the_same_bytes(grown: Connection, tmp_path: Path) -> None:
    with store.open_working(":memory:") as other:
        keep(other, tmp_path / "again", list(reversed(FIRST)))
        grow(other)
        assert everything(other) == everything(grown)


def test_new_sayings_join_and_nobody_else_moves(grown: Connection, tmp_path: Path) -> None:
    before = dict(rows(grown, "SELECT mention_id, theme_id FROM theme_mentions"))
    keep(grown, tmp_path, sayings("rain", 5, first=20) + sayings("", 4, first=30), 2)
    grow(grown, 2)
    after = dict(rows(grown, "SELECT mention_id, theme_id FROM theme_mentions"))
    assert {name: after[name] for name in before} == before
    assert {after[f"rain{n:03d}.1"] for n in range(25)} == {theme_of(grown, "rain")}
    assert [after[f"else{n:03d}.1"] for n in range(30, 34)] == [None] * 4
    assert rows(grown, "SELECT max(n_mentions) FROM themes") == [(25,)]


def test_a_theme_is_born_from_those_that_waited(grown: Connection, tmp_path: Path) -> None:
    known = {name for (name,) in rows(grown, "SELECT theme_id FROM themes")}
    keep(grown, tmp_path, sayings("lift", 12) + sayings("", 20, first=30), 2)
    grow(grown, 2)
    assert kinds(grown) == {(("rain", 20),), (("horn", 15),), (("lift", 12),)}
    assert rows(grown, "SELECT name, born_on FROM themes WHERE theme_id NOT IN (SELECT unnest($1))".replace(
        "$1", str(sorted(known)))) == [("lift, refused", NIGHTS[1])]  # fmt: skip


@pytest.mark.parametrize(("n", "born"), [(5, 0), (6, 1)])
def test_fewer_than_six_people_are_no_theme(connection: Connection, tmp_path: Path, n: int, born: int) -> None:
    keep(connection, tmp_path, sayings("rain", n) + sayings("", 60))
    grow(connection)
    assert len(kinds(connection)) == born


def test_one_person_who_says_it_often_is_no_theme(connection: Connection, tmp_path: Path) -> None:
    often = [saying.__class__(saying.feedback_id, "rain", saying.text, "ann") for saying in sayings("rain", 20)]
    keep(connection, tmp_path, often + sayings("", 60))
    grow(connection)
    assert kinds(connection) == set()


def test_fifty_mentions_make_a_ground(connection: Connection, tmp_path: Path) -> None:
    keep(connection, tmp_path, sayings("rain", 20) + sayings("", 29))
    grow(connection)
    assert rows(connection, "SELECT bool_and(is_waiting), (SELECT count(*) FROM themes) FROM theme_mentions") == [
        (True, 0)
    ]


def test_grounds_are_moments_wishes_and_what_is_about_no_moment(connection: Connection, tmp_path: Path) -> None:
    wish, unsure, nothing = ("signal:suggestion", "moment:price"), ("?moment:price",), ()
    for number, tags in enumerate((wish, unsure, nothing)):
        keep(connection, tmp_path, sayings("rain", 60, first=60 * number, tags=tags), number + 1)
    grow(connection)
    assert rows(connection, "SELECT ground, count(*) FROM theme_mentions GROUP BY ground ORDER BY ground") == [
        ("moment.price", 60), ("outside", 60), ("signal.suggestion", 60),
    ]  # fmt: skip


def test_what_is_erased_leaves_themes_as_if_it_had_never_been(grown: Connection) -> None:
    gone = [f"rain{n:03d}" for n in range(10)]
    store.erase(grown, pl.Series(gone))
    grow(grown, 2)
    assert kinds(grown) == {(("rain", 10),), (("horn", 15),)}
    (total,) = rows(grown, "SELECT vector_sum FROM themes WHERE n_mentions = 10")
    grown.execute("UPDATE themes SET vector_sum = NULL")  # made anew from those that are left
    grow(grown, 2)
    assert rows(grown, "SELECT vector_sum FROM themes WHERE n_mentions = 10") == [total]


def test_a_theme_of_too_few_people_ends_and_its_words_go(grown: Connection) -> None:
    store.erase(grown, pl.Series([f"rain{n:03d}" for n in range(16)]))
    grow(grown, 2)
    assert kinds(grown) == {(("horn", 15),)}
    assert rows(grown, "SELECT state, name, n_mentions FROM themes WHERE state <> 'alive'") == [("ended", None, 0)]
    assert rows(grown, "SELECT event FROM theme_events WHERE happened_on = DATE '2026-11-03'") == [("ended",)]


def test_a_word_that_too_few_use_leaves_the_name(grown: Connection) -> None:
    grown.execute(
        "UPDATE mentions SET text = 'It got wet, the parcel.' WHERE feedback_id < 'rain016' AND text LIKE '%rain%'"
    )
    store.erase(grown, pl.Series(["rain019"]))
    grow(grown, 2)
    (name,) = rows(grown, "SELECT name FROM themes WHERE n_mentions = 19")
    assert "rain" not in name[0]
    assert "parcel" in name[0]


def test_another_tag_takes_a_mention_out_of_its_theme(grown: Connection) -> None:
    grown.execute("UPDATE tags SET label = 'price' WHERE mention_id = 'rain000.1' AND family = 'moment'")
    grow(grown, 2)
    assert kinds(grown) == {(("rain", 19),), (("horn", 15),)}


def test_with_another_encoder_themes_go_on(grown: Connection, tmp_path: Path) -> None:
    grown.execute("DELETE FROM mention_vectors")
    add_vectors(grown, FIRST, encoder="e2")
    before = members(grown)
    keep(grown, tmp_path, sayings("horn", 3, first=15), 2, encoder="e2")
    grow(grown, 2)
    horn = theme_of(grown, "horn")
    assert members(grown)[horn] == {"horn": 18}
    assert {name: counts for name, counts in members(grown).items() if name != horn} == {
        name: counts for name, counts in before.items() if name != horn
    }


def test_while_an_encoder_takes_over_bit_by_bit_themes_keep_id_name_and_people(
    grown: Connection, tmp_path: Path
) -> None:
    """Half of what is stored is read anew a night, so that no theme has all of its vectors from one encoder."""
    named = "SELECT theme_id, name, n_mentions FROM themes WHERE state = 'alive' ORDER BY ALL"
    before, kept = rows(grown, named), members(grown)
    read_anew(grown, FIRST[:18])  # of 20 about rain two are left to the old encoder, which is still that of most
    grow(grown, 2)
    assert (rows(grown, named), members(grown)) == (before, kept)

    read_anew(
        grown, FIRST[35:]
    )  # those that are like no other: the new encoder has most; nothing about horns is read anew
    keep(grown, tmp_path, sayings("rain", 4, first=20), 2, encoder="e2")
    grow(grown, 3)
    assert [name for _, name, _ in rows(grown, named)] == [name for _, name, _ in before]
    assert kinds(grown) == {(("rain", 24),), (("horn", 15),)}
    assert rows(grown, "SELECT n_mentions, n_summed FROM themes ORDER BY ALL") == [(15, 0), (24, 22)]

    read_anew(grown, FIRST[18:35])
    keep(grown, tmp_path, sayings("horn", 3, first=15), 3, encoder="e2")
    grow(grown, 3)
    assert rows(grown, "SELECT n_mentions, n_summed FROM themes ORDER BY ALL") == [(18, 18), (24, 24)]
    assert rows(grown, "SELECT DISTINCT event FROM theme_events") == [("born",)]
    sums = rows(grown, "SELECT vector_sum FROM themes ORDER BY ALL")
    grown.execute("UPDATE themes SET vector_sum = NULL")  # made anew from all
    grow(grown, 3)
    assert rows(grown, "SELECT vector_sum FROM themes ORDER BY ALL") == sums


def read_anew(connection: Connection, said: Sequence[Saying]) -> None:
    """What a night does that tags stored feedback again with another encoder."""
    ids = [saying.feedback_id for saying in said]
    connection.execute("DELETE FROM mention_vectors WHERE split_part(mention_id, '.', 1) IN (SELECT unnest($1))", [ids])
    add_vectors(connection, said, encoder="e2")
    connection.execute("INSERT INTO unheard SELECT unnest($1)", [ids])


def edit(kind: str, theme_id: str, *, known: int = 0, **more: Any) -> Edit:
    mentions = tuple(f"{more.pop('of', 'rain')}{n:03d}.1" for n in range(known))
    return Edit.model_validate({"at": datetime(2026, 11, 3, tzinfo=UTC), "kind": kind, "theme_id": theme_id,
                                "mentions": mentions} | more)  # fmt: skip


def test_a_persons_name_stays(grown: Connection, tmp_path: Path) -> None:
    rain = theme_of(grown, "rain")
    keep(grown, tmp_path, sayings("rain", 20, first=20), 2)
    grow(grown, 2, wishes([edit("rename", rain, name="Left in the wet")]))
    assert rows(grown, "SELECT name, is_named FROM themes WHERE n_mentions = 40") == [("Left in the wet", True)]
    grow(grown, 3, wishes([edit("rename", rain, name="Left in the wet"), edit("rename", rain)]))
    assert rows(grown, "SELECT is_named FROM themes WHERE n_mentions = 40") == [(False,)]


def test_a_persons_merge_stays_and_is_told(grown: Connection, tmp_path: Path) -> None:
    rain, horn = theme_of(grown, "rain"), theme_of(grown, "horn")
    wanted = wishes([edit("merge", horn, into_id=rain)])
    grow(grown, 2, wanted)
    assert kinds(grown) == {(("horn", 15), ("rain", 20))}
    keep(grown, tmp_path, sayings("rain", 40, first=20) + sayings("horn", 40, first=15), 2)
    grow(grown, 3, wanted)
    assert rows(grown, "SELECT count(*) FROM theme_events WHERE event = 'split'") == [(0,)]
    assert rows(grown, "SELECT theme_id, other_id, is_by_person FROM theme_events WHERE event = 'merged'") == [
        (horn, rain, True)
    ]


def test_a_pinned_theme_does_not_end(grown: Connection) -> None:
    rain = theme_of(grown, "rain")
    store.erase(grown, pl.Series([f"rain{n:03d}" for n in range(18)]))
    grow(grown, 2, wishes([edit("pin", rain)]))
    assert kinds(grown) == {(("rain", 2),), (("horn", 15),)}
    store.erase(grown, pl.Series(["rain018", "rain019"]))
    grow(grown, 2, wishes([edit("pin", rain)]))
    assert rows(grown, "SELECT state, n_mentions FROM themes WHERE is_pinned") == [("alive", 0)]
    grow(grown, 3, wishes([edit("pin", rain), edit("unpin", rain)]))
    assert rows(grown, f"SELECT state FROM themes WHERE theme_id = '{rain}'") == [("ended",)]
    assert theme_of(grown, "horn") in members(grown)


def test_a_database_made_anew_knows_a_persons_theme_again(grown: Connection, tmp_path: Path) -> None:
    wanted = wishes([edit("rename", "th-0123456789", known=20, name="Left in the wet")])
    with store.open_working(":memory:") as anew:
        keep(anew, tmp_path / "anew", [*FIRST, *sayings("rain", 30, first=20)])
        grow(anew, 1, wanted)
        assert rows(anew, "SELECT theme_id, n_mentions FROM themes WHERE name = 'Left in the wet'") == [
            ("th-0123456789", 50)
        ]
