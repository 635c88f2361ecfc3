"""Jobs take what the command line takes, without its paths, and confirmed where nothing goes back."""

import base64
from pathlib import Path
from typing import Any

import pytest

from cxnlp.cli import app
from cxnlp.cli.options import CommandError
from cxnlp.cli.ordering import commands
from cxnlp.serve.jobs import Order
from cxnlp.serve.working import Task
from cxnlp.settings import Workspace

HERE = Path("/job")


@pytest.fixture(scope="module")
def ordered(workspace: Workspace) -> Any:
    known = commands(workspace, app)

    def order(command: str, confirm: str | None = None, **arguments: Any) -> Order:
        return known.order(Task(command=command, arguments=arguments, confirm=confirm), HERE)

    return order


@pytest.mark.parametrize(
    ("command", "arguments", "words"),
    [
        ("run", {"as_of": "2026-11-02", "source": ["post_room", "calls"], "dry_run": True},
         ["run", "--json", "--as-of=2026-11-02", "--source=post_room", "--source=calls", "--dry-run"]),
        ("run", {"since": None, "dry_run": False}, ["run", "--json"]),
        ("backlog sync", {"dry_run": True}, ["backlog", "sync", "--json", "--dry-run"]),
        ("teach", {"label": "--help", "marked": True}, ["teach", "--json", "--marked", "--", "--help"]),
        ("evaluate", {"file": {"name": "a.jsonl", "text": "{}"}, "resamples": 50, "output": "scores.json"},
         ["evaluate", "--json", "--resamples=50", "--output=/job/out/scores.json", "--", "/job/in/a.jsonl"]),
        ("page", {"pdf": "page.pdf", "cards": "cards"}, ["page", "--pdf=/job/out/page.pdf", "--cards=/job/out"]),
    ],
)  # fmt: skip
def test_arguments_become_words(
    ordered: Any, workspace: Workspace, command: str, arguments: dict[str, Any], words: list[str]
) -> None:
    found = [word for word in ordered(command, **arguments).words if word != f"--workspace={workspace.root.resolve()}"]
    assert found == words


@pytest.mark.parametrize(
    ("command", "arguments", "says"),
    [
        ("serve", {}, "no command of this name"),
        ("secret rotate", {}, "no command of this name"),
        ("run", {"workspace": "/etc"}, "not known. Allowed: as_of"),
        ("run", {"help": True}, "not known"),
        ("run", {"dry_run": "yes"}, "true or false"),
        ("run", {"as_of": ["2026-11-02", "2026-11-03"]}, "one value"),
        ("run", {"as_of": {"day": 2}}, "text or a number"),
        ("evaluate", {"file": {"name": "a.jsonl", "text": ""}, "resamples": 5}, "50"),
        ("evaluate", {"file": {"name": "a.jsonl", "text": ""}, "model": "/models"}, "command line alone"),
        ("evaluate", {}, "Missing argument"),
        ("evaluate", {"file": "/etc/passwd"}, "an object with"),
        ("evaluate", {"file": {"name": "../a", "text": ""}}, "no folder"),
        ("evaluate", {"file": {"name": "a", "text": "", "base64": ""}}, "beside `name`"),
        ("evaluate", {"file": {"name": "a", "base64": "%"}}, "beside `name`"),
        ("export", {"output": "/tmp/answer.json", "customer": "1"}, "no folder"),
        ("export", {"output": "a.json", "customer": "1", "originals": True}, "command line alone"),
        ("forget", {"customer": "one\ntwo"}, "one line"),
        ("forget", {"yes": True, "customer": "1"}, "not known"),
    ],
)
def test_what_the_command_line_would_not_take_is_refused(
    ordered: Any, command: str, arguments: dict[str, Any], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        ordered(command, confirm=command, **arguments)


def test_who_is_forgotten_is_said_on_the_input_and_not_kept(ordered: Any) -> None:
    with pytest.raises(CommandError, match="cannot be taken back"):
        ordered("forget", author="Kim Demo")
    found = ordered("forget", confirm="forget", author="Kim Demo", customer="4711", files=False)
    assert found.lines == "4711\nKim Demo\n"  # in the order in which the command reads them
    assert {"--customer=-", "--author=-", "--no-files", "--yes"} <= set(found.words)
    assert not {"Kim Demo", "4711"} & {str(value) for value in found.arguments.values()}


def test_a_file_comes_along_as_text_or_as_bytes(ordered: Any) -> None:
    sheet = {"name": "list.xlsx", "base64": base64.b64encode(b"PK").decode()}
    found = ordered("moments import", file=sheet)
    assert (found.files, found.arguments) == ({"list.xlsx": b"PK"}, {"file": "list.xlsx"})
    assert found.words[-1] == "/job/in/list.xlsx"
