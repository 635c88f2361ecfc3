"""Find mentions by words, by labels and by meaning in a published warehouse."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import duckdb
import polars as pl

from cxnlp.frames import VECTOR_WIDTH
from cxnlp.warehouse import fulltext, sql
from cxnlp.warehouse.sql import WarehouseError

if TYPE_CHECKING:
    from cxnlp.tags.questions import Question

#: How many of the nearest, and with the best words, are held against the limits; where these leave fewer than _DEPTH,
#: or than are asked for, all mentions are.
_REACH: Final = 2_000
_DEPTH: Final = 200
_ALL: Final = 2**62


class NotInWarehouse(WarehouseError):
    """A moment, channel or source is asked for that nothing stored has."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for and where; None leaves a limit open.

    Attributes:
        words: what was typed; its words are looked for, in any of their forms.
        question: what they mean to the model; None looks for words alone.
        moment: only mentions that are surely about this one.
        since, until: first and last day (UTC), both included.
        is_agents: agents' lines, too.
        n: how many mentions to return at most.
    """

    words: str
    question: "Question | None" = None
    moment: str | None = None
    channel: str | None = None
    source: str | None = None
    since: date | None = None
    until: date | None = None
    is_agents: bool = False
    n: int = 20


def find(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> pl.DataFrame:
    """Return mentions that speak of what is wanted, the best first.

    Args:
        connection: of `open_searchable`.
        wanted: what, and where.

    Returns:
        mention_id, score, words_score, labels_score, nearness (−1 … 1; null: not among the nearest), occurred_on,
        channel, source, moments, sentiment, quote, context.

    Raises:
        NotInWarehouse: the moment, channel or source is not in it.
        WarehouseError: the file has nothing to search by.
    """
    if not fulltext.is_indexed(connection):
        raise WarehouseError("this database was published by a cxnlp that could not search. Run `cxnlp run`, which "
                             "publishes it anew.")  # fmt: skip
    _refuse_unknown(connection, wanted)
    asked = wanted.question
    values = {
        "words": wanted.words, "vector": asked.vector if asked else [0] * VECTOR_WIDTH,
        "encoder_version": asked.encoder_version if asked else "", "feeling": asked.feeling if asked else None,
        "labels": [asdict(label) for label in asked.labels] if asked else [],
        "n": wanted.n, "moment": wanted.moment, "channel": wanted.channel, "source": wanted.source,
        "is_agents": wanted.is_agents, "since": _midnight(wanted.since),
        "until": _midnight(wanted.until and wanted.until + timedelta(days=1)),
    }  # fmt: skip
    found = sql.run(connection, "find.sql", values | {"reach": _REACH}).pl()
    if found.is_empty() or found["n_allowed"][0] < max(_DEPTH, wanted.n):
        found = sql.run(connection, "find.sql", values | {"reach": _ALL}).pl()
    return found.drop("n_allowed")


def n_without_vector(connection: duckdb.DuckDBPyConnection, encoder_version: str) -> int:
    """Return how many mentions an encoder's vectors do not reach: nights have yet to read them again."""
    return int(sql.scalar(
        connection,
        "SELECT (SELECT count(*) FROM mentions) - "
        "(SELECT count(*) FROM mention_vectors WHERE encoder_version = $1)",
        [encoder_version],
    ))  # fmt: skip


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def _refuse_unknown(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    there = {
        "moment": "SELECT id FROM taxonomy WHERE family = 'moment' ORDER BY id",
        "channel": "SELECT DISTINCT channel FROM feedback ORDER BY channel",
        "source": "SELECT DISTINCT source FROM feedback ORDER BY source",
    }
    for name, query in there.items():
        asked = getattr(wanted, name)
        known = [row[0] for row in connection.execute(query).fetchall()] if asked is not None else []
        if asked is not None and asked not in known:
            raise NotInWarehouse(f"{name} {asked!r}: not in the warehouse; there is: {', '.join(known)}.")
