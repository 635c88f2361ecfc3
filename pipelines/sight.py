"""What Prefect shows of a night: its summary as an artifact, known errors in a paragraph, killed runs as crashed."""

import logging
from typing import Final
from uuid import UUID

from httpx import HTTPError
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import get_run_context
from prefect.exceptions import PrefectException
from prefect.states import Crashed

from cxnlp.errors import CxnlpError
from cxnlp.warehouse import store
from pipelines.night import Night
from pipelines.stages.stage import StageBroken

log = logging.getLogger("cxnlp.night")

FLOW_NAME = "cxnlp nightly"
N_RUNS = 200  # the most that one request of Prefect's gives
_LOGGERS: Final = ("prefect.flow_runs", "prefect.task_runs", "prefect.engine")
_ENDED: Final = "Finished in state"  # repeats the error that Prefect has just said


class KnownErrors(logging.Filter):
    """Has Prefect say an error that a person can act on in its own words, once; a mistake of ours with its traceback.

    Attributes:
        is_silent: what a person can act on is not said at all, because who called the flow says it.
    """

    def __init__(self) -> None:
        """Say what comes."""
        super().__init__()
        self.is_silent = False
        self._last: CxnlpError | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record of Prefect's is shown; of one error, task, flow and process have several."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, CxnlpError):
            return self._last is None or not record.getMessage().startswith(_ENDED)
        if error is self._last:
            return False
        self._last = error
        if isinstance(error, StageBroken):
            return True
        record.msg, record.args, record.exc_info = str(error), (), None
        return not self.is_silent


known_errors: Final = KnownErrors()
for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(known_errors)


def sweep_killed(night: Night) -> int:
    """Mark runs on this workspace that Prefect still believes to be running as crashed; return how many.

    The night holds the workspace's lock, so no other run on it can be alive.
    """
    own: UUID = get_run_context().flow_run.id  # type: ignore[union-attr]
    running = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING]))
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[FLOW_NAME])),
            flow_run_filter=FlowRunFilter(state=running),
            sort=FlowRunSort.START_TIME_DESC,
            limit=N_RUNS,
        )
        dead = [run for run in runs if run.id != own and _same_workspace(run.parameters, night)]
        for run in dead:
            message = "The process was killed; a later run on the same workspace found this one unfinished."
            client.set_flow_run_state(run.id, Crashed(message=message), force=True)
    if dead:
        log.warning("%d killed run(s) of this workspace marked as crashed", len(dead))
    return len(dead)


def _same_workspace(parameters: dict[str, object], night: Night) -> bool:
    return str(parameters.get("workspace")) == str(night.workspace.root)


def announce(night: Night) -> None:
    """Write the night's summary and its quarantine where the Prefect UI shows them; counts and reasons only.

    The night is done by now: what Prefect cannot take is a warning, not a failure.
    """
    try:
        _announce(night)
    except (PrefectException, HTTPError) as error:
        log.warning("the night is done, but Prefect does not show its summary (%s)", type(error).__name__)


def _announce(night: Night) -> None:
    store.record_seconds(night.connection, night.run_id, night.seconds)
    run = store.run_of(night.connection, night.run_id)
    lines = [f"# Night {night.run_id}", "", "| | |", "|---|---:|"]
    lines += [f"| {name} | {value} |" for name, value in run.items() if value is not None]
    create_markdown_artifact("\n".join(lines), key="cxnlp-night", description="What the night read, stored and tagged")
    alerts = night.connection.sql("SELECT kind, count(*) AS n_alerts FROM open_alerts GROUP BY kind ORDER BY kind").pl()
    if not alerts.is_empty():
        create_table_artifact(alerts.to_dicts(), key="cxnlp-alerts", description="Open early warnings: `cxnlp alerts`")
    problems = store.problems_of(night.connection, night.run_id)
    if not problems.is_empty():
        create_table_artifact(
            problems.to_dicts(), key="cxnlp-quarantine", description="What could not be used, and why"
        )
