"""`cxnlp backlog sync` and `cxnlp check` in a real workspace, against a tracker on this machine."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxnlp.backlog.trackers import Wanted
from cxnlp.cli import app, tracking
from cxnlp.cli.check import _tracker
from cxnlp.errors import CxnlpError
from cxnlp.settings import Settings, open_workspace
from cxnlp.warehouse import store
from tests.backlog.test_command import after_a_night
from tests.backlog.trackers.boards import TOKEN, Board, GitHubBoard, JiraBoard, JiraServerBoard
from tests.backlog.trackers.conftest import Company
from tests.live.server import served

__all__ = ["after_a_night"]


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    monkeypatch.setenv("LARKFIELD_TRACKER", TOKEN)
    with served() as service:
        yield GitHubBoard(service)


@pytest.fixture
def root(tmp_path: Path, after_a_night: Path, board: Board) -> Path:
    """A workspace in which a night found two items, each of fewer than five people, and nobody has accepted them."""
    root = Path(shutil.copytree(after_a_night, tmp_path / "workspace", symlinks=True))
    lines = [f"{name} = {json.dumps(value)}" for name, value in board.settings().items()]
    with (root / "cxnlp.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(["", "[[tracker]]", *lines, ""]))
    return root


def ask(root: Path, *words: str, code: int = 0) -> str:
    """What a command says; its error is raised."""
    result = CliRunner().invoke(app, ["backlog", *words, "-w", str(root)], env={"COLUMNS": "200"})
    if isinstance(result.exception, CxnlpError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def test_from_here_to_there_and_back(root: Path, board: Board) -> None:
    assert ask(root, "sync") == "All is up to date.\n"
    (_, item) = json.loads(ask(root, "list", "--json"))
    ask(root, "accept", item["item_id"])
    assert "Nothing was sent or stored" in ask(root, "sync", "--dry-run")
    assert board.tickets == []
    made = json.loads(ask(root, "sync", "--json"))
    assert [each["what"] for each in made] == ["created", "reported"]
    report = board.tickets[0].notes[0].content
    assert "<5" in report.replace("\u2060", "").replace("\\", "")
    assert "parcel" not in report
    board.move(board.tickets[0], 2)
    assert "moved: is shipped there; here: ship" in ask(root, "sync")
    (item,) = json.loads(ask(root, "list", "--state", "shipped", "--json"))
    assert (item["label"], item["shipped_on"]) == ("delivery", "2026-11-20")
    events = json.loads(ask(root, "log", "--json"))
    assert [(event["event"], event["by"]) for event in events][-1] == ("shipped", "team:1")
    assert "All is up to date" in ask(root, "sync")


def test_a_move_that_was_killed_before_it_was_published_is_not_made_again(
    root: Path, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, item) = json.loads(ask(root, "list", "--json"))
    ask(root, "accept", item["item_id"])
    ask(root, "sync")
    board.move(board.tickets[0], 2)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(store, "publish", killed)
        ask(root, "sync", code=130)
    ask(root, "sync")
    events = json.loads(ask(root, "log", "--json"))
    assert [event["event"] for event in events if event["by"] == "team:1"] == ["shipped"]
    assert "All is up to date" in ask(root, "sync")


def test_what_is_forgotten_leaves_the_issue_with_the_next_sync(root: Path, board: Board) -> None:
    with (root / "cxnlp.toml").open("a", encoding="utf-8") as file:
        file.write("\n[privacy]\nleast_group = 3\n")
    (_, item) = json.loads(ask(root, "list", "--json"))
    ask(root, "accept", item["item_id"])
    ask(root, "sync")
    (report,) = board.tickets[0].notes
    quote = item["quote_1"]
    assert quote in report.content.replace("\u2060", "")
    feedback_id = item["quote_1_mention_id"].rpartition(".")[0]
    words = ["forget", "--feedback", feedback_id, "--yes", "--no-files", "-w", str(root)]
    forgotten = CliRunner().invoke(app, words).output
    assert "Issues in trackers may still quote it" in forgotten
    assert "team 1 https://github.com/larkfield/shop/issues/1" in forgotten
    ask(root, "sync")
    assert quote not in report.content.replace("\u2060", "")
    assert board.tickets[0].notes == [report]


def test_show_says_where_its_issue_is_and_who_answered(root: Path, board: Board) -> None:
    (_, item) = json.loads(ask(root, "list", "--json"))
    ask(root, "accept", item["item_id"])
    ask(root, "sync")
    board.note(board.tickets[0], "We look at it.")
    board.tickets[0].assignee = "ann"
    assert "moved: is assigned to ann instead of Logistics there; here: assign" in ask(root, "sync")
    shown = ask(root, "show", item["item_id"])
    assert "team 1 https://github.com/larkfield/shop/issues/1: open, ann, 1 comment(s) of people" in shown
    about = json.loads(ask(root, "show", item["item_id"], "--json"))
    assert about["assigned_to"] == "ann"
    assert about["issues"][0]["last_comment_on"] == "2026-11-19"


@pytest.mark.thorough
def test_an_item_that_is_gone_keeps_no_other_from_its_move(root: Path) -> None:
    first, second = json.loads(ask(root, "list", "--json"))
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    asked = [("cx-gone", "accept", None), (first["item_id"], "accept", None),
             (second["item_id"], "ship", date(2026, 11, 25))]  # fmt: skip
    groups = [[Wanted(at, item_id, move, "team:1", on)] for item_id, move, on in asked]
    gone, accepted, early = tracking._decide(open_workspace(root), groups)
    assert "not found" in str(gone)
    assert accepted is None
    assert "ship needs the day" in str(early)
    (item,) = json.loads(ask(root, "list", "--state", "accepted", "--json"))
    assert item["item_id"] == first["item_id"]


def test_what_cannot_be_done_ends_with_1_or_2(root: Path, board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CxnlpError, match="Allowed: team"):
        ask(root, "sync", "--tracker", "other")
    monkeypatch.setenv("LARKFIELD_TRACKER", "wrong")
    assert "refuses the token" in ask(root, "sync", code=1)
    monkeypatch.delenv("LARKFIELD_TRACKER")
    assert "the token of tracker 'team', env:LARKFIELD_TRACKER, is not to be had" in ask(root, "sync", code=1)
    config = (root / "cxnlp.toml").read_text("utf-8")
    (root / "cxnlp.toml").write_text(config.partition("[[tracker]]")[0], "utf-8")
    with pytest.raises(CxnlpError, match="names no"):
        ask(root, "sync")


def test_check_says_whether_a_tracker_answers(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    (tracker,) = company.workspace.settings.trackers
    assert _tracker(company.workspace, tracker).startswith("answers; ")
    with pytest.raises(CxnlpError):
        _tracker(company.workspace, tracker.model_copy(update={"project": "OTHER"}))
    monkeypatch.setenv("LARKFIELD_TRACKER", "wrong")
    with pytest.raises(CxnlpError, match="refuses the token"):
        _tracker(company.workspace, tracker)


@pytest.mark.parametrize("company", [JiraBoard, JiraServerBoard], indirect=True)
def test_check_says_which_rights_jira_does_not_give(company: Company) -> None:
    assert isinstance(company.board, JiraBoard)
    company.board.lacks = ("TRANSITION_ISSUES",)
    (tracker,) = company.workspace.settings.trackers
    with pytest.raises(CxnlpError, match="lacks TRANSITION_ISSUES there"):
        _tracker(company.workspace, tracker)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "http://jira.example"}, "no https address"),
        ({"url": "https://ann:secret@jira.example"}, "has a user"),
        ({"url": ""}, "needs `url`"),
        ({"project": "a b"}, "no project of jira_cloud"),
        ({"user": None}, "Jira Cloud needs `user`"),
        ({"token": "abc123"}, "should match pattern"),
        ({"states": {"Done": "verified"}}, "should be 'accepted'"),
        ({"kind": "github", "project": "a/b"}, "`user` is for Jira"),
        ({"authority": "ca.pem"}, "no whole path"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(change: dict[str, object], said: str) -> None:
    tracker = {"name": "jira", "kind": "jira_cloud", "url": "https://a.example", "project": "CX", "user": "a@b.example",
               "token": "env:X"}  # fmt: skip
    source = {"name": "letters", "channel": "letter", "kind": "letters", "path": "inbox"}
    assert Settings.model_validate({"company": "A", "source": [source], "tracker": [tracker]}).trackers
    with pytest.raises(ValueError, match=said):
        Settings.model_validate({"company": "A", "source": [source], "tracker": [tracker | change]})
    with pytest.raises(ValueError, match="used twice"):
        Settings.model_validate({"company": "A", "source": [source], "tracker": [tracker, tracker]})


def test_a_token_in_the_workspace_or_open_to_others_is_refused(company: Company, tmp_path: Path) -> None:
    path = tmp_path.parent / f"{tmp_path.name}-token"
    path.write_text(TOKEN)
    company.tracker["token"] = f"file:{path}"
    assert "other users may read it" in company.sync()[0].words
    path.chmod(0o600)
    assert company.sync()[0].what == "created"
    company.tracker["token"] = f"file:{tmp_path}/token"
    assert "a full path outside the workspace" in company.later()[0].words
