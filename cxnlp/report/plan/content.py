"""What the plan says, read from the views plan_moments, plan_actions, moment_targets and abacus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb

from cxnlp.backlog.helped import helped
from cxnlp.backlog.states import SHIPPED
from cxnlp.warehouse import contract
from cxnlp.warehouse.sql import WarehouseError

Row = Mapping[str, Any]

#: Where actions belong that are of no stage.
DANGERS: Final = "Before all else"
ACROSS: Final = "Across the journey"

_DONE: Final = SHIPPED - {"not_effective"}
_OLDER: Final = (
    "this database was published by a cxnlp that made no such plan. Run `cxnlp run`, which publishes it anew."
)


@dataclass(frozen=True)
class Stage:
    """One stage of the journey; ``name`` is None for what belongs to none."""

    name: str | None
    feeling: Row | None  # row of the view abacus
    critical: Sequence[Row]  # rows of plan_moments, and so the next two
    working: Sequence[Row]
    lacking: Sequence[Row]
    actions: Sequence[Row]  # rows of plan_actions with ``helped``, the most urgent first, without dangers
    targets: Sequence[Row]  # rows of moment_targets with the moment's name


@dataclass(frozen=True)
class Plan:
    """Dangers, all stages in the order of the journey, and what belongs to none of them."""

    night: date  # of which it was made
    dangers: Sequence[Row]  # rows as a stage's actions: harm, law, regulator or press, which wait for no stage
    stages: Sequence[Stage]

    @property
    def n_actions(self) -> int:
        """How many items there are to work on: those that nobody has shipped, and fixes that did not work."""
        return sum(row["state"] not in _DONE for _, row in self.actions)

    @property
    def actions(self) -> list[tuple[str, Row]]:
        """All actions in their order, with the name of what they belong to."""
        staged = [(stage.name or ACROSS, row) for stage in self.stages for row in stage.actions]
        return [*((DANGERS, row) for row in self.dangers), *staged]


def read(connection: duckdb.DuckDBPyConnection, least_group: int) -> Plan:
    """Read the plan from a published snapshot.

    Moments of which 1 to ``least_group`` - 1 people speak are left out; items of so few say "<5" (or what it is), and
    neither their customers' words nor their measure.

    Raises:
        WarehouseError: an older cxnlp published it.
    """
    moments = [row for row in _rows(connection, "plan_moments") if row["n_customers"] >= least_group]
    shared = [_shared(row, least_group) for row in _rows(connection, "plan_actions")]
    dangers, actions = (
        [row for row in shared if (row["label"] == "crisis") is is_danger] for is_danger in (True, False)
    )
    names = {row["moment"]: row for row in moments}
    targets = [row | names[row["moment"]] for row in _rows(connection, "moment_targets") if row["moment"] in names]
    feelings = {row["stage"]: row for row in _rows(connection, "abacus")}
    stages = [_stage(stage, row, moments, actions, targets, least_group) for stage, row in feelings.items()]
    rest = [row for row in actions if row["stage"] is None]
    (night,) = connection.execute("SELECT night FROM runs ORDER BY rowid DESC LIMIT 1").fetchall()[0]
    return Plan(night, dangers, [*stages, Stage(None, None, (), (), (), rest, ())])


def _stage(
    stage: str, feeling: Row, moments: Sequence[Row], actions: Sequence[Row], targets: Sequence[Row], least_group: int
) -> Stage:
    own = [row for row in moments if row["stage"] == stage]
    return Stage(
        feeling["name"],
        feeling if feeling["n_customers"] >= least_group else None,
        [row for row in own if row["is_critical"]],
        [row for row in own if row["standing"] == "works well"],
        [row for row in own if row["standing"] == "needs improvement"],
        [row for row in actions if row["stage"] == stage],
        [row for row in targets if row["stage"] == stage],
    )


def _shared(action: Row, least_group: int) -> Row:
    """An action as it may be passed on, with whether its fix ``helped``: of a small group no number and no words."""
    if (action["n_customers"] or 0) >= least_group:
        return {**action, "helped": helped(action)}
    numbers = ("reporting_share", "n_customers_wanted", "effect")
    hidden = dict.fromkeys(name for name in action if name.startswith(numbers))
    words = {"title": (action["title"] or "").partition(": ")[0], "sentence": None}
    few = {**action, **hidden, **words, "n_customers": f"<{least_group}"}
    return {**few, "helped": helped(few)}


def _rows(connection: duckdb.DuckDBPyConnection, view: str) -> list[dict[str, Any]]:
    _, promised = contract.promised()
    try:
        rows = connection.table(view)
    except duckdb.CatalogException as error:
        raise WarehouseError(_OLDER) from error
    if not promised[view].keys() <= set(rows.columns):
        raise WarehouseError(_OLDER)
    return rows.pl().to_dicts()
