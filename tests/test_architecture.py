"""The shape of the project: imports point one way, and only the right folders compose."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: The journey: a stage may import what stands before it, never what comes after.
JOURNEY = [
    "channels", "feedback", "mentions", "tags", "quality", "warehouse", "teaching", "insight", "backlog", "report",
    "notify", "results", "privacy", "answers", "serve",
]  # fmt: skip
#: Read by any stage.
GROUND = {"errors", "frames", "settings", "taxonomy"}


def imported(path: Path) -> set[str]:
    """The dotted names that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return names


def forbidden(stage: str, names: set[str]) -> set[str]:
    """The imports that point against the journey."""
    allowed = {*GROUND, *JOURNEY[: JOURNEY.index(stage) + 1]}
    parts = {name: name.split(".") for name in names}
    later = {n for n, p in parts.items() if p[0] == "cxnlp" and len(p) > 1 and p[1] in {*JOURNEY, "cli"} - allowed}
    return later | {n for n, p in parts.items() if p[0] in {"prefect", "pipelines"}}


@pytest.mark.parametrize("stage", JOURNEY)
def test_no_stage_imports_a_later_one(stage: str) -> None:
    files = sorted((ROOT / "cxnlp" / stage).rglob("*.py"))
    assert files
    found = {str(file.relative_to(ROOT)): forbidden(stage, imported(file)) for file in files}
    assert {file: names for file, names in found.items() if names} == {}


def test_the_rule_can_fail() -> None:
    assert forbidden("mentions", {"cxnlp.tags", "cxnlp.feedback", "prefect"}) == {"cxnlp.tags", "prefect"}


@pytest.mark.parametrize("ground", sorted(GROUND))
def test_the_ground_imports_no_stage(ground: str) -> None:
    place = ROOT / "cxnlp" / ground
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    stages = {f"cxnlp.{stage}" for stage in [*JOURNEY, "cli"]}
    assert {name for file in files for name in imported(file)} & stages == set()


def test_only_pipelines_imports_prefect() -> None:
    users = {
        path.relative_to(ROOT).parts[0]
        for path in [*ROOT.glob("cxnlp/**/*.py"), *ROOT.glob("pipelines/**/*.py")]
        if any(name.split(".")[0] == "prefect" for name in imported(path))
    }
    assert users == {"pipelines"}


def test_no_folder_for_leftovers() -> None:
    unwanted = {"utils", "helpers", "common", "manager", "misc"}
    assert [
        path for path in (ROOT / "cxnlp").rglob("*.py") if path.stem in unwanted or path.parent.name in unwanted
    ] == []
