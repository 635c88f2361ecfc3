"""What becomes an item, how it is judged, and that nothing is stored by building."""

from collections.abc import Iterable
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from cxnlp import backlog
from cxnlp.backlog.helped import MEASURED
from cxnlp.backlog.states import STANDING
from cxnlp.backlog.trackers import read_items
from cxnlp.settings import Backlog
from cxnlp.warehouse.sql import WarehouseError
from tests.backlog.conftest import Warehouse, build, item, labels, voices
from tests.backlog.larkfield import NIGHT, Mention, said


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        pytest.param(voices(3, moments="delivery"), {("moment", "delivery")}, id="three people complain"),
        pytest.param(voices(2, moments="delivery"), set(), id="two are too few"),
        pytest.param([v | {"person": "Ann"} for v in voices(5, moments="delivery")], set(), id="one person, often"),
        pytest.param([v | {"sentiment": "1"} for v in voices(4, moments="delivery")], set(), id="praise is no item"),
        pytest.param([v | {"sentiment": "0"} for v in voices(4, moments="delivery")], set(), id="neutral is no item"),
        pytest.param([v | {"speaker": "agent"} for v in voices(4, moments="delivery")], set(), id="agents' lines"),
        pytest.param([v | {"day": "2026-09-06"} for v in voices(4, moments="delivery")], set(), id="nine weeks ago"),
        pytest.param([v | {"day": "2026-09-07"} for v in voices(4, moments="delivery")], {("moment", "delivery")},
                     id="eight weeks ago"),
        pytest.param(voices(3, unmeasurables="trust-"), {("unmeasurable", "trust")}, id="a quality missing"),
        pytest.param(voices(3, unmeasurables="trust+"), set(), id="a quality shown"),
        pytest.param(voices(3, warnings="handoff"), {("warning", "handoff")}, id="a cause named"),
        pytest.param(voices(3, signals="suggestion"), {("signal", "suggestion")}, id="a wish"),
        pytest.param(voices(2, signals="suggestion"), set(), id="two wishes are too few"),
        pytest.param(voices(8, signals="champion"), set(), id="praise by name"),
        pytest.param(voices(1, signals="crisis"), {("signal", "crisis")}, id="one danger is enough"),
        pytest.param([v | {"probability": "0.55"} for v in voices(1, signals="crisis")], set(),
                     id="one danger that is not credible"),
        pytest.param([v | {"probability": "0.55"} for v in voices(3, signals="crisis")], {("signal", "crisis")},
                     id="three that are not sure"),
        pytest.param([v | {"speaker": "agent"} for v in voices(1, signals="crisis")], set(), id="an agent's danger"),
    ],
)  # fmt: skip
def test_what_becomes_an_item(
    warehouse: Warehouse, mentions: Iterable[Mention], expected: set[tuple[str, str]]
) -> None:
    assert labels(build(warehouse(mentions))) == expected


@pytest.mark.parametrize(("voter", "found"), [("rule", {("signal", "crisis")}), (None, set())])
def test_a_rules_danger_is_one_though_the_model_says_a_hesitant_yes(
    warehouse: Warehouse, voter: str | None, found: set[tuple[str, str]]
) -> None:
    connection = warehouse([v | {"probability": "0.2"} for v in voices(1, signals="crisis")])
    connection.execute(
        "INSERT INTO tags SELECT * REPLACE ($1 AS voter, 0.67 AS probability) FROM tags "
        "WHERE label = 'crisis' AND $1 IS NOT NULL",
        [voter],
    )
    assert labels(build(connection)) == found


def test_tags_that_are_unsure_make_no_item(warehouse: Warehouse) -> None:
    connection = warehouse(voices(4, moments="delivery"))
    connection.execute("UPDATE tags SET decision = 'unsure' WHERE family = 'moment'")
    assert build(connection).is_empty()


def test_duplicates_count_once(warehouse: Warehouse) -> None:
    connection = warehouse(voices(3, moments="delivery"))
    connection.execute(
        "UPDATE feedback SET duplicate_of = 'x' WHERE feedback_id = (SELECT min(feedback_id) FROM feedback)"
    )
    assert build(connection).is_empty()


def test_the_threshold_is_the_workspaces(warehouse: Warehouse) -> None:
    connection = warehouse(voices(2, moments="delivery"))
    assert labels(build(connection, least_customers=2)) == {("moment", "delivery")}


def test_an_item_says_how_big_and_since_when(eight_weeks: duckdb.DuckDBPyConnection) -> None:
    delivery = item(build(eight_weeks), "moment", "delivery")
    assert (delivery["n_mentions"], delivery["n_customers"], delivery["n_mentions_recent"]) == (15, 14, 6)
    assert (delivery["first_feedback_on"], delivery["last_feedback_on"]) == (date(2026, 9, 7), date(2026, 10, 31))
    assert (delivery["opened_on"], delivery["days_to_item"]) == (NIGHT, 56)
    assert delivery["net_sentiment"] == pytest.approx((2 - 15) / 17)
    assert (delivery["stage"], delivery["owner"], delivery["state"]) == ("acquisition", "Logistics", "new")


def test_titles_are_plain_words_of_customers(eight_weeks: duckdb.DuckDBPyConnection) -> None:
    items = build(eight_weeks)
    assert item(items, "moment", "delivery")["title"] == "Delivery disappoints: plastic, oversized box, Kettlewick"
    assert "handling fee" in str(item(items, "moment", "payment")["title"])
    assert "Saltwell" in str(item(items, "unmeasurable", "friendliness")["title"])
    assert "GlowNest lamp" in str(item(items, "signal", "crisis")["title"])


def test_causes_are_named_in_plain_words(eight_weeks: duckdb.DuckDBPyConnection) -> None:
    items = build(eight_weeks)
    assert item(items, "moment", "resolution")["warnings"] == "Hand-offs"
    assert item(items, "warning", "handoff")["warnings"] is None


def test_a_danger_comes_first(eight_weeks: duckdb.DuckDBPyConnection) -> None:
    items = build(eight_weeks)
    assert items["label"][0] == "crisis"
    assert items["priority"].is_between(0, 100).all()
    assert items["severity"].is_between(0, 1).all()
    assert items["priority"].is_sorted(descending=True)


def test_anger_weighs_more_than_disappointment(warehouse: Warehouse) -> None:
    angry = [v | {"sentiment": "-2"} for v in voices(4, moments="refund")]
    leaving = [v | {"sentiment": "-2", "signals": "churn"} for v in voices(4, moments="payment")]
    mild = voices(4, moments="delivery")
    items = build(warehouse([v | {"person": f"{v['person']} {n}"} for n, v in enumerate([*angry, *leaving, *mild])]))
    by_label = {row["label"]: row["severity"] for row in items.iter_rows(named=True)}
    assert by_label == {"refund": pytest.approx(0.7), "payment": pytest.approx(1.0), "delivery": pytest.approx(0.35)}


def weekly(counts: list[int], background: list[int]) -> list[Mention]:
    """``counts[w]`` complaints and ``background[w]`` other letters in week w of the eight."""
    mentions = []
    for week, (n, others) in enumerate(zip(counts, background, strict=True)):
        day = str(date(2026, 9, 8) + timedelta(weeks=week))
        mentions += [
            said("Too late again.", day=day, person=f"p{week}.{i}", sentiment="-1", moments="delivery")
            for i in range(n)
        ]
        mentions += [said("A question.", day=day, person=f"o{week}.{i}") for i in range(others)]
    return mentions


@pytest.mark.parametrize(
    ("counts", "background", "word"),
    [
        pytest.param([1, 1, 1, 1, 3, 4, 4, 5], [9] * 8, "rising", id="four times as many"),
        pytest.param([1, 1, 1, 1, 8, 8, 0, 0], [9] * 8, "steady", id="many, but no more for two weeks"),
        pytest.param([1, 1, 1, 1, 6, 6, 0, 0], [9, 9, 9, 9, 9, 9, 0, 0], "steady", id="nobody heard for two weeks"),
        pytest.param([1, 1, 1, 1, 5, 4, 4, 4], [9] * 8, "rising", id="many, and still as many"),
        pytest.param([3, 3, 3, 3, 3, 3, 3, 3], [9] * 8, "steady", id="as many"),
        pytest.param([4, 4, 4, 4, 1, 0, 0, 0], [9] * 8, "falling", id="nearly gone"),
        pytest.param([0, 0, 0, 0, 1, 1, 1, 1], [9] * 8, "new", id="never heard before"),
        pytest.param(
            [2, 2, 2, 2, 4, 4, 4, 4], [8] * 4 + [16] * 4, "steady", id="twice as many of twice as many letters"
        ),
        pytest.param([0, 0, 0, 0, 0, 2, 2, 2], [0, 0, 0, 0, 0, 9, 9, 9], "steady", id="nothing to compare with"),
        pytest.param([0, 1, 0, 0, 1, 0, 1, 0], [9] * 8, "steady", id="chance"),
    ],
)
def test_trends(warehouse: Warehouse, counts: list[int], background: list[int], word: str) -> None:
    assert item(build(warehouse(weekly(counts, background))), "moment", "delivery")["trend_word"] == word


def test_quotes_are_strong_readable_and_of_different_people(eight_weeks: duckdb.DuckDBPyConnection) -> None:
    items = build(eight_weeks)
    said_by_agents = set(eight_weeks.execute("SELECT text FROM mentions WHERE speaker = 'agent'").pl()["text"])
    for row in items.iter_rows(named=True):
        quotes = [row[f"quote_{n}"] for n in range(1, 6) if row[f"quote_{n}"]]
        ids = [row[f"quote_{n}_mention_id"].split(".")[0] for n in range(1, 6) if row[f"quote_{n}"]]
        assert 3 <= len(quotes) <= 5
        assert len(set(ids)) == len(quotes)
        assert all(40 <= len(quote) <= 280 for quote in quotes)
        assert not said_by_agents & set(quotes)


def test_what_is_hardly_bad_stands_behind(warehouse: Warehouse) -> None:
    connection = warehouse(voices(6, moments="delivery"))
    (item_id, mention_id) = build(connection).select("item_id", "quote_1_mention_id").row(0)
    connection.execute("UPDATE tags SET score = -0.24 WHERE family = 'sentiment' AND mention_id = $1", [mention_id])
    connection.execute(
        "UPDATE tags SET probability = if(mention_id = $1, 1, 0.6) WHERE family = 'moment'", [mention_id]
    )
    quotes = build(connection).row(by_predicate=pl.col("item_id") == item_id, named=True)
    assert quotes["quote_1_mention_id"] not in (None, mention_id)


def test_a_complaint_amid_praise_stands_behind(warehouse: Warehouse) -> None:
    praise = said("Everything else about that order was a joy from the first day.", person="Ann", sentiment="2")
    amid = said("I had feared that the driver would leave it in the rain.", person="Ann", sentiment="-2",
                moments="delivery")  # fmt: skip
    connection = warehouse([*voices(3, moments="delivery"), praise, amid])
    assert item(build(connection), "moment", "delivery")["quote_2"] == amid["text"]
    connection.execute("UPDATE tags SET score = -0.5, label = '-1' WHERE family = 'sentiment' AND label = '2'")
    assert item(build(connection), "moment", "delivery")["quote_1"] == amid["text"]


def test_building_stores_nothing_and_gives_the_same_rows(eight_weeks: duckdb.DuckDBPyConnection) -> None:
    first, second = build(eight_weeks), build(eight_weeks)
    assert first.equals(second)
    assert first.schema == pl.Schema(backlog.BACKLOG)
    assert eight_weeks.execute("SELECT count(*) FROM backlog").fetchone() == (0,)
    assert eight_weeks.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchone() == (0,)


def test_an_empty_warehouse_has_no_items(warehouse: Warehouse) -> None:
    items = build(warehouse([]))
    assert items.is_empty()
    assert items.schema == pl.Schema(backlog.BACKLOG)


def test_the_table_has_the_columns_that_are_written(eight_weeks: duckdb.DuckDBPyConnection) -> None:
    assert set(eight_weeks.execute("FROM backlog").pl().columns) == {*backlog.BACKLOG, *STANDING, "into_id"}


def test_a_database_of_an_older_cxnlp_says_how_to_mend_it(connection: duckdb.DuckDBPyConnection) -> None:
    more = {"into_id", "label_name", "stage_name"}
    assert set(backlog.read(connection).columns) == {*backlog.BACKLOG, *STANDING, *MEASURED, *more}
    connection.execute("DROP TABLE backlog_effects")
    for read in (backlog.read, read_items):
        with pytest.raises(WarehouseError, match="Run `cxnlp run`, which publishes it anew"):
            read(connection)


def test_feedback_of_the_future_waits(warehouse: Warehouse) -> None:
    assert build(warehouse([v | {"day": "2026-11-03"} for v in voices(4, moments="delivery")])).is_empty()


def test_a_short_period_still_compares_four_weeks_with_four(warehouse: Warehouse) -> None:
    connection = warehouse(weekly([4, 4, 4, 4, 1, 1, 1, 1], [9] * 8))
    items = backlog.build(connection, night=NIGHT, run_id="r", settings=Backlog(weeks=3))
    assert item(items, "moment", "delivery")["n_mentions"] == 3
    assert item(items, "moment", "delivery")["trend_word"] == "falling"
