"""Which mentions may belong to a theme, and on which ground: kept in theme_mentions, brought up to date each night."""

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.warehouse import counting

_FOLDER: Final = Path(__file__).parent
_TEMPORARY: Final = ("changed_mentions", "changed_tags", "changed_settled", "theme_heard")


def hear(connection: duckdb.DuckDBPyConnection, encoder: str) -> None:
    """Bring ``theme_mentions`` up to date for feedback that changed; for all, when the rules of that changed.

    Args:
        connection: the working database.
        encoder: the version whose vectors count tonight.
    """
    rules = blake2b((sql("changed") + sql("heard") + _settling()).encode(), digest_size=8).hexdigest()
    if connection.execute("SELECT heard_by IS DISTINCT FROM $1 FROM edition", [rules]).fetchall() == [(True,)]:
        connection.execute("INSERT INTO unheard SELECT feedback_id FROM feedback")
        connection.execute("UPDATE edition SET heard_by = $1", [rules])
    run(connection, "changed")
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE changed_settled AS {_settling()}")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE theme_heard AS {sql('heard')}")
        run(connection, "noted", {"encoder": encoder})
    finally:
        for table in _TEMPORARY:
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def forget_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave no theme and nothing of what was heard; whatever comes is heard from the beginning."""
    for table in ("themes", "theme_grounds", "theme_mentions", "unheard"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    connection.execute("UPDATE edition SET heard_by = NULL")


def run(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, object] | None = None) -> None:
    """Run every statement of a file of this folder with the values that it names."""
    for statement in connection.extract_statements(sql(name)):
        connection.execute(statement, {key: (values or {})[key] for key in statement.named_parameters} or None)


def sql(name: str) -> str:
    """Return the text of a file of this folder."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def _settling() -> str:
    return counting.settling("changed_tags", "changed_mentions")
