"""Stored feedback that another model, vocabulary or wish of precision has tagged."""

from collections.abc import Iterator

import duckdb
import polars as pl

_OUTDATED = """
SELECT DISTINCT feedback.feedback_id, feedback.occurred_at
FROM tags JOIN mentions USING (mention_id) JOIN feedback USING (feedback_id)
WHERE tags.voter = 'model' AND (
    tags.model_version IS DISTINCT FROM $1
    OR tags.taxonomy_version IS DISTINCT FROM $2
    OR tags.precision_version IS DISTINCT FROM $3
)
ORDER BY occurred_at DESC, feedback_id
"""


def outdated(
    connection: duckdb.DuckDBPyConnection, model_version: str, taxonomy_version: str, precision_version: str | None
) -> list[str]:
    """Return the feedback whose tags are not of this model with this vocabulary and precision, the newest first."""
    versions = [model_version, taxonomy_version, precision_version]
    return [row[0] for row in connection.execute(_OUTDATED, versions).fetchall()]


def stored(
    connection: duckdb.DuckDBPyConnection, feedback_ids: list[str], size: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield feedback and mentions of these ids as they are stored, ``size`` texts at a time, in the given order."""
    for first in range(0, len(feedback_ids), size):
        some = feedback_ids[first : first + size]
        texts = connection.execute("SELECT feedback_id, text FROM feedback WHERE feedback_id IN (SELECT unnest($1))",
                                   [some]).pl()  # fmt: skip
        mentions = connection.execute(
            "SELECT * EXCLUDE (run_id) FROM mentions WHERE feedback_id IN (SELECT unnest($1)) "
            "ORDER BY feedback_id, position",
            [some],
        ).pl()
        yield texts, mentions
