"""A sheet as somebody saved it: its rows by column, whatever program, separator, encoding or order it now has."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

import python_calamine

from cxnlp.backlog.export import safe_cell
from cxnlp.backlog.sheet_columns import COLUMNS, SHEET, SheetError
from cxnlp.channels.archives import check_archive, check_sheets
from cxnlp.channels.items import Unusable
from cxnlp.channels.plain import encoding_of

DayOrder = Literal["day first", "month first"]
Cells = Sequence[Sequence[Any]]

MAX_BYTES: Final = 50_000_000
MAX_CELLS: Final = 2_000_000
MAX_CELL_CHARS: Final = 100_000
_HEAD_ROWS: Final = 10  # somebody may have put a title above the header
_KEY: Final = "item_id"
_BY_HEADER: Final = {column.header.casefold(): column.name for column in COLUMNS}
_HEADER_OF: Final = {column.name: column.header for column in COLUMNS}
_DELIMITERS: Final = ",;\t|"
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?")
_LOCAL: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?: [\d:.]+)?")
_EXCEL_EPOCH: Final = date(1899, 12, 30)


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, and its cells by the names of `COLUMNS`; a column that is gone has none."""

    number: int
    cells: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """Return the cell as text on one line; None where it is empty or its column is gone."""
        cell = self.cells.get(name)
        if cell is None or isinstance(cell, bool):
            return None if cell is None else str(cell).lower()
        words = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        line = "".join(sign for sign in " ".join(unicodedata.normalize("NFC", words).split()) if sign.isprintable())
        if line.startswith("'") and safe_cell(line[1:]) == line:  # the apostrophe is ours
            line = line[1:]
        return line or None

    def has(self, name: str) -> bool:
        """Whether the column is there."""
        return name in self.cells


@dataclass(frozen=True)
class Table:
    """The rows under a header, without those that are empty, and where they stand: file, and sheet of a workbook."""

    place: str
    rows: Sequence[Row]


def read(path: Path) -> Table:
    """Return a sheet's rows; of a workbook's sheets the one that is called as it was exported comes first.

    Raises:
        SheetError: no such file, another ending, not to be read, too large, or without the column "Item".
    """
    if not path.is_file():
        raise SheetError(f"{path}: not found. Name the sheet that was filled in.")
    if path.stat().st_size > MAX_BYTES:
        raise SheetError(f"{path.name}: found {path.stat().st_size / 1e6:,.0f} MB; allowed: at most "
                         f"{MAX_BYTES / 1e6:.0f} MB. Take out what is no table.")  # fmt: skip
    form = path.suffix.lower()
    if form not in (".xlsx", ".xlsm", ".csv", ".tsv", ".txt"):
        raise SheetError(f"{path.name}: found the ending {path.suffix!r}; allowed: .xlsx or .csv. Save it so.")
    try:
        tables = _tables_of_workbook(path) if form in (".xlsx", ".xlsm") else [(path.name, _table_of_text(path))]
        for place, table in tables:
            if (head := _header(place, table)) is not None:
                return Table(place, list(_rows(table, *head)))
    except Unusable as error:
        raise SheetError(f"{path.name}: {str(error)[0].lower()}{str(error)[1:]}") from None
    raise SheetError(f'{path.name}: found no column "{_HEADER_OF[_KEY]}"; allowed: the header as it was exported. Put '
                     "that column's name back, or export the sheet again.")  # fmt: skip


def _tables_of_workbook(path: Path) -> Iterator[tuple[str, Cells]]:
    """Yield the sheets of a workbook that can be unpacked safely, each with its place."""
    if "xl/workbook.xml" not in check_archive(path):
        raise Unusable("Is no .xlsx workbook, though its name says so. Save it as one, or as CSV.")
    check_sheets(path, MAX_CELLS)
    try:
        with python_calamine.load_workbook(path) as workbook:
            for name in sorted(workbook.sheet_names, key=lambda name: name != SHEET):
                cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield f"{path.name}, sheet {name!r}", cells
    except python_calamine.CalamineError:
        raise Unusable("Is a damaged workbook. Save it again from the program that edited it.") from None


def _table_of_text(path: Path) -> list[list[str]]:
    """Read CSV as spreadsheet programs save it: UTF-8, UTF-16 or a code page; comma, semicolon or tab."""
    content = path.read_bytes()
    text = content.decode(encoding_of([content]), "replace")
    hint = re.match(r"sep=(.)\r?\n", text)
    text = text[hint.end() :] if hint else text
    head = text[:5_000].casefold()
    delimiter = hint[1] if hint else max(_DELIMITERS, key=lambda sign: _n_headers(head, sign))
    csv.field_size_limit(MAX_CELL_CHARS)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise Unusable("Cannot be read as CSV: a quotation mark may be open. Save it again as CSV.") from None
    return [[], *table] if hint else table  # rows keep the numbers that the file gives them


def _n_headers(head: str, delimiter: str) -> int:
    lines = head.splitlines()[:_HEAD_ROWS]
    return max((sum(cell.strip(' "') in _BY_HEADER for cell in line.split(delimiter)) for line in lines), default=0)


def _header(place: str, table: Cells) -> tuple[int, list[str | None]] | None:
    """Return where the header is, counted from 0, and the names of its columns; None where the table has none."""
    for number, row in enumerate(table[:_HEAD_ROWS]):
        names = [_BY_HEADER.get(str(cell).strip().casefold()) for cell in row]
        if _KEY in names:
            if twice := [name for name, n in Counter(filter(None, names)).items() if n > 1]:
                raise SheetError(f'{place}, row {number + 1}: found the column "{_HEADER_OF[twice[0]]}" twice; '
                                 "allowed: once. Delete or rename one of them.")  # fmt: skip
            return number, names
    return None


def _rows(table: Cells, header: int, names: Sequence[str | None]) -> Iterator[Row]:
    for number, row in enumerate(table[header + 1 :], header + 2):
        filled = [*row, *[None] * (len(names) - len(row))]
        cells = {name: None if cell == "" else cell for name, cell in zip(names, filled, strict=False) if name}
        if any(cell is not None for cell in cells.values()):
            yield Row(number, cells)


def day_of(cell: Any, order: DayOrder | None) -> date | None:
    """Return the day that a cell names, None for no day, or one of which it cannot be told.

    Args:
        cell: a date of the workbook, its number where somebody changed the cell's format, or a text.
        order: which comes first in 3/4/2026; None: it is not known, and only what is clear counts.
    """
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _EXCEL_EPOCH + timedelta(days=int(cell)) if 20_000 <= cell < 100_000 else None
    text = str(cell).strip()
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = _LOCAL.fullmatch(text)
    return None if found is None else _local_day(found, order)


def _local_day(found: re.Match[str], order: DayOrder | None) -> date | None:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    year += 2000 if year < 100 else 0
    readings = {"day first": _day(year, second, first), "month first": _day(year, first, second)}
    if found[2] == ".":  # no land writes the month first with dots
        return readings["day first"]
    if order is not None:
        return readings[order]
    clear = {day for day in readings.values() if day is not None}
    return clear.pop() if len(clear) == 1 else None


def order_of(pairs: Sequence[tuple[Any, date]]) -> DayOrder | None:
    """Return which way round a program has written dates that are known: (cell, day); None when they do not tell."""
    right = {order: sum(day_of(cell, order) == day for cell, day in pairs) for order in ("day first", "month first")}
    if right["day first"] == right["month first"]:
        return None
    return "day first" if right["day first"] > right["month first"] else "month first"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
