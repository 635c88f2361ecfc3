"""A sheet taken back: what was exported, what it says now and what is stored, compared; changes become moves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from cxnlp.backlog.moves import Move
from cxnlp.backlog.sheet_columns import CHOICES, COLUMNS, EDITABLE, Exported, SheetError, exported, said_by
from cxnlp.backlog.sheet_moves import moves_to
from cxnlp.backlog.sheet_problems import HEADERS, Wrong, quoted, words, wrong
from cxnlp.backlog.sheet_reading import DayOrder, Row, day_of, order_of
from cxnlp.backlog.states import shown

Prefer = Literal["theirs", "ours"]
Item = Mapping[str, Any]

_MOST_PROBLEMS: Final = 20
_DAYS: Final = tuple(column.name for column in COLUMNS if column.is_editable and column.form == "day")
_COMPARED: Final = tuple(name for name in EDITABLE if name != "note")  # notes are added, never replaced


@dataclass(frozen=True)
class Conflict:
    """One cell that the sheet changed, and somebody else, too."""

    row: int
    item_id: str
    column: str
    exported: str | None
    in_sheet: str | None
    now: str | None


@dataclass(frozen=True)
class Plan:
    """What a sheet asks for: moves in their order, conflicts that are left alone, and how many rows say nothing new."""

    moves: tuple[Move, ...]
    conflicts: tuple[Conflict, ...]
    n_rows: int
    n_unchanged: int


@dataclass(frozen=True)
class Stored:
    """What is stored: items (rows of the table backlog), what was noted of each, and how a note would be stored."""

    items: Mapping[str, Item]
    notes: Mapping[str, Sequence[str]]
    as_stored: Callable[[str], str]

    def of(self, item_id: str) -> Exported:
        """Return what an export of now would say."""
        return exported(self.items[item_id], self.notes)


def plan(place: str, rows: Sequence[Row], stored: Stored, *, at: datetime, prefer: Prefer | None = None) -> Plan:
    """Compare a sheet with what is stored; nothing is changed.

    Args:
        place: file and sheet, for messages.
        rows: of `sheet_reading.read`.
        stored: what is stored now.
        at: when the moves are made.
        prefer: what counts where both changed: the sheet ("theirs"), or what is stored ("ours": the row is left alone,
            which is no conflict then).

    Raises:
        SheetError: a row is about no item, or a cell cannot be read or asks for what is not allowed; all such rows.
    """
    order = _order(rows)
    moves: list[Move] = []
    conflicts: list[Conflict] = []
    problems: list[str] = []
    seen: dict[str, Exported] = {}
    n_rows = n_unchanged = 0
    for row in rows:
        if not row.text("item_id") and not any(map(row.text, EDITABLE)):
            continue
        n_rows += 1
        try:
            now = stored.of(_item_id(row, stored))
            base = _base(row, now.item_id)
            sheet = _sheet(row, base or now, order)
            if seen.setdefault(now.item_id, sheet) != sheet:
                raise wrong("item_id", f"{now.item_id} a second time, filled in otherwise", "once", "Delete one row")
            wanted, open_ones = _merged(row.number, base, sheet, now, prefer)
            new = [] if open_ones else _moves(wanted, now, sheet.note, stored, at)
        except Wrong as problem:
            problems.append(f"row {row.number}: {problem}")
            continue
        conflicts += [] if prefer == "ours" else open_ones
        moves += [] if seen[now.item_id] is not sheet else new
        n_unchanged += not new and not open_ones
    _refuse(place, problems)
    timed = (move.model_copy(update={"at": at + timedelta(microseconds=n)}) for n, move in enumerate(moves))
    return Plan(tuple(timed), tuple(conflicts), n_rows, n_unchanged)


def _moves(wanted: Exported, now: Exported, note: str | None, stored: Stored, at: datetime) -> list[Move]:
    item, new_note = stored.items[now.item_id], _new_note(note, now.item_id, stored)
    return list(moves_to(wanted, now, new_note, item["owner"], at, is_accepted=item["accepted_on"] is not None))


def _refuse(place: str, problems: Sequence[str]) -> None:
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        shown_ones = [*problems[:_MOST_PROBLEMS], *([f"and {more:,} more rows"] if more > 0 else [])]
        raise SheetError(f"{place}: nothing was taken over. " + "\n".join(shown_ones))


def _order(rows: Sequence[Row]) -> DayOrder | None:
    """How the program that saved the sheet writes dates, by those that nobody edits."""
    marks = ((row.cells.get("opened_on"), said_by(row.text("mark") or "")) for row in rows)
    return order_of([(cell, mark.opened_on) for cell, mark in marks if cell and mark and mark.opened_on])


def _item_id(row: Row, stored: Stored) -> str:
    item_id = row.text("item_id")
    if item_id is None:
        raise wrong("item_id", None, "an item's id", "Items come from feedback, not from sheets; clear the row")
    if item_id not in stored.items:
        raise wrong("item_id", quoted(item_id), "the id of an item of this workspace",
                    "`cxnlp backlog list --all` shows them; put it back, or delete the row")  # fmt: skip
    return item_id


def _base(row: Row, item_id: str) -> Exported | None:
    """What the row said when it was exported; None where its column is gone."""
    mark = row.text("mark")
    if mark is None:
        return None
    said = said_by(mark)
    if said is None:
        raise wrong("mark", "a cell that was changed", "what was exported", "Undo that, or delete the whole column")
    if said.item_id != item_id:
        raise wrong("item_id", quoted(item_id), f"{said.item_id}, as the row was exported",
                    "Columns may have been sorted apart: sort whole rows, or export again")  # fmt: skip
    return said


def _sheet(row: Row, base: Exported, order: DayOrder | None) -> Exported:
    """What the row says now; a column that is gone says what it said."""
    values: dict[str, Any] = {}
    for name in filter(row.has, EDITABLE):
        text = row.text(name)
        if name == "state":
            values[name] = _state(text, base.state)
        elif name in _DAYS:
            values[name] = None if text is None else _day(name, row.cells[name], order)
        else:
            values[name] = text
        if values[name] is None and getattr(base, name) is not None and name in ("owner", "due_on"):
            raise wrong(name, None, "another one", f"It was {getattr(base, name)}; it can be replaced, not removed")
    return replace(base, **values)


def _state(text: str | None, before: str) -> str:
    state = "_".join((text or "").casefold().replace("-", " ").replace("_", " ").split())
    if state not in (*CHOICES, before):
        raise wrong("state", quoted(text), ", ".join(map(shown, CHOICES)), "Choose one of them")
    return state


def _day(name: str, cell: Any, order: DayOrder | None) -> date:
    day = day_of(cell, order)
    if day is None:
        raise wrong(name, quoted(str(cell)), "a day such as 2026-11-30", "Write it so")
    return day


def _merged(
    number: int, base: Exported | None, sheet: Exported, now: Exported, prefer: Prefer | None
) -> tuple[Exported, list[Conflict]]:
    """Return what shall be, and the cells on which sheet and store do not agree.

    Without what was exported, every difference may be somebody else's change.
    """
    wanted: dict[str, Any] = {"note": sheet.note}
    conflicts = []
    for name in _COMPARED:
        new, stored = getattr(sheet, name), getattr(now, name)
        old = None if base is None else getattr(base, name)
        is_untouched = base is not None and old == stored and (name != "state" or base.state_since == now.state_since)
        if new == stored or (base is not None and new == old):
            continue
        if prefer == "theirs" or is_untouched:
            wanted[name] = new
        else:
            conflicts.append(Conflict(number, now.item_id, HEADERS[name], words(old), words(new), words(stored)))
    return replace(now, **wanted), conflicts


def _new_note(note: str | None, item_id: str, stored: Stored) -> str | None:
    """The row's note, unless it was noted before; whoever notes something else meanwhile is no conflict."""
    known = stored.notes.get(item_id, ())
    return None if not note or note in known or stored.as_stored(note) in known else note
