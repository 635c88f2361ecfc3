"""SQL of somebody outside: what it may not do, and what it may not use up."""

from pathlib import Path

import pytest

from cxnlp.answers.asking import ask
from cxnlp.answers.wrong import WrongQuestion
from cxnlp.settings import Workspace


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("FROM read_text('/etc/passwd')", "file system operations are disabled"),
        ("SELECT count(*) FROM range(1000000000) a, range(1000) b", "longer than 1 s"),
        ("SELECT repeat('x', 4000000000)", "memory"),
    ],
)
def test_it_reaches_no_file_and_uses_up_nothing(workspace: Workspace, query: str, words: str) -> None:
    with pytest.raises(WrongQuestion, match=words):
        ask(workspace.database, query, seconds=1)


def test_a_file_where_it_is_run_is_no_part_of_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "duckdb.py").write_text("open('was-run', 'w')", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert ask(workspace.database, "SELECT 1 AS a").rows == [[1]]
    assert not (tmp_path / "was-run").exists()
