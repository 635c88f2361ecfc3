"""The stage: feedback in, mentions out."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from cxnlp.frames import MENTIONS
from cxnlp.mentions.borders import mentions
from cxnlp.mentions.clauses import starts
from cxnlp.mentions.reading import pieces, read
from cxnlp.mentions.turns import lay_out

_NEEDED = ("feedback_id", "text", "is_readable")
_USED = (*_NEEDED, "channel", "speakers", "run_id")


def split(feedback: pl.DataFrame) -> pl.DataFrame:
    """Cut every readable text into mentions.

    Args:
        feedback: columns of `frames.FEEDBACK`; of these ``feedback_id``, ``text`` and ``is_readable`` must be there,
            ``channel`` and ``run_id`` are used. ``speakers`` (a list of "customer", "agent" or null, one a line of
            ``text``) makes a transcript: a mention stays within its line and has its speaker.

    Returns:
        `frames.MENTIONS`, in the order of ``feedback`` and of the text; ``mention_id`` is ``feedback_id.position``.
        ``start`` and ``end`` count characters; ``text`` is exactly what stands there, trimmed, never empty, at most
        1,000 characters. All mentions of a text together hold all of it but space (and the "Agent:" that opens the
        lines of a plain-text transcript). What comes out of one text does not depend on the others.

    Raises:
        ValueError: ``feedback`` lacks a column that must be there.
    """
    if absent := [name for name in _NEEDED if name not in feedback.columns]:
        raise ValueError(f"found no column {', '.join(absent)}; split() needs {', '.join(_NEEDED)} of FEEDBACK")
    used = feedback.select(name for name in _USED if name in feedback.columns)
    readable = used.filter(pl.col("is_readable") & pl.col("text").is_not_null())
    return pl.DataFrame(list(_rows(readable.to_dicts())), schema=MENTIONS, orient="row")


def _rows(feedback: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    """Give the rows of `frames.MENTIONS`; all texts are read as one stream, because that is what spaCy is fast at."""
    layouts = [lay_out(row["text"], row.get("speakers"), is_call=row.get("channel") == "call") for row in feedback]
    plans = [list(pieces(row["text"], layout.turns)) for row, layout in zip(feedback, layouts, strict=True)]
    texts = (row["text"][start:end] for row, plan in zip(feedback, plans, strict=True) for start, end in plan)
    begins = iter(read(texts, starts))
    for row, layout, plan in zip(feedback, layouts, plans, strict=True):
        borders = [start + offset for start, _ in plan for offset in next(begins)]
        found = mentions(row["text"], layout.turns, borders, is_transcript=layout.is_transcript)
        for position, mention in enumerate(found, start=1):
            yield (
                f"{row['feedback_id']}.{position}",
                row["feedback_id"],
                position,
                mention.start,
                mention.end,
                mention.speaker,
                row["text"][mention.start : mention.end],
                row.get("run_id"),
            )
