"""From what a row asks for to the moves that bring it about."""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from pydantic import ValidationError

from cxnlp.backlog import days
from cxnlp.backlog.moves import Move
from cxnlp.backlog.sheet_columns import CHOICES, Exported
from cxnlp.backlog.sheet_problems import quoted, words, wrong
from cxnlp.backlog.states import ALLOWED, STEPS, shown

BY: Final = "spreadsheet"


def moves_to(
    wanted: Exported, stored: Exported, note: str | None, suggested: str | None, at: datetime, *, is_accepted: bool
) -> Iterator[Move]:
    """Yield the moves that bring an item from what is stored to what is wanted; none where that is the same.

    Args:
        wanted: what shall be of the item.
        stored: what is.
        note: words to go with the last move; one of its own where nothing else changes.
        suggested: who answers for an item that is accepted without an owner.
        at: when they are made.
        is_accepted: whether somebody has accepted it, as of a snoozed item its state does not say.

    Raises:
        Wrong: there is no way from one to the other, or something that a move needs is missing.
    """
    steps = path(stored.state, wanted.state, is_accepted=is_accepted)
    if wanted.shipped_on != stored.shipped_on and "ship" not in steps:
        steps += _again("ship", "shipped_on", wanted)
    if wanted.snoozed_until != stored.snoozed_until and "snooze" not in steps and wanted.snoozed_until:
        steps += _again("snooze", "snoozed_until", wanted)
    if (wanted.owner, wanted.due_on) != (stored.owner, stored.due_on) and "accept" not in steps:
        steps = _with_assignment(steps, stored, wanted)
    if note and not set(steps) - {"assign"}:
        steps = [*steps, "note"]
    last = max((number for number, step in enumerate(steps) if step != "assign"), default=None)
    for number, step in enumerate(steps):
        yield _move(step, wanted, note if number == last else None, suggested, at, stored.due_on)


def path(state: str, wanted: str, *, is_accepted: bool = False) -> list[str]:
    """Return the fewest moves from a state to another; a snoozed item that was accepted wakes as such.

    >>> path("closed", "accepted")
    ['reopen', 'accept']
    """
    reached: dict[str, list[str]] = {state: []}
    ahead = deque([state])
    while ahead and wanted not in reached:
        here = ahead.popleft()
        for move in ALLOWED[here]:
            is_woken = is_accepted and (here, move) == ("snoozed", "reopen")
            after = "accepted" if is_woken else STEPS[move].to
            if after is not None and after not in reached:
                reached[after] = [*reached[here], move]
                ahead.append(after)
    if wanted not in reached and not ALLOWED[state]:
        raise wrong("state", shown(wanted), "no change: the item went into another one",
                    "`cxnlp backlog show` names that; change its row")  # fmt: skip
    if wanted not in reached:
        allowed = ", ".join(shown(each) for each in reached if each in CHOICES) or "nothing"
        raise wrong("state", shown(wanted), f"from {shown(state)}: {allowed}", "Choose one of them")
    return reached[wanted]


def _again(move: str, column: str, wanted: Exported) -> list[str]:
    """A day that changed alone: the move that set it, once more."""
    if STEPS[move].to != wanted.state or move not in ALLOWED[wanted.state]:
        raise wrong(column, words(getattr(wanted, column)), f"a day where State is {STEPS[move].to}",
                    "Change the state, too, or put the day back")  # fmt: skip
    return [move]


def _with_assignment(steps: list[str], stored: Exported, wanted: Exported) -> list[str]:
    if "assign" in ALLOWED[wanted.state]:
        return [*steps, "assign"]
    if "assign" in ALLOWED[stored.state]:
        return ["assign", *steps]
    column = "owner" if wanted.owner != stored.owner else "due_on"
    raise wrong(column, quoted(words(getattr(wanted, column))), f"what it was, where State is {shown(wanted.state)}",
                "Put it back, or change the state")  # fmt: skip


def _move(
    step: str, wanted: Exported, note: str | None, suggested: str | None, at: datetime, due_before: date | None
) -> Move:
    values: dict[str, Any] = {"at": at, "item_id": wanted.item_id, "move": step, "by": BY, "note": note}
    today = at.astimezone(UTC).date()
    if step in ("accept", "assign"):
        values |= {"owner": wanted.owner or (suggested if step == "accept" else None)}
        values["due_on"] = _due(wanted.due_on, due_before, today)
    if step == "ship":
        values["on"] = _named("shipped_on", wanted.shipped_on, "the day from which customers meet it", today)
    if step == "snooze":
        values["on"] = _named("snoozed_until", wanted.snoozed_until, "the day on which it comes back", today)
    if step == "decline" and note is None:
        values["note"] = wanted.note
        if not wanted.note:
            raise wrong("note", None, "the reason why it is declined", "Write it")
    return _checked(values)


def _checked(values: Mapping[str, Any]) -> Move:
    try:
        return Move.model_validate(values)
    except ValidationError as error:
        place = error.errors(include_input=False)[0]["loc"]
        if "owner" in place:
            raise wrong("owner", quoted(values["owner"]), "1 to 60 characters that print", "Shorten it") from None
        raise wrong("note", quoted(values["note"]), "1 to 500 characters that print", "Shorten it") from None


def _due(day: date | None, before: date | None, today: date) -> date | None:
    """The due day that a move names; one that nobody touched is not judged, and where it is past no longer said."""
    first, last = days.allowed("due_on", today)
    if day is None or first <= day <= last:
        return day
    return None if day == before else _named("due_on", day, "a day to come", today)


def _named(column: str, day: date | None, what: str, today: date) -> date:
    first, last = days.allowed(column, today)
    if day is None or not first <= day <= last:
        raise wrong(column, words(day), f"{what}, {first} to {last}", "Fill it in")
    return day
