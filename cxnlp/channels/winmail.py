"""Outlook's own package of attachments (``winmail.dat``): the files in it.

[MS-OXTNEF], 2.1: attributes one after the other, each with level, number, length, data and a sum of its bytes. A file
is a title and its data. The mail's own words in it are compressed Rich Text, mostly beside the same words in the mail,
and not read.
"""

import struct
from collections.abc import Iterator
from typing import Final

from cxnlp.channels.items import Unusable

MARK: Final = b"\x78\x9f\x3e\x22"
NAME: Final = "winmail.dat"
TYPES: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_NEXT_FILE, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F
_HEAD: Final = struct.Struct("<BII")

DAMAGED: Final = (
    "Is Outlook's own package (winmail.dat), and damaged. Open the mail in Outlook and save what is attached, or ask "
    "the sender to send plain text or HTML."
)
WITHOUT_WORDS: Final = (
    "Is a mail whose words are in Outlook's own package (winmail.dat) alone, which is not read. Open it in Outlook and "
    "save it as .msg or .html, or ask the sender to send plain text or HTML."
)


def files_in(data: bytes) -> list[tuple[str, bytes]]:
    """Return names and bytes of the files in a package.

    Raises:
        Unusable: it is damaged.
    """
    if not data.startswith(MARK):
        raise Unusable(DAMAGED)
    files: list[tuple[str, bytes]] = []
    title, content = "", b""
    for number, value in _attributes(data):
        if number == _NEXT_FILE:
            files += [(title, content)] if title else []
            title, content = "", b""
        elif number == _TITLE:
            title = value.rstrip(b"\0").decode("cp1252", "replace")
        elif number == _DATA:
            content = value
    return [*files, (title, content)] if title else files


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6  # behind mark and key
    while at < len(data):
        if at + _HEAD.size > len(data):
            raise Unusable(DAMAGED)
        _, number, size = _HEAD.unpack_from(data, at)
        value = data[at + _HEAD.size : at + _HEAD.size + size]
        at += _HEAD.size + size + 2
        if at > len(data) or sum(value) & 0xFFFF != struct.unpack_from("<H", data, at - 2)[0]:
            raise Unusable(DAMAGED)
        yield number, value
