"""A night in the life of the backlog: items open, grow, go quiet and come back; what people decided stays."""

from datetime import date
from typing import Final

import duckdb
import polars as pl

from cxnlp.backlog.events import EVENTS, frames, run
from cxnlp.backlog.states import STANDING
from cxnlp.settings import Backlog
from cxnlp.warehouse import store

_TAKEN: Final = {"state": pl.String(), **STANDING}
_TARGETS: Final = dict.fromkeys(("item_within_nights", "accepted_within_days", "shipped_within_days"), pl.Int32())


def write(
    connection: duckdb.DuckDBPyConnection, items: pl.DataFrame, *, night: date, run_id: str, settings: Backlog,
    lineage: pl.DataFrame | None = None, heirs: pl.DataFrame | None = None,
) -> None:  # fmt: skip
    """Bring the tables ``backlog`` and ``backlog_events`` up to tonight's ``items``; earlier fixes' effects go.

    An item seen before keeps its first night and what people decided; what the night itself may change of an item's
    state is in write.sql. The same items written twice leave the same tables.

    Args:
        connection: the working database.
        items: what `cxnlp.backlog.build` found tonight, columns `BACKLOG`.
        night: day that the night is for.
        run_id: id of the run.
        settings: how many people bring a closed item back.
        lineage: what merged, split, grew or shrank tonight, columns `EVENTS`. An item goes into ``other_id`` where
            ``state_after`` is "merged".
        heirs: ``item_id``, ``state``, owner and days (columns `STANDING`) of items that take over what people had
            decided of an item that goes into them.
    """
    bound = {"night": night, "run_id": run_id, "least_customers": settings.least_customers}
    happened = pl.DataFrame(schema=EVENTS) if lineage is None else lineage
    taken = pl.DataFrame(schema={"item_id": pl.String(), **_TAKEN}) if heirs is None else heirs
    with store.transaction(connection), frames(connection, tonight=items, lineage=happened, heirs=taken):
        run(connection, "write", bound)
        run(connection, "earlier_effects")
        store.write(connection, "backlog_targets", pl.DataFrame([_targets(settings)], schema=_TARGETS))


def _targets(settings: Backlog) -> dict[str, int | None]:
    return {name: getattr(settings, name) for name in _TARGETS}
