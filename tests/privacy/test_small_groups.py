"""What is meant to be shared says nothing about few people; what is said of many stays."""

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from cxnlp import backlog, report
from cxnlp.backlog import shared
from cxnlp.report.quotes import QuoteBook
from cxnlp.report.words import people, shielded
from tests.backlog import larkfield
from tests.backlog.larkfield import NIGHT
from tests.report.conftest import night_of
from tests.report.test_page import text_of


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    with night_of(tmp_path_factory.mktemp("night") / "w.duckdb", larkfield.eight_weeks()) as connection:
        return report.render(connection, company="Larkfield", night=NIGHT, least_group=5)


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    with night_of(tmp_path_factory.mktemp("night") / "w.duckdb", larkfield.eight_weeks()) as connection:
        return backlog.read(connection)


@pytest.mark.parametrize(
    ("n_customers", "n_mentions", "least_group", "expected"),
    [
        (4, 9, 5, ("<5", "<5")),
        (4, 4, 5, ("<5", "<5")),
        (5, 5, 5, (5, 5)),
        (1, 1, 1, (1, 1)),
        (9, 12, 10, ("<10", "<10")),
        (0, 0, 5, (0, 0)),
    ],
)
def test_a_row_of_few(n_customers: int, n_mentions: int, least_group: int, expected: tuple[object, object]) -> None:
    row = shielded({"name": "x", "n_customers": n_customers, "n_mentions": n_mentions}, least_group)
    assert (row["n_customers"], row["n_mentions"]) == expected


def test_people_in_words() -> None:
    assert people("<5") == "<5 people"


def test_an_item_of_few_has_neither_quotes_nor_their_words() -> None:
    item = dict.fromkeys(backlog.BACKLOG) | {"title": "Delivery disappoints: box, van", "n_customers": 3,
                                             "n_mentions": 3, "quote_1": "It broke."}  # fmt: skip
    told = {"sentence": "Customers report that it broke.", "quote_5": "It broke, too.", "n_customers_corrected": 4,
            "reach": 0.1, "revenue_at_risk_high": 900.0, "n_contacts": 2, "n_customers_since": 1,
            "n_contacts_all": 40}  # fmt: skip
    few = shared(item | told, 5)
    assert [few[name] for name in told] == [None, None, None, None, None, "<5", "<5", 40]
    assert (few["title"], few["n_customers"], few["quote_1"]) == ("Delivery disappoints", "<5", None)
    assert shared(item | {"n_customers": 5}, 5)["quote_1"] == "It broke."
    uncounted = shared(item | {"n_customers": None}, 5)
    assert (uncounted["title"], uncounted["n_mentions"], uncounted["quote_1"]) == ("Delivery disappoints", "<5", None)


def test_the_file_for_the_team(items: pl.DataFrame, tmp_path: Path) -> None:
    small = items.filter(pl.col("n_customers") < 5)
    assert small.height > 0
    backlog.export_csv(items, tmp_path / "backlog.csv", least_group=5)
    with (tmp_path / "backlog.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Item"]: row for row in csv.DictReader(file)}
    for item in items.iter_rows(named=True):
        row = rows[item["item_id"]]
        if item["n_customers"] < 5:
            assert (row["Customers"], row["Quote 1"], row["Quote 2"]) == ("<5", "", "")
        else:
            assert row["Quote 1"]
            assert row["Customers"] == str(item["n_customers"])


def test_the_page_quotes_nobody_of_few(page: str, items: pl.DataFrame) -> None:
    words = text_of(page)
    assert "Of fewer than 5 people a number reads" in words
    assert "14 people" in words
    section = page[page.index('id="backlog"') : page.index('id="people"')]
    rows = [row for row in re.findall(r"<tr.*?</tr>", section, re.DOTALL) if 'scope="row"' in row]
    small = [row for row in rows if "&lt;5" in row]
    assert len(small) == items.filter(pl.col("n_customers") < 5).height > 0
    assert [row for row in small if "blockquote" in row or "data-set" in row] == []
    assert [row for row in rows if "&lt;5" not in row and "blockquote" not in row] == []


def test_a_week_of_few_is_not_counted(page: str) -> None:
    section = page[page.index('id="trends"') : page.index('id="unmeasurables"')]
    weeks = re.findall(r'scope="row">([^<]*)</th><td class="r">(.*?)</td>', section)
    counts = [re.sub(r"<[^>]+>|\s", "", cell) for _, cell in weeks]
    assert "&lt;5" in counts
    assert [n for n in counts if n.isdigit() and 0 < int(n) < 5] == []


def test_numbers_of_few_open_nothing() -> None:
    row = {"family": "moment", "label": "delivery", "side": "-1", "sentiment": -1, "rank_of_side": 1, "week": NIGHT,
           "occurred_on": NIGHT, "channel": "call", "location": None, "product": None,
           "quote": "It came late."}  # fmt: skip
    four = [row | {"mention_id": f"m{n}", "person_key": f"p{n % 4}", "n_people_of_side": 4} for n in range(8)]
    five = [row | {"mention_id": f"m{n}", "person_key": f"p{n}", "n_people_of_side": 5} for n in range(5)]
    assert QuoteBook(four, NIGHT, 5).side("moment", "delivery", "neg", title="x", n=8) is None
    assert QuoteBook(five, NIGHT, 5).side("moment", "delivery", "neg", title="x", n=5) == "moment:delivery:neg"
