"""XML out of somebody else's file: no entity is expanded, nothing is fetched, and size and depth have an end."""

from typing import Any, Final

from lxml import etree

from cxnlp.channels.items import Unusable

#: A letter's words in XML; the longest that is allowed (``items.MAX_TEXT_CHARS``) needs a tenth of it.
MAX_XML_BYTES: Final = 20_000_000


def check_size(n_bytes: int) -> None:
    """Make sure that a letter's XML is not longer than any letter is.

    Raises:
        Unusable: it is.
    """
    if n_bytes > MAX_XML_BYTES:
        raise Unusable(
            f"Holds {n_bytes / 1e6:,.0f} MB of text with its formatting; at most {MAX_XML_BYTES / 1e6:,.0f} MB are "
            "read. Split it into single letters."
        )


def parse_xml(data: bytes) -> Any:
    """Return the root element of ``data``.

    Entities of its own stay as they are written (a node whose tag is no string), elements may be 256 deep.

    Raises:
        Unusable: it is no whole XML, or too much of it.
        MemoryError: it needs more memory than there is.
    """
    check_size(len(data))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise Unusable("Is damaged: its text is no whole XML. Open it in its program and save it again.") from error


def name_of(element: Any, prefixes: dict[str, str]) -> str:
    """Return an element's name with the prefix that ``prefixes`` has for its namespace (``w:p``), else nothing."""
    if not isinstance(element.tag, str):  # a comment, an entity
        return ""
    namespace, _, name = element.tag.rpartition("}")
    prefix = prefixes.get(namespace[1:])
    return f"{prefix}:{name}" if prefix else ""


def table_row(cells: list[str]) -> str:
    """Return a table's row as a line: label and value of two cells, else words; running text stays paragraphs."""
    filled = [cell for cell in (cell.strip() for cell in cells) if cell]
    return ("\n" if any("\n" in cell for cell in filled) else ": " if len(filled) == 2 else " ").join(filled)
