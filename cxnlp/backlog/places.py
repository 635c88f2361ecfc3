"""Where a fix is, in terms such as "location=Saltwell": values of columns of feedback that tell it from elsewhere."""

from collections.abc import Iterable
from typing import Final

import duckdb

from cxnlp.backlog.events import sql
from cxnlp.errors import CxnlpError
from cxnlp.warehouse.counting import DIMENSIONS

EVERYWHERE: Final = "everywhere"  # what people write where a fix is in no places of its own

_APART: Final = ";"  # between terms that stand in one cell; values that have it cannot be named
_N_NAMED: Final = 10  # values that a refusal names


class PlaceRefused(CxnlpError):
    """No feedback is from such a place; the message says what was found and what is allowed."""

    exit_code = 2


def read(words: str) -> tuple[str, ...]:
    """Return the terms of one cell, as `in_words` writes them or people do; none for "everywhere"."""
    terms = tuple(term.strip() for term in words.split(_APART) if term.strip())
    return () if terms == (EVERYWHERE,) else terms


def known(connection: duckdb.DuckDBPyConnection, terms: Iterable[str], least_group: int) -> tuple[str, ...]:
    """Return terms as feedback has them, sorted: of a value all spellings that differ by capitals only.

    Args:
        connection: the working database.
        terms: ``column=value``, the columns being those that numbers can be counted by.
        least_group: a refusal names values of this many people only.

    Raises:
        PlaceRefused: there is no such column, or no feedback with such a value.
    """
    return tuple(sorted({each for term in terms for each in _spelled(connection, term, least_group)}))


def in_words(terms: Iterable[str] | None) -> str | None:
    """Return terms as one cell: "location=Hull; location=Saltwell"; None for everywhere."""
    return f"{_APART} ".join(terms or ()) or None


def _spelled(connection: duckdb.DuckDBPyConnection, term: str, least_group: int) -> list[str]:
    column, _, value = (part.strip() for part in term.partition("="))
    if column not in DIMENSIONS:
        raise PlaceRefused(f"where: found {term!r}. Allowed: a column and a value, such as location=Saltwell; "
                           f"columns are {', '.join(DIMENSIONS)}.")  # fmt: skip
    values = connection.execute(sql("places"), {"column": column}).fetchall()
    named = [name for name, _ in values if name.casefold() == value.casefold() and _APART not in name]
    if not named:
        usual = [name for name, n_customers in values if n_customers >= least_group and _APART not in name]
        more = " …" if len(usual) > _N_NAMED else ""
        raise PlaceRefused(f"where: found no feedback with {column} {value!r}. "
                           f"Allowed: {', '.join(usual[:_N_NAMED]) or 'nothing, as too few tell'}{more}.")  # fmt: skip
    return [f"{column}={name}" for name in named]
