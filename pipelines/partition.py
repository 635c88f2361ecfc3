"""What travels from stage to stage."""

from dataclasses import dataclass, field

import polars as pl

from cxnlp.frames import EMPLOYEES, FEEDBACK, MENTIONS, PLACES, QUARANTINE, TAGS, VECTORS


def _empty(schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(schema=schema)


@dataclass(frozen=True)
class Partition:
    """What travels from stage to stage: the items of one read, and the frames that the stages add to it."""

    number: int  # from 1, in the order of reading
    key: str
    source: str
    items: pl.DataFrame
    files: pl.DataFrame
    feedback: pl.DataFrame = field(default_factory=lambda: _empty(FEEDBACK))
    unchanged: pl.DataFrame = field(default_factory=lambda: _empty({"feedback_id": pl.String()}))
    erased: pl.DataFrame = field(default_factory=lambda: _empty({"source": pl.String()}))
    employees: pl.DataFrame = field(default_factory=lambda: _empty(EMPLOYEES))
    mentions: pl.DataFrame = field(default_factory=lambda: _empty(MENTIONS))
    tags: pl.DataFrame = field(default_factory=lambda: _empty(TAGS))
    vectors: pl.DataFrame = field(default_factory=lambda: _empty(VECTORS))
    quarantine: pl.DataFrame = field(default_factory=lambda: _empty(QUARANTINE))
    places: pl.DataFrame = field(default_factory=lambda: _empty(PLACES))
