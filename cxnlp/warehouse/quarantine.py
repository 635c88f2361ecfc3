"""What could not be used: look at it, have it read again, or accept that it never will be."""

from collections.abc import Collection, Sequence
from datetime import datetime

import duckdb
import polars as pl

from cxnlp.warehouse import sql
from cxnlp.warehouse.sql import WarehouseError

_LIST = """
SELECT quarantine.* EXCLUDE (run_id), run_id, runs.night AS since
FROM quarantine LEFT JOIN runs USING (run_id)
WHERE ($1 IS NULL OR source = $1) AND ($2 OR released_at IS NULL)
ORDER BY count(*) OVER (PARTITION BY source, problem) DESC, source, problem, since, quarantine_id
"""
_SHORTEST_ID = 4

#: A piece of a stream (``stream#id``) keeps its row: by it, the night that can use the piece knows that it waits here.
_FORGET_FILES = """
DELETE FROM files
WHERE source NOT IN (SELECT source FROM files WHERE cursor IS NOT NULL)
    AND (source, file) IN (SELECT (source, file) FROM quarantine WHERE quarantine_id IN (SELECT unnest($1)))
"""
_FORGET_STREAMS = """
DELETE FROM files
WHERE cursor IS NOT NULL AND EXISTS (
    FROM quarantine
    WHERE quarantine_id IN (SELECT unnest($1)) AND quarantine.source = files.source
        AND (quarantine.file = files.file OR starts_with(quarantine.file, files.file || '#'))
)
"""


class NotInQuarantine(WarehouseError):
    """No item has this id, or several ids begin so."""


def quarantined(
    connection: duckdb.DuckDBPyConnection, source: str | None = None, *, released: bool = False
) -> pl.DataFrame:
    """Return what waits in quarantine: columns of the table (published, without ``file``, ``released_by``), ``since``.

    ``since`` is the night that first met it. Rows of one source and problem stand together, most frequent first.

    Args:
        connection: an open warehouse, working or published.
        source: of this source only.
        released: also what was released.
    """
    return connection.execute(_LIST, [source, released]).pl()


def find_quarantined(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, object]:
    """Return one row of `quarantined`, released or not, by its id or the beginning of it, at least four digits.

    Raises:
        NotInQuarantine: there is none, or more than one.
    """
    rows = quarantined(connection, released=True)
    found = rows.filter(pl.col("quarantine_id").str.starts_with(name)) if len(name) >= _SHORTEST_ID else rows.clear()
    if found.height != 1:
        what = "nothing has this id" if found.is_empty() else f"{found.height} items have an id that begins so"
        raise NotInQuarantine(f"quarantine {name!r}: {what}. Allowed: an id, or at least its first {_SHORTEST_ID} "
                             "digits; `cxnlp quarantine` lists what waits.")  # fmt: skip
    return found.row(0, named=True)


def retry(connection: duckdb.DuckDBPyConnection, quarantine_ids: Collection[str]) -> pl.DataFrame:
    """Forget that the files of these items were read, so that the next night opens them; releases are taken back.

    A live source's stream is read from its beginning again: its cursor is past the piece. What is stored already counts
    as unchanged.

    Returns:
        ``source``, ``file``, ``vanished_on``: one row a file. An item without a file (a source that was away) has none:
        every night tries it.
    """
    ids = [list(quarantine_ids)]
    with sql.transaction(connection):
        connection.execute(
            "UPDATE quarantine SET released_at = NULL, released_by = NULL, reason = NULL "
            "WHERE quarantine_id IN (SELECT unnest($1))",
            ids,
        )
        chosen = "FROM quarantine WHERE file IS NOT NULL AND quarantine_id IN (SELECT unnest($1))"
        connection.execute(_FORGET_FILES, ids)
        connection.execute(_FORGET_STREAMS, ids)
        return connection.execute(
            f"SELECT source, file, max(vanished_on) AS vanished_on {chosen} GROUP BY ALL ORDER BY source, file",
            ids,
        ).pl()


def release(
    connection: duckdb.DuckDBPyConnection, quarantine_ids: Sequence[str], *, by: str, reason: str, at: datetime
) -> int:
    """Accept that these items will never be read: they leave the list and stay counted. Return how many are new to it.

    Args:
        connection: the open working file.
        quarantine_ids: whole ids.
        by: who accepts it; not published.
        reason: why, masked: it is published.
        at: when, with a time zone.

    Raises:
        WarehouseError: no reason is given.
    """
    if not reason.strip():
        raise WarehouseError("release: found no reason. Allowed: a sentence that says why it is not needed.")
    waiting = "released_at IS NULL AND quarantine_id IN (SELECT unnest($1))"
    with sql.transaction(connection):
        n_released = sql.scalar(connection, f"SELECT count(*) FROM quarantine WHERE {waiting}", [quarantine_ids])  # noqa: S608
        connection.execute(
            f"UPDATE quarantine SET released_at = $2, released_by = $3, reason = $4 WHERE {waiting}",  # noqa: S608
            [quarantine_ids, at, by, reason.strip()],
        )
    return int(n_released)


def mask_quarantine(connection: duckdb.DuckDBPyConnection, masked: pl.DataFrame) -> None:
    """Put ``masked_file`` and ``reason`` as they are masked now in their place.

    Args:
        connection: the open working file.
        masked: quarantine_id, masked_file, reason.
    """
    connection.register("masked_now", masked.select("quarantine_id", "masked_file", "reason"))
    try:
        connection.execute(
            "UPDATE quarantine SET masked_file = masked_now.masked_file, reason = masked_now.reason FROM masked_now "
            "WHERE masked_now.quarantine_id = quarantine.quarantine_id AND (quarantine.masked_file, quarantine.reason) "
            "IS DISTINCT FROM (masked_now.masked_file, masked_now.reason)"
        )
    finally:
        connection.unregister("masked_now")
