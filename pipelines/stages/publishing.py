"""What readers get."""

import logging
import shutil
from pathlib import Path

from cxnlp import notify as notifying
from cxnlp import results
from cxnlp.errors import CxnlpError
from cxnlp.warehouse import store
from pipelines.alone import connect
from pipelines.night import Night
from pipelines.stages.stage import stage

log = logging.getLogger("cxnlp.night")


@stage(retries=2)
def publish(night: Night) -> Path:
    """Publish the database as a snapshot; readers see the old one whole, then the new one whole.

    Where the night has erased, the working file is made anew first, and snapshots that hold what was erased go.
    """
    log.info("publishing")
    if night.expiry is None:
        snapshot = results.publish(night)
    else:
        night.connection.close()
        store.rewrite(night.workspace.working_database)
        night.connection = connect(night.workspace)
        snapshot = results.publish(night, night.expiry.earlier.stays)
    shutil.rmtree(night.workspace.staging)
    return snapshot


@stage(retries=2)
def page(night: Night, snapshot: Path) -> None:
    """Write the morning's page, the backlog's CSV and the archive's page of the night from the snapshot."""
    log.info("writing the page and the backlog")
    results.page(night, snapshot, is_archived=True)
    if night.expiry is not None:
        night.expiry.finish()


@stage()
def notify(night: Night) -> None:
    """Tell the receivers of ``[[notify]]`` what changed; what cannot be told is a warning and waits in the outbox."""
    try:
        for outcome in notifying.send(night.workspace):
            if outcome.result != "sent":
                log.warning("notify %s: %s (%s)", outcome.receiver, outcome.result, outcome.words)
    except Exception as error:  # the night is done: nobody's mail server may fail it
        words = str(error) if isinstance(error, CxnlpError) else type(error).__name__
        log.warning("the night is done, but not everybody was told (%s); `cxnlp notify` tries again", words)
