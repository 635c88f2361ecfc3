"""The one table of moves: where each is allowed, and what it makes of an item."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from cxnlp.backlog.moves import Move, after
from cxnlp.backlog.states import ALLOWED, KINDS, STANDING, STATES, STEPS, Standing
from cxnlp.warehouse import store

AT = datetime(2026, 11, 4, 15, 30, tzinfo=UTC)
TODAY, DUE, LATER = date(2026, 11, 4), date(2026, 12, 1), date(2027, 1, 4)


def move(kind: str, **said: Any) -> Move:
    return Move.model_validate({"at": AT, "item_id": "cx-1", "move": kind, "by": "ann", **said})


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("new", {"accept", "start", "ship", "decline", "snooze", "note", "assign"}),
        ("quiet", {"accept", "start", "ship", "decline", "snooze", "note", "assign"}),
        ("accepted", {"start", "ship", "decline", "snooze", "close", "reopen", "note", "assign"}),
        ("in_progress", {"ship", "decline", "close", "reopen", "note", "assign"}),
        ("shipped", {"ship", "close", "reopen", "note", "assign"}),
        ("verified", {"close", "reopen", "note", "assign"}),
        ("not_effective", {"start", "ship", "decline", "close", "reopen", "note", "assign"}),
        ("closed", {"reopen", "note"}),
        ("declined", {"reopen", "note"}),
        ("snoozed", {"accept", "start", "ship", "decline", "snooze", "reopen", "note", "assign"}),
        ("merged", set()),
    ],
)
def test_what_is_allowed_where(state: str, allowed: set[str]) -> None:
    assert set(ALLOWED[state]) == allowed


def test_queries_know_the_same_states() -> None:
    with store.open_working(":memory:") as connection:
        rows = connection.execute("FROM backlog_states").pl().to_dicts()
    flags = [name for name in rows[0] if name.startswith("is_")]
    assert {name.removeprefix("is_") for name in flags} == set().union(*KINDS.values())
    assert {row["state"]: {name.removeprefix("is_") for name in flags if row[name]} for row in rows} == KINDS
    assert [row["state"] for row in rows] == list(STATES)


def test_every_state_can_be_left_and_every_step_leads_to_a_state() -> None:
    assert set(ALLOWED) == set(STATES)
    assert {step.to for step in STEPS.values()} <= {*STATES, None}
    assert {"state", *STANDING} == set(asdict(Standing("new")))


@pytest.mark.parametrize(
    ("before", "made", "expected"),
    [
        pytest.param(Standing("new"), move("accept", owner="Ops", due_on=DUE),
                     Standing("accepted", "Ops", DUE, accepted_on=TODAY, state_since=TODAY), id="accept"),
        pytest.param(Standing("new"), move("start"),
                     Standing("in_progress", accepted_on=TODAY, started_on=TODAY, state_since=TODAY),
                     id="starting accepts"),
        pytest.param(Standing("accepted", accepted_on=date(2026, 10, 1)), move("ship", on=TODAY, note="Smaller boxes"),
                     Standing("shipped", accepted_on=date(2026, 10, 1), shipped_on=TODAY, shipped_what="Smaller boxes",
                              state_since=TODAY), id="ship"),
        pytest.param(Standing("new"), move("ship", on=date(2026, 11, 1)),
                     Standing("shipped", accepted_on=TODAY, shipped_on=date(2026, 11, 1), state_since=TODAY),
                     id="shipped before anybody said so: accepted on the day of the move"),
        pytest.param(Standing("shipped", shipped_on=TODAY, shipped_what="Boxes", state_since=DUE, accepted_on=DUE),
                     move("ship", on=date(2026, 11, 2)),
                     Standing("shipped", accepted_on=DUE, shipped_on=date(2026, 11, 2), shipped_what="Boxes",
                              state_since=DUE), id="the day was wrong, the words stay"),
        pytest.param(Standing("accepted", accepted_on=DUE),
                     move("ship", on=TODAY, where=["location=Hull", "channel=call"]),
                     Standing("shipped", accepted_on=DUE, shipped_on=TODAY, state_since=TODAY,
                              shipped_where="location=Hull; channel=call"), id="ship to some places"),
        pytest.param(Standing("shipped", accepted_on=DUE, shipped_on=DUE, shipped_where="location=Hull"),
                     move("ship", on=TODAY),
                     Standing("shipped", accepted_on=DUE, shipped_on=TODAY, shipped_where="location=Hull"),
                     id="the day was wrong, the places stay"),
        pytest.param(Standing("shipped", accepted_on=DUE, shipped_on=DUE, shipped_where="location=Hull"),
                     move("ship", on=TODAY, where=[]), Standing("shipped", accepted_on=DUE, shipped_on=TODAY),
                     id="it is everywhere after all"),
        pytest.param(Standing("not_effective", accepted_on=DUE, shipped_on=DUE, shipped_where="location=Hull"),
                     move("ship", on=TODAY),
                     Standing("shipped", accepted_on=DUE, shipped_on=TODAY, state_since=TODAY),
                     id="another fix is everywhere"),
        pytest.param(Standing("accepted", "Ops", accepted_on=DUE), move("snooze", on=LATER),
                     Standing("snoozed", "Ops", accepted_on=DUE, snoozed_until=LATER, state_since=TODAY), id="snooze"),
        pytest.param(Standing("snoozed", "Ops", accepted_on=DUE, snoozed_until=LATER), move("reopen"),
                     Standing("accepted", "Ops", accepted_on=DUE, state_since=TODAY), id="awake, and still accepted"),
        pytest.param(Standing("closed", "Ops", DUE, DUE, DUE, DUE, "Boxes"), move("reopen"),
                     Standing("new", "Ops", state_since=TODAY), id="a new round knows nothing of the last but whose"),
        pytest.param(Standing("accepted", "Ops", DUE, state_since=DUE), move("assign", owner="Post"),
                     Standing("accepted", "Post", DUE, state_since=DUE), id="assign leaves the state, and the due day"),
        pytest.param(Standing("declined", state_since=DUE), move("note", note="Asked again."),
                     Standing("declined", state_since=DUE), id="a note changes nothing"),
    ],
)  # fmt: skip
def test_what_a_move_makes_of_an_item(before: Standing, made: Move, expected: Standing) -> None:
    assert after(before, made) == expected


@pytest.mark.parametrize(
    ("kind", "said", "message"),
    [
        ("decline", {}, "needs words"),
        ("decline", {"note": " \u200b "}, "needs words"),
        ("note", {}, "needs words"),
        ("note", {"note": "x" * 501}, "at most 500"),
        ("assign", {}, "an owner or a due day"),
        ("snooze", {}, "a day to come back"),
        ("snooze", {"on": TODAY}, "allowed: from 2026-11-05 on"),
        ("ship", {}, "the day from which"),
        ("ship", {"on": date(2026, 11, 6)}, "allowed: up to 2026-11-05"),
        ("accept", {"where": ["location=Hull"]}, "only what is shipped is somewhere"),
        ("ship", {"on": TODAY, "where": [""]}, "valid string"),
        ("accept", {"owner": "x" * 61}, "at most 60"),
        ("accept", {"by": ""}, "valid string"),
        ("accept", {"at": datetime(2026, 11, 4)}, "timezone"),
        ("drop", {}, "accept"),
    ],
)
def test_a_move_that_lacks_what_it_needs_is_none(kind: str, said: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        move(kind, **said)


def test_words_are_one_line_that_steers_no_terminal() -> None:
    made = move("note", note="Rang\nthem\x1b[31m twice\u202e", by="ann\x07")
    assert (made.note, made.by) == ("Rang them[31m twice", "ann")
