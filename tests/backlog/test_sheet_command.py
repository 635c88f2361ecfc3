"""`cxnlp backlog export` and `import`, end to end, as docs/spreadsheets.md shows them."""

import json
import re
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from cxnlp.backlog import moves
from cxnlp.cli import app
from cxnlp.errors import CxnlpError
from cxnlp.settings import Workspace, open_workspace
from cxnlp.warehouse import store
from tests.backlog.workspaces import office

PAGE = (Path(__file__).parents[2] / "docs" / "spreadsheets.md").read_text("utf-8")


@pytest.fixture
def place(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of its own, and the folder that commands run in."""
    shutil.copytree(office(tmp_path_factory), tmp_path / "workspace", symlinks=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXNLP_WORKSPACE", str(tmp_path / "workspace"))
    return open_workspace(tmp_path / "workspace")


def ask(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["backlog", *words])
    if isinstance(result.exception, CxnlpError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def fill_in(path: Path, item_id: str, **cells: Any) -> None:
    """Edit a workbook as a person does."""
    book = openpyxl.load_workbook(path)
    sheet = book["Backlog"]
    headers = [cell.value for cell in sheet[1]]
    (row,) = [row for row in sheet.iter_rows(min_row=2) if row[0].value == item_id]
    for name, value in cells.items():
        row[headers.index(name.replace("_", " "))].value = value
    book.save(path)


def items(place: Workspace) -> dict[str, dict[str, Any]]:
    with store.open_published(place.database) as connection:
        return {row["item_id"]: row for row in connection.execute("FROM backlog").pl().to_dicts()}


def test_the_pages_commands_bring_edits_into_the_backlog(place: Workspace, tmp_path: Path) -> None:
    export, dry, real = re.findall(r"^cxnlp backlog (.*)$", PAGE, re.MULTILINE)
    assert ask(*export.split()).startswith("2 item(s) in team.xlsx.")
    fill_in(tmp_path / "team.xlsx", "cx-0000000001", State="shipped", Shipped_on=datetime(2026, 10, 30), Note="Vans")
    fill_in(tmp_path / "team.xlsx", "cx-0000000002", Owner="Jo")
    before = items(place)
    assert "2 move(s) would be made" in ask(*dry.split())
    assert items(place) == before
    assert "cx-0000000001  ship (on 2026-10-30, note Vans)" in ask(*real.split())
    after = items(place)
    assert (after["cx-0000000001"]["state"], after["cx-0000000001"]["shipped_on"]) == ("shipped", date(2026, 10, 30))
    assert (after["cx-0000000002"]["assigned_to"], after["cx-0000000002"]["due_on"]) == ("Jo", date(2026, 11, 30))
    assert [(move.move, move.by) for move in moves.read(place)] == [("ship", "spreadsheet"), ("assign", "spreadsheet")]
    assert "0 move(s) made, 2 row(s) say nothing new." in ask(*real.split())


def test_a_conflict_is_shown_and_left_alone(place: Workspace, tmp_path: Path) -> None:
    ask("export", "team.csv")
    text = (tmp_path / "team.csv").read_text("utf-8-sig")
    (tmp_path / "team.csv").write_text(text.replace('"Mira"', '"Jo"', 1), "utf-8")
    ask("assign", "cx-0000000002", "--owner", "Kim")
    said = ask("import", "team.csv", code=1)
    assert "row 3, cx-0000000002, Owner: was Mira, the sheet says Jo, the backlog says Kim" in said
    assert items(place)["cx-0000000002"]["assigned_to"] == "Kim"
    found = json.loads(ask("import", "team.csv", "--dry-run", "--json", code=1))
    assert (found["moves"], len(found["conflicts"]), found["dry_run"]) == ([], 1, True)
    assert "0 move(s) made" in ask("import", "team.csv", "--ours")
    (move,) = json.loads(ask("import", "team.csv", "--theirs", "--dry-run", "--json"))["moves"]
    assert (move["move"], move["owner"]) == ("assign", "Jo")
    with pytest.raises(CxnlpError, match="Allowed: one of them"):
        ask("import", "team.csv", "--theirs", "--ours")


def test_a_wrong_row_leaves_everything_as_it_was(place: Workspace, tmp_path: Path) -> None:
    ask("export", "team.xlsx")
    fill_in(tmp_path / "team.xlsx", "cx-0000000001", State="accepted")
    fill_in(tmp_path / "team.xlsx", "cx-0000000002", State="finished")
    with pytest.raises(CxnlpError) as refused:
        ask("import", "team.xlsx")
    assert str(refused.value).startswith("team.xlsx, sheet 'Backlog': nothing was taken over. row 3: column \"State\"")
    assert (items(place)["cx-0000000001"]["state"], moves.read(place)) == ("new", [])


def test_all_items_and_notes_of_others_are_exported(place: Workspace, tmp_path: Path) -> None:
    ask("note", "cx-0000000003", "--note", "Says Ada Smith: next year")
    assert json.loads(ask("export", "all.csv", "--all", "--json")) == {"file": "all.csv", "n_items": 3}
    text = (tmp_path / "all.csv").read_text("utf-8-sig")
    assert "next year" in text
    assert "Ada" not in text
    assert "0 move(s) made, 3 row(s) say nothing new." in ask("import", "all.csv")
