"""Sheets go out and come back: real files, as a spreadsheet would leave them."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook

from cxnlp.settings import Workspace
from cxnlp.teaching import journal, sheet_reading, sheets
from cxnlp.teaching.answers import reviews
from cxnlp.teaching.items import Item, Said, Word, plain
from cxnlp.teaching.sheet_reading import Taken
from tests.teaching.reviewed import ANN, BEN, LABELS, given, item

WORDS = tuple(Word(code=code, name=code.split(":")[1].title(), meaning="What it covers.") for code in LABELS)
ITEMS = [
    item("f1.2", "It never came."),
    item("f2.1", '=HYPERLINK("http://example.org","win")', said={}),
    item("f3.1", "+49 30 1234 is no number for Fred\x1b[2J", said={}),
]
Cells = Mapping[int, Mapping[str, Any]]


def edit_xlsx(path: Path, cells: Cells) -> None:
    """Type into the cells of some rows, as openpyxl's users do, and save."""
    book = load_workbook(path)
    sheet = book["review"]
    header = [cell.value for cell in sheet[1]]
    for row, values in cells.items():
        for name, value in values.items():
            sheet.cell(row, header.index(name) + 1).value = value
    book.save(path)


def edit_csv(path: Path, cells: Cells, delimiter: str = ",", encoding: str = "utf-8-sig") -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    for row, values in cells.items():
        for name, value in values.items():
            rows[row - 1][rows[0].index(name)] = str(value)
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


@pytest.fixture
def sheet(workspace: Workspace) -> Callable[..., Path]:
    """A way to get a filled-in sheet that asks about `ITEMS`: rows 2 to 4."""

    def make(cells: Cells, ending: str = ".xlsx", **options: Any) -> Path:
        path = workspace.root / f"review{ending}"
        path.unlink(missing_ok=True)
        journal.add_asked(workspace, ITEMS)
        sheets.write(path, ITEMS, WORDS)
        (edit_xlsx if ending == ".xlsx" else edit_csv)(path, cells, **options)
        return path

    return make


def take_back(workspace: Workspace, path: Path, reviewer: str = ANN) -> Taken:
    rows, n_blank = sheet_reading.read(path, journal.asked(workspace))
    return sheet_reading.take_over(workspace, rows, reviewer, n_blank)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param({"sentiment": -2, "moment": "staff", "unmeasurable": "trust-"}, {"-2", "staff", "trust-"},
                     id="chosen from the lists"),
        pytest.param({"sentiment": "0"}, {"0"}, id="a sentiment alone: none of the labels"),
        pytest.param({"sentiment": 1.0}, {"1"}, id="a number as Excel keeps it"),
        pytest.param({"sentiment": "+1"}, {"1"}, id="with a plus"),
        pytest.param({"sentiment": "−2"}, {"-2"}, id="with a typographic minus"),
        pytest.param({"as it says": "x"}, {"-1", "delivery"}, id="as it says: without what was unsure"),
        pytest.param({"as it says": "X "}, {"-1", "delivery"}, id="as it says, carelessly"),
        pytest.param({"sentiment": 0, "moment": "staff, delivery"}, {"0", "staff", "delivery"}, id="two in a cell"),
        pytest.param({"sentiment": 0, "moment": "Staff", "moment 3": "staff"}, {"0", "staff"}, id="capital, and twice"),
        pytest.param({"sentiment": 0, "moment": "-"}, {"0"}, id="a dash is nothing"),
        pytest.param({"sentiment": 0, "unmeasurable 2": "trust–"}, {"0", "trust-"}, id="a label's typographic minus"),
        pytest.param({"mark": "parking"}, {"parking"}, id="a mark alone"),
        pytest.param({"mark": "parking", "as it says": "x"}, {"parking", "-1", "delivery"}, id="a mark and an answer"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_filled_in_row(
    workspace: Workspace, sheet: Callable[..., Path], ending: str, cells: Mapping[str, Any], expected: set[str]
) -> None:
    taken = take_back(workspace, sheet({2: cells}, ending))
    assert given(workspace) == {"f1.2": expected}
    assert taken.n_blank == 2


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"sentiment": 3}, r"row 2: column `sentiment`: found '3'; allowed: -2, -1, 0, 1, 2\. Choose one\."),
        ({"sentiment": 0.5}, r"row 2: column `sentiment`: found '0\.5'; allowed"),
        ({"moment": "delivery"}, r"row 2: column `sentiment`: found nothing, but labels beside it; allowed"),
        ({"sentiment": 0, "moment": "delivry"}, r"row 2: column `moment`: found 'delivry'; allowed: delivery, staff\."),
        ({"sentiment": 0, "signal 2": "staff"}, r"row 2: column `signal 2`: found 'staff'; allowed: churn\."),
        ({"sentiment": 0, "unmeasurable": "trust"}, r"`unmeasurable`: found 'trust'; allowed: trust\+, trust-\."),
        ({"as it says": "x", "sentiment": 1}, r"row 2: column `as it says`: found an x beside other answers; allowed"),
        ({"as it says": "no"}, r"row 2: column `as it says`: found 'no'; allowed: x, or nothing\."),
        ({"mark": "Car park!"}, r"row 2: column `mark`: found a text of 9 characters; allowed"),
        ({"item": "f9.9-00000000", "sentiment": 0}, r"row 2: column `item`: found what no sheet of this workspace has"),
        ({"item": "", "sentiment": 0}, r"row 2: column `item`"),
        ({"sentiment": 0, "moment": "Mr Brook of 12 Elm Street shouted"}, r"`moment`: found a text of 33 char"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_wrong_row_is_named_and_nothing_is_taken_over(
    workspace: Workspace, sheet: Callable[..., Path], ending: str, cells: Mapping[str, Any], message: str
) -> None:
    path = sheet({2: cells, 3: {"sentiment": 0}}, ending)
    with pytest.raises(journal.ReviewError, match=message) as caught:
        take_back(workspace, path)
    assert "Brook" not in str(caught.value)
    assert reviews(workspace).is_empty()


def test_every_wrong_row_is_named(workspace: Workspace, sheet: Callable[..., Path]) -> None:
    path = sheet({2: {"sentiment": 9}, 4: {"sentiment": "good"}})
    with pytest.raises(journal.ReviewError, match=r"nothing was taken over\. row 2: .*\nrow 4: column `sentiment`"):
        take_back(workspace, path)


def test_the_same_file_twice_changes_nothing(workspace: Workspace, sheet: Callable[..., Path]) -> None:
    path = sheet({2: {"sentiment": -2, "moment": "staff", "mark": "parking"}, 3: {"sentiment": 0}})
    assert take_back(workspace, path) == Taken(n_answers=2, n_marks=1, n_unchanged=0, n_blank=1)
    before = (journal.folder(workspace) / journal.ANSWERS).read_bytes()
    assert take_back(workspace, path) == Taken(n_answers=0, n_marks=0, n_unchanged=2, n_blank=1)
    assert (journal.folder(workspace) / journal.ANSWERS).read_bytes() == before


def test_a_changed_sheet_changes_the_answer_of_that_person_alone(
    workspace: Workspace, sheet: Callable[..., Path]
) -> None:
    path = sheet({2: {"sentiment": -2, "moment": "staff"}})
    take_back(workspace, path, ANN)
    take_back(workspace, path, BEN)
    for moment in ("delivery", "staff", "delivery"):
        edit_xlsx(path, {2: {"moment": moment}})
        take_back(workspace, path, BEN)
    rows = reviews(workspace).filter((pl.col("decision") == "yes") & (pl.col("family") == "moment"))
    assert set(rows.select("reviewer", "label").iter_rows()) == {(ANN, "staff"), (BEN, "delivery")}


def test_rows_may_be_sorted_removed_and_joined_by_notes(workspace: Workspace, sheet: Callable[..., Path]) -> None:
    path = sheet({4: {"sentiment": 1}})
    book = load_workbook(path)
    book["review"].delete_rows(2, 2)
    book["review"].insert_cols(2)
    book["review"].cell(1, 2).value = "my notes"
    book["review"].cell(2, 2).value = "=1+1"
    book.save(path)
    assert take_back(workspace, path) == Taken(1, 0, 0, 0)
    assert given(workspace) == {"f3.1": {"1"}}


def test_the_same_mention_in_two_rows(workspace: Workspace, sheet: Callable[..., Path]) -> None:
    path = sheet({2: {"sentiment": 1}, 3: {"item": ITEMS[0].key, "sentiment": -1}})
    with pytest.raises(journal.ReviewError, match="row 3: found this mention a second time, filled in otherwise"):
        take_back(workspace, path)


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "cp1252"), ("\t", "utf-8")])
def test_csv_as_other_programs_save_it(
    workspace: Workspace, sheet: Callable[..., Path], delimiter: str, encoding: str
) -> None:
    take_back(workspace, sheet({2: {"sentiment": "-1"}}, ".csv", delimiter=delimiter, encoding=encoding))
    assert given(workspace) == {"f1.2": {"-1"}}


def test_text_stays_text(workspace: Workspace, sheet: Callable[..., Path]) -> None:
    path = sheet({})
    cells = load_workbook(path)["review"]
    mention = [cell.value for cell in cells[1]].index("mention") + 1
    assert cells.cell(3, mention).value == '=HYPERLINK("http://example.org","win")'
    assert {cell.data_type for row in cells.iter_rows() for cell in row} == {"s", "n"}  # n: empty; f would be a formula
    assert cells.cell(3, mention).quotePrefix
    assert "\x1b" not in cells.cell(4, mention).value
    text = sheet({}, ".csv").read_text("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'+49 30" in text


def test_cells_offer_what_they_may_hold(workspace: Workspace, sheet: Callable[..., Path]) -> None:
    book = load_workbook(sheet({}))
    header = {cell.value: cell.column_letter for cell in book["review"][1]}
    offered = {}
    for rule in book["review"].data_validations.dataValidation:
        assert rule.type == "list"
        assert rule.showErrorMessage
        where = rule.formula1
        if "!" in where:
            name, cells = where.split("!")
            where = [cell.value for (cell,) in book[name][cells.replace("$", "")]]
        offered[str(rule.sqref)] = where
    assert offered[f"{header['moment']}2:{header['moment']}4"] == ["delivery", "staff"]
    assert offered[f"{header['unmeasurable 3']}2:{header['unmeasurable 3']}4"] == ["trust+", "trust-"]
    assert offered[f"{header['sentiment']}2:{header['sentiment']}4"] == '"-2,-1,0,1,2"'
    explained = {row[1].value: row[3].value for row in book["labels"].iter_rows(min_row=2)}
    assert explained["trust-"] == "What it covers."
    assert explained["-2"].startswith("strong: anger")


def test_what_it_says_and_blind(workspace: Workspace) -> None:
    assert sheets.in_words(ITEMS[0]) == "-1; delivery 70%; churn? 30%"
    path = workspace.root / "blind.csv"
    sheets.write(path, ITEMS, WORDS, is_blind=True)
    assert "70%" not in path.read_text("utf-8-sig")


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_as_it_says_means_what_that_sheet_says(workspace: Workspace, sheet: Callable[..., Path], ending: str) -> None:
    """A later night says something else of the mention and knows one more label; a second sheet asked about it."""
    first = sheet({2: {"as it says": "x"}}, ending)
    said = {"moment:staff": Said(probability=0.9, decision="yes"), "sentiment:1": Said(probability=0.9, decision="yes")}
    later = item("f1.2", "It never came.", run_id="2026-11-03-1", said=said, labels=(*LABELS, "signal:crisis"))
    journal.add_asked(workspace, [later])
    take_back(workspace, first)
    (line,) = journal.answers(workspace)
    assert (line.sentiment, line.yes, line.item) == ("-1", ("moment:delivery",), ITEMS[0])


def test_who_did_not_see_what_it_says_cannot_agree_with_it(workspace: Workspace) -> None:
    path = workspace.root / "blind.csv"
    journal.add_asked(workspace, ITEMS)
    sheets.write(path, ITEMS, WORDS, is_blind=True)
    edit_csv(path, {2: {"as it says": "x"}})
    with pytest.raises(journal.ReviewError, match="row 2: column `as it says`: found an x in a row that does not show"):
        take_back(workspace, path)
    edit_csv(path, {2: {"as it says": "", "sentiment": "-1"}})
    take_back(workspace, path)
    assert [(line.sentiment, line.is_blind) for line in journal.answers(workspace)] == [("-1", True)]


def test_a_sheet_is_never_overwritten(workspace: Workspace, sheet: Callable[..., Path]) -> None:
    path = sheet({2: {"sentiment": 1}})
    before = path.read_bytes()
    with pytest.raises(journal.SheetError, match="is there already and may hold answers"):
        sheets.write(path, ITEMS, WORDS)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gone.xlsx", None, "not found"),
        ("review.docx", b"", r"found the ending '\.docx'; allowed: \.xlsx, \.ods or \.csv"),
        ("review.xlsx", b"no workbook", "cannot be read as xlsx"),
        ("review.csv", b"", "found no column 'item'"),
        ("review.csv", b"item,sentiment\r\n", "found no column 'as it says'"),
    ],
)
def test_a_file_that_is_no_sheet(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(journal.ReviewError, match=message):
        sheet_reading.read(tmp_path / name, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words, ümlauts 👩‍🔧", "plain words, ümlauts 👩‍🔧"),
        ("\x1b[2J\x07", "�[2J�"),
        ("abc\u202edef", "abc�def"),
        ("a\tb\r\nc", "a b \nc"),
    ],
)
def test_nothing_that_a_terminal_obeys(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_keys_follow_the_words() -> None:
    first: Item = item("f1.2", "It never came.")
    assert first.key == item("f1.2", "It never came.", run_id="2026-11-09-1").key
    assert first.key != item("f1.2", "It came.").key
