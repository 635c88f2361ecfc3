"""What the night is loaded with and what is counted from it: one transaction, taken back when a check fails."""

import logging
from datetime import UTC, datetime

import polars as pl

from cxnlp import backlog as backlog_stage
from cxnlp import insight, privacy
from cxnlp.errors import CxnlpError
from cxnlp.quality.counts import read_errors
from cxnlp.tags.artefacts import shipped
from cxnlp.teaching import answers, journal
from cxnlp.warehouse import store
from pipelines.night import Night
from pipelines.stages.stage import stage

log = logging.getLogger("cxnlp.night")


class ChecksFailed(CxnlpError):
    """The warehouse's checks found offenders: nothing was published."""


@stage()
def load(night: Night) -> None:
    """Load every staged partition; what a check finds wrong takes all of it back."""
    log.info("loading %d partition(s)", len(night.staged))
    run = store.Run(
        run_id=night.run_id,
        night=night.on,
        started_at=night.started_at,
        finished_at=datetime.now(UTC),
        n_arrived=night.arrivals.n_read,
        reached=tuple(night.arrivals.reached),
        gone=tuple(night.arrivals.gone),
        seconds=night.seconds,
    )
    loaded = store.load(night.connection, night.staged, run, night.retagged, night.revectored)
    privacy.settle(night.workspace, night.connection)
    log.info(
        "loaded %d new texts, %d duplicates, %d quarantined",
        loaded.n_stored,
        loaded.n_duplicates,
        loaded.n_quarantined,
    )


@stage()
def vote(night: Night) -> None:
    """Let people's answers vote: on what they judged they beat model and rules."""
    answered = journal.answers(night.workspace)
    if answered:
        voted = store.vote(night.connection, answers.frame(answered), answers.judged_places(answered))
        log.info("people's answers count for %d mentions", voted.n_mentions)


@stage()
def count(night: Night) -> None:
    """Count anew what the people said whose feedback changed: what views add up."""
    n_changed = store.count(night.connection)
    least_group = night.workspace.settings.privacy.least_group
    store.write(night.connection, "sharing", pl.DataFrame({"least_group": [least_group]}))
    log.info("counted %d changed texts", n_changed)


@stage()
def check(night: Night) -> None:
    """Run every check of the warehouse.

    Raises:
        ChecksFailed: a check found offenders.
    """
    log.info("checking the warehouse")
    masked = night.workspace.settings.privacy.mask
    if offences := store.check(night.connection, without=() if masked else ("personal_data",)):
        raise ChecksFailed(f"the night is taken back, nothing was published: {'; '.join(map(str, offences))}")


@stage()
def rates(night: Night) -> None:
    """Count anew how many customers report what, corrected for the model's errors."""
    log.info("correcting the counts")
    measured = read_errors(night.workspace.model_folder or shipped())
    measured = measured.without(night.workspace.settings.tags.precision)
    store.write(night.connection, "rates", insight.rates(night.connection, measured))
    store.write(night.connection, "label_errors", insight.label_errors(measured))


@stage()
def alerts(night: Night) -> None:
    """Open, carry on and close early warnings."""
    log.info("looking for what rises")
    settings = night.workspace.settings
    counts = insight.daily(night.connection, night=night.on)
    rows = insight.alerts(
        night.connection, counts, night=night.on, run_id=night.run_id, settings=settings.alerts,
        least_group=settings.privacy.least_group,
    )  # fmt: skip
    store.write(night.connection, "daily_reports", insight.everywhere(counts))
    store.write(night.connection, "alerts", rows)


@stage()
def drivers(night: Night) -> None:
    """Estimate anew what moves ratings, champions and leaving customers."""
    log.info("looking for drivers")
    settings = night.workspace.settings
    moved = insight.drivers(
        night.connection, night=night.on, days=settings.drivers.days, least_group=settings.privacy.least_group
    )
    store.write(night.connection, "effects", moved)


@stage()
def themes(night: Night) -> None:
    """Let themes grow by what is new: what people talk about within each moment, in wishes, and about none."""
    log.info("looking for themes")
    insight.themes.grow(
        night.connection,
        night=night.on,
        run_id=night.run_id,
        least_group=night.workspace.settings.privacy.least_group,
        wanted=insight.themes.edits.wishes(insight.themes.edits.read(night.workspace)),
    )


@stage()
def backlog(night: Night) -> None:
    """Bring the backlog up to date, in the database and as CSV."""
    log.info("bringing the backlog up to date")
    items = backlog_stage.build(
        night.connection, night=night.on, run_id=night.run_id, settings=night.workspace.settings.backlog
    )
    backlog_stage.write(night.connection, items)
