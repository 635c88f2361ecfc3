"""Did the fix work? Each night measures what was shipped, and tells people once it is sure (docs/effects.md)."""

from datetime import date, timedelta

import duckdb

from cxnlp import insight
from cxnlp.backlog.events import frames, run, sql
from cxnlp.backlog.moves import settle


def measure(connection: duckdb.DuckDBPyConnection, *, night: date, run_id: str, least_improvement: float) -> None:
    """Bring the table ``backlog_effects`` up to date, and settle the items of which it is now known whether it helped.

    What was decided of a fix stays; only what had not worked may turn out to be harmful. The same night measured twice
    changes nothing.

    Args:
        connection: the working database, after the night's items were written.
        night: day that the night is for; the day before it is the last that was heard out.
        run_id: id of the run.
        least_improvement: fall of the rate, 0 to 1; a fix that surely brought less has failed.
    """
    last_on = night - timedelta(days=1)
    fixes = connection.execute(sql("fixes"), {"last_on": last_on, "longest": insight.LONGEST_WATCH}).pl()
    measured = insight.verdicts(
        insight.shipped_counts(connection, fixes, last_on=last_on),
        insight.shipped(connection, fixes),
        last_on=last_on,
        least_improvement=least_improvement,
    )
    where = fixes.select("item_id", "shipped_where")
    found = measured.rename({"n_before": "n_reports_before", "n_after": "n_reports_after"}).join(where, on="item_id")
    with frames(connection, tonight=found):
        run(connection, "write_effects")
    decided = connection.execute("FROM backlog_effects WHERE decided_on IS NOT NULL").pl()
    settle(connection, decided.select("item_id", "verdict", "decided_on", "note"), told_on=night, run_id=run_id)
