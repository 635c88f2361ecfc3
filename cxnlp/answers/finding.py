"""Mentions that speak of something, in these words or in others."""

from collections.abc import Callable
from datetime import date

import duckdb
import polars as pl

from cxnlp.answers.wrong import WrongQuestion
from cxnlp.tags.questions import Question
from cxnlp.warehouse import store


def find(
    connection: duckdb.DuckDBPyConnection, words: str, read: Callable[[str], Question] | None, *,
    moment: str | None = None, channel: str | None = None, source: str | None = None, since: date | None = None,
    until: date | None = None, is_agents: bool = False, n: int = 20,
) -> pl.DataFrame:  # fmt: skip
    """Return mentions, the best first; columns of `store.find`.

    Args:
        connection: of `open_searchable`.
        words: what it is about.
        read: what turns it into what the model makes of it; None looks for words alone.
        moment: only mentions that are surely about it.
        channel: letter, call or social.
        source: its name in cxnlp.toml.
        since: first day (UTC).
        until: last day, included.
        is_agents: agents' lines, too.
        n: how many at most.

    Raises:
        WrongQuestion: there are no words.
        WarehouseError: there is no such moment, channel or source.
        ModelError: the workspace's model cannot be used.
    """
    if not words.strip():
        raise WrongQuestion('there is nothing to look for. Say what it is about, such as "late refund".')
    question = None if read is None else read(words)
    return store.find(connection, store.Wanted(words, question, moment, channel, source, since, until, is_agents, n))
