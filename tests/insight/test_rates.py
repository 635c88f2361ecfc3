"""How many customers report what: who is counted, and by which errors the count is corrected."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp.insight import RATES, rates
from cxnlp.quality.counts import Errors, Measured
from cxnlp.warehouse import store
from tests.backlog.larkfield import Mention, add, insert, said, warehouse

MONDAY = date(2026, 10, 26)
DELIVERY = ("moment", "delivery")
MEASURED = Measured("test-1", {DELIVERY: Errors(60, 20, 40, 380)})
NOTHING_KNOWN = Measured()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path / "working.duckdb", []) as opened:
        yield opened


def letters(n: int, n_late: int, person: str = "Writer") -> list[Mention]:
    """Letters of ``n`` people, two sentences each; the first of ``n_late`` of them is about delivery."""
    return [
        mention
        for number in range(n)
        for mention in (
            said("It came late." if number < n_late else "It was blue.", person=f"{person} {number}",
                 moments="delivery" if number < n_late else ""),
            said("Kind regards.", person=f"{person} {number}"),
        )
    ]  # fmt: skip


def rate(connection: duckdb.DuckDBPyConnection, measured: Measured = NOTHING_KNOWN, **where: Any) -> dict[str, Any]:
    """The row of one label; of deliveries in the last week unless ``where`` says otherwise."""
    wanted = {"period": "week", "starts_on": MONDAY, "family": "moment", "label": "delivery"} | where
    return rates(connection, measured).row(
        by_predicate=pl.all_horizontal(pl.col(name) == value for name, value in wanted.items()), named=True
    )


def judge(connection: duckdb.DuckDBPyConnection, mentions: list[str], late: set[str], slice_: str = "random") -> None:
    """A person judges these mentions for `delivery`: yes where it is in ``late``."""
    rows = [(mention, mention.split(".")[0], "yes" if mention in late else "no") for mention in mentions]
    answered = pl.DataFrame(rows, schema=["mention_id", "feedback_id", "decision"], orient="row").with_columns(
        family=pl.lit("moment"), label=pl.lit("delivery")
    )
    reviewed = {"reviewer": "0" * 16, "reviewed_at": datetime(2026, 11, 2, tzinfo=UTC), "slice": slice_}
    insert(connection, "reviews", answered.with_columns(pl.lit(value).alias(name) for name, value in reviewed.items()))
    insert(connection, "tags", answered.drop("feedback_id").with_columns(voter=pl.lit("person")))


def places(connection: duckdb.DuckDBPyConnection, position: int | None = None) -> list[str]:
    """Ids of all mentions, or of the first (1) or second (2) of each letter."""
    found = connection.execute(
        "SELECT mention_id FROM mentions WHERE $1 IS NULL OR position = $1 ORDER BY mention_id", [position]
    ).fetchall()
    return [name for (name,) in found]


def heard(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Ids of the mentions that the model gives a moment."""
    query = "SELECT mention_id FROM tags WHERE family = 'moment' AND voter = 'model' ORDER BY mention_id"
    return [name for (name,) in connection.execute(query).fetchall()]


def test_customers_are_counted_once_and_agents_not_at_all(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, [
        said("The parcel was late.", moments="delivery", person="Ada"),
        said("Still no parcel.", moments="delivery", person="Ada", day="2026-10-28"),
        said("It is blue.", person="Ben"),
        said("Your parcel is on its way.", moments="delivery", person="Cem", channel="call", speaker="agent"),
        said("Thank you.", person="Cem", channel="call"),
        said("Hello.", person="Dee", day="2026-10-05"),
    ])  # fmt: skip
    week, month = rate(connection), rate(connection, period="month", starts_on=date(2026, 10, 1))
    counts = ("n_feedback", "n_customers_all", "n_customers_reporting", "raw_share", "corrected_share", "method")
    assert [week[name] for name in counts] == [4, 3, 1, pytest.approx(1 / 3), pytest.approx(1 / 3, abs=1e-4), "raw"]
    assert [month[name] for name in counts[:4]] == [5, 4, 1, 0.25]


def test_every_label_in_use_has_a_row_in_every_period(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, [said("Hello.", day="2026-10-05"), said("Hello.", person="Other")])
    found = rates(connection, NOTHING_KNOWN)
    assert found.schema == pl.Schema(RATES)
    assert found.group_by("period", "starts_on").len()["len"].unique().to_list() == [19 + 2 * 8 + 5 + 4]
    assert found.filter(period="week")["starts_on"].unique().sort().to_list() == [date(2026, 10, 5), MONDAY]
    assert found["n_customers_reporting"].sum() == 0
    assert found["corrected_share_high"].min() > 0, "nobody of one says little about all"


def test_nobody_wrote(connection: duckdb.DuckDBPyConnection) -> None:
    assert rates(connection, MEASURED).is_empty()


def test_the_models_measured_errors_correct_the_count(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, letters(100, n_late=30))
    found = rate(connection, MEASURED)
    assert (found["method"], found["raw_share"]) == ("adjusted count", 0.3)
    assert found["corrected_share"] == pytest.approx((0.3 + 0.95 - 1) / (0.6 + 0.95 - 1), abs=0.01)
    assert found["corrected_share_low"] < found["corrected_share"] < found["corrected_share_high"]
    assert rate(connection, MEASURED, label="refund")["method"] == "raw", "of this label no errors are known"


def test_errors_of_another_model_say_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, letters(100, n_late=30))
    assert rate(connection, Measured("test-2", MEASURED.errors))["method"] == "raw"


def test_a_label_taught_since_leaves_the_other_labels_corrected(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, letters(100, n_late=30))
    taught = Measured("test-1+parking", MEASURED.errors, earlier_versions=("test-1",))
    assert rate(connection, taught)["method"] == "adjusted count"
    assert rate(connection, taught.without(["signal"]))["method"] == "adjusted count"


@pytest.mark.parametrize(
    ("moved", "is_left"),
    [
        pytest.param(["signal"], True, id="another family"),
        pytest.param(["moment.refund"], True, id="another label"),
        pytest.param(["moment"], False, id="the family"),
        pytest.param(["moment.delivery"], False, id="the label"),
    ],
)
def test_errors_with_other_thresholds_say_nothing(moved: list[str], is_left: bool) -> None:
    assert (DELIVERY in MEASURED.without(moved).errors) is is_left


def test_an_unsigned_unmeasurable_names_both_signs() -> None:
    measured = Measured("m", {("unmeasurable", "trust+"): Errors(), ("unmeasurable", "trust-"): Errors()})
    assert measured.without(["unmeasurable.trust"]).errors == {}
    assert list(measured.without(["unmeasurable.trust-"]).errors) == [("unmeasurable", "trust+")]


def test_letters_judged_whole_make_it_prediction_powered(connection: duckdb.DuckDBPyConnection) -> None:
    """Of 40 letters judged the model hears 12, of which 9 are right; and 3 others are late."""
    add(connection, letters(28, n_late=0, person="Judged blue"))
    add(connection, letters(12, n_late=12, person="Judged late"))
    blue = [name for name in places(connection, 1) if name not in heard(connection)]
    judge(connection, places(connection), late={*heard(connection)[:9], *blue[:3]})
    add(connection, letters(60, n_late=18))
    found = rate(connection, MEASURED)
    assert (found["method"], found["n_customers_labelled"], found["n_customers_all"]) == ("prediction-powered", 40, 100)
    assert found["raw_share"] == pytest.approx(0.3), "what people said changes no raw count"
    assert found["corrected_share"] == pytest.approx(0.3 * 9 / 12 + 0.7 * 3 / 28, abs=1e-3)


def test_few_labelled_letters_count_among_the_known_errors(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, letters(20, n_late=10))
    before = rate(connection, MEASURED)
    judge(connection, places(connection), late=set())
    found = rate(connection, MEASURED)
    assert (found["method"], found["n_customers_labelled"]) == ("adjusted count", 20)
    assert found["corrected_share"] < before["corrected_share"], "ten more false alarms are known"


@pytest.mark.parametrize(
    ("position", "slice_"),
    [
        pytest.param(1, "random", id="one sentence of each letter: letters with one sentence are no sample of all"),
        pytest.param(None, "uncertain", id="sentences picked because they are uncertain"),
    ],
)
def test_what_was_not_drawn_by_whole_letters_counts_nothing(
    connection: duckdb.DuckDBPyConnection, position: int | None, slice_: str
) -> None:
    add(connection, [*letters(60, n_late=30), said("Short.", person="Short")])
    judge(connection, places(connection, position), late=set(), slice_=slice_)
    found = rate(connection, MEASURED)
    assert (found["method"], found["n_customers_labelled"]) == ("adjusted count", 0)


def test_a_customer_of_whom_one_letter_was_not_judged_is_not_labelled(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, letters(40, n_late=10))
    judged = places(connection)
    add(connection, [said("And another thing.", person="Writer 0", day="2026-10-27")])
    add(connection, [said("Long ago.", person="Writer 1", day="2026-08-01")])
    judge(connection, judged, late=set(heard(connection)))
    week, month = rate(connection), rate(connection, period="month", starts_on=date(2026, 10, 1))
    assert (week["n_customers_all"], week["n_customers_labelled"]) == (40, 39)
    assert (month["n_customers_all"], month["n_customers_labelled"]) == (40, 39)


def test_prevalence_says_what_changed(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, letters(100, n_late=10, person="Before"))
    connection.execute("UPDATE feedback SET occurred_at = occurred_at - INTERVAL 7 DAY")
    add(connection, letters(100, n_late=60))
    store.write(connection, "rates", rates(connection, MEASURED))
    later = connection.execute(
        "FROM prevalence WHERE period = 'week' AND label IN ('delivery', 'refund') ORDER BY starts_on, label"
    ).pl()  # fmt: skip
    delivery_before, _, delivery, refund = later.to_dicts()
    assert delivery_before["change"] is None
    assert delivery["change"] == pytest.approx(delivery["corrected_share"] - delivery_before["corrected_share"])
    assert 0 < delivery["change_low"] < delivery["change"] < delivery["change_high"]
    assert (delivery["is_changed"], refund["is_changed"]) == (True, False)
    assert delivery["name"].startswith("Delivery")


def test_another_model_is_no_change(connection: duckdb.DuckDBPyConnection) -> None:
    add(connection, letters(400, n_late=160, person="Before"))
    connection.execute("UPDATE feedback SET occurred_at = occurred_at - INTERVAL 7 DAY")
    connection.execute("UPDATE tags SET model_version = 'older-1'")
    add(connection, letters(400, n_late=160))
    store.write(connection, "rates", rates(connection, MEASURED))
    before, after = connection.execute(
        "FROM prevalence WHERE period = 'week' AND label = 'delivery' ORDER BY starts_on"
    ).pl().to_dicts()  # fmt: skip
    assert (before["method"], after["method"]) == ("raw", "adjusted count")
    assert after["change_low"] > 0
    assert not after["is_changed"], "as many report it; only the correction is new"
