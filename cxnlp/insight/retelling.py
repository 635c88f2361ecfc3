"""What two periods would say if one model and one vocabulary had tagged both."""

from collections.abc import Callable
from typing import Final

import duckdb
import polars as pl

from cxnlp.insight.why import Asked, pieces
from cxnlp.warehouse import store

#: Feedback and mentions in, tags out: `cxnlp.tags.Tagger.tag`.
Tag = Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]

_VERSIONS: Final = ["model_version", "taxonomy_version", "precision_version"]
_COPIED: Final = {
    "feedback": "FROM feedback SEMI JOIN wanted USING (feedback_id)",
    "mentions": "FROM mentions SEMI JOIN wanted USING (feedback_id)",
    "tags": "SELECT tags.* FROM tags JOIN mentions USING (mention_id) SEMI JOIN wanted USING (feedback_id)",
    "taxonomy": "FROM taxonomy",
}


def versions(connection: duckdb.DuckDBPyConnection, told: pl.DataFrame) -> pl.DataFrame:
    """Return who tagged the pieces of `pieces`: feedback_id, model_version, taxonomy_version, precision_version."""
    connection.register("told", told.filter(~pl.col("is_duplicate")).select("feedback_id"))
    try:
        return connection.execute(
            f"SELECT DISTINCT feedback_id, {', '.join(_VERSIONS)} FROM tags JOIN mentions USING (mention_id) "  # noqa: S608
            "SEMI JOIN told USING (feedback_id) WHERE voter = 'model' ORDER BY ALL"
        ).pl()
    finally:
        connection.unregister("told")


def is_one(found: pl.DataFrame) -> bool:
    """Whether one model, vocabulary and precision have tagged all of `versions`."""
    return found.select(_VERSIONS).n_unique() <= 1


def retell(
    connection: duckdb.DuckDBPyConnection, asked: Asked, told: pl.DataFrame, outdated: list[str], tag: Tag
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the pieces as they would be with the model's votes alone renewed, and with the rules' votes, too.

    People's votes stay. The warehouse is not changed: a copy of these pieces in memory is.

    Args:
        connection: a published warehouse.
        asked: which number.
        told: columns of `pieces`.
        outdated: feedback that is tagged anew; the rest is of the same model and vocabulary already.
        tag: the model and vocabulary that count.
    """
    tables = _copied(connection, told)
    is_old = pl.col("feedback_id").is_in(outdated)
    mentions = tables["mentions"].filter(is_old)
    fresh = tag(tables["feedback"].filter(is_old).select("feedback_id", "text"), mentions.drop("run_id"))
    renewed = []
    with store.open_working(":memory:", tables.pop("taxonomy")) as copy:
        for table, rows in tables.items():
            _insert(copy, table, rows)
        for voter in ("model", "rule"):
            copy.register("old", mentions.select("mention_id"))
            copy.execute("DELETE FROM tags WHERE voter = $1 AND mention_id IN (SELECT mention_id FROM old)", [voter])
            copy.unregister("old")
            _insert(copy, "tags", fresh.filter(pl.col("voter") == voter))
            renewed.append(pieces(copy, asked))
    return renewed[0], renewed[1]


def _copied(connection: duckdb.DuckDBPyConnection, told: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return what the warehouse holds of these pieces, and the originals of duplicates among them."""
    connection.register("arrived", told.select("feedback_id"))
    try:
        wanted = (
            "WITH wanted AS (SELECT unnest([feedback_id, coalesce(duplicate_of, feedback_id)]) AS feedback_id "
            "FROM feedback SEMI JOIN arrived USING (feedback_id)) "
        )
        return {table: connection.execute(wanted + query).pl() for table, query in _COPIED.items()}
    finally:
        connection.unregister("arrived")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    connection.register("_rows", rows)
    connection.execute(f"INSERT INTO {table} BY NAME FROM _rows")
    connection.unregister("_rows")
