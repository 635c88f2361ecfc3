"""Early warnings on a small company's letters: what is raised, how long an alert lasts, what it quotes."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp.answers.alerts import open_alerts
from cxnlp.insight import ALERTS, alerts, daily
from cxnlp.insight.alerts import carried_on, watch_of
from cxnlp.insight.rises import GROUPS
from cxnlp.settings import Alerts
from cxnlp.warehouse import store
from tests.backlog.larkfield import Mention, add, insert, said, warehouse

NIGHT = date(2026, 11, 2)
FIRST = date(2026, 8, 25)


def days(first: date = FIRST, last: date = NIGHT - timedelta(days=1)) -> list[date]:
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]


def letters(day: date, n: int, n_late: int, location: str = "Elm Street") -> Iterable[Mention]:
    """Letters of ``n`` people of one day and branch; those of the first ``n_late`` say that the parcel was late."""
    for number in range(n):
        labels = {"moments": "delivery", "sentiment": "-1"} if number < n_late else {}
        yield said(f"Parcel {number} of {location}.", day=day.isoformat(), person=f"{location} {day} {number}",
                   location=location, product="bench", **labels)  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Ten weeks of two branches, twenty letters a day each, two late; in Elm Street eighteen on the last two days."""
    late = NIGHT - timedelta(days=2)
    mentions = [
        *(each for day in days() for each in letters(day, 20, 18 if day >= late else 2)),
        *(each for day in days() for each in letters(day, 20, 2, "Oak Lane")),
    ]
    with warehouse(tmp_path_factory.mktemp("alerts") / "working.duckdb", mentions) as connection:
        yield connection


def tonight(connection: duckdb.DuckDBPyConnection, night: date = NIGHT, **more: Any) -> list[dict[str, Any]]:
    wishes = {"settings": Alerts(), "least_group": 5} | more
    counts = daily(connection, night=night)
    return alerts(connection, counts, night=night, run_id=f"{night}-1", **wishes).to_dicts()


def test_one_event_is_one_alert(company: duckdb.DuckDBPyConnection) -> None:
    (alert,) = tonight(company)
    assert {name: alert[name] for name in ("kind", "family", "label", "product", "location", "closed_on")} == {
        "kind": "rise", "family": "moment", "label": "delivery", "product": None, "location": "Elm Street",
        "closed_on": None,
    }  # fmt: skip
    assert (alert["n_days"], alert["n_reports"]) == (2, 36)
    assert alert["expected_reports"] == pytest.approx(4, rel=0.2)
    assert alert["ratio"] == pytest.approx(alert["n_reports"] / alert["expected_reports"], abs=0.01)
    assert 0 < alert["p_value"] < 1e-6


def test_its_quotes_are_of_three_people_there_who_complain(company: duckdb.DuckDBPyConnection) -> None:
    (alert,) = tonight(company)
    ids = [alert[f"quote_{n}_mention_id"] for n in (1, 2, 3)]
    rows = company.execute(
        "SELECT DISTINCT person_key, location, occurred_on FROM evidence WHERE mention_id IN (SELECT unnest($1)) "
        "AND label = 'delivery'",
        [ids],
    ).fetchall()
    assert len(rows) == 3
    assert {location for _, location, _ in rows} == {"Elm Street"}
    assert min(day for *_, day in rows) >= NIGHT - timedelta(days=2)


def test_before_it_began_nothing_is_raised(company: duckdb.DuckDBPyConnection) -> None:
    assert tonight(company, NIGHT - timedelta(days=3)) == []


def test_few_people_are_no_rise(company: duckdb.DuckDBPyConnection) -> None:
    assert tonight(company, least_group=400) == []


def test_one_who_complains_every_day_is_one(tmp_path: Path) -> None:
    """Elm Street is noisy for a month; in Kettlewick one person writes each day of the last week, then four more do."""
    one = [said(f"Late again, day {day}.", day=day.isoformat(), person="Ada", location="Kettlewick", moments="delivery",
                sentiment="-1") for day in days(NIGHT - timedelta(days=7))]  # fmt: skip
    others = [each | {"person": "other"} for day in days() for each in letters(day, 1, 0, "Kettlewick")]
    mentions = [*(each for day in days() for each in letters(day, 20, 1 if day.day % 4 else 0)), *others, *one]
    with warehouse(tmp_path / "working.duckdb", mentions) as connection:
        assert tonight(connection) == []
        (rise,) = tonight(connection, least_group=1)
        assert (rise["location"], rise["n_reports"], rise["n_customers"]) == ("Kettlewick", 7, 1)
        more = ("Bea", "Cy", "Dee", "Eve")
        add(connection, [one[-1] | {"person": person} for person in more])
        (rise,) = tonight(connection)
        assert (rise["location"], rise["n_reports"], rise["n_customers"]) == ("Kettlewick", 11, 5)
        store.write(connection, "alerts", pl.DataFrame([rise], schema=ALERTS))
        people = "SELECT feedback_id FROM evidence WHERE location = 'Kettlewick' AND label = 'delivery' LIMIT 10"
        store.erase(connection, connection.execute(people).pl()["feedback_id"])
        (left,) = tonight(connection)
        assert left["n_reports"] == 11
        assert left["n_customers"] < 5


def test_what_another_model_counts_is_no_rise(tmp_path: Path) -> None:
    mentions = [each for day in days() for each in letters(day, 5, 1 if day < NIGHT - timedelta(days=2) else 5)]
    with warehouse(tmp_path / "working.duckdb", mentions) as connection:
        assert len(tonight(connection)) == 1
        connection.execute(
            "UPDATE tags SET model_version = 'test-0' WHERE mention_id IN "
            "(SELECT mention_id FROM evidence WHERE occurred_on < $1)", [NIGHT - timedelta(days=2)]
        )  # fmt: skip
        connection.execute("UPDATE tags SET run_id = 'older' WHERE model_version = 'test-0'")
        assert tonight(connection) == []


def test_the_view_gives_names_and_quotes(company: duckdb.DuckDBPyConnection) -> None:
    store.write(company, "alerts", pl.DataFrame(tonight(company), schema=ALERTS))
    (row,) = open_alerts(company, least_group=5)
    (few,) = open_alerts(company, least_group=37)
    store.write(company, "alerts", pl.DataFrame(schema=ALERTS))
    assert (few["n_customers"], row["n_reports"], row["n_customers"]) == ("<37", 36, 36)
    assert (few["name"], few["opened_on"], few["moment_name"]) == (row["name"], row["opened_on"], row["moment_name"])
    told = ("product", "location", "n_reports", "expected_reports", "ratio", "p_value", "quote_1", "quote_2", "quote_3")
    assert [name for name in told if few[name] is not None] == []
    assert row["owner"]
    assert row["name"]
    assert row["quote_1"].startswith("Parcel ")
    assert len({row["quote_1"], row["quote_2"], row["quote_3"]}) == 3


@pytest.mark.parametrize(
    ("items", "quoted", "n_customers", "leads_to"),
    [
        ([], [], 9, None),
        ([("cx-1", "delivery", "-", "shipped")], [], 9, "cx-1"),
        ([("cx-1", "delivery", "-", "shipped")], [], 1, "cx-1"),
        ([("cx-1", "delivery", "-", "declined")], [], 9, None),
        ([("cx-1", "payment", "-", "new"), ("cx-2", "delivery", "+", "new")], [], 9, None),
        ([("cx-1", "delivery", "-", "new"), ("cx-2", "delivery", "-", "new")], ["cx-2", "cx-2"], 9, "cx-2"),
        ([("cx-1", "delivery", "-", "new"), ("cx-2", "delivery", "-", "new")], ["cx-2", "cx-2"], 1, None),
        ([("cx-1", "delivery", "-", "new"), ("cx-2", "delivery", "-", "new")], ["cx-1", "cx-2"], 9, None),
        ([("cx-1", "delivery", "-", "new"), ("cx-2", "delivery", "-", "new")], [], 9, None),
    ],
)
def test_it_leads_to_its_open_item(
    one: duckdb.DuckDBPyConnection, items: list[tuple[str, ...]], quoted: list[str], n_customers: int,
    leads_to: str | None,
) -> None:  # fmt: skip
    """Where themes are items of their own, to the one that its quotes speak for, unless few people are behind it."""
    raised = {"alert_id": "al-1", "kind": "rise", "family": "moment", "label": "delivery", "opened_on": NIGHT,
              "last_on": NIGHT, "n_days": 2, "n_reports": 9, "n_customers": n_customers, "quote_1_mention_id": "f.0",
              "quote_2_mention_id": "f.1"}  # fmt: skip
    known = pl.DataFrame(items, dict.fromkeys(("item_id", "label", "polarity", "state"), pl.String()), orient="row")
    spoken = [(item_id, f"f.{number}") for number, item_id in enumerate(quoted)]
    one.begin()
    insert(one, "alerts", pl.DataFrame([raised], schema=ALERTS))
    insert(one, "backlog", known.with_columns(kind=pl.lit("moment")))
    insert(
        one, "backlog_evidence", pl.DataFrame(spoken, {"item_id": pl.String(), "mention_id": pl.String()}, orient="row")
    )
    found = one.execute("SELECT item_id FROM open_alerts").fetchall()
    one.rollback()
    assert found == [(leads_to,)]


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path_factory.mktemp("empty") / "working.duckdb", []) as connection:
        yield connection


@pytest.fixture
def empty(one: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    yield one
    store.erase(one, one.execute("SELECT feedback_id FROM feedback").pl()["feedback_id"])


def crisis(day: str, probability: str = "0.9", **more: str) -> Mention:
    return said("It caught fire.", day=day, signals="crisis", sentiment="-2", probability=probability, **more)


@pytest.mark.parametrize(
    ("mention", "is_raised"),
    [
        (crisis("2026-10-30"), True),
        (crisis("2026-10-30", "0.55"), False),
        (crisis("2026-10-30", speaker="agent"), False),
        (crisis("2026-10-12"), True),
        (crisis("2026-09-12"), False),
    ],
    ids=["one mention is enough", "not credible", "an agent's words", "read only tonight", "history"],
)
def test_a_danger_is_raised_at_its_first_credible_mention(
    empty: duckdb.DuckDBPyConnection, mention: Mention, is_raised: bool
) -> None:
    add(empty, [mention])
    empty.execute("UPDATE feedback SET run_id = '2026-11-02-1'")
    rows = tonight(empty)
    assert [(row["kind"], row["label"], row["n_reports"], row["p_value"]) for row in rows] == (
        [("crisis", "crisis", 1, None)] if is_raised else []
    )
    assert [row["quote_1_mention_id"] is not None for row in rows] == [True] * is_raised


@pytest.mark.parametrize(("person", "is_raised"), [(None, True), ("yes", True), ("no", False)])
def test_a_rules_danger_is_raised_though_the_model_says_a_hesitant_yes(
    empty: duckdb.DuckDBPyConnection, person: str | None, is_raised: bool
) -> None:
    add(empty, [crisis("2026-10-30", "0.2")])
    votes = [("rule", "yes"), *([("person", person)] if person else [])]
    for voter, decision in votes:
        empty.execute(
            "INSERT INTO tags SELECT * REPLACE ($1 AS voter, $2 AS decision, 0.67 AS probability) FROM tags "
            "WHERE label = 'crisis' AND voter = 'model'",
            [voter, decision],
        )
    assert [row["kind"] for row in tonight(empty)] == ["crisis"] * is_raised


def test_what_was_read_a_week_ago_is_raised_no_more(empty: duckdb.DuckDBPyConnection) -> None:
    add(empty, [crisis("2026-10-12")])
    assert tonight(empty) == []


def test_erasing_takes_quotes_away_and_a_danger_that_nobody_is_left_to_tell_of(tmp_path: Path) -> None:
    late = NIGHT - timedelta(days=2)
    mentions = [each for day in days() for each in letters(day, 20, 18 if day >= late else 2)]
    with warehouse(tmp_path / "working.duckdb", [*mentions, crisis("2026-10-30", location="Mill Road")]) as connection:
        store.write(connection, "alerts", pl.DataFrame(tonight(connection), schema=ALERTS))
        found = dict(connection.execute("SELECT kind, quote_1_mention_id FROM alerts").fetchall())
        assert found.keys() == {"rise", "crisis"}
        store.erase(connection, pl.Series([mention.split(".")[0] for mention in found.values()]))
        left = connection.execute("SELECT kind, quote_1_mention_id, quote_2_mention_id IS NULL FROM alerts").fetchall()
        assert left == [("rise", None, False)]


def row(p_value: float = 1e-6, **where: Any) -> dict[str, Any]:
    place = dict.fromkeys(("polarity", "moment", "product", "location"))
    series = {"kind": "rise", "family": "signal", "label": "churn"} | place | where
    return series | {"n_days": 2, "n_reports": 9, "expected_reports": 3.0, "ratio": 3.0, "p_value": p_value}


def nights(*found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The table after these nights, one after the other."""
    table: list[dict[str, Any]] = []
    for number, rows in enumerate(found):
        table = carried_on(table, rows, night=NIGHT + timedelta(days=number), run_id=str(number))
    return table


def test_an_alert_keeps_its_id_while_it_lasts() -> None:
    first, second = nights([row()]), nights([row()], [], [row(1e-9)])
    assert [each["alert_id"] for each in first] == [each["alert_id"] for each in second]
    assert (second[0]["opened_on"], second[0]["last_on"]) == (NIGHT, NIGHT + timedelta(days=2))
    assert (second[0]["p_value"], second[0]["run_id"]) == (1e-9, "2")


def test_a_quiet_week_closes_it_and_what_comes_then_is_another() -> None:
    quiet = nights([row()], *[[]] * 7)
    assert [each["closed_on"] for each in quiet] == [NIGHT + timedelta(days=7)]
    assert [each["closed_on"] for each in nights([row()], *[[]] * 6)] == [None]
    again = nights([row()], *[[]] * 7, [row()])
    assert len({each["alert_id"] for each in again}) == 2


@pytest.mark.parametrize(
    ("found", "raised"),
    [
        ([row(1e-6), row(1e-9, location="Elm")], [("Elm", None)]),
        ([row(1e-9), row(1e-6, location="Elm")], [(None, None)]),
        ([row(1e-6, moment="payment"), row(1e-9)], [(None, None)]),
        ([row(1e-6, location="Oak"), row(1e-9, location="Elm")], [("Elm", None), ("Oak", None)]),
        ([row(1e-6, moment="price"), row(1e-9, moment="payment")], [(None, "payment"), (None, "price")]),
        ([row(1e-6, label="crisis"), row(1e-9)], [(None, None), (None, None)]),
    ],
    ids=["a branch alone", "everywhere", "beside a moment", "two branches", "beside two moments", "two labels"],
)
def test_series_that_share_people_are_one_event(found: list[dict[str, Any]], raised: list[Any]) -> None:
    assert sorted(((each["location"], each["moment"]) for each in nights(found)), key=str) == sorted(raised, key=str)


def test_a_standing_alert_gives_way_to_a_wider_one_only() -> None:
    branch = [row(1e-6, location="Elm")]
    assert len(nights(branch, [*branch, row(1e-5)])) == 1
    assert len(nights(branch, [*branch, row(1e-9)])) == 2
    assert len(nights([row(1e-6)], [row(1e-6), row(1e-9, location="Elm")])) == 1


def test_the_same_night_twice_changes_nothing() -> None:
    once = nights([row(), row(location="Elm", label="crisis")])
    assert carried_on(once, [row(), row(location="Elm", label="crisis")], night=NIGHT, run_id="0") == once


def test_every_series_finds_its_counts() -> None:
    columns = ["occurred_on", "family", "label", "polarity", "moment", "product", "location", "n_customers"]
    rows: list[tuple[Any, ...]] = [
        (NIGHT, None, None, None, None, None, None, 9),
        (NIGHT, None, None, None, None, None, "Elm", 4),
        (NIGHT, "signal", "churn", None, None, None, None, 3),
        (NIGHT, "signal", "churn", None, "price", None, "Elm", 2),
        (NIGHT - timedelta(days=1), "signal", "churn", None, None, None, "Elm", 1),
        (NIGHT - timedelta(days=400), "signal", "churn", None, None, None, None, 7),
    ]
    types = {"occurred_on": pl.Date(), "n_customers": pl.Int64()}
    schema = {name: types.get(name, pl.String()) for name in columns}
    watch, series = watch_of(pl.DataFrame(rows, schema=schema, orient="row"), NIGHT)
    at = {(each["moment"], each["location"]): number for number, each in enumerate(series.iter_rows(named=True))}
    assert watch.reports[at[None, None], -2:].tolist() == [0, 3]
    assert watch.reports[at[None, "Elm"], -2:].tolist() == [1, 0]
    assert watch.reports[at["price", "Elm"], -2:].tolist() == [0, 2]
    assert watch.heard[watch.place[at["price", "Elm"]], -1] == 4
    assert watch.heard[watch.place[at[None, None]], -1] == 9
    assert watch.past[watch.subject[at[None, "Elm"]], -401] == 7
    assert list(GROUPS)[watch.group[at["price", "Elm"]]] == "label and moment at a location"
