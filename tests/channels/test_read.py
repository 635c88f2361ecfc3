"""Reading a folder: what is found in it, in which portions, and what the ledger spares."""

import os
import re
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cxnlp import channels
from cxnlp.channels import FILES, archives, files, files_of, no_files, ocr
from cxnlp.channels.items import MAX_TEXT_CHARS
from cxnlp.frames import ITEMS
from cxnlp.settings import SettingsError
from tests.channels.conftest import batches, rows, source
from tests.channels.made import archive, letter_docx, pdf

NOTE = "Cust rang twice about the sofa and nobody called back"


def table(path: Path, n_rows: int, first: int = 0) -> None:
    lines = [f"{number},2026-09-07,{NOTE} {number}" for number in range(first, first + n_rows)]
    path.write_text("\n".join(["id,date,notes", *lines]) + "\n")


def ledger(folder: Path, kind: str, **settings: Any) -> pl.DataFrame:
    return pl.concat([no_files(), *(batch.files for batch in batches(folder, kind, **settings))])


def test_batches_are_small_and_a_files_ledger_row_comes_with_its_last(tmp_path: Path) -> None:
    table(tmp_path / "a.csv", 25)
    table(tmp_path / "b.csv", 5, first=100)
    table(tmp_path / "c.csv", 3, first=200)
    found = list(batches(tmp_path, "table", batch=10))
    assert [batch.items.height for batch in found] == [10, 10, 10, 3]
    assert [batch.files["file"].to_list() for batch in found] == [[], [], ["a.csv", "b.csv"], ["c.csv"]]
    assert all(batch.items.schema == pl.Schema(ITEMS) and batch.files.schema == pl.Schema(FILES) for batch in found)
    assert pl.concat([batch.files for batch in found])["n_items"].to_list() == [25, 5, 3]
    everything = pl.concat([batch.items for batch in found])
    assert everything["external_id"].to_list() == [str(n) for n in [*range(25), *range(100, 105), *range(200, 203)]]


def test_a_file_that_fills_a_batch_comes_with_its_ledger_row(tmp_path: Path) -> None:
    table(tmp_path / "a.csv", 10)
    (only,) = batches(tmp_path, "table", batch=10)
    assert (only.items.height, only.files.height) == (10, 1)


def test_the_ledger_spares_what_was_read_and_sees_what_changed(tmp_path: Path) -> None:
    table(tmp_path / "a.csv", 3)
    table(tmp_path / "b.csv", 3)
    seen = ledger(tmp_path, "table")
    assert list(batches(tmp_path, "table", seen)) == []
    table(tmp_path / "b.csv", 4)
    (again,) = batches(tmp_path, "table", seen)
    assert again.files["file"].to_list() == ["b.csv"]
    os.utime(tmp_path / "a.csv", ns=(1, 1))
    assert {file for batch in batches(tmp_path, "table", seen) for file in batch.files["file"]} == {"a.csv", "b.csv"}


def test_an_unopened_file_is_not_even_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table(tmp_path / "a.csv", 3)
    seen = ledger(tmp_path, "table")
    monkeypatch.setitem(channels.READERS, "table", lambda *_: pytest.fail("opened"))
    assert list(batches(tmp_path, "table", seen)) == []


def test_a_file_with_a_problem_is_tried_again_when_its_settings_are_mended(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"c1,c2\n2026-09-07,{NOTE}\n")
    wrong: dict[str, Any] = {"columns": {"text": "Verbatim"}}
    seen = ledger(tmp_path, "table", **wrong)
    assert list(batches(tmp_path, "table", seen, **wrong)) == []
    (mended,) = batches(tmp_path, "table", seen, columns={"text": "c2"})
    assert mended.items["problem"].to_list() == [None]
    assert mended.files["modified_ns"][0] == (tmp_path / "a.csv").stat().st_mtime_ns > 0


def test_a_scan_is_tried_again_once_it_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(image=True))
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    seen = ledger(tmp_path, "letters")
    assert list(batches(tmp_path, "letters", seen)) == []
    monkeypatch.setattr(ocr, "is_installed", lambda: True)
    monkeypatch.setattr(ocr, "read_picture", lambda picture: "Dear Larkfield")
    (again,) = batches(tmp_path, "letters", seen)
    assert again.items["text"].to_list() == ["Dear Larkfield"]


def test_the_same_folder_gives_the_same_rows(tmp_path: Path) -> None:
    for name in ("z.txt", "a/b.txt", "a.txt", "B.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"Dear Larkfield, this is {name}.")
    first, second = ([batch.items for batch in batches(tmp_path, "letters")] for _ in range(2))
    assert pl.concat(first).equals(pl.concat(second))
    assert pl.concat(first)["file"].to_list() == ["B.txt", "a.txt", "a/b.txt", "z.txt"]


def test_columns_that_come_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Dear Larkfield, hello.")
    os.utime(tmp_path / "a.txt", ns=(1_788_808_324_123_456_789,) * 2)
    (row,) = rows(tmp_path, "letters", name="post_room")
    assert (row["source"], row["channel"], row["file"], row["external_id"]) == ("post_room", "letter", "a.txt", "a.txt")
    assert row["received_at"] == row["occurred_at"]
    assert row["received_at"].isoformat() == "2026-09-07T19:12:04.123456+00:00"


def test_a_missing_folder_is_the_settings_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not a folder"):
        list(batches(tmp_path / "none", "letters"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("**/*", ["a.csv", "s/b.csv", "s/t/c.XLSX", "s/t/d.txt"]),
        ("*", ["a.csv"]),
        ("*.csv", ["a.csv"]),
        ("**/*.csv", ["a.csv", "s/b.csv"]),
        ("s/**/*", ["s/b.csv", "s/t/c.XLSX", "s/t/d.txt"]),
        ("**/*.{xlsx,txt}", ["s/t/c.XLSX", "s/t/d.txt"]),
        ("**/[bc].*", ["s/b.csv", "s/t/c.XLSX"]),
        ("**/[!bc].*", ["a.csv", "s/t/d.txt"]),
        ("**/?.csv", ["a.csv", "s/b.csv"]),
        ("*.cs", []),
        ("acsv", []),
    ],
)
def test_the_pattern_chooses_files(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    for name in ("a.csv", "s/b.csv", "s/t/c.XLSX", "s/t/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [file.name for file in files_of(source("letters", files=pattern), tmp_path)] == expected


def test_what_programs_leave_behind_is_not_feedback(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    names = [
        ".DS_Store",
        ".git/a.txt",
        "~$letter.docx",
        ".~lock.a.xlsx#",
        "Thumbs.db",
        "desktop.ini",
        "a.txt~",
        "b.part",
        "c.tmp",
        "real.txt",
    ]
    for name in names:
        (tmp_path / name).write_text("Dear Larkfield")
    assert [file.name for file in files_of(source("letters"), tmp_path)] == ["real.txt"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret.txt").write_text("The key is under the mat.")
    (inside / "real.txt").write_text("Dear Larkfield")
    (inside / "file.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "nothing.txt").symlink_to(inside / "gone.txt")
    found = {row["file"]: row for row in rows(inside, "letters")}
    assert {name for name, row in found.items() if row["text"]} == {"real.txt"}
    assert "leads out of the source's folder" in found["file.txt"]["problem"]
    assert "leads out of the source's folder" in found["folder"]["problem"]
    assert "Cannot be looked at (FileNotFoundError)" in found["nothing.txt"]["problem"]
    assert set(found) == {"real.txt", "file.txt", "folder", "nothing.txt"}


def test_a_pipe_does_not_stop_the_night(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (row,) = rows(tmp_path, "letters")
    assert "Is no ordinary file" in row["problem"]


def test_a_name_cannot_write_on_the_terminal_or_pose_as_another(tmp_path: Path) -> None:
    for name in ("a\x1b[2J\nb.txt", "c\u202etxt.exe", os.fsdecode(b"d\xff.txt"), "back\\x1b.txt"):
        (tmp_path / name).write_bytes(b"")
    names = [row["file"] for row in rows(tmp_path, "letters")]
    assert names == ["a\\x1b[2J\\nb.txt", "back\\\\x1b.txt", "c\\u202etxt.exe", "d\\udcff.txt"]
    assert all(name.isprintable() for name in names)


def test_a_file_too_big_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 1_000_000)
    (tmp_path / "a.txt").write_bytes(b"x" * 1_500_000)
    (row,) = rows(tmp_path, "letters")
    assert row["problem"] == "Has 2 MB; at most 1 MB are read. Split it, or export a shorter time."


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 5_000_000)
    (tmp_path / "a.docx").write_bytes(archive(**{"word__document.xml": bytes(6_000_000)}))
    (row,) = rows(tmp_path, "letters")
    assert row["problem"].startswith("Unpacks to 6 MB in 1 parts; at most 5 MB")


def test_a_bomb_that_lies_about_its_size_is_found(tmp_path: Path) -> None:
    data = bytearray(archive(**{"word__document.xml": bytes(5_000_000)}))
    size = (5_000_000).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (100).to_bytes(4, "little")
    (tmp_path / "a.docx").write_bytes(data)
    (row,) = rows(tmp_path, "letters")
    assert "damaged" in row["problem"]


def test_many_parts_are_a_bomb_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MAX_PARTS", 3)
    (tmp_path / "a.docx").write_bytes(letter_docx("Dear Larkfield"))
    assert "parts are read" in rows(tmp_path, "letters")[0]["problem"]


def test_an_entity_bomb_stays_small(tmp_path: Path) -> None:
    document = letter_docx("Dear Larkfield")
    laughs = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{f"&l{n - 1};" * 9 if n else ""}">' for n in range(12)
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as new, zipfile.ZipFile(tmp_path / "b.zip", "w") as other:
        other.writestr("x", "")
        source_file = tmp_path / "plain.docx"
        source_file.write_bytes(document)
        with zipfile.ZipFile(source_file) as old:
            for name in old.namelist():
                content = old.read(name)
                if name == "word/document.xml":
                    content = content.replace(b"<w:document", f"<!DOCTYPE d [{laughs}]><w:document".encode(), 1)
                    content = content.replace(b"Dear Larkfield", b"Dear &l11;")
                new.writestr(name, content)
    (row,) = rows(tmp_path, "letters", files="a.docx")
    assert row["problem"] is not None or len(row["text"]) < 1_000


def test_a_text_of_absurd_length_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("word " * (MAX_TEXT_CHARS // 4))
    (row,) = rows(tmp_path, "letters")
    assert re.match(r"Has 2\d\d,\d{3} characters of text; at most 200,000", row["problem"])


def test_emoji_alone_are_a_judgement_and_signs_alone_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("❤️❤️")
    (tmp_path / "b.txt").write_text("?!… 5/5")
    assert [bool(row["problem"]) for row in rows(tmp_path, "letters")] == [False, True]


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("secret"), RecursionError("secret"), MemoryError(), KeyError("secret")]
)
def test_an_unforeseen_error_costs_one_file_and_tells_its_class_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    table(tmp_path / "a.csv", 2)
    (tmp_path / "b.csv").write_text("x")

    def reads(_source: object, file: files.File) -> Any:
        if file.name == "b.csv":
            raise error
        yield from channels.read_table(source("table"), file)

    monkeypatch.setitem(channels.READERS, "table", reads)
    found = rows(tmp_path, "table")
    assert [row["file"] for row in found if row["text"]] == ["a.csv", "a.csv"]
    assert found[-1]["problem"].startswith(f"Could not be read: {type(error).__name__}.")
    assert "secret" not in found[-1]["problem"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_the_right_to_read_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Dear Larkfield")
    (tmp_path / "a.txt").chmod(0)
    assert "PermissionError" in rows(tmp_path, "letters")[0]["problem"]


def test_each_kind_of_the_settings_has_its_reader() -> None:
    kinds = source("letters").model_json_schema()["properties"]["kind"]["enum"]
    assert {*channels.READERS, "live"} == set(kinds)  # channels.live has readers of its own
