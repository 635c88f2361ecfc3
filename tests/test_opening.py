"""`cxnlp.open`: the published warehouse in Python."""

import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

import cxnlp
from cxnlp.opening import PandasMissing
from cxnlp.warehouse import store
from tests.warehouse.night import partition, piece, run, said


def publish(workspace: Path, n: int) -> None:
    """One more night of one letter."""
    with store.open_working(workspace / "working.duckdb") as connection:
        letter = piece(f"f{n}", said(f"Parcel {n} came late.", -1, "moment:delivery"), location="Elm Street")
        store.load(connection, [partition(workspace / f"night{n}", letter)], run(n))
        store.publish(connection, workspace / "warehouse")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    publish(folder, 1)
    return folder


def test_a_query_gives_a_polars_frame(workspace: Path) -> None:
    with cxnlp.open(workspace) as warehouse:
        found = warehouse.pl("SELECT moment, n_mentions FROM moments_all")
    assert found.equals(pl.DataFrame({"moment": ["delivery"], "n_mentions": [1]}))


@pytest.mark.parametrize("place", [".", "warehouse/cx.duckdb"])
def test_a_folder_or_a_file_is_named(workspace: Path, place: str) -> None:
    with cxnlp.open(str(workspace / place)) as warehouse:
        assert warehouse.pl("SELECT count(*) FROM feedback").item() == 1


def test_the_workspace_comes_from_the_environment(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXNLP_WORKSPACE", str(workspace))
    with cxnlp.open() as warehouse:
        assert warehouse.pl("SELECT count(*) FROM feedback").item() == 1


def test_without_any_word_it_is_the_current_folder(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CXNLP_WORKSPACE", raising=False)
    monkeypatch.chdir(workspace)
    with cxnlp.open() as warehouse:
        assert warehouse.is_newest


def test_values_are_bound(workspace: Path) -> None:
    with cxnlp.open(workspace) as warehouse:
        assert warehouse.pl("SELECT $n + 1 AS n", {"n": 1}).item() == 2
        assert warehouse.pl("SELECT ? || 'b' AS s", ["a"]).item() == "ab"
        assert warehouse.sql("SELECT $n AS n", {"n": 3}).fetchall() == [(3,)]


def test_a_frame_of_the_caller_can_be_joined(workspace: Path) -> None:
    branches = pl.DataFrame({"location": ["Elm Street"], "manager": ["B."]})
    with cxnlp.open(workspace) as warehouse:
        found = warehouse.pl("SELECT manager FROM evidence JOIN branches USING (location)")
    assert found["manager"].to_list() == ["B."] * branches.height


def test_pandas_is_given_where_it_is_installed(workspace: Path) -> None:
    pandas = pytest.importorskip("pandas")
    with cxnlp.open(workspace) as warehouse:
        found = warehouse.df("SELECT moment FROM moments_all")
    assert isinstance(found, pandas.DataFrame)
    assert found["moment"].to_list() == ["delivery"]


def test_pandas_is_asked_for_where_it_is_not(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with cxnlp.open(workspace) as warehouse, pytest.raises(PandasMissing, match=r"`\.pl\(\)` gives polars frames"):
        warehouse.df("SELECT 1")


def test_views_say_what_can_be_asked(workspace: Path) -> None:
    with cxnlp.open(workspace) as warehouse:
        views = warehouse.views()
        kinds = dict(views.select("name", "kind").iter_rows())
        assert kinds["evidence"] == "view"
        assert kinds["feedback"] == "table"
        assert views["meaning"].null_count() == 0
        columns = warehouse.describe("moments_all")
        assert columns.row(0) == ("stage", "VARCHAR", "ABACUS stage of the moment.")
        with pytest.raises(store.WarehouseError, match="'moment': no view or table of the warehouse; there is: abacus"):
            warehouse.describe("moment")


def test_nothing_can_be_written(workspace: Path) -> None:
    with cxnlp.open(workspace) as warehouse, pytest.raises(duckdb.Error, match="read-only"):
        warehouse.sql("DELETE FROM feedback")


def test_a_newer_night_is_told_and_gone_on_to(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    with cxnlp.open(tmp_path) as warehouse:
        assert not warehouse.refresh()
        publish(tmp_path, 2)
        assert not warehouse.is_newest
        assert warehouse.pl("SELECT count(*) FROM feedback").item() == 1
        assert warehouse.refresh()
        assert warehouse.pl("SELECT count(*) FROM feedback").item() == 2


def test_before_the_first_night_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(store.WarehouseError, match=r"there is no published database yet\. Run `cxnlp run`"):
        cxnlp.open(tmp_path)


def test_opening_loads_neither_models_nor_the_night(workspace: Path) -> None:
    code = (
        "import sys, cxnlp; cxnlp.open(sys.argv[1]).pl('FROM moments_all'); "
        "print(sorted({'spacy', 'prefect', 'onnxruntime', 'sklearn', 'pipelines'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(workspace)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
