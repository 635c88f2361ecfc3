"""Letters in Word, PDF, HTML and as pictures: what is read, and what each unusable one says."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cxnlp.channels import ocr
from tests.channels.conftest import rows
from tests.channels.made import archive, column, filled_form, letter_docx, pdf, saved, xlsx

One = Callable[..., dict[str, Any]]


def test_a_word_document_gives_paragraphs_and_tables_in_order_without_header_and_footer(one: One) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Heron House B&B"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    document.add_paragraph("Dear Larkfield,")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Order", "LF-48100001", "Fault", "Leg is broken"], strict=True):
        cell.text = text
    document.add_paragraph("Please mend it.")
    item = one("letters", "a.docx", saved(document))
    assert item["text"] == "Dear Larkfield,\nOrder: LF-48100001\nFault: Leg is broken\nPlease mend it."
    assert (item["channel"], item["external_id"], item["row"], item["problem"]) == ("letter", "a.docx", None, None)


def test_tracked_changes_are_accepted(one: One) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("It was ")
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>awful</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>poor</w:t></w:r></w:ins>"))
    assert one("letters", "a.docx", saved(document))["text"] == "It was poor"


def test_a_letter_is_dated_by_its_name_then_its_head_then_its_file(tmp_path: Path) -> None:
    (tmp_path / "2026-09-20_a.docx").write_bytes(letter_docx("5 September 2026", "Dear Larkfield, thanks."))
    (tmp_path / "b.docx").write_bytes(letter_docx("5 September 2026", "Dear Larkfield, thanks."))
    (tmp_path / "c.txt").write_text("Dear Larkfield, thanks.")
    named, headed, neither = rows(tmp_path, "letters")
    assert f"{named['occurred_at']:%d %H}" == "20 12"
    assert f"{headed['occurred_at']:%d %H}" == "05 12"
    assert neither["occurred_at"] == neither["received_at"]


def test_a_pdf_is_read_by_place_not_by_the_order_in_its_file(one: One) -> None:
    lines = [
        *column(70, 700, "Dear Larkfield,"),
        *column(70, 660, "The box was far too large for one bulb, and", "it was damp."),
    ]
    item = one("letters", "a.pdf", pdf(lines[::-1]))
    assert item["text"] == "Dear Larkfield,\n\nThe box was far too large for one bulb, and it was damp."


def test_two_columns_are_read_one_after_the_other_below_a_title(one: One) -> None:
    left = column(
        60,
        700,
        "Our committee thanks you in",
        "print, by eleven votes to",
        "one. The one was Stan, who",
        "votes against it all.",
    )
    right = column(
        320,
        707,
        "Netting is dearer by a third",
        "than it was last year, as we",
        "all know, and Stan asked us",
        "to mention it here.",
    )
    across = [line for pair in zip(left, right, strict=True) for line in pair]
    text = one("letters", "a.pdf", pdf([(150, 760, "An open letter to our friends at Larkfield"), *across]))["text"]
    assert text == (
        "An open letter to our friends at Larkfield\n\n"
        "Our committee thanks you in print, by eleven votes to one. The one was Stan, who votes against it all.\n\n"
        "Netting is dearer by a third than it was last year, as we all know, and Stan asked us to mention it here."
    )


def test_a_table_of_figures_is_no_pair_of_columns(one: One) -> None:
    names = column(60, 700, "Two lavender plants, moist", "Delivery to the front door", "Handling, whatever that is")
    text = one("letters", "a.pdf", pdf([*names, *column(400, 700, "13.98", "3.95", "4.99")]))["text"]
    assert "Handling, whatever that is 4.99" in text


def test_a_page_of_thousands_of_pieces_takes_no_time(one: One) -> None:
    scattered = [(20 + number * 7 % 500, 20 + number * 13 % 800, f"word{number}") for number in range(4_000)]
    started = time.process_time()
    assert "word3999" in one("letters", "a.pdf", pdf(scattered))["text"]
    assert "word2499" in one("letters", "b.pdf", pdf(scattered[:2_500]))["text"]
    assert time.process_time() - started < 10


def test_page_numbers_and_repeated_margins_go_and_a_sentence_over_two_pages_stays_whole(one: One) -> None:
    head = (60, 800, "Ferriby Voss LLP, Solicitors")
    first = [head, *column(60, 700, "We ask for three things. A recall, and a"), (250, 40, "Page 1 of 2")]
    second = [head, *column(60, 700, "named director who will tell us all."), (250, 40, "Page 2 of 2")]
    text = one("letters", "a.pdf", pdf(first, second))["text"]
    assert text == "We ask for three things. A recall, and a named director who will tell us all."


def test_an_html_page_keeps_its_lines_and_drops_what_nobody_sees(one: One) -> None:
    page = (
        "<!doctype html><html><head><title>x</title><style>p{}</style></head><body><p>Dear "
        "<b>Lark</b>field,<br>hello</p>"
        "<div style='display: none'>preview</div><ul><li>the box</li><li>the fee &amp; the wait</li></ul>"
        "<script>alert(1)</script><table><tr><td>Order</td><td>48</td></tr></table></body></html>"
    )
    expected = "Dear Larkfield,\nhello\n\nthe box\nthe fee & the wait\n\nOrder 48"
    assert one("letters", "page.html", page)["text"] == expected
    assert one("letters", "page.txt", page)["text"] == expected  # told by content


def test_the_bytes_decide_not_the_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(letter_docx("A Word letter."))
    (tmp_path / "b").write_bytes(pdf(column(60, 700, "A letter as PDF.")))
    (tmp_path / "c.docx").write_bytes(pdf(column(60, 700, "Another PDF.")))
    assert [row["text"] for row in rows(tmp_path, "letters")] == ["A Word letter.", "A letter as PDF.", "Another PDF."]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNUSABLE = {
    "empty.txt": (b"", "Is empty"),
    "blank.txt": (b" \n\n ", "Has no words"),
    "number.txt": (b"48173390", "Has no words"),
    "binary.txt": (bytes(range(256)) * 20, "Is not text"),
    "cut.docx": (letter_docx("Dear Larkfield")[:900], "damaged or cut off"),
    "no.docx": (b"hello", "Is no DOCX"),
    "sheet.docx": (xlsx(A=[["a", "b"]]), "Is a spreadsheet"),
    "letter.xyz": (b"Dear Larkfield", r"Is a \.xyz"),
    "old.doc": (OLE + bytes(600), "old Office kind"),
    "secret.docx": (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "cut.pdf": (pdf(column(60, 700, "Dear Larkfield"))[:200], "damaged or cut-off PDF"),
    "no.pdf": (b"Dear Larkfield", "Is no PDF"),
    "blank.pdf": (pdf([]), "PDF without any text"),
    "broken.docx": (archive(**{"word__document.xml": b"<not>word"}), "damaged: its text is no whole XML"),
    "many.pdf": (pdf(*[[] for _ in range(101)]), "Has 101 pages; at most 100"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_letter_says_what_it_is_and_how_to_mend_it(one: One, name: str) -> None:
    content, problem = UNUSABLE[name]
    item = one("letters", name, content)
    assert item["text"] is None
    assert item["occurred_at"] is None
    assert re.search(problem, item["problem"]), item["problem"]
    assert "Larkfield" not in item["problem"]


def test_a_protected_pdf(one: One) -> None:
    locked = pdf(column(60, 700, "Dear Larkfield"), is_protected=True)
    assert one("letters", "a.pdf", locked)["problem"].startswith("Is protected by a password")


def test_a_scan_names_the_extra_that_reads_it(one: One, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    problem = one("letters", "scan.pdf", pdf(image=True))["problem"]
    assert problem == "Is a scan: it has no text, only images. Install the OCR extra: make ocr."


def test_a_letter_with_a_scanned_page_is_read_and_the_page_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    (tmp_path / "a.pdf").write_bytes(pdf(column(60, 700, "Please see the photograph."), image=True))
    letter, page = rows(tmp_path, "letters")
    assert letter["text"] == "Please see the photograph."
    assert page["row"] == 2
    assert page["problem"].startswith("Page 2 has no text, only an image; the other pages were read.")


def test_a_stamp_on_a_scan_is_not_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    (tmp_path / "a.pdf").write_bytes(pdf(image=True, stamp="Received 14 September 2026"))
    letter, page = rows(tmp_path, "letters")
    assert letter["text"] == "Received 14 September 2026"
    assert page["problem"].startswith("Page 1 is an image; only the few words beside it were read")
    monkeypatch.setattr(ocr, "is_installed", lambda: True)
    monkeypatch.setattr(ocr, "read_picture", lambda picture: "Dear Larkfield, it leaks. Received 14 September 2026")
    (letter,) = rows(tmp_path, "letters")
    assert letter["text"].startswith("Dear Larkfield")
    monkeypatch.setattr(ocr, "read_picture", lambda picture: "Larkfield")  # a photograph of the lamp
    assert rows(tmp_path, "letters")[0]["text"] == "Received 14 September 2026"


def test_words_beside_a_picture_are_a_letter(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(image=True, stamp="It leaks. " * 15))
    (letter,) = rows(tmp_path, "letters")
    assert letter["text"].count("leaks") == 15


def test_a_form_is_read_as_it_was_filled_in(one: One) -> None:
    text = one("letters", "a.pdf", filled_form("The lamp leaks."))["text"]
    assert text.split() == ["Your", "complaint:", "The", "lamp", "leaks."]


def test_a_font_that_does_not_say_its_letters(one: One, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    data = pdf(column(60, 700, "'HDU\3/DUNILHOG\3LW\3OHDNV"))  # "Dear Larkfield it leaks" by the numbers of its glyphs
    problem = one("letters", "a.pdf", data)["problem"]
    assert problem.startswith("Is a PDF in a font that does not say which letters it shows. Install the OCR extra")


def test_what_the_recogniser_finds_is_put_in_order(one: One, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the recogniser, which is an extra: it returns boxes, texts and scores."""

    def box(x: float, y: float, width: float) -> list[list[float]]:
        return [[x, y], [x + width, y], [x + width, y + 20], [x, y + 20]]

    found = [
        (box(100, 140, 300), "roof was cracked.I rang,and", 0.9),
        (box(100, 100, 160), "Dear Larkfield,", 0.95),
        (box(100, 165, 120), "Priya came.", 0.8),
        (box(100, 200, 50), "~~#", 0.2),
    ]
    monkeypatch.setattr(ocr, "is_installed", lambda: True)
    monkeypatch.setattr(ocr, "_engine", lambda: lambda picture: (found, 0.1))
    assert (
        one("letters", "scan.pdf", pdf(image=True))["text"]
        == "Dear Larkfield,\n\nroof was cracked. I rang, and Priya came."
    )
    assert one("letters", "scan.png", b"\x89PNG\r\n\x1a\n...")["text"].startswith("Dear Larkfield,")
    monkeypatch.setattr(ocr, "_engine", lambda: lambda picture: (None, 0.1))
    assert "nothing legible" in one("letters", "blank.pdf", pdf(image=True))["problem"]
    assert "Nothing legible" in one("letters", "blank.png", b"\x89PNG\r\n\x1a\n...")["problem"]
