"""`cxnlp check` predicts whether the night will work."""

from pathlib import Path

import pytest

from cxnlp.cli.check import check
from cxnlp.cli.init import init
from cxnlp.settings import open_workspace

CONFIG = """
company = "A"
[[source]]
name = "notes"
channel = "call"
kind = "table"
path = "calls"
files = "*.csv"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, "utf-8")
    init(tmp_path / "workspace", config)
    return tmp_path / "workspace"


def wrong(root: Path) -> dict[str, str]:
    return {finding.what: finding.words for finding in check(open_workspace(root)) if not finding.works}


def test_a_good_workspace(root: Path) -> None:
    (root / "calls").mkdir()
    (root / "calls" / "a.csv").write_text("Case,Created,Notes\n1,03/09/2026,Customer says the parcel is late again.\n")
    assert wrong(root) == {}
    words = [f.words for f in check(open_workspace(root)) if "a.csv" in f.what]
    assert "text from 'Notes'" in words[0]


def test_a_missing_folder(root: Path) -> None:
    assert "no such folder" in wrong(root)["source notes"]


def test_an_empty_folder(root: Path) -> None:
    (root / "calls").mkdir()
    assert "no file matches" in wrong(root)["source notes"]


def test_a_table_without_text(root: Path) -> None:
    (root / "calls").mkdir()
    (root / "calls" / "a.csv").write_text("Case,Created\n1,03/09/2026\n")
    assert "source notes, a.csv" in wrong(root)


def test_a_damaged_model(root: Path) -> None:
    (root / "cxnlp.toml").write_text('model = "own"\n' + CONFIG, "utf-8")
    (root / "own").mkdir()
    assert "model" in wrong(root)


def test_a_lost_secret(root: Path) -> None:
    (root / ".cxnlp" / "secret").unlink()
    assert "missing" in wrong(root)["secret"]
