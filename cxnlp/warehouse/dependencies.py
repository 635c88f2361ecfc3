"""Which views another value in a table may change: by the words of their files, so that nothing is run to know it."""

import re
from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import Final, NamedTuple

from cxnlp.warehouse import sql
from cxnlp.warehouse.schema import VIEWS

_SILENT: Final = re.compile(r"--[^\n]*|'(?:[^']|'')*'|COMMENT ON [^;]*;")
_MADE: Final = re.compile(r"CREATE OR REPLACE (?:MACRO|VIEW) (\w+)")
_WORD: Final = re.compile(r"\w+")

#: Where a query takes over all columns of what it reads, without a word for each.
_STAR: Final = re.compile(r"(?:\bSELECT|,|\.)\s*\*|(?:\(|\bAS|;)\s*FROM\b")


class _Text(NamedTuple):
    """The words of a macro or view, in small letters; and those of its parts that take over all columns."""

    words: frozenset[str]
    starred: frozenset[str]


def changed_views(changed: Mapping[str, Set[str] | None]) -> frozenset[str]:
    """Return the views out of which other rows may come when these tables have other values in these columns.

    A view counts that reads a table and names one of the columns, or takes over all columns of it; and every view that
    reads such a view or macro. A word that only looks like a name makes it one view too many, never one too few.

    Args:
        changed: columns by table; None for a table that has more or fewer rows.
    """
    columns = frozenset(name.lower() for names in changed.values() for name in names or ())
    tables = frozenset(changed)
    found = frozenset(table for table, names in changed.items() if names is None)
    while True:
        touched = {name for name, text in _texts().items() if _is_touched(text, found, tables, columns)}
        if touched <= found:
            return found & frozenset(VIEWS)
        found |= touched


def _is_touched(text: _Text, found: Set[str], tables: Set[str], columns: Set[str]) -> bool:
    if text.words & found or text.starred & tables:
        return True
    return bool(text.words & tables and text.words & columns)


@cache
def _texts() -> Mapping[str, _Text]:
    """Return what macros and views say, by name."""
    found: dict[str, _Text] = {}
    for file in sql.files_of_views():
        _, *parts = _MADE.split(_SILENT.sub(" ", sql.text(file)))
        for name, body in zip(parts[::2], parts[1::2], strict=True):
            starred = frozenset(word for part in _starred(body) for word in _words(part))
            found[name] = _Text(_words(body) - {name}, starred)
    return found


def _starred(body: str) -> Iterator[str]:
    """The rest of each query that takes over all columns: what it reads stands there."""
    if "COLUMNS(" in body:
        yield body
    for star in _STAR.finditer(body):
        yield _rest_of_query(body[star.end() :])


def _rest_of_query(text: str) -> str:
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth < 0 or sign == ";":
            return text[:position]
    return text


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))
