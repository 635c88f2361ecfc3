"""How long feedback may be kept: a number of days for all, or for a source of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from cxnlp.settings import Settings


@dataclass(frozen=True)
class Limits:
    """The first day that is kept, by source; sources that are not named follow ``others``. None keeps everything."""

    sources: Mapping[str, date | None]
    others: date | None

    def __bool__(self) -> bool:
        return self.others is not None or any(day is not None for day in self.sources.values())

    def expired(self, rows: pl.DataFrame) -> pl.Series:
        """Say for each row whether it is older than it may be kept.

        Args:
            rows: columns source, occurred_at.
        """
        first = pl.col("source").replace_strict(dict(self.sources), default=self.others, return_dtype=pl.Date)
        late = (pl.col("occurred_at").dt.date() < first).fill_null(False)
        return rows.select(late.alias("expired"))["expired"]


def limits_of(settings: Settings, on: date) -> Limits:
    """Return what a night for the day ``on`` keeps."""

    def first(days: int | None) -> date | None:
        return None if days is None else on - timedelta(days=days)

    general = settings.privacy.retention_days
    own = {source.name: first(source.retention_days or general) for source in settings.sources}
    return Limits(own, first(general))
