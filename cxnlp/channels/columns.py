"""Which column of a table holds what: as ``cxnlp.toml`` says, else guessed from names and content."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

import yaml

from cxnlp.channels.dates import parse_clock, parse_when
from cxnlp.channels.items import Unusable
from cxnlp.settings import Source

Cell = object
Row = Sequence[Cell]

_HEADER_ROWS: Final = 20
#: In a guessed column this share of filled cells must be dates, and of ids each must be of one row only.
_DATES_SHARE: Final = 0.6
_UNIQUE_SHARE: Final = 0.9
_TEXT_LENGTH: Final = 30  # mean characters of a column that is text, though its name does not say so


@dataclass(frozen=True)
class Columns:
    """Where things are in a table: positions from 0, and how each was found (given, name, content)."""

    header_row: int
    header: tuple[str, ...]
    position: Mapping[str, int]
    how: Mapping[str, str]
    clock: int | None = None  # a column that holds the time of day, where occurred_at holds the date alone


def find_columns(source: Source, head: Sequence[Row], *, is_headed: bool = False) -> Columns:
    """Find the header and the columns in the first rows of a table.

    Args:
        source: whose ``columns`` come first.
        head: the first rows.
        is_headed: the first of them is the header for sure, as in Parquet and databases.

    Raises:
        Unusable: a column that ``cxnlp.toml`` names is not there, or none holds text or dates.
    """
    header_row = 0 if is_headed else _header_row(source, head)
    header = tuple(as_text(cell) or "" for cell in head[header_row]) if head else ()
    sample = [row for row in head[header_row + 1 :] if any(as_text(cell) for cell in row)]
    position = _given(source, header)
    how = dict.fromkeys(position, "given")
    clock = _by_content_of(_named("time_of_day", header, position), sample, lambda cell: parse_clock(cell) is not None)
    for column in _synonyms():
        if column == "time_of_day" or column in position:
            continue
        found, reason = _guess(source, column, header, sample, position)
        if found is not None:
            position[column], how[column] = found, reason
    if clock in position.values():
        clock = None
    _require(source, position, header)
    return Columns(header_row, header, position, how, clock)


def _header_row(source: Source, head: Sequence[Row]) -> int:
    """The row that names most columns; a table may have titles above it.

    Raises:
        Unusable: no row names a column that is known, and the first row looks like data.
    """
    given = {_folded(name) for name in source.columns.values()}
    scores = []
    for row in head[:_HEADER_ROWS]:
        names = [_folded(as_text(cell) or "") for cell in row]
        scores.append((sum(name in given for name in names), sum(name in _known() for name in names)))
    best = max(scores, default=(0, 0))
    if best > (0, 0):
        return scores.index(best)
    number = next(
        (number for number, row in enumerate(head[:_HEADER_ROWS]) if sum(map(bool, map(as_text, row))) > 1), 0
    )
    if any(_is_data(source, cell) for row in head[number : number + 1] for cell in row):
        raise Unusable(
            "Has no header: its first row looks like data. A table needs a row with the columns' names; add one."
        )
    return number


def _is_data(source: Source, cell: Cell) -> bool:
    return (
        len(as_text(cell) or "") > 80 or parse_when(cell, day_first=source.day_first, zone=ZoneInfo("UTC")) is not None
    )


def _given(source: Source, header: Sequence[str]) -> dict[str, int]:
    position = {}
    folded = [_folded(name) for name in header]
    for column, name in source.columns.items():
        if _folded(name) not in folded:
            raise Unusable(
                f"Has no column {name!r}, which cxnlp.toml names for `{column}`. Its columns are {_shown(header)}. "
                f"Set columns.{column} of source {source.name!r} to one of these."
            )
        position[column] = folded.index(_folded(name))
    return position


def _guess(
    source: Source, column: str, header: Sequence[str], sample: Sequence[Row], taken: Mapping[str, int]
) -> tuple[int | None, str]:
    """Return the position of ``column``, None when it cannot be found, and whether its name or its content told."""
    named = _named(column, header, taken)
    free = [number for number in range(len(header)) if number not in taken.values()]
    if column == "external_id":
        return next((number for number in named if _is_unique(sample, number)), None), "name"
    if column == "occurred_at":
        zone = ZoneInfo(source.timezone)

        def is_date(cell: Cell) -> bool:
            return parse_when(cell, day_first=source.day_first, zone=zone) is not None

        found = _by_content_of(named, sample, is_date)
        return (
            (found, "name")
            if found is not None
            else (_by_content_of(free if sample else [], sample, is_date), "content")
        )
    if column == "text":
        long = [number for number in named or free if _mean_length(sample, number) >= _TEXT_LENGTH]
        if named:
            return (long or named)[0], "name"
        return max(long, key=lambda number: _mean_length(sample, number), default=None), "content"
    return (named[0] if named else None), "name"


def _named(column: str, header: Sequence[str], taken: Mapping[str, int]) -> list[int]:
    """Positions of headers that mean ``column``, best first."""
    folded = [_folded(name) for name in header]
    free = [number for number in range(len(header)) if number not in taken.values() and folded[number]]
    exact = [number for synonym in _synonyms()[column] for number in free if folded[number] == synonym]
    others = {synonym for name, synonyms in _synonyms().items() if name != column for synonym in synonyms}
    within = [
        number
        for synonym in _synonyms()[column]
        for number in free
        if set(synonym.split()) < set(folded[number].split()) and folded[number] not in others
    ]
    return list(dict.fromkeys(exact + within))


def _by_content_of(numbers: Sequence[int], sample: Sequence[Row], fits: Callable[[Cell], bool]) -> int | None:
    """The first of ``numbers`` whose filled cells mostly fit; any, where the table has no rows yet."""
    if not sample:
        return next(iter(numbers), None)
    for number in numbers:
        cells = [cell for row in sample if (cell := cell_at(row, number)) not in (None, "")]
        if cells and sum(fits(cell) for cell in cells) >= _DATES_SHARE * len(cells):
            return number
    return None


def _is_unique(sample: Sequence[Row], number: int) -> bool:
    """True when the column tells rows apart; several notes of one case must not overwrite each other."""
    values = [value for row in sample if (value := as_text(cell_at(row, number)))]
    return (
        bool(values) and len(set(values)) >= _UNIQUE_SHARE * len(values) and len(values) >= _UNIQUE_SHARE * len(sample)
    )


def _mean_length(sample: Sequence[Row], number: int) -> float:
    lengths = [len(text) for row in sample if (text := as_text(cell_at(row, number))) and " " in text]
    return sum(lengths) / max(len(sample), 1)


def _require(source: Source, position: Mapping[str, int], header: Sequence[str]) -> None:
    if "text" not in position:
        raise Unusable(
            f"Has no column that looks like what the customer said. Its columns are {_shown(header)}. Name the "
            f"right one "
            'in cxnlp.toml: columns.text = "…".'
        )
    if "occurred_at" in position:
        return
    named = _named("occurred_at", header, position)
    if named:
        raise Unusable(
            f"Column {header[named[0]]!r} holds few dates that can be read. {allowed_dates(source)} Set day_first or "
            f"columns.occurred_at of source {source.name!r}."
        )
    raise Unusable(
        f"Has no column that looks like dates. Its columns are {_shown(header)}. Name the right one in cxnlp.toml: "
        'columns.occurred_at = "…".'
    )


def allowed_dates(source: Source) -> str:
    """Say which dates a table of ``source`` may hold."""
    order = "day first, as 31/12/2026" if source.day_first else "month first, as 12/31/2026"
    return f"Allowed are 2026-12-31 and dates written {order} (day_first in cxnlp.toml says which)."


def _shown(header: Sequence[str]) -> str:
    """The headers for a message; nothing where none is known, as the row may be a customer's."""
    names = [name if len(name) <= 40 else name[:37] + "…" for name in header if name]
    if not any(_folded(name) in _known() for name in names):
        return "none that is known"
    return ", ".join(repr(name) for name in names[:20])


def cell_at(row: Row, number: int) -> Cell:
    """Return a row's cell, None where the row ends before it."""
    return row[number] if number < len(row) else None


def as_text(cell: Cell) -> str | None:
    """Return a cell as text without a needless ``.0``; None when it is empty."""
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    return str(cell).strip() or None


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).strip().casefold()


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(word for words in _synonyms().values() for word in words)


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, list[str]]:
    data = yaml.safe_load(resources.files("cxnlp.channels").joinpath("columns.yaml").read_text("utf-8"))
    return {column: [_folded(word) for word in words] for column, words in data.items()}
