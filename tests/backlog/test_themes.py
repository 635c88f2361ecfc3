"""Complaints about a moment, and wishes, are items by theme, and each item knows its mentions."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp import backlog
from cxnlp.backlog.titles import title
from cxnlp.settings import Backlog
from cxnlp.warehouse import store
from tests.backlog.conftest import Warehouse
from tests.backlog.larkfield import NIGHT, Mention, add, insert, said

BOXES = [
    said(f"The box for my {thing} was far too big.", person=f"Box {thing}", sentiment="-1", moments="delivery")
    for thing in ("hinge", "lamp", "seeds", "bulb", "twine", "chair")
]
RAIN = [
    said(f"My {thing} stood in the rain all day.", person=f"Rain {thing}", sentiment="-2", moments="delivery")
    for thing in ("sofa", "rug", "bench", "desk", "shelf", "mirror")
]
OTHERS = [
    said(text, person=text, sentiment="-1", moments="delivery")
    for text in ("Nobody rang.", "He threw it over the hedge.", "Wrong house, twice.")
]
REST = "cx-" + md5(b"moment|delivery|-", usedforsecurity=False).hexdigest()[:10]


def theme(
    connection: duckdb.DuckDBPyConnection, theme_id: str, words: str, name: str | None = None,
    ground: str = "moment.delivery", *, is_named: bool = False,
) -> None:  # fmt: skip
    """Make a theme of the mentions that have ``words``, or give these to one that is there."""
    family, label = ground.split(".")
    row = {"theme_id": theme_id, "ground": ground, "family": family, "label": label, "name": name,
           "is_named": is_named, "is_pinned": False, "state": "alive", "born_on": NIGHT, "n_mentions": 0,
           "n_looked_at": 0}  # fmt: skip
    connection.execute("DELETE FROM themes WHERE theme_id = $1", [theme_id])
    insert(connection, "themes", pl.DataFrame([row], schema_overrides={"name": pl.String()}))
    own = "SELECT mention_id FROM mentions WHERE contains(text, $1)"
    connection.execute(f"DELETE FROM theme_mentions WHERE mention_id IN ({own})", [words])
    rows = f"SELECT mention_id, $2 AS ground, $3 AS theme_id FROM ({own})"
    connection.execute(f"INSERT INTO theme_mentions BY NAME {rows}", [words, ground, theme_id])


def happens(connection: duckdb.DuckDBPyConnection, theme_id: str, event: str, other_id: str) -> None:
    """Note that a theme merged into another one or split off it."""
    connection.execute("INSERT INTO theme_events BY NAME SELECT $1 AS theme_id, $2 AS event, $3 AS other_id, "
                       "DATE '2026-11-03' AS happened_on, 0 AS n_mentions, false AS is_by_person",
                       [theme_id, event, other_id])  # fmt: skip


def written(connection: duckdb.DuckDBPyConnection, night: date = NIGHT, least_group: int = 1) -> pl.DataFrame:
    """The table ``backlog`` after a night."""
    on: Any = {"night": night, "run_id": f"{night}-1"}
    found = backlog.gather(connection, **on, settings=Backlog(), least_group=least_group)
    backlog.write(connection, found, **on, settings=Backlog())
    return backlog.read(connection)


def sizes(items: pl.DataFrame) -> dict[str | None, int]:
    """Mentions of each moment's or wish's item that is not quiet, by theme."""
    shown = items.filter(pl.col("kind").is_in(["moment", "signal"]), pl.col("state") != "quiet")
    return dict(shown.select("theme_id", "n_mentions").iter_rows())


def evidence(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """What the mentions of each item say."""
    rows = connection.execute(
        "SELECT item_id, list(text) FROM backlog_evidence JOIN mentions USING (mention_id) GROUP BY item_id"
    ).fetchall()
    return {item_id: set(texts) for item_id, texts in rows}


def texts(mentions: Iterable[Mention]) -> set[str]:
    return {mention["text"] for mention in mentions}


@pytest.fixture
def delivered(warehouse: Warehouse) -> duckdb.DuckDBPyConnection:
    """Fifteen people complain of deliveries: six of boxes, six of rain, three of this and that."""
    connection = warehouse([*BOXES, *RAIN, *OTHERS])
    theme(connection, "th-box", "The box for", "box")
    theme(connection, "th-rain", "in the rain", "rain")
    return connection


def test_a_moment_has_an_item_for_each_theme_and_one_for_the_rest(delivered: duckdb.DuckDBPyConnection) -> None:
    items = written(delivered)
    assert sizes(items) == {"th-box": 6, "th-rain": 6, None: 3}
    ids = dict(items.select("theme_id", "item_id").iter_rows())
    assert ids[None] == REST
    assert evidence(delivered) == {
        REST: texts(OTHERS), ids["th-box"]: texts(BOXES), ids["th-rain"]: texts(RAIN),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("n_boxes", "least_group", "expected"),
    [
        pytest.param(6, 1, {"th-box": 6, None: 3}, id="six of one theme"),
        pytest.param(3, 1, {"th-box": 3, None: 3}, id="three are enough"),
        pytest.param(2, 1, {None: 5}, id="two are too few"),
        pytest.param(4, 5, {None: 7}, id="four could not be told apart on the page"),
    ],
)
def test_a_theme_of_too_few_people_stays_with_the_rest(
    warehouse: Warehouse, n_boxes: int, least_group: int, expected: dict[str | None, int]
) -> None:
    connection = warehouse([*BOXES[:n_boxes], *OTHERS])
    theme(connection, "th-box", "The box for", "box")
    assert sizes(written(connection, least_group=least_group)) == expected


def test_a_theme_that_is_an_item_stays_one_with_fewer_people(warehouse: Warehouse) -> None:
    connection = warehouse([*BOXES[:5], *OTHERS])
    theme(connection, "th-box", "The box for", "box")
    assert sizes(written(connection, least_group=5)) == {"th-box": 5, None: 3}
    store.erase(connection, connection.execute("SELECT min(feedback_id) AS feedback_id FROM mentions "
                                               "WHERE contains(text, 'The box for')").pl()["feedback_id"])  # fmt: skip
    assert sizes(written(connection, least_group=5)) == {"th-box": 4, None: 3}


def test_praise_of_a_theme_counts_in_how_it_feels_and_is_no_evidence(delivered: duckdb.DuckDBPyConnection) -> None:
    glad = said("The box for my vase was just right.", person="Vi", sentiment="1", moments="delivery")
    add(delivered, [glad])
    theme(delivered, "th-box", "The box for", "box")
    items = {row["theme_id"]: row for row in written(delivered).iter_rows(named=True)}
    assert items["th-box"]["net_sentiment"] == pytest.approx((1 - 6) / 7)
    assert items["th-rain"]["net_sentiment"] == -1
    assert evidence(delivered)[items["th-box"]["item_id"]] == texts(BOXES)


def test_wishes_are_items_by_theme_too(warehouse: Warehouse) -> None:
    slots = [said(f"An evening slot on {day} please.", person=day, signals="suggestion")
             for day in ("Monday", "Tuesday", "Friday")]  # fmt: skip
    spares = [said(f"Sell a single {part} please.", person=part, signals="suggestion")
              for part in ("hinge", "screw", "leg")]  # fmt: skip
    connection = warehouse([*slots, *spares])
    theme(connection, "th-slot", "evening slot", "evening slot", "signal.suggestion")
    assert sizes(written(connection)) == {"th-slot": 3, None: 3}


def test_the_same_night_twice_leaves_the_same_mentions(delivered: duckdb.DuckDBPyConnection) -> None:
    written(delivered)
    once = delivered.execute("SELECT rowid, * FROM backlog_evidence").fetchall()
    written(delivered)
    assert delivered.execute("SELECT rowid, * FROM backlog_evidence").fetchall() == once


def test_evidence_is_added_and_moves_with_its_theme(delivered: duckdb.DuckDBPyConnection) -> None:
    """Two are left of the rest: it is quiet, and does not keep what speaks for the rain now."""
    before = dict(written(delivered).select("theme_id", "item_id").iter_rows())
    add(delivered, [said("The box for one needle!", person="Nell", sentiment="-1", moments="delivery")])
    theme(delivered, "th-box", "The box for", "box")
    theme(delivered, "th-rain", "over the hedge")
    items = written(delivered)
    assert dict(items.select("theme_id", "item_id").iter_rows()) == before
    assert sizes(items) == {"th-box": 7, "th-rain": 7}
    spoken = {theme_id: evidence(delivered)[item_id] for theme_id, item_id in before.items()}
    assert "The box for one needle!" in spoken["th-box"]
    assert "He threw it over the hedge." in spoken["th-rain"]
    assert spoken[None] == {"Nobody rang.", "Wrong house, twice."}


def test_a_quiet_item_keeps_the_mentions_of_its_last_night(delivered: duckdb.DuckDBPyConnection) -> None:
    written(delivered)
    before = evidence(delivered)
    assert sizes(written(delivered, NIGHT + timedelta(weeks=12))) == {}
    assert evidence(delivered) == before


def test_what_is_erased_is_no_evidence_and_its_words_are_in_no_title(delivered: duckdb.DuckDBPyConnection) -> None:
    written(delivered)
    written(delivered, NIGHT + timedelta(weeks=12))
    gone = delivered.execute(
        "SELECT feedback_id FROM mentions WHERE contains(text, 'The box for my hinge')"
    ).pl()["feedback_id"]  # fmt: skip
    store.erase(delivered, gone)
    titles = dict(backlog.read(delivered).select("theme_id", "title").iter_rows())
    assert titles["th-box"] == "Delivery disappoints"
    assert "rain" in titles["th-rain"]
    assert not [name for name in delivered.execute("SELECT mention_id FROM backlog_evidence").fetchall()
                if name[0].startswith(gone[0])]  # fmt: skip


def test_the_query_of_the_docs_finds_an_items_mentions(delivered: duckdb.DuckDBPyConnection) -> None:
    page = (Path(__file__).parents[2] / "docs" / "backlog.md").read_text("utf-8")
    query, *_ = re.findall(r"^```sql\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    written(delivered)
    assert {row[-1] for row in delivered.execute(query).fetchall()} == texts(RAIN)


def log(connection: duckdb.DuckDBPyConnection, night: date) -> set[tuple[str | None, str, str | None]]:
    """What happened to items that night: theme, event, theme of the other item."""
    rows = connection.execute(
        "SELECT own.theme_id, event, other.theme_id FROM backlog_events AS events JOIN backlog AS own USING (item_id) "
        "LEFT JOIN backlog AS other ON other.item_id = events.other_id WHERE happened_on = $1",
        [night],
    ).fetchall()
    return set(rows)


@pytest.mark.parametrize("n_times", [1, 2])
def test_merging_themes_merge_their_items(delivered: duckdb.DuckDBPyConnection, n_times: int) -> None:
    """Also when the night runs twice: the item that somebody had accepted goes on under the kept one."""
    ids = dict(written(delivered).select("theme_id", "item_id").iter_rows())
    delivered.execute("UPDATE backlog SET state = 'accepted', assigned_to = 'Logistics', accepted_on = '2026-11-02' "
                      "WHERE theme_id = 'th-box'")  # fmt: skip
    theme(delivered, "th-rain", "The box for")
    happens(delivered, "th-box", "merged", "th-rain")
    night = NIGHT + timedelta(days=1)
    for _ in range(n_times):
        items = {row["theme_id"]: row for row in written(delivered, night).iter_rows(named=True)}
    assert (items["th-box"]["state"], items["th-box"]["into_id"]) == ("merged", ids["th-rain"])
    assert items["th-rain"]["n_customers"] == 12
    assert (items["th-rain"]["state"], items["th-rain"]["assigned_to"]) == ("accepted", "Logistics")
    assert log(delivered, night) == {
        ("th-box", "merged", "th-rain"), ("th-rain", "merged", "th-box"), ("th-rain", "grew", None),
    }  # fmt: skip
    assert delivered.execute("SELECT count(*) FROM backlog_events WHERE happened_on = $1", [night]).fetchone() == (3,)
    assert evidence(delivered) == {REST: texts(OTHERS), ids["th-rain"]: texts([*BOXES, *RAIN])}


def test_what_goes_along_with_a_decline_is_when_it_comes_back(delivered: duckdb.DuckDBPyConnection) -> None:
    """Declined for 11 people, kept for 12: it is declined until 24 speak of it."""
    written(delivered)
    delivered.execute("UPDATE backlog SET state = 'declined', n_customers = 11 WHERE theme_id = 'th-box'")
    theme(delivered, "th-rain", "The box for")
    happens(delivered, "th-box", "merged", "th-rain")
    for n_days in (1, 2):
        items = {row["theme_id"]: row for row in written(delivered, NIGHT + timedelta(n_days)).iter_rows(named=True)}
        assert items["th-rain"]["state"] == "declined"
    delivered.execute("UPDATE backlog_events SET n_customers = 6 WHERE event = 'merged' AND state_after = 'declined'")
    items = {row["theme_id"]: row for row in written(delivered, NIGHT + timedelta(3)).iter_rows(named=True)}
    assert items["th-rain"]["state"] == "new"


def test_a_theme_that_splits_gives_a_new_item(delivered: duckdb.DuckDBPyConnection) -> None:
    theme(delivered, "th-rain", "The box for")
    assert sizes(written(delivered)) == {"th-rain": 12, None: 3}
    theme(delivered, "th-box", "The box for", "box")
    happens(delivered, "th-box", "split", "th-rain")
    night = NIGHT + timedelta(days=1)
    assert sizes(written(delivered, night)) == {"th-rain": 6, "th-box": 6, None: 3}
    assert log(delivered, night) == {
        ("th-box", "opened", None), ("th-box", "split", "th-rain"), ("th-rain", "shrank", None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("theme", "terms", "expected"),
    [
        pytest.param("box, plastic", ["Kettlewick"], "Delivery disappoints: box, plastic, Kettlewick", id="filled up"),
        pytest.param("box", [], "Delivery disappoints: box", id="a name alone"),
        pytest.param("deliveries, bag", ["van"], "Delivery disappoints: bag, van", id="a part says what is said"),
        pytest.param("delivery", [], "Delivery disappoints: delivery", id="better than nothing"),
        pytest.param(None, ["van"], "Delivery disappoints: van", id="no name"),
        pytest.param(None, [], "Delivery disappoints", id="no words"),
    ],
)
def test_a_title_begins_with_the_themes_name(theme: str | None, terms: list[str], expected: str) -> None:
    row = {"kind": "moment", "name": "Delivery", "worse": "Delivery disappoints", "theme": theme,
           "is_theme_named": False}  # fmt: skip
    assert title(row, terms)[0] == expected


def test_a_name_that_a_person_gave_stands_alone() -> None:
    row = {"kind": "moment", "name": "Delivery", "worse": "Delivery disappoints", "theme": "Left out, in the rain",
           "is_theme_named": True}  # fmt: skip
    assert title(row, ["sofa"]) == ("Delivery disappoints: Left out, in the rain", ["Left out, in the rain"])
