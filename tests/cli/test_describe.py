"""`cxnlp describe`: the data dictionary on the screen, as a page and as Markdown."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from cxnlp import taxonomy
from cxnlp.cli import app
from cxnlp.cli.options import CommandError
from cxnlp.warehouse import store
from tests.warehouse.night import partition, piece, run, said

HOSTILE = "<script>alert(1)</script> | [x](javascript:alert) `a` \"'&lt;"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a night, with a label of its own that tries to be markup."""
    root = tmp_path_factory.mktemp("workspace")
    source = '[[source]]\nname = "post"\nchannel = "letter"\nkind = "letters"\npath = "letters"\n'
    (root / "cxnlp.toml").write_text(f"company = '''{HOSTILE}'''\n{source}", "utf-8")
    words = taxonomy.load().frame().with_columns(
        pl.when(pl.col("id") == "delivery").then(pl.lit(HOSTILE)).otherwise("name").alias("name")
    )  # fmt: skip
    with store.open_working(root / "working.duckdb", words) as connection:
        letter = piece("a", said("The parcel came late.", -1, "moment:delivery"))
        store.load(connection, [partition(root / "night", letter)], run())
        store.publish(connection, root / "warehouse")
    return root


def describe(workspace: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["describe", "-w", str(workspace), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_views_and_columns_are_listed(workspace: Path) -> None:
    assert "One row per moment of truth and week" in describe(workspace)
    assert "Different people behind the mentions" in describe(workspace, "moments")
    columns = json.loads(describe(workspace, "moments", "--json"))
    assert columns[0] == {"name": "stage", "type": "VARCHAR", "meaning": "ABACUS stage of the moment."}


def test_the_page_has_every_name_and_lets_nothing_run(workspace: Path, tmp_path: Path) -> None:
    describe(workspace, "--to", str(tmp_path / "dictionary.html"))
    page = (tmp_path / "dictionary.html").read_text("utf-8")
    with store.open_published(workspace / "warehouse" / "cx.duckdb") as connection:
        names = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND schema_name = 'main'"
        ).fetchall()
    for table, column in names:
        section = page.split(f'<h3 id="{table}">')[1].split("</table>")[0]
        assert f"<code>{column}</code>" in section
    assert "wilson_low(k, n)" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", page)
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3  # title, company, label


def test_markdown_has_the_labels_and_no_markup_of_theirs(workspace: Path, tmp_path: Path) -> None:
    describe(workspace, "--to", str(tmp_path / "dictionary.md"))
    text = (tmp_path / "dictionary.md").read_text("utf-8")
    assert "### moments_all" in text
    line = next(line for line in text.splitlines() if line.startswith("| moment | delivery |"))
    assert "<script>" not in line
    assert r"\[x\](javascript:alert) \`a\`" in line
    assert len(re.split(r"(?<!\\)\|", line)) == 6


@pytest.mark.parametrize("words", [["--to", "a.pdf"], ["moments", "--to", "a.md"], ["--json", "--to", "a.html"]])
def test_a_wrong_wish_is_refused(workspace: Path, words: list[str]) -> None:
    done = CliRunner().invoke(app, ["describe", "-w", str(workspace), *words])
    assert isinstance(done.exception, CommandError)
    assert "leave out NAME and --json" in str(done.exception)
