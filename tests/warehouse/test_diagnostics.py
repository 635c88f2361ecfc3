"""The fifteen diagnostics and the scorecard on a few pieces of feedback that can be counted by hand."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp import taxonomy
from cxnlp.taxonomy import Plan, Plans
from cxnlp.warehouse import store
from tests.warehouse.night import Piece, partition, piece, run, said

Connection = duckdb.DuckDBPyConnection

#: The night is that of 2 November; the eight weeks start on 7 September, the eight before on 13 July.
PIECES = [
    # Ada complains, and later praises: resolved. She was told a day that was not kept.
    piece("a1", said("You promised Tuesday and it never came.", -1, "moment:delivery"), day="2026-09-08",
          author_key="ada"),
    piece("a2", said("The new driver was kind, and on time.", 2, "moment:delivery", "unmeasurable:friendliness+"),
          day="2026-09-20", author_key="ada"),
    # Ben complains twice, is passed on, cannot get through: effort, not resolved.
    piece("b1", said("My parcel is lost.", -2, "moment:delivery", "unmeasurable:trust-"), day="2026-09-10",
          author_key="ben"),
    piece("b2", said("Still lost.", -1, "moment:delivery"),
          said("Nobody answers the phone.", -1, "moment:reaching_help"),
          said("Each desk sends me to the next.", -1, "warning:handoff"), day="2026-09-25", author_key="ben"),
    # Cyn complains and leaves without another word: not resolved.
    piece("c1", said("The box was crushed.", -1, "moment:delivery"), said("Never again.", -1, "signal:churn"),
          day="2026-09-30", author_key="cyn"),
    # Dee complains and says no more: resolved.
    piece("d1", said("The van was late.", -1, "moment:delivery"), day="2026-10-01", author_key="dee"),
    # Nobody knows who this is: a complaint, but no problem that could be followed. An agent's line never counts.
    piece("e1", said("Late again.", -1, "moment:delivery", "?signal:churn"),
          said("We are sorry.", 0, "moment:delivery", speaker="agent"), day="2026-10-02"),
    # Fay complains too late to know what becomes of it, and speaks of a danger.
    piece("f1", said("The heater arrived with a bare wire.", -1, "moment:delivery", "signal:crisis"),
          day="2026-10-30", author_key="fay"),
    piece("g1", said("Lovely soup.", 1, "moment:product"), day="2026-10-30", author_key="gus"),
    piece("h1", said("Lovely bread.", 1, "moment:product"), day="2026-08-01", author_key="hal"),
    piece("i1", said("The parcel was late.", -1, "moment:delivery"), day="2026-08-02", author_key="ian"),
]  # fmt: skip


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The row of delivery, computed once."""
    with store.open_working(":memory:") as connection:
        stored(connection, tmp_path_factory.mktemp("delivery"), *PIECES)
        return diagnosed(connection)


def stored(connection: Connection, folder: Path, *pieces: Piece) -> None:
    store.write(connection, "statements", taxonomy.scorecard())
    store.load(connection, [partition(folder / "night", *pieces)], run())
    store.count(connection)


def diagnosed(connection: Connection, moment: str = "delivery") -> dict[str, Any]:
    frame = connection.execute("FROM moment_diagnostics").pl()
    return frame.row(by_predicate=pl.col("moment") == moment, named=True)


def of(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(round(row[name], 4) if isinstance(row[name], float) else row[name] for name in names)


def test_every_moment_has_a_row_that_says_what_it_is(connection: Connection, tmp_path: Path) -> None:
    stored(connection, tmp_path, *PIECES)
    delivery = diagnosed(connection)
    assert connection.execute("SELECT count(*) FROM moment_diagnostics").fetchall() == [(19,)]
    assert of(delivery, "name", "owner", "is_critical") == ("Delivery and collection", "Logistics", False)
    assert delivery["expectation"].startswith("It comes whole")
    assert delivery["interaction"].startswith("Courier")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(("n_mentions", "n_customers", "n_feedback"), (8, 6, 8), id="volume and customers reached"),
        pytest.param(("n_feedback_all", "feedback_share", "corrected_feedback_share", "method"),
                     (9, 0.8889, 0.8889, "raw"), id="share of all feedback"),
        pytest.param(("n_positive", "n_negative", "net_sentiment"), (1, 7, -0.75), id="net sentiment"),
        pytest.param(("n_strong_negative", "strong_negative_share"), (1, 0.125), id="strong negative"),
        pytest.param(("n_below_expectation", "expectation_gap"), (2, 0.25), id="expectation gap: a promise, a lie"),
        pytest.param(("n_shown", "n_missing", "soft_skill_index", "friendliness_balance", "trust_balance",
                      "comfort_balance"), (1, 1, 0.0, 1.0, -1.0, None), id="soft skills"),
        pytest.param(("n_feedback_reaching_help", "n_feedback_repeat", "n_feedback_handoff", "effort_per_case"),
                     (1, 1, 1, 0.5), id="effort"),
        pytest.param(("n_customers_problem", "n_customers_resolved", "resolution_share"), (4, 2, 0.5), id="resolution"),
        pytest.param(("n_feedback_churn", "churn_raw_share", "churn_share"), (1, 0.125, 0.125), id="churn risk"),
        pytest.param(("n_feedback_champion", "champion_share"), (0, 0.0), id="champions"),
        pytest.param(("n_customers_crisis",), (1,), id="crisis signals"),
        pytest.param(("n_feedback_negative", "n_feedback_negative_before", "trend", "trend_word"),
                     (7, 1, 0.2778, "steady"), id="trend"),
        pytest.param(("days_to_item", "item_state"), (None, None), id="no backlog item yet"),
        pytest.param(("fix_effect", "fix_effect_missing"), (None, "no fix is recorded"), id="no fix"),
    ],
)  # fmt: skip
def test_the_fifteen(delivery: dict[str, Any], names: tuple[str, ...], expected: tuple[Any, ...]) -> None:
    assert of(delivery, *names) == expected


def test_a_moment_of_which_nobody_spoke(connection: Connection, tmp_path: Path) -> None:
    stored(connection, tmp_path, *PIECES)
    silent = diagnosed(connection, "promise")
    assert of(silent, "n_mentions", "n_customers", "n_feedback", "n_customers_crisis") == (0, 0, 0, 0)
    assert of(silent, "trend_word") == ("steady",)
    assert of(silent, "net_sentiment", "expectation_gap", "resolution_share") == (None, None, None)


def test_rates_of_labels_are_corrected_by_the_models_errors(connection: Connection, tmp_path: Path) -> None:
    stored(connection, tmp_path, *PIECES)
    errors = {"family": "signal", "label": "churn", "polarity": None, "true_positives": 40, "false_positives": 2,
              "false_negatives": 40, "true_negatives": 418, "sensitivity": 0.5, "sensitivity_variance": 0.003,
              "specificity": 1.0, "specificity_variance": 0.0, "model_versions": "m1"}  # fmt: skip
    store.write(connection, "label_errors", pl.DataFrame([errors]))
    try:
        found = diagnosed(connection)
    finally:
        connection.execute("DELETE FROM label_errors")
    assert of(found, "n_feedback_churn", "churn_raw_share", "churn_share") == (1, 0.125, 0.25)
    assert found["churn_share_low"] < 0.25 < found["churn_share_high"]


def test_days_to_item_come_from_the_moments_most_urgent_item(connection: Connection, tmp_path: Path) -> None:
    stored(connection, tmp_path, *PIECES)
    delivery = {"kind": "moment", "label": "delivery"}
    items = [
        delivery | {"item_id": "cx-1", "state": "new", "priority": 30.0, "days_to_item": 4},
        delivery | {"item_id": "cx-2", "state": "accepted", "priority": 40.0, "days_to_item": 9},
        delivery | {"item_id": "cx-3", "state": "merged", "priority": 90.0, "days_to_item": 1},
    ]
    store.write(connection, "backlog", pl.DataFrame(items))
    assert of(diagnosed(connection), "days_to_item", "item_state") == (9, "accepted")


@pytest.mark.parametrize(
    ("fixed_on", "effect", "missing"),
    [
        pytest.param(date(2026, 10, 5), 1 / 2 - 6 / 7, None, id="6 of 7 complained before, 1 of 2 since"),
        pytest.param(date(2026, 10, 25), None, "the fix is younger than two weeks", id="too early"),
        pytest.param(date(2025, 1, 1), None, "nothing was heard before it or since", id="nothing heard"),
    ],
)
def test_the_effect_of_the_last_fix(
    connection: Connection, tmp_path: Path, fixed_on: date, effect: float | None, missing: str | None
) -> None:
    stored(connection, tmp_path, *PIECES)
    store.write(connection, "fixes", Plans({"delivery": Plan(fixes=({"on": fixed_on},))}).fixes())  # type: ignore[arg-type]
    found = diagnosed(connection)
    assert found["fix_effect_missing"] == missing
    if effect is None:
        assert found["fix_effect"] is None
    else:
        assert found["fix_effect"] == pytest.approx(effect)
        assert found["fix_effect_low"] < effect < found["fix_effect_high"]


def test_targets_are_met_or_missed(connection: Connection, tmp_path: Path) -> None:
    stored(connection, tmp_path, *PIECES)
    wanted = {"net_sentiment": 0.0, "churn_share": 0.2, "days_to_item": 7.0}
    store.write(connection, "targets", Plans({"delivery": Plan(targets=wanted)}).targets())
    rows = connection.execute("SELECT metric, direction, target, found, is_met FROM moment_targets").fetchall()
    assert rows == [
        ("churn_share", "at most", 0.2, 0.125, True),
        ("days_to_item", "at most", 7.0, None, None),
        ("net_sentiment", "at least", 0.0, -0.75, False),
    ]


def test_every_diagnostic_may_be_a_target(connection: Connection, tmp_path: Path) -> None:
    stored(connection, tmp_path, *PIECES)
    item = {"item_id": "cx-1", "kind": "moment", "label": "delivery", "state": "new", "days_to_item": 9}
    store.write(connection, "backlog", pl.DataFrame([item]))
    fixes = Plans({"delivery": Plan(fixes=({"on": date(2026, 10, 5)},))})  # type: ignore[arg-type]
    store.write(connection, "fixes", fixes.fixes())
    wanted = {each.id: 0.0 for each in taxonomy.diagnostics()}
    store.write(connection, "targets", Plans({"delivery": Plan(targets=wanted)}).targets())
    found = dict(connection.execute("SELECT metric, found FROM moment_targets").fetchall())
    row = diagnosed(connection)
    assert len(found) == 15
    assert found == {metric: pytest.approx(float(row[metric])) for metric in found}


def test_moment_rates_count_pieces_of_feedback(connection: Connection, tmp_path: Path) -> None:
    stored(connection, tmp_path, *PIECES)
    rows = connection.execute(
        "SELECT label, polarity, n_feedback, n_feedback_reporting, n_customers, method FROM moment_rates "
        "WHERE moment = 'delivery' AND n_feedback_reporting > 0 ORDER BY label"
    ).fetchall()
    assert rows == [
        ("churn", None, 8, 1, 1, "raw"),
        ("crisis", None, 8, 1, 1, "raw"),
        ("friendliness", "+", 8, 1, 1, "raw"),
        ("handoff", None, 8, 1, 1, "raw"),
        ("trust", "-", 8, 1, 1, "raw"),
    ]
    assert connection.execute("SELECT count(*) FROM moment_rates WHERE moment = 'delivery'").fetchall() == [(25,)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("You promised it for Tuesday.", True),
        ("Not as described at all.", True),
        ("She said it would be here by noon.", True),
        ("I expected better.", True),
        ("It should have been here by noon.", True),
        ("She told me to ring the depot.", False),
        ("It is a compromise at best.", False),
        ("The box was crushed.", False),
    ],
)
def test_words_that_name_an_expectation(connection: Connection, words: str, expected: bool) -> None:
    assert connection.execute("SELECT names_an_expectation($1)", [words]).fetchall() == [(expected,)]


def test_recent_weeks_are_calendar_weeks(connection: Connection, tmp_path: Path) -> None:
    stored(connection, tmp_path, *PIECES)
    days = [date(2026, 9, 7), date(2026, 11, 1), date(2026, 7, 13), date(2026, 9, 6)]
    assert connection.execute("FROM recent_weeks").fetchall() == [tuple(days)]


def scored(connection: Connection, statement: str) -> dict[str, Any]:
    frame = connection.execute("FROM scorecard").pl()
    return frame.row(by_predicate=pl.col("statement") == statement, named=True)


def test_a_statement_is_answered_where_chance_is_ruled_out(connection: Connection, tmp_path: Path) -> None:
    rude = [piece(f"r{n}", said("A rude man.", -1, "unmeasurable:friendliness-"), day="2026-10-01") for n in range(9)]
    kind = piece("k", said("A kind man.", 1, "unmeasurable:helpfulness+"), day="2026-10-01", author_key="kim")
    both = piece("b", said("Kind.", 1, "unmeasurable:friendliness+"), said("Rude.", -1, "unmeasurable:friendliness-"),
                 day="2026-10-01", author_key="bo")  # fmt: skip
    earlier = [piece(f"e{n}", said("A kind man.", 1, "unmeasurable:friendliness+"), day="2026-08-01") for n in range(9)]
    stored(connection, tmp_path, *rude, kind, both, *earlier)
    found = scored(connection, "people_are_kind")
    names = (
        "answer",
        "n_customers",
        "n_customers_for",
        "n_customers_against",
        "balance",
        "balance_before",
        "trend_word",
    )
    assert of(found, *names) == ("no", 11, 2, 10, -0.7273, 1.0, "worse")
    assert found["balance_high"] < 0


def test_what_feedback_cannot_tell_says_why(connection: Connection, tmp_path: Path) -> None:
    stored(connection, tmp_path, *PIECES)
    answers = connection.execute("SELECT question, answer, cannot_tell FROM scorecard").fetchall()
    assert len(answers) == 12
    assert len({question for question, *_ in answers}) == 4
    told = [why for _, answer, why in answers if answer == "feedback cannot tell"]
    assert len(told) == 3
    assert all(told)
    assert scored(connection, "promises_are_kept")["answer"] == "undecided"
    assert scored(connection, "we_listen")["answer"] == "nothing heard"


def test_every_diagnostic_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text("utf-8")
    explained = re.findall(r"^\| \d+ \| [^|]+ \| `(\w+)` \|", page, re.MULTILINE)
    assert explained == [each.id for each in taxonomy.diagnostics()]
    assert all(words in page for words in taxonomy.scorecard()["words"].unique())
