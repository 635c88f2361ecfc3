"""`cxnlp backlog`: what it shows, what it does at once, and what it refuses."""

import json
import re
import shlex
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cxnlp.backlog import moves
from cxnlp.cli import app, rows
from cxnlp.cli.moving import MOVES
from cxnlp.errors import CxnlpError
from cxnlp.settings import Workspace, open_workspace
from cxnlp.warehouse import store
from tests.backlog import larkfield
from tests.backlog.conftest import voices, write
from tests.once import once
from tests.post_room import made

PAGE, EFFECTS_PAGE = (
    (Path(__file__).parents[2] / "docs" / name).read_text("utf-8") for name in ("backlog.md", "effects.md")
)


@pytest.fixture(scope="session")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a night that found a danger and a moment that disappoints. Copy it."""

    def make(folder: Path) -> None:
        place = made(folder)
        said = [*voices(4, moments="delivery"), *(voice | {"signals": "crisis"} for voice in voices(1))]
        with larkfield.warehouse(place.working_database, said) as connection:
            write(connection)
            store.publish(connection, place.warehouse)

    return once(tmp_path_factory, "backlog_command", make) / "workspace"


@pytest.fixture
def place(after_a_night: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    return open_workspace(Path(shutil.copytree(after_a_night, tmp_path / "workspace", symlinks=True)))


def ask(place: Workspace, *words: str) -> str:
    """What `cxnlp backlog` says; its error is raised."""
    result = CliRunner().invoke(app, ["backlog", *words, "-w", str(place.root)], catch_exceptions=True)
    if isinstance(result.exception, CxnlpError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def listed(place: Workspace, *words: str) -> list[dict[str, Any]]:
    return list(json.loads(ask(place, "list", *words, "--json")))


def test_an_item_from_the_list_to_its_end(place: Workspace) -> None:
    crisis, delivery = listed(place)
    assert (crisis["label"], delivery["label"], delivery["state"]) == ("crisis", "delivery", "new")
    item_id = delivery["item_id"]
    digits = item_id.removeprefix("cx-")[:5]
    tomorrow = str((datetime.now(UTC) + timedelta(days=1)).date())

    assert f"{item_id} is accepted, owner Ops, due {tomorrow}." in ask(
        place, "accept", digits, "--owner", "Ops", "--due", tomorrow, "--by", "ann"
    )
    assert [row["label"] for row in listed(place, "--owner", "ops")] == ["delivery"]
    assert [row["label"] for row in listed(place, "--state", "accepted")] == ["delivery"]
    assert "accepted for" in ask(place, "list")
    (shipped,) = json.loads(
        ask(place, "ship", digits, "--on", "2026-11-03", "--what", "Ask jane@example.com", "--json")
    )
    assert (shipped["state_after"], shipped["shipped_on"], shipped["note"]) == ("shipped", "2026-11-03", "Ask [EMAIL]")
    ask(place, "ship", digits, "--on", "2026-11-03", "--where", "channel=Letter")
    assert json.loads(ask(place, "show", digits, "--json"))["shipped_where"] == "channel=letter"
    assert "where channel=letter" in ask(place, "log", digits)
    ask(place, "ship", digits, "--on", "2026-11-03", "--where", "everywhere")
    assert json.loads(ask(place, "show", digits, "--json"))["shipped_where"] is None
    with pytest.raises(CxnlpError, match="no feedback with location 'Oslo'"):
        ask(place, "ship", digits, "--where", "location=Oslo")
    ask(place, "close", digits)
    assert [row["label"] for row in listed(place)] == ["crisis"]
    assert [row["label"] for row in listed(place, "--all")] == ["crisis", "delivery"]

    shown = json.loads(ask(place, "show", digits, "--json"))
    assert (shown["state"], shown["shipped_what"], shown["allowed"]) == ("closed", "Ask [EMAIL]", ["reopen", "note"])
    told = ask(place, "show", digits)
    assert told.startswith(f"{item_id}\n{delivery['title']}\n")
    assert re.search(r"^State +closed since ", told, re.MULTILINE)
    assert re.search(r"^Customers +4; corrected for the model's errors \d+ \(\d+ to \d+\)$", told, re.MULTILINE)
    assert re.search(r"^About +moment Delivery and collection \(stage Acquisition\)$", told, re.MULTILINE)
    assert re.search(r"^  “The parcel number .*” \d{4}-\d\d-\d\d, letter$", told, re.MULTILINE)
    assert "trend_word" not in told
    assert f"accepted (by ann, owner Ops, due {tomorrow}, people: 4)" in told
    assert "Allowed now: reopen, note." in told
    events = [row["event"] for row in json.loads(ask(place, "log", digits, "--json"))]
    assert events == ["opened", "accepted", *["shipped"] * 3, "closed"]
    assert "closed" in ask(place, "log")
    noted = ask(place, "note", digits, "--note", "Ask jane@example.com")
    assert noted == f"{item_id} is closed. The note is kept: “Ask [EMAIL]”\n"


def test_several_items_at_once_or_none(place: Workspace) -> None:
    ids = [row["item_id"] for row in listed(place)]
    with pytest.raises(CxnlpError, match="cx-none"):
        ask(place, "accept", *ids, "cx-none")
    ask(place, "accept", *ids)
    assert {row["assigned_to"] for row in listed(place)} == {row["owner"] for row in listed(place)}
    with pytest.raises(CxnlpError, match="found it accepted, where `accept` means nothing"):
        ask(place, "accept", ids[0])
    assert len(moves.read(place)) == 2


def test_what_a_killed_command_could_not_publish_is_seen_after_the_next(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    item_id = listed(place)[1]["item_id"]
    with monkeypatch.context() as patched:
        patched.setattr(store, "publish", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        CliRunner().invoke(app, ["backlog", "start", item_id, "-w", str(place.root)])
    assert listed(place, "--state", "in progress") == []
    with pytest.raises(CxnlpError, match="found it in progress"):
        ask(place, "start", item_id)
    assert [row["item_id"] for row in listed(place, "--state", "in progress")] == [item_id]


def test_the_clock_and_what_is_late(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    legs = {row["leg"]: row for row in json.loads(ask(place, "clock", "--json"))}
    assert (legs["first word to item"]["n_items"], legs["item to accepted"]["target_days"]) == (2, 5)
    assert "item to accepted" in ask(place, "clock")
    assert len(json.loads(ask(place, "clock", "--items", "--json"))) == 2
    monkeypatch.setattr(rows, "WIDE", 100)
    told = ask(place, "clock", "--items")
    assert all(row["item_id"] in told for row in listed(place))
    assert "acceptance" in told
    assert "…" not in told
    assert listed(place, "--overdue") == []
    with store.open_of(place) as connection:
        connection.execute("UPDATE runs SET night = DATE '2026-11-09'")
        store.publish(connection, place.warehouse)
    assert len(listed(place, "--overdue")) == 2
    assert "OVERDUE" in ask(place, "list")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["list", "--state", "gone"], r"no such state. Allowed: new, accepted, in progress"),
        (["show", "zz"], "item 'zz': not found"),
        (["show", "cx-"], "found 2 that begin so. Write more of it"),
        (["accept", "ITEM", "--due", "soon"], "'soon' is not a day"),
        (["decline", "ITEM"], "decline: found no words.*Give it with --reason"),
        (["assign", "ITEM"], "assign needs an owner or a due day"),
        (["snooze", "ITEM", "--until", "2026-01-01"], "allowed: from"),
        (["ship", "ITEM", "--on", "2099-01-01"], "allowed: up to"),
        (["accept", "ITEM", "--owner", "x" * 61], "owner: String should have at most 60"),
        (["accept", "ITEM", "--owner", "Ops\x1b[31m"], "signs in --owner that do not print"),
        (["note", "ITEM", "--note", " "], "note: found no words.*Give it with --note"),
        (["close", "ITEM"], "found it new, where `close` means nothing. Allowed: accept, start, ship, decline"),
    ],
)
def test_what_cannot_be_done_is_said(place: Workspace, words: list[str], message: str) -> None:
    item_id = listed(place)[0]["item_id"]
    with pytest.raises(CxnlpError, match=message) as refused:
        ask(place, *(item_id if word == "ITEM" else word for word in words))
    assert refused.value.exit_code == 2
    assert moves.read(place) == []


class Clock(datetime):
    """The twentieth of November 2026."""

    @classmethod
    def now(cls, tz: Any = None) -> "Clock":
        return cls(2026, 11, 20, 9, tzinfo=tz)


def test_the_commands_and_queries_of_the_page_run(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other, as the page has them."""
    monkeypatch.setattr("cxnlp.cli.moving.datetime", Clock)
    digits = listed(place)[1]["item_id"].removeprefix("cx-")[:5]
    lines = [shlex.split(line, comments=True) for line in re.findall(r"^cxnlp backlog .*$", PAGE, re.MULTILINE)]
    assert {line[2] for line in lines} == {"list", "show", "log", "clock", *MOVES}
    with monkeypatch.context() as patched:
        patched.setattr(store, "publish", lambda *_, **__: None)  # takes longer than all else, and is shown above
        for line in lines:
            ask(place, *(digits if word == "3f2a" else word for word in line[2:]))
    with store.open_of(place) as connection:
        store.publish(connection, place.warehouse)
    assert listed(place, "--state", "declined")[0]["assigned_to"] == "Post"
    queries = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    of_mentions, *others = [store.query(place.database, query).height for query in queries]
    assert of_mentions > 0
    assert others == [11, 0]


def test_what_the_page_on_effects_asks_for_runs(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "publish", lambda *_, **__: None)
    item_id = listed(place)[1]["item_id"]
    with store.open_of(place) as connection:
        connection.execute("""
            UPDATE feedback SET location = CASE feedback_id
                WHEN (SELECT min(feedback_id) FROM feedback) THEN 'Hull' ELSE 'saltwell' END
        """)
    (command,) = re.findall(r"^cxnlp backlog .*$", EFFECTS_PAGE, re.MULTILINE)
    ask(place, *(item_id if word == "3f2a" else word for word in shlex.split(command)[2:]))
    (query,) = re.findall(r"```sql\n(.*?)```", EFFECTS_PAGE, re.DOTALL)
    with store.open_of(place) as connection:
        assert connection.execute(query).fetchall() == []  # no night has measured it
        assert connection.execute("SELECT max(shipped_where) FROM backlog").fetchone() == (
            "location=Hull; location=saltwell",
        )  # fmt: skip


@pytest.mark.parametrize("command", ["list", "show", "log", "clock", *MOVES])
def test_every_command_has_help_and_json(command: str) -> None:
    result = CliRunner().invoke(app, ["backlog", command, "--help"], env={"COLUMNS": "120"})
    assert result.exit_code == 0
    assert "--json" in result.output
