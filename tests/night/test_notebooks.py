"""notebooks/: each runs on the sample's night, draws what is there, reads views only, is kept stripped."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

import cxnlp

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
A_QUERY = re.compile(r"\s*(?:--.*\n\s*)*(?:CREATE .*? AS\s+)?((?:SELECT|FROM|WITH)\b.*)", re.DOTALL)
CHART = "application/vnd.vegalite+json"
OFFLINE = 'alt.renderers.enable("svg")'
#: Before each notebook: no names of the last one, and charts come as what they draw, not as a picture.
AFRESH = f"""
%reset -f
import altair
altair.renderers.register("svg", lambda chart, **_: {{"{CHART}": chart}})
del altair
"""

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def queries(source: str) -> list[str]:
    """The SELECTs among the strings of a cell."""
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [found[1] for text in texts if isinstance(text, str) and (found := A_QUERY.fullmatch(text))]


def channels(chart: dict[str, Any]) -> Iterator[str]:
    """The fields that a chart and its layers draw."""
    for encoding in chart.get("encoding", {}).values():
        if isinstance(encoding, dict) and "field" in encoding:
            yield encoding["field"]
    for part in [*chart.get("layer", []), *filter(None, [chart.get("spec")])]:
        yield from channels(part)


def emptiness(chart: dict[str, Any]) -> list[str]:
    """What a chart was to draw and has no value for."""
    rows = [row for dataset in chart["datasets"].values() for row in dataset]
    fields = set(channels(chart))
    assert fields
    return sorted(field for field in fields if all(row.get(field) is None for row in rows))


def state(folder: Path) -> dict[str, tuple[int, int]]:
    files = {str(path.relative_to(folder)): path.stat() for path in folder.rglob("*") if path.is_file()}
    return {name: (found.st_size, found.st_mtime_ns) for name, found in files.items()}


def test_there_are_six() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "build-your-own-view", "did-the-fix-work", "duckdb-from-pandas-and-polars", "first-look", "one-moment",
        "unmeasurables-by-team",
    ]  # fmt: skip


@each
def test_it_is_kept_without_outputs(path: Path) -> None:
    notebook = read(path)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count, cell.metadata) for cell in cells] == [([], None, {})] * len(cells)


@each
def test_it_asks_views_only(path: Path, night: Path) -> None:
    asked = [query for source in code(read(path)) for query in queries(source)]
    assert asked
    with cxnlp.open(night) as warehouse:
        tables = set(warehouse.views().filter(kind="table")["name"])
        named = {name for query in asked for name in re.findall(r"\b(?:FROM|JOIN|ON)\s+(\w+)", query)}
    assert "tags" in tables
    assert named & tables == set()


def test_a_table_and_an_empty_chart_would_be_seen() -> None:
    assert queries('warehouse.pl("""\n    SELECT 1\n    FROM tags""")') == ["SELECT 1\n    FROM tags"]
    assert emptiness(
        {"datasets": {"a": [{"x": 1}]}, "layer": [{"encoding": {"x": {"field": "x"}, "y": {"field": "y"}}}]}
    ) == ["y"]


@each
def test_its_charts_fetch_nothing(path: Path) -> None:
    (first,) = [source for source in code(read(path)) if "import altair" in source]
    assert OFFLINE in first


@pytest.fixture(scope="module")
def kernel(night: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelManager]:
    """One kernel for all notebooks: starting one takes longer than running one."""
    folder = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CXNLP_WORKSPACE", str(night))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "runtime"))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(FOLDER.parent), os.environ.get("PYTHONPATH", "")]))
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(cwd=str(folder))
        yield manager
        manager.shutdown_kernel(now=True)


@pytest.mark.slow
@each
def test_it_runs_draws_and_changes_nothing(path: Path, night: Path, kernel: KernelManager) -> None:
    before = state(night)
    notebook = read(path)
    n_charts = sum("alt.Chart(" in source for source in code(notebook))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(AFRESH))
    NotebookClient(notebook, km=kernel, timeout=120, startup_timeout=300).execute(cleanup_kc=False)
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    data = [chart for output in shown if (chart := output.get("data", {}).get(CHART))]
    assert len(data) == n_charts > 0
    assert [emptiness(chart) for chart in data] == [[]] * len(data)
    assert not [output.text for output in shown if output.get("name") == "stderr"]
    assert state(night) == before
