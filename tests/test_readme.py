"""The README's commands, run as a newcomer would: in a fresh copy of the tracked files."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.night.conftest import environment
from tests.prefect_server import Server

ROOT = Path(__file__).parents[1]

#: Not run here: `make test` would run itself, a schedule runs until it is stopped (tests/night/test_schedule.py), and
#: training and evaluating need what people have labelled (tests/teaching, tests/cli/test_evaluate.py).
ELSEWHERE = ("make test", ".venv/bin/cxnlp schedule", ".venv/bin/cxnlp train", ".venv/bin/cxnlp evaluate")


def commands(markdown: str) -> list[str]:
    """The lines of all shell blocks, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", markdown, flags=re.MULTILINE | re.DOTALL)
    whole = (re.sub(r"\\\n\s*", "", block) for block in blocks)
    lines = [re.sub(r"\s+#.*$", "", line).strip() for block in whole for line in block.splitlines()]
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the files that git knows, with this environment as its .venv."""
    folder = tmp_path_factory.mktemp("clone")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, tracked.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, target)
    (folder / ".venv" / "bin").mkdir(parents=True)
    for program in ("python", "cxnlp"):
        (folder / ".venv" / "bin" / program).symlink_to(ROOT / ".venv" / "bin" / program)
    for mark in (".ready", ".ready-dev"):
        (folder / ".venv" / mark).touch()
    return folder


def run(command: str, folder: Path, server: Server) -> subprocess.CompletedProcess[str]:
    """Run one line in a shell, as a reader would; nights that start a server for themselves: tests/night."""
    clean = {name: value for name, value in environment(server).items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=clean, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.mark.slow
def test_every_command_of_the_readme_works(clone: Path, server: Server) -> None:
    lines = commands((ROOT / "README.md").read_text("utf-8"))
    assert "make demo" in lines
    for line in lines:
        if line.startswith(ELSEWHERE):
            continue
        if "cxnlp check" in line:  # the reader has named folders by now
            for name in ("letters", "calls", "posts"):
                (clone / "my-workspace" / "inbox" / name).mkdir(parents=True)
            (clone / "my-workspace" / "inbox" / "letters" / "2026-09-15.txt").write_text("The parcel came late.\n")
            (clone / "my-workspace" / "inbox" / "calls" / "a.csv").write_text(
                "Case,Created,Notes\n1,03/09/2026,Customer says that the app does not work and wants her money back.\n"
            )
            (clone / "my-workspace" / "inbox" / "posts" / "x.jsonl").write_text(
                '{"id": "1", "text": "Love the new store!", "created_at": "2026-09-15T10:00:00Z", "author_id": "7"}\n'
            )
        done = run(line, clone, server)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def test_comments_are_no_commands() -> None:
    text = '```sh\nmake demo    # installs\n\ncxnlp sql "SELECT 1"\n```\n```python\nno\n```\n'
    assert commands(text) == ["make demo", 'cxnlp sql "SELECT 1"']
