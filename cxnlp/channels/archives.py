"""Office files are ZIP archives: look before unpacking."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from cxnlp.channels import files
from cxnlp.channels.items import Unusable

_MAX_PARTS: Final = 10_000
#: A sheet's used area is held in memory, empty cells too.
MAX_CELLS: Final = 20_000_000
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
        with zipfile.ZipFile(archive) as opened:
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
        raise Unusable("Is damaged or cut off: it is not a whole Office file. Copy or export it again.") from error


def check_sheets(path: Path) -> None:
    """Make sure that no sheet of an .xlsx file has a used area too big to hold.

    Raises:
        Unusable: a cell lies so far out that the table between would not fit in memory.
    """
    with zipfile.ZipFile(path) as opened:
        for name in opened.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with opened.open(name) as stream:
                    n_cells = _used_area(stream)
                if n_cells > MAX_CELLS:
                    raise Unusable(
                        f"Has a sheet with a used area of {n_cells:,} cells; at most {MAX_CELLS:,} are read. "
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
