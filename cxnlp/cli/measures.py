"""Diagnostics and statements as words for a terminal; what few people said stays unsaid."""

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console

if TYPE_CHECKING:
    from cxnlp.taxonomy import Diagnostic

WIDE = 240  # columns, where no terminal says how many there are

#: What a row still says when too few people spoke: everything that does not come from them.
_OPEN = (
    "moment", "stage", "name", "description", "interaction", "expectation", "owner", "is_critical", "n_feedback_all",
    "question", "statement", "words", "cannot_tell", "item_state", "fixed_on",
)  # fmt: skip


def with_few_hidden(row: dict[str, Any], least_group: int) -> dict[str, Any]:
    """Return the row with ``is_hidden``; its numbers are null where 1 to ``least_group`` - 1 people are behind them."""
    n_customers = row["n_customers"]
    is_hidden = n_customers is not None and 0 < n_customers < least_group
    shown = {key: value if key in _OPEN or not is_hidden else None for key, value in row.items()}
    return shown | {"is_hidden": is_hidden}


def number(diagnostic: "Diagnostic", row: dict[str, Any]) -> str:
    """Return one of the fifteen numbers in words: shares in per cent, balances and differences in points."""
    if row["is_hidden"]:
        return "few" if diagnostic.id == "n_customers" else ""
    value = row[diagnostic.id]
    mark = {"rising": " ↑", "falling": " ↓"}.get(row["trend_word"], "") if diagnostic.id == "trend" else ""
    return "–" if value is None else _worded(diagnostic.unit, value) + mark


def spread(diagnostic: "Diagnostic", row: dict[str, Any]) -> str:
    """Return the interval of a number in words; nothing where it has none."""
    low, high = row.get(f"{diagnostic.id}_low"), row.get(f"{diagnostic.id}_high")
    return "" if low is None or high is None else f"{_worded(diagnostic.unit, low)} … {_worded(diagnostic.unit, high)}"


def _worded(unit: str, value: float) -> str:
    match unit:
        case "share":
            return f"{value:.0%}"
        case "balance" | "difference":
            return f"{value * 100:+.0f}"
        case "each":
            return f"{value:.2f}"
        case _:
            return f"{value:,.0f}"


def screen() -> Console:
    """The terminal as it is; lines that go elsewhere are as wide as they need."""
    return Console(highlight=False) if sys.stdout.isatty() else Console(width=WIDE, highlight=False)
