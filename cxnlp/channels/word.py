"""Word documents (.docx) to text."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.oxml.ns import qn

from cxnlp.channels.items import Unusable
from cxnlp.channels.plain import tidy

# Struck out by tracked changes, or said twice for old versions of Word.
_NOT_READ: Final = {
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def read_docx(data: bytes) -> str:
    """Return the body of a Word document: paragraphs and tables in order, tracked changes accepted.

    Headers and footers (letterheads, page numbers, disclaimers) are left out.

    The archive was checked before (``archives.check_archive``).

    Raises:
        Unusable: it is damaged.
    """
    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:  # lxml's errors are SyntaxErrors
        raise Unusable("Is a damaged Word document. Open it in Word, repair it and save it again.") from error
    return tidy("\n".join(_blocks(document.element.body)))


def _blocks(parent: Any) -> Iterator[str]:
    for child in parent:
        if child.tag == qn("w:p"):
            yield _words(child)
        elif child.tag == qn("w:tbl"):
            yield from _rows(child)
        elif child.tag not in _NOT_READ and len(child):  # content controls and the like
            yield from _blocks(child)


def _rows(table: Any) -> Iterator[str]:
    """One line per row of a table; a cell of running text stays paragraphs of its own."""
    for row in table.iter(qn("w:tr")):
        cells = ["\n".join(_blocks(cell)).strip() for cell in row.iterchildren(qn("w:tc"))]
        filled = [cell for cell in cells if cell]
        yield ("\n" if any("\n" in cell for cell in filled) else ": " if len(filled) == 2 else " ").join(filled)


def _words(paragraph: Any) -> str:
    return "".join(_runs(paragraph))


def _runs(parent: Any) -> Iterator[str]:
    for child in parent:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in (qn("w:tab"), qn("w:br"), qn("w:cr")):
            yield " " if child.tag == qn("w:tab") else "\n"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif child.tag not in _NOT_READ:
            yield from _runs(child)
