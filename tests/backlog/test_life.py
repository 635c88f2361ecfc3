"""What nights do by themselves with items that people have decided about, and with all others."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp import backlog
from cxnlp.backlog import life, moves
from cxnlp.backlog.effects import settle
from cxnlp.backlog.events import EVENTS
from cxnlp.backlog.export import shared
from cxnlp.backlog.moves import Move
from cxnlp.settings import Backlog
from cxnlp.warehouse import store
from tests.backlog.conftest import Warehouse, build, voices, write
from tests.backlog.larkfield import NIGHT, Mention, add

AT = datetime(2026, 11, 4, 15, 30, tzinfo=UTC)
WEDNESDAY = date(2026, 11, 4)

Connection = duckdb.DuckDBPyConnection


def more(n: int, day: str = "2026-11-06", **said_by: str) -> list[Mention]:
    """The same complaint by ``n`` other people, after people decided."""
    return [voice | {"person": f"New {voice['person']}", "day": day} for voice in voices(n, **said_by)]


def decide(connection: Connection, *kinds: str, **said: Any) -> None:
    """Make these moves on the one item, a minute after each other."""
    ((item_id,),) = connection.execute("SELECT item_id FROM backlog").fetchall()
    needs: dict[str, dict[str, Any]] = {
        "ship": {"on": WEDNESDAY}, "decline": {"note": "Too dear."}, "snooze": {"on": date(2026, 11, 9)},
        "accept": {"owner": "Ops"},
    }  # fmt: skip
    always = {"item_id": item_id, "by": "ann"}
    made = [
        Move.model_validate({"at": AT + timedelta(minutes=n), "move": kind, **always, **needs.get(kind, {}), **said})
        for n, kind in enumerate(kinds)
    ]
    moves.apply(connection, made)


def item(connection: Connection) -> dict[str, Any]:
    return backlog.read(connection).to_dicts()[0]


def by_night(connection: Connection) -> list[tuple[Any, ...]]:
    query = 'SELECT happened_on, event, state_after FROM backlog_events WHERE "by" = \'night\' ORDER BY "at"'
    return connection.execute(query).fetchall()


@pytest.mark.parametrize(
    ("decided", "more_people", "expected"),
    [
        pytest.param(["close"], 2, "closed", id="closed: two more people are too few"),
        pytest.param(["close"], 3, "new", id="closed: three are enough"),
        pytest.param(["ship", "close"], 3, "closed", id="closed after a fix: fewer than the four of before"),
        pytest.param(["ship", "close"], 4, "new", id="closed after a fix: as many as before"),
        pytest.param(["ship", "verify"], 3, "verified", id="verified: some are left, which it was not to end"),
        pytest.param(["ship", "verify"], 4, "new", id="verified: as many as before"),
        pytest.param(["decline"], 3, "declined", id="declined: not yet twice as many"),
        pytest.param(["decline"], 4, "new", id="declined: twice as many"),
        pytest.param(["accept"], 8, "accepted", id="accepted"),
        pytest.param(["start"], 8, "in_progress", id="in progress"),
        pytest.param(["ship"], 8, "shipped", id="shipped: only a verdict settles it"),
        pytest.param(["ship", "fail"], 8, "not_effective", id="not effective: people decide what follows"),
    ],
)
def test_when_an_item_comes_back(connection: Connection, decided: list[str], more_people: int, expected: str) -> None:
    decide(connection, *(kind for kind in decided if kind not in ("verify", "fail")))
    verdict = {"verify": "verified", "fail": "not_effective"}.get(decided[-1])
    if verdict:
        settle(connection, pl.DataFrame([
            {"item_id": item(connection)["item_id"], "verdict": verdict, "decided_on": WEDNESDAY, "note": None}
        ]))  # fmt: skip
        connection.execute("INSERT INTO backlog_effects BY NAME SELECT item_id, shipped_on, $1 AS verdict, '' AS note, "
                           "9 AS n_reports_before, 9 AS n_reports_after FROM backlog", [verdict])  # fmt: skip
    add(connection, more(more_people, moments="delivery"))
    for _ in range(2):
        write(connection, date(2026, 11, 7))
    assert item(connection)["state"] == expected
    assert item(connection)["verdict"] == (None if expected == "new" else verdict)
    reopened = [(date(2026, 11, 7), "reopened", "new")] if expected == "new" else []
    assert [event for event in by_night(connection) if event[1] == "reopened"] == reopened
    if expected == "new":
        names = ("accepted_on", "shipped_on", "shipped_what", "due_on", "n_customers_since")
        assert [item(connection)[name] for name in names] == [None] * 4 + [0]


def test_one_new_danger_brings_a_closed_crisis_back(warehouse: Warehouse) -> None:
    connection = warehouse(voices(1, signals="crisis"))
    write(connection)
    decide(connection, "accept", "close")
    write(connection, date(2026, 11, 7))
    assert item(connection)["state"] == "closed"
    add(connection, more(1, signals="crisis"))
    write(connection, date(2026, 11, 7))
    assert item(connection)["state"] == "new"


@pytest.mark.parametrize(
    ("decided", "night", "expected"),
    [
        pytest.param(["snooze"], date(2026, 11, 8), ("snoozed", None), id="not yet"),
        pytest.param(["snooze"], date(2026, 11, 9), ("new", None), id="its day has come"),
        pytest.param(["accept", "snooze"], date(2026, 11, 9), ("accepted", WEDNESDAY), id="it was accepted before"),
        pytest.param(["snooze"], date(2027, 2, 1), ("quiet", None), id="nobody says so any more"),
        pytest.param(["accept", "snooze"], date(2027, 2, 1), ("accepted", WEDNESDAY), id="nobody says so: still work"),
    ],
)
def test_when_a_snoozed_item_wakes(connection: Connection, decided: list[str], night: date, expected: Any) -> None:
    decide(connection, *decided)
    for _ in range(2):
        write(connection, night)
    now = item(connection)
    assert (now["state"], now["accepted_on"]) == expected
    assert now["snoozed_until"] == (date(2026, 11, 9) if expected[0] == "snoozed" else None)
    assert len(by_night(connection)) == (1 if expected[0] == "snoozed" else 2)


def test_an_item_is_opened_once_rests_and_comes_back(connection: Connection) -> None:
    later = NIGHT + timedelta(weeks=12)
    for night in (NIGHT, later, later):
        write(connection, night)
    add(connection, more(3, day=str(later - timedelta(days=2)), moments="delivery"))
    write(connection, later + timedelta(days=1))
    assert by_night(connection) == [
        (NIGHT, "opened", "new"), (later, "quiet", "quiet"), (later + timedelta(days=1), "reopened", "new"),
    ]  # fmt: skip
    assert (item(connection)["opened_on"], item(connection)["state_since"]) == (NIGHT, later + timedelta(days=1))


def test_it_is_known_since_when_enough_had_been_said(warehouse: Warehouse) -> None:
    """Letters reach the folder the day after they are written; the third person makes it an item."""
    days = ["2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"]
    said = [voice | {"day": day} for voice, day in zip(voices(4, moments="delivery"), days, strict=True)]
    connection = warehouse(said)
    write(connection)
    assert item(connection)["ready_on"] == date(2026, 10, 20)
    add(connection, more(1, moments="delivery"))
    write(connection, date(2026, 11, 7))
    assert (item(connection)["ready_on"], item(connection)["n_customers_since"]) == (date(2026, 10, 20), 1)


def test_what_goes_into_another_item_takes_peoples_decisions_along(warehouse: Warehouse) -> None:
    connection = warehouse([*voices(4, moments="delivery"), *more(3, "2026-10-26", moments="payment")])
    write(connection)
    gone, kept = connection.execute("SELECT item_id FROM backlog ORDER BY label").fetchall()
    accepted = {"at": AT, "item_id": gone[0], "move": "accept", "by": "ann", "owner": "Ops"}
    moves.apply(connection, [Move.model_validate(accepted)])
    night = date(2026, 11, 5)
    at = datetime(2026, 11, 5, tzinfo=UTC)
    always = dict.fromkeys(EVENTS) | {"at": at, "happened_on": night, "event": "merged", "by": "night"}
    lineage = pl.DataFrame([
        always | {"item_id": gone[0], "other_id": kept[0], "state_before": "accepted", "state_after": "merged"},
        always | {"item_id": kept[0], "other_id": gone[0], "state_before": "new", "state_after": "accepted"},
        always | {"item_id": kept[0], "event": "grew", "state_before": "new", "state_after": "accepted"},
    ], schema=EVENTS)  # fmt: skip
    days = {"due_on": None, "accepted_on": WEDNESDAY, "started_on": None, "shipped_on": None, "shipped_what": None,
            "shipped_where": None, "snoozed_until": None}  # fmt: skip
    heirs = pl.DataFrame([{"item_id": kept[0], "state": "accepted", "assigned_to": "Ops", **days}])
    items = build(connection, night).filter(pl.col("item_id") != gone[0])
    for _ in range(2):
        life.write(connection, items, night=night, run_id="2026-11-05-1", settings=Backlog(), lineage=lineage,
                   heirs=heirs)  # fmt: skip
    found = connection.execute("SELECT item_id, state, into_id, assigned_to FROM backlog ORDER BY label").fetchall()
    assert found == [(gone[0], "merged", kept[0], "Ops"), (kept[0], "accepted", None, "Ops")]
    assert [event for _, event, _ in by_night(connection)] == ["opened", "opened", "merged", "merged", "grew"]


def test_of_an_item_that_is_not_built_again_few_are_left_after_an_erasure(warehouse: Warehouse) -> None:
    connection = warehouse(voices(8, moments="delivery"))
    write(connection)
    decide(connection, "accept")
    people = connection.execute("SELECT feedback_id FROM feedback ORDER BY feedback_id").pl()["feedback_id"]
    store.erase(connection, people[:2])
    assert (item(connection)["n_customers"], item(connection)["n_mentions"]) == (6, 6)
    store.erase(connection, people[2:7])
    write(connection)
    left = item(connection)
    assert (left["state"], left["n_customers"], left["n_customers_corrected_high"]) == ("accepted", 1, None)
    told = shared(left, 5)
    assert (told["n_customers"], {told[f"quote_{n}"] for n in range(1, 6)}) == ("<5", {None})


@pytest.mark.parametrize(
    ("decided", "before", "expected"),
    [
        ("accept", "Delivery disappoints: number, parcel", "Delivery disappoints: number, parcel"),
        ("accept", "Delivery disappoints: number, kiosk", "Delivery disappoints: number"),
        ("accept", "Parcels disappoint: number", "Delivery disappoints"),
        ("note", "Delivery disappoints: number, parcel", "Delivery disappoints"),
    ],
    ids=["kept", "nobody says kiosk", "its label is called otherwise", "nobody decided"],
)
def test_what_somebody_decided_about_keeps_its_name(
    connection: Connection, decided: str, before: str, expected: str
) -> None:
    connection.execute("UPDATE backlog SET title = $1", [before])
    decide(connection, decided, note="Seen.")
    for night in (date(2026, 11, 5), date(2026, 11, 6)):
        write(connection, night)
        assert item(connection)["title"] == expected
