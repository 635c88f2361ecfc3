"""The stages of the night as Prefect tasks: most take the night and a partition and give the partition back."""

from pipelines.stages.arriving import expand, keep, mask, normalise, read, split, tag
from pipelines.stages.loading import ChecksFailed, backlog, check, load, rates, themes, vote
from pipelines.stages.publishing import page, publish
from pipelines.stages.stage import StageFailed
from pipelines.stages.stored import remask, retag, retain

__all__ = [
    "ChecksFailed", "StageFailed", "backlog", "check", "expand", "keep", "load", "mask", "normalise", "page", "publish",
    "rates", "read", "remask", "retag", "retain", "split", "tag", "themes", "vote",
]  # fmt: skip
