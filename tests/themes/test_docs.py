"""docs/themes.md: its commands are commands, and its queries run."""

import re
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from cxnlp.cli import app

PAGE = (Path(__file__).parents[2] / "docs" / "themes.md").read_text("utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = sorted(set(re.findall(r"^cxnlp themes (\w+)", PAGE, re.MULTILINE)))


@pytest.mark.parametrize("query", QUERIES, ids=range(1, len(QUERIES) + 1))
def test_a_query_of_the_page_runs(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    assert connection.execute(query).description


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_has_help(command: str) -> None:
    result = CliRunner().invoke(app, ["themes", command, "--help"])
    assert result.exit_code == 0
    assert "--workspace" in result.output


def test_the_page_shows_all_commands() -> None:
    assert COMMANDS == ["list", "merge", "pin", "rename", "show"]
    assert len(QUERIES) == 2
