"""Keep tonight's items in the database, with what became of last night's and the mentions that each comes from."""

from datetime import date

import duckdb

from cxnlp.backlog import life, lineage
from cxnlp.backlog.items import Gathered, write_evidence
from cxnlp.settings import Backlog
from cxnlp.warehouse import store


def write(
    connection: duckdb.DuckDBPyConnection, found: Gathered, *, night: date, run_id: str, settings: Backlog,
    least_group: int = 5,
) -> None:  # fmt: skip
    """Bring the tables ``backlog``, ``backlog_events`` and ``backlog_evidence`` up to what was `found` tonight.

    What people decided stays; written twice, the tables are the same.

    Args:
        connection: the working database.
        found: what `cxnlp.backlog.gather` found for the same night.
        night: day that the night is for.
        run_id: id of the run.
        settings: how many people bring a closed item back, and the targets of the clock.
        least_group: how many people an item must gain or lose before that is told.
    """
    with store.transaction(connection):
        past = lineage.of_night(connection, found.items, night=night, run_id=run_id, least_group=least_group)
        life.write(
            connection, found.items, night=night, run_id=run_id, settings=settings, lineage=past.events,
            heirs=past.heirs,
        )  # fmt: skip
        write_evidence(connection, found.evidence)
