"""`cxnlp check` predicts whether the night will work."""

import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from cxnlp.backlog import moves
from cxnlp.cli import app
from cxnlp.cli.check import check
from cxnlp.cli.init import init
from cxnlp.insight.themes import edits
from cxnlp.settings import SettingsError, open_workspace
from cxnlp.tags import artefacts
from cxnlp.teaching import journal
from cxnlp.teaching.journal import ReviewError
from cxnlp.warehouse import store
from pipelines.night import begin

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


def test_a_database_that_cannot_be_opened_is_said_so(root: Path) -> None:
    database = open_workspace(root).working_database
    store.open_working(database).close()
    assert "database" not in wrong(root)
    database.unlink()
    duckdb.connect(str(database)).close()  # a night that was killed at once
    assert "database" not in wrong(root)
    database.write_bytes(b"no database" * 1000)
    assert "cannot be opened as a DuckDB database" in wrong(root)["database"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/api", "http://127.0.0.1:9 /api", "here"])
def test_a_prefect_server_that_does_not_answer_is_said_so(
    root: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    assert "Prefect" not in wrong(root)
    monkeypatch.setenv("PREFECT_API_URL", url)
    assert "does not answer" in wrong(root)["Prefect"]


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


def test_a_precision_that_nobody_can_promise(root: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(artefacts.shipped(), root / "own"))
    about = json.loads((folder / artefacts.CARD).read_text("utf-8"))
    curve = {"precision": [0.5, 0.95], "labels": {"crisis": {"threshold": [0.3, None], "n": [9, 0]}}}
    about["families"]["signal"]["curve"] = curve
    about["families"]["moment"].pop("curve", None)
    (folder / artefacts.CARD).write_text(json.dumps(about), "utf-8")
    wishes = '[tags]\nprecision = { "signal.crisis" = 0.9, moment = 0.8 }\n'
    (root / "cxnlp.toml").write_text('model = "own"\n' + CONFIG + wishes, "utf-8")
    (words,) = [finding.words for finding in check(open_workspace(root)) if finding.what == "model"]
    assert 'only ever "unsure": signal.crisis.' in words
    assert "does not move: moment." in words


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ('"moment.prize" = 0.8', "not known to the model; allowed: moment, moment.account,"),
        ("moment = 0.99", "found 0.99; allowed: 0.5 to 0.95"),
        ("sentiment = 0.8", "neither a family"),
    ],
)
def test_a_wish_that_makes_no_sense(root: Path, wish: str, said: str) -> None:
    (root / "cxnlp.toml").write_text(CONFIG + f"[tags]\nprecision = {{ {wish} }}\n", "utf-8")
    try:
        words = wrong(root)["model"]
    except SettingsError as error:
        words = str(error)
    assert said in words


def test_a_plan_of_no_moment(root: Path) -> None:
    (root / "moments.yaml").write_text("delivery:\n  owner: Jo\n", "utf-8")
    assert "moments" not in wrong(root)
    (root / "moments.yaml").write_text("delivery:\n  owner: Jo\nparking:\n  owner: Jo\n", "utf-8")
    assert "moments.yaml, line 3: found the moment `parking`; allowed: promise" in wrong(root)["moments"]
    told = CliRunner().invoke(app, ["check", "-w", str(root)])
    assert told.exit_code == 1
    assert "line 3: found the moment `parking`" in told.output


@pytest.mark.parametrize("name", [moves.FILE, edits.FILE, journal.ANSWERS])
def test_a_damaged_journal_of_decisions_is_said_before_the_night_works(root: Path, name: str) -> None:
    assert "decisions" not in wrong(root)
    workspace = open_workspace(root)
    (journal.folder(workspace) / name).write_text('{"at": "yesterday"}\n', "utf-8")
    assert f"{name}, line 1: found a damaged entry" in wrong(root)["decisions"]
    with pytest.raises(ReviewError, match=f"{re.escape(name)}, line 1"), begin(workspace):
        pytest.fail("a night began that cannot end")


def test_a_lost_secret(root: Path) -> None:
    (root / ".cxnlp" / "secret").unlink()
    assert "missing" in wrong(root)["secret"]
