"""What is wrong with a row of a sheet, said so that whoever filled it in can mend it."""

from typing import Final

from cxnlp.backlog.sheet_columns import COLUMNS
from cxnlp.backlog.states import shown

HEADERS: Final = {column.name: column.header for column in COLUMNS}


class Wrong(Exception):
    """A row cannot be taken over; the message says column, what was found, what is allowed, how to mend it."""


def wrong(column: str, found: str | None, allowed: str, mend: str) -> Wrong:
    """Return what to raise of a cell; ``column`` is its name in `COLUMNS`."""
    return Wrong(f'column "{HEADERS[column]}": found {found or "nothing"}; allowed: {allowed}. {mend}.')


def quoted(cell: str | None) -> str | None:
    """Return a cell for a message; what is long may be a customer's words."""
    if cell is None or (len(cell) <= 40 and cell.isprintable()):
        return cell and repr(cell)
    return f"a text of {len(cell)} characters"


def words(value: object) -> str | None:
    """Return a state or a day as the sheet shows it."""
    return None if value is None else shown(value) if isinstance(value, str) else str(value)
