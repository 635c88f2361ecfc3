"""The moments of truth in their fifteen numbers, and the scorecard; what few people said stays unsaid."""

from dataclasses import dataclass
from typing import Any, Final

import duckdb

from cxnlp.answers.wrong import NotThere

#: What a row still says when too few people spoke: everything that does not come from them.
_OPEN: Final = (
    "moment", "stage", "name", "description", "interaction", "expectation", "owner", "is_critical", "n_feedback_all",
    "question", "statement", "words", "cannot_tell", "item_state", "fixed_on",
)  # fmt: skip

#: A target by its moment and its number.
Targets = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Moments:
    """Rows of the view moment_diagnostics with ``is_hidden``, their targets, and rows of moment_rates."""

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
    """Read the views moment_diagnostics, moment_targets and moment_rates."""
    rows = connection.sql("FROM moment_diagnostics").pl().to_dicts()
    targets = connection.sql("FROM moment_targets").pl().to_dicts()
    rates = connection.sql("FROM moment_rates").pl().to_dicts()
    shown = [with_few_hidden(row, least_group) for row in rows]
    hidden = {row["moment"] for row in shown if row["is_hidden"]}
    for target in targets:
        if target["moment"] in hidden:
            target["found"] = target["is_met"] = None
    return Moments(shown, {(target["moment"], target["metric"]): target for target in targets}, rates)


def scorecard(connection: duckdb.DuckDBPyConnection, least_group: int) -> list[dict[str, Any]]:
    """Rows of the view scorecard, with ``is_hidden``."""
    return [with_few_hidden(row, least_group) for row in connection.sql("FROM scorecard").pl().to_dicts()]


def with_few_hidden(row: dict[str, Any], least_group: int) -> dict[str, Any]:
    """Return the row with ``is_hidden``; its numbers are null where 1 to ``least_group`` - 1 people are behind them."""
    n_customers = row["n_customers"]
    is_hidden = n_customers is not None and 0 < n_customers < least_group
    shown = {key: value if key in _OPEN or not is_hidden else None for key, value in row.items()}
    return shown | {"is_hidden": is_hidden}
