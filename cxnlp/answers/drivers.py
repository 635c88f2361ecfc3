"""What moves ratings, champions and leaving customers."""

from typing import Final

import duckdb
import polars as pl

from cxnlp.answers.wrong import WrongQuestion

OUTCOMES: Final = ("rating", "champion", "churn")


def drivers(connection: duckdb.DuckDBPyConnection, outcome: str | None = None, *, every: bool = False) -> pl.DataFrame:
    """Rows of the view drivers.

    Args:
        connection: of `open_published`.
        outcome: of this one only; all three when None.
        every: also what may well move nothing.

    Raises:
        WrongQuestion: there is no such outcome.
    """
    if outcome is not None and outcome not in OUTCOMES:
        raise WrongQuestion(f"outcome: found {outcome!r}; allowed: {', '.join(OUTCOMES)}.")
    return connection.execute(
        "FROM drivers WHERE ($1::VARCHAR IS NULL OR outcome = $1) AND (is_driver OR $2)", [outcome, every]
    ).pl()


def outcomes_known(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the outcomes that enough people gave for drivers to be looked for."""
    return {name for (name,) in connection.execute("SELECT DISTINCT outcome FROM drivers").fetchall()}
