"""What is counted about a fix: its item's reports, in its channels, beside complaints that it did not touch."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp.insight.verdicts import COUNTS, SHIPPED, verdicts
from cxnlp.insight.verdicts_counts import FIXES, shipped, shipped_counts
from tests.backlog.larkfield import NIGHT, insert, said, warehouse

SHIPPED_ON = date(2026, 9, 7)
DAYS = [SHIPPED_ON + timedelta(days=number) for number in range(-60, 56)]
BEFORE = ["delivery"] * 3 + ["payment"] * 2 + ["digital", ""]
AFTER = ["delivery"] + ["payment"] * 2 + ["digital", "", "", ""]


def letters() -> Iterator[dict[str, str]]:
    """Seven people a day. Three complain of late delivery until the fix, then one; the first names a cause."""
    for day in DAYS:
        for number, moment in enumerate(AFTER if day > SHIPPED_ON else BEFORE):
            yield said("It is as it is.", day=day.isoformat(), person=f"{day}-{number}", sentiment="-1",
                       moments=moment, warnings="handoff" if moment == "delivery" else "")  # fmt: skip
    yield said("Thanks.", day="2026-08-03", person="Ada", sentiment="2", moments="delivery")
    yield said("Late.", day="2026-10-05", person="Ben", channel="social", sentiment="-1", moments="delivery")
    yield said("Late.", day="2026-08-03", person="Cem", speaker="agent", sentiment="-1", moments="delivery")


@pytest.fixture
def connection(one: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The letters; what a test changes is taken back."""
    one.begin()
    yield one
    one.rollback()


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path_factory.mktemp("verdicts") / "working.duckdb", letters()) as opened:
        yield opened


def fix(**columns: Any) -> pl.DataFrame:
    usual = {"item_id": "cx-late", "shipped_on": SHIPPED_ON, "kind": "moment", "label": "delivery", "polarity": "-",
             "theme_id": None, "other_theme_ids": None, "shipped_where": None}  # fmt: skip
    return pl.DataFrame([usual | columns], schema=FIXES)


def counted(connection: duckdb.DuckDBPyConnection, *fixes: pl.DataFrame) -> dict[str | None, int]:
    """Reports of the fix ``cx-late`` and of its controls, in all days."""
    counts = shipped_counts(connection, pl.concat(fixes), last_on=NIGHT)
    assert counts.schema == pl.Schema(COUNTS)
    sums = counts.filter(pl.col("item_id") == "cx-late").group_by("control").agg(pl.col("n").sum())
    return dict(sums.sort("control").iter_rows())


def test_a_fix_is_judged_from_the_warehouse(connection: duckdb.DuckDBPyConnection) -> None:
    counts = shipped_counts(connection, fix(), last_on=NIGHT)
    found = verdicts(counts, shipped(connection, fix()), last_on=NIGHT).row(0, named=True)
    assert (found["verdict"], found["controls"]) == ("verified", ["digital", "payment"])
    assert (found["n_before"], found["n_after"]) == (3 * 60, 55)


def test_everyone_heard_in_the_channels_of_the_item_is_its_volume(connection: duckdb.DuckDBPyConnection) -> None:
    counts = shipped_counts(connection, fix(), last_on=NIGHT)
    heard = dict(counts.filter(pl.col("control").is_null()).select("occurred_on", "n_heard").iter_rows())
    assert len(heard) == len(DAYS)
    assert {day: n for day, n in heard.items() if n != 7} == {date(2026, 8, 3): 8}  # Ada; Ben's channel is another


def test_complaints_that_the_fix_would_move_are_no_control(connection: duckdb.DuckDBPyConnection) -> None:
    assert counted(connection, fix()) == {None: 3 * 61 + 55, "payment": 2 * 116, "digital": 116}
    cause = fix(kind="warning", label="handoff", polarity=None)
    assert counted(connection, cause) == {None: 3 * 61 + 55, "payment": 2 * 116, "digital": 116}


def test_what_was_fixed_shortly_before_is_no_control(connection: duckdb.DuckDBPyConnection) -> None:
    for days, is_control in ((-40, True), (-20, False), (0, False), (10, True)):
        other = fix(item_id="cx-bill", label="payment", shipped_on=SHIPPED_ON + timedelta(days=days))
        assert ("payment" in counted(connection, fix(), other)) is is_control


def test_a_theme_counts_what_is_said_in_it(connection: duckdb.DuckDBPyConnection) -> None:
    group(connection, "occurred_on < '2026-08-01'", born_on=DAYS[0])
    in_theme = 3 * (date(2026, 8, 1) - DAYS[0]).days
    assert counted(connection, fix(theme_id="th-1"))[None] == in_theme
    assert counted(connection, fix(other_theme_ids=["th-1"]))[None] == 3 * 61 + 55 - in_theme
    assert counted(connection, fix())[None] == 3 * 61 + 55


def test_a_theme_is_compared_with_what_was_said_since_its_birth(connection: duckdb.DuckDBPyConnection) -> None:
    """All that was said of it before is in its sample; what comes later must be near enough to join."""
    for days, is_measured in ((27, False), (28, True)):
        group(connection, "true", born_on=SHIPPED_ON - timedelta(days=days))
        counts = shipped_counts(connection, fix(theme_id="th-1"), last_on=NIGHT)
        found = verdicts(counts, shipped(connection, fix()), last_on=NIGHT).row(0, named=True)
        assert (found["n_before"], found["n_after"]) == (3 * days, 55)
        assert (found["effect"] is not None) is is_measured


def test_a_theme_born_after_its_fix_has_nothing_before_it(connection: duckdb.DuckDBPyConnection) -> None:
    group(connection, "true", born_on=SHIPPED_ON + timedelta(days=10))
    counts = shipped_counts(connection, fix(theme_id="th-1"), last_on=NIGHT)
    found = verdicts(counts, shipped(connection, fix()), last_on=NIGHT).row(0, named=True)
    assert (found["verdict"], found["n_before"]) == ("too_early", 0)


def test_the_rest_of_a_label_is_what_it_was_when_the_fix_came(connection: duckdb.DuckDBPyConnection) -> None:
    """It is without a theme, from its birth on, if that was old enough; a younger theme was part of it."""
    for days, in_rest in ((28, 3 * (28 + 1) + 55), (27, 3 * 61 + 55), (-10, 3 * 61 + 55)):
        born_on = SHIPPED_ON - timedelta(days=days)
        group(connection, f"occurred_on < '{born_on}'", born_on=born_on)
        assert counted(connection, fix(other_theme_ids=["th-1"]))[None] == in_rest


def group(connection: duckdb.DuckDBPyConnection, which: str, *, born_on: date) -> None:
    """Make a theme of complaints about late delivery."""
    connection.execute("DELETE FROM themes; DELETE FROM theme_mentions")
    row = {"theme_id": "th-1", "ground": "moment.delivery", "family": "moment", "label": "delivery", "state": "alive",
           "n_mentions": 0, "n_looked_at": 0, "is_pinned": False, "is_named": False, "born_on": born_on}  # fmt: skip
    insert(connection, "themes", pl.DataFrame([row]))
    connection.execute(f"""
        INSERT INTO theme_mentions BY NAME
        SELECT mention_id, 'moment.delivery' AS ground, 'th-1' AS theme_id
        FROM evidence WHERE label = 'delivery' AND sentiment < 0 AND {which}
    """)


def test_what_another_model_tagged_is_not_compared(connection: duckdb.DuckDBPyConnection) -> None:
    earlier = {"run_id": "2026-08-31-1", "night": date(2026, 8, 31), "state": "loaded"}
    counts = ["n_arrived", "n_stored", "n_unchanged", "n_duplicates", "n_quarantined", "n_mentions", "n_tagged"]
    insert(connection, "runs", pl.DataFrame([earlier | dict.fromkeys(counts, 0)]))
    connection.execute("""
        UPDATE tags SET model_version = 'test-0', run_id = '2026-08-31-1'
        WHERE mention_id IN (SELECT mention_id FROM evidence WHERE occurred_on < '2026-09-01')
    """)
    found = shipped_counts(connection, fix(), last_on=NIGHT)
    assert found["occurred_on"].min() == date(2026, 9, 1)
    assert verdicts(found, shipped(connection, fix()), last_on=NIGHT)["verdict"].to_list() == ["too_early"]


def test_precision_is_that_of_the_label_at_its_share(connection: duckdb.DuckDBPyConnection) -> None:
    """Of letters about something else one in ten is said to be about delivery; of those that are, one in 20 is not."""
    assert shipped(connection, fix())["precision"].to_list() == [None]
    errors = {"family": "moment", "label": "delivery", "true_positives": 95, "false_positives": 10,
              "false_negatives": 5, "true_negatives": 90, "sensitivity": 0.95, "specificity": 0.9,
              "sensitivity_variance": 0.0, "specificity_variance": 0.0, "model_versions": "test-1"}  # fmt: skip
    insert(connection, "label_errors", pl.DataFrame([errors]))
    found = shipped(connection, fix())
    assert found.schema == pl.Schema(SHIPPED)
    said_so, everyone = 3 * 60 + 1, 7 * 60 + 1  # and Ada
    share = (said_so / everyone - 0.1) / 0.85
    assert found["precision"].to_list() == pytest.approx([share * 0.95 * everyone / said_so])


TOWNS = """
    UPDATE feedback SET location = ['Hull', 'Saltwell', 'saltwell', NULL][1 + day(occurred_at) % 4], product = 'lamp'
"""


def test_where_the_fix_is_in_one_town_the_others_are_controls(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(TOWNS)
    said_in = """
        SELECT coalesce(location, ''), count(*) FILTER (label = 'delivery'), count(*) FILTER (label = 'payment')
        FROM evidence WHERE family = 'moment' AND sentiment < 0 AND channel <> 'social'
            AND speaker IS DISTINCT FROM 'agent'
        GROUP BY ALL
    """
    late, bills = ({town: n for town, *both in connection.execute(said_in).fetchall() for n in [both[at]]}
                   for at in (0, 1))  # fmt: skip
    for where, here in (
        ("location=Hull", ["Hull"]),
        ("location=Saltwell; location=saltwell", ["Saltwell", "saltwell"]),
    ):
        found = counted(connection, fix(shipped_where=where))
        elsewhere = {f"location={town}": late[town] for town in {"Hull", "Saltwell", "saltwell"} - set(here)}
        assert {name: n for name, n in found.items() if "=" in (name or "")} == elsewhere
        assert (found[None], found["payment"]) == (sum(late[town] for town in here), sum(bills[town] for town in here))


def test_of_two_columns_both_must_be_so(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(TOWNS)
    both = counted(connection, fix(shipped_where="location=Hull; product=lamp"))
    assert both[None] == counted(connection, fix(shipped_where="location=Hull"))[None]
    assert {name for name in both if "=" in (name or "")} == {
        "product=lamp; location=Saltwell", "product=lamp; location=saltwell"
    }  # fmt: skip
    assert counted(connection, fix(shipped_where="location=Hull; product=chair")) == {}


def test_where_the_fix_is_in_one_channel_the_others_are_controls(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "UPDATE feedback SET channel = 'call' WHERE occurred_at < '2026-08-01' AND day(occurred_at) = 20"
    )
    found = counted(connection, fix(shipped_where="channel=letter"))
    assert {name: n for name, n in found.items() if name not in ("payment", "digital")} == {
        None: 3 * 60 + 55, "channel=call": 3
    }  # fmt: skip


def test_a_fix_of_one_town_leaves_the_moments_of_another_alone(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(TOWNS)
    for town, is_control in (("Hull", True), ("Saltwell", False)):
        other = fix(item_id="cx-bill", label="payment", shipped_where=f"location={town}")
        assert ("payment" in counted(connection, fix(shipped_where="location=Saltwell"), other)) is is_control


def test_without_fixes_nothing_is_counted(connection: duckdb.DuckDBPyConnection) -> None:
    nothing = pl.DataFrame(schema=FIXES)
    assert shipped_counts(connection, nothing, last_on=NIGHT).is_empty()
    assert shipped(connection, nothing).is_empty()
