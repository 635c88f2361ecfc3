"""Mentions at large: what the workspace has stored, unlabelled, and what the shipped model brings of its training."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from cxnlp.settings import Workspace
from cxnlp.tags.artefacts import Artefacts
from cxnlp.teaching.learning import Background, Floats
from cxnlp.teaching.prior import Prior
from cxnlp.teaching.vectors import vectors, width
from cxnlp.teaching.versions import TeachingError
from cxnlp.warehouse import store

N_MENTIONS: Final = 1_500  # enough for shares of one in a hundred, read in seconds
LEAST_OWN: Final = 300  # fewer mentions of its own say too little about rare scores
_PRIOR_WEIGHT: Final = 1_000  # what the shipped sums weigh beside the workspace's own mentions, in mentions

#: Documents in an order that has nothing to do with their content, and all their mentions.
_SAMPLE: Final = """
WITH
ordered AS (
    SELECT feedback_id, text AS document, hash(feedback_id) AS place
    FROM feedback
    WHERE duplicate_of IS NULL AND is_readable
),
counted AS (
    SELECT mentions.*, document, place, sum(1) OVER (ORDER BY place, position ROWS UNBOUNDED PRECEDING) AS so_far
    FROM mentions JOIN ordered USING (feedback_id)
)
SELECT feedback_id, mention_id, position, "start", "end", speaker, text, document
FROM counted
WHERE feedback_id IN (SELECT feedback_id FROM counted GROUP BY feedback_id HAVING min(so_far) <= $1)
ORDER BY place, position
"""


@dataclass(frozen=True)
class Sample:
    """Customers' mentions of a workspace and their vectors, row by row."""

    mentions: pl.DataFrame  # feedback_id, mention_id, text (masked)
    vectors: Floats  # (mentions, width)


def sample(workspace: Workspace, model: Artefacts, n_mentions: int = N_MENTIONS) -> Sample:
    """Read whole documents of the published warehouse, in a fixed random order, until there are enough mentions.

    Agents' lines and duplicates are left out. Before the first night there are none.
    """
    columns = ("feedback_id", "mention_id", "text")
    empty = Sample(pl.DataFrame(schema=dict.fromkeys(columns, pl.String())), np.zeros((0, width(model))))
    if not workspace.database.exists():
        return empty
    with store.open_published(workspace.database) as connection:
        rows = connection.execute(_SAMPLE, [n_mentions]).pl()
    if rows.is_empty():
        return empty
    documents = rows.partition_by("feedback_id", maintain_order=True)
    spans = [list(document.select("start", "end", "speaker").iter_rows()) for document in documents]
    read = vectors(model, [document["document"][0] for document in documents], spans)
    heard = (rows["speaker"].fill_null("customer") != "agent").to_numpy()
    return Sample(rows.select(columns).filter(pl.Series(heard)), np.concatenate(read)[heard].astype(np.float64))


def background(found: Sample, prior: Prior | None) -> Background:
    """Join the workspace's mentions with the shipped sums; with few of its own, the sums alone say how scores spread.

    Raises:
        TeachingError: there are too few mentions, and the model brings no sums.
    """
    n = len(found.vectors)
    if n < LEAST_OWN and prior is None:
        raise TeachingError(f"found {n} stored mentions, and the model brings no prior.npz; allowed: {LEAST_OWN} "
                            "mentions or more, or a model with one. Run a night (`cxnlp run`) first.")  # fmt: skip
    own = found.vectors if n >= LEAST_OWN else found.vectors[:0]
    mean, second = _moments(found.vectors, prior)
    return Background(n, mean, second - np.outer(mean, mean), own)


def _moments(own: Floats, prior: Prior | None) -> tuple[Floats, Floats]:
    """Mean and second moment of both together."""
    n = len(own)
    if prior is None:
        return own.mean(0), own.T @ own / n
    share = n / (n + _PRIOR_WEIGHT)
    mean = share * (own.mean(0) if n else 0.0) + (1 - share) * prior.mean
    return mean, share * (own.T @ own / max(n, 1)) + (1 - share) * prior.second_moment[1:, 1:]
