"""The model's card, written from its scores: nobody types a number here."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cxnlp.quality.scoring import TAGGED

_NAMES: Final = {"moment": "moments", "unmeasurable": "unmeasurables, signed", "warning": "warnings",
                 "signal": "signals"}  # fmt: skip

PLOT: Final = "calibration.svg"  # beside the card

_ABOUT: Final = """
A small transformer encoder (MiniLM-L6, 22.7 million weights, 6 layers, 384 wide) that reads a whole document once, and
beside it a linear model over the words and short phrases of each mention; one linear head per family on both: the
mention's mean token state and its word scores. It gives 19 moments of truth, sentiment from -2 to 2,
8 unmeasurables with their sign, 5 warnings and 4 signals. What each word means: docs/taxonomy.md.

## Intended use, and misuse

To count and find what customers say, in English, mention by mention, in letters, call notes and posts, and to show the
words that carry each tag so that a person can check them. It judges **what customers say**, not what is true. Do not
use it to rate, pay, promote or discipline an individual employee, to decide about a customer (refund, credit, access),
or unseen by the people concerned. A count of few cases is a reason to read them, nothing more.

## Data

Public English feedback: airline and support tweets, complaint letters to the US consumer-finance regulator, airline,
hotel, restaurant, laptop and local-business reviews, customer-care dialogues and summaries of them. The texts are not
part of this project; the ids and folds of the documents are in `data/labels/split.csv`.

| set | licence as its publisher states it |
|---|---|
| airline tweets (CrowdFlower, 2015) | not stated in the copy read; the Kaggle card says CC BY-NC-SA 4.0 |
| complaint narratives (CFPB) | US government open data |
| Skytrax reviews | CC0 (seat), not stated (airline) |
| TweetSumm dialogues and notes | CC0 file, README says CDLA-Sharing |
| customer support tweets | not stated |
| SemEval 2014/2016 and MAMS sentences | MAMS Apache-2.0, SemEval not stated |
| Yelp and TripAdvisor reviews, complaint tweets | not stated |
| MiniLM-L6 weights (all-MiniLM-L6-v2) | Apache-2.0 |

Some of these sets allow no commercial use or do not say: clear that before you ship the weights in a product.

**Labels** were given once per mention by large-language-model annotators who read the whole document and worked by a
written guideline; no person has checked each of them. On a separate set labelled three times independently, annotators
agreed at micro-F1 0.88 (moments), 0.83 (unmeasurables), 0.82 (warnings), 0.88 (signals), sign of sentiment 0.94,
quadratic kappa 0.95: read every score against that ceiling. Rare labels were sought out, so shares in these folds are
not shares in the world. `data/labels/further.jsonl` has more labels of the same making (offsets and labels, no text) on
documents that an earlier model was unsure of; they are used for training alone.

Folds are cut by document; near-duplicates (form letters) and conversations (a dialogue and the notes on it, a post and
its replies) share a fold, and every source has its share of each fold."""

_WEAK: Final = """
## What it is bad at

* Rare labels: see the counts above; an interval as wide as half the scale means "nearly unmeasured".
* Sarcasm without a telling word ("Lovely, another evening with your hold music"), and feeling carried by capitals:
  the encoder reads no case.
* The borders on which annotators differ too: ±1 against ±2, `product` against `staff` where "service" stands alone,
  agents' offers of help, queues at a counter (`timeliness`, `reaching_help` or `ease`).
* Clauses that need another clause to be understood, and documents cut in windows (over about 230 words).
* Fields it has not seen (health, government, utilities) and languages other than English, which it is not given."""


def write(
    scores: Mapping[str, Any], about: Mapping[str, Any], sizes: Mapping[str, int], recipes: Sequence[Mapping[str, Any]]
) -> str:
    """Return the card as Markdown.

    Args:
        scores: of `report.score`, and ``evidence`` of `evidence.evidence_scores` where it was measured.
        about: model.json.
        sizes: bytes of each file.
        recipes: how the encoder was trained, stage by stage.
    """
    folds = ", ".join(f"{name} {n['documents']} documents, {n['mentions']} mentions"
                      for name, n in scores["folds"].items())  # fmt: skip
    speed = scores["speed"]
    parts = [
        f"# Model card: {about['version']}", _ABOUT, f"\nFolds: {folds}.",
        "\n## Scores on the test fold\n\nWith the shipped 8-bit files, thresholds chosen on the calibration fold; "
        "intervals (95 %) from resampling documents. \"macro\": labels with at least 20 cases.\n",
        _overview(scores), _sentiment(scores), _pairs(scores), _calibration(scores), _decisions(scores),
        _coverage(scores), *([_evidence(scores["evidence"])] if "evidence" in scores else []),
        "\n## By label\n", _labels(scores["families"]),
        "\n## By channel and source\n\nMicro-F1 with interval; sentiment: accuracy of the sign.\n",
        _parts_table({**scores["by_channel"], **scores["by_source"]}), _WEAK,
        "\n## Size, speed, making\n",
        f"* {sum(sizes.values()) / 1e6:.1f} MB in all: "
        + ", ".join(f"{name} {size / 1e6:.1f}" for name, size in sorted(sizes.items())) + ".",
        f"* {speed['documents_per_second']} documents ({speed['mentions_per_second']} mentions) a second on the test "
        f"fold, when this card was written ({speed['machine']}, other work running); `python -m benchmarks.encoder` "
        "measures.",
        "* Weights in 8 bits per output, activations in 8 bits per token; no padding, one window at a time: a text's "
        "tags do not depend on its neighbours.",
        "* Made by `pipelines/training.py`:",
        *(f"  * stage {number}: " + ", ".join(f"{name} {value}" for name, value in recipe.items())
          for number, recipe in enumerate(recipes, 1)),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _value(found: Sequence[float] | None) -> str:
    return "" if found is None else f"{found[0]:.2f} ({found[1]:.2f}–{found[2]:.2f})"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _overview(scores: Mapping[str, Any]) -> str:
    rows = []
    for family in TAGGED:
        own, other = scores["families"][family], scores["baselines"]
        rules = other["rules"].get(family, {})
        rows.append([
            _NAMES[family], _value(own["micro_f1"]), _value(own.get("macro_f1")),
            _value(other["tfidf"][family]["micro_f1"]), _value(other["tfidf"][family].get("macro_f1")),
            _value(rules.get("micro_f1")), _value(other["majority"][family]["micro_f1"]),
        ])  # fmt: skip
    header = ["", "micro-F1", "macro-F1", "TF-IDF + logistic regression, micro", "macro", "rules alone, micro",
              "commonest label, micro"]  # fmt: skip
    return _table(header, rows)


def _sentiment(scores: Mapping[str, Any]) -> str:
    rows = []
    found = {"this model": scores["families"]["sentiment"]}
    names = {"tfidf": "TF-IDF + logistic regression", "vader": "VADER", "majority": "commonest answer"}
    found |= {title: scores["baselines"][name]["sentiment"] for name, title in names.items()}
    for name, scored in found.items():
        rows.append([name, *(_value(scored[key]) for key in ("sign_accuracy", "accuracy", "quadratic_kappa"))])
    return "\n" + _table(["sentiment", "accuracy of the sign", "of the strength", "quadratic kappa"], rows)


def _pairs(scores: Mapping[str, Any]) -> str:
    found = scores["pairs"]
    masked = ", ".join(f"{_NAMES.get(family, family)} {_value(value)}" for family, value in scores["masked"].items())
    return (
        f"\nWhole documents, from raw text with our own splitting, each as its set of (moment, sign of the mention's "
        f"sentiment): micro-F1 {_value(found['micro_f1'])}, precision {_value(found['precision'])}, recall "
        f"{_value(found['recall'])}; {found['n']} pairs.\n"
        f"\nWith all that looks personal masked, micro-F1 (sentiment: accuracy of the sign): {masked}."
    )


def _calibration(scores: Mapping[str, Any]) -> str:
    families = scores["calibration"]
    errors = [
        [_NAMES.get(family, family), f"{of['error']:.3f}", f"{of['error_where_said']:.3f}", str(of["n_said"])]
        for family, of in families.items()
    ]
    cells: dict[tuple[float, float], dict[str, str]] = {}
    for family, of in families.items():
        for part in of["bins"]:
            cell = f"{part['stated']:.2f} → {part['observed']:.2f} ({part['n']})"
            cells.setdefault((part["low"], part["high"]), {})[family] = cell
    rows = [
        [f"{low:.2f}–{high:.2f}", *(found.get(family, "") for family in families)]
        for (low, high), found in sorted(cells.items())
    ]
    names = [_NAMES.get(family, family) for family in families]
    return "\n".join([
        "\n## Calibration\n",
        "Expected calibration error (15 bins). Over all labels of all mentions most are plainly absent; \"where "
        "said\" is only what is shown: yes, unsure, and each mention's likeliest strength.\n",
        _table(["", "over all labels", "where said", "decisions said"], errors),
        f"\n![Stated against observed]({PLOT})\n",
        "Reliability, stated probability → share observed (cases):\n",
        _table(["probability", *names], rows),
    ])  # fmt: skip


def _decisions(scores: Mapping[str, Any]) -> str:
    rows = [
        [_NAMES[family], *(cell for of in (row["yes"], row["unsure"]) for cell in (str(of["n"]), f"{of['right']:.2f}"))]
        for family, row in scores["decisions"].items()
    ]
    return "\nThe model's decisions, and how often they are right:\n\n" + _table(
        ["", "yes", "right", "unsure", "right"], rows
    )


def _coverage(scores: Mapping[str, Any]) -> str:
    families = scores["coverage"]
    rows = [
        [f"{of[0]['threshold']:.2f}", *(f"{row['kept']:.2f} → {_right(row):.2f}" if row["n"] else "" for row in of)]
        for of in zip(*families.values(), strict=True)
    ]
    return (
        "\nCoverage against precision: share of decisions (yes, unsure; sentiment: mentions) kept from a probability "
        "up → share of the kept that are right (sentiment: in sign):\n\n"
        + _table(["probability from", *(_NAMES.get(family, family) for family in families)], rows)
    )


def _evidence(found: Mapping[str, Any]) -> str:
    rows = [
        [name, _value(found["overlap"][key]), _value(found["random"][key])]
        for key, name in (("f1", "F1 of words"), ("iou", "intersection over union"), ("touch", "they touch"))
    ]
    gone = found["deletion"]
    return (
        "\n## Evidence\n\nThe words that a tag points to, against those that a reader marked without seeing them, on "
        f"{found['n_said']} tags ({found['n_marks']} marked, `data/labels/evidence.csv`; the marks, like the labels, "
        "are a language model's), beside random words of the same mention, as many:\n\n"
        + _table(["", "evidence", "random"], rows)
        + f"\n\nCut out of the text, the evidence takes the decision with it in {_value(gone['evidence'])} of cases, "
        f"random words in {_value(gone['random'])}, the marked words in {_value(gone['marked'])}; evidence above "
        f"random by {_value(gone['difference'])}."
    )


def _right(row: Mapping[str, Any]) -> float:
    return float(row.get("precision", row.get("sign_accuracy")))


def _labels(families: Mapping[str, Any]) -> str:
    rows = []
    for family in TAGGED:
        for label, found in families[family]["labels"].items():
            rates = (f"{found[key][0]:.2f}" for key in ("precision", "recall"))
            rows.append([family, label, str(found["n"]), *rates, _value(found["f1"])])
    return _table(["family", "label", "cases", "precision", "recall", "F1"], rows)


def _parts_table(parts: Mapping[str, Any]) -> str:
    rows = [
        [name, str(found["documents"]), str(found["mentions"]),
         *(_value(found[family]) for family in (*TAGGED, "sentiment"))]
        for name, found in parts.items()
    ]  # fmt: skip
    return _table(["", "documents", "mentions", *(_NAMES[family] for family in TAGGED), "sentiment"], rows)
