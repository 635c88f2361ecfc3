"""What an item is called: what goes wrong, in the taxonomy's words, and what it is about, in its customers'."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cxnlp.backlog.terms import N_TERMS, stems

Row = Mapping[str, Any]


def phrase(row: Row) -> str:
    """Return what goes wrong, in the taxonomy's plain words.

    Args:
        row: an item as items.sql gives it: ``kind``, ``name`` and ``worse`` of its label, ``theme`` (its name or
            null) and ``is_theme_named`` (whether a person gave that name).
    """
    if row["kind"] == "unmeasurable":
        return f"{row['name']} is missing ({row['worse']})"
    return str(row["worse"])


def spoken(row: Row) -> str:
    """Return the words that need no telling: those of the phrase, of the label and of the theme's name."""
    return f"{phrase(row)} {row['name']} {row['theme'] or ''}"


def title(row: Row, terms: Sequence[str], kept: Sequence[str] = ()) -> tuple[str, list[str]]:
    """Return an item's title, and what of it its customers say.

    A name that a person gave to the theme stands alone. Else what is ``kept`` of an earlier title does. Else, of a name
    that the night gave, what the phrase has not said comes first; the item's own ``terms`` fill up to `N_TERMS`, so
    that two themes of the same name can be told apart.
    """
    told = stems(phrase(row))
    parts = [row["theme"]] if row["is_theme_named"] else re.findall(r"[^,\s][^,]*", row["theme"] or "")
    untold = [part for part in parts if not stems(part) <= told]
    shown = parts if row["is_theme_named"] else list(kept) or [*untold, *terms][:N_TERMS] or parts
    return (f"{phrase(row)}: {', '.join(shown)}" if shown else phrase(row)), shown


def kept(row: Row, before: str, quotes: Iterable[str]) -> list[str]:
    """Return what stays of the title ``before`` of an item that somebody decided about: the words still said.

    Nothing stays where the phrase is another one now.

    Args:
        row: as of `phrase`.
        before: the title when somebody decided.
        quotes: what the item's customers say now.
    """
    head = f"{phrase(row)}: "
    if not before.startswith(head):
        return []
    said = frozenset[str]().union(*map(stems, quotes))
    return [words for words in before.removeprefix(head).split(", ") if stems(words) <= said]
