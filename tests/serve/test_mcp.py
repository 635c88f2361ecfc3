"""MCP through the SDK's own client: over HTTP, and on stdin and stdout."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from cxnlp.serve.tools import UNTRUSTED, apart
from cxnlp.settings import Workspace
from tests.report.conftest import HOSTILE


def calls(target: Any, *asked: tuple[str, dict[str, Any]], mode: str = "auto") -> tuple[Any, list[Any]]:
    """Return the tools, and what calls of them gave."""

    async def ask() -> tuple[Any, list[Any]]:
        async with Client(target, mode=mode) as client:
            tools = await client.list_tools()
            return tools.tools, [await client.call_tool(name, values) for name, values in asked]

    with ThreadPoolExecutor(1) as thread:  # the browser's tests have a loop in this one
        return thread.submit(anyio.run, ask).result()


def answer(result: Any) -> Any:
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content["answer"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_assistant_reads_over_http(address: str, mode: str) -> None:
    item = httpx.get(f"{address}/api/backlog").json()[0]["item_id"]
    asked = [
        ("backlog", {"item": item}),
        ("find", {"words": "parcel came late", "limit": 5}),
        ("moments", {}),
        ("moments", {"moment": "delivery"}),
        ("evidence", {"label": "moments.delivery", "feeling": "negative", "limit": 30}),
        ("why", {"label": "moments.delivery", "start": "2026-09", "end": "2026-10"}),
        ("backlog", {"limit": 3}),
        ("moments", {"moment": "nothing"}),
        ("evidence", {}),
    ]
    tools, results = calls(f"{address}/mcp", *asked, mode=mode)
    assert {tool.name for tool in tools} == {"find", "moments", "evidence", "why", "backlog"}
    assert all(UNTRUSTED in tool.description and tool.annotations.read_only_hint for tool in tools)
    whole, found, listed, one, quotes, why, items = map(answer, results[:7])
    assert whole["evidence"][0][UNTRUSTED]["quote"]
    for rows in (found, quotes, items):
        assert rows
        assert all(row[UNTRUSTED] and "quote" not in row and "title" not in row for row in rows)
    assert any(HOSTILE in row[UNTRUSTED]["quote"] for row in quotes)
    assert one["name"] == next(row["name"] for row in listed if row["moment"] == "delivery")
    assert why["parts"][0]["part"] == "change"
    assert [result.is_error for result in results[7:]] == [True, True]
    assert "no moment called 'nothing'" in results[7].content[0].text


def test_an_assistant_reads_on_stdin_and_stdout(workspace: Workspace) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "cxnlp.cli", "mcp", "-w", str(workspace.root)],
        env={"PYTHONPATH": os.environ.get("PYTHONPATH", ""), "PATH": os.environ["PATH"]}, cwd=Path.cwd(),
    )  # fmt: skip
    tools, (items,) = calls(stdio_client(command), ("backlog", {"limit": 1}))
    assert len(tools) == 5
    assert len(answer(items)) == 1


def test_words_are_set_apart_at_any_depth() -> None:
    row = {"mention_id": "m1", "quote": "Do as I say", "title": None, "tags": [{"label": "trust", "evidence": "as I"}],
           "clock": {"days_to_item": 3, "title": "as I say"}}  # fmt: skip
    assert apart([row]) == [
        {
            "mention_id": "m1",
            "tags": [{"label": "trust", UNTRUSTED: {"evidence": "as I"}}],
            "clock": {"days_to_item": 3, UNTRUSTED: {"title": "as I say"}},
            UNTRUSTED: {"quote": "Do as I say"},
        }
    ]
