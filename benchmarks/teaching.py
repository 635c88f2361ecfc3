"""How good is a label that was taught from a few examples? Existing ones are left out and taught anew.

    python -m benchmarks.teaching LABELS [--split data/labels/split.csv] [--model FOLDER] [--draws 10] [--json FILE]

LABELS is the file of labelled documents (JSON lines) that training reads. Examples are drawn from the training fold;
another sample of that fold is unlabelled background; scores are of the test fold. Beside it: the fully trained head of
the same model (thresholds of its own), and TF-IDF with logistic regression from the same examples and background.

The word scores of the label that is left out are blanked: what is taught knows nothing of it from there. The shipped
encoder has seen these labels in its training, which flatters what is taught on it. `--model` takes a folder
whose encoder has not (its heads are not used then, so "full" is left out).
"""

import argparse
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from cxnlp.tags import artefacts
from cxnlp.tags.decide import calibrated
from cxnlp.teaching.learning import Background
from cxnlp.teaching.teach import frequency, learn
from cxnlp.teaching.vectors import vectors
from pipelines.learning.vocabulary import FAMILIES

Floats = npt.NDArray[np.float64]

MOMENTS = ("delivery", "staff", "refund", "digital", "loyalty")
SIZES = (10, 20, 40, 80)
N_BACKGROUND = 1_500


@dataclass(frozen=True)
class Mentions:
    """One fold: text, vector and moments of each mention."""

    texts: list[str]
    vectors: Floats
    moments: list[set[str]]

    def carries(self, label: str) -> npt.NDArray[np.bool_]:
        """Say which mentions are about it."""
        return np.array([label in found for found in self.moments])


def read(path: Path, split: Path, model: artefacts.Artefacts) -> dict[str, Mentions]:
    documents = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    with split.open(newline="", encoding="utf-8") as file:
        fold_of = {row["id"]: row["fold"] for row in csv.DictReader(file)}
    found = {}
    for fold in ("train", "test"):
        some = [d for d in documents if fold_of.get(d["id"]) == fold]
        spans = [[(m["start"], m["end"], m.get("speaker")) for m in d["mentions"]] for d in some]
        read = np.concatenate(vectors(model, [d["text"] for d in some], spans)).astype(np.float64)
        texts = [d["text"][m["start"] : m["end"]] for d in some for m in d["mentions"]]
        found[fold] = Mentions(texts, read, [set(m["moments"]) for d in some for m in d["mentions"]])
    return found


def blind(mentions: Mentions, model: artefacts.Artefacts, label: str) -> Mentions:
    """Return the mentions without the word model's score for a moment."""
    known = mentions.vectors.copy()
    known[:, known.shape[1] - model.words.width + FAMILIES["moment"].index(label)] = 0.0
    return replace(mentions, vectors=known)


def quality(said: npt.NDArray[np.bool_], true: npt.NDArray[np.bool_]) -> dict[str, float]:
    right = float((said & true).sum())
    precision, recall = right / max(said.sum(), 1), right / max(true.sum(), 1)
    return {"precision": precision, "recall": recall, "f1": 2 * right / max(said.sum() + true.sum(), 1)}


def tfidf(
    examples: Sequence[str], background: Sequence[str], asked: Sequence[str], share: float
) -> npt.NDArray[np.bool_]:
    """The same examples for word counts; as many are said as the label truly has, which flatters it."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit([*examples, *background])
    truth = np.repeat([1, 0], [len(examples), len(background)])
    model = LogisticRegression(C=10, class_weight="balanced", max_iter=500)
    model.fit(words.transform([*examples, *background]), truth)
    scores = model.decision_function(words.transform(list(asked)))
    return np.asarray(scores >= np.quantile(scores, 1 - share))


def one_draw(folds: dict[str, Mentions], label: str, n: int, seed: int) -> dict[str, Any]:
    chance, train, test = np.random.default_rng(seed), folds["train"], folds["test"]
    chosen = chance.choice(np.flatnonzero(train.carries(label)), n, replace=False)
    sampled = chance.choice(np.setdiff1d(np.arange(len(train.texts)), chosen), N_BACKGROUND, replace=False)
    own = train.vectors[sampled]
    at_large = Background(N_BACKGROUND, own.mean(0), np.cov(own.T), own)
    weights, calibration, more = learn(train.vectors[chosen], at_large, frequency(None, "moment"), seed)
    shares = 1 / (1 + np.exp(-(calibration.slope * (test.vectors @ weights) + calibration.offset)))
    true = test.carries(label)
    words = tfidf(
        [train.texts[at] for at in chosen], [train.texts[at] for at in sampled], test.texts, float(true.mean())
    )
    return {
        "taught": quality(shares >= calibration.yes, true), "tfidf": quality(words, true),
        "expected_f1": calibration.expected.f1, "expected_precision": calibration.expected.precision,
        "expected_recall": calibration.expected.recall, "twice": more[0].f1[0],
    }  # fmt: skip


def full(model: artefacts.Artefacts, test: Mentions, label: str) -> dict[str, float]:
    head = model.heads["moment"]
    logits = (test.vectors @ head.weights.T + head.bias).astype(np.float32)
    at = head.labels.index(label)
    return quality(calibrated("moment", logits, head)[:, at] >= head.yes[at], test.carries(label))


def spread(values: Sequence[float]) -> list[float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return [round(float(np.mean(values)), 3), round(float(low), 3), round(float(high), 3)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--split", type=Path, default=Path("data/labels/split.csv"))
    parser.add_argument("--model", type=Path, help="folder with another encoder.onnx and tokenizer.json")
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    shipped = artefacts.read(artefacts.shipped())
    model = replace(shipped, folder=asked.model) if asked.model else shipped
    folds = read(asked.labels, asked.split, model)
    found: dict[str, Any] = {"model": "encoder of " + str(asked.model) if asked.model else model.version, "moments": {}}
    covered = []
    for label in MOMENTS:
        entry: dict[str, Any] = {} if asked.model else {"full": full(model, folds["test"], label)}
        blinded = {name: blind(fold, model, label) for name, fold in folds.items()}
        for n in SIZES:
            draws = [one_draw(blinded, label, n, seed) for seed in range(asked.draws)]
            covered += [low <= d["taught"]["f1"] <= high for d in draws for _, low, high in [d["expected_f1"]]]
            entry[str(n)] = {
                "taught": {key: spread([d["taught"][key] for d in draws]) for key in ("precision", "recall", "f1")},
                "tfidf": spread([d["tfidf"]["f1"] for d in draws]),
                "expected_f1": spread([d["expected_f1"][0] for d in draws]),
                "expected_twice": spread([d["twice"] for d in draws]),
            }
            print(label, n, json.dumps(entry[str(n)]), flush=True)
        found["moments"][label] = entry
        print(label, "full", entry.get("full"), flush=True)
    found["expected_f1_interval_holds"] = round(float(np.mean(covered)), 3)
    print("the 90 % interval of the F1 to expect holds what came in", found["expected_f1_interval_holds"])
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
