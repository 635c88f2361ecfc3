"""Take what the backlog quotes of some feedback out of it."""

import duckdb
import polars as pl

from cxnlp.warehouse import sql


def unquote(connection: duckdb.DuckDBPyConnection, feedback: pl.DataFrame) -> None:
    """Empty the backlog's quotes from this feedback, and the titles and sentences that its words may be in.

    Args:
        connection: the open working file, in which ``backlog_evidence`` still has its mentions.
        feedback: column feedback_id.
    """
    connection.register("unquoted", feedback.select("feedback_id"))
    try:
        sql.run(connection, "steps/unquote.sql")
    finally:
        connection.unregister("unquoted")
