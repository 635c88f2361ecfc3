"""What people decide between nights is stored and published at once, whoever asks: a command, a form, the API."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from cxnlp.settings import Workspace

if TYPE_CHECKING:
    import duckdb

    from cxnlp.backlog.moves import Move
    from cxnlp.serve.moves import Mover, Wish

T = TypeVar("T")
Decision = Callable[["duckdb.DuckDBPyConnection"], T]


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


def decider(workspace: Workspace) -> Callable[[Decision[T]], T]:
    """Return what carries decisions out for the many threads of a server.

    Each decision gets the open working database, where it may change what `DECIDED_TABLES` names, and what it returns
    or raises comes back when it is published. One is carried out after the other; those that came while others were
    being published share the next publication.
    """
    waiting: list[tuple[Decision[Any], Future[Any]]] = []
    one_at_a_time = Lock()

    def carry_out(decision: Decision[T]) -> T:
        answer: Future[T] = Future()
        waiting.append((decision, answer))
        with one_at_a_time:
            if not answer.done():
                now = [waiting.pop(0) for _ in range(len(waiting))]
                _carry_out_together(workspace, now)
        return answer.result()

    return carry_out


def _carry_out_together(workspace: Workspace, now: Sequence[tuple[Decision[Any], Future[Any]]]) -> None:
    from cxnlp.warehouse import store
    from pipelines.alone import between_nights

    ends: list[Callable[[], None]] = []
    try:
        with between_nights(workspace, publishes=True, decides=True) as connection:
            for decision, answer in now:
                ends.append(_ended(decision, connection, answer))
            store.publish(connection, workspace.warehouse, keep=workspace.settings.night.snapshots)
    except BaseException as error:  # whoever waits must not wait for ever
        for _, answer in now:
            answer.set_exception(error)
        return
    for end in ends:
        end()


def _ended(decision: Decision[T], connection: "duckdb.DuckDBPyConnection", answer: "Future[T]") -> Callable[[], None]:
    """Carry a decision out, and return what tells its asker how that ended."""
    try:
        outcome = decision(connection)
    except Exception as error:  # the others' decisions are carried out all the same
        return partial(answer.set_exception, error)
    return partial(answer.set_result, outcome)


def mover(workspace: Workspace) -> "Mover":
    """Return what makes the moves of the live view, one after the other."""
    carry_out = decider(workspace)

    def move(item_id: str, wish: "Wish") -> dict[str, Any]:
        return carry_out(lambda connection: _move(workspace, connection, item_id, wish))

    return move


def _move(workspace: Workspace, connection: "duckdb.DuckDBPyConnection", item_id: str, wish: "Wish") -> dict[str, Any]:
    from cxnlp.answers.backlog import found
    from cxnlp.backlog import moves

    row = found(connection, item_id)
    said = wish.model_dump() | {"owner": owner_of(wish.move, row, wish.owner)}
    wanted = moves.wished({"at": datetime.now(UTC), "item_id": row["item_id"], **said})
    return moves.make(workspace, connection, wanted)
