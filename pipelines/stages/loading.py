"""What the night is loaded with and what is counted from it: one transaction, taken back when a check fails."""

import logging
from datetime import UTC, datetime

from cxnlp import privacy, results
from cxnlp.errors import CxnlpError
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
    log.info("counted %d changed texts", results.count(night))


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
    results.rates(night)


@stage()
def alerts(night: Night) -> None:
    """Open, carry on and close early warnings."""
    log.info("looking for what rises")
    results.alerts(night)


@stage()
def drivers(night: Night) -> None:
    """Estimate anew what moves ratings, champions and leaving customers."""
    log.info("looking for drivers")
    results.drivers(night)


@stage()
def themes(night: Night) -> None:
    """Let themes grow by what is new: what people talk about within each moment, in wishes, and about none."""
    log.info("looking for themes")
    results.themes(night)


@stage()
def backlog(night: Night) -> None:
    """Bring the backlog up to date."""
    log.info("bringing the backlog up to date")
    results.backlog(night)
