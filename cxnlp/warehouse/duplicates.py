"""Mark the feedback that is another arrival of a text that is there already."""

from collections.abc import Iterable, Mapping
from typing import Final

import duckdb
import polars as pl

from cxnlp.feedback.duplicates import SAME_SHARE
from cxnlp.warehouse import sql

_VERDICTS: Final = {"feedback_id": pl.String(), "original": pl.String()}


def mark_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Set ``feedback.duplicate_of`` for what came tonight and for what leaned on a text that was corrected.

    Same words first (``steps/same_text.sql``), then likeness by MinHash (``SAME_SHARE``) or the source's own word that
    it is a repost (``steps/near_text.sql``). An original of an earlier night stays the original; among tonight's it is
    the first by ``occurred_at``, then ``feedback_id``. Runs inside the transaction of `load`, on its temporary tables;
    the cost grows with what is new.
    """
    sql.run(connection, "steps/same_text.sql")
    pairs = sql.run(connection, "steps/near_text.sql", {"same_share": SAME_SHARE}).fetchall()
    connection.register("_near", pl.DataFrame(follow(pairs), schema=_VERDICTS, orient="row"))
    connection.execute("CREATE OR REPLACE TEMP TABLE near_texts AS FROM _near")
    connection.unregister("_near")
    sql.run(connection, "steps/mark.sql")


def follow(pairs: Iterable[tuple[str, str, bool]]) -> list[tuple[str, str]]:
    """Let each text follow the first original that it resembles; return (text, original).

    A text that resembles duplicates only is an original itself: likeness is not handed on along a chain. What is sure
    is handed on.

    Args:
        pairs: (text, another that it resembles, whether that is sure: the other is a stored original, or the source
            says that the text is a repost of it), in order of arrival of the texts, sure ones first, then in order of
            arrival of the others.
    """
    original: dict[str, str] = {}
    for text, other, is_sure in pairs:
        if text not in original and (is_sure or other not in original) and _root(original, other) != text:
            original[text] = other
    return [(text, _root(original, text)) for text in original]


def _root(original: Mapping[str, str], text: str) -> str:
    while text in original:
        text = original[text]
    return text
