"""The moments of truth in their fifteen numbers, and the scorecard; what few people said stays unsaid."""

from dataclasses import dataclass
from typing import Any, Final

import duckdb

from cxnlp.answers.evidence import sql
from cxnlp.answers.wrong import NotThere

#: What a row still says when too few people spoke: everything that does not come from them.
_OPEN: Final = (
    "moment", "stage", "name", "description", "interaction", "expectation", "owner", "is_critical", "n_feedback_all",
    "question", "statement", "words", "cannot_tell", "item_state", "fixed_on", "few",
)  # fmt: skip

#: What a rate of a moment says in numbers of the people whose feedback carries its label.
_OF_LABEL: Final = (
    "n_feedback_reporting", "n_customers", "raw_share", "corrected_share", "corrected_share_low",
    "corrected_share_high",
)  # fmt: skip
#: What a moment says of some of its people: by the label of the signal, or by the column, that says how many they are.
_OF_SIGNAL: Final = {
    "churn": ("n_feedback_churn", "churn_raw_share", "churn_share", "churn_share_low", "churn_share_high"),
    "champion": ("n_feedback_champion", "champion_raw_share", "champion_share", "champion_share_low",
                 "champion_share_high"),
    "crisis": ("n_customers_crisis",),
}  # fmt: skip
_OF_SOME: Final = {
    "n_customers_problem": ("n_customers_problem", "n_customers_resolved", "resolution_share", "resolution_share_low",
                            "resolution_share_high"),
    "n_customers_before": ("n_feedback_negative_before", "complaint_share_before", "trend", "trend_low", "trend_high"),
    "n_customers_around_fix": ("fix_effect", "fix_effect_low", "fix_effect_high"),
}  # fmt: skip

#: A target by its moment and its number.
Targets = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Moments:
    """Rows of the view moment_diagnostics with ``is_hidden`` and ``few``, their targets, and rows of moment_rates."""

    rows: list[dict[str, Any]]
    targets: Targets
    rates: list[dict[str, Any]]

    def listed(self) -> list[dict[str, Any]]:
        """All moments, each with its ``targets``."""
        return [self._with_targets(row) for row in self.rows]

    def one(self, moment: str) -> dict[str, Any]:
        """One moment with its ``targets`` and its ``rates``: how often each soft skill was shown and missing.

        Raises:
            NotThere: no moment has this id.
        """
        row = self.row(moment)
        return self._with_targets(row) | {"rates": self.shares(row)}

    def row(self, moment: str) -> dict[str, Any]:
        """The row of one moment.

        Raises:
            NotThere: no moment has this id.
        """
        row = next((row for row in self.rows if row["moment"] == moment), None)
        if row is None:
            raise NotThere(f"no moment called {moment!r}; there is: {', '.join(row['moment'] for row in self.rows)}.")
        return row

    def shares(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """Rows of moment_rates of a moment; none where too few people spoke of it."""
        return [] if row["is_hidden"] else [rate for rate in self.rates if rate["moment"] == row["moment"]]

    def _with_targets(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {"targets": [each for (moment, _), each in self.targets.items() if moment == row["moment"]]}


def moments(connection: duckdb.DuckDBPyConnection, least_group: int) -> Moments:
    """Read the views moment_diagnostics, moment_targets and moment_rates.

    A number of 1 to ``least_group`` - 1 people is null, also where more people speak of the moment itself; ``few`` of a
    row names these.
    """
    rows = connection.sql("FROM moment_diagnostics").pl().to_dicts()
    targets = connection.sql("FROM moment_targets").pl().to_dicts()
    rates = connection.sql("FROM moment_rates").pl().to_dicts()
    others = {row["moment"]: row for row in connection.execute(sql("people_before")).pl().to_dicts()}
    for row in rows:
        row["few"] = _few_of(row | others.get(row["moment"], {}), rates, least_group)
    shown = [with_few_hidden(row | dict.fromkeys(row["few"]), least_group) for row in rows]
    found = {(row["moment"], name): value for row in shown for name, value in row.items()}
    for target in targets:
        if found.get((target["moment"], target["metric"])) is None:
            target["found"] = target["is_met"] = None
    told = [rate | dict.fromkeys(_OF_LABEL if _is_few(rate["n_customers"], least_group) else ()) for rate in rates]
    return Moments(shown, {(target["moment"], target["metric"]): target for target in targets}, told)


def _few_of(row: dict[str, Any], rates: list[dict[str, Any]], least_group: int) -> list[str]:
    """Return the columns of a moment that come from too few of its people."""
    signals = {rate["label"]: rate["n_customers"] for rate in rates
               if (rate["moment"], rate["family"]) == (row["moment"], "signal")}  # fmt: skip
    few = [names for each, names in _OF_SOME.items() if _is_few(row.get(each), least_group)]
    few += [names for label, names in _OF_SIGNAL.items() if _is_few(signals.get(label), least_group)]
    return [name for names in few for name in names]


def scorecard(connection: duckdb.DuckDBPyConnection, least_group: int) -> list[dict[str, Any]]:
    """Rows of the view scorecard, with ``is_hidden``."""
    return [with_few_hidden(row, least_group) for row in connection.sql("FROM scorecard").pl().to_dicts()]


def with_few_hidden(row: dict[str, Any], least_group: int) -> dict[str, Any]:
    """Return the row with ``is_hidden``; its numbers are null where 1 to ``least_group`` - 1 people are behind them."""
    is_hidden = _is_few(row["n_customers"], least_group)
    shown = {key: value if key in _OPEN or not is_hidden else None for key, value in row.items()}
    return shown | {"is_hidden": is_hidden}


def _is_few(n_customers: int | None, least_group: int) -> bool:
    return n_customers is not None and 0 < n_customers < least_group
