"""Moves of the backlog are made between nights and published at once, whoever asks: a command, a form, the API."""

from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from cxnlp.settings import Workspace

if TYPE_CHECKING:
    import duckdb

    from cxnlp.backlog.moves import Move
    from cxnlp.serve.moves import Mover, Wish


def decide(
    workspace: Workspace, connection: "duckdb.DuckDBPyConnection", wanted: "Sequence[Move]"
) -> list[dict[str, Any]]:
    """Make moves, all or none, publish, and return their events.

    Raises:
        MoveRefused: one is not allowed; what a killed command did and could not publish is seen now all the same.
    """
    from cxnlp.backlog import moves
    from cxnlp.warehouse import store

    try:
        events = moves.make_all(workspace, connection, wanted)
    except moves.MoveRefused:
        store.publish(connection, workspace.warehouse, keep=workspace.settings.night.snapshots)
        raise
    store.publish(connection, workspace.warehouse, keep=workspace.settings.night.snapshots)
    return events


def owner_of(kind: str, row: dict[str, Any], owner: str | None) -> str | None:
    """Whoever accepts an item without naming anybody leaves it with its owner so far, else with the suggested one."""
    if kind != "accept" or owner:
        return owner
    named: str | None = row["assigned_to"] or row["owner"]
    return named


def mover(workspace: Workspace) -> "Mover":
    """Return what makes the moves of the live view, one after the other."""
    one_at_a_time = Lock()

    def move(item_id: str, wish: "Wish") -> dict[str, Any]:
        from cxnlp.answers.backlog import found
        from cxnlp.backlog import moves
        from pipelines.alone import between_nights

        with one_at_a_time, between_nights(workspace, publishes=True, decides=True) as connection:
            row = found(connection, item_id)
            said = wish.model_dump() | {"owner": owner_of(wish.move, row, wish.owner)}
            wanted = moves.wished({"at": datetime.now(UTC), "item_id": row["item_id"], **said})
            return decide(workspace, connection, [wanted])[0]

    return move
