"""One table of a file, as rows of cells: what CSV, workbooks, Parquet and databases have in common."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cxnlp.channels.columns import Row

#: Columns are guessed from so many rows; the rest streams by.
HEAD_ROWS: Final = 1_000


@dataclass(frozen=True)
class Sheet:
    """One table: its name where a file has several, its first rows with the header, and all that follow.

    ``first`` is the number of the first row: 1, or 0 where the header is no row of the file.
    """

    name: str | None
    head: list[Row]
    rest: Iterator[Row]
    delimiter: str | None = None  # CSV: rows may have too few or too many cells
    first: int = 1
