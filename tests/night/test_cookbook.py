"""docs/cookbook.md: every query runs on the sample as a night leaves it, and answers with rows."""

import re
from pathlib import Path

import pytest

from cxnlp.tags.questions import Questions
from cxnlp.warehouse import store

PAGE = Path(__file__).parents[2] / "docs" / "cookbook.md"
RECIPE = re.compile(r"^\*\*(\d+)\. (.*?)\*\*.*?^```sql\n(.*?)^```", re.DOTALL | re.MULTILINE)
RECIPES = [(int(number), query) for number, _, query in RECIPE.findall(PAGE.read_text("utf-8"))]


def test_there_are_twenty_five_questions() -> None:
    assert [number for number, _ in RECIPES] == list(range(1, 26))
    assert PAGE.read_text("utf-8").count("```sql") == 25


@pytest.mark.slow
def test_every_question_is_answered(night: Path) -> None:
    database, meaning = night / "warehouse" / "cx.duckdb", Questions().vector
    n_rows = {number: store.query(database, query, meaning=meaning).height for number, query in RECIPES}
    assert [number for number, n in n_rows.items() if n == 0] == []
