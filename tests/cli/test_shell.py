"""The shell of `cxnlp sql`, and what `cxnlp sql` and `cxnlp find` write."""

import csv
import io
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.cli.options import CommandError
from cxnlp.cli.rows import Format, content
from cxnlp.cli.shell import Shell, is_whole, session
from cxnlp.settings import Workspace, open_workspace
from cxnlp.tags import Tagger
from cxnlp.warehouse import store
from tests.warehouse.night import frames, partition, piece, run, said

ROOT = Path(__file__).parents[2]
FORMULA = '=HYPERLINK("http://example.org")'
LETTERS = (
    piece("a", said("Nobody answered my mails about my money back.", -1, "moment:refund"), day="2026-10-01"),
    piece("b", said("The soup was cold and the waiter rude.", -2, "moment:staff"), day="2026-10-05", channel="call"),
    piece("c", said(FORMULA, 0), day="2026-10-07", product=FORMULA),
    piece("d", said("\x1b[2J\x1b[31mThe parcel\u202e came.", -1, "moment:delivery"), day="2026-10-08"),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace after a hand-built night whose mentions have the shipped model's vectors."""
    root = tmp_path_factory.mktemp("workspace")
    (root / "cxnlp.toml").write_text(
        'company = "Larkfield"\n[[source]]\nname = "post"\nchannel = "letter"\nkind = "letters"\npath = "letters"\n',
        "utf-8",
    )
    publish(root, 1, *LETTERS)
    return open_workspace(root)


def publish(root: Path, number: int, *letters: object) -> None:
    """Load and publish a night."""
    folder = partition(root / f"night{number}", *letters)  # type: ignore[arg-type]
    made = frames(letters)  # type: ignore[arg-type]
    judged = Tagger.load(threads=1).judge(made["feedback"], made["mentions"])
    judged.vectors.write_parquet(folder / "vectors.parquet")
    with store.open_working(root / ".cxnlp" / "working.duckdb") as connection:
        store.load(connection, [folder], run(number))
        store.publish(connection, root / "warehouse")


def cxnlp(workspace: Workspace, command: str, *words: str, given: str | None = None) -> str:
    done = CliRunner().invoke(app, [command, "-w", str(workspace.root), *words], input=given, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


QUERY = "SELECT product, channel FROM feedback ORDER BY feedback_id"


def test_rows_come_as_a_table_as_csv_and_as_json(workspace: Workspace) -> None:
    assert "channel" in cxnlp(workspace, "sql", QUERY)
    rows = list(csv.reader(io.StringIO(cxnlp(workspace, "sql", QUERY, "-f", "csv"))))
    assert rows[:2] == [["product", "channel"], ["", "letter"]]
    lines = cxnlp(workspace, "sql", QUERY, "-f", "json").splitlines()
    assert json.loads(lines[1]) == {"product": None, "channel": "call"}


def test_a_question_can_come_through_a_pipe(workspace: Workspace) -> None:
    assert cxnlp(workspace, "sql", "-f", "csv", given="SELECT 1 AS one;\n") == "one\n1\n"


def test_an_empty_question_is_refused(workspace: Workspace) -> None:
    done = CliRunner().invoke(app, ["sql", "-w", str(workspace.root)], input=" ")
    assert isinstance(done.exception, CommandError)
    assert "there is no question" in str(done.exception)


def test_parquet_goes_to_a_file(workspace: Workspace, tmp_path: Path) -> None:
    cxnlp(workspace, "sql", QUERY, "-f", "parquet", "-o", str(tmp_path / "rows.parquet"))
    assert pl.read_parquet(tmp_path / "rows.parquet").columns == ["product", "channel"]


def test_a_spreadsheet_computes_nothing(workspace: Workspace) -> None:
    assert f"'{FORMULA}".replace('"', '""') in cxnlp(workspace, "sql", QUERY, "-f", "csv")
    pivoted = cxnlp(workspace, "sql", "PIVOT feedback ON product USING count(*) GROUP BY channel", "-f", "csv")
    assert "'=HYPERLINK" in pivoted.splitlines()[0]


def test_lists_become_json_in_csv() -> None:
    rows = pl.DataFrame({"a": [[1, 2], None], "b": ["+1", "x"]})
    assert content(rows, Format.csv) == b'a,b\n"[1, 2]",\'+1\n,x\n'


@pytest.mark.parametrize("form", [Format.csv, Format.json])
def test_rows_hold_no_sign_that_a_terminal_obeys(form: Format) -> None:
    written = content(pl.DataFrame({"a\x9bm": ["\x9b31m\u202ered\u200b \u200d\u061cend"]}), form).decode()
    assert [sign for sign in written if not sign.isprintable() and sign not in "\n\u200d"] == []
    assert "31m" in written


def test_a_terminal_obeys_nothing_that_somebody_wrote(workspace: Workspace) -> None:
    for shown in (cxnlp(workspace, "sql", "SELECT text FROM mentions"), cxnlp(workspace, "find", "parcel")):
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_find_finds_by_meaning(workspace: Workspace) -> None:
    found = json.loads(cxnlp(workspace, "find", "felt ignored after a refund", "--json"))
    assert found[0]["quote"] == LETTERS[0].text
    assert found[0]["moments"] == "refund"
    assert "Nobody answered" in cxnlp(workspace, "find", "felt ignored after a refund", "-n", "1")


def test_find_keeps_to_its_limits(workspace: Workspace) -> None:
    found = json.loads(cxnlp(workspace, "find", "cold food", "--channel", "call", "--since", "2026-10-05", "--json"))
    assert [row["quote"] for row in found] == [LETTERS[1].text]
    assert json.loads(cxnlp(workspace, "find", "meal", "--words", "--json")) == []
    assert "Nothing was found" in cxnlp(workspace, "find", "meal", "--words")


def test_meaning_is_a_function_of_sql(workspace: Workspace) -> None:
    query = "SELECT mention_id FROM find_meaning(meaning('nobody replies')) ORDER BY nearness DESC LIMIT 1"
    assert cxnlp(workspace, "sql", query, "-f", "csv") == "mention_id\na.1\n"


@pytest.fixture
def shell(workspace: Workspace) -> Shell:
    return Shell(workspace)


def completed(shell: Shell, text: str) -> list[str]:
    found = shell.completer.get_completions(Document(text), CompleteEvent(completion_requested=True))
    return [completion.text for completion in found]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("FROM moments_", ["moments_all"]),
        ("select * from find_", ["find_meaning", "find_words"]),
        (".des", [".describe"]),
        (".describe sig", [".describe signals"]),
        ("SELEC", ["SELECT"]),
        ("SELECT wilson", ["wilson_high", "wilson_low"]),
        ("FROM moments_all ORDER BY net_s", ["net_sentiment", "net_sentiment_low", "net_sentiment_high"]),
        ("FROM moments_all SELECT moments_all.first", ["first_on"]),
        ("xyzzy", []),
    ],
)
def test_names_are_completed(shell: Shell, text: str, first: list[str]) -> None:
    assert completed(shell, text)[: len(first) or None] == first


def test_questions_are_answered_and_faults_said(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.answer("SELECT count(*) AS n FROM feedback;")
    assert shell.answer("SELECT nothing FROM feedback;")
    assert shell.answer("DELETE FROM feedback;")
    assert shell.answer("")
    said = capsys.readouterr().out
    assert "4" in said
    assert said.count("the query was refused") == 2


def test_commands_help(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    for line, expected in [
        (".views", "One row per moment of truth and week"),
        (".describe signals;", "Different people behind the mentions"),
        (".describe nowhere", "no view or table of the warehouse"),
        (".help", ".describe"),
        (".nonsense", ".describe"),
        (".open", "Open is the newest: cx-2026-11-02-1-0001.duckdb"),
    ]:
        assert shell.answer(line)
        assert expected in capsys.readouterr().out, line
    assert shell.answer(".format csv")
    assert shell.answer("SELECT 1 AS one;")
    assert capsys.readouterr().out == "one\n1\n"
    assert not shell.answer(".quit")


def test_a_newer_night_is_told_and_opened(
    tmp_path: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cxnlp.toml").write_text((workspace.root / "cxnlp.toml").read_text())
    publish(tmp_path, 1, LETTERS[0])
    shell = Shell(open_workspace(tmp_path))
    assert shell.is_newest
    publish(tmp_path, 2, LETTERS[1])
    assert "A newer night was published" in shell.status
    shell.answer(".format csv")
    shell.answer("SELECT count(*) AS n FROM feedback;")
    shell.answer(".open")
    shell.answer("SELECT count(*) AS n FROM feedback;")
    assert capsys.readouterr().out.split("\n")[:-1] == ["n", "1", "Opened cx-2026-11-02-2-0002.duckdb.", "n", "2"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [("FROM moments", False), ("FROM moments;", True), ("FROM moments;  \n", True), (".views", True), ("", True)],
)
def test_enter_ends_a_question_with_its_semicolon(text: str, whole: bool) -> None:
    assert is_whole(text) is whole


def test_questions_over_several_lines_are_remembered(shell: Shell, tmp_path: Path) -> None:
    history = tmp_path / "state" / "sql_history"
    with create_pipe_input() as typed:
        prompt = session(shell, history)
        prompt.app.input, prompt.app.output = typed, DummyOutput()
        typed.send_text("SELECT 1\rAS one;\r")
        assert prompt.prompt("> ", completer=shell.completer, in_thread=True) == "SELECT 1\nAS one;"
    assert "+SELECT 1\n+AS one;" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0


def test_on_a_terminal_the_shell_starts(workspace: Workspace) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cxnlp.cli", "sql", "-w", str(workspace.root)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT) as process:
        os.close(theirs)
        seen = b""
        asked = False
        while True:
            try:
                seen += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if b"\x1b[6n" in seen:  # the prompt asks where the cursor is
                os.write(ours, b"\x1b[1;1R")
                seen = seen.replace(b"\x1b[6n", b"")
            if b"cxnlp>" in seen and not asked:
                asked = True
                os.write(ours, b"SELECT 6 * 7 AS answer;\r.quit\r")
    os.close(ours)
    assert process.returncode == 0, seen
    assert b"42" in seen
    assert workspace.query_history.is_file()


def shown(page: str) -> list[str]:
    """The `cxnlp` lines that a page of docs/ shows."""
    lines = (ROOT / "docs" / page).read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.startswith("    cxnlp ")]


@pytest.mark.parametrize("line", [*shown("search.md"), *shown("tools.md")])
def test_what_the_pages_show_works(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    command, *words = shlex.split(line.partition(" | ")[0])[1:]
    cxnlp(workspace, command, *words)
    assert all(Path(word).is_file() for option, word in pairwise(words) if option == "-o")


def test_the_queries_of_the_page_on_search_run(workspace: Workspace) -> None:
    page = (ROOT / "docs" / "search.md").read_text("utf-8")
    (query,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    assert store.query(workspace.database, query).height == len(LETTERS) - 1
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nprint(found['quote'][0])"], cwd=ROOT, text=True, capture_output=True,
        check=True, env=os.environ | {"CXNLP_WORKSPACE": str(workspace.root)},
    )  # fmt: skip
    assert done.stdout.strip() == LETTERS[0].text
