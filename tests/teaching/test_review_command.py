"""`cxnlp review` as a person types it: exit codes, words, and a kill in the middle."""

import csv
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.errors import CxnlpError
from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.teaching.answers import reviews
from cxnlp.teaching.reviewing import reviewer_key

ROOT = Path(__file__).parents[2]


def review(workspace: Workspace, *options: str) -> str:
    """Run the command; what it raises is raised."""
    result = CliRunner().invoke(app, ["review", "-w", str(workspace.root), *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def fill(path: Path, n: int) -> None:
    book = load_workbook(path)
    header = [cell.value for cell in book["review"][1]]
    for row in range(2, 2 + n):
        book["review"].cell(row, header.index("as it says") + 1).value = "x"
    book.save(path)


def fill_first(path: Path, value: str) -> None:
    """Type into `as it says` of a CSV's first row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, first, *rest = csv.reader(file)
    first[header.index("as it says")] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, first, *rest])


def test_out_and_back(workspace: Workspace) -> None:
    path = workspace.root / "review.xlsx"
    said = json.loads(review(workspace, "--to", str(path), "--n", "8", "--random-share", "0.5", "--json"))
    assert (said["n_left"], said["n_answered"], said["run_id"]) == (8, 0, "2026-11-02-1")
    assert said["n_random"] + said["n_uncertain"] == 8
    fill(path, 3)
    taken = review(workspace, "--import", str(path), "--reviewer", "Ann")
    assert "3 answers taken over, 0 marks taken over, 0 rows known already, 5 rows left blank" in taken
    assert "They count from the next `cxnlp run` on" in taken
    assert "Nothing new was in it." in review(workspace, "--import", str(path), "--reviewer", "Ann")
    assert reviews(workspace)["mention_id"].n_unique() == 3
    assert set(reviews(workspace)["reviewer"]) == {reviewer_key("ann", workspace.secret())}
    assert json.loads(review(workspace, "--n", "8", "--random-share", "0.5", "--json"))["n_left"] == 5


def test_two_reviewers_take_the_same_sheet_back(workspace: Workspace) -> None:
    path = workspace.root / "review.csv"
    review(workspace, "--to", str(path), "--n", "4")
    fill_first(path, "x")
    for name in ("Ann", "Ben"):
        review(workspace, "--import", str(path), "--reviewer", name)
    assert reviews(workspace)["reviewer"].n_unique() == 2


@pytest.mark.parametrize(
    ("options", "exit_code", "message"),
    [
        (["--to", "a.xlsx", "--import", "b.xlsx"], 2, "found both; allowed: one"),
        (["--import", "gone.xlsx"], 2, "not found"),
        (["--to", "nowhere/a.xlsx"], 2, "its folder is not there"),
        (["--to", "a.pdf"], 2, r"found the ending '\.pdf'"),
        (["--reviewer", " "], 1, "--reviewer: found no name"),
        ([], 2, r"the screen needs a terminal; found none\. Write a sheet with --to"),
    ],
)
def test_wrong_use(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, options: list[str], exit_code: int, message: str
) -> None:
    monkeypatch.chdir(workspace.root)
    with pytest.raises(CxnlpError, match=message) as caught:
        review(workspace, *options)
    assert caught.value.exit_code == exit_code
    assert reviews(workspace).is_empty()


@pytest.mark.parametrize("error", [KeyError, OSError])
def test_a_user_without_a_name(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def nobody() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", nobody)
    with pytest.raises(CxnlpError, match="--reviewer: found no login name"):
        review(workspace, "--json")
    assert review(workspace, "--json", "--reviewer", "Ann")


def test_before_the_first_night(workspace: Workspace) -> None:
    (workspace.root / "warehouse").unlink()
    with pytest.raises(CxnlpError, match=r"there is no published database yet\. Run `cxnlp run`"):
        review(workspace, "--json")


def test_a_wrong_sheet_says_where(workspace: Workspace) -> None:
    path = workspace.root / "review.csv"
    review(workspace, "--to", str(path), "--n", "2")
    fill_first(path, "yep")
    with pytest.raises(journal.ReviewError, match=r"review\.csv: nothing was taken over\. row 2: column `as it says`"):
        review(workspace, "--import", str(path))


def test_the_screen_is_killed_and_nothing_is_lost(workspace: Workspace) -> None:
    """On a real (pseudo) terminal: three answers, then SIGKILL, then the rest is still asked."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "cxnlp.cli", "review", "-w", str(workspace.root), "--n", "6"]
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=environment) as process:
        os.close(slave)
        try:
            _read_until(master, lambda seen: b"1 of 6" in seen)
            for n_stored in (1, 2, 3):
                os.write(master, b"\r")
                _read_until(master, partial(_has, workspace, n_stored))
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            os.close(master)
    assert reviews(workspace)["mention_id"].n_unique() == 3
    assert json.loads(review(workspace, "--n", "6", "--json")) | {"n_random": 0, "n_uncertain": 0} == {
        "run_id": "2026-11-02-1", "n_left": 3, "n_answered": 3, "n_random": 0, "n_uncertain": 0
    }  # fmt: skip


def _has(workspace: Workspace, n_answers: int, _: bytes) -> bool:
    return len(journal.answers(workspace)) == n_answers


def _read_until(master: int, is_there: Callable[[bytes], bool], seconds: float = 30) -> None:
    """Read what the terminal shows until a condition holds, so that the program never waits for its reader."""
    seen, deadline = b"", time.monotonic() + seconds
    while not is_there(seen):
        assert time.monotonic() < deadline, "the screen did not come so far"
        if select.select([master], [], [], 0.05)[0]:
            seen += os.read(master, 65_536)
