"""Many people look at the live view at once while a night runs: how many answers, how many errors, how long.

    python -m benchmarks.serve [--users 50] [--seconds 60] [--folder /tmp/serve]

A night on the sample's letters is published and served by a real `cxnlp serve`; then a real `cxnlp run` reads all the
sample and publishes, while each user asks one question after the other with a pause between. Questions are drawn from
everything that the live view answers; searches are seldom the same, so that they are not answered from what is kept.
"""

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

from cxnlp.cli.init import init

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample" / "cxnlp.toml"
FIRST, SECOND = "2026-11-02", "2026-11-03"
PAUSE_SECONDS = 0.5  # between an answer and the next question of one user, on average
PATIENCE_SECONDS = 60

WORDS = ("parcel", "late", "refund", "nobody", "called", "driver", "rude", "kind", "app", "price", "plant", "queue")
QUESTIONS = (
    "/", "/moments", "/moments/delivery", "/moments/refund", "/backlog", "/backlog/{item}", "/find?words={words}",
    "/api/moments", "/api/scorecard", "/api/backlog", "/api/backlog/{item}/evidence", "/api/find?words={words}",
    "/api/evidence?label=moments.delivery", "/api/themes", "/api/views/moments/rows?limit=50&offset={offset}",
    "/api/why?label=moments.delivery&from=2026-09&to=2026-10", "/api/status",
)  # fmt: skip


@dataclass
class Tally:
    """What became of the questions: seconds of each answer, what went wrong how often, and the snapshots that spoke."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    snapshots: set[str] = field(default_factory=set)

    def words(self) -> str:
        """The tally in one line."""
        p50, p95, p99 = np.percentile(self.seconds, [50, 95, 99]) * 1_000
        return (
            f"{len(self.seconds):,} answers, {sum(self.errors.values()):,} errors {dict(self.errors) or ''}; "
            f"p50 {p50:,.0f} ms, p95 {p95:,.0f} ms, p99 {p99:,.0f} ms; {len(self.snapshots)} snapshot(s)"
        )


async def load(
    address: str, users: int, seconds: float, *, goes_on: Callable[[], bool] = lambda: False, seed: int = 1
) -> Tally:
    """Let ``users`` ask for ``seconds``, and on while it ``goes_on``."""
    tally = Tally()
    async with httpx.AsyncClient(
        base_url=address, timeout=PATIENCE_SECONDS, limits=httpx.Limits(max_connections=users)
    ) as client:
        item = (await client.get("/api/backlog")).json()[0]["item_id"]
        ends = time.monotonic() + seconds

        async def user(number: int) -> None:
            drawn = random.Random(seed * 1_000 + number)
            while time.monotonic() < ends or goes_on():
                await asyncio.sleep(drawn.expovariate(1 / PAUSE_SECONDS))
                words = "+".join(drawn.sample(WORDS, 3))
                await _ask(
                    client, drawn.choice(QUESTIONS).format(item=item, words=words, offset=drawn.randrange(100)), tally
                )

        await asyncio.gather(*(user(number) for number in range(users)))
    return tally


async def _ask(client: httpx.AsyncClient, url: str, tally: Tally) -> None:
    begun = time.perf_counter()
    try:
        response = await client.get(url)
    except httpx.HTTPError as error:
        tally.errors[f"{url.partition('?')[0]} {type(error).__name__}"] += 1
        return
    if response.status_code != 200:
        tally.errors[f"{url.partition('?')[0]} {response.status_code}"] += 1
        return
    tally.seconds.append(time.perf_counter() - begun)
    if name := response.headers.get("x-cxnlp-snapshot"):
        tally.snapshots.add(name)


@contextmanager
def served(workspace: Path) -> Iterator[tuple[str, int]]:
    """Run `cxnlp serve`; give its address and its process once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(command("serve", workspace, "--port", str(port)), stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/api/moments", timeout=PATIENCE_SECONDS).raise_for_status()
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def processor_seconds(process: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def command(name: str, workspace: Path, *words: str) -> list[str]:
    """A command of cxnlp's on a workspace."""
    return [sys.executable, "-m", "cxnlp.cli", name, "-w", str(workspace), *words]


def main() -> None:
    """Prepare a workspace, serve it, and ask while a night runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        workspace = (given.folder or Path(made)) / "workspace"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        if not workspace.exists():
            workspace.parent.mkdir(parents=True, exist_ok=True)
            config = workspace.with_name("cxnlp.toml")
            config.write_text(SAMPLE.read_text("utf-8").replace("../data/sample", str(SAMPLE.parent)), "utf-8")
            init(workspace, config)
            first = command("run", workspace, "--as-of", FIRST, "--source", "letters", "--json")
            subprocess.run(first, check=True, stdout=subprocess.DEVNULL, env=environment)
        with served(workspace) as (address, server):
            begun, used = time.monotonic(), processor_seconds(server)
            night = subprocess.Popen(command("run", workspace, "--as-of", SECOND, "--json"), env=environment,
                                     stdout=subprocess.DEVNULL)  # fmt: skip
            tally = asyncio.run(load(address, given.users, given.seconds, goes_on=lambda: night.poll() is None))
            seconds = time.monotonic() - begun
            used = processor_seconds(server) - used
            print(f"{given.users} users for {seconds:.0f} s beside a night: {tally.words()}")
            print(
                f"{used * 1_000 / len(tally.seconds):.0f} ms of the processor an answer; load of the machine "
                f"{os.getloadavg()[0]:.0f} on {os.cpu_count()} cores; the night ended with {night.returncode}"
            )
        if tally.errors or night.returncode:
            sys.exit(1)


if __name__ == "__main__":
    main()
