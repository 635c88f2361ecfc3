"""`cxnlp quarantine` and `cxnlp status`: what they say, and that a terminal obeys nobody's file names."""

import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.errors import CxnlpError
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store
from pipelines import alone
from tests.post_room import made
from tests.warehouse.night import file, partition, piece, refused, run, said

CALLS = """
[[source]]
name = "calls"
channel = "call"
kind = "table"
path = "calls"
"""
HOSTILE = "\x1b]0;owned\x07\x1b[31m\u202egpj.exe\n"


@pytest.fixture
def root(after_one_night: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(after_one_night, tmp_path / "workspace", symlinks=True))


@pytest.fixture(scope="module")
def after_one_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one night, which could not use a letter, twelve rows of a table, and a source."""
    folder = tmp_path_factory.mktemp("quarantine")
    place = made(folder, CALLS)
    root = place.root
    (root / "letters").mkdir()
    (root / "letters" / "jane_whitlock.pdf").write_bytes(b"")
    problems = [refused("aaaa1", "jane_whitlock.pdf") | {"masked_file": "[PERSON].pdf", "problem": HOSTILE}]
    problems += [refused(f"bbbb{n:02}", f"log{HOSTILE}.csv", "calls") | {"row": n} for n in range(12)]
    with store.open_working(place.working_database) as connection:
        ledger = [file("jane_whitlock.pdf", 14)]
        staged = partition(folder / "a", piece("f1", said("Late again.")), quarantine=problems, files=ledger)
        store.load(connection, [staged], run())
        store.publish(connection, place.warehouse)
    return root


def ask(root: Path, *words: str) -> str:
    """What a command says; its error is raised."""
    result = CliRunner().invoke(app, [*words, "-w", str(root)], catch_exceptions=True)
    if isinstance(result.exception, CxnlpError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_the_list_is_grouped_and_short(root: Path) -> None:
    told = ask(root, "quarantine")
    assert "aaaa1  jane_whitlock.pdf  since 2026-11-02" in told
    assert told.index("bbbb00") < told.index("aaaa1")  # the most frequent problem first
    assert "bbbb09" in told
    assert "bbbb10" not in told
    assert "… and 2 more; --all shows them." in told
    assert "bbbb11" in ask(root, "quarantine", "--all")
    assert "13 waiting." in told
    assert "bbbb" not in ask(root, "quarantine", "--source", "post")


@pytest.mark.parametrize("words", [["quarantine"], ["quarantine", "show", "bbbb03"], ["status"]])
def test_a_terminal_obeys_no_file_name(root: Path, words: list[str]) -> None:
    told = ask(root, *words)
    assert [sign for sign in told if sign in "\x1b\x07\u202e"] == []


def test_json_is_for_machines(root: Path) -> None:
    rows = json.loads(ask(root, "quarantine", "--json"))
    assert len(rows) == 13
    assert {"quarantine_id", "source", "file", "row", "problem", "since"} <= set(rows[0])
    shown = json.loads(ask(root, "quarantine", "show", "aaaa1", "--json"))
    assert shown["path"] == str(root / "letters" / "jane_whitlock.pdf")


def test_released_items_leave_the_list_and_the_published_one(root: Path) -> None:
    why = "Jane Whitlock sent a blank page."
    told = json.loads(ask(root, "quarantine", "release", "aaaa1", "--reason", why, "--by", "mo", "--json"))
    assert told["n_released"] == 1
    assert "aaaa1" not in ask(root, "quarantine")
    assert "released" in ask(root, "quarantine", "--released")
    published = store.query(open_workspace(root).database, "FROM quarantine WHERE released_at IS NOT NULL").to_dicts()
    assert [(row["quarantine_id"], row["reason"]) for row in published] == [("aaaa1", "[PERSON] sent a blank page.")]
    assert "jane" not in repr(published).lower()
    with store.open_working(open_workspace(root).working_database) as connection:
        assert store.find_quarantined(connection, "aaaa1")["released_by"] == "mo"
    (freshness,) = [row for row in json.loads(ask(root, "status", "--json"))["freshness"] if row["source"] == "post"]
    assert (freshness["n_quarantined"], freshness["n_released"]) == (0, 1)


def test_a_retry_says_which_files(root: Path) -> None:
    told = ask(root, "quarantine", "retry", "--source", "post")
    assert "post: jane_whitlock.pdf" in told
    assert "opens 1 file(s) again" in told
    with store.open_working(open_workspace(root).working_database) as connection:
        assert store.seen_files(connection, "post").is_empty()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["retry"], "say which items in one way"),
        (["retry", "aaaa1", "--all"], "say which items in one way"),
        (["retry", "zzzz"], "nothing has this id"),
        (["retry", "--source", "post_room"], "there is: post, calls"),
        (["release", "aaaa1"], "found no reason"),
        (["show", "bbbb"], "12 items have an id that begins so"),
    ],
)
def test_what_cannot_be_done_is_said(root: Path, words: list[str], message: str) -> None:
    with pytest.raises(CxnlpError, match=message):
        ask(root, "quarantine", *words)


def test_while_a_night_runs_the_published_list_is_shown(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "PATIENCE_SECONDS", 0)
    with FileLock(root / ".cxnlp" / "night.lock"):
        told = ask(root, "quarantine")
        assert "aaaa1  [PERSON].pdf" in told
        assert "names of files are masked" in told
        with pytest.raises(alone.NightRunning):
            ask(root, "quarantine", "retry", "--all")


def test_status_says_what_became_of_everything(root: Path) -> None:
    became = "1 stored + 0 known already + 0 duplicates + 13 quarantined + 0 erased"
    assert f"1 run(s): 14 arrived = {became}; every run adds up." in ask(root, "status")
    place = open_workspace(root)
    with store.open_working(place.working_database) as connection:
        connection.execute("UPDATE runs SET n_arrived = 15")
        store.publish(connection, place.warehouse)
    assert "1 run(s) do not add up: see n_missing" in ask(root, "status")
    told = json.loads(ask(root, "status", "--json"))
    assert (told["runs"][0]["n_missing"], told["sum"][0]["n_missing"]) == (1, 1)


@pytest.mark.parametrize(
    ("text_in", "expected"),
    [("plain 山田 ü", "plain 山田 ü"), ("a\x1b[31mb", "a�[31mb"), ("a\nb\tc\u202ed\u200b", "a�b�c�d�"), (7, "7")],
)
def test_harmless(text_in: object, expected: str) -> None:
    assert harmless(text_in) == expected


@pytest.mark.parametrize(
    "sign", ["\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\u200b", "\u2028", "\U000e0041", "\ud800"]
)
def test_json_says_the_same_and_steers_nothing(sign: str) -> None:
    written = json_text({"text": f"plain 山田 ü {sign}[31m"})
    assert (sign in written, "山田 ü" in written) == (False, True)
    assert json.loads(written) == {"text": f"plain 山田 ü {sign}[31m"}
