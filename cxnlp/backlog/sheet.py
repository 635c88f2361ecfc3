"""The backlog as a file that teams work in: a workbook or a CSV that `sheet_import` takes back, or Markdown to read."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

from cxnlp.backlog.export import safe_cell, shared, write_whole
from cxnlp.backlog.facts import estimate, label_of, money, points_to_gain, stage_of
from cxnlp.backlog.helped import helped
from cxnlp.backlog.markdown import markdown
from cxnlp.backlog.sheet_columns import (
    CHOICES,
    COLUMNS,
    SHEET,
    Column,
    Exported,
    SheetError,
    exported,
    mark_of,
)
from cxnlp.backlog.states import shown

HELP: Final = (
    "Yellow columns are yours: State, Owner, Due, Shipped on, Snoozed until, Note. The others are read-only: what is "
    "changed there is not taken over.",
    "Shipped needs the day it went live; snoozed needs a day; declined needs a reason in Note.",
    "Rows may be sorted, filtered or deleted, columns hidden, moved or added. Keep the columns Item and As exported.",
    "Then: cxnlp backlog import THIS-FILE --dry-run shows what would change; without --dry-run it is done.",
    "What somebody else changed in the meantime is shown as a conflict and left as it is, unless you say --theirs (the "
    "sheet wins) or --ours (such rows stay as they are).",
)
_FORMATS: Final = {"text": "@", "whole": "0", "share": "0.00", "day": "yyyy-mm-dd"}
_FILL: Final = PatternFill("solid", fgColor="FFFBE6")
_PALE: Final = PatternFill("solid", fgColor="F3F3F3")
_HEAD: Final = PatternFill("solid", fgColor="DDDDDD")

Item = Mapping[str, Any]


def write(
    path: Path, items: Sequence[Item], notes: Mapping[str, Sequence[str]], *, least_group: int = 1, currency: str = "",
    is_replaced: bool = False,
) -> None:  # fmt: skip
    """Write the backlog to ``path``, whole or not at all; the ending says how: .xlsx, .csv or .md.

    Args:
        path: a new file.
        items: rows of `read`, in the order that they shall have.
        notes: what was noted of each item, the newest last.
        least_group: an item of fewer people shows neither their number nor their words.
        currency: of what items are worth.
        is_replaced: write over a file that is there.

    Raises:
        SheetError: the file is there already (it may hold edits), or has another ending.
    """
    form = path.suffix.lower()
    if form not in (".xlsx", ".csv", ".md"):
        raise SheetError(f"{path.name}: found the ending {path.suffix!r}; allowed: .xlsx, .csv or .md. Name it so.")
    if path.exists() and not is_replaced:
        raise SheetError(f"{path}: is there already and may hold edits. Take them back with `cxnlp backlog import`, "
                         "name a new file, or write over it with --replace.")  # fmt: skip
    if not path.parent.is_dir():
        raise SheetError(f"{path}: found no folder {path.parent}; allowed: one that is there. Make it.")
    if form == ".md":
        content = markdown([shared(item, least_group) for item in items], currency).encode("utf-8", "replace")
    else:
        rows = [_row(item, exported(item, notes), least_group, currency) for item in items]
        content = _csv(rows) if form == ".csv" else _workbook(rows)
    write_whole(path, content)


def _row(item: Item, said: Exported, least_group: int, currency: str) -> dict[str, Any]:
    """What the cells of an item hold, by the names of `COLUMNS`."""
    open_part = shared(item, least_group)
    row = {
        **open_part,
        "state": shown(said.state),
        "label": label_of(item),
        "stage": stage_of(item),
        "n_customers_corrected": estimate(open_part, "n_customers_corrected"),
        "service_effect": points_to_gain(open_part),
        "revenue_at_risk": money(open_part, "revenue_at_risk", currency),
        "contact_cost": money(open_part, "contact_cost", currency),
        "helped": helped({**open_part, "effect": None}),  # its numbers have columns of their own
        "suggested": item["owner"],
        "owner": said.owner,
        "note": said.note,
        "mark": mark_of(said),
    }
    cells = {column.name: row[column.name] for column in COLUMNS}
    return {name: safe_cell(value) if isinstance(value, str) else value for name, value in cells.items()}


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(column.header for column in COLUMNS)
    writer.writerows([_plain(row[column.name]) for column in COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def _workbook(rows: Sequence[Mapping[str, Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "C2"
    for number, column in enumerate(COLUMNS, 1):
        place = sheet.column_dimensions[get_column_letter(number)]
        place.width, place.hidden = column.width, column.name == "mark"
    sheet.append([_head(sheet, column) for column in COLUMNS])
    for row in rows:
        sheet.append([_cell(sheet, column, row[column.name]) for column in COLUMNS])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"
    for rule in _rules(max(len(rows) + 1, 2)):
        sheet.data_validations.append(rule)
    helping = book.create_sheet("How to")
    helping.column_dimensions["A"].width = 120
    for line in HELP:
        cell = WriteOnlyCell(helping, line)
        cell.alignment = Alignment(wrap_text=True)
        helping.append([cell])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _head(sheet: Any, column: Column) -> Any:
    cell = WriteOnlyCell(sheet, column.header)
    cell.font, cell.fill = Font(bold=True), _FILL if column.is_editable else _HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet: Any, column: Column, value: object) -> Any:
    """A cell of the sheet; text is text also after somebody has edited and left it."""
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.number_format = "@" if isinstance(value, str) else _FORMATS[column.form]
    cell.fill = _FILL if column.is_editable else _PALE
    cell.font = Font(color=None if column.is_editable else "444444")
    cell.alignment = Alignment(wrap_text=column.width > 30, vertical="top")
    return cell


def _rules(last: int) -> list[Any]:
    """What the cells to change offer, and what they refuse."""
    states = DataValidation(type="list", formula1=f'"{",".join(map(shown, CHOICES))}"', allow_blank=False)
    states.errorTitle, states.error = "No such state", "Choose from the list."
    days = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)  # 1 January 2000
    days.errorTitle, days.error = "No date", "Write a date such as 2026-11-30."
    for number, column in enumerate(COLUMNS, 1):
        rule = states if column.name == "state" else days if column.form == "day" and column.is_editable else None
        if rule is not None:
            rule.add(f"{get_column_letter(number)}2:{get_column_letter(number)}{last}")
            rule.showErrorMessage = True
    return [states, days]
