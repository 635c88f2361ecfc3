"""The dry run: the night's stages on what is new, with nothing stored."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from cxnlp.settings import Workspace
from pipelines.night import begin
from pipelines.partition import Partition
from pipelines.stages import expand, mask, normalise, split, tag

PLACEHOLDER = r"\[[A-Z]+\]"
SAMPLES_A_PARTITION, SAMPLES, SAMPLE_CHARACTERS = 2, 8, 300


@dataclass
class Preview:
    """What a night would do: counts, the placeholders that masking put in, and a few texts as they would be stored."""

    n_items: int = 0
    n_new: int = 0
    n_unchanged: int = 0
    n_quarantined: int = 0
    n_erased: int = 0
    n_mentions: int = 0
    masked: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    samples: list[dict[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The preview as plain values."""
        return {**vars(self), "masked": dict(self.masked), "problems": dict(self.problems)}

    def add(self, partition: Partition) -> None:
        """Count one partition in."""
        self.n_items += partition.items.height
        self.n_new += partition.feedback.height
        self.n_unchanged += partition.unchanged.height
        self.n_quarantined += partition.quarantine.height
        self.n_erased += partition.erased.height
        self.n_mentions += partition.mentions.height
        found = partition.feedback.select(pl.col("text").str.extract_all(PLACEHOLDER).explode().drop_nulls())
        self.masked.update(found["text"].to_list())
        self.problems.update(partition.quarantine["problem"].to_list())
        self.samples += _samples(partition)[: SAMPLES - len(self.samples)]


def preview(workspace: Workspace, *, sources: Sequence[str] = (), since: date | None = None) -> Preview:
    """Read, mask and tag what is new; store nothing."""
    seen = Preview()
    with begin(workspace, sources=sources, since=since, dry_run=True) as night:
        for partition in night.reader:
            masked = mask(night, normalise(night, partition))
            seen.add(tag(night, split(night, expand(night, masked))))
    return seen


def _samples(partition: Partition) -> list[dict[str, str]]:
    rows = partition.feedback.head(SAMPLES_A_PARTITION).select("feedback_id", "source", "text").to_dicts()
    said = partition.tags.filter(pl.col("family") == "moment").join(partition.mentions, on="mention_id")
    return [
        {
            "source": row["source"],
            "text": row["text"][:SAMPLE_CHARACTERS],
            "tags": ", ".join(said.filter(pl.col("feedback_id") == row["feedback_id"])["label"].unique().sort()),
        }
        for row in rows
    ]
