"""One night on real files, the trained model, real Prefect and real DuckDB."""

import csv
import json
import os
import shutil
import stat
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest
from filelock import FileLock

from cxnlp.cli.query import summary
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store
from tests.night.conftest import AS_OF, make_workspace, run_night, start_night
from tests.night.contents import differences
from tests.prefect_server import Server
from tests.privacy import company

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(night: Path, tmp_path: Path) -> Path:
    """A workspace after one night that a test may change."""
    return Path(shutil.copytree(night, tmp_path / "workspace", symlinks=True))


def ask(workspace: Path, sql: str) -> pl.DataFrame:
    return store.query(workspace / "warehouse" / "cx.duckdb", sql)


def test_everything_that_arrived_is_accounted_for(night: Path) -> None:
    (run,) = summary(open_workspace(night))["runs"].to_dicts()
    parts = ("n_stored", "n_unchanged", "n_duplicates", "n_quarantined")
    assert run["n_arrived"] == sum(run[part] for part in parts) == 130
    assert run["n_unchanged"] == 2  # a re-exported case, and the older version of a corrected one
    assert run["n_quarantined"] == 4


def test_the_corrected_note_is_the_one_that_counts(night: Path) -> None:
    rows = ask(night, "SELECT count(*) AS n FROM feedback WHERE source = 'crm_notes'")
    assert rows["n"].item() == 70 - 3 - 2


def test_retweets_are_duplicates(night: Path) -> None:
    found = ask(night, "SELECT count(*) AS n FROM feedback WHERE duplicate_of IS NOT NULL AND source = 'x'")
    assert found["n"].item() >= 3


def test_the_company_does_not_speak_for_customers(night: Path) -> None:
    speakers = ask(night, "SELECT DISTINCT speaker FROM mentions WHERE speaker IS NOT NULL")
    assert "agent" in speakers["speaker"].to_list()


def test_nothing_personal_is_stored(night: Path) -> None:
    with (Path(__file__).parents[2] / "data/sample/calls/crm_notes_2026-10.csv").open(encoding="utf-8-sig") as file:
        phones = {row["Contact Phone"] for row in csv.DictReader(file) if row["Contact Phone"]}
    assert phones
    texts = " ".join(ask(night, "SELECT text FROM feedback")["text"])
    assert [phone for phone in phones if phone in texts] == []
    files = [path for path in night.rglob("*") if path.is_file() and path.suffix in {".html", ".csv", ".duckdb"}]
    assert files
    for path in files:
        content = path.read_bytes()
        assert [phone for phone in phones if phone.encode() in content] == [], path.name


def test_a_second_night_stores_and_tags_nothing(night: Path, copy: Path) -> None:
    company.run_night(open_workspace(copy), AS_OF)
    newest = summary(open_workspace(copy))["runs"].row(0, named=True)
    assert (newest["n_arrived"], newest["n_stored"], newest["n_tagged"]) == (0, 0, 0)
    database = Path("warehouse") / "cx.duckdb"
    assert differences(night / database, copy / database) == {}


@pytest.mark.thorough
def test_stored_feedback_of_an_older_model_is_tagged_again(night: Path, copy: Path, server: Server) -> None:
    database = Path("warehouse") / "cx.duckdb"
    with duckdb.connect(copy / ".cxnlp" / "working.duckdb") as connection:
        connection.execute("UPDATE tags SET model_version = 'older'")
        connection.execute("DELETE FROM tags WHERE family = 'moment'")
        connection.execute("UPDATE tags SET decision = 'unsure' WHERE family <> 'sentiment'")
    with (copy / "cxnlp.toml").open("a", encoding="utf-8") as config:
        config.write("retag = 50\n")
    run_night(copy, server=server)
    assert "tags" in differences(night / database, copy / database)
    (model,) = summary(open_workspace(copy))["model"].to_dicts()
    (texts,) = ask(copy, "SELECT count(DISTINCT feedback_id) AS n FROM mentions").rows()
    assert model["n_outdated"] == texts[0] - 50
    with start_night(copy, command="retag", server=server) as process:
        assert process.wait(timeout=300) == 0
    # Themes that the other tags made have ended, and with them their items; neither is forgotten.
    remembered = {"themes", "theme_events", "backlog", "backlog_evidence", "backlog_events"}
    assert differences(night / database, copy / database).keys() <= remembered
    (model,) = summary(open_workspace(copy))["model"].to_dicts()
    assert model["n_outdated"] == 0


@pytest.mark.thorough
def test_a_dry_run_stores_nothing(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    seen = json.loads(run_night(workspace, "--dry-run", "--json", "--source", "x"))
    assert seen["n_items"] == 60
    assert seen["masked"]
    assert not (workspace / "warehouse").exists()
    assert not (workspace / ".cxnlp" / "working.duckdb").exists()


def test_a_second_night_at_once_says_so_and_leaves(copy: Path, server: Server) -> None:
    with FileLock(copy / ".cxnlp" / "night.lock"), start_night(copy, server=server) as process:
        _, err = process.communicate(timeout=120)
    assert process.returncode == 3
    assert err.count("already running") == 1
    assert "Traceback" not in err


@pytest.mark.thorough
def test_a_source_that_is_away_does_not_stop_the_night(tmp_path: Path, server: Server) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    config = workspace / "cxnlp.toml"
    config.write_text(config.read_text().replace("/posts", "/away"), "utf-8")
    run_night(workspace, server=server)
    problems = ask(workspace, "SELECT problem FROM quarantine WHERE source = 'x'")["problem"].to_list()
    assert len(problems) == 1
    assert "is not there" in problems[0]
    config.write_text(config.read_text().replace("/away", "/posts"), "utf-8")
    run_night(workspace, server=server)
    assert ask(workspace, "SELECT count(*) AS n FROM feedback WHERE source = 'x'")["n"].item() > 50
    assert ask(workspace, "FROM quarantine WHERE problem LIKE '%is not there%'").is_empty()


def test_a_reader_in_a_loop_never_waits_nor_fails(copy: Path, server: Server) -> None:
    config = copy / "cxnlp.toml"
    config.write_text(config.read_text() + _SECOND_SOURCE, "utf-8")
    seen = []
    with start_night(copy, server=server) as process:
        while process.poll() is None:
            seen.append(ask(copy, "SELECT count(DISTINCT source) AS n FROM evidence")["n"].item())
            time.sleep(0.5)
        assert process.returncode == 0, process.stderr.read() if process.stderr else ""
    seen.append(ask(copy, "SELECT count(DISTINCT source) AS n FROM evidence")["n"].item())
    assert len(seen) > 3
    assert (seen[0], seen[-1]) == (2, 3)
    assert seen == sorted(seen)


_SECOND_SOURCE = f"""
[[source]]
name = "reddit"
channel = "social"
kind = "posts"
path = "{Path(__file__).parents[2] / "data" / "sample" / "posts"}"
files = "reddit_export.jsonl"
"""


def test_it_asks_nothing_of_any_network(night: Path) -> None:
    """Nor do its Prefect server and its workers; the watch itself: tests/faults/test_network_and_clock."""
    assert not (night.parent / "calls").exists(), (night.parent / "calls").read_text()


def test_the_results_are_where_the_night_says(night: Path) -> None:
    assert "<html" in (night / "page.html").read_text("utf-8")
    rows = list(csv.reader((night / "backlog.csv").open(encoding="utf-8-sig", newline="")))
    assert len(rows) > 3
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))] == []
    assert stat.S_IMODE(os.stat(night / ".cxnlp").st_mode) == 0o700
    assert not list((night / ".cxnlp").glob("staging/*"))
