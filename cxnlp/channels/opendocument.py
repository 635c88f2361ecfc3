"""OpenDocument texts (.odt, .ott, .fodt) to text."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from cxnlp.channels.archives import read_part
from cxnlp.channels.items import Unusable
from cxnlp.channels.plain import tidy
from cxnlp.channels.xmlparts import name_of, parse_xml, table_row

_BASE: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES: Final = {f"{_BASE}{name}:1.0": name for name in ("office", "text", "table", "style")} | {
    f"{_BASE}drawing:1.0": "draw"
}
_COUNT: Final = f"{{{_BASE}text:1.0}}c"
_PARAGRAPHS: Final = ("text:p", "text:h")
# What tracked changes keep of deleted words, comments, a note's number, how a word is pronounced, a list's marks.
_NOT_READ: Final = frozenset(
    {"text:tracked-changes", "office:annotation", "text:note-citation", "text:ruby-text", "text:number"}
)
_BESIDE: Final = frozenset({"text:note", "draw:text-box"})
_MOST_SPACES: Final = 20


def read_odt(data: bytes) -> str:
    """Return the body of an OpenDocument text, in an archive or as one XML file: tracked changes accepted.

    Paragraphs, text boxes and tables come in order, footnotes after the paragraph that refers to them. Page headers,
    footers and comments are left out.

    The archive was checked before (``archives.check_archive``).

    Raises:
        Unusable: it is damaged, protected, or no text document.
    """
    body = _find(_root(data, "content.xml"), "office:body")
    text = None if body is None else _find(body, "office:text")
    if text is None:
        raise Unusable("Is an OpenDocument file, but no text. Only texts (.odt) are letters; save it as one.")
    return tidy("\n".join(_blocks(text)))


def odt_head(data: bytes) -> str:
    """Return what stands in the document's page headers: letterheads, and sometimes the date."""
    try:
        root = _root(data, "styles.xml")
    except Unusable:
        return ""
    headers = [element for element in root.iter() if name_of(element, _PREFIXES) == "style:header"]
    return tidy("\n".join(line for header in headers for line in _blocks(header)))


def _root(data: bytes, part: str) -> Any:
    if not data.startswith(b"PK"):
        return parse_xml(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "META-INF/manifest.xml" in names and b"encryption-data" in read_part(archive, "META-INF/manifest.xml"):
            raise Unusable("Is protected by a password. Only open documents are read; save it again without one.")
        if part not in names:
            raise Unusable("Is a damaged OpenDocument text: its text is missing. Open it, repair it and save it again.")
        return parse_xml(read_part(archive, part))


def _find(parent: Any, wanted: str) -> Any:
    return next((child for child in parent if name_of(child, _PREFIXES) == wanted), None)


def _blocks(parent: Any) -> Iterator[str]:
    for child in parent:
        name = name_of(child, _PREFIXES)
        if name in _PARAGRAPHS:
            beside: list[str] = []
            yield "".join(_words(child, beside))
            yield from beside
        elif name == "table:table":
            for row in _within(child, ("table:table-row",)):
                cells = _within(row, ("table:table-cell",))
                yield table_row(["\n".join(_blocks(cell)) for cell in cells])
        elif name not in _NOT_READ:
            yield from _blocks(child)


def _within(parent: Any, wanted: tuple[str, ...]) -> Iterator[Any]:
    """Rows of a table, cells of a row; also those in header rows and groups."""
    for child in parent:
        name = name_of(child, _PREFIXES)
        if name in wanted:
            yield child
        elif name.startswith("table:") and name not in ("table:table", "table:table-cell"):
            yield from _within(child, wanted)


def _words(parent: Any, beside: list[str]) -> Iterator[str]:
    """Yield the words of a paragraph; what stands beside it (notes, text boxes) goes into ``beside``."""
    yield _one_space(parent.text)
    for child in parent:
        name = name_of(child, _PREFIXES)
        if name == "text:s":
            yield " " * _n_spaces(child.get(_COUNT))
        elif name in ("text:tab", "text:line-break"):
            yield " " if name == "text:tab" else "\n"
        elif name in _BESIDE:
            beside.extend(_blocks(child))
        elif name and name not in _NOT_READ:
            yield from _words(child, beside)
        yield _one_space(child.tail)


def _one_space(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _n_spaces(count: str | None) -> int:
    return min(int(count), _MOST_SPACES) if count and re.fullmatch(r"\d{1,4}", count) else 1
