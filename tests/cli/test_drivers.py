"""`cxnlp drivers`: what it says when something is known, when nothing is, and to machines."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from cxnlp.answers.wrong import WrongQuestion
from cxnlp.cli import app
from cxnlp.warehouse import store
from tests.post_room import made
from tests.warehouse.night import partition, piece, run, said


def effect(label: str, value: float, *, is_driver: bool) -> dict[str, object]:
    shares = {"explained_share": 0.2, "explained_share_low": 0.1, "explained_share_high": 0.3}
    impact = {"impact": -value / 4, "impact_low": -value / 2, "impact_high": 0.0}
    return {"outcome": "churn", "family": "moment", "label": label, "n_customers": 40, "n_customers_all": 400,
            "feeling": -0.5, "effect": value, "effect_low": value - 2, "effect_high": value + 2,
            "is_driver": is_driver} | shares | impact  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drivers")
    place = made(folder)
    found = [effect("delivery", -12.0, is_driver=True), effect("place", 1.0, is_driver=False)]
    with store.open_working(place.working_database) as connection:
        store.load(connection, [partition(folder / "night", piece("f1", said("Late again.")))], run())
        store.write(connection, "effects", pl.DataFrame(found))
        store.publish(connection, place.warehouse, keep=1)
    return folder / "workspace"


def ask(root: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["drivers", "-w", str(root), *words], env={"COLUMNS": "160"})


def test_drivers_are_shown_with_their_intervals_and_the_unknown_is_said(root: Path) -> None:
    told = ask(root).output
    assert "Delivery and collection" in told
    assert "-12.0 (-14.0 … -10.0)" in told
    assert "+1.0" not in told  # may well move nothing
    assert "Rating, in points" in told
    assert "not enough people" in told


def test_all_shows_what_may_move_nothing(root: Path) -> None:
    assert len(json.loads(ask(root, "--all", "--json").output)) == 2
    [driver] = json.loads(ask(root, "churn", "--json").output)
    assert (driver["label"], driver["impact"]) == ("delivery", 3.0)
    assert json.loads(ask(root, "rating", "--json").output) == []


def test_an_unknown_outcome_is_refused_by_name(root: Path) -> None:
    with pytest.raises(WrongQuestion, match="'sales'; allowed: rating, champion, churn"):
        raise ask(root, "sales").exception or AssertionError
