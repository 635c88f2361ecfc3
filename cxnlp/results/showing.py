"""Give results to their readers: a snapshot, and from it the page and backlog.csv."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cxnlp import backlog, report
from cxnlp.results.making import AnyNight
from cxnlp.settings import Workspace
from cxnlp.tags.artefacts import shipped
from cxnlp.warehouse import store


def publish(night: AnyNight, stays: Callable[[Path], bool] | None = None) -> Path:
    """Publish the working database and return the snapshot; of earlier nights those go for which ``stays`` says no."""
    workspace = night.workspace
    return store.publish(night.connection, workspace.warehouse, keep=workspace.settings.night.snapshots, stays=stays)


def page(night: AnyNight, snapshot: Path) -> None:
    """Write the morning's page and the backlog's CSV from a snapshot."""
    settings, least_group = night.workspace.settings, night.workspace.settings.privacy.least_group
    with store.open_published(snapshot) as connection:
        text = report.render(
            connection, company=settings.company, night=night.on, weeks=settings.backlog.weeks,
            scores=_scores(night.workspace), least_group=least_group,
        )  # fmt: skip
        report.write(text, night.workspace.page_file)
        backlog.export_csv(backlog.read(connection), night.workspace.backlog_file, least_group=least_group)


def sweep(workspace: Workspace) -> None:
    """Remove what a night that was killed while writing left of its page and its backlog."""
    for file in (workspace.page_file, workspace.backlog_file):
        for leftover in file.parent.glob(f".{file.name}.*.part"):
            leftover.unlink(missing_ok=True)


def _scores(workspace: Workspace) -> dict[str, Any] | None:
    """The model's measured quality, when its folder has it."""
    path = (workspace.model_folder or shipped()) / "scores.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else None
