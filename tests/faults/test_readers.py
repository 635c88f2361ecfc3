"""Files are opened in a process that can be killed: what it does not survive costs one file."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from cxnlp import channels
from cxnlp.channels import confined
from cxnlp.channels.files import File, Held
from cxnlp.channels.items import Item
from pipelines.readers import Readers
from tests.channels.conftest import source
from tests.channels.made import archive, letter_docx, mail

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
WORDS = "Dear Larkfield, the van came late and nobody rang."


@pytest.fixture
def readers() -> Iterator[Readers]:
    with closing(Readers(item_seconds=1, item_megabytes=64)) as made:
        yield made


def file(path: Path) -> File:
    """A file as if it had been listed: the real one may be no ordinary file."""
    return File(path, path.name, path.stat().st_size, 0)


def letter(folder: Path) -> File:
    (folder / "letter.txt").write_text(WORDS, "utf-8")
    return file(folder / "letter.txt")


def never_ending(folder: Path) -> File:
    """A file whose reading never ends: a pipe that nobody writes to."""
    os.mkfifo(folder / "pipe.txt")
    return file(folder / "pipe.txt")


def with_part(document: bytes, old: bytes, new: bytes) -> bytes:
    """A Word document with something else in its text."""
    with zipfile.ZipFile(io.BytesIO(document)) as parts:
        names = {name.replace("/", "__"): parts.read(name) for name in parts.namelist()}
    return archive(**names | {"word__document.xml": names["word__document.xml"].replace(old, new, 1)})


def texts(readers: Readers, asked: File, kind: str = "letters") -> list[str | None]:
    return [item.text for item in readers.read_file(source(kind), asked)]


def problem(readers: Readers, asked: File, kind: str = "letters") -> str:
    (item,) = readers.read_file(source(kind), asked)
    assert item.problem is not None
    return item.problem


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("letters", "letters"), ("calls", "table"), ("calls/transcripts", "transcripts"), ("posts", "posts")],
)
def test_the_same_rows_as_in_one_process(folder: str, kind: str) -> None:
    def read(read_one: channels.Reader | None) -> pl.DataFrame:
        seen = channels.no_files()
        batches = channels.read(source(kind, files="*"), SAMPLE / folder, seen, 1000, read_one=read_one)
        return pl.concat([batch.items for batch in batches])

    with closing(Readers(60, 1_024)) as readers:
        apart = read(readers.read_file)
        assert readers.n_started == 1
    assert apart.height > 5
    assert apart.equals(read(None))


def test_formats_of_libraries_are_read_there_too(tmp_path: Path) -> None:
    """What maps files into memory or keeps files of its own has to do with the limits of the process."""
    rows = pl.DataFrame({"id": ["1"], "date": ["2026-09-07"], "notes": ["Customer rang twice about the sofa."]})
    rows.write_parquet(tmp_path / "a.parquet")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as connection:
        connection.execute("CREATE TABLE notes (id TEXT, date TEXT, notes TEXT)")
        connection.execute("INSERT INTO notes VALUES (?, ?, ?)", rows.row(0))
        connection.commit()
    with closing(Readers(60, 1_024)) as readers:
        for name in ("a.parquet", "a.sqlite"):
            assert texts(readers, file(tmp_path / name), "table") == ["Customer rang twice about the sofa."]
        assert readers.n_started == 1


def test_a_file_that_never_ends_is_left_and_the_next_is_read(readers: Readers, tmp_path: Path) -> None:
    started = time.monotonic()
    assert problem(readers, never_ending(tmp_path)).startswith("Took longer than 1 seconds (`night.item_seconds`)")
    assert time.monotonic() - started < 10
    assert texts(readers, letter(tmp_path)) == [WORDS]
    assert readers.n_started == 2


def test_a_file_that_crashes_its_reader_is_left_and_the_next_is_read(readers: Readers, tmp_path: Path) -> None:
    asked = never_ending(tmp_path)
    crash = threading.Timer(0.3, lambda: os.kill(child_of(readers), signal.SIGSEGV))
    reading = readers.read_file(source("letters"), asked)
    readers._started()
    crash.start()
    (item,) = reading
    assert item.problem is not None
    assert item.problem.startswith("The reader of this file crashed (SIGSEGV); reading it was stopped.")
    assert texts(readers, letter(tmp_path)) == [WORDS]


def test_a_mail_that_came_over_the_wire_is_read_there_without_being_written_down(
    readers: Readers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    message = mail("Please find my letter attached.")
    message.add_attachment(letter_docx(WORDS), maintype="application", subtype="x", filename="letter.docx")
    data = message.as_bytes()
    held = Held(Path("1.eml"), "1.eml", len(data), 0, data=data)
    assert texts(readers, held) == ["Please find my letter attached.", WORDS]
    assert readers.n_started == 1
    assert list(tmp_path.iterdir()) == []


def child_of(readers: Readers) -> int:
    assert readers._process is not None
    return readers._process._child.pid


def test_a_reader_left_broken_by_another_file_gets_a_second_chance(readers: Readers, tmp_path: Path) -> None:
    assert texts(readers, letter(tmp_path)) == [WORDS]
    os.kill(child_of(readers), signal.SIGABRT)
    assert texts(readers, letter(tmp_path)) == [WORDS]
    assert readers.n_started == 2


def test_rows_read_before_a_crash_are_kept_and_not_repeated(readers: Readers, tmp_path: Path) -> None:
    rows = [f"{number},2026-09-07,Cust rang twice about sofa {number}" for number in range(20_000)]
    (tmp_path / "a.csv").write_text("\n".join(["id,date,notes", *rows]) + "\n")
    assert texts(readers, letter(tmp_path)) == [WORDS]
    reading = readers.read_file(source("table"), file(tmp_path / "a.csv"))
    ids = [next(reading).external_id for _ in range(5)]
    os.kill(child_of(readers), signal.SIGKILL)
    ids += [item.external_id for item in reading]
    assert ids == [str(number) for number in range(20_000)]


def test_a_file_that_wants_too_much_memory_is_left(readers: Readers, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(with_part(letter_docx(WORDS), b"</w:p>", b"</w:p>" + b"<w:p/>" * 3_000_000))
    assert "night.item_megabytes" in problem(readers, file(tmp_path / "a.docx"))
    assert texts(readers, letter(tmp_path)) == [WORDS]


def test_what_is_whole_is_read_within_its_memory(readers: Readers, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(letter_docx(WORDS))
    for _ in range(30):
        assert texts(readers, file(tmp_path / "a.docx")) == [WORDS]
    assert readers.n_started == 1


def test_a_file_gets_time_by_its_size_not_one_items_time_for_ever(tmp_path: Path) -> None:
    rows = [f"{number},2026-09-07,Cust rang twice about sofa {number}" for number in range(5_000)]
    (tmp_path / "a.csv").write_text("\n".join(["id,date,notes", *rows]) + "\n")
    asked = file(tmp_path / "a.csv")
    with closing(Readers(1, 64)) as readers:
        readers._started()
        readers.item_seconds = 0.02
        *read, last = readers.read_file(source("table"), asked)
    assert len(read) < 5_000
    assert last.problem is not None
    assert f"after {len(read):,} items" in last.problem if read else "Took longer" in last.problem


def test_items_survive_the_way(tmp_path: Path) -> None:
    when = datetime(2026, 9, 7, tzinfo=UTC)
    item = Item(text="a\nb \ud83d ☃", occurred_at=when, speakers=["agent", None], rating=4.5, row=3)
    assert confined.heard(confined.said(item)) == item
    assert confined.said(item).count(b"\n") == 1


@pytest.mark.parametrize("line", [b"nonsense\n", b'["one"]\n', b"{}\n", b"3\n"])
def test_what_is_no_item_is_not_listened_to(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        confined.heard(line)


def test_an_item_that_is_large_beside_its_text_is_a_problem() -> None:
    line = confined.said(Item(text="fine", author="x" * 5_000_000, row=7))
    assert len(line) < 1_000
    told = confined.heard(line)
    assert (told.row, told.text) == (7, None)
    assert told.problem is not None


def test_it_may_not_write_files(tmp_path: Path) -> None:
    code = (
        "import resource, runpy, sys\n"
        "sys.argv = ['x', '5', '64']\n"
        "sys.stdin.close(); sys.stdin = open('/dev/null')\n"
        "runpy.run_module('cxnlp.channels.confined', run_name='__main__')\n"
        f"import pathlib; pathlib.Path({str(tmp_path / 'out')!r}).write_text('leaked')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == '"ready"\n'
    assert "File too large" in done.stderr
    assert (tmp_path / "out").read_text() == ""


def test_nobody_left_to_kill_it_it_ends_itself(tmp_path: Path) -> None:
    """The night is gone and a file keeps the processor busy: the limit on processor time ends it."""
    code = (
        "from cxnlp import channels\nfrom cxnlp.channels import confined\nimport sys\n"
        "def endless(source, file):\n    while True: pass\n    yield\n"
        "channels.READERS['letters'] = endless\nsys.argv = ['x', '1', '64']\nconfined.main()\n"
    )
    request = confined.request(source("letters"), letter(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], input=request, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGXCPU


def test_limits_are_part_of_what_may_mend_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nothing\n")
    asked = source("table")

    def read(seen: pl.DataFrame, limits: str) -> list[channels.Batch]:
        return list(channels.read(asked, tmp_path, seen, 100, limits=limits))

    (first,) = read(channels.no_files(), "60 s")
    assert first.items["problem"].is_not_null().all()
    assert read(first.files, "60 s") == []
    assert len(read(first.files, "90 s")) == 1
