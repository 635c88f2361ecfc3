"""A sheet that somebody filled in, taken back: strictly, all of it or nothing."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.teaching.items import MARK, MARK_PATTERN, SENTIMENT, STRENGTHS, Answer, Item
from cxnlp.teaching.journal import ReviewError, SheetError
from cxnlp.teaching.sheets import AGREE, BLIND, COLUMNS, FILLED, KEY, MARK_COLUMN, SHEET

_MOST_PROBLEMS: Final = 10
_SHORT: Final = re.compile(r"^[\w +.,;-]{1,40}$")
_MINUS: Final = str.maketrans(dict.fromkeys("−–—﹣－", "-") | dict.fromkeys("＋﹢", "+"))
_AGREED: Final = ("x", "yes", "y", "true", "1")


@dataclass(frozen=True)
class Filled:
    """One row that says something about a mention."""

    item: Item
    sentiment: str | None  # None: marked only
    yes: tuple[str, ...]
    marks: tuple[str, ...]  # codes such as mark:parking
    is_blind: bool = False  # the row did not show what the night says


class RowsWrong(ReviewError):
    """Rows that were filled in cannot be read."""


class _Wrong(Exception):
    """A cell cannot be read; the message says column, what was found, what is allowed."""


def read(path: Path, asked: Mapping[str, Item]) -> tuple[list[Filled], int]:
    """Return the rows that were filled in, in order, and how many were left blank.

    Args:
        path: .xlsx, .ods or .csv as `cxnlp.teaching.sheets.write` made it; rows may be sorted or gone, columns added.
        asked: what sheets asked, by the item's edition.

    Raises:
        ReviewError: rows and what is wrong in each; the file cannot be read; a column is gone.
        SheetError: there is no such file, or it has another ending.
    """
    table = _table(path)
    header = [_text(cell).lower() for cell in table[0]] if table else []
    if missing := [name for name in (KEY, *FILLED) if name not in header]:
        raise ReviewError(f"{path.name}, row 1: found no column {missing[0]!r}; allowed: the header as it was written. "
                          "Put that column's name back.")  # fmt: skip
    rows = [
        {name: _text(cell) for name, cell in zip(header, row, strict=False) if name in (KEY, *FILLED)}
        for row in table[1:]
    ]
    return judged(path.name, enumerate(rows, 2), asked)


def judged(
    place: str, rows: Iterable[tuple[int, Mapping[str, str]]], asked: Mapping[str, Item]
) -> tuple[list[Filled], int]:
    """Return the rows that say something, and how many say nothing.

    Args:
        place: what they stand in, for errors.
        rows: number and cells by the names of `FILLED` and `KEY`; a cell may be missing.
        asked: as in `read`.

    Raises:
        RowsWrong: rows and what is wrong in each.
    """
    filled: dict[str, Filled] = {}
    problems: list[str] = []
    n_blank = 0
    for number, cells in rows:
        if not any(cells.get(name) for name in FILLED):
            n_blank += bool(cells.get(KEY))
            continue
        try:
            row = _filled(cells, asked)
            if filled.setdefault(row.item.key, row) != row:
                raise _Wrong("found this mention a second time, filled in otherwise; allowed: once. Clear one of them.")
        except _Wrong as wrong:
            problems.append(f"row {number}: {wrong}")
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        shown = [*problems[:_MOST_PROBLEMS], *([f"and {more} more rows"] if more > 0 else [])]
        raise RowsWrong(f"{place}: nothing was taken over. " + "\n".join(shown))
    return list(filled.values()), n_blank


def _filled(cells: Mapping[str, str], asked: Mapping[str, Item]) -> Filled:
    key = cells.get(KEY, "").removeprefix("'")
    item, is_blind = asked.get(key.removesuffix(BLIND)), key.endswith(BLIND)
    if item is None:
        raise _Wrong(f"column `{KEY}`: found what no sheet of this workspace has; allowed: the value as it was "
                     "written. Put it back, or import in the workspace that made the sheet.")  # fmt: skip
    labels = tuple(dict.fromkeys(code for family, names in COLUMNS.items() for name in names
                                 for code in _labels(family, name, cells.get(name, ""), item)))  # fmt: skip
    marks = tuple(f"{MARK}:{word}" for word in _marks(cells.get(MARK_COLUMN, "")))
    sentiment = _sentiment(cells.get(SENTIMENT, ""))
    if _agrees(cells.get(AGREE, "")):
        if is_blind:
            raise _Wrong(f"column `{AGREE}`: found an x in a row that does not show what cxnlp says; allowed: nothing. "
                         "Fill in the other columns.")  # fmt: skip
        if sentiment or labels:
            raise _Wrong(f"column `{AGREE}`: found an x beside other answers; allowed: one or the other. Clear one.")
        return Filled(item, item.feeling, item.suggested, marks)
    if labels and sentiment is None:
        raise _Wrong(f"column `{SENTIMENT}`: found nothing, but labels beside it; allowed: {', '.join(STRENGTHS)}. "
                     "Fill it in, or clear the row.")  # fmt: skip
    return Filled(item, sentiment, labels, marks, is_blind)


def _labels(family: str, column: str, cell: str, item: Item) -> Iterator[str]:
    allowed = [code.split(":", 1)[1] for code in item.labels if code.startswith(f"{family}:")]
    for word in _words(cell):
        if word not in allowed:
            raise _Wrong(f"column `{column}`: found {_shown(word)}; allowed: {', '.join(allowed)}. Choose from them.")
        yield f"{family}:{word}"


def _sentiment(cell: str) -> str | None:
    if not cell:
        return None
    strength = cell.removeprefix("'").translate(_MINUS).removeprefix("+").strip()
    strength = strength.removesuffix(".0").replace("-0", "0")
    if strength not in STRENGTHS:
        raise _Wrong(f"column `{SENTIMENT}`: found {_shown(cell)}; allowed: {', '.join(STRENGTHS)}. Choose one.")
    return strength


def _agrees(cell: str) -> bool:
    if cell and cell.lower() not in _AGREED:
        raise _Wrong(f"column `{AGREE}`: found {_shown(cell)}; allowed: x, or nothing. Choose one.")
    return bool(cell)


def _marks(cell: str) -> Iterator[str]:
    for word in _words(cell):
        if not re.fullmatch(MARK_PATTERN, word):
            raise _Wrong(f"column `{MARK_COLUMN}`: found {_shown(word)}; allowed: a word of small letters, digits, "
                         "_, such as parking. Write it so.")  # fmt: skip
        yield word


def _words(cell: str) -> list[str]:
    """The labels in a cell: one, or several with commas or semicolons between; - is none."""
    parts = (part.strip().removeprefix("'").translate(_MINUS).lower() for part in re.split(r"[,;\n]", cell))
    return [part for part in parts if part not in ("", "-")]


def _shown(cell: str) -> str:
    """A cell in an error; what is no label may be a customer's words."""
    return repr(cell) if _SHORT.match(cell) and len(cell.split()) <= 2 else f"a text of {len(cell)} characters"


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else ""
    if isinstance(cell, float):
        return f"{cell:g}"
    return unicodedata.normalize("NFC", str(cell)).strip()


def _table(path: Path) -> Sequence[Sequence[Any]]:
    if not path.is_file():
        raise SheetError(f"{path}: not found. Name the sheet that was filled in.")
    if path.suffix.lower() == ".csv":
        return _rows_of_csv(path)
    if path.suffix.lower() not in (".xlsx", ".ods"):
        raise SheetError(f"{path.name}: found the ending {path.suffix!r}; allowed: .xlsx, .ods or .csv. Save it so.")
    try:
        book = CalamineWorkbook.from_path(str(path))
        if SHEET not in book.sheet_names:
            raise ReviewError(f"{path.name}: found no sheet {SHEET!r}; allowed: the workbook as it was written. Give "
                              "the sheet its name back.")  # fmt: skip
        return book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ReviewError(f"{path.name}: cannot be read as {path.suffix[1:]} ({type(error).__name__}). Save it again "
                          "from the program that edited it.") from None  # fmt: skip


def _rows_of_csv(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ReviewError(f"{path.name}: cannot be read as csv ({error}). Save it again as CSV.") from None


@dataclass(frozen=True)
class Taken:
    """What became of a sheet."""

    n_answers: int  # new, or other than the same reviewer's last sheet said
    n_marks: int
    n_unchanged: int  # rows that say what that reviewer's last sheet said
    n_blank: int


def take_over(workspace: Workspace, rows: Sequence[Filled], reviewer: str, n_blank: int = 0) -> Taken:
    """Store a sheet's answers; a row that says what the reviewer's last sheet said about the mention is left alone.

    So the same file twice changes nothing, even where the reviewer thought otherwise in between, on the screen.
    """
    answers: dict[str, tuple[str | None, frozenset[str]]] = {}
    marks: set[tuple[str, str]] = set()
    for line in journal.answers(workspace):
        if line.reviewer == reviewer and line.via == "sheet" and line.kind == "answer":
            answers[line.item.key] = (line.sentiment, frozenset(line.yes))
        if line.reviewer == reviewer and line.kind == "mark":
            marks |= {(line.item.key, code) for code in line.yes}
    now = datetime.now(UTC)
    common = {"reviewer": reviewer, "reviewed_at": now, "via": "sheet"}
    lines, n_answers, n_marks, n_unchanged = [], 0, 0, 0
    for row in rows:
        new = [code for code in row.marks if (row.item.key, code) not in marks]
        if new:
            lines.append(Answer.model_validate(common | {"kind": "mark", "yes": tuple(new), "item": row.item}))
        is_new = row.sentiment is not None and answers.get(row.item.key) != (row.sentiment, frozenset(row.yes))
        if is_new:
            said = {"kind": "answer", "sentiment": row.sentiment, "yes": row.yes, "item": row.item,
                    "is_blind": row.is_blind}  # fmt: skip
            lines.append(Answer.model_validate(common | said))
        n_answers += is_new
        n_marks += len(new)
        n_unchanged += not is_new and not new
    journal.add_answers(workspace, lines)
    return Taken(n_answers, n_marks, n_unchanged, n_blank)
