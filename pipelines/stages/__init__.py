"""The stages of the night as Prefect tasks: most take the night and a partition and give the partition back."""

from pipelines.stages.arriving import expand, keep, mask, normalise, read, split, tag
from pipelines.stages.loading import (
    ChecksFailed,
    alerts,
    backlog,
    check,
    count,
    drivers,
    load,
    rates,
    themes,
    vote,
)
from pipelines.stages.originals import archive, seal
from pipelines.stages.publishing import notify, page, publish
from pipelines.stages.stage import StageFailed
from pipelines.stages.stored import reexpand, remask, retag, retain

__all__ = [
    "ChecksFailed",
    "StageFailed",
    "alerts",
    "archive",
    "backlog",
    "check",
    "count",
    "drivers",
    "expand",
    "keep",
    "load",
    "mask",
    "normalise",
    "notify",
    "page",
    "publish",
    "rates",
    "read",
    "reexpand",
    "remask",
    "retag",
    "retain",
    "seal",
    "split",
    "tag",
    "themes",
    "vote",
]
