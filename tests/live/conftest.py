"""Nights at a live source: read, remember the ledger, read again."""

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from cxnlp.channels import live, no_files
from cxnlp.settings import Source
from tests.live.server import LocalService, served

Rows = list[dict[str, Any]]


class Nights:
    """A source, its ledger as the warehouse keeps it, and how long it was waited for."""

    def __init__(self, settings: dict[str, Any], source: dict[str, Any] | None = None) -> None:
        self.settings = settings
        self.of_source = {"name": "live", "channel": "social", "kind": "live"} | (source or {})
        self.ledger = no_files()
        self.slept: list[float] = []

    def source(self) -> Source:
        return Source.model_validate(self.of_source | {"live": self.settings})

    def read(self, *, is_stored: bool = True, batch: int = 1000) -> Rows:
        """One night. Where it is killed before it stores, its ledger rows are lost with its items."""
        batches = list(live.read(self.source(), self.ledger, batch, sleep=self.slept.append))
        if is_stored:
            new = pl.concat([each.files for each in batches])
            self.ledger = pl.concat([self.ledger.join(new, on="file", how="anti"), new])
        return [row for each in batches for row in each.items.iter_rows(named=True)]


@pytest.fixture
def service() -> Iterator[LocalService]:
    with served() as local:
        yield local


def texts(rows: Rows) -> list[str]:
    return [row["text"] for row in rows if row["problem"] is None]


def problems(rows: Rows) -> list[tuple[str | None, str]]:
    return [(row["file"], row["problem"]) for row in rows if row["problem"] is not None]
