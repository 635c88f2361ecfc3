"""How the model is made, without the heavy parts: folds, masking, calibration, scores."""

import random
from typing import Any

import numpy as np
import pytest

from pipelines.learning.augment import mask_some
from pipelines.learning.calibration import calibrate, expected_error, thresholds
from pipelines.learning.folds import split
from pipelines.learning.scoring import score_sentiment, score_tags

FORM = "I am writing to dispute the account that you report under my name because it is not mine and never was"


def document(number: int, text: str, source: str = "letters", row: str | None = None) -> dict[str, Any]:
    return {"id": f"d{number:04}", "source": source, "source_row_id": row or f"r{number}", "text": text, "mentions": []}


def other_words(number: int) -> str:
    return " ".join(f"word{number}x{place}" for place in range(20))


def test_folds_keep_form_letters_and_threads_together() -> None:
    documents = [document(n, f"{FORM} {other_words(n)}"[:140]) for n in range(8)]
    documents += [document(100 + n, other_words(n), "calls", f"tweetsumm/train/abc#s{n}") for n in range(4)]
    documents += [document(200 + n, other_words(50 + n), ["letters", "calls"][n % 2]) for n in range(200)]
    folds = split(documents, seed=1)
    assert len({folds[d["id"]] for d in documents[:8]}) == 1
    assert len({folds[d["id"]] for d in documents[8:12]}) == 1
    assert folds == split(documents, seed=1)
    assert folds != split(documents, seed=2)
    for source in ("letters", "calls"):
        members = [folds[d["id"]] for d in documents if d["source"] == source]
        assert members.count("test") / len(members) == pytest.approx(0.12, abs=0.04)
        assert members.count("calibration") / len(members) == pytest.approx(0.08, abs=0.04)


def test_masking_moves_the_borders_along() -> None:
    text = "Thanks @LarkfieldHelp. Mr Ferris rang 0161 496 0000 about order 8839912, see https://x.example/a now. Good."
    cut = text.index("Mr")
    mentions = [{"start": 0, "end": cut - 1}, {"start": cut, "end": len(text) - 6}, {"start": len(text) - 5,
                                                                                     "end": len(text)}]  # fmt: skip
    seen = set()
    for seed in range(40):
        masked = mask_some({"text": text, "mentions": mentions}, random.Random(seed))
        parts = [masked["text"][m["start"] : m["end"]] for m in masked["mentions"]]
        assert parts[0] in {"Thanks @LarkfieldHelp.", "Thanks [HANDLE]."}
        assert parts[1].startswith(("Mr Ferris rang", "[PERSON] rang", "[EMPLOYEE] rang"))
        assert parts[1].endswith(" now.")
        assert parts[2] == "Good."
        seen.add(masked["text"])
    assert len(seen) > 8


def test_calibration_makes_shares_true() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(-2, 2, size=(6000, 3))
    truth = (generator.random((6000, 3)) < 1 / (1 + np.exp(-(0.5 * logits - 1)))).astype(float)
    fitted = calibrate("signal", logits, truth)
    shares = 1 / (1 + np.exp(-(np.array(fitted["slope"]) * logits + np.array(fitted["offset"]))))
    assert expected_error(1 / (1 + np.exp(-logits)).reshape(-1), truth.reshape(-1)) > 0.05
    assert expected_error(shares.reshape(-1), truth.reshape(-1)) < 0.02
    assert all(unsure < yes for unsure, yes in zip(fitted["unsure"], fitted["yes"], strict=True))


def test_a_label_with_few_cases_borrows_its_familys_threshold() -> None:
    generator = np.random.default_rng(1)
    shares = generator.random((4000, 2))
    truth = np.stack([generator.random(4000) < shares[:, 0], np.arange(4000) < 2], axis=1).astype(float)
    common, rare = thresholds(shares, truth)
    assert abs(common - rare) < 0.15


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


def test_kappa_counts_far_misses_more() -> None:
    truth = np.array([-2, -1, 0, 1, 2] * 12, dtype=float)
    owner = np.repeat(np.arange(12), 5)
    near = score_sentiment(np.clip(truth + 1, -2, 2), truth, owner)
    far = score_sentiment(-truth, truth, owner)
    assert score_sentiment(truth, truth, owner)["quadratic_kappa"][0] == 1
    assert near["quadratic_kappa"][0] > 0.6 > far["quadratic_kappa"][0]
    assert near["sign_accuracy"][0] == 0.6
