"""Mailboxes in one file (MBOX): cut into mails while they are read, so that a large one needs no more memory."""

import re
from collections.abc import Iterator
from typing import IO, Final
from zipfile import ZipExtFile

from cxnlp.channels import files

#: "From ann@example.org Mon Sep 14 10:11:12 2026": a day and a clock, so that "From what I saw …" is none.
_FROM: Final = re.compile(
    rb"From (?:[^\r\n]{0,80}? +)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? [^\r\n]{0,40}?\d\d?:\d\d[^\r\n]{0,100}\r?\n"
)
_QUOTED_FROM: Final = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER: Final = re.compile(rb"[\x21-\x39\x3b-\x7e]+:")
#: What mail servers keep in a mailbox for themselves, and what the mail program has deleted but not yet taken out.
_NO_MAIL: Final = re.compile(
    rb"^Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA|^X-Mozilla-Status: [0-9a-f]{3}[89a-f]\b",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_LINE: Final = 1_000_000


def is_mbox(head: bytes) -> bool:
    """True for bytes that begin as a mailbox does: a line "From …" with a date, then a mail's header."""
    line = _FROM.match(head)
    return line is not None and bool(_HEADER.match(head, line.end()))


def mails_in(stream: IO[bytes] | ZipExtFile) -> Iterator[bytes | None]:
    """Yield the mails of a mailbox; None for one that is longer than a letter may be (``files.MAX_FILE_BYTES``).

    Lines ">From " are unquoted. Mails that the mail program has deleted already are left out.
    """
    for mail in _cut(stream):
        if mail is None or not _NO_MAIL.search(mail[:8_000].partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]):
            yield None if mail is None else _QUOTED_FROM.sub(rb"\1", mail)


def _cut(stream: IO[bytes] | ZipExtFile) -> Iterator[bytes | None]:
    mail, n_bytes = bytearray(), 0
    border = b""  # a line "From …", which is one if a header follows
    started, starts_line = False, True
    while line := stream.readline(_LONGEST_LINE):
        if border and _HEADER.match(line):
            if started:
                yield bytes(mail) if n_bytes <= files.MAX_FILE_BYTES else None
            mail, n_bytes, started = bytearray(), 0, True
        else:
            mail += border
        border = line if starts_line and _FROM.fullmatch(line) else b""
        if not border:
            starts_line = line.endswith(b"\n")
            n_bytes += len(line)
            mail += line if n_bytes <= files.MAX_FILE_BYTES else b""
    if started:
        yield bytes(mail) if n_bytes <= files.MAX_FILE_BYTES else None
