"""People's moves are kept for good: through kills, nights, merges, erasures and databases made anew."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp import backlog, results
from cxnlp.backlog import moves, places
from cxnlp.backlog.effects import settle
from cxnlp.backlog.moves import DayRefused, Move, MoveRefused
from cxnlp.settings import Workspace, open_workspace
from cxnlp.teaching import journal
from tests.backlog.conftest import Warehouse, voices, write
from tests.backlog.larkfield import NIGHT, insert

CONFIG = """
company = "A"
[privacy]
mask = false
[[source]]
name = "post"
channel = "letter"
kind = "letters"
path = "letters"
"""
AT = datetime(2026, 11, 4, 15, 30, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace for the journal; the databases of these tests stand beside it."""
    (tmp_path / "cxnlp.toml").write_text(CONFIG, "utf-8")
    return open_workspace(tmp_path)


def item(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    return backlog.read(connection).to_dicts()[0]


def move(connection: duckdb.DuckDBPyConnection, kind: str, minute: int = 0, **said: Any) -> Move:
    at = AT + timedelta(minutes=minute)
    return Move.model_validate({"at": at, "item_id": item(connection)["item_id"], "move": kind, "by": "ann", **said})


def events(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    query = 'SELECT event, state_before, state_after, "by" FROM backlog_events ORDER BY "at"'
    return connection.execute(query).fetchall()


def test_a_move_is_journalled_done_and_told(place: Workspace, connection: duckdb.DuckDBPyConnection) -> None:
    event = moves.make(place, connection, move(connection, "accept", owner="Ops", due_on=date(2026, 12, 1)))
    assert event | {"item_id": "?"} == {
        "item_id": "?", "at": AT, "happened_on": date(2026, 11, 4), "event": "accepted", "state_before": "new",
        "state_after": "accepted", "by": "ann", "owner": "Ops", "due_on": date(2026, 12, 1), "shipped_on": None,
        "snoozed_until": None, "other_id": None, "n_customers": 4, "note": None, "run_id": None, "shipped_where": None,
    }  # fmt: skip
    kept = item(connection)
    assert (kept["state"], kept["assigned_to"], kept["accepted_on"]) == ("accepted", "Ops", date(2026, 11, 4))
    assert events(connection) == [("opened", None, "new", "night"), ("accepted", "new", "accepted", "ann")]
    (line,) = moves.read(place)
    assert (line.n_customers, line.opened_on, line.first_feedback_on) == (4, NIGHT, date(2026, 10, 26))


def test_no_night_takes_it_back(place: Workspace, connection: duckdb.DuckDBPyConnection) -> None:
    moves.make(place, connection, move(connection, "accept", owner="Ops"))
    for night in (NIGHT, NIGHT + timedelta(days=3), NIGHT + timedelta(weeks=12)):
        write(connection, night)
        assert moves.apply(connection, moves.read(place)) == []
        assert (item(connection)["state"], item(connection)["assigned_to"]) == ("accepted", "Ops")
    assert len(events(connection)) == 2


def test_who_is_called_night_is_no_night(place: Workspace, connection: duckdb.DuckDBPyConnection) -> None:
    for minute, (kind, by) in enumerate([("accept", "night"), ("close", "ann"), ("note", " night ")]):
        moves.make(place, connection, move(connection, kind, minute, by=by, note="So be it"))
    assert events(connection)[1:] == [
        ("accepted", "new", "accepted", "night (person)"), ("closed", "accepted", "closed", "ann"),
        ("noted", "closed", "closed", "night (person)"),
    ]  # fmt: skip
    connection.execute("UPDATE backlog_events SET \"by\" = 'night' WHERE \"by\" = 'night (person)'")  # as it was before
    assert moves.apply(connection, moves.read(place)) == []


def test_a_refused_move_says_what_is_allowed_and_leaves_nothing(
    place: Workspace, connection: duckdb.DuckDBPyConnection
) -> None:
    wanted = [move(connection, "accept"), move(connection, "close", 1), move(connection, "start", 2)]
    with pytest.raises(MoveRefused, match=r"found it closed, where `start` means nothing. Allowed: reopen, note\."):
        moves.make_all(place, connection, wanted)
    assert (moves.read(place), item(connection)["state"]) == ([], "new")
    with pytest.raises(MoveRefused, match="cx-none: not found"):
        moves.make(place, connection, wanted[0].model_copy(update={"item_id": "cx-none"}))


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("accept", {"due_on": date(1999, 1, 1)}, "found the due day 1999-01-01; allowed: 2026-11-03 to 2031-11-03"),
        ("ship", {"on": date(1900, 1, 1)}, "found the day 1900-01-01; allowed: 2021-11-05 to 2026-11-05"),
        ("snooze", {"on": date(9999, 12, 31)}, "found the day 9999-12-31; allowed: 2026-11-05 to 2031-11-03"),
    ],
)
def test_a_day_that_must_be_a_slip_is_refused(
    place: Workspace, connection: duckdb.DuckDBPyConnection, kind: str, said: dict[str, date], words: str
) -> None:
    with pytest.raises(DayRefused, match=words):
        moves.make(place, connection, move(connection, kind, **said))
    assert moves.read(place) == []


def test_what_a_kill_left_in_the_journal_the_next_night_does(
    place: Workspace, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between journal and database, at the first statement."""
    with monkeypatch.context() as patched:
        patched.setattr(moves, "run", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            moves.make(place, connection, move(connection, "accept"))
    assert (len(moves.read(place)), item(connection)["state"]) == (1, "new")
    write(connection, NIGHT + timedelta(days=1))
    assert [event["event"] for event in moves.apply(connection, moves.read(place))] == ["accepted"]
    assert item(connection)["state"] == "accepted"


def test_what_a_kill_left_in_the_journal_the_next_move_builds_on(
    place: Workspace, connection: duckdb.DuckDBPyConnection
) -> None:
    journal.add_lines(journal.folder(place) / moves.FILE, [move(connection, "start")])
    with (place.state / "reviews" / moves.FILE).open("ab") as file:
        file.write(b'{"at":"2026-11-04T15:3')  # a line that the kill tore
    moves.make(place, connection, move(connection, "ship", 1, on=date(2026, 11, 4)))
    assert [event for event, *_ in events(connection)] == ["opened", "started", "shipped"]
    assert [line.move for line in moves.read(place)] == ["start", "ship"]


def test_a_database_made_anew_gets_it_all_back(
    place: Workspace, connection: duckdb.DuckDBPyConnection, warehouse: Warehouse
) -> None:
    moves.make(place, connection, move(connection, "accept", owner="Ops"))
    moves.make(place, connection, move(connection, "ship", 1, on=date(2026, 11, 4), note="Smaller boxes"))
    anew = warehouse(voices(4, moments="delivery"))
    late = NIGHT + timedelta(weeks=3)
    moves.apply(anew, moves.read(place))  # nothing is known yet
    write(anew, late)
    assert item(anew)["opened_on"] == late
    moves.apply(anew, moves.read(place))
    changed = {"run_id", "trend", "trend_word", "priority", "ready_on", "n_mentions_recent"}  # three weeks went by
    before, after = item(connection), item(anew)
    assert {name: after[name] for name in after if name not in changed} == {
        name: before[name] for name in before if name not in changed
    }
    assert after["ready_on"] is None
    assert events(anew) == events(connection)


def test_themes_with_decided_items_are_known_by_their_mentions(
    place: Workspace, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute("UPDATE backlog SET theme_id = 'th-1'")
    ids = frozenset({"f1.1", "f2.1"})
    insert(
        connection,
        "theme_mentions",
        pl.DataFrame(
            [(name, "moment.delivery", "th-1") for name in sorted(ids)],
            schema=["mention_id", "ground", "theme_id"],
            orient="row",
        ),
    )
    moves.make(place, connection, move(connection, "accept"))
    assert moves.claims(moves.read(place)) == {"th-1": ids}
    asked: list[Any] = []
    monkeypatch.setattr("cxnlp.insight.themes.grow", lambda *_, wanted, **__: asked.append(wanted))
    results.themes(results.LastNight(place, connection, NIGHT, "2026-11-02-1"))
    assert asked[0].claims == {"th-1": ids}
    moves.forget(place, lambda feedback_id: feedback_id == "f1")
    assert moves.claims(moves.read(place)) == {"th-1": frozenset({"f2.1"})}


def test_a_move_of_an_item_that_went_into_another_is_made_there(
    place: Workspace, connection: duckdb.DuckDBPyConnection
) -> None:
    asked = move(connection, "accept", owner="Ops")
    connection.execute("INSERT INTO backlog BY NAME SELECT * REPLACE ('cx-gone' AS item_id, 'merged' AS state, "
                       "item_id AS into_id) FROM backlog")  # fmt: skip
    with pytest.raises(MoveRefused, match=f"found it merged.*{asked.item_id}"):
        moves.make(place, connection, asked.model_copy(update={"item_id": "cx-gone"}))
    journalled = [asked.model_copy(update={"item_id": "cx-gone"})]
    (event,) = moves.apply(connection, journalled)
    assert (event["item_id"], event["other_id"]) == (asked.item_id, "cx-gone")
    assert moves.apply(connection, journalled) == []


@pytest.mark.parametrize(
    ("verdict", "decided_on", "expected"),
    [
        ("verified", date(2026, 11, 25), "verified"),
        ("not_effective", date(2026, 11, 25), "not_effective"),
        ("verified", date(2026, 11, 3), "shipped"),
        ("too_early", date(2026, 11, 25), "shipped"),
        ("unclear", date(2026, 11, 25), "shipped"),
    ],
)
def test_a_verdict_settles_what_was_shipped_once(
    place: Workspace, connection: duckdb.DuckDBPyConnection, verdict: str, decided_on: date, expected: str
) -> None:
    moves.make(place, connection, move(connection, "ship", on=date(2026, 11, 4)))
    verdicts = pl.DataFrame({"item_id": [item(connection)["item_id"]], "verdict": [verdict],
                             "decided_on": [decided_on], "note": [None]})  # fmt: skip
    for _ in range(2):
        settle(connection, verdicts, run_id="2026-11-25-1")
    assert item(connection)["state"] == expected
    assert events(connection)[2:] == ([] if expected == "shipped" else [(verdict, "shipped", verdict, "night")])


@pytest.mark.parametrize("state", ["shipped", "not_effective", "in_progress"])
def test_harm_is_told_once_whatever_was_done_meanwhile(
    place: Workspace, connection: duckdb.DuckDBPyConnection, state: str
) -> None:
    moves.make(place, connection, move(connection, "ship", on=date(2026, 11, 4)))
    connection.execute("UPDATE backlog SET state = $1", [state])
    verdicts = pl.DataFrame({"item_id": [item(connection)["item_id"]], "verdict": ["harmful"],
                             "decided_on": [date(2026, 11, 25)], "note": ["reported more"]})  # fmt: skip
    for _ in range(2):
        settle(connection, verdicts)
    after = "not_effective" if state == "shipped" else state
    assert item(connection)["state"] == after
    assert events(connection)[2:] == [("harmful", state, after, "night")]


def test_where_something_is_shipped_is_what_feedback_calls_it(
    place: Workspace, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("UPDATE feedback SET location = 'Hull', product = 'Lamp, small'")
    connection.execute(
        "UPDATE feedback SET location = 'HULL' WHERE feedback_id = (SELECT min(feedback_id) FROM feedback)"
    )
    shipped = {"on": date(2026, 11, 4), "where": ["location = hull", "product=lamp, small"]}
    (event,) = moves.make_all(place, connection, [move(connection, "ship", **shipped)])
    words = "location=HULL; location=Hull; product=Lamp, small"
    assert (event["shipped_where"], item(connection)["shipped_where"]) == (words, words)
    assert moves.read(place)[0].where == tuple(words.split("; "))


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("Hull", "found 'Hull'.*such as location=Saltwell; columns are channel, product, location, segment"),
        ("town=Hull", "found 'town=Hull'. Allowed: a column and a value"),
        ("location=Oslo", "no feedback with location 'Oslo'. Allowed: Hull.$"),  # not the place of one person
        ("segment=", "no feedback with segment ''. Allowed: nothing"),
    ],
)
def test_a_place_that_nobody_wrote_from_is_refused(
    place: Workspace, warehouse: Warehouse, term: str, message: str
) -> None:
    connection = warehouse(
        [*voices(8, moments="delivery", location="Hull"), *voices(1, location="Elm", day="2026-10-27")]
    )
    write(connection)
    with pytest.raises(places.PlaceRefused, match=message):
        moves.make(place, connection, move(connection, "ship", on=date(2026, 11, 4), where=[term]))
    assert moves.read(place) == []


def test_a_verdict_on_what_nobody_shipped_counts_for_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    verdicts = {"item_id": item(connection)["item_id"], "verdict": "verified", "decided_on": NIGHT, "note": None}
    settle(connection, pl.DataFrame([verdicts]))
    assert item(connection)["state"] == "new"
