"""Reading order of pieces of text on a page: across, or down one column and then the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, median_low
from typing import Final

from cxnlp.channels.plain import starts_item

#: The empty strip between two columns is at least this wide (share of the page's width) …
_GUTTER: Final = 0.015
#: … and the text on both sides at least this wide; narrower is a list's signs or a table's figures.
_COLUMN: Final = 0.18
_LEAST_LINES: Final = 3
#: Lines further apart than this many usual distances are two paragraphs.
_PARAGRAPH: Final = 1.3
#: Pieces closer than this share of the line's height are parts of one word.
_TOUCHING: Final = 0.2
#: A line this much shorter than its region (share) may still have been broken by its edge, and one this much shorter
#: where the next goes on in small letters.
_RAGGED, _GOES_ON = 0.05, 0.5
#: PDFium's marks for a word that is parted at the line's end.
_PARTED: Final = ("\x02", "\ufffe")


@dataclass(frozen=True)
class Piece:
    """A run of words at a place; ``top`` is smaller than ``bottom`` (both measured downwards)."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left


def text_in_order(pieces: Sequence[Piece], page_width: float) -> str:
    """Return a page's paragraphs as a person reads them, an empty line where the page leaves one.

    Where some of the page stands in columns, each is read to its end; what spans them (a title) comes where it stands.
    """
    found = _columns(pieces, page_width)
    if found is None:
        return _across(pieces, page_width)
    return join_parts([text_in_order(part, page_width) for part in found if part])


def join_parts(parts: Sequence[str]) -> str:
    """Join the texts of columns or pages: a sentence that goes on in the next one is not parted."""
    text = ""
    for part in parts:
        goes_on = text and text[-1].isalnum() | (text[-1] in ",;–") and part[:1].islower()
        text += part if not text else f" {part}" if goes_on else f"\n\n{part}"
    return text


def _columns(
    pieces: Sequence[Piece], page_width: float
) -> tuple[list[Piece], list[Piece], list[Piece], list[Piece]] | None:
    """Return what stands above, left, right and below, for the edge that parts most pieces; None without columns."""
    ordered = sorted(pieces, key=lambda piece: piece.middle)
    best: tuple[int, int, float] | None = None
    for edge in _edges(ordered):
        gutter = (edge - _GUTTER * page_width, edge)
        for start, end in _runs_beside(ordered, gutter):
            is_better = best is None or end - start > best[1] - best[0]
            if is_better and _are_columns(ordered[start:end], edge, page_width):
                best = (start, end, edge)
    if best is None:
        return None
    start, end, edge = best
    run = ordered[start:end]
    left, right = [piece for piece in run if piece.left < edge], [piece for piece in run if piece.left >= edge]
    return ordered[:start], left, right, ordered[end:]


def _edges(pieces: Sequence[Piece]) -> list[float]:
    """Places where several pieces begin: the left edges of columns."""
    lefts = sorted(piece.left for piece in pieces)
    edges: list[float] = []
    for number, left in enumerate(lefts[: len(lefts) - _LEAST_LINES + 1]):
        if lefts[number + _LEAST_LINES - 1] - left <= 3 and (not edges or left - edges[-1] > 3):
            edges.append(left)
    return edges


def _runs_beside(ordered: Sequence[Piece], gutter: tuple[float, float]) -> list[tuple[int, int]]:
    """Stretches of pieces, top to bottom, of which none stands in the gutter."""
    runs, start = [], 0
    for number, piece in enumerate(ordered):
        if piece.left < gutter[1] and piece.right > gutter[0]:
            runs.append((start, number))
            start = number + 1
    return [run for run in [*runs, (start, len(ordered))] if run[1] - run[0] >= 2 * _LEAST_LINES]


def _are_columns(run: Sequence[Piece], edge: float, page_width: float) -> bool:
    """True when both sides hold enough lines, wide enough to be running text, beside each other."""
    left, right = [piece for piece in run if piece.left < edge], [piece for piece in run if piece.left >= edge]
    if min(len(left), len(right)) < _LEAST_LINES:
        return False
    is_wide = all(median(piece.width for piece in side) >= _COLUMN * page_width for side in (left, right))
    return is_wide and left[0].top < right[-1].bottom and right[0].top < left[-1].bottom


def _across(pieces: Sequence[Piece], page_width: float) -> str:
    """The paragraphs of a region without columns: lines that were broken only at its edge are joined."""
    rows = _rows(pieces)
    region = _region(rows, page_width)
    bottoms = [max(piece.bottom for piece in row) for row in rows]
    steps = [after - before for before, after in pairwise(bottoms)]
    usual = median_low(steps) if steps else 0.0
    text = ""
    for number, row in enumerate(rows):
        line = _joined(row)
        if not number:
            text = line
        elif steps[number - 1] > _PARAGRAPH * usual:
            text += f"\n\n{line}"
        elif text.endswith(_PARTED):
            text = text[:-1] + line
        elif starts_item(line) or not _is_full(rows[number - 1], line, row, region):
            text += f"\n{line}"
        else:
            text += line if text.endswith("-") else f" {line}"
    return text


def _region(rows: Sequence[Sequence[Piece]], page_width: float) -> tuple[float, float]:
    """The left and right edge of a region; where few lines come near it, the page's margins are taken to be equal."""
    left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    margin = page_width - left
    n_full = sum(row[-1].right > right - 0.1 * (right - left) for row in rows)
    is_short = n_full < _LEAST_LINES and page_width / 2 < right < left + 0.75 * (margin - left)
    return left, margin if is_short else right


def _is_full(before: Sequence[Piece], line: str, row: Sequence[Piece], region: tuple[float, float]) -> bool:
    """True when the first word of ``line`` would not have fitted at the end of the row before it.

    A row that begins far from the left edge is part of a centred or right-aligned letterhead.
    """
    left, right = region
    per_sign = (row[-1].right - row[0].left) / max(len(line), 1)
    needed = before[-1].right + per_sign * (1 + len(line.partition(" ")[0]))
    goes_on = line[:1].islower() and before[-1].text.rstrip()[-1:] not in ".!?:;"
    slack = (_GOES_ON if goes_on else _RAGGED) * (right - left)
    return before[0].left < left + 0.2 * (right - left) and needed > right - slack


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Group pieces that stand on one line, top to bottom, each row from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.middle, piece.left)):
        if rows and any(_on_one_line(piece, other) for other in rows[-1][-4:]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _on_one_line(one: Piece, other: Piece) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _joined(row: Sequence[Piece]) -> str:
    """The words of a line; pieces that touch are parts of one word."""
    height = max(piece.bottom - piece.top for piece in row)
    line = row[0].text
    for before, piece in pairwise(row):
        touches = piece.left - before.right < _TOUCHING * height
        line += piece.text if touches or line.endswith(" ") else f" {piece.text}"
    return " ".join(line.split())
