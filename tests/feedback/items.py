"""Items as channels would hand them over; every person is invented."""

from typing import Any

import polars as pl

from cxnlp.frames import ITEMS, conform

SECRET = b"a secret for tests, 32 bytes lon"


def items(*rows: dict[str, Any]) -> pl.DataFrame:
    """A frame of ITEMS from what matters of each row."""
    base = {"source": "letters", "channel": "letter", "file": "a.txt"}
    whole = [dict.fromkeys(ITEMS) | base | {"external_id": f"L-{number}"} | row for number, row in enumerate(rows)]
    return conform(pl.DataFrame(whole, schema=ITEMS), ITEMS)
