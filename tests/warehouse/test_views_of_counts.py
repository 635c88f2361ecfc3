"""What the views that add up counts say about a few pieces of feedback that can be counted by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from scipy.stats import nbinom, norm

from cxnlp.insight import label_errors
from cxnlp.quality.counts import Errors, Measured
from cxnlp.warehouse import reading, schema, store, storing
from tests.warehouse.night import Piece, partition, piece, rows, run, said

Connection = duckdb.DuckDBPyConnection
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def count(connection: Connection, folder: Path, *pieces: Piece) -> None:
    store.load(connection, [partition(folder / "night", *pieces)], run())
    store.count(connection)


def measure(connection: Connection, **errors: Errors) -> None:
    """Say how the model m1 errs; ``unmeasurable_trust`` stands for a family and a label, both signs."""
    known = {}
    for name, counts in errors.items():
        family, label = name.split("_", 1)
        for sign in ("+", "-") if family == "unmeasurable" else ("",):
            known[family, label + sign] = counts
    store.write(connection, "label_errors", label_errors(Measured("m1", known)))


LATE = ("moment:delivery", "unmeasurable:trust-")
ERRORS = Errors(80, 50, 20, 950)  # sensitivity about 0.8, specificity 0.95

#: Ann writes three times, Ben once; Cas is called back.
PIECES = (
    piece("f1", said("Late!", -1, *LATE), customer_key="ann", day="2026-10-01", product="bench", location="Elm Street",
          segment="private"),
    piece("f2", said("Late again.", -2, *LATE), said("Kind driver.", 1, "moment:staff", "unmeasurable:friendliness+"),
          customer_key="ann", day="2026-10-05", product="bench", location="Oak Street", segment="private"),
    piece("f3", said("I am leaving.", -2, "signal:churn", "moment:loyalty"), customer_key="ann", day="2026-11-02",
          product="table", location="Elm Street", segment="private"),
    piece("f4", said("All fine.", 1, "moment:delivery", "unmeasurable:trust+"), author_key="ben", day="2026-10-05",
          product="bench", location="Elm Street", segment="business"),
    piece("f5", said("I am very sorry.", 0, "unmeasurable:defusing+", "moment:resolution", speaker="agent"),
          said("He shouted, then it was made right.", -1, "unmeasurable:defusing-", "unmeasurable:defusing+",
               "moment:resolution", speaker="customer"),
          customer_key="cas", day="2026-10-06", channel="call", location="Elm Street"),
)  # fmt: skip


@pytest.fixture
def counted(connection: Connection, tmp_path: Path) -> Connection:
    count(connection, tmp_path, *PIECES)
    return connection


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("labels_by_day", [(date(2026, 10, 1), 1, 1, 1), (date(2026, 10, 5), 2, 2, 2)]),
        ("labels_by_week", [(date(2026, 9, 28), 1, 1, 1), (date(2026, 10, 5), 3, 2, 2)]),
        ("labels_by_month", [(OCTOBER, 4, 3, 2)]),
    ],
)
def test_labels_by_period(counted: Connection, view: str, expected: list[tuple[Any, ...]]) -> None:
    found = f"SELECT starts_on, n_feedback, n_mentions, n_customers FROM {view} WHERE label = 'delivery'"
    assert rows(counted, found) == expected
    (share, low, high), *_ = rows(
        counted, f"SELECT raw_share, corrected_share_low, corrected_share_high FROM {view} WHERE label = 'churn'"
    )
    assert (share, low, high) == (1.0, pytest.approx(0.2065, abs=1e-4), 1.0), "one of one says little"


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        ("channel", [("letter", 3, 3, 2)]),
        ("product", [("bench", 3, 3, 2)]),
        ("location", [("Elm Street", 3, 2, 2), ("Oak Street", 1, 1, 1)]),
        ("segment", [("business", 1, 1, 1), ("private", 2, 2, 1)]),
    ],
)
def test_labels_by_place(counted: Connection, dimension: str, expected: list[tuple[Any, ...]]) -> None:
    assert rows(
        counted,
        f"SELECT {dimension}, n_feedback, n_mentions, n_customers FROM labels_by_{dimension} "
        f"WHERE label = 'delivery' AND starts_on = DATE '2026-10-01'",
    ) == expected  # fmt: skip


def test_counts_by_any_grouping_and_nothing_else(counted: Connection) -> None:
    grouped = (
        "SELECT product, segment, n_customers, n_customers_all FROM counts_by('moment', 'all', 'product, segment')"
    )
    assert sorted(rows(counted, f"{grouped} WHERE label = 'delivery'")) == [
        ("bench", "business", 1, 1), ("bench", "private", 1, 1)
    ]  # fmt: skip
    for wrong, message in {
        "'moment', 'year', ''": "found year; allowed: day, week, month or all",
        "'moment', 'week', 'shop'": "found shop; allowed: channel, product, location and segment",
    }.items():
        with pytest.raises(duckdb.Error, match=message):
            rows(counted, f"FROM counts_by({wrong})")


def test_shares_are_corrected_by_measured_errors(counted: Connection) -> None:
    measure(counted, moment_delivery=ERRORS)
    found = counted.execute("FROM moments_all WHERE moment = 'delivery'").pl().row(0, named=True)
    s, c = 80.5 / 101, 950.5 / 1001
    assert (found["n_feedback_reporting"], found["n_feedback"], found["method"]) == (3, 5, "adjusted count")
    assert found["corrected_share"] == pytest.approx((3 / 5 + c - 1) / (s + c - 1))
    assert found["corrected_share_low"] < found["corrected_share"] < found["corrected_share_high"]
    assert rows(counted, "SELECT DISTINCT method FROM moments_all WHERE moment <> 'delivery'") == [("raw",)]


def test_errors_of_another_model_correct_nothing(counted: Connection) -> None:
    measure(counted, moment_delivery=ERRORS)
    counted.execute("UPDATE counted_feedback SET model_versions = 'm1, m2' WHERE feedback_id = 'f1'")
    by_week = rows(counted, "SELECT starts_on, method FROM labels_by_week WHERE label = 'delivery'")
    assert by_week == [(date(2026, 9, 28), "raw"), (date(2026, 10, 5), "adjusted count")]


def test_the_interval_holds_the_truth(connection: Connection) -> None:
    """Lang & Reiczigel's aim: 95 % of intervals hold the true share, whatever the errors."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE drawn AS
        SELECT truth, n, k, s, c, tp, tn FROM (
            SELECT *,
                (SELECT count(*) FROM range(n) AS r(i)
                 WHERE hash(i, id, 'k') / 18446744073709551616e0 < truth * s + (1 - truth) * (1 - c)) AS k,
                (SELECT count(*) FROM range(80) AS r(i) WHERE hash(i, id, 's') / 18446744073709551616e0 < s) AS tp,
                (SELECT count(*) FROM range(800) AS r(i) WHERE hash(i, id, 'c') / 18446744073709551616e0 < c) AS tn
            FROM (
                SELECT id, [0.02, 0.1, 0.4][1 + id % 3] AS truth, 150 AS n, [0.6, 0.85][1 + id // 3 % 2] AS s, 0.96 AS c
                FROM range(1500) AS ids(id)
            )
        )
    """)
    (coverage,) = rows(connection, """
        WITH posteriors AS (
            SELECT truth, k, n, (tp + .5) / 81 AS s, (tp + .5) * (80.5 - tp) / (81.0 ** 2 * 82) AS v,
                (tn + .5) / 801 AS c, (tn + .5) * (800.5 - tn) / (801.0 ** 2 * 802) AS w
            FROM drawn
        )
        SELECT avg((truth BETWEEN corrected_share_low(k, n, s, v, c, w)
            AND corrected_share_high(k, n, s, v, c, w))::INTEGER)
        FROM posteriors
    """)[0]  # fmt: skip
    connection.execute("DROP TABLE drawn")
    assert 0.93 <= coverage <= 0.98


def test_a_moment_and_an_unmeasurable_stand_in_one_mention(counted: Connection) -> None:
    found = (
        "SELECT n_feedback, n_feedback_shown, n_feedback_missing, n_feedback_neither, n_shown, n_missing, n_customers"
    )
    pairs = f"{found} FROM moment_unmeasurables WHERE moment = '{{}}' AND unmeasurable = '{{}}'"
    assert rows(counted, pairs.format("delivery", "trust")) == [(3, 1, 2, 0, 1, 2, 2)]
    assert rows(counted, pairs.format("staff", "friendliness")) == [(1, 1, 0, 0, 1, 0, 1)]
    assert rows(counted, pairs.format("staff", "trust")) == []
    balance = "SELECT balance FROM moment_unmeasurables WHERE moment = 'resolution'"
    assert rows(counted, balance) == [(0.0,)], "the agent's words are not the customer's"


def test_shown_missing_and_no_opportunity_by_place(counted: Connection) -> None:
    shares = ("SELECT n_feedback, corrected_shown_share, corrected_missing_share, corrected_no_opportunity_share, "
              "method FROM unmeasurables_by_location "
              "WHERE location = 'Elm Street' AND unmeasurable = 'trust'")  # fmt: skip
    assert rows(counted, shares) == [(4, 0.25, 0.25, 0.5, "raw")]
    defused = "SELECT n_feedback_shown, n_feedback_missing, n_feedback_neither, corrected_no_opportunity_share"
    assert rows(counted, f"{defused} FROM unmeasurables_by_location WHERE unmeasurable = 'defusing'") == [
        (1, 1, 3, 0.75)
    ], "one piece says both"
    measure(counted, unmeasurable_trust=ERRORS)
    (corrected,) = rows(counted, shares)
    s, c = 80.5 / 101, 950.5 / 1001
    share = (0.25 + c - 1) / (s + c - 1)
    assert corrected[1:] == (*[pytest.approx(share)] * 2, pytest.approx(1 - 2 * share), "adjusted count")
    ends = rows(
        counted,
        "SELECT corrected_no_opportunity_share_low, corrected_no_opportunity_share, "
        "corrected_no_opportunity_share_high FROM unmeasurables_by_location",
    )
    assert all(0 <= low <= value <= high <= 1 for low, value, high in ends)


@pytest.mark.parametrize(("least_group", "expected"), [(3, [("e1", 3, 2, 0, 1)]), (4, [])])
def test_employees_of_whom_enough_people_speak(
    connection: Connection, tmp_path: Path, least_group: int, expected: list[tuple[Any, ...]]
) -> None:
    def named(key: str, start: int | None = 0) -> dict[str, Any]:
        return {"employee_key": key, "role": "driver", "start": start, "end": None if start is None else start + 10}

    kind = said("[EMPLOYEE] was kind.", 1, "unmeasurable:friendliness+")
    count(
        connection, tmp_path,
        piece("f1", kind, employees=[named("e1")], author_key="ann", location="Elm Street"),
        piece("f2", kind, said("The clerk lied.", -1, "unmeasurable:trust-"), employees=[named("e1")],
              author_key="ben"),
        piece("f3", said("Came on time.", 0), employees=[named("e1", None)], author_key="cas"),
        piece("f4", kind, employees=[named("e2")], author_key="ann", day="2026-10-30"),
    )  # fmt: skip
    store.write(connection, "sharing", pl.DataFrame({"least_group": [least_group]}))
    counts = ("SELECT employee_key, n_customers, n_feedback_shown, n_feedback_missing, n_feedback_neither "
              "FROM unmeasurables_by_employee WHERE unmeasurable = 'friendliness'")  # fmt: skip
    assert rows(connection, counts) == expected
    trust = "SELECT n_feedback_missing FROM unmeasurables_by_employee WHERE unmeasurable = 'trust'"
    assert rows(connection, trust) == [(0,)] * len(expected), "these words are not about the driver"


def test_teams_are_roles_in_a_place(connection: Connection, tmp_path: Path) -> None:
    def letter(number: int, key: str) -> Piece:
        employee = {"employee_key": key, "role": "driver", "start": 0, "end": 10}
        return piece(f"f{number}", said(f"[EMPLOYEE] was kind to person {number}.", 1, "unmeasurable:friendliness+"),
                     employees=[employee], author_key=f"a{number}", location="Elm Street")  # fmt: skip

    count(connection, tmp_path, *(letter(number, f"e{number % 2}") for number in range(6)))
    counts = "SELECT role, location, n_customers, n_feedback_shown FROM unmeasurables_by_team"
    assert rows(connection, f"{counts} WHERE unmeasurable = 'friendliness'") == [("driver", "Elm Street", 6, 6)]
    assert rows(connection, "FROM unmeasurables_by_employee") == [], "three people each, five is the least group"


def test_conflicts_are_defused_or_escalate(counted: Connection) -> None:
    funnel = (
        "SELECT month, channel, n_feedback, n_feedback_negative, n_feedback_conflict, n_feedback_defused, "
        "n_feedback_escalated, n_feedback_both, n_feedback_open"
    )
    assert rows(counted, f"{funnel} FROM conflicts") == [
        (OCTOBER, "call", 1, 1, 1, 0, 0, 1, 0),
        (OCTOBER, "letter", 3, 2, 1, 0, 0, 0, 1),
        (NOVEMBER, "letter", 1, 1, 1, 0, 0, 0, 1),
    ]
    shares = "SELECT conflict_share, defused_share, escalated_share, corrected_defused_share FROM conflicts"
    assert rows(counted, f"{shares} WHERE channel = 'call'") == [(1, 1, 1, 1)]


def test_agents_lines_stand_beside_customers_lines(counted: Connection) -> None:
    both = ("SELECT label, polarity, n_feedback, n_feedback_agent, n_feedback_customer, n_mentions_agent, "
            "n_mentions_customer FROM agents_and_customers")  # fmt: skip
    assert rows(counted, both) == [
        ("resolution", None, 1, 1, 1, 1, 1), ("defusing", "+", 1, 1, 1, 1, 1), ("defusing", "-", 1, 0, 1, 0, 1)
    ]  # fmt: skip


def test_a_journey_goes_step_by_step(counted: Connection) -> None:
    columns = "step, n_steps, occurred_on, days_since_previous, negative_moments, is_churn, days_to_churn"
    steps = f"SELECT {columns} FROM journeys"
    assert rows(counted, f"{steps} ORDER BY person_key, step") == [
        (1, 3, date(2026, 10, 1), None, "delivery", False, 32),
        (2, 3, date(2026, 10, 5), 4, "delivery", False, 28),
        (3, 3, date(2026, 11, 2), 28, "loyalty", True, None),
    ]
    assert rows(counted, "SELECT moments FROM journeys WHERE step = 2") == [("delivery, staff",)]


def test_what_came_before_leaving(counted: Connection) -> None:
    found = "SELECT label, n_feedback, n_feedback_followed, n_customers, usual_share, times_usual FROM before_churn"
    assert rows(counted, f"{found} WHERE family = 'moment' ORDER BY label") == [
        ("delivery", 2, 2, 1, 0.4, 2.5), ("loyalty", 1, 0, 0, 0.4, 0.0), ("resolution", 1, 0, 0, 0.4, 0.0)
    ]  # fmt: skip


def weeks(spoken: list[int], n_feedback: int) -> list[Piece]:
    """So many letters a week, the first of which speak of delivery."""
    return [
        piece(f"w{week}n{number}", said(f"Letter {week} {number}.", 0, *(["moment:delivery"] if number < n else [])),
              day=str(date.fromordinal(date(2026, 8, 3).toordinal() + 7 * week)))
        for week, n in enumerate(spoken) for number in range(n_feedback)
    ]  # fmt: skip


def test_silence_has_a_probability(connection: Connection, tmp_path: Path) -> None:
    count(connection, tmp_path, *weeks([4, 4, 4, 4, 4, 4, 4, 4, 0], 10))
    (found,) = rows(
        connection,
        "SELECT week, moment, n_feedback_reporting, expected_feedback, n_feedback_reporting_before, n_feedback_before, "
        "probability FROM silence",
    )
    assert found[:-1] == (date(2026, 9, 28), "delivery", 0, 4.0, 32, 80)
    assert found[-1] == pytest.approx(nbinom.cdf(0, 32.5, 80 / 90))


def test_silence_allows_for_weeks_that_differ(connection: Connection, tmp_path: Path) -> None:
    count(connection, tmp_path, *weeks([8, 0, 8, 0, 8, 0, 8, 0, 0], 10))
    dispersion = 8 * (4**2 / 4) / 7
    (found,) = rows(connection, "SELECT probability FROM silence WHERE week = DATE '2026-09-28'")
    assert found[0] == pytest.approx(nbinom.cdf(0, 32 / dispersion + 0.5, 80 / 90))
    assert rows(connection, "SELECT count(*) FROM silence WHERE week < DATE '2026-08-31'") == [(0,)], "too few weeks"


@pytest.mark.parametrize("z", [-6.0, -2.5, -0.1, 0.0, 1.5])
def test_the_normal_distribution(connection: Connection, z: float) -> None:
    assert rows(connection, f"SELECT normal_below({z}::DOUBLE)")[0][0] == pytest.approx(norm.cdf(z), abs=1e-7)


@pytest.mark.thorough
def test_a_large_file_holds_views_as_tables_of_the_same_rows_and_comments(tmp_path: Path) -> None:
    with store.open_working(":memory:") as connection:
        count(connection, tmp_path, *PIECES)
        measure(connection, moment_delivery=Errors(80, 10, 20, 90))
        seen = {view: sorted(rows(connection, f"FROM {view}"), key=repr) for view in schema.VIEWS}
        meanings = reading.columns_of(connection, "labels_by_week").rows()
        storing.store_views(connection, large=1)
        assert {view: sorted(rows(connection, f"FROM {view}"), key=repr) for view in schema.VIEWS} == seen
        assert reading.columns_of(connection, "labels_by_week").rows() == meanings
        left = rows(connection, "SELECT view_name FROM duckdb_views() WHERE NOT internal")
    assert {name for (name,) in left} == set(storing.NEVER_STORED)
