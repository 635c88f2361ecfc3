"""Files that hold many letters: ZIP archives, mailboxes in one file, and Maildirs."""

import io
import os
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cxnlp.channels import archives, files
from cxnlp.channels.mboxes import is_mbox, mails_in
from tests.channels.conftest import batches, rows
from tests.channels.made import archive, column, letter_docx, mail, odt, pdf, xlsx

FROM = b"From ann@example.org Mon Sep 14 10:11:12 2026\n"


def folder(*parts: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts:
            opened.writestr(name, data)
    return stream.getvalue()


def mbox(*mails: bytes) -> bytes:
    return b"".join(FROM + each + b"\n" for each in mails)


def short(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["row"], row["external_id"], row["text"] or row["problem"]) for row in found]


def test_an_archive_of_letters_gives_one_item_an_entry(tmp_path: Path) -> None:
    (tmp_path / "2026-09.zip").write_bytes(
        folder(
            ("letters/", b""),
            ("letters/2026-09-05_a.txt", b"It leaks."),
            ("letters/b.docx", letter_docx("6 September 2026", "It smells.")),
            ("c.pdf", pdf(column(60, 700, "It melted."))),
            ("d.eml", mail("It hums.").as_bytes()),
            ("e.odt", odt("<text:p>It rattles.</text:p>")),
            ("f.rtf", rb"{\rtf1 It creaks.\par}"),
            ("__MACOSX/._c.pdf", b"x"),
            ("letters/.DS_Store", b"x"),
            ("g.xlsx", xlsx(A=[["a", "b"]])),
        )
    )
    found = rows(tmp_path, "letters")
    assert short(found[:-1]) == [
        (2, "2026-09.zip/letters/2026-09-05_a.txt", "It leaks."),
        (3, "2026-09.zip/letters/b.docx", "6 September 2026\nIt smells."),
        (4, "2026-09.zip/c.pdf", "It melted."),
        (5, "m1@example.org", "It hums."),
        (6, "2026-09.zip/e.odt", "It rattles."),
        (7, "2026-09.zip/f.rtf", "It creaks."),
    ]
    assert {row["file"] for row in found} == {"2026-09.zip"}
    assert [f"{row['occurred_at']:%d.%m.}" for row in found[:2]] == ["05.09.", "06.09."]
    assert found[-1]["row"] == 10
    assert found[-1]["problem"].startswith("Entry 10 (.xlsx): Is a spreadsheet")


def test_an_undated_letter_has_the_time_that_its_archive_has(tmp_path: Path) -> None:
    dated, undated = (zipfile.ZipInfo(name, when) for name, when in
                      (("a.txt", (2026, 7, 1, 9, 30, 0)), ("b.txt", (1980, 1, 1, 0, 0, 0))))  # fmt: skip
    (tmp_path / "a.zip").write_bytes(folder((dated, b"It leaks."), (undated, b"It hums.")))
    first, second = rows(tmp_path, "letters")
    assert first["occurred_at"].isoformat() == "2026-07-01T08:30:00+00:00"  # London's summer
    assert second["occurred_at"] == second["received_at"]


def test_an_entry_of_no_use_costs_that_entry_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    parts: list[tuple[str | zipfile.ZipInfo, bytes]] = [
        ("../../out.txt", b"x"),
        ("/etc/cron.d/x.txt", b"x"),
        ("C:\\x.txt", b"x"),
        (link, b"/etc/passwd"),
        ("empty.txt", b""),
        ("odd.xyz", b"x"),
        ("cut.pdf", b"%PDF-1.4 cut"),
        ("bomb.txt", bytes(6_000_000)),
        ("broken.zip", b"PK\x03\x04 nothing more"),
        ("strange.eml", b"From: a@example.org\n\nstrange"),
        ("good.txt", b"It leaks."),
    ]
    (tmp_path / "a.zip").write_bytes(folder(*parts))

    def read_mail(_data: bytes) -> Any:
        raise ZeroDivisionError("It leaks.")

    monkeypatch.setattr("cxnlp.channels.letters.read_mail", read_mail)
    found = rows(tmp_path, "letters")
    problems = [
        "Entry 1 (.txt): Has a name that leads out of its archive.",
        "Entry 2 (.txt): Has a name that leads out of its archive.",
        "Entry 3 (.txt): Has a name that leads out of its archive.",
        "Entry 4 (.txt): Is a link.",
        "Has no words.",
        "Entry 6 (.xyz): Is a .xyz; letters are read from",
        "Entry 7 (.pdf): Is a damaged or cut-off PDF.",
        "Entry 8 (.txt): Unpacks to ",
        "Entry 9 (.zip): Is a damaged or cut-off ZIP archive.",
        "Entry 10 (.eml): Could not be read: ZeroDivisionError.",
    ]
    assert [row["row"] for row in found] == list(range(1, 12))
    for row, problem in zip(found, problems, strict=False):
        assert row["problem"].startswith(problem), row["problem"]
    assert found[-1]["text"] == "It leaks."
    assert sorted(os.listdir(tmp_path)) == ["a.zip"]


def test_protected_and_damaged_entries(tmp_path: Path) -> None:
    whole = bytearray(folder(("a.txt", b"It leaks."), ("b.txt", b"It hums and it rattles."), ("c.txt", b"Fine.")))
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.find(mark) + flags_at] |= 1
    second = whole.find(b"b.txt") + len("b.txt")
    whole[second + 3] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(whole)
    locked, damaged, good = rows(tmp_path, "letters")
    assert locked["problem"].startswith("Entry 1 (.txt): Is protected by a password.")
    assert damaged["problem"].startswith("Entry 2 (.txt): Is damaged")
    assert good["text"] == "Fine."


def test_an_archive_in_an_archive_and_no_deeper(tmp_path: Path) -> None:
    deepest = folder(("deep.txt", b"x"))
    inner = folder(("a.txt", b"It leaks."), ("deepest.zip", deepest), ("box.mbox", mbox(mail("It hums.").as_bytes())))
    (tmp_path / "outer.zip").write_bytes(folder(("inner.zip", inner), ("b.txt", b"It smells.")))
    assert short(rows(tmp_path, "letters")) == [
        (2, "outer.zip/inner.zip/a.txt", "It leaks."),
        (3, None, "Entry 3 (.zip): Is an archive in an archive in an archive. Unpack one of them."),
        (5, "m1@example.org", "It hums."),
        (6, "outer.zip/b.txt", "It smells."),
    ]


def test_two_entries_of_one_name_and_names_that_do_not_print(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = folder(("a.txt", b"It leaks."), ("a.txt", b"It hums."), ("b\n\x1b[2J.txt", b"It smells."))
    (tmp_path / "a.zip").write_bytes(data)
    found = [row["external_id"] for row in rows(tmp_path, "letters")]
    assert found == ["a.zip/a.txt", "a.zip/a.txt#2", "a.zip/b\\n\\x1b[2J.txt"]


def test_a_name_in_utf8_that_does_not_say_so(tmp_path: Path) -> None:
    data = folder(("Müller.txt", b"It leaks."))
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark) + flags_at
        data = data[:place] + b"\0\0" + data[place + 2 :]
    (tmp_path / "a.zip").write_bytes(data)
    assert rows(tmp_path, "letters")[0]["external_id"] == "a.zip/Müller.txt"


UNUSABLE = {
    "cut.zip": (folder(("a.txt", b"It leaks." * 99))[:60], "Is a damaged or cut-off ZIP archive"),
    "empty.zip": (folder(), "Is an archive or mailbox without any letter"),
    "folders.zip": (folder(("a/", b""), ("b/", b"")), "without any letter"),
    "book.epub": (archive(mimetype=b"application/epub+zip"), "Is a .epub; letters are read from"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_container_says_why(tmp_path: Path, name: str) -> None:
    content, problem = UNUSABLE[name]
    (tmp_path / name).write_bytes(content)
    (row,) = rows(tmp_path, "letters")
    assert problem in row["problem"]


def test_an_archive_that_unpacks_to_far_more_than_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 10_000_000)
    bombs = [(f"{number}.txt", bytes(4_000_000)) for number in range(5)]
    (tmp_path / "a.zip").write_bytes(folder(("good.txt", b"It leaks."), *bombs))
    found = rows(tmp_path, "letters")
    assert found[0]["text"] == "It leaks."
    assert found[-1]["problem"].startswith("Unpacks to far more than it is packed in: after entry 4 no more is read.")


def test_a_list_of_entries_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MAX_DIRECTORY_BYTES", 1_000)
    data = folder(*((f"{number:03}.txt", b"x") for number in range(30)))
    (tmp_path / "a.zip").write_bytes(data)
    assert rows(tmp_path, "letters")[0]["problem"].startswith("Has a list of entries of 0 MB; at most 0 MB are read.")
    large = data[:-22] + b"PK\6\6" + bytes(36) + (50_000_000).to_bytes(8, "little") + bytes(8)
    large += data[-22:-10] + b"\xff" * 4 + data[-6:]
    (tmp_path / "a.zip").write_bytes(large)
    assert rows(tmp_path, "letters")[0]["problem"].startswith("Has a list of entries of 50 MB")


def test_a_word_letter_that_is_called_zip(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(letter_docx("It leaks."))
    assert short(rows(tmp_path, "letters")) == [(None, "a.zip", "It leaks.")]


def test_a_mailbox_gives_one_item_a_mail(tmp_path: Path) -> None:
    note = mail("Please find my letter attached.", Message_ID="<m2@example.org>")
    note.add_attachment(letter_docx("It melted."), maintype="application", subtype="x", filename="a.docx")
    lines = "Dear all,\n\nFrom what I saw in 2026 it leaks.\n\nFrom Mon to Fri\n"
    (tmp_path / "post.mbox").write_bytes(
        mbox(
            mail(lines).as_bytes().replace(b"\nFrom ", b"\n>From "),
            note.as_bytes(),
            b"From: a@example.org\nSubject: x\n\n",
            b"From: b@example.org\n\nIt hums.\n",
        )
    )
    found = rows(tmp_path, "letters")
    assert [(row["row"], row["external_id"]) for row in found[:3]] == [
        (1, "m1@example.org"),
        (2, "m2@example.org"),
        (2, "m2@example.org#1"),
    ]
    assert found[0]["text"] == "Dear all,\n\nFrom what I saw in 2026 it leaks.\n\nFrom Mon to Fri"
    assert found[2]["text"] == "It melted."
    assert (found[3]["row"], found[3]["problem"][:13]) == (3, "Has no words.")
    assert found[4]["text"] == "It hums."


def test_a_mail_without_id_is_known_again_when_its_mailbox_shrinks(tmp_path: Path) -> None:
    mails = [f"From: {name}@example.org\n\nIt {name}s.\n".encode() for name in ("leak", "hum", "rattle")]
    (tmp_path / "Inbox").write_bytes(mbox(*mails))
    before = {row["text"]: row["external_id"] for row in rows(tmp_path, "letters")}
    (tmp_path / "Inbox").write_bytes(mbox(mails[0].replace(b"\n\n", b"\nX-Mozilla-Status: 0001\n\n"), mails[2]))
    after = {row["text"]: row["external_id"] for row in rows(tmp_path, "letters")}
    assert len(set(before.values())) == 3
    assert after == {text: before[text] for text in ("It leaks.", "It rattles.")}


def test_what_the_mail_program_has_deleted_is_gone(tmp_path: Path) -> None:
    gone = b"From: a@example.org\nX-Mozilla-Status: 0009\n\nIt leaks.\n"
    server = (
        b"From: Mail System <x@example.org>\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n\nThis text\n"
    )
    kept = b"From: a@example.org\nX-Mozilla-Status: 0001\n\nIt hums.\nX-Mozilla-Status: 0009\n"
    (tmp_path / "Inbox").write_bytes(mbox(server, gone, kept))
    assert [row["text"] for row in rows(tmp_path, "letters")] == ["It hums.\nX-Mozilla-Status: 0009"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"From ann@example.org Mon Sep 14 10:11:12 2026\n", True),
        (b"From - Mon Sep 14 10:11:12 2026\r\n", True),
        (b"From 1745@xxx Mon Sep 14 10:11:12 +0000 2026\n", True),
        (b'From "ann other"@example.org  Mon Sep 14 10:11 2026 remote from x\n', True),
        (b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n", True),
        (b"From what I saw on Monday in 2026 it leaks\n", False),
        (b"From: ann@example.org\n", False),
        (b"from ann@example.org Mon Sep 14 10:11:12 2026\n", False),
    ],
)
def test_the_border_of_two_mails(line: bytes, expected: bool) -> None:
    assert is_mbox(line + b"Subject: x\n\n") is expected
    assert not is_mbox(line + b"no header\n")


def test_a_mail_that_is_too_long_costs_that_mail_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 100_000)
    (tmp_path / "a.mbox").write_bytes(
        mbox(mail("It leaks. " * 20_000).as_bytes(), mail("It hums.", Message_ID="<m2@example.org>").as_bytes())
    )
    long, good = rows(tmp_path, "letters")
    assert long["problem"].startswith("Entry 1: Has more; at most 0 MB are read of one letter.")
    assert good["text"] == "It hums."


class Endless(io.RawIOBase):
    """A mailbox that is written while it is read."""

    def __init__(self, n_mails: int) -> None:
        body = b"From: a@example.org\n\n" + b"It leaks, it hums, it rattles and it smells of something burnt.\n" * 1_000
        self.one, self.n_left, self.rest = FROM + body + b"\n", n_mails, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.rest and self.n_left:
            self.rest, self.n_left = self.one, self.n_left - 1
        n_bytes = min(len(buffer), len(self.rest))
        buffer[:n_bytes], self.rest = self.rest[:n_bytes], self.rest[n_bytes:]
        return n_bytes


def test_memory_stays_flat_however_long_the_mailbox_is() -> None:
    def peak(n_mails: int) -> int:
        tracemalloc.start()
        assert sum(1 for _ in mails_in(io.BufferedReader(Endless(n_mails)))) == n_mails
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    assert peak(300) < peak(30) + 200_000  # 20 MB and 2 MB


def test_one_line_of_many_megabytes(tmp_path: Path) -> None:
    started = time.process_time()
    (tmp_path / "a.mbox").write_bytes(mbox(b"From: a@example.org\n\n" + b"x" * 4_000_000, mail("It hums.").as_bytes()))
    long, good = rows(tmp_path, "letters")
    assert "characters of text" in long["problem"]
    assert good["text"] == "It hums."
    assert time.process_time() - started < 5


def maildir(root: Path) -> Iterator[Path]:
    for name in ("cur", "new", "tmp"):
        (root / name).mkdir(parents=True)
        yield root / name


def test_a_maildir_and_its_own_files(tmp_path: Path) -> None:
    cur, new, tmp = maildir(tmp_path / "post")
    (cur / "1789377072.M1P2.host,S=400:2,S").write_bytes(mail("It leaks.").as_bytes())
    (cur / "1789377073.M1P2.host:2,ST").write_bytes(mail("In the bin").as_bytes())
    (new / "1789377074.M1P3.host").write_bytes(b"From: a@example.org\nReceived: x\n\nIt hums.\n")
    (tmp / "1789377075.M1P4.host").write_bytes(b"From: a@exam")
    (tmp_path / "post" / "dovecot-uidlist").write_text("3 V1 N4")
    found = rows(tmp_path, "letters")
    assert [(row["external_id"], row["text"]) for row in found] == [
        ("m1@example.org", "It leaks."),
        ("post/1789377074.M1P3.host", "It hums."),
    ]
    (new / "1789377074.M1P3.host").rename(cur / "1789377074.M1P3.host:2,RS")
    assert rows(tmp_path, "letters")[-1]["external_id"] == "post/1789377074.M1P3.host"


def test_a_folder_called_tmp_is_not_passed_over_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "a.txt").write_text("It leaks.")
    assert rows(tmp_path, "letters")[0]["text"] == "It leaks."


def test_a_large_container_comes_in_batches_and_is_not_opened_again(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(folder(*((f"{number:02}.txt", b"It leaks.") for number in range(25))))
    found = list(batches(tmp_path, "letters", batch=10))
    assert [batch.items.height for batch in found] == [10, 10, 5]
    assert [batch.files["n_items"].to_list() for batch in found] == [[], [], [25]]
    assert list(batches(tmp_path, "letters", found[-1].files)) == []
