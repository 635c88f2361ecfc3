"""`cxnlp forget`, `cxnlp export` and `cxnlp secret` as they are typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.errors import CxnlpError
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store
from tests.privacy import company
from tests.privacy.company import run_night, texts
from tests.privacy.conftest import first_night, workspace  # noqa: F401 - fixtures

RUN = CliRunner()


@pytest.fixture
def place(workspace: object) -> Path:  # noqa: F811
    return Path(workspace.root)  # type: ignore[attr-defined]


def test_a_dry_run_says_what_would_go(place: Path) -> None:
    done = RUN.invoke(app, ["forget", "-w", str(place), "--customer", "AC-4711", "--dry-run"])
    assert done.exit_code == 0, done.output
    assert "Would erase 2 pieces of feedback (notes 2)" in done.output
    assert "notes: notes.csv, row 2" in done.output
    assert "sideboard" in texts(open_workspace(place))


def test_nobody_is_erased_without_being_asked(place: Path) -> None:
    done = RUN.invoke(app, ["forget", "-w", str(place), "--customer", "AC-4711"])
    assert isinstance(done.exception, CxnlpError)
    assert "--yes" in str(done.exception)
    assert "sideboard" in texts(open_workspace(place))


def test_files_that_commands_wrote_are_named_while_they_are_there(place: Path, tmp_path: Path) -> None:
    answer, rows, gone = tmp_path / "answer.json", tmp_path / "rows.csv", tmp_path / "gone.csv"
    for words in (
        ["export", "-w", str(place), "--author", "Nobody", "-o", str(answer)],
        *(["sql", "FROM evidence", "-w", str(place), "-f", "csv", "-o", str(file)] for file in (rows, gone, rows)),
    ):
        assert RUN.invoke(app, words).exit_code == 0
    gone.unlink()
    asked = ["forget", "-w", str(place), "--customer", "AC-4711", "--dry-run"]
    done = RUN.invoke(app, asked)
    assert "were written before and may still hold it" in done.output
    assert str(answer) in done.output
    assert json.loads(RUN.invoke(app, [*asked, "--json"]).stdout)["copies"] == [str(answer), str(rows)]


@pytest.mark.thorough
def test_forget_then_verify_then_export(place: Path, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["forget", "-w", str(place), "--customer", "-", "--yes", "--json"], input="AC-4711\n")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["n_feedback"], said["verified"]["places"]) == (2, [])
    assert "4711" not in done.output
    again = RUN.invoke(app, ["forget", "-w", str(place), "--verify"])
    assert again.exit_code == 0, again.output
    assert "found none" in again.output
    answer = tmp_path / "answer.json"
    shown = RUN.invoke(app, ["export", "-w", str(place), "--customer", "AC-4711", "-o", str(answer), "--json"])
    assert json.loads(shown.stdout)["feedback"] == 0
    (place / "leftover.txt").write_text(company.ADA_SAYS, "utf-8")
    found = RUN.invoke(app, ["forget", "-w", str(place), "--verify"])
    assert found.exit_code == 1
    assert "NOT GONE" in found.output
    assert "leftover.txt" in found.output


def test_live_services_are_named(place: Path) -> None:
    with store.open_working(place / ".cxnlp" / "working.duckdb") as connection:  # as if an inbox had given her notes
        connection.execute("UPDATE feedback SET source = 'mail' WHERE text LIKE '%drawer%'")
        connection.execute("UPDATE places SET source = 'mail', file = 'INBOX'")
        connection.execute("UPDATE feedback SET external_id = 'keyed:0123' WHERE text LIKE '%sideboard%'")
    live = 'channel = "letter"\nkind = "live"\n[source.live]\nservice = "{0}"\n{1}\n'
    with (place / "cxnlp.toml").open("a", encoding="utf-8") as config:
        config.write('[[source]]\nname = "mail"\n' + live.format("imap", 'url = "imaps://mail.example"\nuser = "u"'))
        config.write('[[source]]\nname = "press"\n' + live.format("feed", 'url = "https://press.example/rss"'))
    words = ["forget", "-w", str(place), "--customer", "AC-4711", "--dry-run"]
    done = RUN.invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "not asked to delete anything" in done.output
    assert "mail (imaps://mail.example): INBOX, number 2, K2" in done.output
    assert "press (https://press.example/rss): nothing from there was stored" in done.output
    said = json.loads(RUN.invoke(app, [*words, "--json"]).stdout)["services"]
    assert [(each["source"], each["service"], len(each["pieces"])) for each in said] == [
        ("mail", "imap", 2),
        ("press", "feed", 0),
    ]
    of_source = RUN.invoke(app, ["forget", "-w", str(place), "--source", "posts", "--dry-run", "--json"])
    assert json.loads(of_source.stdout)["services"] == []


@pytest.mark.thorough
def test_rotate(place: Path) -> None:
    done = RUN.invoke(app, ["secret", "rotate", "-w", str(place)])
    assert done.exit_code == 0, done.output
    assert "2 parts" in done.output
    run_night(open_workspace(place))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["forget", "--yes"], "found 0 of"),
        (["forget", "--customer", "1", "--author", "2", "--yes"], "found 2 of"),
        (["forget", "--before", "yesterday", "--yes"], "is not a day"),
        (["forget", "--feedback", "nonsense", "--yes"], "16 hex digits"),
        (["forget", "--verify"], "nothing was erased yet"),
    ],
)
def test_what_cannot_be_asked(place: Path, words: list[str], message: str) -> None:
    done = RUN.invoke(app, [words[0], "-w", str(place), *words[1:]])
    assert isinstance(done.exception, CxnlpError)
    assert message in str(done.exception)
