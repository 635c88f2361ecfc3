"""What stands on the journey map, and where."""

from itertools import combinations

import duckdb
import pytest

from cxnlp.insight import period_of
from cxnlp.report import blueprint, journey, sections
from cxnlp.report.answers import ask, reading
from cxnlp.report.journey import Activity, Stage
from cxnlp.report.quotes import QuoteBook
from tests.backlog.larkfield import NIGHT


def drawn(connection: duckdb.DuckDBPyConnection, least_group: int = 1, critical: str = "") -> dict[str, Stage]:
    """The stages of a warehouse by their key; one moment may be marked as critical."""
    period = period_of(connection, night=NIGHT, weeks=8)
    with reading(connection, period):
        rows = {name: answer.rows for name, answer in ask(connection, period).items()}
    for row in (*rows["moments"], *rows["taxonomy"]):
        row["is_critical"] = row["label"] == critical
    book = QuoteBook(rows["quotes"], NIGHT, least_group)
    known = [row for row in rows["taxonomy"] if row["family"] == "moment"]
    moments = sections.moments(rows["moments"], book, known, least_group)
    return {stage.key: stage for stage in journey.stages(rows, moments, book, least_group)}


@pytest.fixture(scope="module")
def stages(larkfields_night: duckdb.DuckDBPyConnection) -> dict[str, Stage]:
    return drawn(larkfields_night)


@pytest.mark.parametrize(
    ("net", "low", "high", "expected"),
    [
        (-0.6, -0.8, -0.3, "very-bad"),
        (-0.3, -0.5, -0.1, "bad"),
        (-0.3, -0.7, 0.1, "mixed"),
        (0.2, 0.1, 0.4, "good"),
        (0.8, 0.6, 0.9, "very-good"),
        (None, None, None, "silent"),
    ],
)
def test_a_feeling_is_sure_when_its_whole_interval_is(
    net: float | None, low: float | None, high: float | None, expected: str
) -> None:
    assert journey.leaning(net, low, high) == expected


def test_a_moment_says_how_it_goes_and_opens_its_quotes(stages: dict[str, Stage]) -> None:
    delivery = next(each for each in stages["acquisition"].moments if each.key == "delivery")
    assert (delivery.feeling, delivery.value, delivery.flag) == ("very-bad", "−76 · 16 people", "urgent")
    assert delivery.set == "moment:delivery:"


def test_what_the_company_calls_critical_is_flagged_however_it_goes(
    larkfields_night: duckdb.DuckDBPyConnection,
) -> None:
    stages = drawn(larkfields_night, critical="promise")
    assert {each.key: each.flag for each in stages["awareness"].moments}["promise"] == "critical"
    stages = drawn(larkfields_night, critical="delivery")
    assert {each.key: each.flag for each in stages["acquisition"].moments}["delivery"] == "critical"


def test_what_nobody_spoke_of_is_on_the_map(stages: dict[str, Stage]) -> None:
    promise = next(each for each in stages["awareness"].moments if each.key == "promise")
    assert (promise.n, promise.feeling, promise.set) == (0, "silent", None)


def test_a_decision_weighs_who_goes_on_and_who_turns_away(
    stages: dict[str, Stage], larkfields_night: duckdb.DuckDBPyConnection
) -> None:
    ((against,),) = larkfields_night.sql(
        """
        SELECT count(DISTINCT person_key) FROM evidence
        WHERE speaker IS DISTINCT FROM 'agent' AND decision = 'yes'
            AND (label = 'churn' OR (label = 'affinity' AND polarity = '-') OR (label = 'loyalty' AND sentiment < 0))
            AND feedback_id IN (SELECT feedback_id FROM evidence WHERE stage = 'acquisition')
        """
    ).fetchall()
    (decision,) = stages["acquisition"].decisions
    assert decision.name == "Keep it?"
    assert decision.value.endswith(f"{against} turn away")


def test_few_people_are_neither_counted_nor_quoted(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    for stage in drawn(larkfields_night, least_group=5).values():
        for each in (*stage.moments, *stage.decisions, *stage.internals):
            if each.feeling == "few":
                assert each.value == "<5 people"
                assert each.set is None
        assert all(int(each.value.split()[0]) >= 5 for each in stage.internals)


def test_a_stage_less_its_moments_does_not_tell_of_few_people(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    for stage in drawn(larkfields_night, least_group=5).values():
        has_few = any(each.value == "<5 people" for each in stage.moments)
        assert bool(stage.people) is not has_few
    assert all(stage.people for stage in drawn(larkfields_night).values())


def test_at_a_glance(stages: dict[str, Stage]) -> None:
    words = journey.at_a_glance(list(stages.values()))
    n, names = words["needs improvement"]
    assert names.startswith("Delivery and collection")
    assert n == names.count(",") + names.count(" and ") - names.count("Delivery and collection") + 1


def test_the_shapes_hold_the_same_marks_and_none_covers_another(stages: dict[str, Stage]) -> None:
    shapes = blueprint.blueprints(list(stages.values()))
    assert [shape.shape for shape in shapes] == ["wide", *["middle"] * 2, *["narrow"] * 6]
    held = {
        name: sorted(
            mark.of.key for each in shapes if each.shape == name for column in each.columns for mark in column.marks
        )
        for name in ("wide", "middle", "narrow")
    }
    assert held["wide"] == held["middle"] == held["narrow"]
    for shape in shapes:
        for column in shape.columns:
            assert 0 <= column.x <= column.x + column.width <= shape.width
            assert all(mark.top > 90 and mark.top + mark.height <= shape.height for mark in column.marks)
            for one, other in combinations(column.marks, 2):
                assert one.top + one.height <= other.top or other.top + other.height <= one.top


def test_long_names_make_room() -> None:
    long = Activity(
        "x", "moment", "A moment whose name needs more than a single line of text", 3, "mixed", "0", "critical", None
    )
    choice = Activity("choice care", "decision", "Stay with us?", 0, "silent", "nobody said", "", None)
    empty = Stage("care", "Care", "mixed", "0", None, None, "", None, [long, long], [choice], [], "")
    first, second, _ = blueprint.blueprints([empty])[0].columns[0].marks
    assert len(first.lines) == 3
    assert second.lines[0][0] - (first.flag_y or 0) > 10


def test_sizes_grow_with_the_root_of_what_they_stand_for() -> None:
    assert blueprint.radius(100, 100) == blueprint.LARGEST
    assert blueprint.radius(25, 100) == blueprint.LARGEST / 2
    assert blueprint.radius(0, 100) == blueprint.radius(1, 1000) == blueprint.SMALLEST
