"""Finds as intervals of the text, and the text with placeholders in their place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """One find: characters ``start`` … ``end`` (exclusive) of the unmasked text are a ``kind`` (``EMAIL``, …).

    Persons carry their ``name`` as written and, when they work for the company, their ``role``.
    """

    start: int
    end: int
    kind: str
    name: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A placeholder in the masked text, and the find that it stands for."""

    start: int
    end: int
    span: Span


def replace(text: str, spans: Sequence[Span]) -> tuple[str, list[Placed]]:
    """Return ``text`` with ``[KIND]`` for each span, and where the placeholders are.

    ``spans`` must not overlap. A span over a line end gives one placeholder a line, so lines stay where they are.
    """
    pieces: list[str] = []
    placed: list[Placed] = []
    read = written = 0
    for span in sorted(spans, key=lambda each: each.start):
        for start, end in lines(text, span):
            placeholder = f"[{span.kind}]"
            written += start - read
            pieces += (text[read:start], placeholder)
            placed.append(Placed(written, written + len(placeholder), span))
            written += len(placeholder)
            read = end
    pieces.append(text[read:])
    return "".join(pieces), placed


def lines(text: str, span: Span) -> Iterable[tuple[int, int]]:
    """Yield where ``span`` lies on each line of ``text``; blank lines have no part of it."""
    start = span.start
    for line in text[span.start : span.end].split("\n"):
        end = start + len(line)
        if line.strip():
            yield start, end
        start = end + 1
