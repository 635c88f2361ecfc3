"""What docs/serve.md shows works as it stands."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer.main

from cxnlp.cli import app
from tests.serve.conftest import TOKEN

TEXT = (Path(__file__).parents[2] / "docs" / "serve.md").read_text("utf-8")
LINES = [
    line
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in re.sub(r"\\\n\s*", "", block).splitlines()
]


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("curl")])
def test_a_program_asks_as_the_page_shows(line: str, address: str) -> None:
    words = shlex.split(line.replace("$(cat .cxnlp/serve_token)", TOKEN))[2:]
    headers: dict[str, str] = {}
    body: str | bytes | None = None
    is_file = False
    while words[0].startswith("-"):
        flag, value = words[:2]
        words = words[2:]
        if flag == "-H":
            name, _, said = value.partition(": ")
            headers[name] = said
        elif flag == "-o":
            is_file = True
        elif value == "@backlog.xlsx":
            body = httpx.get(f"{address}/api/backlog/export", headers=headers, timeout=60).content
        else:
            body = value
    url = words[0].replace("http://127.0.0.1:8765", address)
    response = httpx.request("GET" if body is None else "POST", url, headers=headers, content=body, timeout=60)
    assert response.status_code == 200, response.text
    assert is_file or response.json() is not None


def test_the_commands_have_the_options_that_it_names() -> None:
    (settings,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assistant = json.loads(settings)["mcpServers"]["cxnlp"]
    group: Any = typer.main.get_command(app)
    for words in [*(shlex.split(line, comments=True) for line in LINES if line.startswith("cxnlp")),
                  [assistant["command"], *assistant["args"]]]:  # fmt: skip
        options = {name for option in group.commands[words[1]].params for name in option.opts}
        assert {word for word in words if word.startswith("--")} <= options
