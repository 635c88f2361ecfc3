"""The priority is a sum that can be shown, with the workspace's weights."""

from typing import Any

import duckdb
import pytest
from pydantic import ValidationError

from cxnlp import backlog
from cxnlp.backlog import assumptions, explain, total
from cxnlp.settings import Backlog, Weights
from tests.backlog.larkfield import NIGHT

VALUES = Backlog(currency="GBP", value_per_customer=100, cost_per_contact=5)


def row(**values: Any) -> dict[str, Any]:
    """An item of 25 of 100 customers, steady, half as bad as can be, in 9 of 36 letters and calls."""
    usual = {"label": "delivery", "reach": 0.5, "severity": 0.5, "direction": 0.5, "n_customers_all": 100,
             "service_effect_low": 0.0, "service_effect_high": 10.0, "revenue_at_risk_low": 0.0,
             "revenue_at_risk_high": 5000.0, "n_contacts": 9, "n_contacts_all": 36}  # fmt: skip
    return usual | values


def test_the_parts_are_named_and_add_up() -> None:
    parts = explain(row(), VALUES)
    assert [part.part for part in parts] == ["reach", "severity", "direction", "service", "revenue", "contacts"]
    assert {part.value for part in parts} == {0.5}
    assert sum(part.weight for part in parts) == pytest.approx(1)
    assert total(parts) == 50


@pytest.mark.parametrize("settings", [Backlog(), VALUES, Backlog(weights=Weights(reach=0, service=7))])
def test_every_items_parts_add_up_to_its_priority(eight_weeks: duckdb.DuckDBPyConnection, settings: Backlog) -> None:
    items = backlog.build(eight_weeks, night=NIGHT, run_id="r", settings=settings)
    for item in items.iter_rows(named=True):
        assert round(sum(part.points for part in explain(item, settings)), 2) == item["priority"]


def test_without_values_the_other_weights_take_the_room() -> None:
    parts = explain(row(), Backlog())
    assert [part.part for part in parts] == ["reach", "severity", "direction", "service"]
    assert parts[0].weight == pytest.approx(0.35 / 0.90)
    assert total(parts) == 50


@pytest.mark.parametrize(
    ("part", "more"),
    [
        ("reach", {"reach": 0.8}),
        ("severity", {"severity": 0.9}),
        ("direction", {"direction": 1.0}),
        ("service", {"service_effect_high": 30.0}),
        ("revenue", {"revenue_at_risk_low": 4000.0}),
        ("contacts", {"n_contacts": 30}),
    ],
)
def test_more_of_a_part_comes_first_and_says_why(part: str, more: dict[str, float]) -> None:
    before, after = explain(row(), VALUES), explain(row(**more), VALUES)
    assert [one.part for one, other in zip(before, after, strict=True) if one != other] == [part]
    assert total(after) > total(before)


def test_a_danger_is_raised_to_90() -> None:
    parts = explain(row(label="crisis"), VALUES)
    assert (parts[-1].part, parts[-1].points, total(parts)) == ("danger", 40, 90)
    all_in_full = row(label="crisis", reach=1.0, severity=1.0, direction=1.0)
    assert "danger" not in {part.part for part in explain(all_in_full, Backlog(weights=Weights(service=0)))}


def test_assumptions_are_said_with_their_ranges() -> None:
    known = {"n_customers": 25, "n_customers_corrected": 30, "n_customers_corrected_low": 20,
             "n_customers_corrected_high": 41, "method": "adjusted count", "trend_word": "steady",
             "moment_effect_low": 1.0, "moment_effect_high": 12.0,
             "contact_cost_low": 100.0, "contact_cost_high": 1234.0}  # fmt: skip
    told = "\n".join(assumptions(row(**known), VALUES))
    for words in ("25 of 100 customers", "30 (20 to 41), corrected", "0.0 to 10.0 points", "its moment 1.0 to 12.0",
                  "GBP 0 to 5,000 a year", "9 of 36 letters and calls", "GBP 100 to 1,234 at 5 each"):  # fmt: skip
        assert words in told
    assert "GBP" not in "\n".join(assumptions(row(**known), Backlog()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"value_per_customer": 10},
        {"currency": "pounds"},
        {"cost_per_contact": 0, "currency": "EUR"},
        {"weights": {"reach": -1}},
        {"weights": {"beauty": 1}},
        {"weights": {"reach": 0, "severity": 0, "direction": 0, "service": 0}},
    ],
)
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Backlog.model_validate(wrong)
