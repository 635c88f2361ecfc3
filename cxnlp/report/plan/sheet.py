"""The plan as a workbook: what to do, one row an item, and the moments behind it. Text stays text."""

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from cxnlp.backlog.export import safe_cell
from cxnlp.report.plan.content import ACROSS, Plan, Row, Stage
from cxnlp.report.plan.page import in_words, measure

_PER_CENT: Final = "0.0%"
_DAY: Final = "yyyy-mm-dd"

#: Header → width in characters, form of numbers, and what stands there.
_Columns = Mapping[str, tuple[int, str, Callable[[str, Row], Any]]]

_ACTIONS: Final[_Columns] = {
    "Stage": (16, "@", lambda stage, row: stage),
    "What to fix": (48, "@", lambda stage, row: row["title"]),
    "As customers say it": (48, "@", lambda stage, row: row["sentence"]),
    "People": (9, "0", lambda stage, row: row["n_customers"]),
    "Target proposed: people": (12, "0", lambda stage, row: row["n_customers_wanted"]),
    "Trend": (10, "@", lambda stage, row: row["trend_word"]),
    "Priority": (9, "0", lambda stage, row: row["priority"]),
    "State": (14, "@", lambda stage, row: in_words(row["state"])),
    "Owner": (26, "@", lambda stage, row: row["owner"]),
    "Owner agreed": (13, "@", lambda stage, row: "yes" if row["is_owner_agreed"] else "suggested"),
    "Due": (12, _DAY, lambda stage, row: row["due_on"]),
    "Shipped": (12, _DAY, lambda stage, row: row["shipped_on"]),
    "Did it help?": (30, "@", lambda stage, row: row["helped"]),
    "Share of feedback": (16, _PER_CENT, lambda stage, row: row["reporting_share"]),
    "Low": (9, _PER_CENT, lambda stage, row: row["reporting_share_low"]),
    "High": (9, _PER_CENT, lambda stage, row: row["reporting_share_high"]),
    "Item": (16, "@", lambda stage, row: row["item_id"]),
}
_MOMENTS: Final[_Columns] = {
    "Stage": (16, "@", lambda stage, row: stage),
    "Moment": (32, "@", lambda stage, row: row["name"]),
    "Standing": (20, "@", lambda stage, row: row["standing"]),
    "Critical": (26, "@", lambda stage, row: row["critical_because"]),
    "People": (9, "0", lambda stage, row: row["n_customers"]),
    "Net sentiment": (14, "+0%;-0%;0%", lambda stage, row: row["net_sentiment"]),
    "Low": (9, "+0%;-0%;0%", lambda stage, row: row["net_sentiment_low"]),
    "High": (9, "+0%;-0%;0%", lambda stage, row: row["net_sentiment_high"]),
    "Owner": (26, "@", lambda stage, row: row["owner"]),
    "What the customer expects": (60, "@", lambda stage, row: row["expectation"]),
}
_TARGETS: Final[_Columns] = {
    "Stage": (16, "@", lambda stage, row: stage),
    "Moment": (32, "@", lambda stage, row: row["name"]),
    "Measure": (26, "@", lambda stage, row: measure(row["metric"])),
    "Wanted": (10, "@", lambda stage, row: row["direction"]),
    "Target": (10, "0.00", lambda stage, row: row["target"]),
    "Now": (10, "0.00", lambda stage, row: row["found"]),
    "Met": (8, "@", lambda stage, row: {True: "yes", False: "no"}.get(row["is_met"])),
}


def workbook(plan: Plan) -> bytes:
    """Return the plan as an .xlsx file: sheets "Actions", "Moments" and "Targets", with filters and a fixed header."""
    book = Workbook()
    book.remove(book.active)
    _fill(book, "Actions", _ACTIONS, plan.actions)
    _fill(book, "Moments", _MOMENTS, ((_name(stage), row) for stage in plan.stages for row in _moments(stage)))
    _fill(book, "Targets", _TARGETS, ((_name(stage), row) for stage in plan.stages for row in stage.targets))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _name(stage: Stage) -> str:
    return stage.name or ACROSS


def _moments(stage: Stage) -> list[Row]:
    """Its moments that are critical, work well or need improvement, each once."""
    return list({row["moment"]: row for row in (*stage.critical, *stage.lacking, *stage.working)}.values())


def _fill(book: Any, title: str, columns: _Columns, rows: Iterable[tuple[str, Row]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(list(columns))
    for stage, row in rows:
        sheet.append([_cell(value(stage, row)) for _, _, value in columns.values()])
    for number, (width, form, _) in enumerate(columns.values(), start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
        for (cell,) in sheet.iter_rows(min_row=2, min_col=number, max_col=number):
            cell.number_format = form
            cell.alignment = Alignment(vertical="top", wrap_text=form == "@")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _cell(value: object) -> object:
    return safe_cell(value) if isinstance(value, str) else value
