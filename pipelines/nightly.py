"""The night: one flow that reads as a table of contents."""

from datetime import date
from pathlib import Path

from prefect import flow

from cxnlp.settings import open_workspace, parse_day
from cxnlp.warehouse import store
from pipelines.night import Night, begin
from pipelines.sight import FLOW_NAME, announce, sweep_killed
from pipelines.stages import (
    alerts,
    archive,
    backlog,
    check,
    count,
    drivers,
    expand,
    keep,
    load,
    mask,
    normalise,
    notify,
    page,
    publish,
    rates,
    read,
    reexpand,
    remask,
    retag,
    retain,
    seal,
    split,
    tag,
    themes,
    vote,
)


@flow(name=FLOW_NAME, validate_parameters=False, persist_result=False)
def nightly(
    workspace: str,
    as_of: str | None = None,
    sources: list[str] | None = None,
    since: str | None = None,
    retag_all: bool = False,
) -> str:
    """Run one night on a workspace and return its run id.

    Args:
        workspace: folder that holds ``cxnlp.toml``.
        as_of: day that the night is for, such as 2026-11-02; today in the schedule's time zone when absent.
        sources: names of the sources to read; all when absent.
        since: only feedback from that day on.
        retag_all: tag everything again that an older model or vocabulary has tagged, not only some of it.

    Raises:
        SettingsError: the workspace cannot be used.
        NightRunning: another night is at work on it.
        StageFailed, ChecksFailed: nothing of this night was published.
    """
    with begin(open_workspace(Path(workspace)), as_of=_day(as_of), sources=sources or (), since=_day(since)) as night:
        sweep_killed(night)
        through(night, retag_all=retag_all)
        announce(night)
        return night.run_id


def through(night: Night, *, retag_all: bool = False) -> None:
    """All stages of a night, one after the other."""
    retain(night)
    while partition := read(night):
        if night.is_staged(partition):
            continue
        partition = normalise(night, partition)
        partition = seal(night, partition)
        partition = mask(night, partition)
        partition = expand(night, partition)
        partition = split(night, partition)
        partition = tag(night, partition)
        keep(night, partition)
    remask(night)
    reexpand(night)
    retag(night, everything=retag_all)
    with store.transaction(night.connection):
        load(night)
        vote(night)
        count(night)
        check(night)
        rates(night)
        alerts(night)
        drivers(night)
        themes(night)
        backlog(night)
    archive(night)
    snapshot = publish(night)
    page(night, snapshot)
    notify(night)


def _day(text: str | None) -> date | None:
    return None if text is None else parse_day(text)
