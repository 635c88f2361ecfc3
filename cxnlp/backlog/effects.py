"""Did the fix work? Each night measures what was shipped, and tells people once it is sure (docs/effects.md)."""

from datetime import date, timedelta
from typing import Final

import duckdb
import polars as pl

from cxnlp import insight
from cxnlp.backlog.events import frames, run, sql

_VERDICTS: Final = {"item_id": pl.String(), "verdict": pl.String(), "decided_on": pl.Date(), "note": pl.String()}


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


def settle(
    connection: duckdb.DuckDBPyConnection,
    verdicts: pl.DataFrame,
    *,
    told_on: date | None = None,
    run_id: str | None = None,
) -> None:
    """Say of shipped items whether it helped: they become ``verified`` or ``not_effective``, each with its event.

    Harm makes them ``not_effective``, too, with an event of its own; of items that are not ``shipped`` any more only
    harm is told, and their state stays. Verdicts of before the day they shipped are left alone, and doing it again
    changes nothing.

    Args:
        connection: the working database.
        verdicts: ``item_id``, ``verdict`` (verified, not_effective, harmful), ``decided_on``, ``note`` or null.
        told_on: the night that tells it, from which reports count as come back; the day of the verdict when None. A fix
            that is told of late may have been decided by days of long ago.
        run_id: of the run that decided.
    """
    with frames(connection, verdicts=verdicts.select(pl.col(name).cast(kind) for name, kind in _VERDICTS.items())):
        run(connection, "settle", {"told_on": told_on, "run_id": run_id})
