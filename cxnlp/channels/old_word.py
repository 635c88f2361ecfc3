"""Letters of Word 97 to 2003 (.doc): the text's pieces, as the file's table of pieces orders them.

[MS-DOC], 2.4.1: the header (FIB) says where the table is (2.9.38, Clx), and each piece of it where its characters are,
one byte each (Windows-1252) or two (UTF-16). Read are the body, footnotes, endnotes and text boxes; page headers,
comments and what a field would compute are not. Formatting is not read, so hidden and deleted words count as text.
"""

import io
import re
import struct
from collections.abc import Iterator
from typing import Final

import olefile

from cxnlp.channels.items import Unusable
from cxnlp.channels.plain import tidy

_WORD: Final = 0xA5EC
_WORD_97: Final = 0x00C1
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
#: Places in the header: numbers of characters of each part, in the order of the text (the fourth means nothing); place
#: and size of the Clx.
_COUNTS, _CLX = struct.Struct("<3I4x4I"), 0x1A2
_COUNTS_AT: Final = 0x4C
_PARTS: Final = ("body", "footnotes", "headers", "comments", "endnotes", "boxes", "header boxes")
_READ: Final = ("body", "footnotes", "endnotes", "boxes")
_FORMATS, _TABLE = 1, 2  # what the parts of a Clx begin with
_ONE_BYTE: Final = 1 << 30
_MOST_CHARACTERS: Final = 20_000_000
#: A field: begin, what it computes, between, what it shows, end; both halves may hold fields.
_FIELD: Final = re.compile(r"\x13[^\x13\x15]*?\x14([^\x13\x14\x15]*)\x15|\x13[^\x13\x14\x15]*\x15")
_SIGNS: Final = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-", "\xa0": " "}
    | dict.fromkeys("\x00\x01\x02\x03\x04\x05\x06\x08\x0e\x13\x14\x15\x1f", "")
)

_DAMAGED: Final = "Is a damaged Word document. Open it in Word or LibreOffice and save it as .docx."
_OLDER: Final = "Is of a Word older than Word 97. Open it in Word or LibreOffice and save it as .docx."
_PROTECTED: Final = "Is protected by a password. Only open documents are read; save it again without one."


def is_doc(data: bytes) -> bool:
    """True for a compound file that holds a Word document."""
    return "WordDocument".encode("utf-16-le") in data


def read_doc(data: bytes) -> str:
    """Return the text of a .doc.

    Raises:
        Unusable: it is damaged, protected, or older than Word 97.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as stored:
            document = bytes(stored.openstream("WordDocument").read())
            kind, version = struct.unpack_from("<HH", document)
            (flags,) = struct.unpack_from("<H", document, 0x0A)
            if kind != _WORD or version < _WORD_97:
                raise Unusable(_OLDER)
            if flags & _ENCRYPTED:
                raise Unusable(_PROTECTED)
            table = bytes(stored.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read())
        return tidy("\n".join(_shown(part) for part in _parts(document, table)))
    except (OSError, struct.error, IndexError, ValueError, OverflowError, RecursionError) as error:
        raise Unusable(_DAMAGED) from error


def _parts(document: bytes, table: bytes) -> Iterator[str]:
    """The parts of the text that are a letter's."""
    place, size = struct.unpack_from("<II", document, _CLX)
    text = "".join(_pieces(document, _table_of_pieces(table[place : place + size])))
    at = 0
    for name, n_characters in zip(_PARTS, _COUNTS.unpack_from(document, _COUNTS_AT), strict=True):
        if name in _READ:
            yield text[at : at + n_characters]
        at += n_characters


def _table_of_pieces(clx: bytes) -> bytes:
    """Return the table of pieces; formats that stand before it are passed over."""
    at = 0
    while clx[at] == _FORMATS:
        at += 3 + int(struct.unpack_from("<H", clx, at + 1)[0])
    if clx[at] != _TABLE:
        raise ValueError("no table of pieces")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    return clx[at + 5 : at + 5 + size]


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    """The pieces of the text in order; characters of two bytes that stand for one sign count as two, as Word counts."""
    n_pieces = (len(table) - 4) // 12
    borders = struct.unpack_from(f"<{n_pieces + 1}I", table)
    if borders[-1] > _MOST_CHARACTERS:
        raise ValueError("absurdly long")
    for number in range(n_pieces):
        n_characters = borders[number + 1] - borders[number]
        (place,) = struct.unpack_from("<I", table, 4 * (n_pieces + 1) + 8 * number + 2)
        if place & _ONE_BYTE:
            start = (place & ~_ONE_BYTE) // 2
            yield document[start : start + n_characters].decode("cp1252", "replace")
        else:
            yield document[place : place + 2 * n_characters].decode("utf-16-le", "replace")


def _shown(text: str) -> str:
    """The words without fields' instructions and signs of layout."""
    found = 1
    while found:  # from the inside out
        text, found = _FIELD.subn(lambda match: match[1] or "", text)
    return text.translate(_SIGNS)
