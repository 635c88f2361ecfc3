"""What a published database holds, for comparing two nights row by row."""

from pathlib import Path

import polars as pl

from cxnlp.warehouse import store

#: Bookkeeping of runs differs between a night and its repetition; everything else must not.
BOOKKEEPING = {"run_id", "started_at", "finished_at"}
TABLES = (
    "feedback",
    "employees",
    "mentions",
    "tags",
    "quarantine",
    "backlog",
    "backlog_evidence",
    "backlog_events",
    "alerts",
    "daily_reports",
    "themes",
    "theme_mentions",
    "theme_events",
)


def contents(database: Path) -> dict[str, pl.DataFrame]:
    """Every table, in a fixed order of rows and without bookkeeping."""
    with store.open_published(database) as connection:
        frames = {name: connection.sql(f"FROM {name}").pl() for name in TABLES}
    return {name: _ordered(frame.drop(BOOKKEEPING, strict=False)) for name, frame in frames.items()}


def differences(left: Path, right: Path) -> dict[str, str]:
    """The tables whose rows differ, with their heights."""
    one, other = contents(left), contents(right)
    return {
        name: f"{one[name].height} and {other[name].height} rows"
        for name in TABLES
        if not one[name].equals(other[name])
    }


def _ordered(frame: pl.DataFrame) -> pl.DataFrame:
    flat = frame.with_columns(pl.selectors.by_dtype(pl.List(pl.UInt32)).cast(pl.List(pl.String)).list.join(","))
    return flat.sort(flat.columns, nulls_last=True)
