"""Files that hold many letters: ZIP archives of them, and mailboxes. One entry a letter, one in memory at a time.

Nothing is ever unpacked to the disk, so a name inside an archive leads nowhere.
"""

import io
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

from cxnlp.channels import files
from cxnlp.channels.archives import open_archive
from cxnlp.channels.files import File, printable
from cxnlp.channels.items import Unusable
from cxnlp.channels.mboxes import is_mbox, mails_in

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_SUFFIXES: Final = ("", ".zip")
#: By these an Office file, which is an archive too, is told from a folder of letters.
_OFFICE: Final = re.compile(r"\[Content_Types\]\.xml|mimetype|content\.xml|(?:word|xl|Index)/.*")
_HEAD_BYTES: Final = 4_000
#: What unpacks to more than this, and to so many times what it was packed in, is no letter.
_LONG, _MOST_TIMES = 5_000_000, 200
#: All letters of an archive unpack to at most so many times its size (or ``files.MAX_UNPACKED_BYTES``).
_MOST_TIMES_IN_ALL: Final = 20
_LEADS_OUT: Final = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[\\/])?\.\.(?:[\\/].*)?$|.*\x00", re.DOTALL)
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1
_LEAST_YEAR: Final = 1990
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One letter's bytes: a file, or an entry of a container.

    ``name`` is its path (in a container behind the container's own), ``row`` its number in the container from 1,
    ``place`` its identity where it has no other; ``stamp`` the local time that the archive has for it. With a
    ``problem`` there are no bytes.
    """

    name: str
    data: bytes = b""
    row: int | None = None
    place: str | None = None
    stamp: datetime | None = None
    is_mail: bool = False
    problem: str | None = None

    @property
    def suffix(self) -> str:
        """The name's suffix in small letters, with its dot."""
        return PurePosixPath(self.name).suffix.lower()


@dataclass
class _Reading:
    """How many entries were met, and how many bytes may still be unpacked."""

    n_left: int
    n_entries: int = 0

    def next_row(self) -> int:
        self.n_entries += 1
        return self.n_entries

    def unpack(self, n_bytes: int) -> None:
        self.n_left -= n_bytes
        if self.n_left < 0:
            raise Unusable(
                f"Unpacks to far more than it is packed in: after entry {self.n_entries} no more is read. Pack fewer "
                "letters into one archive."
            )


def entries_of(file: File) -> Iterator[Entry] | None:
    """Return the entries of a ZIP archive or a mailbox, in its order; None for a file that is one letter.

    Rows count all that the archive lists, folders too; those of an archive in the archive go on counting.

    Raises:
        Unusable: as a whole it cannot be read, or from some entry on.
    """
    with file.open() as stream:
        head = stream.read(_HEAD_BYTES)
    reading = _Reading(max(files.MAX_UNPACKED_BYTES, _MOST_TIMES_IN_ALL * file.n_bytes))
    if is_mbox(head):
        return _mailbox_file(file, reading)
    if head.startswith(_ZIP) and file.suffix in _SUFFIXES:
        return _zipped_file(file, reading)
    return None


def maildir_place(name: str) -> str | None:
    """Return what stays the same of a mail's path in a Maildir when it is read, answered or flagged; else None."""
    match = re.fullmatch(r"(?P<folder>(?:.*/)?)(?:cur|new)/(?P<unique>\d[^/]*?)(?:[:;!]2,[A-Za-z]*)?", name)
    return match["folder"] + match["unique"] if match else None


def _mailbox_file(file: File, reading: _Reading) -> Iterator[Entry]:
    with file.open() as stream:
        yield from _mailbox(stream, file.name, reading)


def _mailbox(stream: IO[bytes] | zipfile.ZipExtFile, name: str, reading: _Reading) -> Iterator[Entry]:
    for mail in mails_in(stream):
        problem = _too_long(None) if mail is None else None
        yield Entry(name, mail or b"", reading.next_row(), is_mail=True, problem=problem)


def _zipped_file(file: File, reading: _Reading) -> Iterator[Entry]:
    opened = _opened(file.path)
    if any(_OFFICE.fullmatch(name) for name in opened.namelist()):
        opened.close()
        yield Entry(file.name, file.read_bytes())  # one letter after all
        return
    yield from _zipped(opened, file.name, reading, depth=0)


def _opened(archive: Path | io.BytesIO) -> zipfile.ZipFile:
    try:
        return open_archive(archive)
    except _DAMAGED as error:
        raise Unusable("Is a damaged or cut-off ZIP archive. Copy or export it again.") from error


def _zipped(opened: zipfile.ZipFile, name: str, reading: _Reading, depth: int) -> Iterator[Entry]:
    seen: set[str] = set()
    with opened:
        for part in opened.infolist():
            row = reading.next_row()
            path = _path(part)
            if part.is_dir() or any(files.is_ignored(each) and each != ".." for each in path.split("/")):
                continue
            place = f"{name}/{printable(path)}"
            entry = Entry(place, row=row, place=place if path not in seen else f"{place}#{row}", stamp=_stamp(part))
            seen.add(path)
            problem = _why_not(part, path)
            if problem is not None:
                yield replace(entry, problem=problem)
                continue
            reading.unpack(part.file_size)
            try:
                yield from _unpacked(opened, part, entry, reading, depth)
            except _DAMAGED:
                yield replace(entry, problem="Is damaged, or packed in a way that is not known. Pack it again.")


def _why_not(part: zipfile.ZipInfo, path: str) -> str | None:
    """Why an entry must not be unpacked; None if it may."""
    if _LEADS_OUT.match(path):
        return "Has a name that leads out of its archive. Names may lead to folders inside it only; pack it again."
    if stat.S_ISLNK(part.external_attr >> 16):
        return "Is a link. Links in archives are not followed; pack the letter itself."
    if part.flag_bits & _ENCRYPTED:
        return "Is protected by a password. Only open archives are read; pack it again without one."
    if part.file_size > _LONG and part.file_size > _MOST_TIMES * max(part.compress_size, 1):
        times = part.file_size // max(part.compress_size, 1)
        return f"Unpacks to {times:,} times its size; at most {_MOST_TIMES} times is read. Take it out of the archive."
    return None


def _unpacked(
    opened: zipfile.ZipFile, part: zipfile.ZipInfo, entry: Entry, reading: _Reading, depth: int
) -> Iterator[Entry]:
    with cast(zipfile.ZipExtFile, opened.open(part)) as stream:
        if is_mbox(stream.peek(_HEAD_BYTES)):
            yield from _mailbox(stream, entry.name, reading)
            return
        if part.file_size > files.MAX_FILE_BYTES:
            yield replace(entry, problem=_too_long(part.file_size))
            return
        data = stream.read()
    if not data.startswith(_ZIP) or entry.suffix not in _SUFFIXES:
        yield replace(entry, data=data)
        return
    try:
        inner = _opened(io.BytesIO(data))
    except Unusable as error:
        yield replace(entry, problem=str(error))
        return
    if any(_OFFICE.fullmatch(name) for name in inner.namelist()):
        yield replace(entry, data=data)
    elif depth:
        yield replace(entry, problem="Is an archive in an archive in an archive. Unpack one of them.")
    else:
        yield from _zipped(inner, entry.name, reading, depth + 1)


def _too_long(n_bytes: int | None) -> str:
    size = "more" if n_bytes is None else f"{n_bytes / 1e6:,.0f} MB"
    return f"Has {size}; at most {files.MAX_FILE_BYTES / 1e6:,.0f} MB are read of one letter. Take out what is no text."


def _path(part: zipfile.ZipInfo) -> str:
    """The entry's path; names that are in UTF-8 without saying so are put right."""
    if part.flag_bits & _UTF8_NAME or part.filename.isascii():
        return part.orig_filename
    try:
        return part.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return part.orig_filename


def _stamp(part: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*part.date_time) if part.date_time[0] >= _LEAST_YEAR else None
    except ValueError:
        return None
