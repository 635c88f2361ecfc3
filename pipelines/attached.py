"""Processes that end with the one that started them, even when that one is killed.

    python -m pipelines.attached PID MODULE [ARGUMENTS]

runs MODULE as ``python -m MODULE`` would, until it ends or process PID is gone.
"""

import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any


def leave_with(parent: int) -> None:
    """End this process when ``parent``, which started it, is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def command(module: str, arguments: Sequence[str]) -> list[str]:
    """Return the command line of an attached process of this one."""
    return [sys.executable, "-m", __spec__.name, str(os.getpid()), module, *arguments]


def attach_prefect_server() -> None:
    """Let the server that Prefect starts inside a run end with the run.

    Prefect 3.8.8 leaves it running when the run is killed, and has no setting for it. A run that uses another server
    starts none, and is spared the seconds that importing one takes.
    """
    if os.environ.get("PREFECT_API_URL"):
        return
    import prefect
    from prefect.server.api.server import SubprocessASGIServer
    from prefect.settings import get_current_settings

    def start(server: SubprocessASGIServer) -> "subprocess.Popen[Any]":
        arguments = ["--app-dir", str(prefect.__module_path__.parent), "--factory",
                     "prefect.server.api.server:create_app", "--host", "127.0.0.1", "--port", str(server.port),
                     "--log-level", "error", "--lifespan", "on"]  # fmt: skip
        only_for_this_run = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
        settings = get_current_settings().to_environment_variables(exclude_unset=True)
        return subprocess.Popen(command("uvicorn", arguments), env=os.environ | only_for_this_run | settings)

    SubprocessASGIServer._run_uvicorn_command = start  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    _, pid, name, *rest = sys.argv
    leave_with(int(pid))
    sys.argv = [name, *rest]
    runpy.run_module(name, run_name="__main__", alter_sys=True)
