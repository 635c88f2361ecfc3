"""The newest published snapshot, opened once and read by many; once the night publishes another, they go on to it."""

import logging
import queue
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.errors import CxnlpError
from cxnlp.warehouse import reading
from cxnlp.warehouse.sql import WarehouseError

N_CURSORS: Final = 8
_MEMORY: Final = "2GB"
_PATIENCE_SECONDS: Final = 30.0
_TRIES: Final = 3
_OTHER_VERSION: Final = (
    "the database lacks something that is asked of it: another version of cxnlp published it. Run `cxnlp run`, which "
    "publishes it anew."
)
_LOG = logging.getLogger(__name__)


class Busy(CxnlpError):
    """Too many ask at once."""

    def __init__(self, message: str = "too many ask at once. Try again in a moment.") -> None:
        """Say so, or what else keeps it busy."""
        super().__init__(message)


class TooSlow(CxnlpError):
    """A question took longer than it may."""


@dataclass
class _Open:
    """One opened snapshot with its idle cursors; closed when it is retired and the last cursor is back."""

    edition: str
    connection: duckdb.DuckDBPyConnection
    idle: "queue.LifoQueue[duckdb.DuckDBPyConnection]" = field(default_factory=queue.LifoQueue)
    n_out: int = 0
    is_retired: bool = False


class Snapshots:
    """Cursors on the newest snapshot; each reader keeps the one that it began with."""

    def __init__(self, pointer: Path, *, n_cursors: int = N_CURSORS, seconds: float = 60.0) -> None:
        """Read what ``pointer`` (``warehouse/cx.duckdb``) points to.

        Args:
            pointer: need not be there yet.
            n_cursors: how many may read at once; others wait.
            seconds: after which a reader's query is stopped.
        """
        self.pointer = pointer
        self._n_cursors, self._seconds = n_cursors, seconds
        self._lock = threading.Lock()  # of the counts
        self._opening = threading.Lock()  # one opens, meanwhile others read the old one
        self._current: _Open | None = None

    def edition(self) -> str:
        """Return what tells this snapshot from any other; a name alone does not where a warehouse was made anew.

        Raises:
            WarehouseError: nothing was published yet.
        """
        try:
            target = self.pointer.resolve(strict=True)
            about = target.stat()
        except OSError as error:
            raise WarehouseError("there is no published database yet. Run `cxnlp run`, which publishes one.") from error
        return f"{target.stem}.{about.st_ino:x}.{about.st_mtime_ns:x}"

    @contextmanager
    def reader(self) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
        """Give the edition and a cursor on it.

        Raises:
            WarehouseError: nothing was published yet, it cannot be opened, or it lacks tables or columns of this cxnlp.
            Busy: no cursor came free for half a minute.
            TooSlow: a query took longer than it may, and was stopped.
        """
        opened = self._taken()
        try:
            try:
                cursor = opened.idle.get(timeout=_PATIENCE_SECONDS)
            except queue.Empty:
                raise Busy from None
            stop = threading.Timer(self._seconds, cursor.interrupt)
            stop.daemon = True
            stop.start()
            try:
                yield opened.edition, cursor
            except duckdb.InterruptException as error:
                raise TooSlow(f"this took longer than {self._seconds:g} s and was stopped. Ask for less.") from error
            except (duckdb.CatalogException, duckdb.BinderException) as error:
                place = traceback.extract_tb(error.__traceback__)[-1]
                _LOG.error("%s in %s, line %s of %s", type(error).__name__, place.name, place.lineno, place.filename)
                raise WarehouseError(_OTHER_VERSION) from error
            finally:
                stop.cancel()
                opened.idle.put(cursor)
        finally:
            self._give_back(opened)

    def refresh(self) -> None:
        """Open the newest snapshot and let go of an older one: what was erased is not to be held open.

        Raises:
            WarehouseError: nothing was published yet, or it cannot be opened.
        """
        self._give_back(self._taken())

    def close(self) -> None:
        """Close what is open once its readers are done."""
        with self._lock:
            opened, self._current = self._current, None
        if opened is not None:
            self._retire(opened)

    def _taken(self) -> _Open:
        """Return the newest snapshot, counted as in use."""
        for _ in range(_TRIES):
            wanted = self.edition()
            with self._lock:
                if self._current is not None and self._current.edition == wanted:
                    self._current.n_out += 1
                    return self._current
            if (opened := self._renewed(wanted)) is not None:
                return opened
        raise Busy("snapshots are published faster than they can be opened. Try again in a moment.")

    def _renewed(self, wanted: str) -> _Open | None:
        """Open the newest, counted as in use; while another does so, give the old one. None: look again."""
        is_mine = self._opening.acquire(blocking=False)
        if not is_mine:
            with self._lock:
                if self._current is not None:
                    self._current.n_out += 1
                    return self._current
            self._opening.acquire()
        try:
            with self._lock:
                if self._current is not None and self._current.edition == wanted:
                    self._current.n_out += 1
                    return self._current
            snapshot = self.pointer.resolve()
            try:
                fresh = _opened(snapshot, wanted, self._n_cursors)
            except WarehouseError:
                if snapshot.exists():
                    raise
                return None  # swept between looking and opening
            if self.edition() != wanted:  # published in between: what was opened may be either
                fresh.connection.close()
                return None
            with self._lock:
                old, self._current = self._current, fresh
                fresh.n_out += 1
            if old is not None:
                self._retire(old)
            return fresh
        finally:
            self._opening.release()

    def _retire(self, opened: _Open) -> None:
        with self._lock:
            opened.is_retired = True
            is_last = opened.n_out == 0
        if is_last:
            _close(opened)

    def _give_back(self, opened: _Open) -> None:
        with self._lock:
            opened.n_out -= 1
            is_last = opened.is_retired and opened.n_out == 0
        if is_last:
            _close(opened)


def _opened(snapshot: Path, edition: str, n_cursors: int) -> _Open:
    """Open a snapshot with its cursors; after that nothing of it can be set otherwise."""
    connection = reading.open_searchable(snapshot)
    try:
        database = connection.execute("SELECT current_database()").fetchall()[0][0]
        connection.execute("SET GLOBAL TimeZone = 'UTC'")  # of a cursor, too: it begins with the machine's
        connection.execute("SET threads = 1")  # each reader has its own: many ask at once, few ask for much
        opened = _Open(edition, connection)
        for _ in range(n_cursors):
            cursor = connection.cursor()
            cursor.execute(f"USE {database}")
            opened.idle.put(cursor)
        reading.confine(connection, _MEMORY)
    except BaseException:
        connection.close()
        raise
    return opened


def _close(opened: _Open) -> None:
    while not opened.idle.empty():
        opened.idle.get_nowait().close()
    opened.connection.close()
