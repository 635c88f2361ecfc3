"""What the page's filters know, and what they cannot know."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cxnlp.insight import period_of
from cxnlp.report import slices
from cxnlp.report.answers import reading
from cxnlp.report.slices import Slices
from tests.backlog.larkfield import NIGHT, said
from tests.report.conftest import HOSTILE, night_of

Numbers = tuple[int, ...]


def cut(connection: duckdb.DuckDBPyConnection, least_group: int) -> Slices:
    """The slices of the eight weeks before the night."""
    period = period_of(connection, night=NIGHT, weeks=8)
    with reading(connection, period):
        return Slices(connection, period, least_group)


def cells(data: dict[str, Any]) -> dict[tuple[str, str, str], Numbers]:
    """Slice, activity and span → mentions, people, negative, positive."""
    return {
        (key, data["activities"][run[at]], data["spans"][run[at + 1]]): tuple(run[at + 2 : at + 6])
        for key, run in data["cells"].items()
        for at in range(0, len(run), 6)
    }


def test_a_slice_counts_what_sql_counts(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    found = cells(json.loads(cut(larkfields_night, 1).data()))
    expected = larkfields_night.sql(
        """
        SELECT
            channel, count(*), count(DISTINCT person_key),
            count(*) FILTER (sentiment < 0), count(*) FILTER (sentiment > 0)
        FROM evidence
        WHERE family = 'moment' AND label = 'delivery' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
        GROUP BY channel
        """
    ).fetchall()
    assert {(f"{row[0]},,", "delivery", "all"): tuple(row[1:]) for row in expected}.items() <= found.items()
    later, earlier = found[",,", "delivery", "later"], found[",,", "delivery", "earlier"]
    assert later[0] + earlier[0] == found[",,", "delivery", "all"][0]


def test_few_people_are_in_no_slice_and_numbers_are_round(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    exact = cells(json.loads(cut(larkfields_night, 1).data()))
    shared = cells(json.loads(cut(larkfields_night, 5).data()))
    few = {
        key for key, numbers in exact.items() if numbers[1] < 5 and key[0].endswith(",,")
    }  # products are numbered anew
    assert few
    assert few & set(shared) == set()
    assert all(mentions % 5 == people % 5 == 0 < people for mentions, people, _, _ in shared.values())


def test_rounded_parts_are_no_more_than_their_whole() -> None:
    assert slices.within(5, 4, 2) == [3, 2]  # of 7 mentions 5 negative and 2 positive, rounded to 5 each by itself
    assert slices.within(5, 2, 4) == [2, 3]
    assert slices.within(10, 4, 2) == [4, 2]


def test_no_slice_has_more_feelings_than_mentions(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    for least_group in range(2, 8):
        found = cells(json.loads(cut(larkfields_night, least_group).data()))
        moments = [numbers for key, numbers in found.items() if not key[1].startswith("choice ")]
        assert all(mentions >= negative + positive for mentions, _, negative, positive in moments)


def test_a_product_of_few_people_is_not_named(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    assert cut(larkfields_night, 5).products == ["GlowNest"]
    assert "Oak dresser" in cut(larkfields_night, 1).products


def test_a_quote_knows_its_slice(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    row = {"channel": "call", "product": "Hinge", "location": None, "week": "2026-10-26"}
    assert cut(larkfields_night, 5).of(row) == ["call", -1, -2, "2026-10-26"]


def test_names_stay_text(tmp_path: Path) -> None:
    mentions = [
        said("It came late.", person=f"p{n}", sentiment="-1", moments="delivery", product=HOSTILE) for n in range(5)
    ]
    with night_of(tmp_path / "w.duckdb", mentions) as connection:
        data = cut(connection, 5).data()
    assert "<" not in data
    assert json.loads(data)["products"] == [HOSTILE]


def test_too_many_slices_lose_the_pairs_of_product_and_place(
    larkfields_night: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(cut(larkfields_night, 1).data())
    monkeypatch.setattr(slices, "MOST_CHARACTERS", 100)
    part = json.loads(cut(larkfields_night, 1).data())
    assert (whole["hasPairs"], part["hasPairs"]) == (True, False)
    assert set(part["cells"]) == {key for key in whole["cells"] if "" in key.split(",")[1:]}
