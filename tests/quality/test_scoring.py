"""Scores that one can compute in the head, and intervals that know about documents."""

import numpy as np
import pytest

from cxnlp.quality.scoring import owners, score_sentiment, score_tags, truth_of

from .labelled_letters import LABELS


def test_truth_has_one_row_a_mention() -> None:
    first = {"sentiment": -1, "moments": ["staff"], "unmeasurables": ["trust-"], "warnings": [], "signals": ["churn"]}
    second = {"sentiment": 2, "moments": [], "unmeasurables": [], "warnings": [], "signals": []}
    documents = [{"mentions": [first]}, {"mentions": []}, {"mentions": [second, first]}]
    truth = truth_of(documents, LABELS)
    assert truth["moment"].tolist() == [[0, 1], [0, 0], [0, 1]]
    assert truth["unmeasurable"].tolist() == [[0, 1], [0, 0], [0, 1]]
    assert truth["sentiment"].tolist() == [[-1], [2], [-1]]
    assert owners(documents).tolist() == [0, 2, 2]


def test_scores_of_a_perfect_and_a_silent_model() -> None:
    truth = np.array([[1, 0], [0, 1], [1, 0], [0, 0]] * 15, dtype=float)
    owner = np.repeat(np.arange(20), 3)
    assert score_tags(truth, truth, owner, ["a", "b"])["micro_f1"] == [1.0, 1.0, 1.0]
    silent = score_tags(truth * 0, truth, owner, ["a", "b"])
    assert silent["micro_f1"][0] == silent["labels"]["a"]["f1"][0] == 0
    half = score_tags(truth * [1, 0], truth, owner, ["a", "b"])
    assert half["micro_f1"][0] == pytest.approx(2 * 30 / (30 + 45), abs=1e-4)
    assert half["micro_f1"][1] < half["micro_f1"][0] < half["micro_f1"][2]
    assert (half["labels"]["b"]["n"], "macro_f1" in half) == (15, True)
    assert half["precision"] == [1.0, 1.0, 1.0]
    assert half["recall"][0] == pytest.approx(2 / 3, abs=1e-4)


def test_mentions_of_one_document_prove_less_than_as_many_documents() -> None:
    generator = np.random.default_rng(2)
    right = np.repeat(generator.random(40) < 0.5, 10).astype(float)[:, None]  # all of a document right, or none
    truth = np.ones_like(right)
    together = score_tags(right, truth, np.repeat(np.arange(40), 10), ["a"])["recall"]
    apart = score_tags(right, truth, np.arange(400), ["a"])["recall"]
    assert together[2] - together[1] > 2 * (apart[2] - apart[1])


def test_kappa_counts_far_misses_more() -> None:
    truth = np.array([-2, -1, 0, 1, 2] * 12, dtype=float)
    owner = np.repeat(np.arange(12), 5)
    near = score_sentiment(np.clip(truth + 1, -2, 2), truth, owner)
    far = score_sentiment(-truth, truth, owner)
    assert score_sentiment(truth, truth, owner)["quadratic_kappa"][0] == 1
    assert near["quadratic_kappa"][0] > 0.6 > far["quadratic_kappa"][0]
    assert near["sign_accuracy"][0] == 0.6


def test_one_strength_throughout_is_no_division_by_nothing() -> None:
    same = np.full(30, -1.0)
    assert score_sentiment(same, same, np.arange(30))["quadratic_kappa"] == [1.0, 1.0, 1.0]
