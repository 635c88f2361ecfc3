"""SIGKILL while loading or publishing: the next run finds everything or nothing of the night."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cxnlp.warehouse import store
from tests.warehouse.night import everything, partition, piece, rows, run, said

ROOT = Path(__file__).parents[2]

#: A process that dies when it calls one function; what it calls before that is done.
DYING = """
import importlib, os, sys
from pathlib import Path
from cxnlp.warehouse import store
from tests.warehouse.night import run

def die(*args, **kwargs):
    os.kill(os.getpid(), 9)

def patch(name):
    module, attribute = name.rsplit(":", 1)
    *parents, last = attribute.split(".")
    owner = importlib.import_module(module)
    for parent in parents:
        owner = getattr(owner, parent)
    setattr(owner, last, die)

folder, victim = Path(sys.argv[1]), sys.argv[2]
with store.open_working(folder / "working.duckdb") as connection:
    patch(victim)
    store.load(connection, [folder / "night2"], run(2))
    store.publish(connection, folder / "warehouse")
"""


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights, staged; the first is loaded and published."""
    folder = tmp_path_factory.mktemp("first_night")
    one, two = (piece(f"f{n}", said(f"Letter {n} about the van and its driver.", -1, "moment:delivery"))
                for n in (1, 2))  # fmt: skip
    partition(folder / "night1", one)
    partition(folder / "night2", two, one.but(said("Letter 1 was wrong.", 0)))
    with store.open_working(folder / "working.duckdb") as connection:
        store.load(connection, [folder / "night1"], run(1))
        store.publish(connection, folder / "warehouse")
    return folder


@pytest.fixture
def folder(first_night: Path, tmp_path: Path) -> Path:
    """A copy of it to be damaged."""
    return shutil.copytree(first_night, tmp_path / "copy", symlinks=True)


def kill(folder: Path, victim: str) -> None:
    command = [sys.executable, "-c", DYING, str(folder), victim]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_load_that_is_killed_leaves_nothing(folder: Path) -> None:
    with store.open_working(folder / "working.duckdb") as connection:
        before = everything(connection)
    kill(folder, "cxnlp.warehouse.loading:_record_seconds")
    with store.open_working(folder / "working.duckdb") as connection:
        assert everything(connection) == before
        assert store.next_run_id(connection, run().night) == "2026-11-02-2"
        assert store.load(connection, [folder / "night2"], run(2)).n_stored == 2
        assert store.check(connection) == []
    assert store.query(folder / "warehouse" / "cx.duckdb", "SELECT count(*) FROM feedback").item() == 1


@pytest.mark.parametrize(
    "victim",
    [
        pytest.param("cxnlp.warehouse.publishing:store_views", marks=pytest.mark.thorough),
        "cxnlp.warehouse.publishing:Path.rename",
        pytest.param("cxnlp.warehouse.publishing:Path.replace", marks=pytest.mark.thorough),
        "cxnlp.warehouse.publishing:_prune",
    ],
)
def test_a_publish_that_is_killed_leaves_a_whole_database(folder: Path, victim: str) -> None:
    pointer = folder / "warehouse" / "cx.duckdb"
    kill(folder, victim)
    n_published = store.query(pointer, "SELECT count(*) FROM feedback").item()
    assert n_published == (2 if victim.endswith("_prune") else 1)
    with store.open_working(folder / "working.duckdb") as connection:
        assert rows(connection, "SELECT count(*) FROM runs") == [(2,)]
        snapshot = store.publish(connection, folder / "warehouse", keep=1)
    assert store.query(pointer, "SELECT count(*) FROM feedback").item() == 2
    assert sorted(path.name for path in pointer.parent.iterdir()) == [snapshot.name, "cx.duckdb"]
