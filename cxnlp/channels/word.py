"""Word documents (.docx, .docm, .dotx) to text."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cxnlp.channels.archives import read_part
from cxnlp.channels.items import Unusable
from cxnlp.channels.plain import tidy
from cxnlp.channels.xmlparts import name_of, parse_xml, table_row

_PREFIXES: Final = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",  # "Strict Open XML"
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}
# Struck out by tracked changes, said twice for old versions of Word, or how a word is pronounced.
_NOT_READ: Final = frozenset({"w:del", "w:moveFrom", "mc:Fallback", "w:rt"})
_REFERENCES: Final = {"w:footnoteReference": "footnotes", "w:endnoteReference": "endnotes"}
_MAIN: Final = re.compile(
    rb'Type="[^"]*/officeDocument"[^>]*Target="/?([^"]+)"|Target="/?([^"]+)"[^>]*/officeDocument"'
)
#: What Word makes of ":)", ":|" and ":(" as one types.
_FACES: Final = {"F04A": "☺", "F04B": "😐", "F04C": "☹"}
_OFF: Final = ("0", "false", "off")

Notes = Mapping[tuple[str, str], Any]


def read_docx(data: bytes) -> str:
    """Return the body of a Word document: paragraphs, text boxes and tables in order, tracked changes accepted.

    Footnotes and endnotes follow the paragraph that refers to them. Headers and footers (letterheads, page numbers,
    disclaimers), comments and hidden text are left out.

    The archive was checked before (``archives.check_archive``).

    Raises:
        Unusable: it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = _part(archive, _main_part(archive))
        notes = {
            (kind, note.get(_qualified(note, "id"))): note
            for kind in _REFERENCES.values()
            if (root := _part(archive, f"word/{kind}.xml")) is not None
            for note in root
            if isinstance(note.tag, str)
        }
    if body is None:
        raise Unusable("Is a damaged Word document: its text is missing. Open it in Word, repair it and save it again.")
    return tidy("\n".join(_blocks(body, notes)))


def docx_head(data: bytes) -> str:
    """Return what stands in the document's page headers: letterheads, and sometimes the date."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(name for name in archive.namelist() if re.fullmatch(r"word/header\d*\.xml", name))
        roots = [_part(archive, name) for name in names]
    return tidy("\n".join(line for root in roots if root is not None for line in _blocks(root, {})))


def _main_part(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if "word/document.xml" not in names and "_rels/.rels" in names:
        found = _MAIN.search(read_part(archive, "_rels/.rels"))
        if found:
            return (found[1] or found[2]).decode("utf-8", "replace")
    return "word/document.xml"


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    return parse_xml(read_part(archive, name)) if name in archive.namelist() else None


def _blocks(parent: Any, notes: Notes) -> Iterator[str]:
    for child in parent:
        name = name_of(child, _PREFIXES)
        if name == "w:p":
            beside: list[str] = []
            yield "".join(_runs(child, notes, beside))
            yield from beside
        elif name == "w:tbl":
            yield from _rows(child, notes)
        elif name not in _NOT_READ and len(child):  # content controls and the like
            yield from _blocks(child, notes)


def _rows(table: Any, notes: Notes) -> Iterator[str]:
    """One line per row of a table; a cell of running text stays paragraphs of its own."""
    for row in _within(table, "w:tr"):
        if not _has(row, "w:trPr", "w:del"):
            cells = [cell for cell in _within(row, "w:tc") if not _has(cell, "w:tcPr", "w:cellDel")]
            yield table_row(["\n".join(_blocks(cell, notes)) for cell in cells])


def _within(parent: Any, wanted: str) -> Iterator[Any]:
    """Rows of a table, cells of a row; also those inside content controls, but not those of a table in the table."""
    for child in parent:
        name = name_of(child, _PREFIXES)
        if name == wanted:
            yield child
        elif name not in (*_NOT_READ, "w:tbl", "w:tc", "w:p"):
            yield from _within(child, wanted)


def _runs(parent: Any, notes: Notes, beside: list[str]) -> Iterator[str]:
    """Yield the words of a paragraph; what stands beside it (notes, text boxes) goes into ``beside``."""
    for child in parent:
        name = name_of(child, _PREFIXES)
        if name == "w:t":
            yield child.text or ""
        elif name in ("w:tab", "w:br", "w:cr"):
            yield " " if name == "w:tab" else "\n"
        elif name == "w:noBreakHyphen":
            yield "-"
        elif name == "w:sym":
            yield _FACES.get((child.get(_qualified(child, "char")) or "").upper(), "")
        elif name in _REFERENCES:
            note = notes.get((_REFERENCES[name], child.get(_qualified(child, "id"))))
            beside.extend([] if note is None else _blocks(note, {}))  # a note has no notes
        elif name == "w:txbxContent":
            beside.extend(_blocks(child, notes))
        elif name not in (*_NOT_READ, "w:pPr") and not (name == "w:r" and _is_hidden(child)):
            yield from _runs(child, notes, beside)


def _is_hidden(run: Any) -> bool:
    return any(
        name_of(mark, _PREFIXES) == "w:vanish" and mark.get(_qualified(mark, "val")) not in _OFF
        for properties in run
        if name_of(properties, _PREFIXES) == "w:rPr"
        for mark in properties
    )


def _has(element: Any, properties: str, mark: str) -> bool:
    return any(
        name_of(inner, _PREFIXES) == mark
        for child in element
        if name_of(child, _PREFIXES) == properties
        for inner in child
    )


def _qualified(element: Any, attribute: str) -> str:
    """An attribute's full name, in the element's own namespace."""
    return f"{element.tag.rpartition('}')[0]}}}{attribute}"
