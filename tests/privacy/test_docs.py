"""What docs/privacy.md shows works as it stands there."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.settings import Privacy, Source, Workspace, open_workspace
from tests.privacy.company import run_night, texts

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def typed(command: str) -> subprocess.CompletedProcess[str]:
    """Run one line in a shell; where it asks, the answer is yes, as from a terminal."""
    keyboard, terminal = os.openpty()
    os.write(keyboard, b"y\n")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    try:
        return subprocess.run(
            ["bash", "-c", command], stdin=terminal, env=os.environ | {"PATH": path}, capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
    finally:
        os.close(keyboard)
        os.close(terminal)


def test_the_settings_are_allowed() -> None:
    retention, originals = (tomllib.loads(block)["privacy"] for block in blocks("toml"))
    days = retention["retention_days"]
    assert Privacy(retention_days=days).retention_days == days
    assert Privacy(**originals).keep_original
    assert Privacy(**originals).original_retention_days == Privacy().original_retention_days == 90
    assert "retention_days" in Source.model_fields


@pytest.mark.thorough
def test_every_command_works(workspace: Workspace, tmp_path: Path) -> None:
    place = shlex.quote(str(workspace.root))
    inline = [each.replace("DIR", place) for each in re.findall(r"`(cxnlp [^`]*-w DIR[^`]*)`", PAGE)]
    export, rotate = ([each for each in inline if each.startswith(f"cxnlp {name}")] for name in ("export", "secret"))
    assert len(export) == len(rotate) == 1
    assert "`cxnlp forget --verify`" in PAGE

    def works(command: str) -> str:
        done = CliRunner().invoke(app, shlex.split(command)[1:])
        assert done.exit_code == 0, f"{command}\n{done.output}\n{done.exception}"
        return done.output

    assert "feedback: 2\n" in works(export[0].replace("answer.json", str(tmp_path / "answer.json")))
    block, _ = blocks("sh")  # the other one: tests/privacy/test_originals_asked.py
    dry, asked, piped = block.replace("DIR", place).splitlines()
    said = typed(dry)
    assert (said.returncode, "Would erase 2 pieces" in said.stdout) == (0, True), said.stdout + said.stderr
    assert "sideboard" in texts(workspace)
    for command in (asked, piped):
        said = typed(command)
        assert said.returncode == 0, f"{command}\n{said.stdout}\n{said.stderr}"
    assert "sideboard" not in texts(workspace)
    assert "found none" in works(f"cxnlp forget --verify -w {place}")
    works(rotate[0])
    run_night(open_workspace(workspace.root))
    assert "sideboard" not in texts(workspace)
