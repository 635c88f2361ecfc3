"""A sheet taken back: what it changes, what it leaves alone, and what it refuses."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cxnlp.backlog import sheet, sheet_import, sheet_reading
from cxnlp.backlog.helped import MEASURED
from cxnlp.backlog.items import BACKLOG
from cxnlp.backlog.moves import after
from cxnlp.backlog.sheet_columns import COLUMNS, EDITABLE, SheetError, exported, mark_of, said_by
from cxnlp.backlog.sheet_import import Plan, Prefer, Stored
from cxnlp.backlog.sheet_moves import path
from cxnlp.backlog.states import STANDING, Standing
from tests.backlog.workspaces import item

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)

HEADERS = {column.name: column.header for column in COLUMNS}

Row = dict[str, Any]


def stands(item_id: str, **values: Any) -> Row:
    """A row of `backlog.read`."""
    columns = dict.fromkeys((*BACKLOG, *STANDING, *MEASURED))
    return columns | item(item_id) | {"state_since": date(2026, 10, 26)} | values


ITEMS = [
    stands("cx-1"),
    stands("cx-2", state="accepted", assigned_to="Mira", due_on=date(2026, 11, 30)),
    stands("cx-3", state="shipped", shipped_on=date(2026, 10, 12)),
]


def sheet_of(items: Sequence[Row], notes: dict[str, list[str]] | None = None) -> list[list[str]]:
    """The cells of an export, header first, as a CSV holds them."""
    rows = [[column.header for column in COLUMNS]]
    for each in items:
        row = dict.fromkeys(HEADERS) | each | {"owner": each["assigned_to"], "suggested": each["owner"]}
        row |= {"note": (notes or {}).get(each["item_id"], [""])[-1], "mark": mark_of(exported(each, notes or {}))}
        rows.append(["" if row[column.name] is None else str(row[column.name]) for column in COLUMNS])
    return rows


def edited(cells: list[list[str]], row: int, **values: str) -> list[list[str]]:
    for name, value in values.items():
        cells[row][cells[0].index(HEADERS[name])] = value
    return cells


def plan(
    cells: list[list[str]], now: Sequence[Row] = ITEMS, notes: dict[str, list[str]] | None = None,
    prefer: Prefer | None = None,
) -> Plan:  # fmt: skip
    names = [next((name for name, header in HEADERS.items() if header == cell), None) for cell in cells[0]]
    rows = [
        sheet_reading.Row(number, {name: cell or None for name, cell in zip(names, row, strict=True) if name})
        for number, row in enumerate(cells[1:], 2)
    ]
    stored = Stored({each["item_id"]: each for each in now}, notes or {}, lambda note: note.replace("Ada", "[PERSON]"))
    return sheet_import.plan("team.csv", rows, stored, at=AT, prefer=prefer)


def said(found: Plan) -> list[tuple[str, str]]:
    return [(move.item_id, move.move) for move in found.moves]


def test_a_sheet_that_nobody_edited_changes_nothing() -> None:
    found = plan(sheet_of(ITEMS))
    assert (found.moves, found.conflicts, found.n_rows, found.n_unchanged) == ((), (), 3, 3)


@pytest.mark.parametrize(
    ("row", "edits", "expected"),
    [
        (1, {"state": "accepted"}, [("accept", "Logistics", None, None)]),
        (1, {"state": "Accepted", "owner": "Mira", "due_on": "2026-12-01"}, [("accept", "Mira", None, None)]),
        (1, {"state": "in progress"}, [("start", None, None, None)]),
        (1, {"state": "IN_PROGRESS", "owner": "Jo"}, [("start", None, None, None), ("assign", "Jo", None, None)]),
        (1, {"state": "declined", "note": "Not ours"}, [("decline", None, None, "Not ours")]),
        (1, {"state": "snoozed", "snoozed_until": "2026-12-24"}, [("snooze", None, date(2026, 12, 24), None)]),
        (1, {"owner": "Mira"}, [("assign", "Mira", None, None)]),
        (1, {"note": "We know"}, [("note", None, None, "We know")]),
        (1, {"owner": "Mira", "note": "Hers"}, [("assign", "Mira", None, None), ("note", None, None, "Hers")]),
        (2, {"state": "shipped", "shipped_on": "2026-11-02", "note": "Vans"},
         [("ship", None, date(2026, 11, 2), "Vans")]),
        (2, {"due_on": "2026-12-31"}, [("assign", "Mira", None, None)]),
        (2, {"state": "new"}, [("reopen", None, None, None)]),
        (3, {"shipped_on": "2026-10-19"}, [("ship", None, date(2026, 10, 19), None)]),
        (3, {"state": "in progress"}, [("reopen", None, None, None), ("start", None, None, None)]),
        (3, {"state": "closed"}, [("close", None, None, None)]),
        (3, {"priority": "99", "title": "=1+1", "n_customers": ""}, []),
    ],
)  # fmt: skip
def test_an_edit_is_a_move(row: int, edits: dict[str, str], expected: list[tuple[object, ...]]) -> None:
    found = plan(edited(sheet_of(ITEMS), row, **edits))
    assert [(move.move, move.owner, move.on, move.note) for move in found.moves] == expected
    assert {move.by for move in found.moves} <= {"spreadsheet"}


def test_a_day_that_nobody_touched_is_not_judged() -> None:
    """An older cxnlp took any day; and what was due once is overdue now, which is no slip."""
    odd = stands("cx-4", state="accepted", assigned_to="Mira", due_on=date(1999, 1, 1))
    far = stands("cx-5", state="snoozed", snoozed_until=date(9999, 12, 31))
    cells = edited(edited(sheet_of([*ITEMS, odd, far]), 1, state="accepted"), 4, owner="Jo")
    found = plan(cells, [*ITEMS, odd, far])
    assert [(move.item_id, move.move, move.owner, move.due_on) for move in found.moves] == [
        ("cx-1", "accept", "Logistics", None), ("cx-4", "assign", "Jo", None),
    ]  # fmt: skip


def test_moves_of_one_import_have_their_own_times() -> None:
    found = plan(edited(edited(sheet_of(ITEMS), 1, owner="Jo", note="Hers"), 2, note="Theirs"))
    assert len({move.at for move in found.moves}) == 3


@pytest.mark.parametrize(
    ("row", "edits", "words"),
    [
        (1, {"state": "done"}, "column \"State\": found 'done'; allowed: new, accepted, in progress"),
        (1, {"state": ""}, 'column "State": found nothing'),
        (1, {"state": "verified"}, "column \"State\": found 'verified'; allowed: new, accepted"),
        (1, {"state": "declined"}, 'column "Note": found nothing; allowed: the reason'),
        (1, {"state": "shipped"}, 'column "Shipped on": found nothing; allowed: the day'),
        (1, {"state": "shipped", "shipped_on": "2027-01-01"}, 'column "Shipped on": found 2027-01-01; allowed'),
        (1, {"state": "snoozed", "snoozed_until": "2026-11-03"}, "the day on which it comes back, 2026-11-04 to"),
        (1, {"shipped_on": "2026-10-01"}, "allowed: a day where State is shipped"),
        (1, {"due_on": "soon"}, "column \"Due\": found 'soon'; allowed: a day such as 2026-11-30"),
        (
            1,
            {"due_on": "0026-11-30"},
            'column "Due": found 0026-11-30; allowed: a day to come, 2026-11-02 to',
        ),
        (1, {"state": "accepted", "due_on": "2025-12-01"}, "allowed: a day to come, 2026-11-02 to"),
        (3, {"shipped_on": "1900-01-01"}, "the day from which customers meet it, 2021-11-04 to 2026-11-04"),
        (1, {"owner": "x" * 61}, 'column "Owner": found a text of 61 characters; allowed: 1 to 60'),
        (1, {"note": "x" * 501}, 'column "Note": found a text of 501 characters; allowed: 1 to 500'),
        (2, {"owner": ""}, "It was Mira; it can be replaced, not removed"),
        (2, {"due_on": ""}, "It was 2026-11-30; it can be replaced"),
        (1, {"item_id": "cx-9"}, "column \"Item\": found 'cx-9'; allowed: the id of an item of this workspace"),
        (1, {"item_id": "cx-2"}, "allowed: cx-1, as the row was exported. Columns may have been sorted apart"),
        (1, {"item_id": ""}, "Items come from feedback"),
        (1, {"mark": "x"}, "found a cell that was changed"),
    ],
)
def test_what_cannot_be_is_said_with_its_row(row: int, edits: dict[str, str], words: str) -> None:
    with pytest.raises(SheetError) as refused:
        plan(edited(sheet_of(ITEMS), row, **edits))
    assert str(refused.value).startswith(f"team.csv: nothing was taken over. row {row + 1}: ")
    assert words in str(refused.value)


def test_one_wrong_row_leaves_all_of_them() -> None:
    cells = edited(edited(sheet_of(ITEMS), 1, state="accepted"), 2, state="gone")
    with pytest.raises(SheetError, match="row 3"):
        plan(cells)


def test_all_wrong_rows_are_said_up_to_twenty() -> None:
    items = [stands(f"cx-{n}") for n in range(25)]
    cells = sheet_of(items)
    for row in range(1, 26):
        edited(cells, row, state="?")
    with pytest.raises(SheetError, match="and 5 more rows"):
        plan(cells, items)


def test_what_both_changed_is_a_conflict_and_left_alone() -> None:
    now = [stands("cx-1", state="declined", state_since=date(2026, 11, 2)), *ITEMS[1:]]
    cells = edited(edited(sheet_of(ITEMS), 1, state="accepted", owner="Jo"), 2, owner="Jo")
    found = plan(cells, now)
    (conflict,) = found.conflicts
    assert (conflict.row, conflict.column, conflict.exported, conflict.in_sheet, conflict.now) == (
        2, "State", "new", "accepted", "declined",
    )  # fmt: skip
    assert said(found) == [("cx-2", "assign")]
    ours = plan(cells, now, prefer="ours")
    assert (said(ours), ours.conflicts) == ([("cx-2", "assign")], ())


def test_the_one_who_is_preferred_wins() -> None:
    now = [ITEMS[0], stands("cx-2", state="accepted", assigned_to="Kim", due_on=date(2026, 11, 30))]
    cells = edited(sheet_of(ITEMS[:2]), 2, owner="Jo", due_on="2026-12-01")
    assert plan(cells, now).moves == ()
    (move,) = plan(cells, now, prefer="theirs").moves
    assert (move.owner, move.due_on) == ("Jo", date(2026, 12, 1))
    assert plan(cells, now, prefer="ours").moves == ()


def test_what_others_changed_since_is_kept_where_the_sheet_says_nothing() -> None:
    now = [stands("cx-1", state="accepted", assigned_to="Kim"), *ITEMS[1:]]
    assert plan(sheet_of(ITEMS), now).n_unchanged == 3
    assert plan(edited(sheet_of(ITEMS), 1, state="accepted"), now).moves == ()  # both did the same


def test_a_state_that_was_left_and_came_back_is_not_as_exported() -> None:
    now = [stands("cx-1", state="new", state_since=date(2026, 11, 3)), *ITEMS[1:]]
    found = plan(edited(sheet_of(ITEMS), 1, state="declined", note="No"), now)
    assert (found.moves, found.conflicts[0].column) == ((), "State")


def test_a_note_is_taken_once() -> None:
    cells = edited(sheet_of(ITEMS), 1, note="Ada knows")
    assert said(plan(cells)) == [("cx-1", "note")]
    assert plan(cells, notes={"cx-1": ["[PERSON] knows", "and so does somebody else"]}).moves == ()


def test_rows_may_be_sorted_deleted_and_columns_gone() -> None:
    cells = edited(sheet_of(ITEMS), 1, state="accepted")
    kept = [cells[0].index(HEADERS[name]) for name in ("mark", "state", "item_id")]
    turned = [[row[place] for place in kept] for row in (cells[0], cells[2], cells[1])]
    assert said(plan(turned)) == [("cx-1", "accept")]


def test_a_sheet_of_an_older_version_is_taken_back() -> None:
    """It had the sentence for a title, and fewer columns that nobody may change."""
    names = ("item_id", "title", "priority", "state", *EDITABLE[1:], "opened_on", "mark")
    cells = edited(sheet_of(ITEMS), 1, title="Customers report vans.", state="accepted")
    kept = [cells[0].index(HEADERS[name]) for name in names]
    assert said(plan([[row[place] for place in kept] for row in cells])) == [("cx-1", "accept")]


def test_an_item_that_went_into_another_is_changed_there() -> None:
    now = [stands("cx-1", state="merged", into_id="cx-2"), *ITEMS[1:]]
    assert plan(sheet_of(ITEMS), now).n_unchanged == 3
    with pytest.raises(SheetError, match="the item went into another one"):
        plan(edited(sheet_of(ITEMS), 1, state="accepted"), now, prefer="theirs")


def test_without_what_was_exported_every_difference_is_a_conflict() -> None:
    cells = [row[:-1] for row in edited(sheet_of(ITEMS), 1, state="accepted")]
    found = plan(cells)
    assert (found.moves, [conflict.in_sheet for conflict in found.conflicts]) == ((), ["accepted"])
    assert said(plan(cells, prefer="theirs")) == [("cx-1", "accept")]


def test_a_row_twice_counts_once_and_two_that_differ_are_refused() -> None:
    cells = edited(sheet_of(ITEMS), 1, state="accepted")
    assert said(plan([*cells, list(cells[1])])) == [("cx-1", "accept")]
    with pytest.raises(SheetError, match=r"row 5.*cx-1 a second time"):
        plan(edited([*cells, list(cells[1])], 4, state="closed"))


def test_rows_that_a_person_wrote_beside_the_table_are_passed_over() -> None:
    cells = sheet_of(ITEMS)
    assert plan([*cells, ["", "total: 3 items", *[""] * (len(COLUMNS) - 2)]]).n_rows == 3


@pytest.mark.parametrize("order", ["%d/%m/%Y", "%m/%d/%y", "%d.%m.%Y", "%Y-%m-%d"])
def test_dates_are_read_the_way_the_program_writes_them(order: str) -> None:
    """Excel writes a CSV's dates anew, its country's way; "Item since" tells which way that is."""
    cells = sheet_of([stands("cx-1", opened_on=date(2026, 10, 26)), *ITEMS[1:]])
    for row in cells[1:]:
        edited([cells[0], row], 1, opened_on=date(2026, 10, 26).strftime(order))
    edited(cells, 1, state="accepted", due_on=date(2026, 12, 3).strftime(order))
    assert plan(cells).moves[0].due_on == date(2026, 12, 3)


def test_a_date_that_may_be_two_days_is_asked_about() -> None:
    cells = edited(sheet_of(ITEMS), 1, state="accepted", due_on="3/12/2026")
    with pytest.raises(SheetError, match=r"'3/12/2026'; allowed: a day such as 2026-11-30"):
        plan(cells)  # "Item since" stands there as 2026-10-26, which does not tell


def test_the_mark_says_all_of_it_again() -> None:
    for each in (*ITEMS, stands("cx-4", assigned_to='Müller, "Jo" = 1', snoozed_until=date(2027, 1, 1))):
        mark = mark_of(exported(each, {"cx-4": ["a", "ü b"]}))
        assert said_by(mark) == exported(each, {"cx-4": ["a", "ü b"]})
        assert mark.isascii()
        assert said_by(mark.replace("cx-", "cy-")) is None


@pytest.mark.parametrize(
    ("state", "wanted", "expected"),
    [("new", "closed", ["accept", "close"]), ("declined", "shipped", ["reopen", "ship"]), ("quiet", "quiet", [])],
)
def test_the_way_from_state_to_state(state: str, wanted: str, expected: list[str]) -> None:
    assert path(state, wanted) == expected


def test_what_was_accepted_before_it_was_snoozed_becomes_new_all_the_same() -> None:
    item = stands("cx-1", state="snoozed", snoozed_until=date(2026, 12, 1), accepted_on=date(2026, 10, 28))
    moves = plan(edited(sheet_of([item]), 1, state="new"), [item]).moves
    standing = Standing(**{name: item[name] for name in Standing.__dataclass_fields__})
    for move in moves:
        standing = after(standing, move)
    assert ([move.move for move in moves], standing.state, standing.accepted_on) == (["accept", "reopen"], "new", None)


def test_an_export_is_never_written_over_edits(tmp_path: Path) -> None:
    sheet.write(tmp_path / "a.csv", ITEMS, {})
    with pytest.raises(SheetError, match="may hold edits"):
        sheet.write(tmp_path / "a.csv", ITEMS, {})
    sheet.write(tmp_path / "a.csv", ITEMS, {}, is_replaced=True)
    with pytest.raises(SheetError, match=r"found the ending '\.ods'"):
        sheet.write(tmp_path / "a.ods", ITEMS, {})
    with pytest.raises(SheetError, match="found no folder"):
        sheet.write(tmp_path / "away" / "a.csv", ITEMS, {})
