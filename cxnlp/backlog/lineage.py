"""What happened to items because their themes merged or split, or because their customers became far more or fewer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import duckdb
import polars as pl

from cxnlp.backlog.events import EVENTS, sql
from cxnlp.backlog.states import STANDING

Row = Mapping[str, Any]

#: What an item that is kept takes over from one that went into it: columns of ``backlog``.
INHERITED: Final[dict[str, pl.DataType]] = {
    "state": pl.String(),
    **{name: kind for name, kind in STANDING.items() if name != "state_since"},
}

#: Columns of the heirs: the item that takes over, and the one that it takes over from.
HEIRS: Final[dict[str, pl.DataType]] = {"item_id": pl.String(), "from_id": pl.String(), **INHERITED}

#: States that are handed on, the one that counts most last: what put a part of it aside yields to work on another.
_PUT_ASIDE: Final = ("declined", "snoozed")
_WORK: Final = ("accepted", "in_progress", "shipped")
_HANDED_ON: Final = (*_PUT_ASIDE, *_WORK)

#: States of the kept item in which it takes over anything, and those in which it takes over work alone.
_UNDECIDED: Final = frozenset({"new", "quiet"})
_IDLE: Final = frozenset({*_PUT_ASIDE, "closed", "verified", "not_effective"})

#: Items whose people became this many times as many, or as few, have grown or shrunk.
_TIMES: Final = 2


@dataclass(frozen=True)
class Tonight:
    """The night that events belong to."""

    night: date
    run_id: str
    least_group: int  # how many people an item must at least gain or lose to have grown or shrunk

    @property
    def at(self) -> datetime:
        """When a night's events happen: at the beginning of its day, UTC, however often it is run."""
        return datetime.combine(self.night, time(), UTC)


@dataclass(frozen=True)
class Lineage:
    """What happened tonight: ``events``, columns `EVENTS`, and ``heirs``, columns `HEIRS`."""

    events: pl.DataFrame
    heirs: pl.DataFrame


def of_night(
    connection: duckdb.DuckDBPyConnection, found: pl.DataFrame, *, night: date, run_id: str, least_group: int
) -> Lineage:
    """Return what `trace` tells of tonight's items, before `cxnlp.backlog.write` stores them."""
    before, happened = (connection.execute(f"FROM {name} ORDER BY rowid").pl() for name in ("backlog", "theme_events"))
    counted = connection.execute(sql("counted")).pl()
    return trace(before, found, happened, counted, Tonight(night, run_id, least_group))


def trace(
    before: pl.DataFrame, found: pl.DataFrame, theme_events: pl.DataFrame, counted: pl.DataFrame, tonight: Tonight
) -> Lineage:
    """Return tonight's events of merging, splitting, growing and shrinking, and who takes over from whom.

    An item whose theme went into another one has `merged` into that theme's item, if there is one: last night's or
    tonight's. When somebody had accepted, started or shipped it and nobody works on the kept one, the kept one takes
    over state, owner and days; of several, those of the item that is furthest along. One about which nothing was
    decided takes over that it is snoozed or declined, too; the latter unless it has twice the people. A new item
    whose theme split off another one has `split` off that theme's item. An item has `grew` when it has twice the
    people that it had at its last such event, and `shrank` when it has half of them, by ``least_group`` people at
    least. Told again about what it has told already, it tells nothing: merged items are `merged` before, new ones
    are not new, and counts are those of the last event.

    Args:
        before: the table ``backlog`` before tonight's items are written.
        found: tonight's items.
        theme_events: the table ``theme_events``, in the order in which it was written.
        counted: for items that have a last event `opened`, `grew`, `shrank` or `reopened`, ``n_customers`` of it by
            ``item_id``. The number that an item without one had the night before is taken in its place.
        tonight: the night.
    """
    ends, origins = _ends(theme_events), _origins(theme_events)
    here = {_place(row): row["item_id"] for frame in (before, found) for row in frame.iter_rows(named=True)}
    old = {row["item_id"]: row for row in before.iter_rows(named=True)}
    now = {row["item_id"]: row for row in found.iter_rows(named=True)}
    merges = {gone: kept for gone, kept in _merges(old, ends, here) if kept != gone}
    heirs = dict(_heirs(merges, old, now))
    events = [
        *_merged(merges, heirs, old, now),
        *(_event(row, "split", other_id=other) for row, other in _splits(old, now, origins, ends, here)),
        *_counts(old, now, dict(counted.select("item_id", "n_customers").iter_rows()), tonight.least_group),
    ]
    always = {"at": tonight.at, "happened_on": tonight.night, "by": "night", "run_id": tonight.run_id}
    taken = [{"item_id": kept, "from_id": old[gone]["item_id"]} | _pick(old[gone]) for kept, gone in heirs.items()]
    return Lineage(
        pl.DataFrame([event | always for event in events], schema=EVENTS).sort("item_id", "event", maintain_order=True),
        pl.DataFrame(taken, schema=HEIRS).sort("item_id"),
    )


def _place(row: Row) -> tuple[str | None, ...]:
    return row["kind"], row["label"], row["polarity"], row["theme_id"]


def _ends(theme_events: pl.DataFrame) -> dict[str, str]:
    """Each theme that went into another one, and the one in which that ended."""
    into: dict[str, str] = {}
    for theme_id, event, other_id in theme_events.select("theme_id", "event", "other_id").iter_rows():
        if event == "merged":
            into[theme_id] = other_id
        else:
            into.pop(theme_id, None)
    return {theme_id: _end(theme_id, into) for theme_id in into}


def _end(theme_id: str, into: Mapping[str, str]) -> str:
    seen = {theme_id}
    while (following := into.get(theme_id)) is not None and following not in seen:
        seen.add(following)
        theme_id = following
    return theme_id


def _origins(theme_events: pl.DataFrame) -> dict[str, str]:
    """Each theme that split off another one, and which."""
    splits = theme_events.filter(pl.col("event") == "split")
    return dict(splits.select("theme_id", "other_id").iter_rows())


def _merges(
    old: Mapping[str, Row], ends: Mapping[str, str], here: Mapping[tuple[str | None, ...], str]
) -> Iterator[tuple[str, str]]:
    """Items of themes that are gone, and the items of those that they went into."""
    for item_id, row in old.items():
        if row["state"] != "merged" and row["theme_id"] in ends:
            kept = here.get((*_place(row)[:3], ends[row["theme_id"]]))
            if kept is not None:
                yield item_id, kept


def _heirs(merges: Mapping[str, str], old: Mapping[str, Row], now: Mapping[str, Row]) -> Iterator[tuple[str, str]]:
    """Items that take over, and from which."""
    for kept in sorted(set(merges.values())):
        own = now.get(kept) or old[kept]
        wanted = _taken_over(old[kept]["state"] if kept in old else "new")
        decided = [gone for gone, into in merges.items() if into == kept and _hands_on(old[gone], own, wanted)]
        if decided:
            yield kept, max(sorted(decided), key=lambda gone: _HANDED_ON.index(old[gone]["state"]))


def _taken_over(state: str) -> tuple[str, ...]:
    """The states that an item which is kept takes over where it stands."""
    if state in _UNDECIDED:
        return _HANDED_ON
    return _WORK if state in _IDLE else ()


def _hands_on(gone: Row, kept: Row, wanted: tuple[str, ...]) -> bool:
    """Whether what was decided about ``gone`` holds for ``kept``; twice the people would have undone a decline."""
    if gone["state"] == "declined" and kept["n_customers"] >= _TIMES * gone["n_customers"]:
        return False
    return gone["state"] in wanted


def _merged(
    merges: Mapping[str, str], heirs: Mapping[str, str], old: Mapping[str, Row], now: Mapping[str, Row]
) -> Iterator[dict[str, Any]]:
    """For each item that is gone an event; and one for each that takes over, which says from whom and what."""
    for gone, kept in merges.items():
        yield _event(old[gone], "merged", other_id=kept, state_after="merged")
    for kept, gone in heirs.items():
        own = now.get(kept) or old[kept]
        before = old[kept]["state"] if kept in old else own["state"]
        row = {**old[gone], "item_id": kept, "n_customers": own["n_customers"]}
        yield {**_event(row, "merged", other_id=gone), "state_before": before}


def _splits(
    old: Mapping[str, Row],
    now: Mapping[str, Row],
    origins: Mapping[str, str],
    ends: Mapping[str, str],
    here: Mapping[tuple[str | None, ...], str],
) -> Iterator[tuple[Row, str]]:
    """New items of themes that split, and the items of those that they split off."""
    for item_id, row in now.items():
        origin = origins.get(row["theme_id"])
        if item_id in old or origin is None:
            continue
        other = here.get((*_place(row)[:3], origin)) or here.get((*_place(row)[:3], ends.get(origin, origin)))
        if other is not None:
            yield row, other


def _counts(
    old: Mapping[str, Row], now: Mapping[str, Row], counted: Mapping[str, int], least_group: int
) -> Iterator[dict[str, Any]]:
    for item_id, row in now.items():
        if item_id not in old:
            continue
        then, n = counted.get(item_id, old[item_id]["n_customers"]), row["n_customers"]
        if n >= _TIMES * then and n - then >= least_group:
            yield _event({**old[item_id], "n_customers": n}, "grew")
        elif _TIMES * n <= then and then - n >= least_group:
            yield _event({**old[item_id], "n_customers": n}, "shrank")


def _event(row: Row, event: str, *, other_id: str | None = None, state_after: str | None = None) -> dict[str, Any]:
    return {
        "item_id": row["item_id"],
        "event": event,
        "state_before": row["state"],
        "state_after": state_after or row["state"],
        "owner": row.get("assigned_to"),
        "due_on": row.get("due_on"),
        "shipped_on": row.get("shipped_on"),
        "snoozed_until": row.get("snoozed_until"),
        "other_id": other_id,
        "n_customers": row["n_customers"],
    }


def _pick(row: Row) -> dict[str, Any]:
    return {name: row.get(name) for name in INHERITED}
