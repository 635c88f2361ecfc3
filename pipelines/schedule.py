"""Every night: the flow served on the cron of ``cxnlp.toml``."""

import hashlib
import logging

from prefect.schedules import Cron

from cxnlp.settings import Workspace
from pipelines.nightly import nightly

log = logging.getLogger("cxnlp.night")


def serve(workspace: Workspace) -> None:
    """Serve the night on its schedule until the process is stopped.

    Each run has its own process. A night that is due while another is at work says so and leaves.
    """
    plan = workspace.settings.schedule
    log.info("the night runs at %r (%s); stop with Ctrl-C", plan.cron, plan.timezone)
    nightly.serve(
        name=f"{workspace.root.name}-{hashlib.blake2b(str(workspace.root).encode(), digest_size=3).hexdigest()}",
        schedule=Cron(plan.cron, timezone=plan.timezone),
        parameters={"workspace": str(workspace.root)},
        tags=["cxnlp"],
        limit=1,
        print_starting_message=False,
    )
