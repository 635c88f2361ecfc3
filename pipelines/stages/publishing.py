"""What readers get."""

import logging
import shutil
from pathlib import Path

from cxnlp import backlog as backlog_stage
from cxnlp import report
from cxnlp.warehouse import store
from pipelines.night import Night
from pipelines.stages.stage import stage

log = logging.getLogger("cxnlp.night")


@stage(retries=2)
def publish(night: Night) -> Path:
    """Publish the database as a snapshot; readers see the old one whole, then the new one whole."""
    log.info("publishing")
    snapshot = store.publish(night.connection, night.workspace.warehouse, keep=night.workspace.settings.night.snapshots)
    shutil.rmtree(night.workspace.staging)
    return snapshot


@stage(retries=2)
def page(night: Night, snapshot: Path) -> None:
    """Write the morning's page and the backlog's CSV from the snapshot."""
    log.info("writing the page and the backlog")
    with store.open_published(snapshot) as connection:
        settings = night.workspace.settings
        text = report.render(
            connection, company=settings.company, night=night.on, weeks=settings.backlog.weeks, scores=night.scores(),
            least_group=settings.privacy.least_group,
        )  # fmt: skip
        report.write(text, night.workspace.page_file)
        items, least_group = backlog_stage.read(connection), settings.privacy.least_group
        backlog_stage.export_csv(items, night.workspace.backlog_file, least_group=least_group)
