"""The backlog as it was published: items, the people's words behind them, what happened to them, and their clocks.

What a snapshot does not have yet, because an older cxnlp published it, is absent from the answer.
"""

from typing import Any, Final

import duckdb

from cxnlp import backlog
from cxnlp.answers.evidence import sql, told
from cxnlp.answers.wrong import NotThere, WrongQuestion

EVIDENCE: Final = "backlog_evidence"
EVENTS: Final = "backlog_events"
CLOCK: Final = "backlog_clock"
SUMMARY: Final = "backlog_clock_summary"


def items(
    connection: duckdb.DuckDBPyConnection, least_group: int, *, state: str | None = None, owner: str | None = None
) -> list[dict[str, Any]]:
    """Return items, the most urgent first; of small groups neither counts nor words.

    Args:
        connection: of `open_published`.
        least_group: as ``privacy.least_group``.
        state: only in this one, such as new or in_progress.
        owner: only of this one: to whom it is assigned, else whom the taxonomy suggests.
    """
    rows = [backlog.shared(row, least_group) for row in backlog.read(connection).to_dicts()]
    return [
        row for row in rows if state in (None, row["state"]) and owner in (None, row.get("assigned_to") or row["owner"])
    ]


def item(connection: duckdb.DuckDBPyConnection, name: str, least_group: int) -> dict[str, Any]:
    """Return one item by its id or the beginning of it.

    Raises:
        NotThere: there is none.
        WrongQuestion: several ids begin so.
    """
    rows = backlog.read(connection).to_dicts()
    found = [row for row in rows if row["item_id"] == name] or [
        row for row in rows if row["item_id"].startswith((name, f"cx-{name}"))
    ]
    if not found:
        raise NotThere(f"no item called {name!r}. The list of the backlog has the ids.")
    if len(found) > 1:
        raise WrongQuestion(f"item {name!r}: found {len(found)} that begin so. Write more of it.")
    return backlog.shared(found[0], least_group)


def mentions(connection: duckdb.DuckDBPyConnection, name: str, least_group: int, n: int = 50) -> list[dict[str, Any]]:
    """Return what people said of an item, one mention a person, the latest first; nothing of a small group.

    Raises:
        NotThere, WrongQuestion: as `item` does.
    """
    row = item(connection, name, least_group)
    if has(connection, EVIDENCE):
        found = connection.execute(sql("item_mentions"), {"item_id": row["item_id"]})
    else:
        days = {"first_on": row["first_feedback_on"], "last_on": row["last_feedback_on"]}
        found = connection.execute(
            sql("labelled_mentions"), {name: row[name] for name in ("kind", "label", "polarity")} | days
        )
    return told(found.pl(), least_group, n)


def events(connection: duckdb.DuckDBPyConnection, name: str | None = None) -> list[dict[str, Any]]:
    """Return what happened to an item, or to all of them, the oldest first.

    Raises:
        NotThere, WrongQuestion: as `item` does.
    """
    item_id = None if name is None else item(connection, name, 1)["item_id"]
    if not has(connection, EVENTS):
        return []
    query = f'FROM {EVENTS} WHERE $1::VARCHAR IS NULL OR item_id = $1 OR other_id = $1 ORDER BY "at", item_id, "event"'
    return connection.execute(query, [item_id]).pl().to_dicts()


def clock(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Return how long items took, leg by leg: ``items`` one by one, ``legs`` as a distribution."""
    return {
        key: connection.sql(f"FROM {view}").pl().to_dicts() if has(connection, view) else []
        for key, view in (("items", CLOCK), ("legs", SUMMARY))
    }


def has(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    """Whether the snapshot has a table or view."""
    found = connection.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_name = $1 AND table_catalog = current_database()",
        [relation],
    ).fetchone()
    return found is not None
