"""The words in front of the mask, kept only where a workspace asks for them: encrypted, apart, and for a time.

A night seals the originals of every partition, before masking, in an encrypted file of its own in ``.cxnlp/staging``.
`Originals.settle` brings ``.cxnlp/originals.duckdb`` in line with what is stored: it holds the originals of stored
feedback, with these very words, that are young enough, and no others. So whatever takes feedback away (an erasure,
retention, a correction) or kills a night in between is followed by settling once more. What leaves leaves every byte:
the file is written anew without it.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from cxnlp.settings import SettingsError, Workspace, original_key
from cxnlp.warehouse import encrypted, sql
from cxnlp.warehouse.publishing import make_durable
from cxnlp.warehouse.sql import WarehouseError

#: Columns of sealed rows; ``text`` is unmasked.
SEALED: Final = ("feedback_id", "content_hash", "source", "occurred_at", "text")

_SEALED_FILE: Final = "originals.duckdb"
PREFIX: Final = "originals-"
_PARTIAL: Final = ".part"
_AT_ONCE: Final = 2_000
_ALL: Final = "FROM kept.originals ORDER BY rowid"
_REKEYED: Final = (
    "SELECT originals.* REPLACE (renamed.new AS content_hash) FROM kept.originals AS originals "
    "JOIN renamed ON renamed.old = originals.content_hash ORDER BY originals.rowid"
)


@dataclass(frozen=True)
class Originals:
    """The kept originals of a workspace; made by `originals_of`.

    Attributes:
        days: that an original is kept.
        is_kept: whether new ones come in; else only what is there is looked after.
    """

    file: Path
    staging: Path
    days: int
    is_kept: bool
    key: str = field(repr=False)

    def seal(self, rows: pl.DataFrame, name: str) -> bool:
        """Encrypt the originals of a partition into staging, whole or not at all; False where there is nothing to do.

        Args:
            rows: columns `SEALED`.
            name: the partition's, the same whenever it is read again.
        """
        folder = self.staging / f"{PREFIX}{name}"
        if rows.is_empty() or folder.is_dir():
            return False
        unfinished = folder.with_suffix(_PARTIAL)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        with encrypted.opened() as connection:
            _new(connection, unfinished / _SEALED_FILE, "sealed", self.key)
            connection.register("arrived", rows.select(SEALED))
            connection.execute("INSERT INTO sealed.originals BY NAME FROM arrived")
            _finish(connection, "sealed")
        unfinished.rename(folder)
        return True

    def settle(self, stored: pl.DataFrame, on: date) -> int:
        """Bring the file in line with what is stored on the day ``on``; return how many originals it holds.

        Done twice, the second time changes nothing. Killed at any moment, the old file or the new one is there, whole.

        Args:
            stored: feedback_id and content_hash of all stored feedback, such as `store.identities` returns.
            on: day that ages are counted from.
        """
        _sweep(self.file)
        sealed = self._sealed() if self.is_kept else []
        if not sealed and not self.file.exists():
            return 0
        first_on = on - timedelta(days=self.days)
        stored = stored.select("feedback_id", "content_hash").drop_nulls()
        with self._open(writes=True) as connection:
            connection.register("stored", stored)
            self._let_go(connection, first_on)
            for file in sealed:
                encrypted.attach(connection, file, "sealed", self.key)
                sql.run(connection, "steps/originals_insert.sql", {"kept_on": on, "first_on": first_on})
                connection.execute("DETACH sealed")
            n_kept = int(sql.scalar(connection, "SELECT count(*) FROM kept.originals"))
            _finish(connection, "kept")
        make_durable(self.file)
        return n_kept

    def read(self, feedback_ids: pl.Series) -> pl.DataFrame:
        """Return the originals of these pieces of feedback: feedback_id, source, occurred_at, kept_on, text."""
        if not self.file.exists():
            return pl.DataFrame()
        with self._open() as connection:
            connection.register("chosen", feedback_ids.to_frame("feedback_id"))
            return connection.execute(
                "SELECT * EXCLUDE (content_hash) FROM kept.originals SEMI JOIN chosen USING (feedback_id) "
                "ORDER BY occurred_at, feedback_id"
            ).pl()

    def encrypt_anew(self, key: str) -> None:
        """Write the file anew with another key."""
        with self._open(writes=True) as connection:
            self._write(connection, _ALL, self.file, key=key)

    def rekeyed(self, target: Path, rekey: Callable[[str], str]) -> None:
        """Write a copy to ``target`` whose content hashes are keyed once more; under the same key of its own."""
        with self._open(writes=True) as connection:
            found = connection.execute("SELECT DISTINCT content_hash FROM kept.originals").fetchall()
            renamed = [(old, rekey(old)) for (old,) in found]
            schema = {"old": pl.String(), "new": pl.String()}
            connection.register("renamed", pl.DataFrame(renamed, schema=schema, orient="row"))
            self._write(connection, _REKEYED, target)

    def check_key(self) -> None:
        """Open everything that is encrypted.

        Raises:
            WrongKeyError: the key does not fit.
        """
        with encrypted.opened(writes=False) as connection:
            for number, file in enumerate([self.file, *self._sealed()]):
                if file.exists():
                    encrypted.attach(connection, file, f"file_{number}", self.key)

    def _sealed(self) -> list[Path]:
        """The sealed files, the last that was read first: of two versions of one text that one counts."""
        folders = sorted(self.staging.glob(f"{PREFIX}*"), reverse=True)
        return [folder / _SEALED_FILE for folder in folders if folder.suffix != _PARTIAL]

    def _let_go(self, connection: duckdb.DuckDBPyConnection, first_on: date) -> None:
        """Write the file anew without what may not stay, where there is such."""
        query, values = sql.text("steps/originals_staying.sql"), {"first_on": first_on}
        n_before = sql.scalar(connection, "SELECT count(*) FROM kept.originals")
        if sql.scalar(connection, f"SELECT count(*) FROM ({query})", values) != n_before:  # noqa: S608
            self._write(connection, query, self.file, values)
            encrypted.attach(connection, self.file, "kept", self.key, writes=True)

    def _make(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the file, empty; a killed night must not leave half of one."""
        partial = self.file.with_name(self.file.name + _PARTIAL)
        _new(connection, partial, "fresh", self.key)
        _finish(connection, "fresh")
        _put(partial, self.file)

    def _write(
        self, connection: duckdb.DuckDBPyConnection, query: str, target: Path,
        values: dict[str, Any] | None = None, *, key: str | None = None,
    ) -> None:  # fmt: skip
        """Write rows of `kept` to a new file and put it in place of ``target``; `kept` is detached afterwards."""
        partial = target.with_name(target.name + _PARTIAL)
        _new(connection, partial, "fresh", key or self.key)
        connection.execute(f"INSERT INTO fresh.originals BY NAME {query}", values)
        _finish(connection, "fresh")
        _finish(connection, "kept")  # no log of changes is left that would stand beside the new file
        _put(partial, target)

    @contextmanager
    def _open(self, *, writes: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Attach the file as `kept`; to write, it is made where it is not there."""
        with encrypted.opened(writes=writes) as connection:
            if writes and not self.file.exists():
                self._make(connection)
            encrypted.attach(connection, self.file, "kept", self.key, writes=writes)
            yield connection


def originals_of(workspace: Workspace) -> Originals | None:
    """Return the originals of a workspace that keeps some or has kept some; None for all others.

    Raises:
        SettingsError: the key is not to be had, does not fit, or what encrypts is not installed.
    """
    privacy = workspace.settings.privacy
    if not privacy.keep_original and not workspace.originals_file.exists():
        return None
    if privacy.original_key is None:
        raise SettingsError(f"{workspace.originals_file}: holds originals, and cxnlp.toml does not say where their key "
                            "is; allowed: `[privacy] original_key`, also where no new ones are kept, so that they can "
                            "be erased. Say it, or remove the file with all that it holds.")  # fmt: skip
    key = original_key.read(privacy.original_key, workspace.root)
    originals = Originals(
        workspace.originals_file, workspace.staging, privacy.original_retention_days, privacy.keep_original, key
    )
    try:
        encrypted.extension()
        originals.check_key()
    except WarehouseError as error:
        raise SettingsError(str(error)) from error
    return originals


def n_kept(file: Path, key: str) -> int:
    """Return how many originals a file holds.

    Raises:
        WrongKeyError: the key does not fit.
    """
    with encrypted.opened(writes=False) as connection:
        encrypted.attach(connection, file, "kept", key)
        return int(sql.scalar(connection, "SELECT count(*) FROM kept.originals"))


def texts_of(file: Path, key: str, feedback_ids: pl.Series) -> Iterator[str]:
    """Yield the originals of these pieces of feedback.

    Raises:
        WrongKeyError: the key does not fit.
    """
    with encrypted.opened(writes=False) as connection:
        encrypted.attach(connection, file, "kept", key)
        connection.register("chosen", feedback_ids.to_frame("feedback_id"))
        found = connection.execute("SELECT text FROM kept.originals SEMI JOIN chosen USING (feedback_id)")
        while rows := found.fetchmany(_AT_ONCE):
            yield from (text for (text,) in rows)


def key_at_hand(workspace: Workspace) -> str | None:
    """Return the key where cxnlp.toml names one and it is there; for looking only."""
    reference = workspace.settings.privacy.original_key
    if reference is None:
        return None
    try:
        return original_key.read(reference, workspace.root)
    except SettingsError:
        return None


def _new(connection: duckdb.DuckDBPyConnection, file: Path, name: str, key: str) -> None:
    """Attach a file to write to, with its table."""
    encrypted.attach(connection, file, name, key, writes=True)
    connection.execute(f"USE {sql.identifier(name)}")
    sql.run(connection, "steps/originals_make.sql")
    connection.execute("USE memory")


def _put(partial: Path, target: Path) -> None:
    """Put a whole file in place of ``target``, durably."""
    make_durable(partial)
    partial.replace(target)
    make_durable(target.parent)


def _finish(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Bring all changes into an attached file and let it go."""
    connection.execute(f"CHECKPOINT {sql.identifier(name)}")
    connection.execute(f"DETACH {sql.identifier(name)}")


def _sweep(file: Path) -> None:
    """Remove what was being written when somebody was killed."""
    for leftover in file.parent.glob(f"{file.name}{_PARTIAL}*"):
        leftover.unlink()
