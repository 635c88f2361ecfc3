"""The shipped model scored on a few letters: all parts of the tree, baselines, and what the card makes of it."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxnlp import taxonomy
from cxnlp.quality.baselines import N_FOLDS, said_by_baselines, vader
from cxnlp.quality.evaluation import evaluate
from cxnlp.quality.labelled import vocabulary
from cxnlp.quality.observing import Observed, observe
from cxnlp.quality.reliability import KEPT_FROM, coverage
from cxnlp.quality.scoring import owners, truth_of
from cxnlp.tags import Tagger, artefacts
from pipelines.learning import card, plot, report

from .labelled_letters import LETTERS, annotation, document, mention

LABELS = vocabulary(taxonomy.load())


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(threads=1)


def letters(n: int) -> list[dict[str, Any]]:
    """``n`` letters about a parcel, a price or a person, each with its own number."""
    chance, found = random.Random(4), []
    said = [
        ("The parcel with the number {} came late.", -1, ["delivery"]),
        ("The price of number {} is too high.", -1, ["price"]),
        ("The man at counter {} was rude.", -2, ["staff", "friendliness-"]),
        ("I bought number {} on a Monday.", 0, []),
    ]
    for number in range(n):
        sentences = [(chance.choice(said), chance.randint(2, 99)) for _ in range(2)]
        words = [template.format(at) for (template, _, _), at in sentences]
        text = " ".join(words)
        mentions = [mention(text, w, feeling, *of) for w, ((_, feeling, of), _) in zip(words, sentences, strict=True)]
        found.append(document(number, text, *mentions, channel="letter", source="post"))
    return found


def test_everything_is_there(tagger: Tagger) -> None:
    found = evaluate(LETTERS, tagger, LABELS, resamples=50)
    assert (found["n_documents"], found["n_mentions"], found["model"]) == (3, 6, tagger.version)
    assert set(found["families"]) == {"moment", "unmeasurable", "warning", "signal", "sentiment"}
    assert found["families"]["moment"]["labels"]["delivery"]["n"] == 1
    assert {name: row["documents"] for name, row in found["by_channel"].items()} == {"letter": 2, "social": 1}
    assert {name: row["mentions"] for name, row in found["by_source"].items()} == {"post": 4, "web": 2}
    assert set(found["baselines"]) == {"rules", "vader"}  # three letters teach nothing
    assert sum(row["n"] for row in found["calibration"]["moment"]["bins"]) == 6 * len(LABELS["moment"])
    assert "agreement" not in found


def test_a_labelled_label_that_the_model_lacks_is_missed(tagger: Tagger) -> None:
    labels = LABELS | {"moment": (*LABELS["moment"], "queueing")}
    text = "We stood in line for hours."
    found = evaluate([document(1, text, mention(text, text, -1, "queueing"))], tagger, labels, resamples=50)
    assert found["families"]["moment"]["labels"]["queueing"]["recall"][0] == 0
    assert found["families"]["moment"]["labels"]["queueing"]["n"] == 1


def test_baselines_are_asked_only_about_what_they_did_not_see(tagger: Tagger) -> None:
    documents = letters(60)
    observed = observe(documents, tagger, LABELS)
    said = said_by_baselines(documents, observed)
    learnt = said["tfidf"]["moment"]
    truth = observed.truth["moment"]
    assert 2 * (learnt * truth).sum() / (learnt + truth).sum() > 0.95  # four templates are easy
    strange = [  # labels that nothing in the other documents' words could tell
        document(n, f"word{n}a word{n}b", *({**m, "start": 0, "end": 5} for m in one["mentions"]))
        for n, one in enumerate(documents)
    ]
    alone = said_by_baselines(strange, observed)["tfidf"]["moment"]
    assert 2 * (alone * truth).sum() / (alone + truth).sum() < 0.6
    assert len(np.unique(said["majority"]["sentiment"])) <= N_FOLDS


@pytest.mark.parametrize(("text", "sign"), [("I love it, great!", 1), ("Horrible, I hate it.", -1), ("On Monday.", 0)])
def test_vader_knows_plain_words(text: str, sign: int) -> None:
    assert np.sign(vader([text]))[0] == sign


def test_keeping_the_sure_ones_keeps_fewer_and_better() -> None:
    generator = np.random.default_rng(6)
    shares = generator.random((500, 1))
    truth = (generator.random((500, 1)) < shares).astype(float)
    decided = (shares > 0.2).astype(float)
    feelings = np.full((500, 5), 0.1)
    feelings[:, 3] = 0.6
    none = {f: np.zeros((500, 0)) for f in ("unmeasurable", "warning", "signal")} | {"sentiment": np.ones((500, 1))}
    said = none | {"moment": decided}
    chances = none | {"moment": shares, "sentiment": feelings}
    silent = none | {"moment": np.zeros((500, 1))}
    observed = Observed({}, np.arange(500), none | {"moment": truth}, said, said, silent, silent, chances)
    rows = coverage(observed)["moment"]
    assert [row["threshold"] for row in rows] == list(KEPT_FROM)
    assert [row["kept"] for row in rows] == sorted((row["kept"] for row in rows), reverse=True)
    assert rows[0]["kept"] == 1.0
    assert rows[-2]["precision"] > rows[0]["precision"] + 0.2
    sure = {row["threshold"]: row["kept"] for row in coverage(observed)["sentiment"]}
    assert (sure[0.6], sure[0.7]) == (1.0, 0.0)


def test_the_card_shows_what_was_scored(tmp_path: Path) -> None:
    documents = letters(40)
    folder = artefacts.shipped()
    scores = report.score(folder, {"train": documents[:20], "calibration": documents[20:30], "test": documents[30:]})
    text = card.write(scores, {"version": "test-1"}, {"encoder.onnx": 1_000_000}, [{"seed": 1}])
    moments = scores["families"]["moment"]["micro_f1"]
    assert f"| moments | {moments[0]:.2f} ({moments[1]:.2f}–{moments[2]:.2f}) |" in text
    assert f"| moment | delivery | {scores['families']['moment']['labels']['delivery']['n']} |" in text
    for heading in ("## Calibration", "Coverage against precision", "Whole documents, from raw text", "rules alone"):
        assert heading in text
    assert f"]({card.PLOT})" in text
    drawn = plot.reliability(scores["calibration"])["data"]["values"]
    assert {point["family"] for point in drawn} >= {"moments", "sentiment"}
    assert all(point["n"] >= 5 for point in drawn)


def test_people_are_compared_when_they_stand_there(tagger: Tagger) -> None:
    text = "The parcel came late."
    people = [annotation("ann", -1, "delivery"), annotation("bo", -1, "delivery")]
    settled = {"start": 0, "end": len(text), "annotations": people} | {
        key: people[0][key] for key in ("sentiment", "moments", "unmeasurables", "warnings", "signals")
    }
    found = evaluate([document(n, text, settled) for n in range(3)], tagger, LABELS, baselines=False, resamples=50)
    assert "baselines" not in found
    assert found["agreement"]["alpha"]["moment"]["all"][0] == 1.0
    assert set(found["agreement"]["people"]) == {"ann", "bo"}
    assert owners([{"mentions": []}]).tolist() == []
    assert truth_of([], LABELS)["moment"].shape == (0, len(LABELS["moment"]))
