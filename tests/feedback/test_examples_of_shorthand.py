"""What docs/shorthand.md shows is true."""

import re
from pathlib import Path

import pytest

from cxnlp.feedback import load_glossary
from cxnlp.feedback.shorthand import apply, find

PAGE = (Path(__file__).parents[2] / "docs" / "shorthand.md").read_text("utf-8")
TABLE = PAGE.split("|---|---|\n")[1].split("\n\n")[0]


@pytest.mark.parametrize(("written", "meant"), [line.strip("| ").split(" | ") for line in TABLE.splitlines()])
def test_written_and_read(written: str, meant: str) -> None:
    assert apply(written, find(written, load_glossary())) == meant


def test_the_workspaces_file_is_allowed(tmp_path: Path) -> None:
    (own,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "shorthand.yaml").write_text(own, "utf-8")
    glossary = load_glossary(tmp_path / "shorthand.yaml")
    assert glossary.always["tt"] == "technical team"
    assert "cx" not in glossary.always
