"""Commands that take long, run one after the other beside the server: the very command line, as a process of its own.

A job is a folder in ``.cxnlp/jobs/open`` and, once it has ended, in ``.cxnlp/jobs/ended``. An erasure empties the
second: a job's answer and log may quote. What was sent along for it (``in``) goes when it ends; the newest
`_MOST_ENDED` are kept.

A job's process outlives the server. A lock says that a job is somebody's: the server holds it while the job waits, then
its process. A job that nobody holds and whose end nobody saw is lost: its log says how far it came.
"""

import fcntl
import json
import os
import queue
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cxnlp.answers.wrong import NotThere
from cxnlp.backlog import write_whole
from cxnlp.serve.snapshots import Busy

#: The command line as a program; -P: no modules from where it happens to be run.
PROGRAM: Final = (sys.executable, "-P", "-m", "cxnlp.cli")
LOG_LINES: Final = 100

_STOP_SECONDS: Final = 10.0
_MOST_WAITING: Final = 20
_MOST_ENDED: Final = 50
_MOST_ANSWER_BYTES: Final = 5_000_000
_MOST_LOG_BYTES: Final = 200_000
#: Plain lines as wide as they need to be, also where the answer is JSON.
_PLAIN: Final = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "1000", "CXNLP_LOG": "lines", "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True)
class Order:
    """A command as it is to be run.

    Attributes:
        command: its name, such as "backlog sync".
        arguments: as they are kept and shown: of files their names, of persons nothing.
        words: of its command line.
        lines: that it reads from its input.
        files: that it reads, by their names in the folder ``in`` of the job.
    """

    command: str
    arguments: Mapping[str, Any]
    words: Sequence[str]
    lines: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """What is known of a job; ``state``: queued, running, done, failed, stopped or lost. Times are UTC, ISO 8601."""

    id: str
    command: str
    arguments: Mapping[str, Any]
    queued_at: str
    state: str = "queued"
    started_at: str | None = None
    ended_at: str | None = None
    exit_code: int | None = None  # of the command line, below 0: the signal that ended it
    process: int | None = None


class Jobs:
    """The jobs of one workspace."""

    def __init__(self, folder: Path, program: Sequence[str] = PROGRAM) -> None:
        """Keep jobs below ``folder``; ``program`` takes the words of an order."""
        self._open, self._ended, self._program = folder / "open", folder / "ended", tuple(program)
        self._queue: queue.Queue[tuple[Job, Order, int]] = queue.Queue()  # with the lock
        self._mine: dict[str, str] = {}  # id → queued, running, stopped: of those that this server began
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None

    def place(self) -> Path:
        """Return where the folder of a new job will be, named by its time."""
        return self._open / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"

    def begin(self, folder: Path, order: Order) -> Job:
        """Let an order be run when those before it have ended.

        Raises:
            Busy: too many wait.
        """
        with self._changed:
            if sum(state == "queued" for state in self._mine.values()) >= _MOST_WAITING:
                raise Busy(f"{_MOST_WAITING} jobs wait already. Try again when some have ended.")
            for name in ("in", "out"):
                (folder / name).mkdir(mode=0o700, parents=True)
            for name, content in order.files.items():
                (folder / "in" / name).write_bytes(content)
            job = Job(folder.name, order.command, order.arguments, _now())
            self._keep(job)
            self._mine[job.id] = "queued"
            self._queue.put((job, order, _locked(folder)))
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._worker.start()
        return job

    def listed(self) -> list[Job]:
        """Return all jobs that are kept, the newest first."""
        names = {path.parent.name for place in (self._open, self._ended) for path in place.glob("*/job.json")}
        found = []
        for name in sorted(names, reverse=True):
            with suppress(NotThere):  # an erasure took it
                found.append(self.one(name))
        return found

    def one(self, name: str) -> Job:
        """Return a job.

        Raises:
            NotThere: there is none of this id, or it is no longer kept.
        """
        with self._changed:  # no job ends between two looks
            job = self._read(name)
            if job.ended_at is not None:
                return job
            if (mine := self._mine.get(name)) is not None:
                return replace(job, state=mine)
            if self._is_held(name):
                return replace(job, state="running" if job.process else "queued")
            return self._settle(replace(job, state="lost"))

    def stop(self, name: str) -> Job:
        """Take a job out of the queue, or end its process, or forget one that has ended, with all that it wrote.

        Raises:
            NotThere: there is none of this id.
        """
        job = self.one(name)
        if job.ended_at is not None:
            shutil.rmtree(self._ended / name, ignore_errors=True)
            return job
        with self._changed:
            if self._mine.get(name) == "queued":
                self._mine[name] = "stopped"
                return replace(job, state="stopped")
        if job.state == "running" and (process := self._read(name).process) is not None:
            with self._changed:
                if name in self._mine:
                    self._mine[name] = "stopped"
            with suppress(ProcessLookupError):
                os.killpg(process, signal.SIGTERM)
            with self._changed:
                self._changed.wait_for(lambda: name not in self._mine, _STOP_SECONDS)
        return self.one(name)

    def told(self, job: Job) -> dict[str, Any]:
        """Return a job with the end of its log, its answer, and the names of the files that it wrote."""
        folder = self._found(job.id)
        said = _end_of(folder / "answer", _MOST_ANSWER_BYTES)
        try:
            answer: Any = json.loads(said)
        except ValueError:
            answer = None
        log = _end_of(folder / "log", _MOST_LOG_BYTES).splitlines()[-LOG_LINES:]
        files = sorted(path.name for path in (folder / "out").glob("*") if path.is_file())
        printed = [_plain(line) for line in said.splitlines()[-LOG_LINES:]] if answer is None else []
        return shown(job) | {"log": [_plain(line) for line in log], "answer": answer, "printed": printed,
                             "files": files}  # fmt: skip

    def file(self, name: str, file: str) -> bytes:
        """Return what a job wrote.

        Raises:
            NotThere: there is no such job, or it wrote no such file.
        """
        self._read(name)
        for path in (self._found(name) / "out").glob("*"):
            if path.name == file and path.is_file() and not path.is_symlink():
                return path.read_bytes()
        raise NotThere("job: it wrote no file of this name. The job's `files` are all that there is.")

    def _work(self) -> None:
        while True:
            job, order, lock = self._queue.get()
            process = None
            with self._changed:
                if self._mine[job.id] == "queued":
                    process = self._started(job.id, order, lock)
                    job = replace(job, started_at=_now(), process=process.pid if process else None)
                    self._mine[job.id] = "running"
                    with suppress(OSError):  # a full disk stops no job
                        self._keep(job)
            os.close(lock)
            exit_code = None if process is None else _awaited(process, order.lines)
            with self._changed:
                is_stopped = self._mine.pop(job.id) == "stopped"
                state = "stopped" if is_stopped else "done" if exit_code == 0 else "failed"
                self._settle(replace(job, state=state, exit_code=exit_code))
                self._changed.notify_all()

    def _started(self, name: str, order: Order, lock: int) -> "subprocess.Popen[bytes] | None":
        """Begin a job's process, which holds its lock as long as it lives; None where the system refuses."""
        folder = self._open / name
        try:
            with _private(folder / "answer") as answer, _private(folder / "log") as log:
                return subprocess.Popen(
                    [*self._program, *order.words], stdin=subprocess.PIPE, stdout=answer, stderr=log,
                    cwd=folder / "out", env=os.environ | _PLAIN, pass_fds=(lock,),
                    start_new_session=True,  # Ctrl-C is meant for the server
                )  # fmt: skip
        except OSError:
            return None

    def _settle(self, job: Job) -> Job:
        """Put a job that is over to those that have ended; forget the oldest of them."""
        ended = replace(job, ended_at=_now())
        shutil.rmtree(self._open / job.id / "in", ignore_errors=True)
        with suppress(OSError):  # a full disk: it is looked at again
            self._keep(ended)
            self._ended.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._open / job.id).rename(self._ended / job.id)
            for old in sorted(self._ended.iterdir(), reverse=True)[_MOST_ENDED:]:
                shutil.rmtree(old, ignore_errors=True)
        return ended

    def _is_held(self, name: str) -> bool:
        """Whether another server, or a process that it began, holds the job's lock."""
        with suppress(FileNotFoundError), (self._open / name / "lock").open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def _found(self, name: str) -> Path:
        return self._open / name if (self._open / name).is_dir() else self._ended / name

    def _read(self, name: str) -> Job:
        for place in (self._open, self._ended, self._open):  # it may go from one to the other in between
            if name.replace("-", "").isalnum():
                with suppress(FileNotFoundError):
                    return Job(**json.loads((place / name / "job.json").read_text("utf-8")))
        raise NotThere("job: found none of this id. GET /api/jobs lists those that are kept.")

    def _keep(self, job: Job) -> None:
        write_whole(self._open / job.id / "job.json", json.dumps(asdict(job)).encode("ascii"))


def shown(job: Job) -> dict[str, Any]:
    """Return what a list says of a job."""
    return {name: value for name, value in asdict(job).items() if name != "process"}


def _locked(folder: Path) -> int:
    """Return the lock of a new job, held."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock


def _awaited(process: "subprocess.Popen[bytes]", lines: str) -> int:
    """Say the lines to a process and return its exit code."""
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin as stream:
        stream.write(lines.encode())
    return process.wait()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _plain(line: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in line)


def _end_of(path: Path, n_bytes: int) -> str:
    """Return the end of a text that may still be written; "" where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(-min(n_bytes, path.stat().st_size), os.SEEK_END)
            return file.read(n_bytes).decode("utf-8", "replace")
    except OSError:
        return ""
