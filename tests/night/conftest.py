"""A small workspace on a part of the shipped sample, and a way to run nights on it in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cxnlp.cli.init import init
from tests.once import once
from tests.prefect_server import Server

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
WATCHED = ROOT / "tests" / "faults" / "watched"
AS_OF = "2026-11-02"

CONFIG = f"""
company = "Larkfield"
[[source]]
name = "crm_notes"
channel = "call"
kind = "table"
path = "{SAMPLE / "calls"}"
files = "crm_notes_*.csv"
[[source]]
name = "x"
channel = "social"
kind = "posts"
path = "{SAMPLE / "posts"}"
files = "x_export.jsonl"
ours = ["LarkfieldHelp"]
[night]
partition_size = 50
"""


def environment(server: Server | None = None) -> dict[str, str]:
    """This process's environment, without Prefect settings but for those of `server`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return clean | (server.settings if server else {})


def watch(calls: Path) -> dict[str, str]:
    """What makes a process of Python refuse every address but the machine's own, and write it to `calls`."""
    path = os.pathsep.join(filter(None, [str(WATCHED), str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {"CXNLP_TEST_CALLS": str(calls), "PYTHONPATH": path}


def start_night(
    workspace: Path, *options: str, command: str = "run", server: Server | None = None, **more: str
) -> subprocess.Popen[str]:
    """Start `cxnlp run` in a process of its own; its plain log comes through stderr.

    Without `server` it starts one for itself, as a user's night does; that takes as long as the night.
    """
    words = [sys.executable, "-m", "cxnlp.cli", command, "-w", str(workspace), "--as-of", AS_OF, *options]
    return subprocess.Popen(
        words, env=environment(server) | more, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def run_night(workspace: Path, *options: str, server: Server | None = None, **more: str) -> str:
    """Run a night to its end and return what it said."""
    with start_night(workspace, *options, server=server, **more) as process:
        out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


def make_workspace(folder: Path) -> Path:
    """A workspace on the small sample; every one gets the same secret, so that their keys can be compared."""
    config = folder.parent / f"{folder.name}.toml"
    config.write_text(CONFIG, "utf-8")
    init(folder, config)
    (folder / ".cxnlp" / "secret").write_text("0123456789abcdef" * 4 + "\n", "ascii")
    return folder


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one whole night. Read only: tests that change it make their own."""

    def make(folder: Path) -> None:
        run_night(make_workspace(folder / "workspace"), **watch(folder / "calls"))

    return once(tmp_path_factory, "night", make) / "workspace"
