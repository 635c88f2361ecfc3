"""The shipped model, loaded once."""

import polars as pl
import pytest

from cxnlp.frames import FEEDBACK, MENTIONS, conform
from cxnlp.tags import Tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load(threads=2)


def frames(*documents: str | list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Feedback and mentions; a document is one mention, or a list of mentions joined by spaces."""
    feedback, mentions = [], []
    for number, document in enumerate(documents):
        parts = [document] if isinstance(document, str) else document
        feedback.append({"feedback_id": f"f{number}", "text": " ".join(parts), "is_readable": True})
        at = 0
        for position, part in enumerate(parts, 1):
            mentions.append({"mention_id": f"f{number}.{position}", "feedback_id": f"f{number}", "position": position,
                             "start": at, "end": at + len(part), "text": part})  # fmt: skip
            at += len(part) + 1
    return (
        conform(pl.DataFrame(feedback) if feedback else pl.DataFrame(schema=FEEDBACK), FEEDBACK),
        conform(pl.DataFrame(mentions) if mentions else pl.DataFrame(schema=MENTIONS), MENTIONS),
    )
