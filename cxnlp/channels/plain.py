"""Bytes to text: which encoding, which line breaks, and which line breaks only came from the width of a page."""

import codecs
import re
from collections.abc import Iterable
from typing import Final

import charset_normalizer

from cxnlp.channels.items import Unusable

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the next one does
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF32_BE, "utf-32"),
)
#: What never stands so in Windows-1252, and what it is then: Polish ą, ś, ź of Unix and ą, ł, ż of Windows, an old
#: Mac's apostrophe and quotes, DOS's é, ä, ö, ü and £.
_TELLS: Final = (
    ("iso8859_2", re.compile(r"[a-z][±¶¼][a-z]|\B[¬¦][a-z]{2}")),
    ("cp1250", re.compile(r"[a-z][¹³¿][a-z]")),
    ("mac_roman", re.compile(r"[a-z]Õ[a-z]|\bÒ\w[^ÒÓ]{0,300}[\w.,!?]Ó")),
    ("cp850", re.compile(r"[a-z][‚„”\ufffd][a-z]|œ\d")),
)
#: In a text of more signs outside ASCII than this, a statistical guess is better than the tells.
_FOREIGN_SHARE: Final = 0.4
_GUESSED_BYTES: Final = 8_000
_FOREIGN: Final = (
    "cp1251", "koi8_r", "iso8859_5", "cp866", "cp1253", "iso8859_7", "cp1255", "cp1256", "cp932", "euc_jp", "gb18030",
    "big5", "cp949",
)  # fmt: skip
_DECLARED: Final = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?([\w:.-]{2,40})", re.IGNORECASE)
_LIST_MARK: Final = re.compile(r"(?:[-*•–·>]|\d{1,2}[.:]\d\d\b|\s{4,}|[A-Z][\w ]{0,15}:\s)")
_NUMBER_MARK: Final = re.compile(r"\(?\d{1,2}[.)]\s")
_LEAST_WIDTH: Final = 45


def encoding_of(chunks: Iterable[bytes]) -> str:
    """Return the name of the encoding that ``chunks``, the parts of one file, are written in.

    A byte-order mark decides; else UTF-16 shows by its NULs; else UTF-8 unless too much of it is broken; else an old
    code page: Windows-1252 unless words tell of another one, or most letters are of another alphabet.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    n_good = n_broken = 0
    head = b""
    for chunk in chunks:
        if not head:
            head = chunk[:65536]
            marked = next((name for mark, name in _MARKS if head.startswith(mark)), _unmarked_utf16(head))
            if marked is not None:
                return marked
        if not chunk.isascii() or decoder.getstate()[0]:
            text = decoder.decode(chunk)
            broken = sum(1 for sign in text if "\udc80" <= sign <= "\udcff")
            n_broken += broken
            n_good += sum(1 for sign in text if sign > "\x7f") - broken
    if n_broken * 10 <= n_good:
        return "utf-8"
    return _code_page(head)


def _code_page(head: bytes) -> str:
    head = head if len(head) < _GUESSED_BYTES else head[:_GUESSED_BYTES].rpartition(b" ")[0] or head[:_GUESSED_BYTES]
    n_foreign = sum(byte > 0x7F for byte in head)
    n_ascii = sum(chr(byte).isalpha() for byte in head if byte <= 0x7F)
    if n_foreign > _FOREIGN_SHARE * (n_foreign + n_ascii) and n_foreign > 8:
        guess = charset_normalizer.from_bytes(head, cp_isolation=list(_FOREIGN)).best()
        return guess.encoding if guess else "cp1252"
    western = head.decode("cp1252", "replace")
    return next((encoding for encoding, tell in _TELLS if tell.search(western)), "cp1252")


def _unmarked_utf16(head: bytes) -> str | None:
    """Every other byte of Western text in UTF-16 is NUL."""
    half = max(len(head[:4000]) // 2, 1)
    if head[1:4000:2].count(0) > 0.6 * half and head[0:4000:2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[0:4000:2].count(0) > 0.6 * half and head[1:4000:2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def declared_encoding(page: bytes) -> str | None:
    """Return the encoding that an HTML page says it is in; None when it says none that is known."""
    match = _DECLARED.search(page[:4_000])
    try:
        name = codecs.lookup(match[1].decode()).name if match else None
    except LookupError:
        return None
    return "cp1252" if name in ("iso8859-1", "ascii") else name  # as browsers do


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of ``data`` in whatever encoding it is, each line break one newline sign.

    ``declared`` is what the file says of itself; it counts where the bytes are neither Unicode nor broken by it.

    Raises:
        Unusable: it is not text.
    """
    encoding = encoding_of([data])
    if declared and not encoding.startswith("utf"):
        encoding = declared if _decodes(data, declared) else encoding
    text = data.decode(encoding, "replace")
    strange = sum(1 for sign in text[:20_000] if sign < " " and sign not in "\t\n\r\f\v\x1a") + text.count(
        "\ufffd", 0, 20_000
    )
    if strange * 20 > len(text[:20_000]):
        raise Unusable("Is not text, though its name says so. Save it again as plain text, or give it its true suffix.")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def unwrap(text: str) -> str:
    """Join lines that were broken only because the page ended there; paragraphs and lists stay.

    A line goes on in the next one when that one's first word would not have fitted on it.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    width = lengths[int(len(lengths) * 0.9)] if lengths else 0
    if not _LEAST_WIDTH <= width <= 120:
        return text
    is_numbered = any(re.match(r"\(?1[.)]\s", line) for line in lines)  # "20. Oktober" is no item of a list
    joined: list[str] = []
    before = ""
    for number, line in enumerate(lines):
        is_marked = starts_item(line) or (is_numbered and _NUMBER_MARK.match(line))
        if before and line and not is_marked and _is_full(before, line, width) and not _is_name(lines, number, width):
            joined[-1] += ("" if before.endswith("-") else " ") + line.lstrip()
        else:
            joined.append(line)
        before = line
    return "\n".join(joined)


def starts_item(line: str) -> bool:
    """True for a line that begins with a list's sign, a time of day, a label ("Date: …") or an indent."""
    return bool(_LIST_MARK.match(line))


def _is_full(line: str, after: str, width: int) -> bool:
    """True when the next line's first word would not have fitted."""
    return len(line) + 1 + len(after.lstrip().partition(" ")[0]) > 0.9 * width


def _is_name(lines: list[str], number: int, width: int) -> bool:
    """True for the short last line under a sentence's end: a name, not the rest of the sentence."""
    line = lines[number]
    is_last = number + 1 == len(lines) or not lines[number + 1]
    return is_last and lines[number - 1][-1:] in '.!?”"' and len(line) < width / 2 and line[-1:] not in '.!?”"'


def tidy(text: str) -> str:
    """Trim line ends and keep at most one empty line between paragraphs."""
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
