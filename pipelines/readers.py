"""A process of the night's own that opens files: what crashes, hangs or eats memory in it costs one file.

It starts with the first file that must be opened, and anew after each that it did not survive. What it has read by then
is kept; the file's last item says why there are no more.
"""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from cxnlp import channels
from cxnlp.channels import confined
from cxnlp.channels.files import File
from cxnlp.channels.items import Item, unusable
from cxnlp.errors import CxnlpError
from cxnlp.settings import Source, Workspace
from pipelines import attached

START_SECONDS: Final = 120
#: On a crowded machine a reader that would work but is not let gets so many times its seconds.
PATIENCE: Final = 10
_CHUNK: Final = 1 << 16


class ReaderFailed(CxnlpError):
    """The process that opens files does not start."""


class _Lost(Exception):
    """The process is gone or useless; the message says why, for the file's last item."""


class _Late(_Lost):
    """The file took too long; no other process would be faster."""


class Readers:
    """Reads files as `channels.read_file` does, in a process that can be killed; `close` ends it.

    Args:
        item_seconds: what one item may take; a whole file gets this for each of its megabytes, and once more.
        item_megabytes: memory that one file may take.
    """

    def __init__(self, item_seconds: float, item_megabytes: int) -> None:
        self.item_seconds = item_seconds
        self.item_megabytes = item_megabytes
        self.n_started = 0
        self._process: _Process | None = None

    @classmethod
    def of(cls, workspace: Workspace) -> "Readers":
        """Readers with the limits that a workspace sets."""
        night = workspace.settings.night
        return cls(night.item_seconds, night.item_megabytes)

    def read_file(self, source: Source, file: File) -> Iterator[Item]:
        """Yield the items of one file; whatever is wrong with it becomes an item with a ``problem``, never an error."""
        if file.problem is not None:
            yield from channels.read_file(source, file)
            return
        n_read = 0
        for _ in range(2):
            process = self._started()
            was_used, process.is_used = process.is_used, True
            try:
                for item in islice(self._items(process, source, file), n_read, None):
                    yield item
                    n_read += 1
                return
            except _Lost as lost:
                if not was_used or isinstance(lost, _Late):
                    yield unusable(_stopped(str(lost), n_read))
                    return
                # A file before this one may have left it broken: a fresh one tells.

    def _items(self, process: "_Process", source: Source, file: File) -> Iterator[Item]:
        is_whole = False
        try:
            process.ask(confined.request(source, file))
            seconds_left = self.item_seconds * (1 + file.n_bytes / 1e6)
            while True:
                started = time.monotonic()
                line = process.line(min(self.item_seconds, seconds_left))
                seconds_left -= time.monotonic() - started
                if line in (confined.END, confined.LEAVING):
                    is_whole = line == confined.END
                    return
                try:
                    item = confined.heard(line)
                except ValueError as error:
                    raise _Lost("The reader of this file said nonsense") from error
                yield item
        except TimeoutError as error:
            raise _Late(f"Took longer than {self.item_seconds:g} seconds (`night.item_seconds`)") from error
        finally:
            if not is_whole:
                self.close()

    def _started(self) -> "_Process":
        if self._process is None:
            self._process = _Process(self.item_seconds, self.item_megabytes)
            self.n_started += 1
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process = None


def _stopped(reason: str, n_read: int) -> str:
    place = f" after {n_read:,} items" if n_read else ""
    return (
        f"{reason}{place}; reading it was stopped. Allowed: what `night.item_seconds` and `night.item_megabytes` in "
        "cxnlp.toml give. It is damaged, or made to do harm: export it again, split it, or raise them."
    )


class _Process:
    """The other process, and what it has said but nobody has heard yet."""

    def __init__(self, item_seconds: float, item_megabytes: int) -> None:
        self.is_used = False
        words = attached.command("cxnlp.channels.confined", [str(item_seconds), str(item_megabytes)])
        errors = None if os.environ.get("CXNLP_DEBUG") else subprocess.DEVNULL
        # Threads of C libraries reserve memory that they never use; two portions are enough.
        environment = os.environ | {"MALLOC_ARENA_MAX": "2"}
        self._child = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment, bufsize=0
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._requests, self._answers = self._child.stdin, self._child.stdout.fileno()
        self._said = self._lines()
        self._seconds: float = START_SECONDS
        self._asked_at, self._worked_before = time.monotonic(), 0.0
        try:
            is_ready = self.line(START_SECONDS) == confined.READY
        except (_Lost, TimeoutError):
            is_ready = False
        if not is_ready:
            self.kill()
            raise ReaderFailed(
                "the process that opens files does not start. Nothing was read. Check the memory that is free; "
                "CXNLP_DEBUG=1 shows what it says."
            )

    def ask(self, line: bytes) -> None:
        """Send a request.

        Raises:
            _Lost: the process is gone.
        """
        self._asked_at, (_, self._worked_before) = time.monotonic(), _doing(self._child.pid)
        try:
            rest = memoryview(line)
            while rest:  # a signal may cut a write short
                rest = rest[self._requests.write(rest) :]
        except OSError as error:
            raise _Lost(self._why_gone()) from error

    def line(self, seconds: float) -> bytes:
        """Return the next line that it says.

        Raises:
            TimeoutError: it said nothing for so long.
            _Lost: it is gone, or says something endless.
        """
        self._seconds = seconds
        return next(self._said)

    def _lines(self) -> Iterator[bytes]:
        with selectors.DefaultSelector() as selector:
            selector.register(self._answers, selectors.EVENT_READ)
            rest: list[bytes] = []
            n_bytes = 0
            while True:
                self._wait(selector)
                chunk = os.read(self._answers, _CHUNK)
                if not chunk:
                    raise _Lost(self._why_gone())
                *lines, last = chunk.split(b"\n")
                for line in lines:
                    yield b"".join([*rest, line, b"\n"])
                    rest, n_bytes = [], 0
                rest.append(last)
                n_bytes += len(last)
                if n_bytes > confined.MAX_LINE_BYTES:
                    raise _Lost("The reader of this file said nonsense")

    def _wait(self, selector: selectors.BaseSelector) -> None:
        """Wait until it says something.

        Raises:
            TimeoutError: it says nothing, though it could work; or for very long.
        """
        for _ in range(PATIENCE):
            if selector.select(max(self._seconds, 0)):
                return
            if not self._is_kept_from_work():
                break
        raise TimeoutError

    def _is_kept_from_work(self) -> bool:
        """Whether it would work, but has got less than half of a processor since it was asked."""
        state, worked = _doing(self._child.pid)
        return state in ("R", "D") and worked - self._worked_before < (time.monotonic() - self._asked_at) / 2

    def _why_gone(self) -> str:
        code = self._child.wait(timeout=START_SECONDS)
        if code == -signal.SIGXCPU:
            return "Took too much processor time (`night.item_seconds`)"
        if code >= 0:
            return f"The reader of this file gave up (exit code {code})"
        return f"The reader of this file crashed ({signal.Signals(-code).name})"

    def kill(self) -> None:
        """End it at once."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()


def _doing(pid: int) -> tuple[str, float]:
    """The state of a process (R: would work, D: waits for a disk) and its processor seconds; Linux only."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    except OSError:
        return "", 0.0
    words = stat.rpartition(")")[2].split()
    return words[0], (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
