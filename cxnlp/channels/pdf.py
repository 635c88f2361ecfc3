"""PDF to text, page by page."""

import re
import threading
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


@dataclass(frozen=True)
class Pages:
    """The text of a PDF, and the numbers (from 1) of pages that hold only a picture which could not be read."""

    text: str
    unread: tuple[int, ...]


def read_pdf(data: bytes) -> Pages:
    """Return the text of a PDF in reading order, line breaks only between paragraphs.

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
            pages = [_page_text(document[number]) for number in range(len(document))]
        except pypdfium2.PdfiumError as error:
            raise Unusable(_why_closed(str(error))) from error
        finally:
            document.close()
    unread = tuple(number for number, text in enumerate(pages, start=1) if text is None)
    text = tidy(layout.join_parts(_without_margins([text for text in pages if text])))
    if not text:
        raise Unusable(_why_empty(bool(unread)))
    return Pages(text, unread)


def _why_closed(error: str) -> str:
    if "password" in error.lower():
        return "Is protected by a password. Only open PDFs are read; save it again without one."
    return "Is a damaged or cut-off PDF. Copy or export it again; a PDF that opens in a viewer can be read."


def _why_empty(is_scan: bool) -> str:
    if not is_scan:
        return "Is a PDF without any text. A letter needs at least one word; check that the right file was saved."
    if not ocr.is_installed():
        return f"Is a scan: it has no text, only images. {ocr.WITHOUT}"
    return "Is a scan and nothing legible was found on it. Scan it again, upright and at 200 dots per inch or more."


def _page_text(page: pypdfium2.PdfPage) -> str | None:
    """The text of a page; None when it is a picture that could not be read."""
    try:
        text_page = page.get_textpage()
        if any(sign.isalnum() for sign in text_page.get_text_bounded()):
            return _placed_text(page, text_page)
        if not any(True for _ in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,))):
            return ""
        return _picture_text(page) if ocr.is_installed() else None
    finally:
        page.close()


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
    scale = min(ocr.DPI / 72, ocr.MAX_DOTS / max(*page.get_size(), 1))
    try:
        return ocr.read_picture(page.render(scale=scale).to_numpy())
    except Unusable:
        return None


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
