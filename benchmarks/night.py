"""The whole night at two sizes: documents a second end to end, the share of each stage, and peak memory.

    python benchmarks/night.py 1 100

reads the shipped sample once and a hundred times over. A source's name is part of every id, so the sample is repeated
by naming its folders again under new source names; nothing is copied. Each size runs in a process of its own.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cxnlp.cli.init import init
from cxnlp.cli.night import run_night
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
PER_PARTITION = {"read", "normalise", "mask", "split", "tag", "keep"}


def repeated_config(copies: int) -> str:
    """The sample's cxnlp.toml with every source `copies` times, each under a name of its own."""
    text = (SAMPLE / "cxnlp.toml").read_text("utf-8").replace("../data/sample", str(SAMPLE))
    head, *blocks = re.split(r"(?=^\[\[source\]\])", text, flags=re.MULTILINE)
    last, tail = re.split(r"(?=^\[schedule\])", blocks[-1], flags=re.MULTILINE)
    blocks[-1] = last
    named = [re.sub(r'name = "(\w+)"', rf'name = "\1_{n}"', block) for n in range(copies) for block in blocks]
    return head + "".join(named) + tail


def measure(copies: int) -> dict[str, object]:
    """Run one night and measure it; prints and returns plain numbers."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "cxnlp.toml"
        config.write_text(repeated_config(copies), "utf-8")
        root = Path(folder) / "workspace"
        init(root, config)
        workspace = open_workspace(root)
        started = time.perf_counter()
        run_id = run_night(workspace, as_of="2026-11-02")
        seconds = time.perf_counter() - started
        with store.open_published(workspace.database) as connection:
            run = store.run_of(connection, run_id)
        n_bytes = workspace.database.stat().st_size
    return {
        "n_arrived": run["n_arrived"],
        "n_mentions": run["n_mentions"],
        "seconds": round(seconds, 1),
        "documents_per_second": round(run["n_arrived"] / seconds, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "database_mb": round(n_bytes / 1e6, 1),
        "stage_seconds": {
            name.removeprefix("seconds_"): round(value, 1)
            for name, value in run.items()
            if name.startswith("seconds_") and value
        },
    }


def main() -> None:
    """Measure each size named on the command line."""
    if sys.argv[1] == "--one":
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    for copies in sys.argv[1:]:
        done = subprocess.run(
            [sys.executable, __file__, "--one", copies], check=True, stdout=subprocess.PIPE, text=True
        )
        print(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
