"""From the tracker back: what people did with an issue there, as moves of its item here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from cxnlp.backlog.states import ALLOWED, ENDED, STEPS, WAITING
from cxnlp.backlog.trackers.desk import Issue

#: States in which nobody has to work on an item, or not any more.
_OVER: Final = ENDED - {"not_effective"}
#: States that an issue which is finished says nothing new about.
_SHIPPED: Final = _OVER - {"declined"}


@dataclass(frozen=True)
class Wanted:
    """A move that people made in the tracker; the fields are those of `cxnlp.backlog.moves.Move`."""

    at: datetime
    item_id: str
    move: str
    by: str
    on: date | None = None
    note: str | None = None
    owner: str | None = None


def moves(item_id: str, state: str, means: str, issue: Issue, by: str, at: datetime) -> Sequence[Wanted]:
    """Return the moves that take an item from ``state`` to what its issue's status means; none where they agree.

    Args:
        item_id: the item.
        state: where it stands.
        means: what the issue's status means: open, accepted, in_progress, shipped, closed, declined.
        issue: the issue; the day on which it ended is the day on which the fix went live.
        by: who did it, such as "jira:CX-12".
        at: now.
    """
    steps = _steps(state, means)
    ended_on = min(issue.ended_on or at.date(), at.date())
    notes = {"decline": f"Given up in {by}.", "reopen": f"Opened again in {by}."}
    days = {"ship": ended_on}
    return [
        Wanted(at + timedelta(microseconds=number), item_id, move, by, days.get(move), notes.get(move))
        for number, move in enumerate(steps)
    ]


def assigned(
    item_id: str, state: str, steps: Sequence[Wanted], owner: str | None, issue: Issue, by: str, at: datetime
) -> Sequence[Wanted]:
    """Return the move that gives an item to who works on its issue; none where that is so, or where nobody is to.

    Args:
        item_id: the item.
        state: where it stands.
        steps: moves that are made before.
        owner: whose it is.
        issue: the issue. One on which nobody works takes no owner away.
        by: who did it.
        at: now.
    """
    for step in steps:
        state = STEPS[step.move].to or state
    if issue.assignee in (None, owner) or "assign" not in ALLOWED[state]:
        return []
    return [Wanted(at + timedelta(microseconds=len(steps)), item_id, "assign", by, owner=issue.assignee)]


def _steps(state: str, means: str) -> tuple[str, ...]:
    if state in (means, "merged"):
        return ()
    if means in ("open", "accepted", "in_progress"):
        again = ("reopen",) if state in _OVER or (state == "not_effective" and means != "in_progress") else ()
        if means == "in_progress":
            return (*again, "start")
        is_accepted = not again and (means == "open" or state not in WAITING)
        return () if is_accepted else (*again, "accept")
    if means == "shipped":
        return () if state in _SHIPPED else ("reopen", "ship") if state == "declined" else ("ship",)
    if means == "closed":
        again = ("reopen",) if state == "declined" else ()
        return (*again, *(("accept",) if again or state in WAITING else ()), "close")
    return ("reopen", "decline") if state in _SHIPPED else ("decline",)
