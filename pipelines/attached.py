"""Processes that end with the one that started them, even when that one is killed.

    python -m pipelines.attached PID MODULE [ARGUMENTS]

runs MODULE as ``python -m MODULE`` would, until it ends or process PID is gone.
"""

import os
import runpy
import sys
import threading
import time
from collections.abc import Sequence


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


if __name__ == "__main__":
    _, pid, name, *rest = sys.argv
    leave_with(int(pid))
    sys.argv = [name, *rest]
    runpy.run_module(name, run_name="__main__", alter_sys=True)
