"""Every night: the flow served on the cron of ``cxnlp.toml``."""

import hashlib
import logging
import os
import threading
from typing import Any, Final

from prefect.runner.runner import Runner
from prefect.schedules import Cron

from cxnlp.settings import Workspace
from pipelines.nightly import nightly

log = logging.getLogger("cxnlp.night")

STOP_SECONDS: Final = 5


def serve(workspace: Workspace) -> None:
    """Serve the night on its schedule until the process is stopped.

    Each run has its own process. A night that is due while another is at work says so and leaves.
    """
    _insist_on_stopping()
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


def _insist_on_stopping() -> None:
    """End this process soon after SIGTERM, and with it all that it started.

    Prefect 3.8.8's runner does not hear it at the moment when a run ends, and stays. A night that it
    cuts is repeated by the next.
    """
    ask = Runner.handle_sigterm

    def stop(runner: Runner, *arguments: Any) -> None:
        insist = threading.Timer(STOP_SECONDS, os._exit, [0])
        insist.daemon = True
        insist.start()
        ask(runner, *arguments)

    Runner.handle_sigterm = stop  # type: ignore[method-assign, assignment]
