"""Rows of a documented view, filtered by its columns, page by page."""

import re
from collections.abc import Iterable
from typing import Any, Final

import duckdb
import polars as pl

from cxnlp.answers.wrong import NotThere, WrongQuestion
from cxnlp.warehouse import contract, reading, sql

MOST_ROWS: Final = 1_000

#: What may stand behind a column and a dot: ``week.ge=2026-10-05``. Without one the value must be the same.
_COMPARED: Final = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_NULL: Final = {"null": "IS NULL", "given": "IS NOT NULL"}
_WITHIN: Final = "contains"

#: Ends the file of a view whose rows have an order: by what no two of them share, so that it is the same each time.
_OWN_ORDER: Final = re.compile(r"^ORDER BY ", re.MULTILINE)


def documented(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the views whose columns are promised: name, kind, n_columns, meaning."""
    _, views = contract.promised()
    return reading.relations(connection).filter(pl.col("name").is_in(list(views))).to_dicts()


def columns(connection: duckdb.DuckDBPyConnection, view: str) -> list[dict[str, Any]]:
    """Return a view's columns: name, type, meaning.

    Raises:
        NotThere: it is no documented view.
    """
    _promised(view)
    return reading.columns_of(connection, view).to_dicts()


def rows(
    connection: duckdb.DuckDBPyConnection, view: str, filters: Iterable[tuple[str, str]] = (), *,
    order: str | None = None, n: int = 100, offset: int = 0,
) -> pl.DataFrame:  # fmt: skip
    """Return rows of a view in its own order unless another is asked for: pages belong together.

    A view that has none gives them by all its columns from the left.

    Args:
        connection: of `open_published`.
        view: its name.
        filters: pairs of a column and a value in the column's type, all of which must hold; ``column.ge`` and the like
            compare (eq, ne, lt, le, gt, ge), ``column.contains`` looks for words, ``column.null`` and
            ``column.given`` ask whether there is a value.
        order: a column; with a minus before it, the largest first.
        n: how many at most, 1 to `MOST_ROWS`.
        offset: how many to leave out before.

    Raises:
        NotThere: it is no documented view.
        WrongQuestion: a column or comparison that is not, or a value that is none of the column's type.
    """
    types = _promised(view)
    conditions: list[str] = []
    values: list[str] = []
    asked_of = list(filters)
    for asked, value in asked_of:
        condition, bound = _condition(view, types, asked, value, len(values) + 1)
        conditions.append(condition)
        values += bound
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    query = f"FROM {sql.identifier(view)}{where}{_order(view, types, order)} LIMIT {int(n)} OFFSET {int(offset)}"
    try:
        return connection.execute(query, values).pl()
    except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
        allowed = ", ".join(f"{name} ({types[name.partition('.')[0]]})" for name, _ in asked_of)
        raise WrongQuestion(f"{view}: a value does not fit its column. Allowed: {allowed}.") from error


def _promised(view: str) -> contract.Columns:
    _, views = contract.promised()
    if view not in views:
        raise NotThere(f"{view!r}: no documented view; there is: {', '.join(sorted(views))}.")
    return views[view]


def _condition(
    view: str, types: contract.Columns, asked: str, value: str, place: int
) -> tuple[str, list[str]]:  # fmt: skip
    name, _, comparison = asked.partition(".")
    if name not in types:
        raise WrongQuestion(f"{view}: found no column {name!r}; there is: {', '.join(types)}.")
    column = sql.identifier(name)
    if comparison in _NULL:
        return f"{column} {_NULL[comparison]}", []
    if comparison == _WITHIN:
        return f"contains(lower(CAST({column} AS VARCHAR)), lower(${place}))", [value]
    if (sign := _COMPARED.get(comparison or "eq")) is None:
        allowed = ", ".join([*_COMPARED, *_NULL, _WITHIN])
        raise WrongQuestion(f"{asked}: found {comparison!r} behind the dot; allowed: {allowed}.")
    return f"{column} {sign} CAST(${place} AS {types[name]})", [value]


def _order(view: str, types: contract.Columns, order: str | None) -> str:
    if order is None:
        return "" if _OWN_ORDER.search(sql.text(f"views/{view}.sql")) else " ORDER BY ALL"
    name = order.removeprefix("-")
    if name not in types:
        raise WrongQuestion(f"{view}: found no column {name!r} to order by; there is: {', '.join(types)}.")
    rest = ", ".join(sql.identifier(each) for each in types if each != name)
    return f" ORDER BY {sql.identifier(name)} {'DESC' if order.startswith('-') else 'ASC'} NULLS LAST, {rest}"
