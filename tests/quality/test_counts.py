"""Shares corrected for errors: worked examples, borders, and whether the intervals hold the truth."""

import json
from pathlib import Path

import numpy as np
import pytest

from cxnlp.quality import counts
from cxnlp.quality.counts import Errors, adjusted, prediction_powered, raw, read_errors, share_of

WELL_KNOWN = Errors(true_positives=8_000, false_negatives=2_000, true_negatives=9_000, false_positives=1_000)


@pytest.mark.parametrize(
    ("n_yes", "n", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.2775, id="none of ten may still be a quarter"),
        pytest.param(5, 10, 0.2366, 0.7634, id="half of ten"),
        pytest.param(10, 10, 0.7225, 1.0, id="all of ten"),
    ],
)
def test_a_raw_count_has_wilsons_interval(n_yes: int, n: int, low: float, high: float) -> None:
    share = raw(n_yes, n)
    assert (share.value, share.method) == (n_yes / n, "raw")
    assert (share.low, share.high) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("n_yes", "true_share"),
    [
        pytest.param(1_000, 0.0, id="as many yes as there are false alarms: nothing is there"),
        pytest.param(3_000, 2 / 7, id="30 % said, 80 % found, 10 % false alarms: 28.6 %"),
        pytest.param(8_000, 1.0, id="as many yes as would be found if all had it"),
        pytest.param(200, 0.0, id="fewer yes than false alarms: not below nothing"),
    ],
)
def test_an_adjusted_count_undoes_known_errors(n_yes: int, true_share: float) -> None:
    share = adjusted(n_yes, 10_000, WELL_KNOWN)
    assert share.value == pytest.approx(true_share, abs=0.002)
    assert share.low <= share.value <= share.high <= share.low + 0.05
    assert share.method == "adjusted count"


@pytest.mark.parametrize("true_share", [0.0, 0.2])
def test_who_writes_often_is_wrongly_said_to_report_more_often(true_share: float) -> None:
    chance = np.random.default_rng(3)
    n, texts_each = 20_000, {1: 12_000, 2: 5_000, 5: 3_000}
    texts = np.repeat(list(texts_each), list(texts_each.values()))
    reports = chance.random(n) < true_share  # in one of the texts
    alarms = 1 - 0.9 ** (texts - reports)
    said = chance.random(n) < np.where(reports, 1 - 0.2 * (1 - alarms), alarms)
    share = adjusted(int(said.sum()), n, WELL_KNOWN, texts_each)
    assert share.low - 0.01 <= true_share <= share.high + 0.01
    assert adjusted(int(said.sum()), n, WELL_KNOWN).low > true_share + 0.05


def test_few_known_errors_make_a_wide_interval() -> None:
    few = Errors(true_positives=8, false_negatives=2, true_negatives=90, false_positives=10)
    wide, narrow = adjusted(60, 200, few), adjusted(60, 200, WELL_KNOWN)
    assert wide.value == pytest.approx(narrow.value, abs=0.02)
    assert wide.high - wide.low > 1.3 * (narrow.high - narrow.low)


@pytest.mark.parametrize(
    "errors",
    [
        pytest.param(Errors(5, 50, 5, 50), id="yes as often where it is not as where it is"),
        pytest.param(Errors(0, 0, 1, 0), id="one case, missed"),
    ],
)
def test_a_model_that_tells_nothing_leaves_everything_open(errors: Errors) -> None:
    share = adjusted(30, 100, errors)
    assert share.low < 0.02
    assert share.high > 0.9


def powered_by_hand(said: np.ndarray, true: np.ndarray, labelled: np.ndarray) -> tuple[float, float, float]:
    """PPI++ as its paper writes it: mean of y - λf on the slice plus λ times the mean of f on the rest."""
    y, f, rest = true[labelled].astype(float), said[labelled].astype(float), said[~labelled].astype(float)
    power = np.cov(y, f, bias=True)[0, 1] / ((1 + len(f) / len(rest)) * f.var())
    estimate = (y - power * f).mean() + power * rest.mean()
    error = np.sqrt((y - power * f).var() / len(f) + power**2 * rest.var() / len(rest))
    return estimate, estimate - 1.96 * error, estimate + 1.96 * error


def week(share: float, n: int, n_labelled: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a model that finds 70 % with 5 % false alarms says, what is true, and who was labelled."""
    chance = np.random.default_rng(seed)
    true = chance.random(n) < share
    said = chance.random(n) < np.where(true, 0.7, 0.05)
    labelled = np.zeros(n, dtype=bool)
    labelled[chance.choice(n, n_labelled, replace=False)] = True
    return said, true, labelled


def known(said: np.ndarray, true: np.ndarray) -> Errors:
    return Errors(*(int(of.sum()) for of in (said & true, said & ~true, ~said & true, ~said & ~true)))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_prediction_powered_is_the_papers_estimate(share: float) -> None:
    said, true, labelled = week(share, n=6_000, n_labelled=2_000, seed=1)
    found = prediction_powered(int(said.sum()), len(said), known(said[labelled], true[labelled]))
    estimate, low, high = powered_by_hand(said, true, labelled)
    assert found.value == pytest.approx(estimate, abs=1e-9)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.003)


def test_prediction_powered_is_narrower_than_the_labels_alone() -> None:
    said, true, labelled = week(0.3, n=3_000, n_labelled=100, seed=4)
    found = prediction_powered(int(said.sum()), len(said), known(said[labelled], true[labelled]))
    alone = raw(int(true[labelled].sum()), 100)
    assert found.high - found.low < 0.9 * (alone.high - alone.low)


def test_a_slice_without_any_yes_counts_its_labels() -> None:
    found = prediction_powered(0, 200, Errors(false_negatives=3, true_negatives=57))
    assert found.value == 3 / 60
    assert found.low < 0.05 < found.high < 0.2


@pytest.mark.parametrize(
    ("errors", "labelled", "method"),
    [
        pytest.param(WELL_KNOWN, Errors(10, 2, 3, 15), "prediction-powered", id="thirty labelled"),
        pytest.param(WELL_KNOWN, Errors(10, 2, 3, 14), "adjusted count", id="one too few"),
        pytest.param(None, Errors(10, 2, 3, 14), "raw", id="too few, and the model's errors are unknown"),
        pytest.param(Errors(0, 5, 0, 500), None, "raw", id="no case was ever seen: how many are found is unknown"),
    ],
)
def test_the_best_known_way_is_taken(errors: Errors | None, labelled: Errors | None, method: str) -> None:
    share = share_of(20, 100, errors=errors, labelled=labelled)
    assert share is not None
    assert share.method == method


def test_nobody_wrote() -> None:
    assert share_of(0, 0, errors=WELL_KNOWN) is None


def test_the_same_numbers_give_the_same_interval() -> None:
    first = prediction_powered(20, 100, Errors(10, 2, 3, 25)), adjusted(20, 100, Errors(10, 2, 3, 25))
    counts._posterior.cache_clear()
    assert first == (prediction_powered(20, 100, Errors(10, 2, 3, 25)), adjusted(20, 100, Errors(10, 2, 3, 25)))


def test_corrected_intervals_hold_the_truth_and_raw_ones_do_not() -> None:
    """300 weeks of an invented model; errors are measured anew for each on 40 cases and 400 others."""
    chance = np.random.default_rng(8)
    held = np.zeros((300, 3))
    for number in range(len(held)):
        share = chance.uniform(0.02, 0.5)
        said, true, labelled = week(share, n=200, n_labelled=80, seed=1_000 + number)
        found, alarms = chance.binomial(40, 0.7), chance.binomial(400, 0.05)
        shares = (
            raw(int(said.sum()), 200),
            adjusted(int(said.sum()), 200, Errors(found, alarms, 40 - found, 400 - alarms)),
            prediction_powered(int(said.sum()), 200, known(said[labelled], true[labelled])),
        )
        held[number] = [of.low <= share <= of.high for of in shares]
    of_raw, of_adjusted, of_powered = held.mean(0)
    assert of_raw < 0.7
    assert 0.91 <= of_adjusted <= 0.985
    assert 0.91 <= of_powered <= 0.985


def model(folder: Path, **changes: object) -> Path:
    """A model's folder with measured errors."""
    counted = {"true_positives": 7, "false_positives": 3, "false_negatives": 2, "true_negatives": 88}
    about = {"format": 1, "model_version": "m-1", "families": {"moment": {"delivery": counted}}} | changes
    (folder / "model.json").write_text(json.dumps({"version": "m-1"}), "utf-8")
    (folder / "errors.json").write_text(json.dumps(about), "utf-8")
    return folder


def test_errors_come_with_the_model(tmp_path: Path) -> None:
    found = read_errors(model(tmp_path))
    assert found.model_version == "m-1"
    assert found.errors == {("moment", "delivery"): Errors(7, 3, 2, 88)}
    assert read_errors(model(tmp_path, model_version="m-0")).errors == {}, "measured with another version"
    assert read_errors(model(tmp_path, earlier_versions=["m-0"])).earlier_versions == ("m-0",)
    (tmp_path / "errors.json").unlink()
    assert read_errors(tmp_path).errors == {}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param({"format": 9}, "format 9", id="written by a newer version"),
        pytest.param({"families": {"moment": {"delivery": {"true_positives": -1}}}}, "-1", id="a negative count"),
        pytest.param({"families": {"moment": {"delivery": {"hits": 1}}}}, "hits", id="an unknown count"),
        pytest.param({"families": ["moment"]}, "items", id="no families"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, changes: dict[str, object], named: str) -> None:
    with pytest.raises(counts.ErrorsUnreadable, match=named) as caught:
        read_errors(model(tmp_path, **changes))
    assert "errors.json" in str(caught.value)
