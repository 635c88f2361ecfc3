"""Why a number moved: what was made to move it is what is found."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest

from cxnlp.insight import retelling
from cxnlp.insight.why import Asked, NothingHeard, Number, Why, pieces, quoted, why
from cxnlp.warehouse import store
from tests.backlog.larkfield import Mention, said, warehouse

BEFORE = (date(2026, 10, 12), date(2026, 10, 18))
AFTER = (date(2026, 10, 19), date(2026, 10, 25))


def letters(period: int, n: int, n_yes: int, is_duplicate: bool = False, **where: str) -> pl.DataFrame:
    """Pieces of ``n`` people, of which ``n_yes`` speak of the label."""
    name = f"{period}{where}{is_duplicate}"
    rows = [
        {"period": period, "feedback_id": f"{name}{k}", "is_duplicate": is_duplicate, "person_key": f"{name}{k}",
         "channel": "letter", "source": "post", "product": None, "location": None, "n": 1, "n_yes": int(k < n_yes)}
        | where
        for k in range(n)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"product": pl.String(), "location": pl.String()})


def effects(found: Why) -> dict[str, float]:
    return {row["part"]: round(row["effect"], 9) for row in found.parts.to_dicts()}


def test_mix_and_rate_are_told_apart() -> None:
    told = pl.concat([
        letters(0, 100, 10), letters(0, 100, 50, channel="social", source="x"),
        letters(1, 50, 10), letters(1, 150, 75, channel="social", source="x"),
    ])  # fmt: skip
    found = why(told)
    assert (found.before, found.after, found.n_before, found.n_after) == (0.3, 0.425, 200, 200)
    assert effects(found) == {
        "change": 0.125, "mix by channel": pytest.approx(0.25 * 0.35), "mix by source": 0, "mix by product": 0,
        "rate": pytest.approx(0.375 * 0.1), "model": 0, "taxonomy": 0, "duplicates": 0,
    }  # fmt: skip


def test_the_parts_add_up_and_the_cells_to_the_parts() -> None:
    chance = np.random.default_rng(1)
    told = pl.concat([
        letters(period, int(chance.integers(5, 40)), int(chance.integers(0, 5)), source=source, product=product)
        for period in (0, 1) for source in "abc" for product in "xyz"
    ])  # fmt: skip
    found = why(told)
    parts = effects(found)
    assert sum(effect for part, effect in parts.items() if part not in ("change", "duplicates")) == pytest.approx(
        parts["change"]
    )
    sums = dict(found.cells.group_by("part").agg(pl.col("effect").sum()).iter_rows())
    assert sums == {part: pytest.approx(parts[part], abs=1e-8) for part in sums}


def test_the_largest_cell_is_first_with_its_numbers() -> None:
    told = pl.concat([letters(0, 50, 10), letters(0, 50, 10, source="shop"),
                      letters(1, 50, 10), letters(1, 50, 40, source="shop")])  # fmt: skip
    row = why(told).cells.row(0, named=True)
    assert {name: row[name] for name in ("part", "source", "n_before", "rate_before", "n_after", "rate_after")} == {
        "part": "rate", "source": "shop", "n_before": 50, "rate_before": 0.2, "n_after": 50, "rate_after": 0.8,
    }  # fmt: skip
    assert row["n_customers"] == 100


def test_duplicates_are_beside_the_change() -> None:
    told = pl.concat([letters(0, 100, 20), letters(1, 100, 20), letters(1, 100, 100, is_duplicate=True)])
    parts = effects(why(told))
    assert (parts["change"], parts["duplicates"]) == (0, pytest.approx(0.6 - 0.2))


def test_another_model_and_another_vocabulary_are_no_rate() -> None:
    """The later period was counted by a model that hears twice as much, with a rule that hears five more."""
    told = pl.concat([letters(0, 100, 10), letters(1, 100, 25)])
    remodelled = pl.concat([letters(0, 100, 20), letters(1, 100, 25)])
    retold = pl.concat([letters(0, 100, 25), letters(1, 100, 25)])
    parts = effects(why(told, remodelled, retold))
    assert (parts["change"], parts["model"], parts["taxonomy"], parts["rate"]) == (0.15, 0.1, 0.05, 0)


def test_intervals_hold_what_chance_does() -> None:
    told = pl.concat([letters(0, 400, 80), letters(1, 400, 120)])
    (row,) = why(told).parts.filter(pl.col("part") == "rate").to_dicts()
    spread = (0.2 * 0.8 / 400 + 0.3 * 0.7 / 400) ** 0.5
    assert row["low"] == pytest.approx(0.1 - 1.96 * spread, abs=0.015)
    assert row["high"] == pytest.approx(0.1 + 1.96 * spread, abs=0.015)


def test_ten_letters_of_one_person_are_one_voice() -> None:
    told = pl.concat([letters(0, 100, 20), letters(1, 100, 40)])
    few = told.with_columns(person_key=pl.col("person_key").str.slice(0, 9) + pl.col("n_yes").cast(pl.String))
    (many,), (one,) = (why(each).parts.filter(pl.col("part") == "change").to_dicts() for each in (told, few))
    assert one["high"] - one["low"] > 2 * (many["high"] - many["low"])


def test_the_same_question_has_the_same_answer() -> None:
    told = pl.concat([letters(0, 60, 9, product="desk"), letters(1, 50, 12), letters(1, 9, 2, product="desk")])
    assert why(told).parts.equals(why(told.reverse()).parts)


@pytest.mark.parametrize("period", [0, 1])
def test_an_empty_period_is_refused(period: int) -> None:
    with pytest.raises(NothingHeard) as refused:
        why(letters(1 - period, 5, 1))
    assert refused.value.args == (period,)


def asked(number: Number = "share", label: str = "delivery") -> Asked:
    return Asked("moment", label, None, BEFORE, AFTER, number)


def mentions() -> Iterable[Mention]:
    """Before: Ada complains of delivery, Ben praises it, Cem speaks of something else. After: Dan complains twice."""
    late = {"moments": "delivery", "sentiment": "-1"}
    yield said("The bench came late.", day="2026-10-13", person="Ada", **late)
    yield said("Quick delivery.", day="2026-10-13", person="Ben", moments="delivery", sentiment="1")
    yield said("A nice bench.", day="2026-10-18", person="Cem", moments="product", sentiment="1")
    yield said("Late.", day="2026-10-19", person="Dan", **late)
    yield said("Late again.", day="2026-10-19", person="Dan", **late)
    yield said("Sorry for the delay.", day="2026-10-19", person="Dan", speaker="agent", moments="delivery")
    yield said("Sorry that it was late.", day="2026-10-20", person="Eve", speaker="agent", moments="delivery")
    yield said("Is it late?", day="2026-10-26", person="Fay", **late)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path_factory.mktemp("why") / "working.duckdb", mentions()) as opened:
        opened.execute(
            "INSERT INTO feedback BY NAME SELECT * REPLACE ('copy' AS feedback_id, feedback_id AS duplicate_of) "
            "FROM feedback WHERE utc_day(occurred_at) = '2026-10-19'"
        )
        yield opened


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("share", [(0, False, 1, 0), (0, False, 1, 1), (0, False, 1, 1), (1, False, 1, 1), (1, True, 1, 1)]),
        ("complaints", [(0, False, 1, 0), (0, False, 1, 0), (0, False, 1, 1), (1, False, 1, 1), (1, True, 1, 1)]),
        ("negative", [(0, False, 0, 0), (0, False, 1, 0), (0, False, 1, 1), (1, False, 2, 2), (1, True, 2, 2)]),
    ],
)
def test_what_is_counted(connection: duckdb.DuckDBPyConnection, number: Number, expected: list[Any]) -> None:
    told = pieces(connection, asked(number))
    assert sorted(told.select("period", "is_duplicate", "n", "n_yes").rows()) == expected


def test_its_numbers_are_those_of_the_views(tmp_path: Path) -> None:
    """A person's no changes how mentions feel, in `why` and in the views, and no share of feedback in either."""
    view = (
        "SELECT raw_share, negative_share FROM labels_by_week "
        "WHERE family = 'moment' AND label = 'delivery' AND starts_on = '2026-10-12'"
    )
    with warehouse(tmp_path / "working.duckdb", mentions()) as own:

        def told() -> tuple[float, ...]:
            store.count(own)
            (seen,) = own.execute(view).fetchall()
            share, negative = (why(pieces(own, asked(number))).before for number in ("share", "negative"))
            assert (share, negative) == pytest.approx(seen)
            return share, negative

        assert told() == pytest.approx((2 / 3, 1 / 2))
        own.execute(
            "INSERT INTO tags BY NAME SELECT mention_id, 'moment' AS family, 'delivery' AS label, 'no' AS decision, "
            "'person' AS voter FROM mentions WHERE text = 'Quick delivery.'"
        )
        own.execute("INSERT INTO uncounted SELECT feedback_id FROM feedback")
        assert told() == pytest.approx((2 / 3, 1))


def test_quotes_are_of_the_later_period(connection: duckdb.DuckDBPyConnection) -> None:
    told = pieces(connection, asked())
    (first, *_) = quoted(connection, asked(), told, why(told).cells.filter(pl.col("part") == "rate"))
    found = connection.execute("SELECT text FROM mentions WHERE mention_id IN (SELECT unnest($1))", [first]).fetchall()
    assert len(found) == 1
    assert found[0][0].startswith("Late")


def test_what_another_model_would_have_said_changes_nothing_stored(connection: duckdb.DuckDBPyConnection) -> None:
    told = pieces(connection, asked())
    assert retelling.is_one(retelling.versions(connection, told))
    older = told.filter(pl.col("period") == 0)["feedback_id"].to_list()
    before = connection.execute("FROM tags ORDER BY ALL").fetchall()

    def tag(feedback: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
        """A model that hears delivery nowhere, and a rule that hears it in every bench."""
        assert sorted(feedback["feedback_id"]) == sorted(older)
        usual = {"probability": 0.9, "decision": "yes", "model_version": "test-2", "taxonomy_version": "2.0"}
        rows = [usual | {"mention_id": each["mention_id"], "family": "sentiment", "label": "-1", "voter": "model"}
                for each in given.to_dicts()]  # fmt: skip
        rows += [usual | {"mention_id": each["mention_id"], "family": "moment", "label": "delivery", "voter": "rule"}
                 for each in given.to_dicts() if "bench" in each["text"]]  # fmt: skip
        return pl.DataFrame(rows)

    remodelled, retold = retelling.retell(connection, asked(), told, older, tag)
    parts = effects(why(told, remodelled, retold, ["channel"]))
    assert parts["change"] == pytest.approx(1 - 2 / 3)
    assert parts["model"] == pytest.approx((1 - 2 / 3) - (1 - 0))
    assert parts["taxonomy"] == pytest.approx((1 - 0) - (1 - 2 / 3))
    assert parts["rate"] == pytest.approx(1 - 2 / 3)
    assert connection.execute("FROM tags ORDER BY ALL").fetchall() == before
