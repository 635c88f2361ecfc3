"""Mentions as a sheet to fill in: Excel (.xlsx) or plain .csv, one row a mention, and what its cells may hold."""

import csv
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell.cell import Cell  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

from cxnlp.teaching.items import SENTIMENT, STRENGTHS, Item, Word, plain
from cxnlp.teaching.journal import SheetError

SHEET: Final = "review"
LABELS: Final = "labels"
KEY: Final = "item"
AGREE: Final = "as it says"
BLIND: Final = "-blind"  # ends the first cell of a row that does not show what the night says
MARK_COLUMN: Final = "mark"

#: Family → its columns, one label a cell.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "moment": ("moment", "moment 2", "moment 3"),
    "unmeasurable": ("unmeasurable", "unmeasurable 2", "unmeasurable 3"),
    "warning": ("warning", "warning 2"),
    "signal": ("signal", "signal 2"),
}
SHOWN: Final = (KEY, "from", "before", "mention", "after", "cxnlp says")
FILLED: Final = (AGREE, SENTIMENT, *(name for names in COLUMNS.values() for name in names), MARK_COLUMN)
HEADER: Final = (*SHOWN, *FILLED)

HELP: Final = (
    "One row is one mention. Read it with what comes before and after; judge what the mention itself says.",
    "sentiment: how the customer feels about what this mention describes, from -2 (anger, harm) to 2 (delight).",
    "moment, unmeasurable, warning, signal: choose what applies; leave the rest empty, empty means none of them.",
    "as it says: an x there accepts `cxnlp says` as it stands (less what has a question mark); fill in nothing else.",
    "A row without sentiment and without x is not answered and comes again. Leave out what you cannot judge.",
    "mark: a word of your own, such as parking, for what a new label should catch (`cxnlp teach parking --marked`).",
    "Do not change the first column. Rows may be sorted, filtered or deleted. Then: cxnlp review --import THIS-FILE",
)

FEELINGS: Final = {
    "-2": "strong: anger, disgust, despair, harm, betrayal, shouting",
    "-1": "negative: something went wrong, disappoints, or is missing; also a bare report of a plain failure",
    "0": "neutral: a fact, a question, context, or truly balanced",
    "1": "positive: satisfied, works, good",
    "2": "strong: delight, love, moved, exceptional",
}

_WIDTHS: Final = {
    KEY: 6,
    "from": 11,
    "before": 36,
    "mention": 52,
    "after": 36,
    "cxnlp says": 34,
    AGREE: 7,
    SENTIMENT: 10,
}
_WIDTH: Final = 15
_LONGEST: Final = 3_000  # characters of a cell
_FORMULA: Final = re.compile(r"^\s*[=+\-@|%＝＋－＠﹢﹣﹦﹫−]")


def write(path: Path, items: Sequence[Item], words: Sequence[Word], *, is_blind: bool = False) -> None:
    """Write a sheet that asks about ``items``.

    Args:
        path: a new file, .xlsx or .csv.
        items: one row each, in order.
        words: the labels that may be chosen; the sheet explains them.
        is_blind: leave out what the night says.

    Raises:
        SheetError: the file is there already (it may hold answers), or has another ending.
    """
    if path.exists():
        raise SheetError(f"{path}: is there already and may hold answers. Take it back with --import, or name a new "
                          "file.")  # fmt: skip
    rows = [_row(item, is_blind) for item in items]
    with _whole(path) as partial:
        if path.suffix.lower() == ".csv":
            _write_csv(partial, rows)
        elif path.suffix.lower() == ".xlsx":
            _workbook(rows, words).save(partial)
        else:
            raise SheetError(f"{path}: found the ending {path.suffix!r}; allowed: .xlsx or .csv. Name it so.")


def _row(item: Item, is_blind: bool) -> dict[str, str]:
    cells = {
        KEY: f"{item.edition}{BLIND}" if is_blind else item.edition,
        "from": " ".join(filter(None, (item.channel, item.occurred_on))),
        "before": item.before,
        "mention": item.text,
        "after": item.after,
        "cxnlp says": "" if is_blind else in_words(item),
    }
    return {name: plain(text).strip()[:_LONGEST] for name, text in cells.items()}


def in_words(item: Item) -> str:
    """Say what the night says: ``-1; delivery 94 %; churn? 31 %``; a question mark where it is unsure."""
    parts = [item.feeling] if any(code.startswith(SENTIMENT) for code in item.said) else []
    for code in item.labels:
        if said := item.said.get(code):
            share = "" if said.probability is None else f" {said.probability:.0%}"
            parts.append(f"{code.split(':')[1]}{'' if said.decision == 'yes' else '?'}{share}")
    return "; ".join(parts)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a name to write to; the file appears under its own name when it is whole and on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(HEADER)
        for row in rows:
            cells = (" ".join(row.get(name, "").split()) for name in HEADER)
            writer.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells])


def _workbook(rows: Sequence[Mapping[str, str]], words: Sequence[Word]) -> Workbook:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _put_header(sheet, HEADER)
    for number, row in enumerate(rows, 2):
        for column, name in enumerate(HEADER, 1):
            cell = sheet.cell(number, column)
            _put(cell, row.get(name, ""))
            cell.fill = _FILL if name in FILLED else _PALE
            cell.font = Font(bold=name == "mention", color="999999" if name == KEY else None)
    for column, name in enumerate(HEADER, 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, _WIDTH)
    sheet.freeze_panes = "E2"
    places = _explain(book.create_sheet(LABELS), words)
    _validate(sheet, places, len(rows) + 1)
    helping = book.create_sheet("how to")
    helping.column_dimensions["A"].width = 120
    for number, line in enumerate(HELP, 1):
        _put(helping.cell(number, 1), line)
    return book


_FILL: Final = PatternFill("solid", fgColor="FFFBE6")
_PALE: Final = PatternFill("solid", fgColor="F6F6F6")


def _put_header(sheet: Worksheet, names: Sequence[str]) -> None:
    for column, name in enumerate(names, 1):
        cell = sheet.cell(1, column)
        _put(cell, name)
        cell.font = Font(bold=True)


def _put(cell: Any, text: str) -> None:
    """Write text that stays text: no formula, no number, also after somebody has edited and left the cell."""
    assert isinstance(cell, Cell)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.number_format = "@"
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = bool(_FORMULA.match(text))


def _explain(sheet: Worksheet, words: Sequence[Word]) -> dict[str, str]:
    """Fill the sheet of labels; return for each family the cells that its labels stand in."""
    _put_header(sheet, ("column", "write", "in plain words", "what it covers"))
    rows = [(SENTIMENT, strength, "", FEELINGS[strength]) for strength in STRENGTHS]
    for word in words:
        family, label = word.code.split(":", 1)
        rows.append((family, label, word.name, word.meaning))
    for number, row in enumerate(rows, 2):
        for column, text in enumerate(row, 1):
            _put(sheet.cell(number, column), text)
    for letter, width in zip("ABCD", (14, 18, 34, 100), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    families = [family for family, *_ in rows]
    return {
        family: f"{LABELS}!$B${families.index(family) + 2}:$B${len(families) - families[::-1].index(family) + 1}"
        for family in dict.fromkeys(families)
    }


def _validate(sheet: Worksheet, places: Mapping[str, str], last: int) -> None:
    """Let every cell to fill in offer what it may hold, and refuse the rest."""
    allowed = {name: f"={places[family]}" for family, names in COLUMNS.items() if family in places for name in names}
    allowed |= {SENTIMENT: f'"{",".join(STRENGTHS)}"', AGREE: '"x"'}
    for name, formula in allowed.items():
        rule = DataValidation(type="list", formula1=formula.removeprefix("="), allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = (
            "Not a value for this cell",
            f"Choose from the list; the sheet {LABELS!r} explains it.",
        )
        letter = get_column_letter(HEADER.index(name) + 1)
        rule.add(f"{letter}2:{letter}{max(last, 2)}")
        sheet.add_data_validation(rule)
