"""PDF to text, page by page."""

import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import pypdfium2
from pypdfium2 import raw

from cxnlp.channels import layout, ocr
from cxnlp.channels.items import Unusable
from cxnlp.channels.plain import tidy

MAX_PAGES: Final = 100
#: On a page of more pieces (a drawing, a map) their places are not looked at.
_MAX_PIECES: Final = 3_000
_PDFIUM: Final = threading.Lock()  # PDFium may be used by one thread at a time
_PAGE_NUMBER: Final = re.compile(
    r"(?:page|seite|strona|p[áa]gina|tudalen)?\s*\d{1,3}(?:\s*(?:/|of|von|sur|de|z|o)\s*\d{1,3})?", re.IGNORECASE
)


#: A page that is a picture to this share and has fewer words than this is a scan with a stamp or a caption.
_PICTURE_SHARE: Final = 0.4
_STAMP_WORDS: Final = 25
#: What a font gives that does not say which letters it shows: glyph numbers, of which a space is one (PDFium's mark for
#: a parted word, 2, is none of them).
_NO_SIGN: Final = re.compile(r"[\ue000-\uf8ff\ufffd\x00\x01\x03-\x08\x0e-\x1f]")
_ODD_SHARE: Final = 0.05

ONLY_PICTURE: Final = "has no text, only an image"
STAMPED: Final = "is an image; only the few words beside it were read"
ODD_FONT: Final = "is set in a font that does not say which letters it shows"


@dataclass(frozen=True)
class Pages:
    """The text of a PDF, and the pages (number from 1, why) that could not be read or not wholly."""

    text: str
    unread: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class _Page:
    text: str
    problem: str | None = None


def read_pdf(data: bytes) -> Pages:
    """Return the text of a PDF in reading order, line breaks only between paragraphs; forms are read as filled in.

    Raises:
        Unusable: it is damaged, protected, far too long, or has neither text nor a legible picture.
    """
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise Unusable(_why_closed(str(error))) from error
        try:
            if len(document) > MAX_PAGES:
                raise Unusable(
                    f"Has {len(document)} pages; at most {MAX_PAGES} are read. Split it into single letters."
                )
            if document.get_formtype() != raw.FORMTYPE_NONE:
                with suppress(RuntimeError):  # a broken form; the page's own text is still there
                    document.init_forms()
            pages = [_page(document, number) for number in range(len(document))]
        except pypdfium2.PdfiumError as error:
            raise Unusable(_why_closed(str(error))) from error
        finally:
            document.close()
    unread = tuple((number, page.problem) for number, page in enumerate(pages, start=1) if page.problem)
    text = tidy(layout.join_parts(_without_margins([page.text for page in pages if page.text])))
    if not text:
        raise Unusable(_why_empty({problem for _, problem in unread}))
    return Pages(text, unread)


def _why_closed(error: str) -> str:
    if "password" in error.lower():
        return "Is protected by a password. Only open PDFs are read; save it again without one."
    return "Is a damaged or cut-off PDF. Copy or export it again; a PDF that opens in a viewer can be read."


def _why_empty(problems: set[str]) -> str:
    if not problems:
        return "Is a PDF without any text. A letter needs at least one word; check that the right file was saved."
    if problems == {ODD_FONT}:
        advice = "Print it to PDF again, or save it as .docx." if ocr.is_installed() else ocr.WITHOUT
        return f"Is a PDF in a font that does not say which letters it shows. {advice}"
    if not ocr.is_installed():
        return f"Is a scan: it has no text, only images. {ocr.WITHOUT}"
    return "Is a scan and nothing legible was found on it. Scan it again, upright and at 200 dots per inch or more."


def _page(document: pypdfium2.PdfDocument, number: int) -> _Page:
    page = document[number]
    try:
        if raw.FPDFPage_GetAnnotCount(page) > 0:  # fields of a form and typed notes become part of the page
            with suppress(RuntimeError):
                page.flatten()
            page.close()
            page = document[number]
        return _read(page)
    finally:
        page.close()


def _read(page: pypdfium2.PdfPage) -> _Page:
    """The text of a page; of what is only shown as a picture, as far as it can be recognised."""
    text_page = page.get_textpage()
    plain = text_page.get_text_bounded()
    is_odd = _is_odd(plain)
    if any(sign.isalnum() for sign in plain) and not is_odd:
        text = _placed_text(page, text_page)
        if len(text.split()) >= _STAMP_WORDS or not _is_picture(page):
            return _Page(text)
        recognised = _picture_text(page)
        if recognised is None:
            return _Page(text, STAMPED)
        return _Page(recognised if len(recognised.split()) > len(text.split()) else text)
    if is_odd:
        problem = ODD_FONT
    elif any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,))):
        problem = ONLY_PICTURE
    else:
        return _Page("")
    recognised = _picture_text(page)
    return _Page(recognised) if recognised else _Page("", problem)


def _is_odd(text: str) -> bool:
    n_signs = sum(not sign.isspace() for sign in text)
    return n_signs > 0 and len(_NO_SIGN.findall(text)) > _ODD_SHARE * n_signs


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """True when one image covers much of the page."""
    least = _PICTURE_SHARE * page.get_width() * page.get_height()
    for image in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,)):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) >= least:
            return True
    return False


def _placed_text(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> str:
    """Text by its place on the page; the order in which a program wrote it into the file may be another."""
    if text_page.count_rects() > _MAX_PIECES:
        return re.sub(r"\r\n?|\x00", "\n", text_page.get_text_bounded())
    height = page.get_height()
    pieces = []
    for number in range(text_page.count_rects()):
        left, bottom, right, top = text_page.get_rect(number)
        text = re.sub(r"[\r\n\x00]+", " ", text_page.get_text_bounded(left, bottom, right, top))
        pieces.append(layout.Piece(left, height - top, right, height - bottom, text))
    return layout.text_in_order(pieces, page.get_width())


def _picture_text(page: pypdfium2.PdfPage) -> str | None:
    """What is recognised on the page as it looks: nothing on a photograph; None without the OCR extra."""
    if not ocr.is_installed():
        return None
    scale = min(ocr.DPI / 72, ocr.MAX_DOTS / max(*page.get_size(), 1))
    try:
        return ocr.read_picture(page.render(scale=scale).to_numpy())
    except Unusable:
        return ""


def _without_margins(pages: list[str]) -> list[str]:
    """Drop page numbers, and first and last lines that every page repeats (letterheads, disclaimers)."""
    lines = [page.strip().split("\n") for page in pages]
    for end in (0, -1):
        lines = [
            _trimmed(page[1:] if end == 0 else page[:-1]) if _PAGE_NUMBER.fullmatch(page[end]) else page
            for page in lines
        ]
        ends = {re.sub(r"\d+", "0", page[end]) for page in lines}
        if len(lines) > 1 and len(ends) == 1:
            lines = [_trimmed(page[1:] if end == 0 else page[:-1]) for page in lines]
    return ["\n".join(page) for page in lines]


def _trimmed(lines: list[str]) -> list[str]:
    return "\n".join(lines).strip().split("\n")
