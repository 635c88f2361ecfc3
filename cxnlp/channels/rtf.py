"""Rich Text (.rtf) to text.

A reader of its own, because the kept ones count what tracked changes struck out, drop footnotes, and take time in the
square of what a hostile file repeats. Control words are those of Microsoft's RTF specification 1.9.1.
"""

import codecs
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from cxnlp.channels.items import Unusable
from cxnlp.channels.plain import tidy
from cxnlp.channels.xmlparts import table_row

_MAX_DEPTH: Final = 1_000
_MAX_TOKENS: Final = 5_000_000
_TOKEN: Final = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z'])"
    rb"|(?P<brace>[{}])|(?P<run>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
#: Parts of a file that are no words of the letter, beside every part that is marked as one that may be skipped.
_SKIPPED: Final = frozenset(
    b"colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf annotation atnid "
    b"atnauthor nonshppict shprslt listtext pntext objdata sn sv xe tc ftnsep filetbl revtbl private1".split()
)
#: Parts that may be skipped by readers which do not know them, and hold the words of text boxes.
_KNOWN: Final = frozenset((b"shpinst", b"shpgrp"))
_SIGNS: Final = {
    b"par": "\n", b"line": "\n", b"sect": "\n\n", b"page": "\n\n", b"tab": " ", b"nestcell": " ", b"nestrow": "\n",
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"emspace": " ", b"enspace": " ", b"qmspace": " ", b"~": "\xa0", b"_": "-", b"\n": "\n",
    b"\r": "\n", b"\\": "\\", b"{": "{", b"}": "}",
}  # fmt: skip
_CODE_PAGES: Final = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850", b"ansi": "cp1252"}
_CHARSETS: Final = {
    0: "cp1252", 2: "symbol", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
#: What Word makes of ":)", ":|" and ":(" as one types: letters of the font Wingdings.
_FACES: Final = {"J": "☺", "K": "😐", "L": "☹"}
_CELL: Final = "\x01"


@dataclass(frozen=True)
class _Group:
    """What holds inside one pair of braces."""

    is_skipped: bool = False
    is_font_table: bool = False
    is_note: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    font: int | None = None
    n_fallback: int = 1  # signs after each \u that are for old readers


@dataclass
class _Reading:
    """How far the reading has come."""

    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    code_page: str = "cp1252"
    charsets: dict[int, str] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waiting: bytearray = field(default_factory=bytearray)  # bytes of the text that are not decoded yet
    units: list[int] = field(default_factory=list)  # UTF-16 of \u that is not decoded yet
    n_skip: int = 0
    row_at: int | None = None  # where in ``text`` the table's row began
    may_skip: bool = False  # after \*

    def flush(self) -> None:
        """Decode what waits."""
        if self.waiting:
            self._put(_decoded(bytes(self.waiting), self._encoding()))
            self.waiting.clear()
        if self.units:
            data = b"".join(unit.to_bytes(2, "little") for unit in self.units)
            self._put(data.decode("utf-16-le", "replace"))
            self.units.clear()

    def _put(self, text: str) -> None:
        if not (self.group.is_hidden or self.group.is_deleted):
            (self.notes if self.group.is_note else self.text).append(text)

    def say(self, sign: str) -> None:
        """Add a sign that stands outside every encoding; a paragraph's end brings its notes."""
        self.flush()
        self._put(sign)
        if sign == "\n" and not self.group.is_note and self.notes:
            self.text += ["".join(self.notes).strip(), "\n"]
            self.notes.clear()

    def _encoding(self) -> str:
        return self.charsets.get(-1 if self.group.font is None else self.group.font, self.code_page)


def read_rtf(data: bytes) -> str:
    """Return the words of an RTF letter: paragraphs, text boxes and tables in order, tracked changes accepted.

    Footnotes follow their paragraph. Page headers and footers, comments, pictures and hidden text are left out.

    Raises:
        Unusable: it is cut off, nested absurdly deep, or far too long.
    """
    reading, place = _Reading(), 0
    for _ in range(_MAX_TOKENS):
        match = _TOKEN.match(data, place)
        if match is None:
            raise Unusable("Is RTF that is cut off: it never closes what it opens. Copy or export it again.")
        place = match.end()
        if match["brace"]:
            _brace(reading, match["brace"])
            if not reading.outer:
                reading.say("\n")  # brings the last paragraph's notes
                return tidy("".join(reading.text).replace(_CELL, " "))
        elif match["word"]:
            number = int(match["number"]) if match["number"] else None
            if match["word"] == b"bin":
                place += max(number or 0, 0)
            _word(reading, match["word"], number)
        elif match["sign"] == b"*":
            reading.may_skip = True
        else:
            _signs(reading, match)
    raise Unusable(f"Is RTF with more than {_MAX_TOKENS:,} marks. Save it again, or as .docx.")


def _brace(reading: _Reading, brace: bytes) -> None:
    reading.flush()
    reading.n_skip, reading.may_skip = 0, False
    if brace == b"}":
        if reading.outer:
            reading.group = reading.outer.pop()
        return
    if len(reading.outer) >= _MAX_DEPTH:
        raise Unusable(f"Is RTF with more than {_MAX_DEPTH:,} groups inside each other. Save it again, or as .docx.")
    reading.outer.append(reading.group)


def _signs(reading: _Reading, match: re.Match[bytes]) -> None:
    """Text: a run of it, one byte in hexadecimal, or an escaped sign."""
    group = reading.group
    run = match["run"] or (bytes([int(match["hex"], 16)]) if match["hex"] else b"")
    if match["sign"] is None and reading.n_skip:
        n_skip = min(reading.n_skip, len(run))
        run, reading.n_skip = run[n_skip:], reading.n_skip - n_skip
    if group.is_font_table or group.is_skipped:
        return
    if match["sign"] in _SIGNS:
        reading.say(_SIGNS[match["sign"]])
    elif run:
        if reading.units:
            reading.flush()
        reading.waiting += run


def _word(reading: _Reading, word: bytes, number: int | None) -> None:
    """Follow one control word."""
    may_skip, reading.may_skip = reading.may_skip, False
    reading.n_skip = 0
    group = reading.group
    if group.is_skipped:
        return
    if word == b"fonttbl":
        reading.group = replace(group, is_font_table=True)
    elif word in _SKIPPED or (may_skip and word not in _KNOWN):
        reading.flush()
        reading.group = replace(group, is_skipped=True)
    elif word == b"footnote":
        reading.flush()
        reading.group = replace(group, is_note=True)
        reading.notes.append("\n" if reading.notes else "")
    elif word in _SIGNS:
        reading.say(_SIGNS[word])
    elif word == b"u" and number is not None:
        if reading.waiting:
            reading.flush()
        reading.units.append(number % 0x10000)
        reading.n_skip = group.n_fallback
    elif word in (b"trowd", b"cell", b"row"):
        _table(reading, word)
    else:
        _property(reading, word, number)


def _table(reading: _Reading, word: bytes) -> None:
    reading.flush()
    if word == b"trowd" and reading.row_at is None:
        reading.row_at = len(reading.text)
    elif word == b"cell":
        reading.say(_CELL)
    elif word == b"row":
        start = len(reading.text) if reading.row_at is None else reading.row_at
        cells = "".join(reading.text[start:]).split(_CELL)
        reading.text[start:] = [table_row(cells), "\n"]
        reading.row_at = None


def _property(reading: _Reading, word: bytes, number: int | None) -> None:
    """Properties of the text that follows, and of the file."""
    group = reading.group
    if word == b"ansicpg" and number is not None:
        reading.code_page = _known(f"cp{number}" if number != 65001 else "utf-8")
    elif word in _CODE_PAGES:
        reading.code_page = _CODE_PAGES[word]
    elif word == b"fcharset" and group.is_font_table:
        if group.font is not None and number in _CHARSETS and (number or reading.code_page == "cp1252"):
            reading.charsets[group.font] = _CHARSETS[number]
    elif word == b"deff" and number is not None and not reading.outer[1:]:
        reading.group = replace(group, font=number)
    elif word in (b"f", b"v", b"deleted", b"uc", b"plain"):
        reading.flush()
        reading.group = _changed(group, word, number)


def _changed(group: _Group, word: bytes, number: int | None) -> _Group:
    if word == b"f":
        return replace(group, font=number)
    if word == b"v":
        return replace(group, is_hidden=number != 0)
    if word == b"deleted":
        return replace(group, is_deleted=number != 0)
    if word == b"uc":
        return replace(group, n_fallback=1 if number is None else max(number, 0))
    return replace(group, is_hidden=False, is_deleted=False, font=None)


@lru_cache(maxsize=100)
def _known(encoding: str) -> str:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return "cp1252"
    return encoding


def _decoded(data: bytes, encoding: str) -> str:
    if encoding == "symbol":
        return "".join(_FACES.get(sign, " " if sign == " " else "") for sign in data.decode("cp1252", "replace"))
    return data.decode(encoding, "replace")
