"""Archives: look before unpacking."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from cxnlp.channels import files
from cxnlp.channels.items import Unusable
from cxnlp.channels.xmlparts import check_size

_MAX_PARTS: Final = 10_000
#: A sheet's used area is held in memory, empty cells too.
MAX_CELLS: Final = 20_000_000
#: The list of an archive's entries is read as a whole; this much is about 200,000 of them.
_MAX_DIRECTORY_BYTES: Final = 20_000_000
#: Sizes in the mark at an archive's end that say "see the mark before it, for large archives".
_ELSEWHERE: Final = 0xFFFFFFFF
_TABLE_TAG: Final = re.compile(
    rb"<table:(?:covered-)?(table|table-row|table-cell)(?=[\s/>])(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>"
)
_REPEATED: Final = re.compile(rb"number-(?:rows|columns)-repeated=[\"'](\d{1,9})")
_CELL: Final = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"')


def check_archive(archive: IO[bytes] | Path) -> frozenset[str]:
    """Return the names in a ZIP archive after making sure that it can be unpacked safely.

    The declared sizes are added up first; only then every part is unpacked once, to prove that they are true.

    Raises:
        Unusable: damaged, encrypted, or too much for one letter or table.
    """
    try:
        with open_archive(archive) as opened:
            parts = opened.infolist()
            size = sum(part.file_size for part in parts)
            if size > files.MAX_UNPACKED_BYTES or len(parts) > _MAX_PARTS:
                raise Unusable(
                    f"Unpacks to {size / 1e6:,.0f} MB in {len(parts):,} parts; at most "
                    f"{files.MAX_UNPACKED_BYTES / 1e6:,.0f} MB in {_MAX_PARTS:,} parts are read. Split it."
                )
            if opened.testzip() is not None:
                raise Unusable("Is damaged: a part of it does not match its checksum. Copy or export it again.")
            return frozenset(part.filename for part in parts)
    except (NotImplementedError, RuntimeError) as error:  # encrypted, or packed in a way that is not known
        raise Unusable(
            "Is protected by a password, or packed in an unusual way. Save it again as an open file."
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise Unusable("Is damaged or cut off: it is not a whole archive. Copy or export it again.") from error


def open_archive(archive: IO[bytes] | Path) -> zipfile.ZipFile:
    """Open a ZIP archive whose list of entries is small enough to be read.

    Raises:
        Unusable: it lists far too many.
        zipfile.BadZipFile: it is damaged.
    """
    if isinstance(archive, Path):
        with archive.open("rb") as stream:
            n_bytes = _directory_bytes(stream)
    else:
        n_bytes = _directory_bytes(archive)
    if n_bytes > _MAX_DIRECTORY_BYTES:
        raise Unusable(
            f"Has a list of entries of {n_bytes / 1e6:,.0f} MB; at most {_MAX_DIRECTORY_BYTES / 1e6:,.0f} MB are read. "
            "Pack fewer letters into one archive."
        )
    return zipfile.ZipFile(archive)


def _directory_bytes(stream: IO[bytes]) -> int:
    """How long the list of entries is, as the marks at an archive's end say."""
    stream.seek(0, 2)
    stream.seek(-min(stream.tell(), 66_000), 2)
    tail = stream.read()
    mark = tail.rfind(b"PK\5\6")
    if mark < 0 or len(tail) < mark + 22:
        return 0  # no archive; zipfile says so
    n_bytes = int(struct.unpack_from("<I", tail, mark + 12)[0])
    large = tail.rfind(b"PK\6\6", 0, mark)
    if large >= 0 and len(tail) >= large + 56:
        n_bytes = max(n_bytes if n_bytes != _ELSEWHERE else 0, int(struct.unpack_from("<Q", tail, large + 40)[0]))
    return n_bytes


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part of a checked archive that holds a letter's words.

    Raises:
        Unusable: it is far too big.
    """
    check_size(archive.getinfo(name).file_size)
    return archive.read(name)


def check_sheets(path: Path, most_cells: int = MAX_CELLS) -> None:
    """Make sure that no sheet of an .xlsx file has a used area too big to hold.

    Raises:
        Unusable: a cell lies so far out that the table between would not fit in memory.
    """
    with zipfile.ZipFile(path) as opened:
        for name in opened.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with opened.open(name) as stream:
                    n_cells = _used_area(stream)
                if n_cells > most_cells:
                    raise Unusable(
                        f"Has a sheet with a used area of {n_cells:,} cells; at most {most_cells:,} are read. "
                        "Delete the empty rows and columns after the table, or export it as CSV."
                    )


def check_ods(path: Path) -> None:
    """Make sure that no sheet of an .ods file has a used area too big to hold: a single cell may say "a million times".

    Raises:
        Unusable: the table would not fit in memory.
    """
    with zipfile.ZipFile(path) as opened, opened.open("content.xml") as stream:
        n_cells = _repeated_area(stream)
    if n_cells > MAX_CELLS:
        raise Unusable(
            f"Has a sheet with a used area of {n_cells:,} cells; at most {MAX_CELLS:,} are read. Delete the empty rows "
            "and columns after the table, or export it as CSV."
        )


def _repeated_area(stream: IO[bytes]) -> int:
    """The biggest sheet's rows times columns up to its last cells with content; rows and cells may stand for many."""
    biggest = row = column = n_columns = 0
    for name, tag in _tags(stream):
        repeated = _REPEATED.search(tag)
        times = int(repeated[1]) if repeated else 1
        if name == b"table":
            row = n_columns = 0
        elif name == b"table-row":
            row, column = row + times, 0
        else:
            column += times
            if b"value" in tag or not tag.endswith(b"/>"):
                n_columns = max(n_columns, column)
                biggest = max(biggest, row * n_columns)
    return biggest


def _tags(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and text of the tags of an .ods file's sheets, rows and cells."""
    rest = b""
    while chunk := stream.read(1 << 20):
        chunk = rest + chunk
        end = max(chunk.rfind(b"<"), 0)
        yield from ((match[1], match[0]) for match in _TABLE_TAG.finditer(chunk, 0, end))
        rest = chunk[end:][: 1 << 20]
    yield from ((match[1], match[0]) for match in _TABLE_TAG.finditer(rest))


def _used_area(stream: IO[bytes]) -> int:
    n_rows = n_columns = 0
    rest = b""
    while chunk := stream.read(1 << 20):
        chunk = rest + chunk
        for letters, digits in set(_CELL.findall(chunk)):
            n_rows = max(n_rows, int(digits))
            n_columns = max(n_columns, _column_number(letters))
        rest = chunk[-20:]
    return n_rows * n_columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
