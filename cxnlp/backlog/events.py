"""Everything that happens to items, night or person: the columns of ``backlog_events``, and how statements are run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

#: Columns of the table ``backlog_events`` and of the frames that are added to it.
EVENTS: Final[Mapping[str, pl.DataType]] = {
    "item_id": pl.String(),
    "at": pl.Datetime("us", "UTC"),
    "happened_on": pl.Date(),
    "event": pl.String(),
    "state_before": pl.String(),
    "state_after": pl.String(),
    "by": pl.String(),  # "night", or who
    "owner": pl.String(),
    "due_on": pl.Date(),
    "shipped_on": pl.Date(),
    "shipped_where": pl.String(),
    "snoozed_until": pl.Date(),
    "other_id": pl.String(),  # the other item of a merge or a split; the item that a move was first made on
    "n_customers": pl.Int64(),
    "note": pl.String(),
    "run_id": pl.String(),
}

_FOLDER: Final = Path(__file__).parent


def sql(name: str) -> str:
    """Return the text of a ``.sql`` file of this folder."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def run(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, object] | None = None) -> None:
    """Run every statement of a file of this folder with the values that it names."""
    for statement in connection.extract_statements(sql(name)):
        connection.execute(statement, {key: (values or {})[key] for key in statement.named_parameters} or None)


@contextmanager
def frames(connection: duckdb.DuckDBPyConnection, **given: pl.DataFrame) -> Iterator[None]:
    """Let statements read frames by their names."""
    for name, frame in given.items():
        connection.register(name, frame)
    try:
        yield
    finally:
        for name in given:
            connection.unregister(name)
