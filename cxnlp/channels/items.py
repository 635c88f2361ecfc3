"""One arrived thing, and how it becomes a row of an items frame."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Final

import polars as pl

from cxnlp.channels.files import File
from cxnlp.frames import ITEMS
from cxnlp.settings import Source

#: A longer text is no letter, note or post; it would only hide a mistake (two files glued, a quote left open).
MAX_TEXT_CHARS: Final = 200_000
_FIRST_EMOJI: Final = 0x2300  # a heart alone is a judgement too


class Unusable(Exception):
    """A file or a part of it cannot be used; the message says what was found, what is allowed and how to mend it."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """What a reader found: usable (``text``) or not (``problem``).

    ``occurred_at`` and ``received_at`` are in UTC; None stands for the file's time. ``external_id`` None stands for the
    file's name.
    """

    text: str | None = None
    external_id: str | None = None
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    speakers: Sequence[str | None] | None = None
    repost_of: str | None = None
    author: str | None = None
    customer: str | None = None
    employee: str | None = None
    product: str | None = None
    location: str | None = None
    segment: str | None = None
    rating: float | None = None
    row: int | None = None
    problem: str | None = None


_FIELDS: Final = tuple(field.name for field in fields(Item))


def unusable(problem: str, row: int | None = None) -> Item:
    """Return the item that stands for something unusable."""
    return Item(problem=problem, row=row)


def checked(item: Item) -> Item:
    """Return ``item``, or its problem when it has no words or far too many."""
    if item.problem is not None:
        return item
    text = item.text or ""
    if not any(sign.isalpha() or ord(sign) > _FIRST_EMOJI for sign in text):
        return unusable("Has no words. A letter, note or post needs at least one; numbers alone say nothing.", item.row)
    if len(text) > MAX_TEXT_CHARS:
        return unusable(
            f"Has {len(text):,} characters of text; at most {MAX_TEXT_CHARS:,} are allowed. Split it into "
            "its single letters, notes or posts.",
            item.row,
        )
    return item


def frame(source: Source, arrived: Sequence[tuple[File, Item]]) -> pl.DataFrame:
    """Return an items frame (``frames.ITEMS``) with one row for each of ``arrived``, in order."""
    columns: dict[str, list[object]] = {name: [] for name in ITEMS}
    for file, item in arrived:
        received_at = item.received_at or datetime.fromtimestamp(file.modified_ns // 1_000 / 1_000_000, UTC)
        for name in _FIELDS:
            columns[name].append(_storable(getattr(item, name)))
        columns["source"].append(source.name)
        columns["channel"].append(source.channel)
        columns["file"].append(file.name)
        columns["received_at"][-1] = received_at
        if item.problem is None:
            columns["occurred_at"][-1] = item.occurred_at or received_at
            columns["external_id"][-1] = columns["external_id"][-1] or _place(file, item.row)
    return pl.DataFrame(columns, schema=ITEMS)


def _place(file: File, row: int | None) -> str:
    return file.name if row is None else f"{file.name}#{row}"


def _storable(value: object) -> object:
    """Replace halves of a surrogate pair, which JSON may spell and UTF-8 cannot hold."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode("utf-8")
    return list(value) if isinstance(value, tuple) else value
