"""The stages of the night as Prefect tasks: most take the night and a partition and give the partition back."""

import functools
import io
import logging
import os
import shutil
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import polars as pl
from prefect import Task, task
from prefect.cache_policies import NO_CACHE

from cxnlp import backlog as backlog_stage
from cxnlp import feedback as feedback_stage
from cxnlp import insight, privacy, report
from cxnlp import mentions as mentions_stage
from cxnlp.errors import CxnlpError, is_disk_full
from cxnlp.frames import EMPLOYEES, FEEDBACK, MENTIONS, PLACES, QUARANTINE, TAGS, conform
from cxnlp.quality.counts import read_errors
from cxnlp.tags.artefacts import shipped
from cxnlp.teaching import answers, journal
from cxnlp.warehouse import store
from pipelines.night import Night, Partition, connect

log = logging.getLogger("cxnlp.night")

P = ParamSpec("P")
R = TypeVar("R")

AFTER_LOAD = ("publish", "page")
STORED = "The night is stored, but not all of it is published; the last published database is whole."
NOT_STORED = "Nothing of this night was stored; the last published database is whole."
Stage = Callable[Concatenate[Night, P], R]


class StageFailed(CxnlpError):
    """A stage failed; the message names stage, kind of error and place, and never what a customer wrote."""


class ChecksFailed(CxnlpError):
    """The warehouse's checks found offenders: nothing was published."""


def stage(*, retries: int = 0) -> Callable[[Stage[P, R]], Task[Concatenate[Night, P], R]]:
    """Make a Prefect task of a stage: timed, and with errors that carry no feedback into logs or the Prefect API.

    Results and inputs are neither cached nor persisted by Prefect: what may be kept is in ``.cxnlp/staging``.
    """

    def decorate(function: Stage[P, R]) -> Task[Concatenate[Night, P], R]:
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
                raise StageFailed(_without_words(name, error)) from None
            finally:
                night.seconds[name] = night.seconds.get(name, 0.0) + time.perf_counter() - started

        named = task(name=name, retries=retries, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
        return named(timed)

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


@stage()
def retain(night: Night) -> None:
    """Erase what is older than its source is kept."""
    if not night.has_expired():
        return
    night.connection.close()
    n_erased = privacy.expire(night.workspace, night.on)
    night.connection = connect(night.workspace)
    log.info("erased %d texts older than they are kept", n_erased)


@stage()
def read(night: Night) -> Partition | None:
    """Read the next partition of at most `night.partition_size` items; None when every source is read."""
    partition = next(night.reader, None)
    if partition is not None:
        log.info("read %d items from %s", partition.items.height, partition.source)
    return partition


@stage()
def normalise(night: Night, partition: Partition) -> Partition:
    """Give all items one shape; leave those out that were erased, and that the warehouse already holds unchanged."""
    done = feedback_stage.normalise(partition.items, secret=night.secret)
    is_gone = night.erased(done.feedback)
    arrived = done.feedback.filter(~is_gone).with_row_index("arrival")
    fresh = store.not_stored(night.connection, arrived)
    unchanged = arrived.filter(~pl.col("arrival").is_in(fresh["arrival"].to_list())).select("feedback_id")
    gone = done.feedback.filter(is_gone).select("source")
    return replace(
        partition,
        feedback=fresh.drop("arrival"),
        unchanged=unchanged,
        erased=gone,
        quarantine=done.quarantine,
        places=done.places,
    )


@stage()
def mask(night: Night, partition: Partition) -> Partition:
    """Replace personal data by placeholders and employees' names by pseudonyms; also in names of files."""
    settings = night.workspace.settings.privacy
    work = functools.partial(feedback_stage.mask, secret=night.secret, privacy=settings)
    parts = night.workers.each(work, partition.feedback)
    return replace(
        partition,
        feedback=pl.concat([part.feedback for part in parts]),
        employees=pl.concat([part.employees for part in parts]),
        quarantine=feedback_stage.mask_files(partition.quarantine, settings),
    )


@stage()
def expand(night: Night, partition: Partition) -> Partition:
    """Write out the shorthand of call notes; what was written is kept beside it."""
    if not night.has_shorthand(partition.source):
        return partition
    masked = feedback_stage.Masked(partition.feedback, partition.employees)
    expanded = feedback_stage.expand(masked, night.glossary)
    return replace(partition, feedback=expanded.feedback, employees=expanded.employees)


@stage()
def split(night: Night, partition: Partition) -> Partition:
    """Find the mentions: sentences and clauses."""
    return replace(partition, mentions=pl.concat(night.workers.each(mentions_stage.split, partition.feedback)))


@stage()
def tag(night: Night, partition: Partition) -> Partition:
    """Let model and rules vote on every mention."""
    tags = night.tagger.tag(partition.feedback, partition.mentions)
    log.info("tagged %d mentions of %d texts", partition.mentions.height, partition.feedback.height)
    return replace(partition, tags=tags)


@stage(retries=2)
def keep(night: Night, partition: Partition) -> None:
    """Write a finished partition to staging, whole or not at all."""
    folder = night.folder_of(partition)
    unfinished = folder.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    frames = {
        "feedback": conform(partition.feedback.drop("speakers", strict=False), FEEDBACK),
        "employees": conform(partition.employees, EMPLOYEES),
        "mentions": conform(partition.mentions, MENTIONS),
        "tags": conform(partition.tags, TAGS),
        "quarantine": conform(partition.quarantine, QUARANTINE),
        "unchanged": partition.unchanged,
        "places": conform(partition.places, PLACES),
        "erased": partition.erased,
        "files": partition.files,
    }
    for name, frame in frames.items():
        _write(frame, unfinished / f"{name}.parquet")
    unfinished.rename(folder)
    night.staged.append(folder)


@stage()
def remask(night: Night) -> None:
    """Mask stored texts again that other rules have masked, or none, and what quarantine shows; killed, it goes on."""
    privacy = night.workspace.settings.privacy
    version = feedback_stage.masking_version(privacy)
    if version is None:
        return
    work = functools.partial(feedback_stage.mask_again, secret=night.secret, privacy=privacy)
    for texts in store.masked_otherwise(night.connection, version, night.workspace.settings.night.partition_size):
        for part in night.workers.each(work, texts):
            store.remask(night.connection, version, part.looked_at, part.texts, part.replaced, part.employees)
            log.info("masked %d of %d stored texts anew", part.texts.height, len(part.looked_at))
    waiting = feedback_stage.mask_files(store.quarantined(night.connection, released=True), privacy)
    reasons = [reason and feedback_stage.mask_note(reason, privacy) for reason in waiting["reason"]]
    store.mask_quarantine(night.connection, waiting.with_columns(pl.Series("reason", reasons, pl.String)))


@stage()
def retag(night: Night, *, everything: bool = False) -> None:
    """Tag stored feedback again of another model, vocabulary or precision, the newest first; killed, it goes on."""
    tagger = night.tagger
    older = store.outdated(night.connection, tagger.version, tagger.taxonomy_version, tagger.precision_version)
    settings = night.workspace.settings.night
    older, size = older if everything else older[: settings.retag], settings.partition_size
    for number, (feedback, mentions) in enumerate(store.stored(night.connection, older, size), 1):
        file = night.retagging_file(number, mentions)
        if not file.is_file():
            _write_whole(tagger.tag(feedback, mentions), file)
        night.retagged.append(file)
        log.info("tagged %d of %d stored texts again", min(number * size, len(older)), len(older))


def _write_whole(frame: pl.DataFrame, file: Path) -> None:
    unfinished = file.with_suffix(".part")
    _write(frame, unfinished)
    unfinished.rename(file)


def _write(frame: pl.DataFrame, file: Path) -> None:
    """Write Parquet by way of memory: polars itself does not always say why it could not write."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    file.write_bytes(buffer.getbuffer())


@stage()
def load(night: Night) -> None:
    """Load every staged partition; what a check finds wrong takes all of it back."""
    log.info("loading %d partition(s)", len(night.staged))
    run = store.Run(
        run_id=night.run_id,
        night=night.on,
        started_at=night.started_at,
        finished_at=datetime.now(UTC),
        n_arrived=night.n_read,
        reached=tuple(night.reached),
        gone=tuple(night.gone),
        seconds=night.seconds,
    )
    loaded = store.load(night.connection, night.staged, run, night.retagged)
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


@stage()
def backlog(night: Night) -> None:
    """Bring the backlog up to date, in the database and as CSV."""
    log.info("bringing the backlog up to date")
    items = backlog_stage.build(
        night.connection, night=night.on, run_id=night.run_id, settings=night.workspace.settings.backlog
    )
    backlog_stage.write(night.connection, items)


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
