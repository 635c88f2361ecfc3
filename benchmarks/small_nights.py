"""A tiny workspace of two nights, and nights on it that start in a moment.

Every night runs in a process of its own, forked from one that has imported everything, against one Prefect server; a
night is then the work alone, some seconds. It tells its steps through a pipe, so that it can be killed within one.
"""

import logging
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from time import monotonic

from cxnlp.cli.init import init
from cxnlp.settings import open_workspace
from pipelines import local_server, prefect_settings

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
AS_OF = ("2026-11-02", "2026-11-03")

CONFIG = """
company = "Larkfield"
[[source]]
name = "letters"
channel = "letter"
kind = "letters"
path = "inbox/letters"
[[source]]
name = "calls"
channel = "call"
kind = "table"
path = "inbox/calls"
[[source]]
name = "x"
channel = "social"
kind = "posts"
path = "inbox/posts"
[night]
partition_size = 50
snapshots = 2
"""

NOTES = (
    "c1,2026-09-07,M. Thornbury,Tom,Sofa delivered with a torn arm. Customer rang three times and nobody called back.",
    "c2,2026-09-08,P. Ashdown,Tom,Wanted to thank Priya for sorting the refund within the hour. Very pleased.",
    "c3,2026-09-09,K. Wexford,Ines,The app shows the wrong balance again. Says that she cannot trust the figures.",
    "c4,not a date,L. Marsh,Ines,Asked about opening hours and was given the wrong ones.",
)
MORE_NOTES = (
    "c2,2026-09-08,P. Ashdown,Tom,Wanted to thank Priya for the refund but it has not arrived. Not pleased any more.",
    "c5,2026-10-02,R. Holloway,Ines,Delivery came two days late and the driver was rude to his mother.",
    "c6,2026-10-03,S. Penhale,Tom,Has cancelled after the third wrong bill and says never again.",
)


def make_workspace(folder: Path) -> Path:
    """A workspace with what the first night finds; all have the same secret, so that their keys can be compared."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    config = folder.parent / f"{folder.name}.toml"
    config.write_text(CONFIG, "utf-8")
    init(folder, config)
    (folder / ".cxnlp" / "secret").write_text("0123456789abcdef" * 4 + "\n", "ascii")
    for name in ("letters", "calls", "posts"):
        (folder / "inbox" / name).mkdir(parents=True)
    _take(folder, "posts/x_export.jsonl", "posts/a.jsonl", slice(0, 8))
    (folder / "inbox" / "calls" / "a.csv").write_text(_table(*NOTES), "utf-8")
    shutil.copy2(SAMPLE / "letters" / "2026-09-09_letter_0033.txt", folder / "inbox" / "letters")
    (folder / "inbox" / "letters" / "broken.docx").write_bytes(b"PK\x03\x04 and no more")
    return folder


def bring_more(folder: Path) -> None:
    """Put what the second night finds into the inbox: new posts and notes, a corrected letter, one that is mended."""
    _take(folder, "posts/x_export.jsonl", "posts/b.jsonl", slice(6, 16))
    (folder / "inbox" / "calls" / "b.csv").write_text(_table(*NOTES[:1], *MORE_NOTES), "utf-8")
    letter = folder / "inbox" / "letters" / "2026-09-09_letter_0033.txt"
    letter.write_text(letter.read_text("utf-8") + "\nP.S. The driver was rude as well.\n", "utf-8")
    (folder / "inbox" / "letters" / "broken.docx").unlink()
    shutil.copy2(SAMPLE / "letters" / "2026-09-10_letter_0034.txt", folder / "inbox" / "letters")


def _take(folder: Path, sample: str, name: str, lines: slice) -> None:
    """Copy some lines of a sample's file."""
    whole = (SAMPLE / sample).read_text("utf-8").splitlines(keepends=True)
    (folder / "inbox" / name).write_text("".join(whole[lines]), "utf-8")


def _table(*rows: str) -> str:
    return "\n".join(["case,date,customer,agent,notes", *rows]) + "\n"


@dataclass
class Steps:
    """What a night has said of its steps so far, each with the time since its start."""

    pipe: Connection
    started: float = field(default_factory=monotonic)
    said: list[tuple[float, str]] = field(default_factory=list)

    def wait(self, start: str, seconds: float) -> bool:
        """Wait until a step begins whose line starts so; False when the night ended or took too long before it."""
        end = monotonic() + seconds
        while monotonic() < end and self.pipe.poll(max(end - monotonic(), 0)):
            try:
                line = self.pipe.recv()
            except EOFError:
                return False
            self.said.append((monotonic() - self.started, line))
            if line.startswith(start):
                return True
        return False


@dataclass
class Nights:
    """Starts nights; made by `ready`."""

    context: ForkServerContext

    def start(
        self, workspace: Path, as_of: str, at: str = "", do: Callable[[], None] | None = None
    ) -> tuple[ForkServerProcess, Steps]:
        """Start a night; when it begins the step whose line starts with ``at``, it does ``do`` to itself first."""
        ours, theirs = self.context.Pipe(duplex=False)
        process = self.context.Process(target=_night, args=(str(workspace), as_of, theirs, at, do))
        process.start()
        theirs.close()
        return process, Steps(ours)

    def run(self, workspace: Path, as_of: str, seconds: float = 300) -> Steps:
        """Run a night to its end.

        Raises:
            RuntimeError: it failed or did not end.
        """
        process, steps = self.start(workspace, as_of)
        steps.wait("the end of the pipe", seconds)
        process.join(seconds)
        if process.exitcode != 0:
            process.kill()
            raise RuntimeError(f"{workspace}: a night ended with {process.exitcode}: {steps.said[-3:]}")
        steps.said.append((monotonic() - steps.started, "end"))
        return steps


@contextmanager
def ready(folder: Path) -> Iterator[Nights]:
    """Start a Prefect server that keeps its records in ``folder``, and the process that nights are forked from."""
    place = open_workspace(make_workspace(folder / "server"))
    os.environ["PREFECT_HOME"] = str(place.state / "prefect")
    prefect_settings.settle(place.state)
    with local_server.server(place):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["benchmarks.preloaded", "cxnlp.cli.night", __name__])
        yield Nights(context)


class _Telling(logging.Handler):
    """Sends the night's log through a pipe."""

    def __init__(self, pipe: Connection, at: str, do: Callable[[], None] | None) -> None:
        super().__init__()
        self.pipe, self.at, self.do = pipe, at, do

    def emit(self, record: logging.LogRecord) -> None:
        """Send one line, and do once what is to be done at it."""
        line = record.getMessage()
        self.pipe.send(line)
        if self.do is not None and line.startswith(self.at):
            do, self.do = self.do, None
            do()


def _night(workspace: str, as_of: str, pipe: Connection, at: str, do: Callable[[], None] | None) -> None:
    from cxnlp.cli.night import run_night

    log = logging.getLogger("cxnlp.night")
    log.setLevel(logging.INFO)
    log.addHandler(_Telling(pipe, at, do))
    pipe.send("start")
    try:
        run_night(open_workspace(Path(workspace)), as_of=as_of)
    except Exception as error:
        pipe.send(f"failed: {type(error).__name__}: {error}")
        raise SystemExit(getattr(error, "exit_code", 1)) from None
