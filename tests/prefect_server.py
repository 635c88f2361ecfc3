"""One Prefect server for all nights of a test session that are not about Prefect's server.

    python -m tests.prefect_server PID PORT

serves until process PID, which runs the tests, is gone: no worker knows which of them is the last one.
"""

import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines import local_server

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """Where it listens, and the folder of everything that it keeps."""

    url: str
    home: Path

    @property
    def settings(self) -> Mapping[str, str]:
        """What makes a night use it."""
        return {"PREFECT_API_URL": self.url, "PREFECT_HOME": str(self.home)}


def start(folder: Path) -> None:
    """Start it, with its records and its address in `folder`."""
    home, port = folder / "home", local_server.free_port(0)  # the usual one may be wanted for other things
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    of_ours = {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    environment = clean | of_ours | dict(local_server.RUNS_ONLY)
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    words = [sys.executable, "-m", __spec__.name, str(os.getppid() if is_worker else os.getpid()), str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=log)
    url = f"http://{local_server.ADDRESS}:{port}/api"
    local_server.wait(url, process)
    (folder / "url").write_text(url, "ascii")


def of(folder: Path) -> Server:
    """The one that was started with `folder`."""
    return Server((folder / "url").read_text("ascii"), folder / "home")


def _leave_with(pid: int) -> None:
    with suppress(ProcessLookupError):
        while True:
            os.kill(pid, 0)
            time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    _, tests, port = sys.argv
    threading.Thread(target=_leave_with, args=(int(tests),), daemon=True).start()
    sys.argv = ["uvicorn", *local_server.runs_only(int(port))]
    runpy.run_module("uvicorn", run_name="__main__", alter_sys=True)
