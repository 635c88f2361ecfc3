"""Sheets as spreadsheet programs write them: workbooks, and CSV in their encodings and with their separators."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from markdown_it import MarkdownIt

from cxnlp.backlog import sheet, sheet_reading
from cxnlp.backlog.markdown import escaped, markdown
from cxnlp.backlog.sheet_columns import COLUMNS, EDITABLE, SheetError
from cxnlp.channels import files
from tests.backlog.test_sheet_import import ITEMS, stands

HOSTILE = '=HYPERLINK("http://example.org","x") <b>@larkfield</b> [a](http://example.org) *now* #12 | `x`'

WORTH: dict[str, Any] = {
    "label_name": "Delivery and collection", "stage_name": "Acquisition", "sentence": "Customers report <b> vans.",
    "n_customers_corrected": 14, "n_customers_corrected_low": 11, "n_customers_corrected_high": 17,
    "net_sentiment_low": -0.5, "net_sentiment_high": -0.3, "missing": "Trust", "service_effect_low": 3.36,
    "service_effect_high": 4.84, "revenue_at_risk_low": 828.74, "revenue_at_risk_high": 4166.9,
    "quote_5": "Late again.",
}  # fmt: skip


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    sheet.write(tmp_path / "team.xlsx", [*ITEMS, stands("cx-4", title=HOSTILE, quote_1=HOSTILE)], {"cx-2": ["-5 %"]})
    return tmp_path / "team.xlsx"


def cells(path: Path) -> Any:
    return openpyxl.load_workbook(path)["Backlog"]


def test_a_workbook_has_numbers_days_and_texts_that_are_what_they_are(workbook: Path) -> None:
    place = {column.name: number for number, column in enumerate(COLUMNS)}
    rows = list(cells(workbook).iter_rows(min_row=2))
    second, last = rows[1], rows[3]
    assert second[place["due_on"]].value == datetime(2026, 11, 30)
    assert second[place["priority"]].value == 57.7
    assert second[place["note"]].value == "'-5 %"
    assert [cell.data_type for cell in last if str(cell.value).startswith("'=")] == ["s", "s"]
    assert not [cell for row in rows for cell in row if cell.data_type == "f"]


def test_a_workbook_helps_to_fill_it_in(workbook: Path) -> None:
    found = cells(workbook)
    assert (found.freeze_panes, found.auto_filter.ref) == ("C2", "A1:AO5")
    states, days = found.data_validations.dataValidation
    assert states.formula1 == '"new,accepted,in progress,shipped,closed,declined,snoozed"'
    assert (str(states.sqref), str(days.sqref), days.type) == ("D2:D5", "F2:F5 G2:G5 H2:H5", "date")
    assert found.column_dimensions["AO"].hidden
    fills = {cell.column: cell.fill.fgColor.rgb for cell in found[2]}
    yellow = {number for number, column in enumerate(COLUMNS, 1) if column.name in EDITABLE}
    assert {number for number, colour in fills.items() if colour.endswith("FFFBE6")} == yellow


def test_a_workbook_that_was_sorted_and_saved_by_another_program_is_read(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    found = book["Backlog"]
    found.title = "Sheet1"
    found.move_range("A2:AO2", rows=5)
    found.insert_rows(1)
    found["A1"] = "Our plan"
    found.insert_cols(2)
    found["B2"] = "Team's own column"
    book.save(workbook)
    rows = sheet_reading.read(workbook).rows
    assert [(row.number, row.text("item_id")) for row in rows] == [(4, "cx-2"), (5, "cx-3"), (6, "cx-4"), (8, "cx-1")]
    assert rows[0].text("note") == "-5 %"
    assert sheet_reading.day_of(rows[0].cells["due_on"], None) == date(2026, 11, 30)


def test_numbers_that_people_type_keep_their_digits(workbook: Path) -> None:
    """A ticket's number, a day written without dashes, half a day: Excel takes them for numbers."""
    book = openpyxl.load_workbook(workbook)
    for row, number in enumerate((4471123, 20261102, 12345678.5, 3), 2):
        book["Backlog"].cell(row, 9, number)
    book.save(workbook)
    notes = [row.text("note") for row in sheet_reading.read(workbook).rows]
    assert notes == ["4471123", "20261102", "12345678.5", "3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "mac_roman"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_as_programs_save_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = delimiter.join(["Item", "Owner", "Note"]) + "\r\n"
    text += delimiter.join(["cx-1", "Zoé Müller", '"the driver\u2019s café; a, b"']) + "\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    (row,) = sheet_reading.read(tmp_path / "a.csv").rows
    assert (row.text("owner"), row.text("note")) == ("Zoé Müller", "the driver\u2019s café; a, b")


def test_excels_own_hint_of_the_separator_is_no_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\r\nItem;State\r\ncx-1;new\r\n", "utf-8")
    (row,) = sheet_reading.read(tmp_path / "a.csv").rows
    assert (row.number, row.text("state")) == (3, "new")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"Name,State\r\ncx-1,new\r\n", 'found no column "Item"'),
        ("a.csv", b"Item,State,State\r\ncx-1,new,new\r\n", 'row 1: found the column "State" twice'),
        ("a.csv", b'Item,State\r\ncx-1,"' + b"x" * 200_000, "a quotation mark may be open"),
        ("a.csv", b"", 'found no column "Item"'),
        ("a.xlsx", b"no workbook", "it is not a whole archive"),
        ("a.pdf", b"%PDF", "found the ending '.pdf'; allowed: .xlsx or .csv"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SheetError) as refused:
        sheet_reading.read(tmp_path / name)
    assert str(refused.value).startswith(name)
    assert words in str(refused.value)


def test_a_sheet_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="not found"):
        sheet_reading.read(tmp_path / "away.xlsx")


def test_a_bomb_is_not_unpacked(workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell in the last corner stands for a table of 17 thousand million cells; a part may unpack to gigabytes."""
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 2_000_000)
    far, bomb = tmp_path / "far.xlsx", tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(workbook) as whole, zipfile.ZipFile(far, "w") as changed:
        for part in whole.namelist():
            changed.writestr(part, whole.read(part).replace(b'r="AO5"', b'r="XFD1048576"'))
    with zipfile.ZipFile(workbook) as whole, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in whole.namelist():
            changed.writestr(part, whole.read(part))
        changed.writestr("xl/media/x.bin", bytes(3_000_000))
    with pytest.raises(SheetError, match="used area of 17,179,869,184 cells"):
        sheet_reading.read(far)
    with pytest.raises(SheetError, match="unpacks to"):
        sheet_reading.read(bomb)


def test_of_two_sheets_the_one_with_the_exports_name_counts(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    before = book.copy_worksheet(book["Backlog"])
    before.title, before["E2"] = "Last week", "Kim"
    book.move_sheet(before, -2)
    book.save(workbook)
    table = sheet_reading.read(workbook)
    assert (table.place, table.rows[0].text("owner")) == ("team.xlsx, sheet 'Backlog'", None)


def test_a_formula_in_a_cell_is_not_computed(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["Backlog"]["E2"] = '=WEBSERVICE("http://example.org")'
    book.save(workbook)
    assert sheet_reading.read(workbook).rows[0].text("owner") is None  # it has no value until a program computes it


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*now* _here_ `x`", "*now* _here_ `x`"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("[a](http://example.org)", "[a](http://example.org)"),
        ("![a](http://example.org/a.png)", "![a](http://example.org/a.png)"),
        ("# big\n\n- list", "# big - list"),
        ("| a | b |", "| a | b |"),
        ("1. one", "1. one"),
        ("- item", "- item"),
        ("a &amp; b \\", "a &amp;amp; b \\"),
        ("see http://example.org, www.example.org", "see http://example.org, www.example.org"),
    ],
)
def test_markdown_shows_what_customers_wrote_and_does_nothing(text: str, html: str) -> None:
    assert MarkdownIt("commonmark").enable("table").render(escaped(text)) == f"<p>{html}</p>\n"


def test_markdown_links_nowhere_and_stays_readable() -> None:
    assert escaped("So, http://example.org or www.example.org (twice)!") == (
        "So, http\\://example.org or www\\.example.org (twice)!"
    )


def test_markdown_calls_nobody() -> None:
    shown = MarkdownIt().render(escaped("ask @larkfield about #12 and !3"))
    assert "@larkfield" not in shown
    assert "#12" not in shown
    assert shown.replace("\u2060", "") == "<p>ask @larkfield about #12 and !3</p>\n"


def test_markdown_is_a_section_an_item() -> None:
    whole = stands("cx-4", title="Bad: <i>x</i>", state="in_progress", assigned_to="Jo", **WORTH)
    text = markdown([whole, ITEMS[0]], "EUR")
    html = MarkdownIt().render(text)
    assert html.count("<h2>") == 2
    assert "<h2>Bad: &lt;i&gt;x&lt;/i&gt;</h2>\n<p>Customers report <b>".replace("<b>", "&lt;b&gt;") in html
    assert "\n- Revenue at risk a year: EUR 830 to 4,200\n" in text
    assert "<li>State: in progress since 2026-10-26</li>" in html
    assert "<blockquote>\n<p>It came a week late.</p>" in html


def test_a_sheet_says_whether_the_fix_helped(tmp_path: Path) -> None:
    fix = {
        "state": "verified", "shipped_on": date(2026, 9, 7), "shipped_where": "location=Hull", "verdict": "verified",
        "verdict_note": "reported less", "verdict_on": date(2026, 10, 1), "effect": 0.481, "effect_low": 0.32,
        "effect_high": 0.7,
    }  # fmt: skip
    rows = [stands("cx-1", **fix), stands("cx-2", n_customers=3, **fix)]
    for name in ("a.xlsx", "a.md"):
        sheet.write(tmp_path / name, rows, {}, least_group=5)
    place = {column.name: number for number, column in enumerate(COLUMNS)}
    told, few = ([cell.value for cell in row] for row in cells(tmp_path / "a.xlsx").iter_rows(min_row=2))
    shown = [place[name] for name in ("shipped_where", "helped", "effect", "effect_low", "effect_high")]
    assert [told[n] for n in shown] == ["location=Hull", "it worked: reported less", 0.481, 0.32, 0.7]
    assert [few[n] for n in shown] == ["location=Hull", "it worked: reported less", None, None, None]
    text = (tmp_path / "a.md").read_text("utf-8")
    measured = "0.48 times as often as without it; 0.32 to 0.70"
    assert (text.count("- The fix: it worked: reported less"), text.count(measured)) == (2, 1)


def test_a_sheet_says_what_an_item_is_how_many_and_what_it_is_worth(tmp_path: Path) -> None:
    sheet.write(tmp_path / "a.xlsx", [stands("cx-1", **WORTH)], {}, currency="EUR")
    headers, told = cells(tmp_path / "a.xlsx").iter_rows(values_only=True)
    row = dict(zip(headers, told, strict=True))
    assert (row["What customers report"], row["In their words"]) == ("Parcels late cx-1", WORTH["sentence"])
    assert (row["Moment or label"], row["Stage"]) == ("Delivery and collection", "Acquisition")
    assert row["Customers, corrected for the model's errors"] == "14 (11 to 17)"
    assert [row[f"Net sentiment{which}"] for which in (" (-1 to 1)", ": at least", ": at most")] == [-0.4, -0.5, -0.3]
    assert (row["What is missing"], row["Points of net sentiment to gain"]) == ("Trust", "3.4 to 4.8")
    assert (row["Revenue at risk a year"], row["Cost of its contacts a year"]) == ("EUR 830 to 4,200", None)
    assert row["Quote 5"] == "Late again."


def test_small_groups_have_no_numbers_and_no_words(tmp_path: Path) -> None:
    few = [stands("cx-1", n_customers=3, quote_1="It was Ada.", **WORTH | {"title": "Staff are rude: the tall one"})]
    for name in ("a.csv", "a.xlsx", "a.md"):
        sheet.write(tmp_path / name, few, {}, least_group=5)
    shown = (tmp_path / "a.csv").read_text("utf-8-sig") + (tmp_path / "a.md").read_text("utf-8")
    shown += str([cell.value for row in cells(tmp_path / "a.xlsx").iter_rows() for cell in row])
    assert "<5" in shown
    hidden = ("tall", "Ada", "0.44", "vans", "Late again", "14 (", "-0.5", "Trust", "3.4", "830")
    assert not [words for words in hidden if words in shown]


def test_an_export_is_a_workbook_that_excel_takes(workbook: Path) -> None:
    """Each part is well-formed, and the text cells hold no control signs."""
    with zipfile.ZipFile(workbook) as whole:
        assert whole.testzip() is None
        assert "xl/worksheets/sheet1.xml" in whole.namelist()
    assert openpyxl.load_workbook(io.BytesIO(workbook.read_bytes())).sheetnames == ["Backlog", "How to"]
