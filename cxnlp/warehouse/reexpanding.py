"""Stored texts whose shorthand another glossary wrote out: give them out, and put in their place what is read now."""

from collections.abc import Iterator, Mapping
from typing import Final

import duckdb
import polars as pl

from cxnlp.frames import EMPLOYEES
from cxnlp.warehouse import sql
from cxnlp.warehouse.remasking import put

_WANTED: Final = {"source": pl.String(), "shorthand_version": pl.String()}

_OTHERWISE: Final = """
SELECT feedback_id, text, written, is_readable, wanted.shorthand_version
FROM feedback JOIN wanted USING (source)
WHERE text IS NOT NULL AND feedback.shorthand_version IS DISTINCT FROM wanted.shorthand_version
LIMIT $1
"""

_VERSIONS: Final = """
UPDATE feedback SET shorthand_version = looked_at.shorthand_version
FROM looked_at WHERE looked_at.feedback_id = feedback.feedback_id
"""

_WRITTEN: Final = """
UPDATE feedback SET written = expanded_texts.written
FROM expanded_texts WHERE expanded_texts.feedback_id = feedback.feedback_id
"""


def expanded_otherwise(
    connection: duckdb.DuckDBPyConnection, versions: Mapping[str, str | None], size: int
) -> Iterator[pl.DataFrame]:
    """Yield stored texts of another glossary than is wanted, ``size`` at a time, until `reexpand` has had them all.

    Args:
        connection: the open working file.
        versions: source → version of the glossary, None where shorthand is left as it is. Others stay as they are.
        size: texts a frame.

    Columns: feedback_id, text, written, is_readable, shorthand_version (the wanted one).
    """
    connection.register("wanted", pl.DataFrame(list(versions.items()), schema=_WANTED, orient="row"))
    try:
        while not (texts := connection.execute(_OTHERWISE, [size]).pl()).is_empty():
            yield texts
    finally:
        connection.unregister("wanted")


def reexpand(
    connection: duckdb.DuckDBPyConnection, looked_at: pl.DataFrame, texts: pl.DataFrame, replaced: pl.DataFrame
) -> None:
    """Store texts that were written out again, in one transaction; what points into them is moved along as by `remask`.

    Mentions keep their ids and borders, people's votes stay, votes of model and rules are outdated.

    Args:
        connection: the open working file.
        looked_at: feedback_id and shorthand_version of all that were looked at, changed or not.
        texts: feedback_id, text and written of those that changed.
        replaced: feedback_id, start, end, new_start, new_end: what other words have taken the place of.
    """
    with sql.transaction(connection):
        connection.register("looked_at", looked_at.select("feedback_id", "shorthand_version"))
        connection.execute(_VERSIONS)
        connection.unregister("looked_at")
        if texts.is_empty():
            return
        connection.register("expanded_texts", texts)
        connection.execute(_WRITTEN)
        connection.unregister("expanded_texts")
        put(connection, texts.select("feedback_id", "text"), replaced, pl.DataFrame(schema=EMPLOYEES))
