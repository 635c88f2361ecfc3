"""SIGKILL at any stage, run again: the same warehouse as a night that was never killed."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.night.conftest import make_workspace, run_night, start_night
from tests.night.contents import contents, differences
from tests.prefect_server import Server

#: The log line after which the process is killed, stage by stage.
MOMENTS = ["read ", "tagged ", "loading ", "publishing"]  # and at random ones: tests/faults
OWN_SERVER = MOMENTS[0]  # Prefect's server, too, is this night's own and must leave with it


def kill_at(workspace: Path, line_start: str, server: Server | None) -> None:
    """Start a night and kill it when its log says `line_start`."""
    with start_night(workspace, server=server) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if f"INFO {line_start}" in line:
                assert attached_to(process.pid)
                process.send_signal(signal.SIGKILL)
                break
        process.wait()
    assert process.returncode == -signal.SIGKILL
    await_end_of_children(process.pid)


def await_end_of_children(parent: int, seconds: float = 15) -> None:
    """Prefect's server and the workers leave with the night that started them."""
    end = time.monotonic() + seconds
    while (left := attached_to(parent)) and time.monotonic() < end:
        time.sleep(0.2)
    assert left == []


def attached_to(parent: int) -> list[str]:
    lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in lines if f"pipelines.attached {parent} " in line or f"parent_pid={parent}," in line]


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment",
    [moment if moment == "loading " else pytest.param(moment, marks=pytest.mark.thorough) for moment in MOMENTS],
)
def test_a_killed_night_repeated_is_a_whole_night(moment: str, night: Path, tmp_path: Path, server: Server) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    served_by = None if moment == OWN_SERVER else server
    kill_at(workspace, moment, served_by)
    run_night(workspace, server=served_by)
    database = Path("warehouse") / "cx.duckdb"
    assert contents(night / database)["tags"].height > 0
    assert differences(night / database, workspace / database) == {}
