"""SIGKILL at any stage, run again: the same warehouse as a night that was never killed."""

import signal
from pathlib import Path

import pytest

from tests.night.conftest import make_workspace, run_night, start_night
from tests.night.contents import contents, differences

#: The log line after which the process is killed, stage by stage.
MOMENTS = ["read ", "tagged ", "loading ", "checking ", "publishing", "writing the page"]


def kill_at(workspace: Path, line_start: str) -> None:
    """Start a night and kill it when its log says `line_start`."""
    with start_night(workspace) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if f"INFO {line_start}" in line:
                process.send_signal(signal.SIGKILL)
                break
        process.wait()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_night_repeated_is_a_whole_night(moment: str, night: Path, tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    kill_at(workspace, moment)
    run_night(workspace)
    database = Path("warehouse") / "cx.duckdb"
    assert contents(night / database)["tags"].height > 0
    assert differences(night / database, workspace / database) == {}
