"""What is counted about fixes: people who report an item, and what it is held beside, from the warehouse."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from cxnlp.insight.verdicts import COUNTS, HISTORY, LEAST_HISTORY, SHIPPED
from cxnlp.insight.verdicts_decisions import LONGEST

#: Columns of the fixes that are asked for: one row per item.
FIXES: Final[dict[str, pl.DataType]] = {
    "item_id": pl.String(),
    "shipped_on": pl.Date(),
    "kind": pl.String(),  # moment, unmeasurable, warning, signal
    "label": pl.String(),
    "polarity": pl.String(),  # of unmeasurables and moments "-", else null
    "theme_id": pl.String(),  # null: all of the label but `other_theme_ids`
    "other_theme_ids": pl.List(pl.String()),  # themes of the label that are items of their own
    "shipped_where": pl.String(),  # terms such as "location=Saltwell; location=Hull"; null: everywhere
}

_MOST_CONTROLS: Final = 8  # more change little, and each is left out once
_FOLDER: Final = Path(__file__).parent


def shipped_counts(connection: duckdb.DuckDBPyConnection, fixes: pl.DataFrame, *, last_on: date) -> pl.DataFrame:
    """Return what `verdicts` reads, columns `COUNTS`, up to ``last_on``.

    Only feedback that the model, vocabulary and precision of the last run have tagged counts, as in early warnings, and
    of a theme only what is said from the night of its birth on.

    Args:
        connection: the working database.
        fixes: columns `FIXES`.
        last_on: last day that was heard out.
    """
    if fixes.is_empty():
        return pl.DataFrame(schema=COUNTS)
    past_on = fixes.select(pl.col("shipped_on").min()).item() - timedelta(days=HISTORY)
    bounds = {"past_on": past_on, "last_on": last_on}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE comparable AS {_sql('daily_comparable')}", bounds)
    connection.register("shipped_items", fixes)
    try:
        asked = {"history": HISTORY, "least": LEAST_HISTORY, "longest": LONGEST, "most": _MOST_CONTROLS}
        return connection.execute(_sql("verdicts"), asked).pl().cast(pl.Schema(COUNTS))
    finally:
        connection.unregister("shipped_items")
        connection.execute("DROP TABLE temp.comparable")


def shipped(connection: duckdb.DuckDBPyConnection, fixes: pl.DataFrame) -> pl.DataFrame:
    """Return the fixes with the precision of their reports, columns `SHIPPED`.

    Args:
        connection: the working database.
        fixes: columns `FIXES`.
    """
    connection.register("shipped_items", fixes)
    try:
        return connection.execute(_sql("verdicts_precision"), {"history": HISTORY}).pl().cast(pl.Schema(SHIPPED))
    finally:
        connection.unregister("shipped_items")


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
