"""What people do with items: accept, start, ship … Kept in a journal beside the database, which no night overwrites.

``.cxnlp/reviews/backlog.jsonl`` is only ever added to, except by an erasure. `make` writes a move there before it
changes the database; what a kill left undone, the next move or the next night does (`apply`). With each move stands
what the item was then, and some of its theme's mentions: a database that is made anew from its sources gives the theme
its old id by them (`claims`), so that the item is found again, and then the moves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, timedelta
from typing import Annotated, Any, Final, Literal

import duckdb
import polars as pl
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from cxnlp.backlog import days, places
from cxnlp.backlog.events import EVENTS, frames, run, sql
from cxnlp.backlog.states import ALLOWED, STANDING, STEPS, Standing, shown
from cxnlp.errors import CxnlpError
from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.warehouse import store

FILE: Final = "backlog.jsonl"
N_KNOWN_BY: Final = 25  # mentions that stand with a move
LONGEST_NOTE: Final = 500

_ASKED: Final = {
    "number": pl.Int64(), "item_id": pl.String(), "at": pl.Datetime("us", "UTC"), "by": pl.String(),
    "event": pl.String(),
}  # fmt: skip
_KEPT: Final = {"item_id": pl.String(), "state": pl.String(), **STANDING, "was_opened_on": pl.Date(),
                "was_first_feedback_on": pl.Date()}  # fmt: skip


class MoveRefused(CxnlpError):
    """A move is not allowed where the item stands; the message says where that is and what is allowed there."""

    exit_code = 2


class DayRefused(MoveRefused):
    """A move names a day that must be a slip, wherever the item stands; the message says which days are allowed."""


class MoveWrong(CxnlpError):
    """A move lacks something, or has what it cannot have; the message says what is allowed, and not what was given."""

    exit_code = 2


def _one_line(words: object) -> object:
    """What of it prints, on one line; None where nothing does."""
    if not isinstance(words, str):
        return words
    return "".join(sign for sign in " ".join(words.split()) if sign.isprintable()) or None


def _person(words: object) -> object:
    """Who makes a move; whoever is called as the log calls the nights is told from them."""
    name = _one_line(words)
    return "night (person)" if name == "night" else name


_ShortText = Annotated[str, Field(max_length=60)]
_LongText = Annotated[str, Field(max_length=LONGEST_NOTE)]
_Term = Annotated[str, Field(max_length=200), BeforeValidator(_one_line)]


class Move(BaseModel):
    """One move: a line of the journal. All below ``note`` is filled in by `make`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    at: AwareDatetime
    item_id: str
    move: Literal["accept", "start", "ship", "decline", "snooze", "close", "reopen", "note", "assign"]
    by: Annotated[_ShortText, BeforeValidator(_person)]  # a login name, "spreadsheet", or "jira:CX-12"
    owner: Annotated[_ShortText | None, BeforeValidator(_one_line)] = None  # accept, assign: who answers for it
    due_on: date | None = None  # accept, assign
    on: date | None = None  # ship: the day from which customers meet it; snooze: the day on which it comes back
    where: Annotated[tuple[_Term, ...] | None, Field(max_length=20)] = None  # ship: "location=Hull"; (): everywhere
    note: Annotated[_LongText | None, BeforeValidator(_one_line)] = None  # what or why, masked
    theme_id: str | None = None
    mentions: tuple[str, ...] = ()  # of the theme when it was made
    n_customers: int | None = None  # the item's, when it was made
    opened_on: date | None = None
    first_feedback_on: date | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Move":
        latest = self.at.astimezone(UTC).date() + timedelta(days=1)  # it is tomorrow already somewhere
        if self.move in ("decline", "note") and not self.note:
            raise ValueError(f"{self.move} needs words in the field Note: why, or what")
        if self.move == "assign" and not (self.owner or self.due_on):
            raise ValueError("assign needs an owner or a due day")
        if self.move == "snooze" and (self.on is None or self.on < latest):
            raise ValueError(f"snooze needs a day to come back; allowed: from {latest} on")
        if self.move != "ship" and self.where is not None:
            raise ValueError(f"{self.move} is everywhere; only what is shipped is somewhere")
        if self.move == "ship" and (self.on is None or self.on > latest):
            raise ValueError(f"ship needs the day from which customers meet it; allowed: up to {latest}")
        return self


def wished(said: Mapping[str, object]) -> Move:
    """Return the move that somebody asks for.

    Raises:
        MoveWrong: it is none.
    """
    try:
        return Move.model_validate(said)
    except ValidationError as error:
        problem = error.errors(include_input=False)[0]
        where = ".".join(map(str, problem["loc"]))
        what = problem["msg"].removeprefix("Value error, ")
        raise MoveWrong(f"{f'{where}: ' if where else ''}{what}.") from None


def read(workspace: Workspace) -> list[Move]:
    """Return all moves, in the order in which they were made.

    Raises:
        ReviewError: a line of the journal is damaged.
    """
    return list(journal.read_lines(workspace.state / "reviews" / FILE, Move))


def make(workspace: Workspace, connection: duckdb.DuckDBPyConnection, move: Move) -> dict[str, Any]:
    """Make one move and return its event, a row of ``backlog_events``; as `make_all`."""
    return make_all(workspace, connection, [move])[0]


def make_all(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, moves: Sequence[Move]
) -> list[dict[str, Any]]:
    """Make moves, all or none: when this returns, they are on the disk and in the working database.

    Notes are masked as feedback is. Publishing is the caller's.

    Args:
        workspace: the caller holds its lock.
        connection: its open working database.
        moves: in the order in which they are made; later ones are checked against what earlier ones make of the item.

    Returns:
        An event for each, a row of the table ``backlog_events``.

    Raises:
        MoveRefused: an item is not known, or a move is not allowed where it stands; nothing was stored.
        DayRefused: a day is too far off (`days`); nothing was stored.
        PlaceRefused: no feedback is from where something was shipped; nothing was stored.
        ReviewError: the journal is damaged.
    """
    from cxnlp.feedback import mask_note  # loads the models' runtime, which lists do without

    apply(connection, read(workspace))
    standings: dict[str, Standing] = {}
    known = []
    for move in moves:
        rows = connection.execute(sql("known_by"), {"item_id": move.item_id, "n_mentions": N_KNOWN_BY}).pl().to_dicts()
        if not rows:
            raise MoveRefused(f"item {move.item_id}: not found. `cxnlp backlog list --all` shows the ids.")
        about = rows[0]
        standing = standings.get(move.item_id, _standing(about))
        _refuse(move, standing, about["into_id"])
        standings[move.item_id] = after(standing, move)
        privacy = workspace.settings.privacy
        where = None if move.where is None else places.known(connection, move.where, privacy.least_group)
        note = mask_note(move.note, privacy)[:LONGEST_NOTE] if move.note else None
        then = ("theme_id", "n_customers", "opened_on", "first_feedback_on")
        about_it = {"mentions": tuple(about["mentions"]), **{name: about[name] for name in then}}
        update = {"note": note, "where": where, **about_it}
        known.append(move.model_copy(update=update))
    journal.add_lines(journal.folder(workspace) / FILE, known)
    return apply(connection, known)


def apply(connection: duckdb.DuckDBPyConnection, moves: Iterable[Move]) -> list[dict[str, Any]]:
    """Do what was journalled and not done yet, and return the events; done again it changes nothing.

    What people decided once is a fact, so nothing is refused here: in a database that is made anew the nights between
    two moves are missing. A move of an item that is not known waits until it is; one of an item that went into another
    is made on that one.
    """
    moves = list(moves)
    if not (undone := pending(connection, moves)):
        return []
    standings: dict[str, Standing] = {}
    born: dict[str, tuple[date | None, date | None]] = {}
    happened = []
    for row in undone:
        item_id, move = row["item_id"], moves[row["number"]]
        before = standings.get(item_id, _standing(row))
        standings[item_id] = after(before, move)
        born.setdefault(item_id, (move.opened_on, move.first_feedback_on))
        happened.append(_event(row, move, before.state, standings[item_id].state))
    kept = [
        {"item_id": item_id, "was_opened_on": opened, "was_first_feedback_on": first, **asdict(standings[item_id])}
        for item_id, (opened, first) in born.items()
    ]
    events = pl.DataFrame(happened, schema=EVENTS)
    with store.transaction(connection), frames(connection, kept=pl.DataFrame(kept, schema=_KEPT), happened=events):
        run(connection, "apply")
        run(connection, "earlier_effects")
    return events.to_dicts()


def pending(connection: duckdb.DuckDBPyConnection, moves: Sequence[Move]) -> list[dict[str, Any]]:
    """Return which of these moves a database does not hold yet: number, and the item as it stands there."""
    asked = [(number, move.item_id, move.at, move.by, STEPS[move.move].event) for number, move in enumerate(moves)]
    with frames(connection, asked=pl.DataFrame(asked, schema=_ASKED, orient="row")):
        return connection.execute(sql("pending")).pl().to_dicts()


def after(standing: Standing, move: Move) -> Standing:
    """Return what a move makes of an item."""
    day = move.at.astimezone(UTC).date()
    state = STEPS[move.move].to or standing.state
    changes: dict[str, Any] = {}
    if move.move in ("accept", "assign"):
        changes = {"assigned_to": move.owner or standing.assigned_to, "due_on": move.due_on or standing.due_on}
    if move.move == "reopen":
        if standing.state == "snoozed" and standing.accepted_on is not None:
            state = "accepted"
        else:
            changes = dict.fromkeys(
                ("due_on", "accepted_on", "started_on", "shipped_on", "shipped_what", "shipped_where")
            )
    if move.move in ("accept", "start", "ship"):  # who starts or ships it has accepted it
        changes["accepted_on"] = standing.accepted_on or day
    if move.move == "start":
        changes["started_on"] = day
    if move.move == "ship":
        is_correction = move.where is None and standing.state == "shipped"
        where = standing.shipped_where if is_correction else places.in_words(move.where)
        changes |= {
            "shipped_on": move.on, "shipped_what": move.note or standing.shipped_what, "shipped_where": where
        }  # fmt: skip
    if state != standing.state:
        changes["state_since"] = day
    if STEPS[move.move].to is not None:
        changes["snoozed_until"] = move.on if move.move == "snooze" else None
    return replace(standing, state=state, **changes)


def claims(moves: Iterable[Move]) -> Mapping[str, frozenset[str]]:
    """Return the mentions that themes with decided items are known by; of two moves the later counts."""
    return {move.theme_id: frozenset(move.mentions) for move in moves if move.theme_id and move.mentions}


def forget(workspace: Workspace, is_meant: Callable[[str], bool]) -> None:
    """Take the ids of mentions of some feedback out of the journal; ``is_meant`` is asked with a feedback_id."""

    def without(move: Move) -> Move:
        left = tuple(name for name in move.mentions if not is_meant(name.rpartition(".")[0]))
        return move.model_copy(update={"mentions": left})

    journal.change_lines(workspace.state / "reviews" / FILE, Move, without)


def _refuse(move: Move, standing: Standing, into_id: str | None) -> None:
    if wrong := "; ".join(days.slips(move)):
        raise DayRefused(f"item {move.item_id}: {wrong}. Name another day.")
    if move.move in ALLOWED[standing.state]:
        return
    allowed = ", ".join(ALLOWED[standing.state]) or f"what {into_id} allows, into which it went"
    raise MoveRefused(f"item {move.item_id}: found it {shown(standing.state)}, where `{move.move}` means nothing. "
                      f"Allowed: {allowed}.")  # fmt: skip


def _standing(row: Mapping[str, Any]) -> Standing:
    return Standing(row["state"], **{name: row[name] for name in STANDING})


def _event(row: Mapping[str, Any], move: Move, before: str, state: str) -> dict[str, Any]:
    is_other = move.item_id != row["item_id"]
    return dict.fromkeys(EVENTS) | {
        "item_id": row["item_id"], "at": move.at.astimezone(UTC), "happened_on": move.at.astimezone(UTC).date(),
        "event": STEPS[move.move].event, "state_before": before, "state_after": state, "by": move.by,
        "owner": move.owner, "due_on": move.due_on, "note": move.note,
        "shipped_on": move.on if move.move == "ship" else None, "shipped_where": places.in_words(move.where),
        "snoozed_until": move.on if move.move == "snooze" else None,
        "other_id": move.item_id if is_other else None,
        "n_customers": row["n_customers"] if move.n_customers is None else move.n_customers,
    }  # fmt: skip
