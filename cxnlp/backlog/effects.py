"""Did the fix work? Each night measures what was shipped, and tells people once it is sure (docs/effects.md)."""

from datetime import date, timedelta

import duckdb
import polars as pl

from cxnlp import insight
from cxnlp.backlog.events import frames, run, sql
from cxnlp.backlog.moves import settle


def measure(connection: duckdb.DuckDBPyConnection, *, night: date, run_id: str, least_improvement: float) -> None:
    """Bring the table ``backlog_effects`` up to date, and settle the items of which it is now known whether it helped.

    What was decided of a fix stays; only what had not worked may turn out to be harmful. A fix that did harm is
    ``not_effective``, and its note says so. The same night measured twice changes nothing.

    Args:
        connection: the working database, after the night's items were written.
        night: day that the night is for; the day before it is the last that was heard out.
        run_id: id of the run.
        least_improvement: fall of the rate that a fix must bring, 0 to 1.
    """
    last_on = night - timedelta(days=1)
    fixes = connection.execute(sql("fixes"), {"last_on": last_on, "longest": insight.LONGEST_WATCH}).pl()
    found = insight.verdicts(
        insight.shipped_counts(connection, fixes, last_on=last_on),
        insight.shipped(connection, fixes),
        last_on=last_on,
        least_improvement=least_improvement,
    ).rename({"n_before": "n_reports_before", "n_after": "n_reports_after"})
    with frames(connection, tonight=found):
        run(connection, "write_effects")
    settle(connection, _settled(connection.execute("FROM backlog_effects").pl(), night), run_id=run_id)


def _settled(known: pl.DataFrame, night: date) -> pl.DataFrame:
    """The decided verdicts in the words of the backlog, as said tonight.

    A fix that is told of late may have been decided by days of long ago: who spoke since then has not come back since
    anybody knew of it.
    """
    is_harm = pl.col("verdict") == "harmful"
    return known.filter(pl.col("decided_on").is_not_null()).select(
        "item_id",
        decided_on=pl.lit(night, pl.Date()),
        verdict=pl.when(is_harm).then(pl.lit("not_effective")).otherwise(pl.col("verdict")),
        note=pl.when(is_harm).then(pl.lit("harmful: ") + pl.col("note")).otherwise(pl.col("note")),
    )
