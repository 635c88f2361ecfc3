"""Keep the tables ``counted_*`` up to date: what views add up, counted anew for the people whose feedback changed.

Every step that changes what is stored notes the feedback in the table ``uncounted``. A person is counted as a whole,
since one more letter moves the steps of a journey and may be the first of its week; so the result is the same as if
all were counted anew, and the cost grows with what changed.
"""

import re
from itertools import product
from typing import Final

import duckdb
import polars as pl

from cxnlp.warehouse import sql

#: Columns that say in which day, week or month a row is; and all of time.
PERIODS: Final = ("occurred_on", "week", "month", None)

#: What may be grouped by, besides; each subset of them has a bit in ``first_in``.
DIMENSIONS: Final = ("channel", "product", "location", "segment")

_EVERY_BIT: Final = 2**64 - 1

#: Pieces of feedback that are counted at a time: what fits into the memory of a night.
_BUCKET: Final = 100_000

#: Which moment is of which stage, now and when it was counted.
_STAGES: Final = """
SELECT
    (SELECT coalesce(md5(string_agg(concat(id, ' ', stage), ', ' ORDER BY id)), '')
     FROM taxonomy WHERE family = 'moment'),
    (SELECT counted_stages FROM edition)
"""

_WHO: Final = ("person_key", "speaker", "family", "label", "polarity")

_TEMPORARY: Final = (
    "recounted", "people", "pieces", "lines", "tags_again", "settled_again", "said", "felt_lines", "label_counts",
    "feedback_again", "labels_again",
)  # fmt: skip


def count(connection: duckdb.DuckDBPyConnection) -> int:
    """Bring the tables ``counted_*`` up to date, in one transaction; return the pieces of feedback that had changed.

    All is counted anew where stages of moments changed, and in a file of an older version.
    """
    with sql.transaction(connection):
        stages, counted = connection.execute(_STAGES).fetchall()[0]
        if stages != counted:
            sql.run(connection, "steps/uncounted.sql", {"stages": stages})
        n_changed = int(sql.scalar(connection, "SELECT count(DISTINCT feedback_id) FROM uncounted"))
        if n_changed:
            _recount(connection)
            connection.execute("INSERT INTO unheard FROM uncounted")
            connection.execute("DELETE FROM uncounted")
    return n_changed


def _recount(connection: duckdb.DuckDBPyConnection) -> None:
    sql.run(connection, "steps/recounted.sql")
    n_buckets = 1 + int(sql.scalar(connection, "SELECT coalesce(sum(n_feedback), 0) FROM recounted")) // _BUCKET
    for bucket in range(n_buckets):
        sql.run(connection, "steps/recount.sql", {"bucket": bucket, "n_buckets": n_buckets})
        connection.execute(f"CREATE OR REPLACE TEMP TABLE settled_again AS {settling('tags_again', 'lines')}")
        sql.run(connection, "steps/count.sql")
        _insert(connection, "counted_feedback", "feedback_again", "occurred_on, feedback_id", "n_mentions > 0")
        _insert(connection, "counted_labels", "labels_again",
                "family, label, polarity, occurred_on, feedback_id, speaker", "n_mentions > 0")  # fmt: skip
    for table in _TEMPORARY:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def settling(tags: str, mentions: str) -> str:
    """Return the query of the view ``settled``, the one place where votes settle, over some tags and their mentions."""
    query = sql.text("views/settled.sql").split("CREATE OR REPLACE VIEW settled AS", 1)[1].split(";", 1)[0]
    return re.sub(
        r"\bFROM mentions\b", f"FROM {mentions} AS mentions", re.sub(r"\bFROM tags\b", f"FROM {tags} AS tags", query)
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: str, order: str, counts: str) -> None:
    """Put rows into a table with ``first_in``; who has one piece only is first in everything."""
    several = connection.execute(
        f"SELECT rowid AS number, * FROM {rows} WHERE {counts} AND n_steps > 1 ORDER BY occurred_on, feedback_id"  # noqa: S608 - names of ours
    ).pl()
    connection.register("firsts", several.select("number", first_in=first_in(several)))
    columns = ", ".join(c for c in _columns(connection, table) if c != "first_in")
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT {columns}, coalesce(firsts.first_in, "  # noqa: S608
        f"CASE WHEN {counts} THEN {_EVERY_BIT} ELSE 0 END) AS first_in "
        f"FROM {rows} LEFT JOIN firsts ON firsts.number = {rows}.rowid ORDER BY {order}"
    )
    connection.unregister("firsts")


def first_in(rows: pl.DataFrame) -> pl.Series:
    """Say for each row in which groupings it is the first of its person: bits that add up to numbers of people.

    Bit ``16 * p + s`` is set when no earlier row of the same person (and speaker, family, label and polarity, where
    there are such columns) is in the same period ``PERIODS[p]`` with the same values of the dimensions of ``s``, where
    1 stands for channel, 2 for product, 4 for location and 8 for segment. So in any grouping by a period and some of
    the dimensions, the rows with that bit are as many as the different people behind all rows.

    Args:
        rows: with ``person_key``, the columns of `PERIODS` and `DIMENSIONS`; in the order in which first is meant.
    """
    who = [name for name in _WHO if name in rows.columns]
    codes = rows.select(
        pl.int_range(pl.len()).alias("number"),
        pl.struct(who).rank("dense").alias("who"),
        *(pl.col(name).rank("dense") for name in (*PERIODS[:-1], *DIMENSIONS)),
    )
    bits = pl.lit(0, pl.UInt64)
    for number, (period, chosen) in enumerate(product(PERIODS, product((False, True), repeat=len(DIMENSIONS)))):
        across = [name for name, is_in in zip(reversed(DIMENSIONS), chosen, strict=True) if is_in]
        key = pl.struct(["who", *([period] if period else []), *across])
        bits = bits | pl.when(key.is_first_distinct()).then(pl.lit(1 << number, pl.UInt64)).otherwise(0)
    repeated = codes.filter(pl.col("who").is_duplicated()).select("number", first_in=bits)
    found = codes.select("number").join(repeated, on="number", how="left", maintain_order="left")
    return found["first_in"].fill_null(_EVERY_BIT)


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [name for name, *_ in connection.execute(f"DESCRIBE {table}").fetchall()]
