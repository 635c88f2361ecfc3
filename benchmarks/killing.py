"""SIGKILL at random moments of a whole small night, then the night again: the warehouse of a night never killed.

Each trial kills one to three times before the night may end; every step of the night is as likely as any other, however
short it is. After every kill the published database is whole: it holds last night's rows or all of this one's.
"""

import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from benchmarks import small_nights
from benchmarks.small_nights import AS_OF, Nights, Steps
from tests.night.contents import TABLES, contents, differences

MOST_KILLS = 3  # of one night
SECONDS = 180


@dataclass(frozen=True)
class Scene:
    """What a trial starts from, and what must come of it."""

    name: str
    before: Path
    after: Path
    as_of: str
    steps: Sequence[tuple[float, str]]  # of the night that was not killed

    def moment(self, turn: random.Random) -> tuple[str, float]:
        """Choose a step and a time within it."""
        number = turn.randrange(len(self.steps) - 1)
        (start, line), (end, _) = self.steps[number : number + 2]
        return line, turn.uniform(0, (end - start) * 1.1)


@dataclass
class Outcome:
    """What the kills did; ``wrong`` must stay empty."""

    n_kills: int = 0
    n_nights: int = 0
    n_too_late: int = 0  # the night was over before its turn came
    within: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def kill(n: int, seed: int) -> Outcome:
    """Kill ``n`` times; return what became of it."""
    done = Outcome()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cxnlp-kills-") as name, small_nights.ready(Path(name)) as nights:
        scenes = list(_scenes(Path(name), nights))
        trial = 0
        while done.n_kills < n:
            turn = random.Random(f"{seed}-{trial}")
            _try(nights, scenes[trial % len(scenes)], Path(name) / f"trial-{trial}", turn, n, done)
            trial += 1
            print(f"{done.n_kills} of {n} kills, {done.n_nights} nights whole, {len(done.wrong)} wrong", flush=True)
    done.seconds = time.monotonic() - started
    return done


def _scenes(folder: Path, nights: Nights) -> Iterator[Scene]:
    """The first night of a workspace, and the second one, with corrections."""
    before = small_nights.make_workspace(folder / "scene-0")
    for number, (as_of, name) in enumerate(zip(AS_OF, ("first night", "second night"), strict=True), start=1):
        after = folder / f"scene-{number}"
        _copy(before, after)
        if number > 1:
            small_nights.bring_more(after)
            shutil.rmtree(before / "inbox")
            shutil.copytree(after / "inbox", before / "inbox")
        steps = nights.run(after, as_of)
        yield Scene(name, _copied(before, folder / f"before-{number}"), after, as_of, steps.said)
        before = after


def _try(nights: Nights, scene: Scene, workspace: Path, turn: random.Random, n: int, done: Outcome) -> None:
    _copy(scene.before, workspace)
    places = []
    for _ in range(turn.randint(1, min(MOST_KILLS, n - done.n_kills))):
        line, delay = scene.moment(turn)
        places.append(f"{line.rstrip('0123456789')[:24]!r} + {delay:.2f} s")
        if not _kill_once(nights, scene, workspace, line, delay):
            done.n_too_late += 1
            continue
        done.n_kills += 1
        done.within[_step(line)] += 1
        if not _is_whole(scene, workspace):
            done.wrong.append(f"{scene.name}: the published database is not whole after {places}")
    try:
        nights.run(workspace, scene.as_of)
    except RuntimeError as error:
        done.wrong.append(f"{scene.name}: the night after {places} failed: {error}")
        return
    done.n_nights += 1
    done.wrong += [f"{scene.name}: after {places}: {what}" for what in _unlike(scene.after, workspace)]
    shutil.rmtree(workspace)


def _kill_once(nights: Nights, scene: Scene, workspace: Path, line: str, delay: float) -> bool:
    process, steps = nights.start(workspace, scene.as_of)
    if steps.wait(line, SECONDS):
        time.sleep(delay)
    process.kill()
    process.join()
    return bool(process.exitcode == -signal.SIGKILL) and not _failed(steps)


def _failed(steps: Steps) -> bool:
    return any(line.startswith("failed") for _, line in steps.said)


def _step(line: str) -> str:
    return line.split(maxsplit=1)[0]


def _is_whole(scene: Scene, workspace: Path) -> bool:
    """Whether the published database holds last night's rows or this night's, and nothing between."""
    pointer = Path("warehouse") / "cx.duckdb"
    if not (workspace / pointer).exists():
        return not (scene.before / pointer).exists()
    found = contents(workspace / pointer)
    return any(
        (state / pointer).exists() and _same(found, contents(state / pointer)) for state in (scene.before, scene.after)
    )


def _same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    return all(one[table].equals(other[table]) for table in TABLES)


def _unlike(expected: Path, workspace: Path) -> Iterator[str]:
    """Yield what a night that was never killed would have left otherwise."""
    pointer = Path("warehouse") / "cx.duckdb"
    yield from (
        f"{table}: {heights}" for table, heights in differences(expected / pointer, workspace / pointer).items()
    )
    if not _exported(expected).equals(_exported(workspace)):
        yield "backlog.csv differs"
    if left := [
        path.name for path in (*workspace.iterdir(), *(workspace / "warehouse").iterdir()) if "part" in path.name
    ]:
        yield f"left unfinished: {left}"
    if (workspace / ".cxnlp" / "staging").exists() and any((workspace / ".cxnlp" / "staging").iterdir()):
        yield "partitions are left in staging"
    if not (workspace / "page.html").exists():
        yield "there is no page"


def _exported(workspace: Path) -> pl.DataFrame:
    """The backlog's CSV without the number of the run: a killed run and its repetition may be two."""
    return pl.read_csv(workspace / "backlog.csv", infer_schema=False).drop("Run")


def _copy(old: Path, new: Path) -> None:
    shutil.copytree(old, new, symlinks=True)


def _copied(old: Path, new: Path) -> Path:
    _copy(old, new)
    return new
