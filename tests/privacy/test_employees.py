"""An employee who is forgotten is nobody's pseudonym any more; what customers wrote of them stays."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from cxnlp import privacy
from cxnlp.cli import app
from cxnlp.feedback import recognise
from cxnlp.privacy import ErasureError, Wish, tombstones
from cxnlp.settings import Workspace, open_workspace
from cxnlp.warehouse import store
from tests.privacy import company
from tests.privacy.company import ask, bytes_of, run_night

PRIYA = "Priya Nair"
LETTERS = {
    "2026-10-07 praise.txt": "The engineer, Priya Nair, was wonderful and stayed until the boiler was warm again.",
    "2026-10-08 thanks.txt": "Thank you Priya for carrying the lamp up all those stairs, you were a star.",
    "2026-10-09 driver.txt": "Your driver Marcus Webb was friendly and put the table where we wanted to have it.",
}
NAMED = "SELECT employee_key FROM employees ORDER BY ALL"


@pytest.fixture(scope="session")
def praised(first_night: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The company after a night that brought praise of its people. Read only."""
    root = tmp_path_factory.mktemp("praised") / "larkfield"
    shutil.copytree(first_night.root, root, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
    for name, text in LETTERS.items():
        company.write_letter(root, name, text)
    workspace = open_workspace(root)
    run_night(workspace)
    return workspace


@pytest.fixture
def staffed(praised: Workspace, tmp_path: Path) -> Workspace:
    root = tmp_path / "larkfield"
    shutil.copytree(praised.root, root, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
    return open_workspace(root)


def keys_of(workspace: Workspace, *names: str) -> set[str]:
    return set(recognise(names, workspace.secret())["employee_key"])


def named(workspace: Workspace) -> set[str]:
    return {str(key) for (key,) in ask(workspace, NAMED)}


def test_the_pseudonyms_go_and_the_feedback_stays(staffed: Workspace) -> None:
    keys = keys_of(staffed, PRIYA)
    before = ask(staffed, "SELECT feedback_id, text FROM feedback ORDER BY ALL")
    assert named(staffed) & keys
    done = privacy.forget(staffed, Wish(employee="ms priya  nair"))
    assert (done.n_feedback, done.n_mentions, done.n_namings, dict(done.sources)) == (0, 0, 2, {"letters": 2})
    assert not named(staffed) & keys
    assert named(staffed) & keys_of(staffed, "Marcus Webb")
    assert ask(staffed, "SELECT feedback_id, text FROM feedback ORDER BY ALL") == before
    assert "[EMPLOYEE]" in company.texts(staffed)
    assert done.verified is not None
    assert (done.verified.is_clean, done.verified.n_keys) == (True, 4)
    tombs = (staffed.state / tombstones.FILE).read_bytes()
    content = bytes_of(staffed).replace(tombs, b"")
    assert [key for key in keys if key.encode() in content] == []


def test_the_companys_files_that_name_them_are_said(staffed: Workspace) -> None:
    seen = privacy.preview(staffed, Wish(employee=PRIYA))
    assert [place.file for place in seen.held] == ["2026-10-07 praise.txt", "2026-10-08 thanks.txt"]
    assert (seen.n_namings, seen.verified) == (2, None)
    assert tombstones.read(staffed) == []


@pytest.mark.thorough
def test_the_key_never_returns(staffed: Workspace) -> None:
    keys = keys_of(staffed, PRIYA)
    privacy.forget(staffed, Wish(employee=PRIYA))
    company.write_letter(staffed.root, "2026-10-30 more.txt", "The engineer, Priya Nair, came back and was so kind.")
    company.write_letter(staffed.root, "2026-10-31 webb.txt", "Marcus Webb, your driver, was very careful this time.")
    run_night(staffed)
    assert not named(staffed) & keys
    assert len(ask(staffed, NAMED)) == 2
    assert "Priya" not in company.texts(staffed)


@pytest.mark.thorough
def test_nor_when_stored_texts_are_masked_again_or_the_secret_changes(staffed: Workspace) -> None:
    privacy.forget(staffed, Wish(employee=PRIYA))
    privacy.rotate(staffed)
    keys = keys_of(staffed, PRIYA)
    with store.open_working(staffed.working_database) as connection:  # as if an older cxnlp had not found the name
        connection.execute("UPDATE feedback SET text = replace(text, '[EMPLOYEE]', 'Priya Nair'), masking_version = ''")
        connection.execute("INSERT INTO uncounted SELECT feedback_id FROM feedback")
        for table in ("employees", "tags", "mention_vectors", "theme_mentions", "backlog_evidence", "mentions"):
            connection.execute(f"DELETE FROM {table}")
    run_night(staffed)
    assert not named(staffed) & keys
    assert "Priya" not in company.texts(staffed)


def test_only_the_past(staffed: Workspace) -> None:
    privacy.forget(staffed, Wish(employee=PRIYA, is_past_only=True), with_files=False)
    known = tombstones.tombstones_of(staffed)
    key = sorted(keys_of(staffed, PRIYA))[0]
    times = [datetime(2026, 10, 7, tzinfo=UTC), datetime(2096, 10, 7, tzinfo=UTC)]
    feedback = pl.DataFrame({"feedback_id": ["sooner", "later"], "occurred_at": times})
    employees = pl.DataFrame({"feedback_id": ["sooner", "later"], "employee_key": [key, key]})
    assert known.remembered(employees, feedback)["feedback_id"].to_list() == ["later"]


def test_a_leftover_key_is_found(staffed: Workspace) -> None:
    key = sorted(keys_of(staffed, PRIYA))[0]
    (staffed.root / "leftover.txt").write_text(f"thank {key}", "utf-8")
    done = privacy.forget(staffed, Wish(employee=PRIYA), with_files=False)
    assert done.verified is not None
    assert done.verified.places == ("leftover.txt",)
    assert privacy.verify_sources(staffed).places == ("leftover.txt",)


def test_an_answer_for_an_employee_names_no_customer(praised: Workspace, tmp_path: Path) -> None:
    counts = privacy.export(praised, Wish(employee=PRIYA), tmp_path / "answer.json")
    said = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    assert (counts["employees"], counts["mentions"], len(said["tags"]) > 0) == (2, 2, True)
    assert {row["employee_key"] for row in said["counted_employees"]} <= set(said["about"]["employee_keys"])
    assert len(said["counted_employees"]) > 0
    assert {row["employee_key"] for row in said["employees"]} <= set(said["about"]["employee_keys"])
    assert any("boiler" in row["text"] for row in said["mentions"])
    text = (tmp_path / "answer.json").read_text("utf-8")
    for other in ('customer_key": "', 'author_key": "', "table where", "sideboard", "Priya"):
        assert other not in text


def test_as_it_is_typed(staffed: Workspace, tmp_path: Path) -> None:
    run, place = CliRunner(), str(staffed.root)
    dry = run.invoke(app, ["forget", "-w", place, "--employee", PRIYA, "--dry-run"])
    assert "Would erase who is meant in 2 places of feedback (letters 2); the feedback stays." in dry.output
    done = run.invoke(app, ["forget", "-w", place, "--employee", "-", "--yes", "--json"], input=f"{PRIYA}\n")
    assert (done.exit_code, json.loads(done.stdout)["n_namings"]) == (0, 2), done.output
    assert "Priya" not in done.output
    (tmp_path / "staff.txt").write_text(f"{PRIYA}\nMarcus Webb\n", "utf-8")
    known = run.invoke(app, ["recognise", str(tmp_path / "staff.txt"), "-w", place, "--json"])
    assert {row["name"] for row in json.loads(known.stdout)} == {"Marcus Webb"}
    assert ask(staffed, "SELECT asked, n_feedback, n_namings FROM erasures") == [("employee", 0, 2)]


def test_an_employee_has_a_name() -> None:
    with pytest.raises(ErasureError, match="without a letter"):
        Wish(employee="--")


def test_who_was_named_before_is_remembered() -> None:
    known = tombstones.Tombstones(employees={"a": None})
    employees = pl.DataFrame({"feedback_id": ["1", "1", "2"], "employee_key": ["a", "b", "a"]})
    feedback = pl.DataFrame({"feedback_id": ["1", "2"], "occurred_at": [None, None]}).cast({"occurred_at": pl.Datetime})
    assert known.remembered(employees, feedback)["employee_key"].to_list() == ["b"]
