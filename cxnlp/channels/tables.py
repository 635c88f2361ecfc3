"""Tables: exports of call notes, complaints logs, surveys and reviews as CSV, workbook or Parquet, one item a row."""

import csv
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from io import StringIO
from itertools import chain, islice
from typing import Final
from zoneinfo import ZoneInfo

from cxnlp.channels import sqlite
from cxnlp.channels.columns import Cell, Columns, Row, allowed_dates, as_text, cell_at, find_columns
from cxnlp.channels.dates import at_clock, parse_clock, parse_when
from cxnlp.channels.files import File
from cxnlp.channels.items import MAX_TEXT_CHARS, Item, Unusable, unusable
from cxnlp.channels.parquet import parquet_sheet
from cxnlp.channels.plain import encoding_of
from cxnlp.channels.sheets import HEAD_ROWS, Sheet
from cxnlp.channels.workbooks import SUFFIXES, workbook_sheets
from cxnlp.settings import Source

_DELIMITERS: Final = ",;\t|"
_MAX_LINE_CHARS: Final = 1_000_000


def read_table(source: Source, file: File) -> Iterator[Item]:
    """Yield one item for each row under the header; empty rows are passed over.

    Raises:
        Unusable: it is no table, or a column that is needed cannot be found.
    """
    for sheet, columns in _found(source, file):
        yield from _items(source, sheet, columns)


def table_columns(source: Source, file: File) -> list[tuple[str | None, Columns]]:
    """Return for each sheet that would be read its name and where its columns are.

    Raises:
        Unusable: as ``read_table``.
    """
    return [(sheet.name, columns) for sheet, columns in _found(source, file)]


def _found(source: Source, file: File) -> list[tuple[Sheet, Columns]]:
    """The sheets that have the needed columns, each with its columns."""
    found: list[tuple[Sheet, Columns]] = []
    problems = [Unusable("Has no rows. A table needs a header and a row at least; export it again.")]
    for sheet in _sheets(source, file):
        try:
            found.append((sheet, find_columns(source, sheet.head, is_headed=sheet.first == 0)))
        except Unusable as error:
            problems.append(error)
    if not found:
        raise problems[-1] if len(problems) < 3 else problems[1]
    return found


def _sheets(source: Source, file: File) -> Iterator[Sheet]:
    with file.path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PK\x03\x04"):
        yield from workbook_sheets(source, file)
    elif head.startswith(sqlite.MAGIC):
        yield from sqlite.sqlite_sheets(source, file)
    elif head.startswith(b"PAR1"):
        yield parquet_sheet(file)
    elif head.startswith(b"PARE"):
        raise Unusable("Is an encrypted Parquet file. Export it without encryption.")
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unusable("Is an old (.xls) or password-protected workbook. Save it as an open .xlsx or .ods, or as CSV.")
    elif file.suffix in (".csv", ".tsv", ".txt"):
        yield _csv_sheet(file)
    elif file.suffix in (*SUFFIXES, *sqlite.SUFFIXES, ".parquet"):
        raise Unusable(
            f"Is no {file.suffix[1:].upper()}, though its name says so: it is damaged or cut off. Export it again."
        )
    else:
        raise Unusable(
            f"Is a {file.suffix or 'file without suffix'}; tables are read from .csv, .tsv, .xlsx, .ods, "
            ".parquet and .sqlite. Export it as one of these."
        )


def _csv_sheet(file: File) -> Sheet:
    with file.path.open("rb") as stream:
        encoding = encoding_of(iter(lambda: stream.read(1 << 20), b""))
    with file.path.open(encoding=encoding, errors="replace", newline="") as text:
        first = text.read(200_000)
    if first.count("\x00") > len(first) // 100 or first.count("\ufffd") > len(first) // 20:
        raise Unusable("Is not text, though its name says so. Export it again as CSV.")
    csv.field_size_limit(MAX_TEXT_CHARS)
    delimiter, n_skipped = _delimiter(first)
    rows = _csv_rows(file, encoding, delimiter, n_skipped)
    return Sheet(None, list(islice(rows, HEAD_ROWS)), rows, delimiter)


def _csv_rows(file: File, encoding: str, delimiter: str, n_skipped: int) -> Iterator[Row]:
    """Yield the records; one that cannot be told apart from the next comes as a single cell, an ``Unusable``."""
    with file.path.open(encoding=encoding, errors="replace", newline="") as text:
        yield from ([] for _ in range(n_skipped))
        lines = islice(iter(lambda: text.readline(_MAX_LINE_CHARS), ""), n_skipped, None)
        records = csv.reader(lines, delimiter=delimiter)
        while True:
            try:
                yield next(records)
            except StopIteration:
                return
            except csv.Error:
                yield [
                    Unusable(
                        f"Has a cell of more than {MAX_TEXT_CHARS:,} characters: a quotation mark is opened and not "
                        'closed. Close it, or double the marks inside a cell ("").'
                    )
                ]


def _delimiter(text: str) -> tuple[str, int]:
    """Return the sign between cells, and how many lines come before the table (Excel's own hint ``sep=;``)."""
    hint = re.match(r"sep=(.)\r?\n", text)
    if hint:
        return hint[1], 1

    def evenness(delimiter: str) -> tuple[float, int]:
        rows: list[list[str]] = []
        with suppress(csv.Error):  # a quotation mark left open: the rows before it will do
            rows.extend(islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter), 200))
        widths = [len(row) for row in rows[:-1] or rows if row]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual

    return max(_DELIMITERS, key=evenness), 0


def _items(source: Source, sheet: Sheet, columns: Columns) -> Iterator[Item]:
    rows = chain(sheet.head, sheet.rest)
    for position, row in enumerate(rows):
        if position > columns.header_row and any(as_text(cell) for cell in row):
            yield item_of(source, sheet, columns, row, sheet.first + position)


def item_of(source: Source, sheet: Sheet, columns: Columns, row: Row, number: int | None) -> Item:
    """Return what one row of ``sheet`` says; ``number`` is the row's in the file, None where rows have none."""
    where = f"Sheet {sheet.name!r}: " if sheet.name else ""
    try:
        cells = _whole_row(sheet, columns, row)
        text = _text(columns, cells)
        occurred_at = _occurred_at(source, columns, cells)
    except Unusable as error:
        return unusable(f"{where}{error}", number)

    def cell(column: str) -> str | None:
        text = as_text(cell_at(cells, columns.position[column])) if column in columns.position else None
        return text if text and any(sign.isalnum() or sign == "★" for sign in text) else None  # "-" and "—" say nothing

    return Item(
        text=text,
        external_id=cell("external_id") or _row_hash(cells),
        occurred_at=occurred_at,
        author=cell("author"),
        customer=cell("customer"),
        employee=cell("employee"),
        product=cell("product"),
        location=cell("location"),
        segment=cell("segment"),
        rating=_rating(cell("rating")),
        row=number,
    )


def _whole_row(sheet: Sheet, columns: Columns, row: Row) -> Row:
    """Return the row with as many cells as the header.

    Raises:
        Unusable: it has fewer, or more that are not the tail of the last column's text.
    """
    if row and isinstance(row[0], Unusable):
        raise row[0]
    width = len(columns.header)
    if sheet.delimiter and len(row) < width:
        advice = " A quotation mark may be open." if any("\n" in str(cell) for cell in row) else ""
        raise Unusable(
            f"Has {len(row)} cells; the header has {width}. It may be cut off.{advice} Complete the row, or "
            "export again."
        )
    surplus = [cell for cell in row[width:] if as_text(cell)]
    if not surplus:
        return row[:width]
    if sheet.delimiter and columns.position["text"] == width - 1:
        return [*row[: width - 1], sheet.delimiter.join(str(cell) for cell in row[width - 1 :])]
    raise Unusable(
        f"Has {len(row)} cells; the header has {width}. Put cells that hold the delimiter ({sheet.delimiter!r}) into "
        "quotation marks."
    )


def _text(columns: Columns, row: Row) -> str:
    position = columns.position["text"]
    text = as_text(cell_at(row, position))
    if text is None:
        raise Unusable(
            f"Has nothing in column {columns.header[position]!r}. Each row needs the customer's words there; fill it "
            "or leave it."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _occurred_at(source: Source, columns: Columns, row: Row) -> datetime:
    zone = ZoneInfo(source.timezone)
    position = columns.position["occurred_at"]
    cell = cell_at(row, position)
    moment = parse_when(cell, day_first=source.day_first, zone=zone)
    if moment is None:
        raise Unusable(
            f"Has {_shown_date(cell)} in column {columns.header[position]!r}, which is no date. "
            f"{allowed_dates(source)} "
            "Correct the cell."
        )
    clock = parse_clock(cell_at(row, columns.clock)) if columns.clock is not None else None
    return at_clock(moment, clock, zone) if clock is not None else moment


def _shown_date(cell: Cell) -> str:
    """A wrong date for a message, but nothing that could be a customer's words."""
    text = as_text(cell)
    if text is None:
        return "nothing"
    return repr(text) if re.fullmatch(r"[\d\s:/.,+TZ-]{1,30}", text) else "something else"


def _rating(text: str | None) -> float | None:
    """Read "4", "4.5", "4/5", "4 stars", "★★★★"; None for anything else."""
    if text is None:
        return None
    if set(text) <= set("★☆"):
        return float(text.count("★"))
    match = re.match(r"(-?\d+(?:[.,]\d+)?)(?:\s*(?:/|of|out of)\s*\d+)?(?:\s*stars?)?$", text, re.IGNORECASE)
    return float(match[1].replace(",", ".")) if match else None


def _row_hash(row: Row) -> str:
    """An id made of what the row says: it stays the same when rows are added before or after."""
    said = "\x1f".join(as_text(cell) or "" for cell in row)
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()
