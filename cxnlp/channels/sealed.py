"""Mails that are signed, and mails that are encrypted: S/MIME (RFC 8551) and OpenPGP (RFC 9580).

A signature is not checked: a mail's words are read whoever sent it. Of an opaquely signed mail (``smime.p7m``) the
content is taken out of the CMS structure (RFC 5652), in DER or BER.
"""

import re
from collections.abc import Iterator
from typing import Final

from cxnlp.channels.items import Unusable

#: Object identifiers, encoded: what a CMS structure is.
_SIGNED: Final = bytes.fromhex("2a864886f70d010702")
_OBJECT_ID, _BYTES, _BYTES_IN_PARTS, _LIST, _EXPLICIT = 0x06, 0x04, 0x24, 0x30, 0xA0
_MOST_DEEP: Final = 20

_CLEAR_SIGNED: Final = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:\S[^\n]*\r?\n)*\s*?\r?\n(.*?)\r?\n-----BEGIN PGP SIGNATURE-----"
    r".*?-----END PGP SIGNATURE-----",
    re.DOTALL,
)
_PGP_MESSAGE: Final = "-----BEGIN PGP MESSAGE-----"

ENCRYPTED: Final = (
    "Is an encrypted e-mail; nobody but its receiver can open it. Open it in the mail program and save what it says "
    "without encryption."
)

Part = tuple[int, bytes]  # tag, content


def signed_content(data: bytes) -> bytes | None:
    """Return the mail inside an opaquely signed one; None where the structure holds something else, or is damaged."""
    try:
        (_, structure), *_ = _inside(data)
        (kind, name), (_, content), *_ = _inside(structure)
        if kind != _OBJECT_ID or name != _SIGNED:
            return None
        (_, signed), *_ = _inside(content)
        wrapped = next(part for tag, part in _inside(signed) if tag == _LIST)  # after version and a set of digests
        (_, _), (tag, explicit), *_ = _inside(wrapped)
        (inner, value), *_ = _inside(explicit)
        return _joined(inner, value) if tag == _EXPLICIT else None
    except (ValueError, IndexError, StopIteration):
        return None


def clear_words(text: str) -> str:
    """Return the words of an OpenPGP mail that is signed only, without its armour; other texts as they are.

    Raises:
        Unusable: it is encrypted.
    """
    if text.lstrip().startswith(_PGP_MESSAGE):
        raise Unusable(ENCRYPTED)
    return _CLEAR_SIGNED.sub(lambda match: re.sub(r"(?m)^- ", "", match[1]), text)


def _joined(tag: int, value: bytes, depth: int = 0) -> bytes:
    """The bytes of a string, which may come in parts."""
    if tag == _BYTES:
        return value
    if tag != _BYTES_IN_PARTS or depth > _MOST_DEEP:
        raise ValueError("no string of bytes")
    return b"".join(_joined(*part, depth + 1) for part in _inside(value))


def _inside(data: bytes) -> Iterator[Part]:
    """The parts that stand one after the other in ``data``, up to its end or its mark."""
    at = 0
    while at < len(data) and data[at : at + 2] != b"\0\0":
        start, end, after = _place(data, at)
        yield data[at], data[start:end]
        at = after


def _place(data: bytes, at: int, depth: int = 0) -> tuple[int, int, int]:
    """Where the content of the part at ``at`` begins and ends, and where the next part begins."""
    if data[at] & 0x1F == 0x1F or depth > _MOST_DEEP:
        raise ValueError("no CMS")
    size, start = data[at + 1], at + 2
    if size == 0x80:  # of unknown length: parts, then two zeros
        end = start
        while data[end : end + 2] != b"\0\0":
            end = _place(data, end, depth + 1)[2]
        return start, end, end + 2
    if size > 0x80:
        n_bytes = size & 0x7F
        size = int.from_bytes(data[start : start + n_bytes], "big")
        start += n_bytes
    if start + size > len(data):
        raise ValueError("cut off")
    return start, start + size, start + size
