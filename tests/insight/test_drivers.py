"""Drivers, from stored feedback to the view: which outcomes are known, which causes count, and what is left out."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp.insight import drivers
from cxnlp.insight.drivers import EFFECTS, moved
from cxnlp.warehouse import store
from tests.backlog.larkfield import NIGHT, Mention, add, said, warehouse


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path / "working.duckdb", []) as opened:
        yield opened


def letters(n: int, name: str, **labels: str) -> list[Mention]:
    """One letter each of ``n`` people."""
    return [said("So it was.", person=f"{name} {number}", **labels) for number in range(n)]


def found(connection: duckdb.DuckDBPyConnection, **more: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows by outcome and label."""
    rows = drivers(connection, night=NIGHT, days=365, **more)
    return {(row["outcome"], row["label"]): row for row in rows.iter_rows(named=True)}


LEAVING = [
    *letters(30, "Late", moments="delivery", sentiment="-1", signals="churn"),
    *letters(10, "Late and staying", moments="delivery", sentiment="-1"),
    *letters(30, "Pleased", moments="delivery", sentiment="1"),
    *letters(25, "Dear", moments="price", sentiment="-1"),
    *letters(60, "Quiet"),
    *letters(30, "Goodbye", moments="loyalty", unmeasurables="affinity-", sentiment="-2", signals="churn"),
]


def test_a_moment_beside_leaving_customers_drives_churn(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, LEAVING)
    rows = found(connection)
    delivery, price = rows["churn", "delivery"], rows["churn", "price"]
    assert delivery["is_driver"]
    assert delivery["effect_high"] < 0  # a good word: fewer leave
    assert (delivery["n_customers"], delivery["n_customers_all"]) == (70, 185)
    assert delivery["feeling"] == pytest.approx((30 - 40) / 70, abs=1e-4)
    assert price["impact"] == pytest.approx(
        price["effect"] * 25 / 185 * ((30 - 40 - 25) / 95 - -1), abs=1e-3
    )  # were price felt as all moments are


def test_what_says_the_outcome_in_other_words_is_no_cause(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, LEAVING)
    assert {label for _, label in found(connection)} == {"delivery", "price"}


def test_causes_of_few_people_and_unknown_outcomes_are_left_out(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, [*LEAVING, *letters(19, "Lost", moments="digital", sentiment="-1")])
    assert set(found(connection)) == {("churn", "delivery"), ("churn", "price")}  # no ratings, no champions
    assert set(found(connection, least_group=26)) == {("churn", "delivery")}


def test_only_customers_lines_of_the_last_days_count(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, LEAVING)
    said_by_agents = [
        mention | {"channel": "call", "speaker": "agent"} for mention in letters(50, "Agent", moments="price")
    ]
    add(connection, said_by_agents)
    assert found(connection)["churn", "price"]["n_customers"] == 25
    assert drivers(connection, night=date(2027, 11, 2), days=30).is_empty()


def test_ratings_are_points_on_the_scale_of_their_source(connection: duckdb.DuckDBPyConnection) -> None:
    good = letters(40, "Good", moments="staff", sentiment="1")
    add(connection, [*good, *letters(40, "Bad", moments="staff", sentiment="-1"), *letters(20, "Quiet")])
    connection.execute(
        "UPDATE feedback SET rating = CASE mood.label WHEN '1' THEN 5 WHEN '-1' THEN 1 ELSE 3 END FROM tags AS mood "
        "WHERE mood.family = 'sentiment' AND mood.mention_id = feedback.feedback_id || '.1'"
    )
    row = found(connection)["rating", "staff"]
    assert row["effect"] == pytest.approx(50, abs=2)  # from 3 to 5 on a scale of 1 to 5
    assert row["explained_share_low"] <= row["explained_share"] <= row["explained_share_high"]


def test_fewer_people_than_it_takes_give_no_rows() -> None:
    documents = pl.DataFrame({
        "person_key": [f"p{number}" for number in range(30)], "source": "post", "n_mentions": 1,
        "rating": [100.0, 0.0] * 15, "champion": 0.0, "churn": 0.0,
        "feelings": [[{"family": "moment", "label": "delivery", "feeling": 1.0}]] * 30,
    })  # fmt: skip
    assert moved(documents).is_empty()
    assert moved(documents).columns == list(EFFECTS)
    assert not moved(documents, least_customers=15).is_empty()


def test_the_view_names_them_surest_and_strongest_first(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, LEAVING)
    store.write(connection, "effects", drivers(connection, night=NIGHT, days=365))
    rows = connection.execute("SELECT outcome, stage, label, name, is_driver FROM drivers").fetchall()
    assert rows[0] == ("churn", "acquisition", "delivery", "Delivery and collection", True)
    assert [label for _, _, label, *_ in rows] == ["delivery", "price"]


def test_feedback_balance_lets_the_strongest_mention_speak(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, [
        said("She smiled.", person="Ada", sentiment="1", unmeasurables="friendliness+"),
        said("She found it for me.", person="Ada", sentiment="2", unmeasurables="helpfulness+,trust+"),
        said("It rained.", person="Ada", sentiment="-1"),
        said("He shrugged.", person="Ben", sentiment="-1", unmeasurables="helpfulness-"),
        said("Sorry, I forgot.", person="Ben", sentiment="-2", channel="call", speaker="agent"),
        said("It is blue.", person="Cem"),
    ])  # fmt: skip
    rows = connection.execute(
        "SELECT n_mentions, strongest_score, feeling, n_shown, n_missing, staff_balance FROM feedback_balance "
        "ORDER BY staff_balance DESC, n_mentions"
    ).fetchall()
    assert [row[:-1] for row in rows] == [(3, 1.0, 1, 2, 0), (1, 0.0, 0, 0, 0), (1, -0.5, -1, 0, 1)]
    assert [row[-1] for row in rows] == pytest.approx([1.8, 0, -0.9])
