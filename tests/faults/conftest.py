"""A workspace of two small nights; the second one runs without a network, with its clock put back."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import small_nights
from tests.night.conftest import environment
from tests.once import once
from tests.prefect_server import Server

ROOT = Path(__file__).parents[2]


def cxnlp(
    *words: str, before: tuple[str, ...] = (), server: Server | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would; a night without `server` starts one for itself."""
    command = [*before, sys.executable, "-m", "cxnlp.cli", *words]
    return subprocess.run(
        command, env=environment(server) | more, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def faults(*words: str, server: Server) -> subprocess.CompletedProcess[str]:
    """Run the faults' own command at a small size."""
    command = [sys.executable, "-m", "benchmarks.faults", *words]
    return subprocess.run(
        command, env=environment(server), cwd=ROOT, capture_output=True, text=True, timeout=1_500, check=False
    )


@pytest.fixture(scope="session")
def first_night(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Path:
    """A workspace after its first night. Read only: tests that change it copy it."""

    def make(folder: Path) -> None:
        workspace = small_nights.make_workspace(folder / "workspace")
        done = cxnlp("run", "-w", str(workspace), "--as-of", small_nights.AS_OF[0], server=server)
        assert done.returncode == 0, done.stderr

    return once(tmp_path_factory, "faults", make) / "workspace"


@pytest.fixture
def workspace(first_night: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may damage."""
    return Path(shutil.copytree(first_night, tmp_path / "workspace", symlinks=True))


def set_times(folder: Path, second: int) -> None:
    """Give every file below ``folder`` one time."""
    for path in folder.rglob("*"):
        os.utime(path, (second, second))
