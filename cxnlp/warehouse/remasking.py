"""Stored texts that other rules have masked: give them out, and put in their place what is masked now."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

import duckdb
import polars as pl

from cxnlp.warehouse import sql
from cxnlp.warehouse.quoting import unquote

_OTHERWISE: Final = """
SELECT
    feedback_id, occurred_at, text, written, channel, is_readable, product, location,
    EXISTS (FROM mentions WHERE mentions.feedback_id = feedback.feedback_id AND speaker IS NOT NULL) AS is_transcript
FROM feedback
WHERE text IS NOT NULL AND masking_version IS DISTINCT FROM $1
LIMIT $2
"""

_WRITTEN: Final = """
UPDATE feedback SET written = masked_written.written
FROM masked_written WHERE masked_written.feedback_id = feedback.feedback_id
"""

#: Offsets of the texts that change, from the tables that have them.
_OFFSETS: Final = """
SELECT feedback_id, "start", "end" FROM mentions SEMI JOIN masked_texts USING (feedback_id)
UNION
SELECT feedback_id, evidence_start, evidence_end
FROM tags JOIN mentions USING (mention_id) SEMI JOIN masked_texts USING (feedback_id)
WHERE evidence_start IS NOT NULL
UNION
SELECT feedback_id, "start", "end" FROM employees SEMI JOIN masked_texts USING (feedback_id) WHERE "start" IS NOT NULL
"""

_MOVED: Final = {"feedback_id": pl.String(), "start": pl.Int64(), "end": pl.Int64(), "new_start": pl.Int64(),
                 "new_end": pl.Int64()}  # fmt: skip

Place = tuple[int, int, int, int]  # start and end in the old text, start and end in the new one


def masked_otherwise(connection: duckdb.DuckDBPyConnection, masking_version: str, size: int) -> Iterator[pl.DataFrame]:
    """Yield stored texts of another masking version, ``size`` at a time, until `remask` has had them all.

    Columns: feedback_id, occurred_at, text, written, channel, is_readable, product, location, is_transcript.
    """
    while not (texts := connection.execute(_OTHERWISE, [masking_version, size]).pl()).is_empty():
        yield texts


def remask(
    connection: duckdb.DuckDBPyConnection, masking_version: str, looked_at: list[str], texts: pl.DataFrame,
    replaced: pl.DataFrame, employees: pl.DataFrame, written: pl.DataFrame,
) -> None:  # fmt: skip
    """Store texts that were masked again, in one transaction; what points into them is moved along.

    Mentions keep their ids, and people's votes stay. Votes of model and rules stay too but lose their model version, so
    that they are outdated and tagged again. A mention of which nothing is left goes.

    Args:
        connection: the open working file.
        masking_version: by which they are masked now.
        looked_at: feedback_id of all that were masked, changed or not.
        texts: feedback_id and text of those that changed.
        replaced: feedback_id, start, end, new_start, new_end: what placeholders have taken the place of.
        employees: columns EMPLOYEES, found since.
        written: feedback_id and written of those whose words before shorthand was written out changed.
    """
    with sql.transaction(connection):
        connection.execute(
            "UPDATE feedback SET masking_version = $1 WHERE feedback_id IN (SELECT unnest($2))",
            [masking_version, looked_at],
        )
        if not written.is_empty():
            connection.register("masked_written", written)
            connection.execute(_WRITTEN)
            connection.unregister("masked_written")
        if not texts.is_empty():
            put(connection, texts, replaced, employees)


def put(
    connection: duckdb.DuckDBPyConnection, texts: pl.DataFrame, replaced: pl.DataFrame, employees: pl.DataFrame
) -> None:
    """Put new texts in the place of stored ones and move along what points into them; arguments as of `remask`."""
    connection.register("masked_texts", texts)
    connection.register("found_employees", employees)
    try:
        offsets = connection.execute(_OFFSETS).fetchall()
        connection.register("moved", pl.DataFrame(_moved(offsets, replaced), schema=_MOVED, orient="row"))
        unquote(connection, texts)
        sql.run(connection, "steps/remask.sql")
    finally:
        for name in ("masked_texts", "found_employees", "moved"):
            connection.unregister(name)


def _moved(offsets: Iterable[tuple[str, int, int]], replaced: pl.DataFrame) -> list[tuple[str, int, int, int, int]]:
    places: dict[str, list[Place]] = {}
    for feedback_id, *place in replaced.iter_rows():
        places.setdefault(feedback_id, []).append((place[0], place[1], place[2], place[3]))
    for found in places.values():
        found.sort()
    return [
        (feedback_id, start, end, moved(start, places[feedback_id]), moved(end, places[feedback_id]))
        for feedback_id, start, end in offsets
    ]


def moved(offset: int, places: list[Place]) -> int:
    """Return where a character of the old text stands in the new one; within a replaced part, the placeholder's end.

    Args:
        offset: in the old text.
        places: sorted, not overlapping.
    """
    before = bisect_right(places, offset, key=lambda place: place[0]) - 1
    if before < 0:
        return offset
    start, end, new_start, new_end = places[before]
    if offset == start:
        return new_start
    return new_end if offset < end else offset - end + new_end
