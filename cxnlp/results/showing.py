"""Give results to their readers: a snapshot, and from it the page, backlog.csv and the archive."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cxnlp import backlog, report
from cxnlp.report import archive
from cxnlp.results.making import AnyNight
from cxnlp.settings import Workspace
from cxnlp.tags.artefacts import shipped
from cxnlp.warehouse import store


def publish(night: AnyNight, stays: Callable[[Path], bool] | None = None) -> Path:
    """Publish the working database and return the snapshot; of earlier nights those go for which ``stays`` says no."""
    workspace = night.workspace
    return store.publish(night.connection, workspace.warehouse, keep=workspace.settings.night.snapshots, stays=stays)


def page(night: AnyNight, snapshot: Path, *, is_archived: bool = False) -> None:
    """Write the morning's page and the backlog's CSV from a snapshot, and where asked the archive's page."""
    settings, least_group = night.workspace.settings, night.workspace.settings.privacy.least_group
    with store.open_published(snapshot) as connection:
        seen = report.look(
            connection, company=settings.company, night=night.on, weeks=settings.backlog.weeks,
            scores=_scores(night.workspace), least_group=least_group, currency=settings.backlog.currency,
        )  # fmt: skip
        report.write(report.draw(seen), night.workspace.page_file)
        backlog.export_csv(backlog.read(connection), night.workspace.backlog_file, least_group=least_group)
    if is_archived:
        _archive(night, seen)


def _archive(night: AnyNight, seen: report.Look) -> None:
    folder, most = night.workspace.pages, night.workspace.settings.night.pages
    if most == 0:
        archive.clear(folder)
        return
    archive.add(folder, report.draw_wordless(seen), night=night.on, company=seen.company, most=most)


def sweep(workspace: Workspace) -> None:
    """Remove what a night that was killed while writing left of its page, its backlog and the archive."""
    for file in (workspace.page_file, workspace.backlog_file):
        for leftover in file.parent.glob(f".{file.name}.*.part"):
            leftover.unlink(missing_ok=True)
    archive.sweep(workspace.pages)


def _scores(workspace: Workspace) -> dict[str, Any] | None:
    """The model's measured quality, when its folder has it."""
    path = (workspace.model_folder or shipped()) / "scores.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else None
