"""The whole night at two sizes: documents a second end to end, the share of each stage, and peak memory.

    python -m benchmarks.night 1 100

reads the shipped sample once and a hundred times over, with changed ids (`repeating.py`). Each size runs in a process
of its own.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.repeating import repeat
from cxnlp.cli.init import init
from cxnlp.cli.night import run_night
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store


def measure(copies: int) -> dict[str, object]:
    """Run one night and measure it; prints and returns plain numbers."""
    with tempfile.TemporaryDirectory() as folder:
        config = repeat(Path(folder) / "feedback", copies)
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
        "peak_memory_mb": peak_memory_mb(resource.RUSAGE_SELF),
        "peak_memory_mb_of_largest_child": peak_memory_mb(resource.RUSAGE_CHILDREN),
        "database_mb": round(n_bytes / 1e6, 1),
        "stage_seconds": {
            name.removeprefix("seconds_"): round(value, 1)
            for name, value in run.items()
            if name.startswith("seconds_") and value
        },
    }


def peak_memory_mb(who: int) -> int:
    """Peak resident memory of this process, or of its largest ended child (a worker, Prefect's server)."""
    return round(resource.getrusage(who).ru_maxrss / 1024)


def main() -> None:
    """Measure each size named on the command line."""
    if sys.argv[1] == "--one":
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    for copies in sys.argv[1:]:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.night", "--one", copies], check=True, stdout=subprocess.PIPE, text=True
        )
        print(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
