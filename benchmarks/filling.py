"""The disk fills up within each stage of a night: what was published stays whole, and the next night completes.

The workspace lies on a small file system in memory (Linux, root); where none may be mounted, no file may grow instead
(``RLIMIT_FSIZE``), which the night meets at the same places.
"""

import errno
import functools
import itertools
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import small_nights
from benchmarks.small_nights import AS_OF, Nights
from tests.night.contents import contents, differences

#: The first words of the line after which the disk is full.
STEPS = ("read ", "tagged ", "loading", "checking", "correcting", "bringing", "publishing", "writing")
MEGABYTES = 128
BALLAST = "ballast"
POINTER = Path("warehouse") / "cx.duckdb"
#: What the message of a night without room says.
CLEAR = ("the disk is full",)


@dataclass
class Outcome:
    """What became of each step; ``wrong`` must stay empty."""

    told: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def fill(steps: tuple[str, ...] = STEPS, *, ways: Sequence[bool] = (True,)) -> Outcome:
    """Fill the disk at each of ``steps`` of a second night; return what became of it.

    Args:
        steps: of ``STEPS``.
        ways: True for a small disk, where one may be mounted; False for files that may not grow.
    """
    done = Outcome()
    with tempfile.TemporaryDirectory(prefix="cxnlp-full-") as name, small_nights.ready(Path(name)) as nights:
        folder = Path(name)
        before = small_nights.make_workspace(folder / "before")
        nights.run(before, AS_OF[0])
        small_nights.bring_more(before)
        after = Path(shutil.copytree(before, folder / "after", symlinks=True))
        nights.run(after, AS_OF[1])
        for may_mount, step in itertools.product(ways, steps):
            with _small_disk(folder / "disk", may_mount=may_mount) as (disk, fill_up):
                workspace = Path(shutil.copytree(before, disk / "workspace", symlinks=True))
                _try(nights, step, workspace, fill_up, (before, after), done)
    return done


def _try(
    nights: Nights, step: str, workspace: Path, fill_up: Callable[[], None], states: tuple[Path, Path], done: Outcome
) -> None:
    process, steps = nights.start(workspace, AS_OF[1], step, fill_up)
    steps.wait("the end of the pipe", 120)
    process.join(60)
    last = steps.said[-1][1] if steps.said else ""
    done.told.append(f"full at {step!r}: exit code {process.exitcode}: {last[:230]}")
    if process.exitcode not in (0, 1):
        process.kill()
        done.wrong.append(f"full at {step!r}: ended with {process.exitcode}")
    if process.exitcode == 1 and not any(word in last.lower() for word in CLEAR):
        done.wrong.append(f"full at {step!r}: the message does not say that the disk is full: {last}")
    published = contents(workspace / POINTER)
    if not any(all(published[t].equals(frame) for t, frame in contents(state / POINTER).items()) for state in states):
        done.wrong.append(f"full at {step!r}: what is published is neither the old nor the new night")
    (workspace.parent / BALLAST).unlink(missing_ok=True)
    try:
        nights.run(workspace, AS_OF[1])
    except RuntimeError as error:
        done.wrong.append(f"full at {step!r}: the next night failed: {error}")
        return
    done.wrong += [f"full at {step!r}: {table}: {heights}" for table, heights in
                   differences(states[1] / POINTER, workspace / POINTER).items()]  # fmt: skip


@contextmanager
def _small_disk(folder: Path, *, may_mount: bool) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A folder, and what makes it full from within the night."""
    folder.mkdir()
    size = f"size={MEGABYTES}m"
    mounting = ["mount", "-t", "tmpfs", "-o", size, "none", str(folder)]
    is_mounted = may_mount and subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    try:
        yield folder, functools.partial(_pour, folder / BALLAST) if is_mounted else _let_no_file_grow
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        shutil.rmtree(folder)


def _pour(ballast: Path) -> None:
    """Write until there is no room left."""
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def _let_no_file_grow() -> None:
    """Let no file of this process grow beyond a page: writing fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))
