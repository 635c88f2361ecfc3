"""Where marks stand: the geometry of the page's drawings, in units of their view boxes. The template only draws."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

#: Either side of zero keeps this share of the axis, so that zero is never at the edge.
_LEAST_SIDE = 0.15

_STRENGTHS = ("n_very_bad", "n_bad", "n_neutral", "n_good", "n_very_good")


class Block(NamedTuple):
    """One block of a bar, 0 … 100 along the bar's length."""

    kind: str
    x: float
    width: float


class Mark(NamedTuple):
    """A value of -1 … 1 with its interval, 0 … 100 along an axis."""

    at: float
    low: float
    high: float


class Axis(NamedTuple):
    """Where zero stands on the shared axis of diverging bars, 0 … 100, and how long one mention is."""

    zero: float
    unit: float

    def block(self, kind: str, start: float, n: float) -> Block:
        """``n`` mentions from ``start`` (negative to the left of zero)."""
        return Block(kind, _round(self.zero + self.unit * start), _round(self.unit * n))


def axis(sides: Sequence[tuple[float, float]]) -> Axis:
    """The axis that holds all bars; zero stands where the longest left and the longest right side meet.

    Args:
        sides: mentions to the left and to the right of zero, bar by bar.
    """
    left = max((bar[0] for bar in sides), default=0)
    right = max((bar[1] for bar in sides), default=0)
    least = _LEAST_SIDE * (left + right)
    left, right = max(left, least), max(right, least)
    length = left + right or 1
    return Axis(_round(100 * left / length), 100 / length)


def sides(row: Mapping[str, Any]) -> tuple[float, float]:
    """Mentions to the left and to the right of zero; neutral ones stand astride."""
    return row["n_negative"] + row["n_neutral"] / 2, row["n_positive"] + row["n_neutral"] / 2


def stack(row: Mapping[str, Any], on: Axis) -> list[Block]:
    """Five blocks from very bad to very good, the neutral one astride zero."""
    at = -sides(row)[0]
    blocks = []
    for column in _STRENGTHS:
        if row[column]:
            blocks.append(on.block(column.removeprefix("n_").replace("_", "-"), at, row[column]))
        at += row[column]
    return blocks


def mark(value: float | None, low: float | None, high: float | None) -> Mark | None:
    """Where a net sentiment stands on an axis from -1 to 1."""
    if value is None or low is None or high is None:
        return None
    return Mark(*(_round(50 + 50 * number) for number in (value, low, high)))


def columns(values: Sequence[float | None], height: float = 100) -> list[tuple[float, float]]:
    """Heights and tops of a small column chart; the highest value fills it, a value of 0 leaves a hair."""
    highest = max((value for value in values if value), default=0) or 1
    tall = [0.0 if value is None else max(_round(height * value / highest), 2.0) for value in values]
    return [(_round(height - size), size) for size in tall]


def _round(number: float) -> float:
    return round(number, 2)
