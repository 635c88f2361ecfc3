"""What an item is worth: corrected people, points of net sentiment, revenue and contacts, as ranges."""

from typing import Any

import duckdb
import pytest

from cxnlp import backlog
from cxnlp.backlog.crowns import Range, product
from cxnlp.settings import Backlog
from tests.backlog.conftest import Warehouse, build, item
from tests.backlog.larkfield import NIGHT, Mention, said

VALUES = Backlog(currency="GBP", value_per_customer=100, cost_per_contact=5)


def complaints(n: int, start: int = 0, **labels: str) -> list[Mention]:
    usual = {"sentiment": "-1", "moments": "delivery"} | labels
    return [said("The parcel never came.", person=f"P{start + number}", **usual) for number in range(n)]


def praise(n: int, start: int = 0, **labels: str) -> list[Mention]:
    return complaints(n, start, **({"sentiment": "1"} | labels))


def valued(connection: duckdb.DuckDBPyConnection, label: str, settings: Backlog = VALUES) -> dict[str, Any]:
    return dict(item(backlog.build(connection, night=NIGHT, run_id="r", settings=settings), "moment", label))


def measure(connection: duckdb.DuckDBPyConnection, family: str, label: str, *errors: int) -> None:
    """Store what is known of the model's errors: true and false positives, false and true negatives."""
    found, missed = errors[0] + errors[2], errors[1] + errors[3]
    connection.execute(
        "INSERT INTO label_errors VALUES ($1, $2, NULL, $3, $4, $5, $6, $7, 0.001, $8, 0.001, 'test-1')",
        [family, label, *errors, errors[0] / found, errors[3] / missed],
    )


def test_where_nothing_is_known_of_errors_the_count_is_as_it_is(warehouse: Warehouse) -> None:
    row = item(build(warehouse([*complaints(8), *praise(12, 8, moments="price")])), "moment", "delivery")
    assert (row["n_customers"], row["n_customers_corrected"], row["n_customers_all"]) == (8, 8, 20)
    assert (row["n_customers_corrected_low"], row["n_customers_corrected_high"], row["method"]) == (4, 13, "raw")


@pytest.mark.parametrize(
    ("errors", "corrected"),
    [
        pytest.param((500, 0, 500, 1000), 16, id="half of those who say so are missed"),
        pytest.param((1000, 200, 0, 800), 5, id="one in five who do not is said to"),
    ],
)
def test_people_are_corrected_for_the_models_errors(
    warehouse: Warehouse, errors: tuple[int, ...], corrected: int
) -> None:
    connection = warehouse([*complaints(8), *praise(12, 8, moments="price")])
    measure(connection, "moment", "delivery", *errors)
    row = valued(connection, "delivery")
    assert row["method"] == "adjusted count"
    assert row["n_customers_corrected"] == corrected
    assert row["n_customers_corrected_low"] < corrected < row["n_customers_corrected_high"] <= 20


def test_an_item_is_its_part_of_the_label(warehouse: Warehouse) -> None:
    connection = warehouse([*complaints(5), *praise(5, 5), *praise(10, 10, moments="price")])
    measure(connection, "moment", "delivery", 500, 0, 500, 1000)
    assert item(build(connection), "moment", "delivery")["n_customers_corrected"] == 10


def test_net_sentiment_to_gain(warehouse: Warehouse) -> None:
    row = valued(warehouse([*complaints(6), *praise(4, 6), *praise(20, 10, moments="price")]), "delivery")
    assert row["net_sentiment"] == pytest.approx(-0.2)
    assert row["net_sentiment_low"] < -0.2 < row["net_sentiment_high"]
    assert row["service_effect_low"] < 100 * (1 - 18 / 30) < row["service_effect_high"]
    assert row["moment_effect_low"] < 100 * (1 + 2 / 10) < row["moment_effect_high"] <= 200


def test_what_is_felt_better_than_the_rest_has_nothing_to_gain(warehouse: Warehouse) -> None:
    rows = [*complaints(20), *complaints(5, 20, sentiment="0", moments="", signals="suggestion")]
    items = backlog.build(warehouse(rows), night=NIGHT, run_id="r", settings=VALUES)
    assert item(items, "signal", "suggestion")["service_effect_low"] == 0


def test_revenue_at_risk_is_that_of_people_who_leave(warehouse: Warehouse) -> None:
    rows = [*complaints(10), *complaints(10, 10, signals="churn"), *complaints(20, 20, moments="price")]
    connection = warehouse(rows)
    leaving, staying = valued(connection, "delivery"), valued(connection, "price")
    assert leaving["revenue_at_risk_low"] < 100 * 10 < leaving["revenue_at_risk_high"]
    assert staying["revenue_at_risk_low"] == 0 < staying["revenue_at_risk_high"]


def test_letters_and_calls_cost_but_posts_do_not(warehouse: Warehouse) -> None:
    heard = [*complaints(4, 8, channel="social"), *praise(4, 12, moments="price")]
    rows = [*complaints(4, day="2026-09-07"), *complaints(4, 4, channel="call"), *heard]
    row = valued(warehouse(rows), "delivery")
    assert (row["n_contacts"], row["n_contacts_all"]) == (8, 12)
    assert row["contact_cost_low"] < 8 * 365 / 56 * 5 < row["contact_cost_high"]


def test_without_values_nothing_is_said_about_money(eight_weeks: duckdb.DuckDBPyConnection) -> None:
    items = build(eight_weeks)
    assert items.select("revenue_at_risk_low", "revenue_at_risk_high", "contact_cost_low").null_count().row(0) == (
        (items.height,) * 3
    )
    assert items["service_effect_high"].null_count() == 0


def test_what_is_missing_in_its_mentions_is_named(eight_weeks: duckdb.DuckDBPyConnection) -> None:
    items = build(eight_weeks)
    assert item(items, "moment", "payment")["missing"] == "Trust"
    assert item(items, "unmeasurable", "trust")["missing"] is None


def test_a_products_interval_adds_errors_in_squares() -> None:
    assert product([Range(10, 7, 13), Range(0.5, 0.3, 0.7)]) == pytest.approx((5, 2.5, 7.5))
    assert product([Range(10, 7, 13), Range(0, 0, 0.1)]) == pytest.approx((0, 0, 1))
