"""Tables as CRM systems export them: encodings, delimiters, titles, columns given and guessed, rows that are wrong."""

import io
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cxnlp.channels import columns_of
from cxnlp.channels import tables as table_module
from tests.channels.conftest import rows, source
from tests.channels.made import archive, ods, ods_row, xlsx

One = Callable[..., dict[str, Any]]

NOTE = "Cust rang twice about the sofa and nobody called back"


def csv_of(*lines: str) -> str:
    return "\r\n".join(lines) + "\r\n"


def test_a_crm_export_by_names_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        csv_of(
            "Case Number,Created Date,Contact Name,Account No,Store,Product,Agent,Case Notes,CSAT",
            f'50003,07/09/2026 09:12,Margaret E,00418273,Saltwell,Sofa,Tom Beddows,"{NOTE}, he said ""tomorrow""",4',
            f"50004,08/12/2026,Roy F,00418274,—,-,Priya Nair,{NOTE},★★☆☆☆",
        )
    )
    first, second = rows(tmp_path, "table")
    assert first["text"] == f'{NOTE}, he said "tomorrow"'
    assert f"{first['occurred_at']:%Y-%m-%d %H:%M}" == "2026-09-07 08:12"
    assert [
        first[name]
        for name in ("external_id", "author", "customer", "location", "product", "employee", "rating", "row")
    ] == ["50003", "Margaret E", "00418273", "Saltwell", "Sofa", "Tom Beddows", 4.0, 2]
    assert f"{second['occurred_at']:%Y-%m-%d %H:%M}" == "2026-12-08 12:00"
    assert [second[name] for name in ("location", "product", "rating", "row")] == [None, None, 2.0, 3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    lines = [
        ["id", "date", "notes"],
        ["1", "2026-09-07", "She paid £4.99 – “naïve”, she says; twice"],
        ["2", "2026-09-08", "Okay now"],
    ]
    text = csv_of(*[delimiter.join(f'"{cell}"' for cell in line) for line in lines])
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert [row["text"] for row in rows(tmp_path, "table")] == [lines[1][2], "Okay now"]


def test_excels_own_hint_at_the_delimiter(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_of("sep=;", "id;date;notes", "7;2026-09-07;Sofa, late, broken, again"))
    (row,) = rows(tmp_path, "table")
    assert (row["external_id"], row["text"], row["row"]) == ("7", "Sofa, late, broken, again", 3)


def test_a_note_of_several_lines_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_of("id,date,notes", '1,2026-09-07,"- sofa\r\n- late"', "2,2026-09-08,fine now"))
    assert [(row["row"], row["text"]) for row in rows(tmp_path, "table")] == [(2, "- sofa\n- late"), (3, "fine now")]


def test_a_sheet_below_a_title_and_the_sheets_that_are_no_feedback(tmp_path: Path) -> None:
    log = [
        ["Larkfield: complaints log", None, None],
        [],
        ["Ref", "Date", "What the customer told us"],
        ["CL-1", date(2026, 9, 7), NOTE],
        ["CL-2", datetime(2026, 9, 7, 10, 30), NOTE],
        [None, None, None],
        ["CL-3", 46272.5, NOTE],
    ]
    (tmp_path / "a.xlsx").write_bytes(xlsx(Complaints=log, Codes=[["Code", "Meaning"], ["DEL", "Delivery"]]))
    found = rows(tmp_path, "table")
    assert [(row["external_id"], row["row"], f"{row['occurred_at']:%d %H:%M}") for row in found] == [
        ("CL-1", 4, "07 12:00"),
        ("CL-2", 5, "07 09:30"),
        ("CL-3", 7, "07 11:00"),
    ]


def test_one_sheet_a_month_and_the_sheet_that_the_settings_name(tmp_path: Path) -> None:
    months = {
        name: [["date", "notes"], [date(2026, number, 7), f"{NOTE} in {name}"]]
        for number, name in ((9, "Sep"), (10, "Oct"))
    }
    (tmp_path / "a.xlsx").write_bytes(xlsx(**months))
    assert [row["text"][-3:] for row in rows(tmp_path, "table")] == ["Sep", "Oct"]
    assert [row["text"][-3:] for row in rows(tmp_path, "table", sheet="Oct")] == ["Oct"]
    (row,) = rows(tmp_path, "table", sheet="Nov")
    assert "Has no sheet 'Nov'. Its sheets are ['Sep', 'Oct']." in row["problem"]


def test_columns_by_content_where_names_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_of("c1,c2,c3", f"x,07/09/2026,{NOTE}", f"y,08/09/2026,{NOTE}"))
    (table,) = columns_of(source("table"), tmp_path)
    assert table.headers == {"occurred_at": "c2", "text": "c3"}
    assert set(table.how.values()) == {"content"}
    assert table.words() == "occurred_at from 'c2' (by its content), text from 'c3' (by its content)"


def test_columns_from_the_settings_come_first(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_of("id,date,notes,What She Said", f"1,2026-09-07,internal,{NOTE}"))
    (row,) = rows(tmp_path, "table", columns={"text": "what she said"})
    assert row["text"] == NOTE
    (wrong,) = rows(tmp_path, "table", columns={"text": "Verbatim"})
    assert wrong["problem"] == (
        "Has no column 'Verbatim', which cxnlp.toml names for `text`. Its columns are 'id', 'date', 'notes', "
        "'What She Said'. "
        "Set columns.text of source 'table' to one of these."
    )


def test_date_and_time_of_day_in_two_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_of("Call Date,Call Time,Notes", f"07/09/2026,14:05,{NOTE}"))
    (tmp_path / "b.xlsx").write_bytes(
        xlsx(A=[["Call Date", "Call Time", "Notes"], [date(2026, 9, 7), time(14, 5), NOTE]])
    )
    assert {f"{row['occurred_at']:%Y-%m-%d %H:%M}" for row in rows(tmp_path, "table")} == {"2026-09-07 13:05"}


def test_an_id_that_several_notes_share_is_not_taken(tmp_path: Path) -> None:
    lines = [f"C1,2026-09-0{day},{NOTE} {day}" for day in range(1, 6)]
    (tmp_path / "a.csv").write_text(csv_of("Case,Date,Notes", *lines))
    found = rows(tmp_path, "table")
    assert len({row["external_id"] for row in found}) == 5


def test_ids_from_content_stay_when_rows_are_added(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_of("date,notes", f"2026-09-07,{NOTE}", "2026-09-08,fine and well now"))
    before = {row["text"]: row["external_id"] for row in rows(tmp_path, "table")}
    (tmp_path / "a.csv").write_text(
        csv_of("date,notes", "2026-09-06,an older note here", f"2026-09-07,{NOTE}", "2026-09-08,fine and well now")
    )
    after = {row["text"]: row["external_id"] for row in rows(tmp_path, "table")}
    assert before.items() <= after.items()
    assert len(set(after.values())) == 3


def test_rows_that_are_wrong_say_so_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        csv_of(
            "id,date,agent,notes,score",
            f"1,2026-09-07,Tom,{NOTE},4",
            "2,2026-09-08",
            f"3,31/02/2026,Tom,{NOTE},4",
            f"4,secret words,Tom,{NOTE},4",
            f"5,,Tom,{NOTE},4",
            "6,2026-09-09,Tom,,4",
            f"7,2026-09-10,Tom,{NOTE}, with a comma, or two,4",
            "8,2026-09-11,Tom,12345,4",
            f"9,2026-09-12,Tom,{NOTE},4,,",
            ",,,,",
        )
    )
    found = {row["row"]: row for row in rows(tmp_path, "table")}
    assert [number for number, row in found.items() if row["problem"] is None] == [2, 10]
    says = {
        3: "Has 2 cells; the header has 5. It may be cut off.",
        4: "Has '31/02/2026' in column 'date', which is no date. Allowed are 2026-12-31 and dates written day first",
        5: "Has something else in column 'date'",
        6: "Has nothing in column 'date'",
        7: "Has nothing in column 'notes'",
        8: "Has 7 cells; the header has 5. Put cells that hold the delimiter (',') into quotation marks.",
        9: "Has no words.",
    }
    assert {number: row["problem"][: len(says[number])] for number, row in found.items() if row["problem"]} == says
    assert not any("secret" in (row["problem"] or "") for row in found.values())


def test_month_first_dates_are_refused_not_misread(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        csv_of("date,notes", f"09/07/2026,{NOTE}", f"09/14/2026,{NOTE} again", f"08/09/2026,{NOTE} more")
    )
    assert [bool(row["problem"]) for row in rows(tmp_path, "table")] == [False, True, False]
    assert [f"{row['occurred_at']:%m-%d}" for row in rows(tmp_path, "table", day_first=False)] == [
        "09-07",
        "09-14",
        "08-09",
    ]


def test_commas_in_the_last_column_need_no_quotation_marks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        csv_of("id,date,notes", "1,2026-09-07,plain words", "2,2026-09-08,late, broken, again")
    )
    assert [row["text"] for row in rows(tmp_path, "table")] == ["plain words", "late, broken, again"]


def test_an_open_quotation_mark_costs_its_row_not_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "MAX_TEXT_CHARS", 2_000)
    lines = [f"{number},2026-09-07,{NOTE} {number}" for number in range(100)]
    lines[50] = f'50,2026-09-07,"{NOTE}'
    (tmp_path / "a.csv").write_text(csv_of("id,date,notes", *lines))
    found = rows(tmp_path, "table")
    problems = [row["problem"] for row in found if row["problem"]]
    assert any("a quotation mark is opened and not closed" in problem for problem in problems)
    assert found[0]["text"].endswith(" 0")
    assert found[-1]["text"].endswith(" 99")


def test_a_spreadsheet_of_open_document(tmp_path: Path) -> None:
    cells = '<table:table-cell table:number-columns-repeated="16384"/>'
    empty = f'<table:table-row table:number-rows-repeated="1048500">{cells}</table:table-row>'
    notes = ods_row("Ref", "Date", "Notes") + ods_row("CL-1", "2026-09-07", NOTE, dates=(1,))
    late = ods_row("CL-2", "2026-09-08T10:30:00", f"{NOTE} again", dates=(1,))
    (tmp_path / "a.ods").write_bytes(ods(Complaints=notes + late + empty, Codes=ods_row("Code") + empty))
    assert [(row["external_id"], row["text"], f"{row['occurred_at']:%d %H:%M}") for row in rows(tmp_path, "table")] == [
        ("CL-1", NOTE, "07 12:00"),
        ("CL-2", f"{NOTE} again", "08 09:30"),
    ]


@pytest.mark.parametrize("hidden", ["", ' office:string-value="a>b"'])
def test_a_cell_that_stands_for_a_billion_does_not_fill_the_memory(one: One, hidden: str) -> None:
    tag = f'<table:table-cell office:value-type="string"{hidden} table:number-columns-repeated="16384">'
    cell = f"{tag}<text:p>x</text:p></table:table-cell>"
    bomb = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert "used area of 17,179,869,184 cells" in one("table", "a.ods", ods(A=bomb))["problem"]


def test_parquet_is_read_by_rows_that_count_from_1(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "Case Number": [50003, 50004, 50005],
            "Created": [datetime(2026, 9, 7, 9, 12), datetime(2026, 9, 8), None],
            "Case Notes": [NOTE, f"{NOTE} again", f"{NOTE} undated"],
            "CSAT": [4.0, None, 2.0],
            "Tags": [["a"], [], None],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    first, second, undated = rows(tmp_path, "table")
    assert (first["external_id"], first["row"], first["text"], first["rating"]) == ("50003", 1, NOTE, 4.0)
    assert (f"{first['occurred_at']:%Y-%m-%d %H:%M}", second["row"], second["rating"]) == ("2026-09-07 08:12", 2, None)
    assert (undated["row"], undated["problem"][:24]) == (3, "Has nothing in column 'C")


def test_parquet_with_a_zone_and_categories(tmp_path: Path) -> None:
    when = pl.Series("date", [datetime(2026, 9, 7, 9, 12)]).dt.replace_time_zone("America/New_York")
    frame = pl.DataFrame([when, pl.Series("notes", [NOTE]), pl.Series("store", ["Saltwell"], pl.Categorical)])
    frame.write_parquet(tmp_path / "a.parquet")
    (row,) = rows(tmp_path, "table")
    assert (f"{row['occurred_at']:%H:%M}", row["location"], row["text"]) == ("13:12", "Saltwell", NOTE)


def sqlite_file(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_an_sqlite_file_is_a_sheet_a_table(tmp_path: Path) -> None:
    sqlite_file(
        tmp_path / "crm.sqlite",
        'CREATE TABLE "call notes" (case_number INTEGER, created TEXT, notes TEXT, photo BLOB)',
        f"""INSERT INTO "call notes" VALUES (7, '2026-09-07 09:12', '{NOTE}', x'00'), (8, '2026-09-08', NULL, NULL)""",
        "CREATE TABLE codes (code TEXT)",
        'CREATE VIEW latest AS SELECT * FROM "call notes" WHERE case_number = 7',
    )
    first, second = rows(tmp_path, "table")
    assert (first["external_id"], first["row"], first["text"]) == ("7", 1, NOTE)
    assert second["problem"].startswith("Sheet 'call notes': Has nothing in column 'notes'.")
    assert [row["row"] for row in rows(tmp_path, "table", sheet="latest")] == [1]
    (wrong,) = rows(tmp_path, "table", sheet="x'; DROP TABLE codes")
    assert "Its tables are ['call notes', 'codes']" in wrong["problem"]


def test_a_first_row_that_looks_like_a_header_is_data_where_columns_have_names(tmp_path: Path) -> None:
    frame = pl.DataFrame({"day": ["2026-09-07", "2026-09-08"], "said": ["date, notes, case number", NOTE]})
    frame.write_parquet(tmp_path / "a.parquet")
    assert len(rows(tmp_path, "table", columns={"occurred_at": "day", "text": "said"})) == 2


def parquet(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


UNUSABLE = {
    "cut.parquet": (
        parquet(pl.DataFrame({"date": ["2026-09-07"], "notes": [NOTE]}))[:-9],
        "damaged or cut off Parquet",
    ),
    "no.parquet": (b"hello", "Is no PARQUET"),
    "secret.parquet": (b"PARE" + bytes(50), "encrypted Parquet"),
    "broken.sqlite": (b"SQLite format 3\x00" + bytes(2000), r"cannot be read \(DatabaseError\)"),
    "no.db": (b"hello", "Is no DB"),
    "lists.parquet": (parquet(pl.DataFrame({"a": [[1]]})), "no column of texts"),
    "broken.ods": (
        archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"<a"}),
        "damaged|Has no",
    ),
    "empty.csv": (b"", "Is empty"),
    "header.csv": (
        b"name,age\r\n",
        "Has no column that looks like what the customer said. Its columns are 'name', 'age'.",
    ),
    "undated.csv": (f"id,notes\r\n1,{NOTE}\r\n".encode(), "Has no column that looks like dates"),
    "binary.csv": (bytes(range(256)) * 50, "Is not text|Has no column"),
    "cut.xlsx": (xlsx(A=[["date", "notes"]])[:1500], "damaged or cut off"),
    "no.xlsx": (b"hello", "Is no XLSX"),
    "other.xlsx": (archive(a=b"x"), "no .xlsx or .ods workbook"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), r"old \(\.xls\) or password-protected"),
    "notes.pdf": (b"%PDF-1.4", r"Is a \.pdf; tables are read from"),
    "blank.xlsx": (xlsx(A=[]), "Has no column|Has no rows"),
    "headless.csv": (
        f"1,2026-09-07,{NOTE}\r\n2,2026-09-08,{NOTE}\r\n".encode(),
        "Has no header: its first row looks like data",
    ),
    "wordy.csv": (b"Jane Whitlock,was rude\r\nRoy Fosdyke,was kind\r\n", "Its columns are none that is known."),
    "broken.xlsx": (archive(**{"xl__workbook.xml": b"<a"}), "Is a damaged workbook"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_table_says_why_once(one: One, name: str) -> None:
    content, problem = UNUSABLE[name]
    item = one("table", name, content)
    assert item["row"] is None
    assert re.search(problem, item["problem"]), item["problem"]


def test_a_header_without_rows_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case number,date,case notes\r\n")
    assert rows(tmp_path, "table") == []


def test_a_date_column_whose_dates_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(csv_of("date,notes", *[f"09/{day}/2026,{NOTE}" for day in range(14, 28)]))
    (row,) = rows(tmp_path, "table")
    assert row["problem"] == (
        "Column 'date' holds few dates that can be read. Allowed are 2026-12-31 and dates written day first, "
        "as 31/12/2026 "
        "(day_first in cxnlp.toml says which). Set day_first or columns.occurred_at of source 'table'."
    )


def test_a_cell_at_the_end_of_the_world_does_not_fill_the_memory(one: One) -> None:
    data = xlsx(A=[["date", "notes"], [date(2026, 9, 7), NOTE]])
    import zipfile

    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/"):
                content = content.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            new.writestr(name, content)
    assert "used area of 17,179,869,184 cells" in one("table", "a.xlsx", changed.getvalue())["problem"]
