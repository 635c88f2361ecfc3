"""Letters of Word 97 to 2003. The documents are built by the specification ([MS-DOC]), not by Word."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cxnlp.channels.items import Unusable
from cxnlp.channels.old_word import read_doc
from tests.channels.conftest import rows
from tests.channels.made import doc, mail

One = Callable[..., dict[str, Any]]


def test_a_letter_in_pieces(one: One) -> None:
    item = one(
        "letters", "a.doc", doc("Dear Larkfield,\rthe café smélls \u2026 ", "of \u0431\u0443\u0440\u044f.\r", "Ann\r")
    )
    assert item["text"] == "Dear Larkfield,\nthe café smélls \u2026 of \u0431\u0443\u0440\u044f.\nAnn"


def test_fields_tables_and_marks() -> None:
    link = '\x13 HYPERLINK "http://x.example" \x14the \x13 PAGE \x14third\x15 page\x15'
    assert read_doc(doc(f"See {link}.\rA\x07B\x07\x07\rwell\x1eknown hum\x1fming\x0bhere\x01\x08\x13 DATE \x15\r")) == (
        "See the third page.\nA B\nwell-known humming\nhere"
    )


def test_footnotes_are_read_and_page_headers_and_comments_are_not() -> None:
    parts = (
        "It leaks.\r",
        "\x02 Since May.\r",
        "Larkfield Ltd\r",
        "",
        "\x05Really?\r",
        "\x02 Twice.\r",
        "In a box.\r",
        "x\r",
    )
    read = read_doc(doc(*filter(None, parts), counts=tuple(map(len, parts))))
    assert [line.strip() for line in read.split("\n") if line] == ["It leaks.", "Since May.", "Twice.", "In a box."]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (doc("Dear Larkfield", flags=0x0100), "protected by a password"),
        (doc("Dear Larkfield", version=0x0065), "older than Word 97"),
        (doc("Dear Larkfield")[:1600], "damaged Word document"),
        (doc("Dear Larkfield").replace(b"abc\x02", b"abc\x09"), "damaged Word document"),
    ],
)
def test_what_cannot_be_read(data: bytes, problem: str) -> None:
    with pytest.raises(Unusable, match=problem) as caught:
        read_doc(data)
    assert "Larkfield" not in str(caught.value)


def test_cut_or_changed_it_never_crashes() -> None:
    whole = doc("Dear Larkfield,\rit leaks.\r", "\u0431\u0443\u0440\u044f")
    for at in range(0, len(whole), 7):
        for data in (whole[:at], whole[:at] + b"\xff" + whole[at + 1 :]):
            try:
                read_doc(data)
            except Unusable:
                continue


def test_one_attached_to_a_covering_note(tmp_path: Path) -> None:
    message = mail("See the attached letter.")
    message.add_attachment(doc("It hums.\r"), maintype="application", subtype="msword", filename="letter.doc")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    assert [row["text"] for row in rows(tmp_path, "letters")] == ["See the attached letter.", "It hums."]
