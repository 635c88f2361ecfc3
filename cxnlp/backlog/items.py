"""Items: built from the views every night, kept in the table ``backlog`` under the same id as long as they live."""

from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from cxnlp.backlog.quotes import N_QUOTES, best_quotes
from cxnlp.backlog.terms import distinctive_terms
from cxnlp.insight import Period, period_of
from cxnlp.settings import Backlog

#: What `build` computes of the table ``backlog`` (docs/backlog.md says how); `states.STANDING` are its other columns.
BACKLOG: Final[dict[str, pl.DataType]] = {
    "item_id": pl.String(),  # hash of kind, label and polarity: the same every night
    "kind": pl.String(),  # moment, unmeasurable, warning, signal
    "label": pl.String(),
    "polarity": pl.String(),  # "-" for moments and unmeasurables, else null
    "stage": pl.String(),  # moments only
    "title": pl.String(),  # plain words
    "state": pl.String(),  # new, quiet, or what a person set
    "opened_on": pl.Date(),  # night on which it first appeared
    "first_feedback_on": pl.Date(),
    "last_feedback_on": pl.Date(),
    "days_to_item": pl.Int32(),  # from first feedback to opened_on
    "n_mentions": pl.Int64(),
    "n_customers": pl.Int64(),
    "n_mentions_recent": pl.Int64(),  # mentions of the last 14 days
    "trend": pl.Float64(),  # change of the share of feedback that speaks of it, last 4 weeks on 4 before
    "trend_word": pl.String(),  # rising, falling, steady, new
    "severity": pl.Float64(),  # 0 … 1
    "priority": pl.Float64(),  # 0 … 100
    "net_sentiment": pl.Float64(),  # -1 … 1
    "warnings": pl.String(),  # the two causes most often said along with it, most frequent first
    "owner": pl.String(),
    "quote_1": pl.String(),
    "quote_2": pl.String(),
    "quote_3": pl.String(),
    "quote_1_mention_id": pl.String(),
    "quote_2_mention_id": pl.String(),
    "quote_3_mention_id": pl.String(),
    "run_id": pl.String(),
    # its life (states.py has the columns that people decide)
    "ready_on": pl.Date(),  # of a new item: day on which enough people's feedback had arrived; `write` keeps it
    "n_customers_since": pl.Int64(),  # people of the period who spoke of it after the day of its state
}

_FOLDER: Final = Path(__file__).parent


def build(connection: duckdb.DuckDBPyConnection, *, night: date, run_id: str, settings: Backlog) -> pl.DataFrame:
    """Return tonight's items, columns `BACKLOG`, in order of priority.

    Nothing is stored: the views are read, the working table ``heard`` is temporary. ``opened_on`` is the night and
    ``state`` "new" for all; `write` gives back what an item had before.

    Args:
        connection: a database with the warehouse's views, the working one or a snapshot.
        night: day that the night is for.
        run_id: id of the run that computes the items.
        settings: how many customers make an item, and over how many weeks.
    """
    period = period_of(connection, night=night, weeks=settings.weeks)
    bounds: dict[str, object] = {"first_on": period.first_on, "last_on": period.last_on}
    connection.execute("CREATE OR REPLACE TEMP TABLE heard AS " + _sql("heard"), bounds)
    try:
        items = connection.execute(
            _sql("items"),
            {"night": night, "last_on": period.last_on, "least_customers": settings.least_customers},
        ).pl()
        waiting = connection.execute(
            _sql("waiting"), {"night": night, "least_customers": settings.least_customers}
        ).pl()
        items = items.join(waiting, on="item_id", how="left", maintain_order="left")
        items = items.with_columns(pl.col("n_customers_since").fill_null(0))
        sayings = connection.execute(_sql("words")).pl()
        candidates = connection.execute(_sql("candidates"), bounds).pl()
    finally:
        connection.execute("DROP TABLE temp.heard")
    return _finish(items, sayings, candidates, period, run_id)


def read(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the table ``backlog``, most urgent first, what nobody has to work on last."""
    return connection.execute(_sql("read")).pl()


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def _finish(
    items: pl.DataFrame, sayings: pl.DataFrame, candidates: pl.DataFrame, period: Period, run_id: str
) -> pl.DataFrame:
    """Add what SQL cannot say: title and quotes."""
    phrases = {row["item_id"]: _phrase(row) for row in items.iter_rows(named=True)}
    spoken = {row["item_id"]: f"{phrases[row['item_id']]} {row['name']}" for row in items.iter_rows(named=True)}
    terms = distinctive_terms(sayings, spoken)
    quotes = best_quotes(candidates, terms)
    worded = [
        {"item_id": item_id, "title": _title(phrase, terms[item_id])} | _quote_columns(quotes.get(item_id, []))
        for item_id, phrase in phrases.items()
    ]
    words = pl.DataFrame(worded, schema={name: pl.String() for name in BACKLOG if name in ("item_id", "title") or
                                         name.startswith("quote_")})  # fmt: skip
    return (
        items.join(words, on="item_id", how="left", maintain_order="left")
        .with_columns(state=pl.lit("new"), opened_on=pl.lit(period.night), run_id=pl.lit(run_id))
        .select(pl.col(name).cast(dtype) for name, dtype in BACKLOG.items())
    )


def _phrase(row: dict[str, str]) -> str:
    """What goes wrong, in the taxonomy's plain words."""
    if row["kind"] == "unmeasurable":
        return f"{row['name']} is missing ({row['worse']})"
    return row["worse"]


def _title(phrase: str, terms: list[str]) -> str:
    return f"{phrase}: {', '.join(terms)}" if terms else phrase


def _quote_columns(quotes: list[tuple[str, str]]) -> dict[str, str | None]:
    columns: dict[str, str | None] = {}
    for number in range(1, N_QUOTES + 1):
        mention_id, quote = quotes[number - 1] if number <= len(quotes) else (None, None)
        columns |= {f"quote_{number}": quote, f"quote_{number}_mention_id": mention_id}
    return columns
