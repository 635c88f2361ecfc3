"""What Prefect's log says of a night that failed."""

import logging

import pytest

from cxnlp.errors import CxnlpError
from pipelines.sight import KnownErrors
from pipelines.stages.stage import StageBroken


def record(error: Exception | None, message: str = "Encountered exception") -> logging.LogRecord:
    of_error = (type(error), error, None) if error else None
    return logging.LogRecord("prefect.flow_runs", logging.ERROR, "", 1, message, (), of_error)


def test_what_a_person_can_act_on_is_said_once_and_without_a_traceback() -> None:
    known, error = KnownErrors(), CxnlpError("a night is already running here.")
    of_task, of_flow = record(error), record(error)
    assert (known.filter(of_task), known.filter(of_flow)) == (True, False)
    assert (of_task.getMessage(), of_task.exc_info) == ("a night is already running here.", None)
    assert not known.filter(record(None, "Finished in state Failed('a night is already running here.')"))


def test_what_the_command_line_says_prefect_does_not() -> None:
    known = KnownErrors()
    known.is_silent = True
    assert not known.filter(record(CxnlpError("a night is already running here.")))


@pytest.mark.parametrize("is_silent", [True, False])
@pytest.mark.parametrize("error", [KeyError("x"), StageBroken("stage tag: KeyError in tagger.py, line 9.")])
def test_a_mistake_of_ours_keeps_its_traceback(error: Exception, is_silent: bool) -> None:
    known = KnownErrors()
    known.is_silent = is_silent
    seen = record(error)
    assert known.filter(seen)
    assert seen.exc_info is not None
