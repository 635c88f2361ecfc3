"""The faults of ``python -m benchmarks.faults``, few enough for every day."""

import os

import pytest

from tests.faults.conftest import faults


@pytest.mark.slow
def test_killed_at_random_moments_a_night_repeated_is_a_whole_night() -> None:
    done = faults("--kills", "4", "--seed", "7")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("4 kills in ")


@pytest.mark.slow
@pytest.mark.parametrize("room", [[], ["--no-mount"]], ids=["small disk", "files that may not grow"])
def test_a_full_disk_loses_nothing_and_is_called_one(room: list[str]) -> None:
    if not room and os.geteuid() != 0:
        pytest.skip("only root may mount a small disk; the other case runs everywhere")
    done = faults("--full-disk", "read ", "checking", "publishing", *room)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("exit code 1: failed:") == 3, done.stdout
