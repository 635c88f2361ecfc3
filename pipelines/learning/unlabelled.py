"""Feedback that nobody has labelled, cut into mentions: what a teacher reads so that a smaller model learns from it."""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from cxnlp.mentions import split
from pipelines.learning.folds import shingles

Document = Mapping[str, Any]

#: File, its column of text, the channel that it stands for.
SETS: Final = (
    ("airline_tweets", "social"),
    ("customer_support_tweets", "social"),
    ("skytrax_reviews", "letter"),
    ("absa_sentences", "social"),
    ("cfpb_letters", "letter"),
    ("tweetsumm_dialogs", "call"),
)
_MOST_SHARED: Final = 0.25  # of a text's shingles that may stand in documents that are kept apart


def read(folder: Path, apart: Sequence[Document], n_characters: int, seed: int = 3) -> list[dict[str, Any]]:
    """Draw documents from the sets in ``folder``, an equal share of characters from each as far as they go.

    Args:
        folder: with ``<set>.parquet``, each with ``source_row_id`` and ``text``.
        apart: documents for calibration and test; what repeats one of them is left out.
        n_characters: of all texts together.
        seed: of the draw.

    Returns:
        Documents with ``id``, ``text``, ``channel`` and ``mentions`` (``id``, ``start``, ``end``, ``speaker``).
    """
    known = {shingle for document in apart for shingle in shingles(document["text"])}
    texts = [row for name, channel in SETS for row in _some(folder, name, channel, n_characters // len(SETS), seed)]
    kept = [row for row in texts if _share_known(row["text"], known) <= _MOST_SHARED]
    feedback = pl.DataFrame(
        {
            "feedback_id": [row["id"] for row in kept],
            "text": [row["text"] for row in kept],
            "channel": [row["channel"] for row in kept],
            "is_readable": [True] * len(kept),
        }
    )
    mentions = split(feedback).select("feedback_id", pl.col("mention_id").alias("id"), "start", "end", "speaker")
    of_document = mentions.partition_by("feedback_id", as_dict=True, include_key=False)
    return [row | {"mentions": of_document[row["id"],].to_dicts()} for row in kept if (row["id"],) in of_document]


def _some(folder: Path, name: str, channel: str, n_characters: int, seed: int) -> Iterator[dict[str, Any]]:
    rows = pl.read_parquet(folder / f"{name}.parquet", columns=["source_row_id", "text"]).unique().sort("source_row_id")
    order = list(rows.iter_rows())
    random.Random(seed).shuffle(order)  # noqa: S311 - a sample, no secret
    for row_id, text in order:
        if n_characters <= 0:
            return
        n_characters -= len(text)
        yield {"id": f"{name}:{row_id}", "text": text, "channel": channel}


def _share_known(text: str, known: set[str]) -> float:
    found = shingles(text)
    return len(found & known) / max(1, len(found))
