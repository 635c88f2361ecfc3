"""One at a time: who changes a workspace's working database holds its lock, and nights wait for people's changes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import duckdb
from filelock import FileLock, Timeout

from cxnlp.errors import CxnlpError
from cxnlp.settings import SettingsError, Workspace
from cxnlp.warehouse import store

PATIENCE_SECONDS: Final = 3  # who looks at the quarantine holds the workspace for a moment; a night takes longer
NIGHTS_PATIENCE_SECONDS: Final = (
    600  # a night that is due comes after whatever people are about; nobody starts it again
)
_PROBE_SECONDS: Final = 0.2

_NIGHT: Final = "night.lock"  # from its first moment on, also while it waits
_CHANGES: Final = "changes.lock"  # by whoever changes the working database, nights too


class NightRunning(CxnlpError):
    """A night, or somebody who changes something between nights, is at work on this workspace; the message says who."""

    exit_code = 3


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace between nights. A night that waits comes first: nobody begins a change before it.

    Raises:
        NightRunning: a night, or somebody else who changes the working database, holds it.
    """
    with _held(workspace, _NIGHT, PATIENCE_SECONDS):
        pass
    with _held(workspace, _CHANGES, PATIENCE_SECONDS):
        with _held(workspace, _NIGHT, min(_PROBE_SECONDS, PATIENCE_SECONDS)):
            pass
        yield


@contextmanager
def at_night(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for a night, once what people are changing is done.

    Raises:
        NightRunning: another night holds it, or a change lasts for longer than ten minutes.
    """
    with _held(workspace, _NIGHT, PATIENCE_SECONDS), _held(workspace, _CHANGES, NIGHTS_PATIENCE_SECONDS):
        yield


@contextmanager
def _held(workspace: Workspace, name: str, patience_seconds: float) -> Iterator[None]:
    workspace.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(workspace.state / name)
    try:
        lock.acquire(timeout=patience_seconds)
    except Timeout as error:
        who = "a night is already running" if name == _NIGHT else "somebody is changing something"
        raise NightRunning(f"{workspace.root}: {who} here. Wait for it to end, then run again.") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def between_nights(
    workspace: Workspace, *, publishes: bool = False, decides: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the working database outside of a night, alone: nights and other changes wait outside.

    Args:
        workspace: where.
        publishes: finish first what a night that failed has begun to erase; no snapshot may be published before.
        decides: as in `cxnlp.warehouse.store.open_of`; publishing then takes a moment.

    Raises:
        NightRunning: a night, or somebody else, is at work on it.
        SettingsError: no night has run yet.
        ErasureError: an erasure that was begun cannot be finished.
    """
    with alone(workspace):
        if not workspace.working_database.exists():
            raise SettingsError(f"{workspace.root}: no night has run here yet. Run `cxnlp run`.")
        if publishes:
            from cxnlp import privacy  # loads the models' runtime, which lists do without

            privacy.resume(workspace)
        with closing(store.open_of(workspace, decides=decides)) as connection:
            yield connection


def connect(workspace: Workspace, *, dry_run: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the working database; for a dry run read-only, or an empty one in memory."""
    database = workspace.working_database
    if not dry_run:
        return store.open_of(workspace)
    return duckdb.connect(database, read_only=True) if database.exists() else store.open_working(":memory:")
