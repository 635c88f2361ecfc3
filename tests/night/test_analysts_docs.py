"""What the analysts' pages show works as it stands there, on the sample as a night leaves it."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxnlp.cli import app

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("search", "tools", "why", "drivers", "metrics")

#: Not run here: it wants a spreadsheet (tests/cli/test_moments.py).
ELSEWHERE = ("cxnlp moments import",)


def commands(page: str) -> list[str]:
    """The page's lines that start with cxnlp, without their comments and without what they are piped into."""
    lines = re.findall(r"^ *(cxnlp .*)$", (DOCS / f"{page}.md").read_text("utf-8"), re.MULTILINE)
    return [re.sub(r"\s+[#|].*$", "", line) for line in lines if not line.startswith(ELSEWHERE)]


@pytest.fixture(scope="module")
def workspace(night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The night's workspace, to write in."""
    return Path(shutil.copytree(night, tmp_path_factory.mktemp("pages") / "workspace", symlinks=True))


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_command_works(page: str, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert commands(page)
    for line in commands(page):
        done = CliRunner().invoke(app, [*shlex.split(line)[1:], "-w", str(workspace)])
        assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception}"


@pytest.mark.slow
@pytest.mark.parametrize("page", ["search", "why"])
def test_every_block_of_python_works(page: str, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXNLP_WORKSPACE", str(workspace))
    (block,) = re.findall(r"^```python\n(.*?)^```", (DOCS / f"{page}.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    exec(block, names)
    assert names["found"] is not None
