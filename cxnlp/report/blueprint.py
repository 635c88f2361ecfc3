"""Where everything on the journey map stands, in units of its view box. The template only draws.

Stages are columns, from left to right. In each, from top to bottom: its name and feeling, its moments of truth, its
decision point, from which the way goes on to the next stage, the line of visibility, and what goes on behind it.
Narrow screens get fewer columns, in several rows.
"""

import textwrap
from collections.abc import Sequence
from math import sqrt
from typing import Any, Final, NamedTuple

from cxnlp.report.journey import VERDICTS, Activity, Stage
from cxnlp.report.words import listed

#: Radius of the mark with most mentions, and of the smallest.
LARGEST: Final = 17.0
SMALLEST: Final = 4.0

#: Outlines of marks around 0, half a unit of size 1; the template and the script scale them.
SHAPES: Final = {
    "moment": "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0Z",
    "decision": "M-1.15 0L0-1.15L1.15 0L0 1.15Z",
    "internal": "M-.88-.88H.88V.88H-.88Z",
}

_HEAD: Final = 98  # height of a stage's name and feeling
_LINE: Final = 15.5
_GAP: Final = 13  # between two marks
_CENTRE: Final = 24  # of marks, from the column's left edge
_TEXT: Final = 50  # where their words begin
_CAPTION: Final = 40  # height of the line of visibility with its words
_TURN: Final = 8  # radius of the turns of the way
_CHARACTER: Final = 6.9  # width of a usual one at the names' size


class Mark(NamedTuple):
    """An activity with its place: ``x`` and ``y`` are its middle, ``r`` half its size."""

    of: Activity
    x: float
    y: float
    r: float
    top: float
    height: float
    text_x: float
    lines: list[tuple[float, str]]
    value_y: float
    values: list[str]  # its numbers, line by line
    flag_y: float | None
    says: str  # to screen readers


class Column(NamedTuple):
    """A stage with its place."""

    of: Stage
    x: float
    width: float
    is_first: bool
    way: str  # from mark to mark, and on to the next stage
    arrow: str  # where it comes in from the stage before; nothing in the first column
    line_y: float  # of visibility
    marks: list[Mark]
    owners: list[tuple[float, str]]


class Blueprint(NamedTuple):
    """One row of stages; ``shape`` is wide, middle or narrow, ``says`` is for screen readers."""

    shape: str
    says: str
    width: float
    height: float
    columns: list[Column]


def blueprints(stages: Sequence[Stage]) -> list[Blueprint]:
    """Return the map in the three shapes that screens need; a shape has a drawing for each row of stages."""
    return [*_rows(stages, "wide", 6, 1200), *_rows(stages, "middle", 3, 690), *_rows(stages, "narrow", 1, 350)]


def radius(n: float, most: float) -> float:
    """Return half the size of a mark: its area grows with ``n``."""
    return round(max(SMALLEST, LARGEST * sqrt(n / most)), 2) if n and most else SMALLEST


def _rows(stages: Sequence[Stage], shape: str, n_columns: int, width: float) -> list[Blueprint]:
    everything = [each for stage in stages for each in (*stage.moments, *stage.decisions, *stage.internals)]
    most = max((each.n for each in everything), default=1)
    drawings = []
    for first in range(0, len(stages), n_columns):
        row = stages[first : first + n_columns]
        columns: list[Column] = []
        goes_on = first + n_columns < len(stages)
        height = _row(row, columns, width / n_columns, most, goes_on=goes_on)
        words = f"Journey map: {listed([stage.name for stage in row])}"
        drawings.append(Blueprint(shape, words, width, round(height, 1), columns))
    return drawings


def _row(row: Sequence[Stage], columns: list[Column], width: float, most: float, *, goes_on: bool) -> float:
    """Add the columns of one row; return its height. Their lanes are of one height."""
    letters = int((width - _TEXT - 8) / _CHARACTER)
    tall = max(sum(_height(each, letters) for each in stage.moments) for stage in row)
    decided = max(sum(_height(each, letters) for each in stage.decisions) for stage in row)
    line_y = _HEAD + tall + decided + _TURN
    ends = []
    for place, stage in enumerate(row):
        x = place * width
        marks: list[Mark] = []
        _stack(stage.moments, marks, x, _HEAD, letters, most)
        _stack(stage.decisions, marks, x, _HEAD + tall, letters, most)
        foot = _stack(stage.internals, marks, x, line_y + _CAPTION, letters, most)
        words = textwrap.wrap(f"Behind it: {stage.owners}", int((width - 14) / 6.2)) if stage.owners else []
        owners = [(round(foot + 14 + number * 15, 1), line) for number, line in enumerate(words)]
        ends.append(foot + 15 * len(words) + 14)
        is_last = place + 1 == len(row)
        decision_y = marks[len(stage.moments)].y
        way = f"M{x + _CENTRE} {marks[0].y}V{decision_y if is_last and not goes_on else line_y - 2 * _TURN}"
        way += "" if is_last else _onward(x, width, line_y - _TURN)
        tip = marks[0].y - LARGEST - 7
        arrow = f"M{x + _CENTRE - 4} {tip - 6}l4 6l4 -6" if place else ""
        columns.append(Column(stage, x, width, place == 0, way, arrow, line_y, marks, owners))
    return max(ends)


def _onward(x: float, width: float, y: float) -> str:
    """The way from a column's decision point at the height ``y`` along its right edge to the top of the next column."""
    edge, top, to = x + width - 5, _HEAD - 14, x + width + _CENTRE
    up = f"q0 {_TURN} {_TURN} {_TURN}H{edge - _TURN}q{_TURN} 0 {_TURN} {-_TURN}V{top + _TURN}"
    return f"{up}q0 {-_TURN} {_TURN} {-_TURN}H{to - _TURN}q{_TURN} 0 {_TURN} {_TURN}V{_HEAD + 12}"


def _stack(lane: Sequence[Activity], marks: list[Mark], x: float, y: float, letters: int, most: float) -> float:
    for each in lane:
        height = _height(each, letters)
        names = _lines(each.name, letters)
        values = _values(each)
        text = len(names) + len(values) + bool(each.flag)
        top = y + (height - _GAP - text * _LINE) / 2 + 12
        middle = y + (height - _GAP) / 2
        places = [round(top + number * _LINE, 1) for number in range(text)]
        flag_y = places[-1] if each.flag else None
        marks.append(Mark(
            each, x + _CENTRE, round(middle, 1), radius(each.n, most), round(y - 3, 1), round(height - _GAP + 6, 1),
            x + _TEXT, list(zip(places, names, strict=False)), places[len(names)], values, flag_y, _said(each),
        ))  # fmt: skip
        y += height
    return y


def _height(each: Activity, letters: int) -> float:
    return max(2 * LARGEST + 6, (len(_lines(each.name, letters)) + _n_values(each) + bool(each.flag)) * _LINE) + _GAP


def _values(each: Activity) -> list[str]:
    """Who goes on and who turns away stand below each other: thousands of both are wider than a column."""
    return each.value.split(" · ") if each.kind == "decision" else [each.value]


def _n_values(each: Activity) -> int:
    return 2 if each.kind == "decision" else 1  # filters may need both lines


def _lines(name: str, letters: int) -> list[str]:
    return textwrap.wrap(name, letters, max_lines=3, placeholder="…")


def _said(each: Activity) -> str:
    parts: list[Any] = [each.name, each.value, VERDICTS[each.feeling] if each.feeling != "silent" else "", each.flag]
    return ", ".join(part for part in parts if part)
