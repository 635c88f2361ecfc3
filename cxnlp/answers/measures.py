"""The fifteen numbers of a moment of truth in words; what few people said stays unsaid."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cxnlp.taxonomy import Diagnostic


def number(diagnostic: "Diagnostic", row: dict[str, Any]) -> str:
    """Return one of the fifteen numbers in words: shares in per cent, balances and differences in points."""
    if row["is_hidden"]:
        return "few" if diagnostic.id == "n_customers" else ""
    if diagnostic.id in row["few"]:
        return "few"
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
