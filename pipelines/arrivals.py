"""What arrives in a night: the sources read in a fixed order, cut into partitions."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from cxnlp import channels
from cxnlp.channels import Batch, live
from cxnlp.frames import ITEMS, conform
from cxnlp.settings import Source, Workspace
from cxnlp.warehouse import store
from pipelines.partition import Partition
from pipelines.readers import Readers

log = logging.getLogger("cxnlp.night")


@dataclass
class Arrivals:
    """The partitions of all sources, one after the other, and what was noticed on the way.

    Attributes:
        name: gives a partition its key: items, files, source.
        since: only items from that day on, when given; files are then not entered in the ledger.
        reached: sources whose folder was there, and live sources, which say themselves whether they answer.
        gone: source and file of files that were known and are not there any more.
        n_read: items so far.
    """

    workspace: Workspace
    connection: duckdb.DuckDBPyConnection
    sources: tuple[Source, ...]
    since: date | None
    readers: Readers
    name: Callable[[pl.DataFrame, pl.DataFrame, Source], str]
    reached: list[str] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    n_read: int = 0
    n_partitions: int = 0

    def __iter__(self) -> Iterator[Partition]:
        for source in self.sources:
            folder = self.workspace.folder(source)
            if source.kind != "live" and not folder.is_dir():
                yield self._missing(source, folder)
                continue
            self.reached.append(source.name)
            seen = store.seen_files(self.connection, source.name)
            for batch in self._batches(source, folder, seen):
                items, files = batch.items, batch.files
                if self.since is not None:
                    items, files = _from_day(items, self.since), files.clear()
                self.n_read += items.height
                yield self._partition(source, items, files)
            if source.kind != "live":
                self.gone += self._gone(source, folder)

    def _batches(self, source: Source, folder: Path, seen: pl.DataFrame) -> Iterator[Batch]:
        """What is new; files, and mails that a service gives, are read in a process that can be killed."""
        size = self.workspace.settings.night.partition_size
        if source.kind == "live":
            return live.read(source, seen, size, read_one=self.readers.read_file)
        limits = f"{self.readers.item_seconds:g} s, {self.readers.item_megabytes} MB"
        return channels.read(source, folder, seen, size, read_one=self.readers.read_file, limits=limits)

    def _gone(self, source: Source, folder: Path) -> list[tuple[str, str]]:
        """The source's known files that are not there any more; an empty folder is taken for a drive that is away."""
        known = store.known_files(self.connection, source.name)
        there = {file.name for file in channels.files_of(source, folder)}
        if known and not there:
            log.warning("%s: no file is left in %s; taken for a drive that is away", source.name, folder)
            return []
        return [(source.name, name) for name in sorted(known - there)]

    def _missing(self, source: Source, folder: Path) -> Partition:
        self.n_read += 1
        log.warning("%s: no folder %s; the night goes on without it", source.name, folder)
        problem = (
            f"source {source.name}: the folder {folder} is not there. Allowed: an existing folder. Mend `path` of this "
            "source in cxnlp.toml, or mount the drive; the next run reads it."
        )
        items = conform(
            pl.DataFrame({"source": [source.name], "channel": [source.channel], "problem": [problem]}), ITEMS
        )
        return self._partition(source, items, channels.no_files())

    def _partition(self, source: Source, items: pl.DataFrame, files: pl.DataFrame) -> Partition:
        self.n_partitions += 1
        return Partition(self.n_partitions, self.name(items, files, source), source.name, items, files)


def _from_day(items: pl.DataFrame, day: date) -> pl.DataFrame:
    return items.filter(pl.col("occurred_at").is_null() | (pl.col("occurred_at").dt.date() >= day))
