"""How many people say each thing on each day: what early warnings watch."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from cxnlp.insight.period import period_of
from cxnlp.insight.rises import DAYS, PAST

#: Columns of the counts; the table ``daily_reports`` has those of everywhere, without product and location.
DAILY: Final[dict[str, pl.DataType]] = {
    "occurred_on": pl.Date(),
    "family": pl.String(),  # null: people heard
    "label": pl.String(),
    "polarity": pl.String(),
    "moment": pl.String(),
    "product": pl.String(),
    "location": pl.String(),
    "n_customers": pl.Int64(),
    "fingerprint": pl.String(),  # of the day's feedback, where family is null and it is everywhere
}

_PLACE: Final = ("product", "location")
_FOLDER: Final = Path(__file__).parent


def daily(connection: duckdb.DuckDBPyConnection, *, night: date) -> pl.DataFrame:
    """Return the counts, columns `DAILY`: everywhere of two years and more, by place of the last twelve weeks.

    Older days come from the table ``daily_reports`` unless their feedback has changed since, so that a night costs what
    is recent. Only feedback that the model, vocabulary and precision of the last run have tagged counts.
    """
    last_on = period_of(connection, night=night, weeks=1).last_on
    past_on, first_on = (last_on - timedelta(days=days - 1) for days in (PAST, DAYS))
    bounds = {"past_on": past_on, "last_on": last_on}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE comparable AS {_sql('daily_comparable')}", bounds)
    try:
        stale = connection.execute(_sql("daily_stale"), {"first_on": first_on}).pl()
        days = stale["occurred_on"].to_list()
        counted = connection.execute(_sql("daily"), {"days": days, "first_on": first_on}).pl()
    finally:
        connection.execute("DROP TABLE temp.comparable")
    stored = connection.execute("FROM daily_reports WHERE occurred_on BETWEEN $1 AND $2", [past_on, last_on]).pl()
    kept = stored.filter(~pl.col("occurred_on").is_in(days))
    is_mark = pl.col("family").is_null() & _is_everywhere()
    marked = counted.join(stale, on="occurred_on", how="left").with_columns(
        fingerprint=pl.when(is_mark).then("fingerprint")
    )
    schema = pl.DataFrame(schema=DAILY)
    return pl.concat([schema, kept, marked], how="diagonal_relaxed").sort(*DAILY, nulls_last=True)


def everywhere(counts: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the table ``daily_reports``."""
    return counts.filter(_is_everywhere()).drop(_PLACE)


def _is_everywhere() -> pl.Expr:
    return pl.all_horizontal(pl.col(name).is_null() for name in _PLACE)


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
