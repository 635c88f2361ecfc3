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

folder, victim, decides = Path(sys.argv[1]), sys.argv[2], sys.argv[3:] == ["decides"]
with store.open_working(folder / "working.duckdb", decides=decides) as connection:
    patch(victim)
    if decides:
        connection.execute("INSERT INTO backlog (item_id, kind, label) VALUES ('i1', 'moment', 'delivery')")
    else:
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


def kill(folder: Path, victim: str, *words: str) -> None:
    command = [sys.executable, "-c", DYING, str(folder), victim, *words]
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
        pytest.param("cxnlp.warehouse.publishing:_prune", marks=pytest.mark.thorough),
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


@pytest.mark.parametrize(
    ("victim", "n_seen"),
    [
        pytest.param("cxnlp.warehouse.republishing:_replace", 0, marks=pytest.mark.thorough),
        ("cxnlp.warehouse.republishing:store_again", 0),
        pytest.param("cxnlp.warehouse.publishing:Path.rename", 0, marks=pytest.mark.thorough),
        pytest.param("cxnlp.warehouse.publishing:_point", 0, marks=pytest.mark.thorough),
        ("cxnlp.warehouse.editions:remember", 1),
    ],
)
def test_a_decision_that_is_killed_while_it_is_published_is_seen_with_the_next(
    folder: Path, victim: str, n_seen: int
) -> None:
    pointer, items = folder / "warehouse" / "cx.duckdb", "SELECT count(*) FROM backlog"
    kill(folder, victim, "decides")
    assert store.query(pointer, items).item() == n_seen
    with store.open_working(folder / "working.duckdb", decides=True) as connection:
        snapshot = store.publish(connection, folder / "warehouse")
    assert store.query(pointer, items).item() == 1
    assert sorted(path.name for path in pointer.parent.iterdir()) == [snapshot.name, "cx.duckdb"]
