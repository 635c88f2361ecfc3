"""What there is to tell: the published database compared with a receiver's last message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from cxnlp import backlog
from cxnlp.backlog.states import AT_REST
from cxnlp.notify.outbox import Message, Moved

_FOLDER: Final = Path(__file__).parent

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Morning:
    """What a published night holds: its run, the backlog in order of priority, what of it is late, and the warnings."""

    run: Row
    items: Sequence[Row]
    alerts: Sequence[Row]
    overdue: frozenset[str] = frozenset()  # item_ids

    @property
    def night(self) -> date:
        """The day that the night was for."""
        on: date = self.run["night"]
        return on


def morning(connection: duckdb.DuckDBPyConnection) -> Morning:
    """Read a published night."""
    run, *_ = _rows(connection, "run")
    overdue = frozenset(row["item_id"] for row in _rows(connection, "overdue"))
    return Morning(run, backlog.read(connection).to_dicts(), _rows(connection, "alerts"), overdue)


def message(receiver: str, now: Morning, last: Message | None) -> Message:
    """Return what a receiver is to be told, who was told ``last`` before; of all items when it is the first time."""
    states = {item["item_id"]: str(item["state"]) for item in now.items}
    before = {} if last is None else last.states
    known = () if last is None else last.open_alerts
    verdicts = {item["item_id"]: verdict for item in now.items if (verdict := backlog.decided(item)) is not None}
    told = verdicts if last is None or last.verdicts is None else last.verdicts
    open_alerts = tuple(alert["alert_id"] for alert in now.alerts if alert["closed_on"] is None)
    return Message(
        receiver=receiver,
        run_id=now.run["run_id"],
        night=now.night,
        opened=tuple(item_id for item_id, state in states.items() if item_id not in before and state not in AT_REST),
        moved=tuple(
            Moved(item_id=item_id, before=before[item_id], after=state)
            for item_id, state in states.items()
            if before.get(item_id, state) != state
        ),
        overdue=tuple(item_id for item_id in states if item_id in now.overdue),
        measured=tuple(item_id for item_id, verdict in verdicts.items() if told.get(item_id) != verdict),
        alerts=tuple(alert_id for alert_id in open_alerts if alert_id not in known),
        states=states,
        verdicts=verdicts,
        open_alerts=open_alerts,
    )


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    return [*connection.execute((_FOLDER / f"{name}.sql").read_text("utf-8")).pl().to_dicts()]
