"""What is done to every partition that arrives, from reading to staging."""

import functools
import logging
import shutil
from dataclasses import replace

import polars as pl

from cxnlp import feedback as feedback_stage
from cxnlp import mentions as mentions_stage
from cxnlp.frames import EMPLOYEES, FEEDBACK, MENTIONS, PLACES, QUARANTINE, TAGS, VECTORS, conform
from cxnlp.warehouse import store
from pipelines.night import Night
from pipelines.partition import Partition
from pipelines.stages.stage import stage
from pipelines.stages.writing import write

log = logging.getLogger("cxnlp.night")


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
    judged = night.tagger.judge(partition.feedback, partition.mentions)
    log.info("tagged %d mentions of %d texts", partition.mentions.height, partition.feedback.height)
    return replace(partition, tags=judged.tags, vectors=judged.vectors)


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
        "vectors": conform(partition.vectors, VECTORS),
        "quarantine": conform(partition.quarantine, QUARANTINE),
        "unchanged": partition.unchanged,
        "places": conform(partition.places, PLACES),
        "erased": partition.erased,
        "files": partition.files,
    }
    for name, frame in frames.items():
        write(frame, unfinished / f"{name}.parquet")
    unfinished.rename(folder)
    night.staged.append(folder)
