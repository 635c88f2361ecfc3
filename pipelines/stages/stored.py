"""What is done to feedback that was stored before."""

import functools
import logging

import polars as pl

from cxnlp import feedback as feedback_stage
from cxnlp import privacy
from cxnlp.warehouse import store
from pipelines.night import Night
from pipelines.stages.stage import stage
from pipelines.stages.writing import write_whole

log = logging.getLogger("cxnlp.night")


@stage()
def retain(night: Night) -> None:
    """Erase what is older than its source is kept, and originals that are older than they are."""
    night.expiry = privacy.expire(night.workspace, night.connection, night.on)
    if night.expiry is not None:
        log.info("erased %d texts older than they are kept", night.expiry.erasure.n_feedback)
    night.settle_originals()


@stage()
def remask(night: Night) -> None:
    """Mask stored texts again that other rules have masked, or none, and what quarantine shows; killed, it goes on."""
    rules = night.workspace.settings.privacy
    version = feedback_stage.masking_version(rules)
    if version is None:
        return
    work = functools.partial(feedback_stage.mask_again, secret=night.secret, privacy=rules)
    for texts in store.masked_otherwise(night.connection, version, night.workspace.settings.night.partition_size):
        for part in night.workers.each(work, texts):
            employees = night.tombstones.remembered(part.employees, texts)
            store.remask(night.connection, version, part.looked_at, part.texts, part.replaced, employees, part.written)
            log.info("masked %d of %d stored texts anew", part.texts.height, len(part.looked_at))
    waiting = feedback_stage.mask_files(store.quarantined(night.connection, released=True), rules)
    reasons = [reason and feedback_stage.mask_note(reason, rules) for reason in waiting["reason"]]
    store.mask_quarantine(night.connection, waiting.with_columns(pl.Series("reason", reasons, pl.String)))


@stage()
def reexpand(night: Night) -> None:
    """Write out stored shorthand again that another glossary has written out, or none; killed, it goes on."""
    versions = night.shorthand_versions()
    for texts in store.expanded_otherwise(night.connection, versions, night.workspace.settings.night.partition_size):
        done = feedback_stage.expand_again(texts, night.glossary)
        store.reexpand(night.connection, texts, done.texts, done.replaced)
        log.info("wrote out %d of %d stored texts anew", done.texts.height, texts.height)


@stage()
def retag(night: Night, *, everything: bool = False) -> None:
    """Tag stored feedback again of another model, vocabulary or precision, the newest first; killed, it goes on."""
    tagger = night.tagger
    older = store.outdated(
        night.connection, tagger.version, tagger.taxonomy_version, tagger.precision_version, tagger.encoder_version
    )
    settings = night.workspace.settings.night
    older, size = older if everything else older[: settings.retag], settings.partition_size
    for number, (feedback, mentions) in enumerate(store.stored(night.connection, older, size), 1):
        tags, vectors = (night.retagging_file(kind, number, mentions) for kind in ("retagged", "revectored"))
        if not tags.is_file():
            judged = tagger.judge(feedback, mentions)
            write_whole(judged.vectors, vectors)
            write_whole(judged.tags, tags)
        night.retagged.append(tags)
        night.revectored.append(vectors)
        log.info("tagged %d of %d stored texts again", min(number * size, len(older)), len(older))
