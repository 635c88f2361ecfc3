"""Make results in the working database: each of these replaces what the night before left of it."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

import duckdb
import polars as pl

from cxnlp import backlog as backlog_stage
from cxnlp import insight
from cxnlp.insight import rises
from cxnlp.quality.counts import read_errors
from cxnlp.settings import Workspace
from cxnlp.tags.artefacts import shipped
from cxnlp.tags.questions import Questions
from cxnlp.warehouse import store

_TOUCHED: Final = Path(__file__).with_name("touched.sql").read_text("utf-8")


class AnyNight(Protocol):
    """The night that results are made for: the one at work, or the last one that was loaded."""

    @property
    def workspace(self) -> Workspace:
        """Whose."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Its open working database."""

    @property
    def on(self) -> date:
        """The day that it is for."""

    @property
    def run_id(self) -> str:
        """Id of its run."""


@dataclass(frozen=True)
class LastNight:
    """The night that was loaded last; made by `last_night`."""

    workspace: Workspace
    connection: duckdb.DuckDBPyConnection
    on: date
    run_id: str


def last_night(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> LastNight | None:
    """Return the night that was loaded last; None before the first."""
    row = connection.execute("SELECT night, run_id FROM runs ORDER BY rowid DESC LIMIT 1").fetchone()
    return None if row is None else LastNight(workspace, connection, *row)


def touched(night: AnyNight, feedback_ids: pl.Series) -> frozenset[str]:
    """Return the results of `MADE` that would be others without this feedback, which is still stored."""
    if feedback_ids.is_empty():
        return frozenset()
    days = {"night": night.on, "driver_days": night.workspace.settings.drivers.days, "alert_days": rises.PAST}
    chosen = pl.DataFrame({"feedback_id": feedback_ids}, schema={"feedback_id": pl.String()})
    night.connection.register("chosen", chosen)
    try:
        (found,) = night.connection.execute(_TOUCHED, days).pl().to_dicts()
    finally:
        night.connection.unregister("chosen")
    return frozenset(name for name, is_touched in found.items() if is_touched)


def count(night: AnyNight) -> int:
    """Count anew what the people said whose feedback changed; return how many pieces that were."""
    n_changed = store.count(night.connection)
    least_group = night.workspace.settings.privacy.least_group
    store.write(night.connection, "sharing", pl.DataFrame({"least_group": [least_group]}))
    return n_changed


def rates(night: AnyNight) -> None:
    """How many customers report what, corrected for the model's errors."""
    measured = read_errors(night.workspace.model_folder or shipped())
    measured = measured.without(night.workspace.settings.tags.precision)
    store.write(night.connection, "rates", insight.rates(night.connection, measured))
    store.write(night.connection, "label_errors", insight.label_errors(measured))


def alerts(night: AnyNight) -> None:
    """Early warnings, and the daily reports that they are found in."""
    settings = night.workspace.settings
    reports = insight.daily(night.connection, night=night.on)
    raised = insight.alerts(
        night.connection, reports, night=night.on, run_id=night.run_id, settings=settings.alerts,
        least_group=settings.privacy.least_group,
    )  # fmt: skip
    store.write(night.connection, "daily_reports", insight.everywhere(reports))
    store.write(night.connection, "alerts", raised)


def drivers(night: AnyNight) -> None:
    """What moves ratings, champions and leaving customers."""
    settings = night.workspace.settings
    moved = insight.drivers(
        night.connection, night=night.on, days=settings.drivers.days, least_group=settings.privacy.least_group
    )
    store.write(night.connection, "effects", moved)


def themes(night: AnyNight) -> None:
    """What people talk about within each moment, in wishes, and about none."""
    wanted = insight.themes.edits.wishes(insight.themes.edits.read(night.workspace))
    known = backlog_stage.moves.claims(backlog_stage.moves.read(night.workspace))
    insight.themes.grow(
        night.connection, night=night.on, run_id=night.run_id,
        least_group=night.workspace.settings.privacy.least_group,
        wanted=replace(wanted, claims={**known, **wanted.claims}),
    )  # fmt: skip


def backlog(night: AnyNight) -> None:
    """The items of the backlog, with what people decided about them, and whether their fixes worked."""
    settings = night.workspace.settings
    on: Any = {"night": night.on, "run_id": night.run_id, "settings": settings.backlog}
    least_group = settings.privacy.least_group
    decided = backlog_stage.moves.read(night.workspace)
    backlog_stage.moves.apply(night.connection, decided)
    model = Questions(night.workspace.model_folder)
    found = backlog_stage.gather(night.connection, **on, least_group=least_group, reader=model.read_all)
    backlog_stage.write(night.connection, found, **on, least_group=least_group)
    backlog_stage.moves.apply(night.connection, decided)  # on items that were found tonight
    backlog_stage.measure(
        night.connection, night=night.on, run_id=night.run_id, least_improvement=settings.backlog.least_improvement
    )
