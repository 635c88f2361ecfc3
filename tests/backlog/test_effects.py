"""Whether a fix worked is measured every night, and an item is settled once that is sure."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp import backlog, insight
from cxnlp.backlog import moves
from cxnlp.backlog.moves import Move
from cxnlp.warehouse import store
from tests.backlog import larkfield
from tests.backlog.conftest import write
from tests.backlog.larkfield import NIGHT
from tests.insight.test_verdicts_counts import SHIPPED_ON, letters
from tests.once import once

_STATES = "SELECT label, state, state_since FROM backlog WHERE kind = 'moment' AND label <> 'digital' ORDER BY label"


@pytest.fixture(scope="session")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Late deliveries become a third from 7 September on, payments stay as they are; both are items."""

    def make(folder: Path) -> None:
        with larkfield.warehouse(folder / "working.duckdb", letters()) as connection:
            write(connection)

    return once(tmp_path_factory, "late_deliveries", make) / "working.duckdb"


@pytest.fixture
def connection(complaints: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with store.open_working(Path(shutil.copy(complaints, tmp_path / "copy.duckdb"))) as connection:
        yield connection


def ship(
    connection: duckdb.DuckDBPyConnection,
    label: str,
    on: date,
    where: tuple[str, ...] | None = None,
    told_on: date | None = None,
) -> None:
    """Ann has fixed what customers say of a moment, and tells it the same day unless another is given."""
    (item_id,) = connection.execute("SELECT item_id FROM backlog WHERE label = $1", [label]).fetchall()[0]
    at = datetime.combine(told_on or on, datetime.min.time(), UTC)
    said = {"at": at, "item_id": item_id, "move": "ship", "by": "ann", "on": on, "note": "More vans", "where": where}
    moves.apply(connection, [Move.model_validate(said)])


def measure(connection: duckdb.DuckDBPyConnection, night: date = NIGHT) -> list[tuple[object, ...]]:
    backlog.measure(connection, night=night, run_id=f"{night}-1", least_improvement=0.2)
    return connection.execute("SELECT verdict, decided_on, n_reports_before FROM backlog_effects").fetchall()


def test_a_fix_that_works_is_verified_by_the_night_that_found_it(connection: duckdb.DuckDBPyConnection) -> None:
    ship(connection, "delivery", SHIPPED_ON)
    ((verdict, decided_on, n_before),) = measure(connection)
    assert (verdict, n_before) == ("verified", 180)
    assert isinstance(decided_on, date)
    assert SHIPPED_ON < decided_on < SHIPPED_ON + timedelta(weeks=5)
    assert connection.execute(_STATES).fetchall()[0] == ("delivery", "verified", NIGHT)
    events = connection.execute("SELECT event, happened_on FROM backlog_events WHERE event IN ('shipped', 'verified')")
    assert events.fetchall() == [("shipped", SHIPPED_ON), ("verified", NIGHT)]


def test_a_fix_that_is_told_of_late_has_not_failed_since(connection: duckdb.DuckDBPyConnection) -> None:
    """Of three hundred reports of September and October none came after the night that verified it."""
    write(connection)
    ship(connection, "delivery", SHIPPED_ON, told_on=NIGHT - timedelta(days=1))
    measure(connection)
    connection.execute("UPDATE backlog_events SET n_customers = 20 WHERE event = 'shipped'")
    write(connection, NIGHT + timedelta(days=1))
    assert connection.execute(_STATES).fetchall()[0] == ("delivery", "verified", NIGHT)
    log = connection.execute("SELECT event FROM backlog_events WHERE event IN ('shipped', 'verified') ORDER BY \"at\"")
    assert log.fetchall() == [("shipped",), ("verified",)]


def test_looked_at_again_nothing_changes(connection: duckdb.DuckDBPyConnection) -> None:
    ship(connection, "delivery", SHIPPED_ON)
    found = [(measure(connection), connection.execute("FROM backlog_events ORDER BY ALL").fetchall()) for _ in range(2)]
    assert found[0] == found[1]


def test_what_was_decided_stays_when_its_counts_are_gone(connection: duckdb.DuckDBPyConnection) -> None:
    """As after an erasure, at the end of the time for which feedback is kept, or when another model tags."""
    ship(connection, "delivery", SHIPPED_ON)
    found = measure(connection)
    connection.execute("DELETE FROM tags WHERE label = 'delivery'")
    assert measure(connection, NIGHT + timedelta(days=1)) == found


@pytest.mark.parametrize(
    ("known", "tonight", "told"),
    [
        ("too_early", "verified", "verified"),
        ("verified", "harmful", "verified"),
        ("harmful", "not_effective", "harmful"),
        ("not_effective", "verified", "not_effective"),
        ("not_effective", "harmful", "harmful"),
    ],
)
def test_only_what_had_not_worked_may_turn_out_to_be_harmful(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, known: str, tonight: str, told: str
) -> None:
    ship(connection, "delivery", SHIPPED_ON)
    for number, verdict in enumerate((known, tonight)):
        finds(monkeypatch, verdict, SHIPPED_ON + timedelta(days=30 + number))
        measured = measure(connection)
    days = 30 if told == known else 31
    assert measured == [(told, SHIPPED_ON + timedelta(days=days), 180)]
    state = connection.execute("SELECT state FROM backlog WHERE label = 'delivery'").fetchall()
    assert state == [("verified" if told == "verified" else "not_effective",)]
    said = connection.execute("SELECT event FROM backlog_events WHERE event <> 'shipped' AND \"by\" = 'night'")
    assert [event for (event,) in said.fetchall() if event != "opened"] == [
        verdict for verdict in dict.fromkeys((known, told)) if verdict != "too_early"
    ]


def finds(monkeypatch: pytest.MonkeyPatch, verdict: str, decided_on: date) -> None:
    """Let the counts say ``verdict`` from now on."""
    said = {"verdict": pl.lit(verdict), "decided_on": pl.lit(None if verdict == "too_early" else decided_on, pl.Date())}
    real = insight.verdicts
    monkeypatch.setattr(insight, "verdicts", lambda *given, **named: real(*given, **named).with_columns(**said))


def test_a_fix_of_yesterday_is_too_early_to_tell(connection: duckdb.DuckDBPyConnection) -> None:
    ship(connection, "payment", NIGHT - timedelta(days=1))
    ((verdict, decided_on, _),) = measure(connection)
    assert (verdict, decided_on) == ("too_early", None)
    assert connection.execute(_STATES).fetchall()[1][1] == "shipped"


def test_a_fix_of_some_places_is_held_beside_the_others(connection: duckdb.DuckDBPyConnection) -> None:
    """Letters of even days are from Hull; delivery becomes better in both towns, so not by the fix of Hull."""
    connection.execute("UPDATE feedback SET location = ['Hull', 'Elm'][1 + day(occurred_at) % 2]")
    ship(connection, "delivery", SHIPPED_ON, where=("location=Hull",))
    ((verdict, _, n_before),) = measure(connection)
    assert (verdict, n_before) == ("too_early", 87)
    ((controls, where),) = connection.execute("SELECT controls, shipped_where FROM item_effects").fetchall()
    assert (controls, where) == (["digital", "payment", "location=Elm"], "location=Hull")


def test_nothing_is_told_of_an_earlier_fix(connection: duckdb.DuckDBPyConnection) -> None:
    """From the move on that gives it another day or place, or opens the item again: no night has to come first."""
    ship(connection, "delivery", SHIPPED_ON, where=("location=Hull",))
    (item_id,) = connection.execute("SELECT item_id FROM backlog WHERE state = 'shipped'").fetchall()[0]
    steps: list[tuple[dict[str, object], bool]] = [
        ({"move": "ship", "on": SHIPPED_ON, "note": "Vans, not boxes"}, True),
        ({"move": "ship", "on": SHIPPED_ON, "where": ()}, False),
        ({"move": "ship", "on": SHIPPED_ON + timedelta(days=1)}, False),
        ({"move": "close"}, True),
        ({"move": "reopen"}, False),
    ]
    for minute, (step, is_told) in enumerate(steps):
        connection.execute(
            "INSERT INTO backlog_effects BY NAME SELECT item_id, shipped_on, shipped_where, 'verified' AS verdict, "
            "'it fell' AS note, 9 AS n_reports_before, 9 AS n_reports_after "
            "FROM backlog ANTI JOIN backlog_effects USING (item_id) WHERE item_id = $1", [item_id]
        )  # fmt: skip
        at = datetime(2026, 11, 2, 9, minute, tzinfo=UTC)
        moves.apply(connection, [Move.model_validate({"at": at, "item_id": item_id, "by": "ann", **step})])
        (row,) = backlog.read(connection).filter(item_id=item_id).to_dicts()
        assert (row["verdict"] is not None) == is_told, step


def test_what_is_everywhere_after_all_is_measured_anew(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("UPDATE feedback SET location = 'Hull'")
    for where in (("location=Hull",), ()):
        ship(connection, "delivery", SHIPPED_ON, where=where, told_on=NIGHT - timedelta(days=len(where)))
        assert measure(connection)[0][0] == "verified"
    assert connection.execute("SELECT shipped_where FROM item_effects").fetchall() == [(None,)]


def test_analysts_see_no_numbers_of_few(connection: duckdb.DuckDBPyConnection) -> None:
    ship(connection, "delivery", SHIPPED_ON)
    measure(connection)
    numbers = "SELECT title LIKE '%: %', effect, effect_high, n_reports_before FROM item_effects"
    ((_, effect, _, n_before),) = connection.execute(numbers).fetchall()
    assert (effect < 0.6, n_before) == (True, 180)
    connection.execute("UPDATE backlog SET n_customers = 4")
    assert connection.execute(numbers).fetchall() == [(False, None, None, None)]


def test_an_old_fix_keeps_what_was_found(connection: duckdb.DuckDBPyConnection) -> None:
    ship(connection, "delivery", SHIPPED_ON)
    found = measure(connection)
    connection.execute("DELETE FROM counted_labels")
    assert measure(connection, SHIPPED_ON + timedelta(days=400)) == found


def test_after_nights_that_paused_what_was_undecided_is_looked_at_once_more(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    ship(connection, "payment", NIGHT - timedelta(days=1))
    for night, note in ((NIGHT, "no day since the fix has been heard out"),
                        (NIGHT + timedelta(days=400), "nobody has been heard since the fix")):  # fmt: skip
        measure(connection, night)
        assert connection.execute("SELECT note FROM backlog_effects").fetchall() == [(note,)]
    connection.execute("INSERT INTO runs BY NAME SELECT * REPLACE ('2' AS run_id, night + 400 AS night) FROM runs")
    connection.execute("DELETE FROM counted_labels")
    measure(connection, NIGHT + timedelta(days=401))
    assert connection.execute("SELECT note, n_reports_before > 0 FROM backlog_effects").fetchall() == [(note, True)]
