"""How often the intervals of corrected counts hold the true share, over many weeks made of held-back documents.

    python -m benchmarks.counts labelled.jsonl [--model models/minilm] [--weeks 400] [--json counts.json]

The file holds labelled documents (JSON lines, see docs/tag.md and docs/evaluate.md); `data/labels/split.csv` says which
of them the model was calibrated and tested on. A week is 150 to 300 documents of the test fold, drawn for one label
so that its true share runs from 1 % to 60 % (as far as there are enough cases): first each document's truth is drawn
with that share as chance, then a document of that truth, none twice. The truth that an interval must hold is that
chance: the share among the customers that the week is a sample of. Coverage of the week's own share stands beside it.

* raw: the Wilson interval of the model's own count.
* adjusted: corrected by errors measured on the calibration fold.
* powered: corrected by the labels of 60 to 100 documents drawn at random from the week.

All weeks of a label share the errors of one calibration fold and the documents of one test fold, so its row is one
draw of those; `--repartition` shuffles both folds anew before every week. `--channel letter` makes weeks of one
channel only (and smaller ones where it has too few), while errors stay those of all: that is what a shift does.
"""

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cxnlp.quality import counts
from pipelines.learning import errors
from pipelines.learning.errors import Bools, Document

WAYS = ("raw", "adjusted", "powered")
LEAST_CASES = 20  # documents that carry the label, in either fold


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("labelled", type=Path)
    asked.add_argument("--model", type=Path, default=Path("models/minilm"))
    asked.add_argument("--split", type=Path, default=Path("data/labels/split.csv"))
    asked.add_argument("--weeks", type=int, default=400, help="of each label")
    asked.add_argument("--seed", type=int, default=3)
    asked.add_argument("--repartition", action="store_true")
    asked.add_argument("--channel", choices=["letter", "call", "social"])
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    folds = read(given.labelled, given.split)
    labels = errors.labels_of(given.model)
    documents = [*folds["calibration"], *folds["test"]]
    said, true = errors.said(given.model, documents, labels), errors.labelled(documents, labels)
    n_known = len(folds["calibration"])
    wanted = np.array([given.channel in (None, d["channel"]) or at < n_known for at, d in enumerate(documents)])
    found = coverage(
        said[wanted], true[wanted], n_known, ["/".join(label) for label in labels], given.weeks, given.seed,
        repartition=given.repartition,
    )  # fmt: skip
    print(table(found))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def read(labelled: Path, split: Path) -> dict[str, list[Document]]:
    with split.open(newline="", encoding="utf-8") as file:
        fold_of = {row["id"]: row["fold"] for row in csv.DictReader(file)}
    folds: dict[str, list[Document]] = {"calibration": [], "test": []}
    with labelled.open(encoding="utf-8") as lines:
        for document in map(json.loads, lines):
            folds.get(fold_of[document["id"]], []).append(document)
    return folds


def coverage(
    said: Bools, true: Bools, n_known: int, names: list[str], weeks: int, seed: int, *, repartition: bool
) -> dict[str, Any]:
    """Return for each label and in all, and for each way, how the intervals did."""
    rows, chance = {}, np.random.default_rng(seed)
    for at, name in enumerate(names):
        if min(true[:n_known, at].sum(), true[n_known:, at].sum()) >= LEAST_CASES:
            rows[name] = label_weeks(said[:, at], true[:, at], n_known, weeks, chance, repartition=repartition)
    return {
        "weeks": weeks * len(rows), "labels": {name: summary(of, within=True) for name, of in rows.items()},
        "all": summary(np.stack(list(rows.values())), within=False),
    }  # fmt: skip


def label_weeks(
    said: Bools, true: Bools, n_known: int, weeks: int, chance: np.random.Generator, *, repartition: bool
) -> npt.NDArray[np.float64]:
    """Return (weeks, ways, [held, held the week's own share, width, estimate - truth, truth]) for one label."""
    found = np.zeros((weeks, len(WAYS), 5))
    order = np.arange(len(true))
    for week in range(weeks):
        if repartition:
            chance.shuffle(order)
        known, pool = order[:n_known], order[n_known:]
        yes, no = pool[true[pool]], pool[~true[pool]]
        most = min(300, len(no))
        n = int(chance.integers(min(150, most // 2), most + 1))
        highest = min(0.6, 0.8 * len(yes) / n)
        share = chance.uniform(min(0.01, highest / 2), highest)
        n_yes = min(int(chance.binomial(n, share)), len(yes))
        drawn = np.concatenate([chance.choice(yes, n_yes, replace=False), chance.choice(no, n - n_yes, replace=False)])
        slice_ = chance.choice(drawn, min(int(chance.integers(60, 101)), n), replace=False)
        counted = int(said[drawn].sum())
        shares = (
            counts.raw(counted, n),
            counts.adjusted(counted, n, errors.confusion(said[known], true[known])),
            counts.prediction_powered(counted, n, errors.confusion(said[slice_], true[slice_])),
        )
        for way, got in enumerate(shares):
            found[week, way] = (
                got.low <= share <= got.high, got.low <= n_yes / n <= got.high, got.high - got.low, got.value - share,
                share,
            )  # fmt: skip
    return found


def summary(found: npt.NDArray[np.float64], *, within: bool) -> dict[str, Any]:
    """Average (labels,) weeks; the error of the coverage is that of the weeks of one label, or that between labels."""
    held = found[..., 0]
    error = held.std(0) / np.sqrt(len(held)) if within else held.mean(1).std(0, ddof=1) / np.sqrt(len(held))
    mean = found.reshape(-1, *found.shape[-2:]).mean(0)
    return {"true_share": round(float(mean[0, 4]), 4)} | {
        way: {
            "coverage": round(float(mean[at, 0]), 4), "coverage_error": round(float(error[at]), 4),
            "coverage_of_the_week": round(float(mean[at, 1]), 4), "width": round(float(mean[at, 2]), 4),
            "bias": round(float(mean[at, 3]), 4),
        }
        for at, way in enumerate(WAYS)
    }  # fmt: skip


def table(found: dict[str, Any]) -> str:
    lines = ["| label | mean true share | coverage: " + " | ".join(f"{way} | width | bias" for way in WAYS) + " |"]
    lines.append("|---" * 11 + "|")
    for name, row in [*found["labels"].items(), ("**all**", found["all"])]:
        cells = (
            f"{row[way]['coverage']:.3f} ± {row[way]['coverage_error']:.3f} | {row[way]['width']:.3f} | "
            f"{row[way]['bias']:+.3f}"
            for way in WAYS
        )
        lines.append(f"| {name} | {row['true_share']:.3f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
