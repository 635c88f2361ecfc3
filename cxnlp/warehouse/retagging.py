"""Stored feedback that another model, vocabulary or wish of precision has tagged, or that has no vectors yet."""

from collections.abc import Iterator

import duckdb
import polars as pl

_OUTDATED = """
WITH
outdated AS (
    SELECT mention_id FROM tags
    WHERE voter = 'model' AND (
        model_version IS DISTINCT FROM $1
        OR taxonomy_version IS DISTINCT FROM $2
        OR precision_version IS DISTINCT FROM $3
    )
    UNION
    SELECT mention_id FROM mentions
    WHERE $4 IS NOT NULL AND mention_id NOT IN (SELECT mention_id FROM mention_vectors WHERE encoder_version = $4)
)
SELECT DISTINCT feedback.feedback_id, feedback.occurred_at
FROM outdated JOIN mentions USING (mention_id) JOIN feedback USING (feedback_id)
ORDER BY occurred_at DESC, feedback_id
"""


def outdated(
    connection: duckdb.DuckDBPyConnection, model_version: str, taxonomy_version: str, precision_version: str | None,
    encoder_version: str | None = None,
) -> list[str]:  # fmt: skip
    """Return the feedback whose tags are not of this model with this vocabulary and precision, the newest first.

    With ``encoder_version`` also feedback that has no vectors of that encoder.
    """
    versions = [model_version, taxonomy_version, precision_version, encoder_version]
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
