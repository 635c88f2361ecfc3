"""Inputs made to do harm: none crashes or hangs the night, none writes anything, each is accounted for."""

import os
from pathlib import Path

import pytest

from benchmarks.hostile import corpus
from benchmarks.hostile.mutations import damaged

N, EVERY, LINE_BYTES = 100, 4, 5_000_000
ITEM_SECONDS, ITEM_MEGABYTES = 4, 512


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its size and time."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {str(path): (status.st_size, status.st_mtime_ns) for path, status in found.items()}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Home, temporary folder and working folder of the readers: all in one that must stay as it is."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(place))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(place)
    return place


@pytest.mark.thorough
@pytest.mark.slow
def test_hostile_inputs_cost_themselves_only(tmp_path: Path, elsewhere: Path) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    n_written = corpus.write(folder, n=N, seed=3, line_bytes=LINE_BYTES, every=EVERY)
    before = everything(tmp_path)
    done = corpus.account(folder, item_seconds=ITEM_SECONDS, item_megabytes=ITEM_MEGABYTES)
    assert done.n_files == n_written >= N
    assert done.lost == []
    assert done.n_items >= done.n_files - len(done.silent)
    assert done.slowest[0][0] < 20 * ITEM_SECONDS, done.slowest
    assert everything(tmp_path) == before, "something was written"
    assert not any("escaped" in name for name in os.listdir("/tmp"))


def test_what_is_outside_is_never_read(tmp_path: Path) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    corpus.place_tricks(folder)
    said: list[str] = []
    for kind in corpus.KINDS:
        asked = corpus.source(kind)
        batches = corpus.channels.read(asked, folder / kind, corpus.channels.no_files(), 1_000)
        said += [str(row) for batch in batches for row in batch.items.rows()]
    assert len(said) > 20
    assert [row for row in said if "OUTSIDE" in row or "root:" in row] == []
    assert [row for row in said if any(sign in row for sign in "\x1b\u202e\u200b")] == []


def test_the_same_seed_makes_the_same_inputs() -> None:
    one, same, other = ([data for _, _, data in damaged(corpus.SAMPLE, [], 30, seed)] for seed in (1, 1, 2))
    assert one == same != other
