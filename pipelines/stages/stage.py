"""What makes a Prefect task of a stage."""

import functools
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext

from cxnlp.errors import CxnlpError, is_disk_full
from pipelines.night import Night

P = ParamSpec("P")
R = TypeVar("R")

AFTER_LOAD = ("archive", "publish", "page", "notify")
STORED = "The night is stored, but not all of it is published; the last published database is whole."
NOT_STORED = "Nothing of this night was stored; the last published database is whole."
Work = Callable[Concatenate[Night, P], R]


class StageFailed(CxnlpError):
    """A stage failed; the message names stage, kind of error and place, and never what a customer wrote."""


class StageBroken(StageFailed):
    """It failed by a mistake of ours, whose traceback this one carries."""


class Stage(Task[P, R]):
    """A task in a flow; outside of one, in a dry run, it is the function that it was made of."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:  # type: ignore[override]
        """Run it."""
        if FlowRunContext.get() is None:
            return self.fn(*args, **kwargs)
        return super().__call__(*args, **kwargs)


def stage(*, retries: int = 0) -> Callable[[Work[P, R]], Stage[Concatenate[Night, P], R]]:
    """Make a Prefect task of a stage: timed, and with errors that carry no feedback into logs or the Prefect API.

    Results and inputs are neither cached nor persisted by Prefect: what may be kept is in ``.cxnlp/staging``.
    """

    def decorate(function: Work[P, R]) -> Stage[Concatenate[Night, P], R]:
        name = function.__name__

        @functools.wraps(function)
        def timed(night: Night, *args: P.args, **kwargs: P.kwargs) -> R:
            started = time.perf_counter()
            try:
                return function(night, *args, **kwargs)
            except CxnlpError:
                raise
            except Exception as error:
                if os.environ.get("CXNLP_DEBUG"):
                    raise
                words = _without_words(name, error)
                if isinstance(error, OSError) or is_disk_full(error):
                    raise StageFailed(words) from None
                raise StageBroken(words).with_traceback(error.__traceback__) from None
            finally:
                night.seconds[name] = night.seconds.get(name, 0.0) + time.perf_counter() - started

        return Stage(
            timed, name=name, retries=retries, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False
        )

    return decorate


def _without_words(name: str, error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    stands = STORED if name in AFTER_LOAD else NOT_STORED
    if is_disk_full(error):
        return f"stage {name}: the disk is full. {stands} Make room, then run again."
    return (
        f"stage {name}: {reason} in {Path(place.filename).name}, line {place.lineno}. {stands} Run again after mending "
        "it; CXNLP_DEBUG=1 shows the whole error (it may hold customers' words)."
    )
