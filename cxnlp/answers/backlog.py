"""The backlog as it was published: items, the people's words behind them, what happened to them, and their clocks."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import duckdb

from cxnlp.answers.evidence import sql, told
from cxnlp.answers.wrong import NotThere, WrongQuestion
from cxnlp.backlog import assumptions, explain, shared, total
from cxnlp.backlog.facts import QUOTES
from cxnlp.backlog.states import ALLOWED, OPEN, STATES, shown
from cxnlp.settings import Backlog
from cxnlp.warehouse.sql import WarehouseError

EFFECTS: Final = "backlog_effects"
CLOCK: Final = "backlog_clock"

_FIND: Final = """
SELECT item_id, state, into_id, assigned_to, owner FROM backlog
WHERE starts_with(item_id, $1) OR starts_with(item_id, 'cx-' || $1)
ORDER BY item_id
"""
_ONE: Final = "FROM backlog WHERE item_id = $1"
_CLOCKS: Final = "SELECT * EXCLUDE (title) FROM backlog_clock"  # titles of small groups are their words
_CLOCK: Final = f"{_CLOCKS} WHERE item_id = $1"
_EFFECT: Final = """
SELECT verdict, note, decided_on, effect, effect_low, effect_high, n_reports_before, n_reports_after, controls
FROM backlog_effects
WHERE item_id = $1
"""
#: Of an effect, what a small group's counts could be worked out from.
_TELLING: Final = ("effect", "effect_low", "effect_high", "n_reports_before", "n_reports_after")
_CHOSEN: Final = """
SELECT DISTINCT ON (mention_id) mention_id, occurred_on, channel, product, location, sentiment, quote
FROM evidence WHERE list_contains($1, mention_id)
"""
_EVENTS: Final = """
FROM backlog_events
WHERE $1::VARCHAR IS NULL OR item_id = $1 OR other_id = $1
ORDER BY "at", item_id, event
"""


def states_of(names: Collection[str], *, everything: bool = False) -> list[str]:
    """Return states as they are stored: those that are named, else those in which somebody has something to do.

    Args:
        names: as people write them, "in progress".
        everything: all states where none is named.

    Raises:
        WrongQuestion: there is no such state.
    """
    asked = [name.strip().lower().replace(" ", "_") for name in names]
    if unknown := [name for name, state in zip(names, asked, strict=True) if state not in STATES]:
        raise WrongQuestion(f"state {unknown[0]}: no such state. Allowed: {', '.join(map(shown, STATES))}.")
    return asked or ([] if everything else list(OPEN))


def items(
    connection: duckdb.DuckDBPyConnection, least_group: int, *, states: Sequence[str] = (), owner: str | None = None,
    overdue: bool = False,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return items, the most urgent first; of small groups neither counts nor words.

    Args:
        connection: of `open_published`.
        least_group: as ``privacy.least_group``; 1 tells all.
        states: as `states_of` gives them; all when empty.
        owner: only of this one, to whom it is assigned or suggested; a part of the name will do.
        overdue: only what should be accepted or shipped by now and is not.

    Returns:
        Columns of the table backlog, days_in_state, days_to_accepted, is_overdue.
    """
    _refuse_older(connection)
    asked = {"states": list(states), "owner": owner, "overdue": overdue, "open": list(OPEN)}
    return [shared(row, least_group) for row in connection.execute(sql("items"), asked).pl().to_dicts()]


def found(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    """Return the item whose id begins so: item_id, state, assigned_to, owner; one that went into another is that one.

    Raises:
        NotThere: none begins so.
        WrongQuestion: several do.
        WarehouseError: an older cxnlp published it.
    """
    _refuse_older(connection)
    rows = connection.execute(_FIND, [name]).pl().to_dicts()
    rows = [row for row in rows if row["item_id"] == name] or rows
    if len(rows) > 1:
        raise WrongQuestion(f"item {name!r}: found {len(rows)} that begin so. Write more of it: "
                            f"{rows[0]['item_id']}, {rows[1]['item_id']} …")  # fmt: skip
    if not rows:
        raise NotThere(f"item {name!r}: not found. `cxnlp backlog list --all` shows the ids.")
    return found(connection, rows[0]["into_id"]) if rows[0]["state"] == "merged" else rows[0]


def item(connection: duckdb.DuckDBPyConnection, name: str, least_group: int) -> dict[str, Any]:
    """Return one item with its ``clock``, its ``events``, the moves that are ``allowed`` now, and its ``effect``.

    The effect is what docs/effects.md says of a fix (without numbers where the group is small); None where nothing was
    shipped or no night has measured it.

    Raises:
        NotThere, WrongQuestion: as `found` does.
    """
    item_id = found(connection, name)["item_id"]
    (about,) = connection.execute(_ONE, [item_id]).pl().to_dicts()
    clocks = connection.execute(_CLOCK, [item_id]).pl().to_dicts()
    return shared(about, least_group) | {
        "clock": clocks[0], "events": events(connection, least_group, item_id), "allowed": ALLOWED[about["state"]],
        "effect": _effect(connection, about, least_group),
    }  # fmt: skip


def chosen(connection: duckdb.DuckDBPyConnection, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the quotes of an item with day, channel and place, the best first.

    Args:
        connection: of `open_published`.
        about: what `item` returns; of a small group it has no quotes.
    """
    ids = [about[f"{name}_mention_id"] for name in QUOTES if about.get(name)]
    return sorted(connection.execute(_CHOSEN, [ids]).pl().to_dicts(), key=lambda row: ids.index(row["mention_id"]))


def explained(
    connection: duckdb.DuckDBPyConnection, name: str, settings: Backlog, least_group: int
) -> dict[str, Any]:  # fmt: skip
    """Return what an item's priority is the sum of, with the weights as they are now, and what that takes for granted.

    Of a small group neither parts nor assumptions: how many people it is could be worked out from them.

    Returns:
        item_id, title, sentence, state, priority, priority_of_last_night, parts (part, value, weight, points),
        assumptions.

    Raises:
        NotThere: none begins so.
        WrongQuestion: several do, or it has no parts.
    """
    (row,) = connection.execute(_ONE, [found(connection, name)["item_id"]]).pl().to_dicts()
    if row["reach"] is None:
        raise WrongQuestion(f"item {row['item_id']}: found no parts of its priority; it was computed by an older "
                            "cxnlp. The next night in which it qualifies computes them.")  # fmt: skip
    parts = explain(row, settings)
    told = shared(row, least_group)
    about = {name: told[name] for name in ("item_id", "title", "sentence", "state")}
    sums = {"priority": total(parts), "priority_of_last_night": row["priority"]}
    if _is_small(row, least_group):
        return about | {name: float(round(points)) for name, points in sums.items()} | {"parts": [], "assumptions": []}
    return about | sums | {"parts": [part._asdict() for part in parts], "assumptions": assumptions(row, settings)}


def mentions(connection: duckdb.DuckDBPyConnection, name: str, least_group: int, n: int = 50) -> list[dict[str, Any]]:
    """Return what people said of an item, one mention a person, the latest first; nothing of a small group.

    Raises:
        NotThere, WrongQuestion: as `found` does.
    """
    item_id = found(connection, name)["item_id"]
    return told(connection.execute(sql("item_mentions"), {"item_id": item_id}).pl(), least_group, n)


def events(
    connection: duckdb.DuckDBPyConnection, least_group: int, name: str | None = None
) -> list[dict[str, Any]]:  # fmt: skip
    """Return what happened to an item, or to all of them, the oldest first; numbers of small groups are null.

    Raises:
        NotThere, WrongQuestion: as `found` does.
    """
    _refuse_older(connection)
    item_id = None if name is None else found(connection, name)["item_id"]
    rows = connection.execute(_EVENTS, [item_id]).pl().to_dicts()
    return [row | {"n_customers": None} if (row["n_customers"] or least_group) < least_group else row for row in rows]


def clock(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Return how long items took: ``items`` one by one, without titles, and ``legs`` as a distribution."""
    _refuse_older(connection)
    return {
        "items": connection.sql(_CLOCKS).pl().to_dicts(),
        "legs": connection.sql("FROM backlog_clock_summary").pl().to_dicts(),
    }


def has(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    """Whether the snapshot has a table or view."""
    there = connection.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_name = $1 AND table_catalog = current_database()",
        [relation],
    ).fetchone()
    return there is not None


def _effect(
    connection: duckdb.DuckDBPyConnection, about: dict[str, Any], least_group: int
) -> dict[str, Any] | None:  # fmt: skip
    if not has(connection, EFFECTS):
        return None
    measured = connection.execute(_EFFECT, [about["item_id"]]).pl().to_dicts()
    hidden = dict.fromkeys(_TELLING) if _is_small(about, least_group) else {}
    return measured[0] | hidden if measured else None


def _is_small(about: dict[str, Any], least_group: int) -> bool:
    return (about["n_customers"] or 0) < least_group


def _refuse_older(connection: duckdb.DuckDBPyConnection) -> None:
    if not has(connection, CLOCK):
        raise WarehouseError("this database was published by a cxnlp whose backlog had no life yet. Run `cxnlp run`, "
                             "which publishes it anew.")  # fmt: skip
