"""A moment with several items: each with its own words, people and quotes."""

import json
import re

import pytest

from cxnlp import report
from tests.backlog.larkfield import NIGHT, warehouse
from tests.backlog.test_themes import BOXES, OTHERS, RAIN, theme, written
from tests.report.test_page import text_of


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Fifteen people complain of deliveries: six of boxes, six of rain, three of this and that."""
    with warehouse(tmp_path_factory.mktemp("items") / "w.duckdb", [*BOXES, *RAIN, *OTHERS]) as connection:
        theme(connection, "th-box", "The box for", "box")
        theme(connection, "th-rain", "in the rain", "rain")
        written(connection)
        return report.render(connection, company="Larkfield", night=NIGHT, least_group=5)


def test_each_item_opens_its_own_quotes(page: str) -> None:
    """The three of no theme are too few to be quoted."""
    data = re.search(r'<script type="application/json" id="book">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    book = json.loads(data[1])
    sets = {one["t"]: one for key, one in book["sets"].items() if key.startswith("item:")}
    assert {title: one["n"] for title, one in sets.items()} == {
        "Delivery disappoints: box": 6, "Delivery disappoints: rain": 6,
    }  # fmt: skip
    quoted = [book["quotes"][place][0] for place in sets["Delivery disappoints: rain"]["q"]]
    assert len(quoted) == 6
    assert all("rain" in quote for quote in quoted)
    assert "FROM backlog_evidence WHERE item_id = 'cx-" in sets["Delivery disappoints: rain"]["w"]


def test_the_moment_hurts_in_the_words_of_its_most_urgent_item(page: str) -> None:
    words = text_of(page)
    hurts = words[words.index("Hurts most") : words.index("Works best")]
    assert "rain" in hurts
    assert "6 people , steady" in hurts
    assert "box" not in hurts
