"""What was made of the feedback, made anew from what is left: rates, effects, backlog, snapshot, page, backlog.csv."""

import json
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from cxnlp import backlog, insight, report
from cxnlp.quality.counts import read_errors
from cxnlp.settings import Workspace
from cxnlp.tags.artefacts import shipped
from cxnlp.warehouse import store


def recount(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Count all that views add up, rates, alerts, effects, themes and backlog anew, as of the last night."""
    last = last_run(connection)
    if last is None:
        return
    run_id, night = last
    settings = workspace.settings
    least_group = settings.privacy.least_group
    store.count(connection)
    store.write(connection, "sharing", pl.DataFrame({"least_group": [least_group]}))
    measured = read_errors(workspace.model_folder or shipped()).without(settings.tags.precision)
    store.write(connection, "rates", insight.rates(connection, measured))
    store.write(connection, "label_errors", insight.label_errors(measured))
    reports = insight.daily(connection, night=night)
    alerts = insight.alerts(
        connection, reports, night=night, run_id=run_id, settings=settings.alerts, least_group=least_group
    )
    store.write(connection, "daily_reports", insight.everywhere(reports))
    store.write(connection, "alerts", alerts)
    moved = insight.drivers(connection, night=night, days=settings.drivers.days, least_group=least_group)
    store.write(connection, "effects", moved)
    wanted = insight.themes.edits.wishes(insight.themes.edits.read(workspace))
    insight.themes.grow(connection, night=night, run_id=run_id, least_group=least_group, wanted=wanted)
    backlog.write(connection, backlog.build(connection, night=night, run_id=run_id, settings=settings.backlog))


def publish(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> Path | None:
    """Publish one snapshot in place of all; write the page and backlog.csv from it. None before the first night."""
    last = last_run(connection)
    if last is None:
        return None
    _sweep(workspace)
    snapshot = store.publish(connection, workspace.warehouse, keep=1)
    settings = workspace.settings
    with store.open_published(snapshot) as published:
        page = report.render(
            published, company=settings.company, night=last[1], weeks=settings.backlog.weeks,
            scores=_scores(workspace), least_group=settings.privacy.least_group,
        )  # fmt: skip
        report.write(page, workspace.page_file)
        items = backlog.read(published)
        backlog.export_csv(items, workspace.backlog_file, least_group=settings.privacy.least_group)
    return snapshot


def _scores(workspace: Workspace) -> dict[str, object] | None:
    path = (workspace.model_folder or shipped()) / "scores.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def last_run(connection: duckdb.DuckDBPyConnection) -> tuple[str, date] | None:
    """Return id and night of the run that was loaded last."""
    row: tuple[str, date] | None = connection.execute(
        "SELECT run_id, night FROM runs ORDER BY rowid DESC LIMIT 1"
    ).fetchone()
    return row


def _sweep(workspace: Workspace) -> None:
    """Remove what a night that was killed while writing left of its page and its backlog."""
    for file in (workspace.page_file, workspace.backlog_file):
        for leftover in file.parent.glob(f".{file.name}.*.part"):
            leftover.unlink(missing_ok=True)
