"""One night on one workspace: what arrives, what is staged, and the versions that judge it.

What a night has finished but not loaded lies in ``.cxnlp/staging/<number>-<key>/``, one folder a partition. The key is
a keyed hash of what was read and of the versions that judge it: a night that was killed finds its finished partitions
again, and a partition is tagged once. Nothing unmasked is ever written, but by `Originals`, which encrypts it.
"""

import hashlib
import io
import json
import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

import cxnlp
from cxnlp import backlog, insight, privacy, results
from cxnlp.channels import live
from cxnlp.feedback import Glossary, load_glossary
from cxnlp.settings import SettingsError, Source, Workspace
from cxnlp.tags import Tagger
from cxnlp.teaching import journal
from cxnlp.warehouse import store
from pipelines.alone import at_night, connect
from pipelines.arrivals import Arrivals
from pipelines.partition import Partition
from pipelines.readers import Readers
from pipelines.workers import Workers

log = logging.getLogger("cxnlp.night")


@dataclass
class Night:
    """The state of one night; made by `begin`.

    Attributes:
        on: the day that the night is for; every date that the night writes comes from it, never from the clock.
        run_id: ``<on>-<n>``, the n-th run for that day. A killed run gives its id to the one that repeats it.
        staged: finished partitions of this night, in the order of reading.
        retagged: files with new tags of feedback that was stored before.
        revectored: files with new vectors of its mentions.
        seconds: time spent by stage.
    """

    workspace: Workspace
    on: date
    run_id: str
    started_at: datetime
    sources: tuple[Source, ...]
    since: date | None
    n_loaded: int  # runs before this one
    connection: duckdb.DuckDBPyConnection
    workers: Workers
    readers: Readers
    originals: privacy.Originals | None = None  # where the workspace keeps them
    expiry: privacy.Expiry | None = None  # where something stored was older than it may be kept
    staged: list[Path] = field(default_factory=list)
    retagged: list[Path] = field(default_factory=list)
    revectored: list[Path] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @cached_property
    def secret(self) -> bytes:
        """Key of the pseudonyms."""
        return self.workspace.secret()

    def settle_originals(self) -> int:
        """Bring the kept originals in line with what is stored; return how many there are."""
        return 0 if self.originals is None else self.originals.settle(store.identities(self.connection), self.on)

    @cached_property
    def tombstones(self) -> privacy.Tombstones:
        """What was erased and must not return."""
        return privacy.tombstones_of(self.workspace)

    def erased(self, feedback: pl.DataFrame) -> "pl.Series":
        """Say for each row whether it was erased before, or is older than it may be kept."""
        expired = privacy.limits_of(self.workspace.settings, self.on).expired(feedback)
        return self.tombstones.meant(feedback, self.secret) | expired

    @cached_property
    def tagger(self) -> Tagger:
        """The model, loaded when the first partition needs it."""
        return Tagger.of(self.workspace)

    @cached_property
    def glossary(self) -> Glossary:
        """What short words mean."""
        return load_glossary(self.workspace.shorthand_file)

    def has_shorthand(self, source: str) -> bool:
        """Whether the short words of this source are written out."""
        return any(each.name == source and each.has_shorthand for each in self.sources)

    def shorthand_versions(self) -> dict[str, str | None]:
        """Each source with the version of the glossary by which its short words are written out; None: they are not."""
        version = self.glossary.version
        return {each.name: version if each.has_shorthand else None for each in self.workspace.settings.sources}

    @cached_property
    def arrivals(self) -> Arrivals:
        """The partitions of all sources, in a fixed order, and what was noticed while reading."""
        return Arrivals(self.workspace, self.connection, self.sources, self.since, self.readers, self._name)

    @cached_property
    def reader(self) -> Iterator[Partition]:
        """Where reading the arrivals has come to."""
        return iter(self.arrivals)

    def _name(self, items: pl.DataFrame, files: pl.DataFrame, source: Source) -> str:
        return self._key(items, files, glossary=self.glossary.version if source.has_shorthand else "")

    def _key(self, *frames: pl.DataFrame, glossary: str = "") -> str:
        """Name a partition by its content and by everything that decides what becomes of it.

        The number of loaded runs stands for what is stored already. The day does not count: a night that was killed and
        is repeated on the next day finds its partitions.
        """
        versions = [cxnlp.__version__, self.tagger.version, self.tagger.taxonomy_version, str(self.n_loaded)]
        settings = self.workspace.settings
        privacy = settings.privacy.model_dump_json() + settings.tags.model_dump_json()
        digest = hashlib.blake2b(key=self.secret[-32:], digest_size=16)
        digest.update(json.dumps([*versions, privacy, glossary]).encode())
        for frame in frames:
            buffer = io.BytesIO()
            frame.write_ipc(buffer)
            digest.update(buffer.getbuffer())
        return digest.hexdigest()

    def folder_of(self, partition: Partition) -> Path:
        """Where a partition is staged; names sort in the order of reading, so that what was read later counts."""
        return self.workspace.staging / f"{partition.number:06d}-{partition.key}"

    def retagging_file(self, kind: str, number: int, mentions: pl.DataFrame) -> Path:
        """Where the new tags ("retagged") and vectors ("revectored") of stored mentions are staged."""
        return self.workspace.staging / f"{kind}-{number:06d}-{self._key(mentions)}.parquet"

    def is_staged(self, partition: Partition) -> bool:
        """Whether an earlier, unfinished run has already done this partition; counts it as done."""
        folder = self.folder_of(partition)
        if not folder.is_dir():
            return False
        self.staged.append(folder)
        return True


@contextmanager
def begin(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    sources: Sequence[str] = (),
    since: date | None = None,
    dry_run: bool = False,
) -> Iterator[Night]:
    """Open a night, alone on its workspace; a dry run gets the database read-only.

    Raises:
        NightRunning: another night holds the lock, or somebody changes something for longer than a night waits.
        SettingsError: ``as_of`` is before the last night, a source is not in ``cxnlp.toml``, a live one says what its
            service does not understand, or the secret or the key of kept originals cannot be used.
        ReviewError: a journal of what people decided is damaged, without which the night could not end.
    """
    with at_night(workspace):
        workspace.secret()
        originals = None if dry_run else privacy.originals_of(workspace)
        if not dry_run:
            privacy.resume(workspace)
        started_at = datetime.now(UTC)
        today = started_at.astimezone(ZoneInfo(workspace.settings.schedule.timezone)).date()
        chosen = _choose(workspace, sources)
        for read in (backlog.moves.read, insight.themes.edits.read, journal.answers):
            read(workspace)
        for source in chosen:
            if source.kind == "live":
                live.settings_of(source)
        _sweep_unfinished(workspace)
        with (
            closing(connect(workspace, dry_run=dry_run)) as connection,
            closing(Workers()) as workers,
            closing(Readers.of(workspace)) as readers,
        ):
            on = _day(as_of, today, store.newest_night(connection))
            run_id, n_loaded = store.next_run_id(connection, on), store.n_runs(connection)
            night = Night(
                workspace, on, run_id, started_at, chosen, since, n_loaded, connection, workers, readers, originals
            )
            try:
                yield night
            finally:
                night.connection.close()


def _day(as_of: date | None, today: date, newest: date | None) -> date:
    """Return the day that a night is for, never one before the last night: nothing it writes can go back.

    Args:
        as_of: what was asked for.
        today: by the clock, which may have been put back since the last night.
        newest: day of the last night.

    Raises:
        SettingsError: a day before the last night was asked for.
    """
    if newest is None or newest <= (as_of or today):
        return as_of or today
    if as_of is None:
        log.warning(
            "the clock says %s, and the last night here was for %s: this one is for that day, too. If that night's day "
            "was wrong, start over (docs/operations.md)", today, newest,
        )  # fmt: skip
        return newest
    raise SettingsError(
        f"--as-of {as_of}: the last night here was for {newest}, and nights do not go back: the page would be of the "
        f"earlier day, and items would shrink and open again. Allowed: {newest} or later. The pages of past nights are "
        "in pages/; to see another day, make a workspace with the same sources (`cxnlp init`) and run it there. "
        f"If {newest} was a slip, start over (docs/operations.md)."
    )


def _choose(workspace: Workspace, names: Sequence[str]) -> tuple[Source, ...]:
    known = {source.name: source for source in workspace.settings.sources}
    if unknown := [name for name in names if name not in known]:
        raise SettingsError(f"no source called {unknown[0]!r} in cxnlp.toml; there is: {', '.join(known)}.")
    return tuple(known[name] for name in names) if names else workspace.settings.sources


def _sweep_unfinished(workspace: Workspace) -> None:
    """Remove partitions, pages and exports that were being written when a night was killed."""
    workspace.staging.mkdir(mode=0o700, parents=True, exist_ok=True)
    results.sweep(workspace)
    for unfinished in workspace.staging.glob("*.part"):
        if unfinished.is_dir():
            shutil.rmtree(unfinished)
        else:
            unfinished.unlink()
