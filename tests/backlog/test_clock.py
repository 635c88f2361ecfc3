"""Days from the first word to proof: per item, and over all of them."""

from datetime import UTC, date, datetime
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp.backlog import moves
from cxnlp.backlog.effects import settle
from cxnlp.backlog.moves import Move
from cxnlp.warehouse import store
from tests.backlog.larkfield import NIGHT

Connection = duckdb.DuckDBPyConnection


def decide(connection: Connection, kind: str, day: str, **said: Any) -> None:
    ((item_id,),) = connection.execute("SELECT item_id FROM backlog").fetchall()
    at = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=UTC)
    moves.apply(connection, [Move.model_validate({"at": at, "item_id": item_id, "move": kind, "by": "ann", **said})])


def verdict(connection: Connection, day: str) -> None:
    ((item_id,),) = connection.execute("SELECT item_id FROM backlog").fetchall()
    found = {"item_id": item_id, "verdict": "verified", "decided_on": date.fromisoformat(day), "note": None}
    settle(connection, pl.DataFrame([found]))


def clock(connection: Connection, last_night: str, **targets: int) -> dict[str, Any]:
    """The item's row after the night of that day."""
    connection.execute("UPDATE runs SET night = $1", [last_night])
    if targets:
        usual = {"item_within_nights": 1, "accepted_within_days": 5, "shipped_within_days": None}
        store.write(connection, "backlog_targets", pl.DataFrame([usual | targets]))
    return connection.execute("FROM backlog_clock").pl().to_dicts()[0]


def test_every_leg_of_a_whole_life(connection: Connection) -> None:
    decide(connection, "accept", "2026-11-04", owner="Ops", due_on=date(2026, 11, 20))
    decide(connection, "ship", "2026-11-18", on=date(2026, 11, 16))
    verdict(connection, "2026-12-07")
    row = clock(connection, "2026-12-10")
    expected = {
        "first_feedback_on": date(2026, 10, 26), "ready_on": date(2026, 10, 27), "opened_on": NIGHT,
        "days_to_item": 7, "nights_to_item": 6, "days_to_accepted": 2, "days_to_shipped": 12, "days_to_verified": 21,
        "days_in_all": 42, "days_in_state": 3, "is_item_in_time": False, "is_accepted_in_time": True,
        "is_shipped_in_time": True, "is_overdue": False,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("last_night", "accepted_on", "expected"),
    [
        pytest.param("2026-11-07", None, (None, False), id="it still has time"),
        pytest.param("2026-11-08", None, (False, True), id="nobody accepted it in five days"),
        pytest.param("2026-11-20", "2026-11-07", (True, False), id="accepted on the fifth day"),
        pytest.param("2026-11-20", "2026-11-08", (False, False), id="accepted a day late"),
    ],
)
def test_waiting_counts(connection: Connection, last_night: str, accepted_on: str | None, expected: Any) -> None:
    if accepted_on:
        decide(connection, "accept", accepted_on)
    row = clock(connection, last_night)
    assert (row["is_accepted_in_time"], row["is_overdue"]) == expected


@pytest.mark.parametrize(
    ("due_on", "within", "last_night", "expected"),
    [
        pytest.param(None, None, "2027-06-01", (None, False), id="no target"),
        pytest.param("2026-11-20", None, "2026-11-20", (None, False), id="due today"),
        pytest.param("2026-11-20", None, "2026-11-21", (False, True), id="due yesterday"),
        pytest.param(None, 10, "2026-11-14", (None, False), id="ten days are not over"),
        pytest.param(None, 10, "2026-11-15", (False, True), id="ten days are over"),
        pytest.param("2026-12-24", 10, "2026-11-15", (None, False), id="its own day leads"),
    ],
)
def test_when_a_fix_is_late(
    connection: Connection, due_on: str | None, within: int | None, last_night: str, expected: Any
) -> None:
    decide(connection, "accept", "2026-11-04", due_on=due_on)
    row = clock(connection, last_night, **({} if within is None else {"shipped_within_days": within}))
    assert (row["is_shipped_in_time"], row["is_overdue"]) == expected


def test_a_new_round_begins_a_new_clock(connection: Connection) -> None:
    decide(connection, "ship", "2026-11-04", on=date(2026, 11, 4))
    verdict(connection, "2026-11-30")
    decide(connection, "reopen", "2026-12-10")
    row = clock(connection, "2026-12-12")
    assert (row["began_on"], row["accepted_on"], row["verified_on"]) == (date(2026, 12, 10), None, None)
    decide(connection, "accept", "2026-12-13")
    assert clock(connection, "2026-12-14")["days_to_accepted"] == 3


def test_what_nobody_has_to_accept_is_never_late(connection: Connection) -> None:
    decide(connection, "decline", "2026-11-04", note="Too dear.")
    row = clock(connection, "2027-01-01")
    assert (row["is_accepted_in_time"], row["is_shipped_in_time"], row["is_overdue"]) == (None, None, False)


def test_the_distribution_of_each_leg(connection: Connection) -> None:
    """Five items accepted after 1, 2, 3, 4 and 30 days, and one that waits for twelve already."""
    connection.execute("DELETE FROM backlog")
    days = {"opened_on": NIGHT, "first_feedback_on": date(2026, 10, 30), "ready_on": NIGHT, "days_to_item": 3}
    always = {"kind": "moment", "label": "delivery", "state": "accepted", **days}
    accepted = [
        {"item_id": f"cx-{n}", **always, "accepted_on": date.fromordinal(NIGHT.toordinal() + n)}
        for n in (1, 2, 3, 4, 30)
    ]
    store.write(connection, "backlog", pl.DataFrame([*accepted, {"item_id": "cx-0", **always, "state": "new"}]))
    clock(connection, "2026-11-14")
    rows = connection.execute("SELECT * EXCLUDE (position) FROM backlog_clock_summary").fetchall()
    assert rows == [
        ("first word to item", 6, 3.0, 3.0, None, 0, None),
        ("enough said to item", 6, 0.0, 0.0, 1, 6, 1.0),
        ("item to accepted", 5, 3.0, pytest.approx(19.6), 5, 6, pytest.approx(4 / 6)),
        ("accepted to shipped", 0, None, None, None, 0, None),
        ("shipped to verified", 0, None, None, None, 0, None),
        ("first word to verified", 0, None, None, None, 0, None),
    ]
