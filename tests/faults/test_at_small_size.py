"""The faults of ``python -m benchmarks.faults``, few enough for every day."""

import os

import pytest

from tests.faults.conftest import faults
from tests.prefect_server import Server


@pytest.mark.thorough
def test_killed_at_random_moments_a_night_repeated_is_a_whole_night(server: Server) -> None:
    done = faults("--kills", "4", "--seed", "7", server=server)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n4 kills in " in done.stdout


@pytest.mark.thorough
def test_a_full_disk_loses_nothing_and_is_called_one(server: Server) -> None:
    may_mount = os.geteuid() == 0  # a small disk; files that may not grow are to be had everywhere
    done = faults("--full-disk", "checking", "publishing", "--both" if may_mount else "--no-mount", server=server)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("exit code 1: failed:") == (4 if may_mount else 2), done.stdout
