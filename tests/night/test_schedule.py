"""A schedule that fires, once, on a real Prefect server."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cxnlp.cli.init import init
from cxnlp.cli.query import summary
from cxnlp.settings import open_workspace
from tests.night.conftest import environment

CONFIG = """
company = "Test"
[[source]]
name = "letters"
channel = "letter"
kind = "letters"
path = "inbox"
[schedule]
cron = "* * * * *"
"""


@pytest.mark.slow
def test_a_schedule_fires(tmp_path: Path) -> None:
    config = tmp_path / "cxnlp.toml"
    config.write_text(CONFIG, "utf-8")
    root = tmp_path / "workspace"
    init(root, config)
    (root / "inbox").mkdir()
    (root / "inbox" / "2026-09-15_letter.txt").write_text(
        "The delivery was late and nobody answered my letters.", "utf-8"
    )
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "cxnlp.cli", "schedule", "-w", str(root)],
            env=environment(), stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_for(root / "page.html", seconds=240)
        finally:
            _stop(server)
    runs = summary(open_workspace(root))["runs"]
    assert runs["n_stored"].max() == 1, (tmp_path / "log").read_text()


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """End it as a service manager does; it must leave when asked, also at the very moment when a run ends."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def _wait_for(path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists():
            return
        time.sleep(1)
    pytest.fail(f"{path.name} did not appear in {seconds} s")
