"""The words in front of the mask, where the workspace keeps them: encrypted at once, never in clear on the disk."""

import logging

from pipelines.night import Night
from pipelines.partition import Partition
from pipelines.stages.stage import stage

log = logging.getLogger("cxnlp.night")


@stage(retries=2)
def seal(night: Night, partition: Partition) -> Partition:
    """Encrypt the originals of what is new into staging, before masking loses them."""
    if night.originals is not None and night.originals.is_kept:
        night.originals.seal(partition.feedback, night.folder_of(partition).name)
    return partition


@stage(retries=2)
def archive(night: Night) -> None:
    """Take in the sealed originals of what is stored by now, and let those go that may not be kept any more."""
    if night.originals is not None:
        log.info("keeping %d originals, encrypted", night.settle_originals())
