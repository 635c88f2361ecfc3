"""The page's questions: every number on it is a row of one of these SQL files, and the page shows the query."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from cxnlp.insight import Period

Row = Mapping[str, Any]

_FOLDER: Final = Path(__file__).with_name("queries")


@dataclass(frozen=True)
class Answer:
    """One query's question and grain, the SQL that anyone may run against the published database, and its rows."""

    name: str  # of its file
    question: str
    notes: str
    sql: str
    rows: Sequence[Row]


@contextmanager
def reading(connection: duckdb.DuckDBPyConnection, period: Period) -> Iterator[None]:
    """Read the part of the view ``evidence`` that the page is about once, into the temporary table ``period``."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE period AS {_period(period)}")
    try:
        yield
    finally:
        connection.execute("DROP TABLE temp.period")


def ask(connection: duckdb.DuckDBPyConnection, period: Period) -> dict[str, Answer]:
    """Run every query of the folder ``queries`` while `reading`; the key is the file's name.

    The SQL that is shown puts the selection of ``period`` in front of the query, so that it runs anywhere.
    """
    return {path.stem: _answer(connection, path, period) for path in sorted(_FOLDER.glob("*.sql"))}


def answer(connection: duckdb.DuckDBPyConnection, name: str, period: Period) -> Answer:
    """Run one query of the folder ``queries`` by itself."""
    with reading(connection, period):
        return _answer(connection, _FOLDER / f"{name}.sql", period)


def selection(period: Period) -> str:
    """The part of the view ``evidence`` that the page is about, as the end of an SQL statement."""
    return f"FROM evidence\nWHERE occurred_on BETWEEN DATE '{period.first_on}' AND DATE '{period.last_on}'"


def _period(period: Period) -> str:
    """The page's mentions and tags; what is costly to cut from the texts and not asked for is left out."""
    return f"SELECT * EXCLUDE (context, evidence)\n{selection(period)}"


def _answer(connection: duckdb.DuckDBPyConnection, path: Path, period: Period) -> Answer:
    header, query = _parts(path.read_text("utf-8"))
    question = re.search(r"Question: (.*?\?)", header, re.DOTALL)
    assert question is not None, "every query starts with its question"
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    rows = [dict(zip(names, values, strict=True)) for values in result.fetchall()]
    notes = header[question.end() :].split("\n", 1)[-1]
    return Answer(path.stem, " ".join(question[1].split()), " ".join(notes.split()), _runnable(query, period), rows)


def _parts(text: str) -> tuple[str, str]:
    """Split a file into its header, without the comment signs, and the query."""
    lines = text.strip().splitlines()
    n_header = next(number for number, line in enumerate(lines) if not line.startswith("--"))
    header = "\n".join(line.removeprefix("--").strip() for line in lines[:n_header])
    return header, "\n".join(lines[n_header:])


def _runnable(query: str, period: Period) -> str:
    """Put the selection in front of a query that reads ``period``."""
    if not re.search(r"\b(FROM|JOIN) period\b", query):
        return query
    lines = _period(period).replace("\n", "\n    ")
    period_cte = f"period AS (\n    {lines}\n)"
    if query.startswith("WITH "):
        return f"WITH {period_cte},\n{query.removeprefix('WITH ')}"
    return f"WITH {period_cte}\n{query}"
