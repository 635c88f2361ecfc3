"""Do the words that a tag points to carry it? Held against spans marked by hand, and against random spans.

    python -m pipelines.learning.evidence labelled.jsonl [--model models/minilm] [--json evidence.json]

`data/labels/evidence.csv` has the marks: for mentions of the test fold with a tag on which labels and an earlier model
agreed, the words that carry the label, marked by one annotator (a large language model that read the mention, as for
the labels) before anyone saw what the model points to. Offsets count characters of the document; the documents
themselves are not here. Of these marks those count that the model asked says yes to.

* Overlap, in words: F1, intersection over union, and how often the two touch. "random": the mean over all spans of the
  same mention that are as long as the model's.
* Deletion: how often the yes goes away when the words are cut out of the text and it is read again. "random": up to
  eight spans of as many words of the same mention, not the model's own. Mentions with no other span are left out.

95 % intervals from resampling mentions.
"""

import argparse
import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cxnlp.tags import Tagger

Document = Mapping[str, Any]
Span = tuple[int, int]
Floats = npt.NDArray[np.float64]

WORD = re.compile(r"\w+(?:['’]\w+)*")
MARKS = Path("data/labels/evidence.csv")
N_RANDOM = 8
N_RESAMPLES = 2000
MEASURES = ("f1", "iou", "touch")


class Mark(NamedTuple):
    """The words of a mention that carry a label, as a reader marked them; characters of the document."""

    document_id: str
    mention_id: str
    family: str
    label: str
    start: int
    end: int


class Case(NamedTuple):
    """A mark beside what the model points to."""

    mark: Mark
    document: Document
    mention: int  # place in the document
    words: list[Span]  # of the mention
    marked: set[int]  # places in ``words``
    pointed: set[int]


def read_marks(path: Path) -> list[Mark]:
    """Read ``document_id``, ``mention_id``, ``family``, ``label``, ``start`` and ``end`` of each mark."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Mark(row["document_id"], row["mention_id"], row["family"], row["label"], int(row["start"]), int(row["end"]))
            for row in csv.DictReader(file)
        ]


def evidence_scores(folder: Path, documents: Sequence[Document], marks: Sequence[Mark]) -> dict[str, Any]:
    """Score the evidence of the model in ``folder``; each figure is [value, low, high].

    Args:
        folder: of the model.
        documents: ``id``, ``text`` and labelled ``mentions``; marks of others are left out.
        marks: of `read_marks`.

    Returns:
        ``n_marks``, ``n_said`` (marks that the model says yes to), ``words`` (mean length of mention, marks, evidence),
        ``overlap`` and ``random`` (``f1``, ``iou``, ``touch``), ``by_family``, and ``deletion``: ``n``, share of
        decisions that go with the ``evidence``, a ``random`` span, the ``marked`` words, and the ``difference`` of the
        first two.
    """
    tagger = Tagger.load(folder)
    cases = find_cases(tagger, documents, marks)
    own = np.array([overlap(case.pointed, case.marked) for case in cases])
    by_chance = np.array([chance_overlap(case) for case in cases])
    families = np.array([case.mark.family for case in cases])
    lengths = np.array([(len(case.words), len(case.marked), len(case.pointed)) for case in cases])
    return {
        "n_marks": len(marks), "n_said": len(cases),
        "words": dict(zip(("mention", "marked", "evidence"), lengths.mean(0).round(1).tolist(), strict=True)),
        "overlap": {name: interval(own[:, at]) for at, name in enumerate(MEASURES)},
        "random": {name: interval(by_chance[:, at]) for at, name in enumerate(MEASURES)},
        "by_family": {
            family: {
                "n": int((families == family).sum()), "f1": interval(own[families == family, 0]),
                "random_f1": interval(by_chance[families == family, 0]),
            }
            for family in sorted(set(families))
        },
        "deletion": deletion(tagger, cases),
    }  # fmt: skip


def find_cases(tagger: Tagger, documents: Sequence[Document], marks: Sequence[Mark]) -> list[Case]:
    """Tag the marked ones among the documents and keep the marks that the model says yes to."""
    by_id = {document["id"]: document for document in documents}
    marks = [mark for mark in marks if mark.document_id in by_id]
    wanted = [by_id[name] for name in sorted({mark.document_id for mark in marks})]
    pointed: dict[tuple[str, str, str], Span] = {}
    for document, read in zip(wanted, tagger.read([d["text"] for d in wanted], list(map(spans, wanted))), strict=True):
        for vote in read.model:
            if vote.decision == "yes":
                key = (document["mentions"][vote.mention]["id"], vote.family, vote.label)
                pointed[key] = (vote.start, vote.end)
    cases = []
    for mark in marks:
        key = (mark.mention_id, mark.family, mark.label)
        if key in pointed:
            document = by_id[mark.document_id]
            place = next(at for at, m in enumerate(document["mentions"]) if m["id"] == mark.mention_id)
            mention = document["mentions"][place]
            words = [found.span() for found in WORD.finditer(document["text"], mention["start"], mention["end"])]
            inside = [places(words, span) for span in ((mark.start, mark.end), pointed[key])]
            cases.append(Case(mark, document, place, words, *inside))
    return cases


def spans(document: Document) -> list[tuple[int, int, str | None]]:
    """Start, end and speaker of each mention."""
    return [(mention["start"], mention["end"], mention.get("speaker")) for mention in document["mentions"]]


def places(words: Sequence[Span], span: Span) -> set[int]:
    """Places of the ``words`` that ``span`` touches."""
    return {at for at, (start, end) in enumerate(words) if start < span[1] and end > span[0]}


def overlap(one: set[int], other: set[int]) -> tuple[float, float, float]:
    """F1, intersection over union, and whether they touch."""
    both = len(one & other)
    return 2 * both / (len(one) + len(other) or 1), both / (len(one | other) or 1), float(both > 0)


def chance_overlap(case: Case) -> Floats:
    """Mean overlap of all spans that are as long as the evidence."""
    n = len(case.pointed)
    every = [overlap(set(range(at, at + n)), case.marked) for at in range(len(case.words) - n + 1)]
    return np.asarray(np.mean(every, axis=0))


def deletion(tagger: Tagger, cases: Sequence[Case], seed: int = 4) -> dict[str, Any]:
    """How often a yes goes away when the evidence, random words as many, or the marked words are cut out."""
    chance = np.random.default_rng(seed)
    owners, kinds, cut = [], [], []
    for number, case in enumerate(cases):
        n, first = len(case.pointed), min(case.pointed, default=0)
        others = [at for at in range(len(case.words) - n + 1) if at != first]
        if n and others:
            drawn = chance.choice(others, min(N_RANDOM, len(others)), replace=False)
            runs = [case.pointed, case.marked, *(set(range(at, at + n)) for at in drawn)]
            owners += [number] * len(runs)
            kinds += ["evidence", "marked", *["random"] * len(drawn)]
            cut += [without(case, run) for run in runs]
    gone = ~said_yes(tagger, cut, [cases[number] for number in owners])
    used = sorted(set(owners))
    shares = {
        kind: np.array([gone[(np.array(owners) == at) & (np.array(kinds) == kind)].mean() for at in used])
        for kind in ("evidence", "random", "marked")
    }
    found: dict[str, Any] = {"n": len(used)} | {kind: interval(share) for kind, share in shares.items()}
    return found | {"difference": interval(shares["evidence"] - shares["random"])}


def without(case: Case, run: set[int]) -> Document:
    """Cut a run of words out of the document; mentions keep their words."""
    start, end = case.words[min(run)][0], case.words[max(run)][1]
    n = end - start
    mentions = [
        {**m, "start": moved(m["start"], start, n), "end": moved(m["end"], start, n)}
        for m in case.document["mentions"]
    ]  # fmt: skip
    text = case.document["text"]
    return {**case.document, "text": text[:start] + text[end:], "mentions": mentions}


def moved(place: int, start: int, n: int) -> int:
    """Where a place of the text stands after ``n`` characters from ``start`` were cut out."""
    return place if place <= start else max(start, place - n)


def said_yes(tagger: Tagger, documents: Sequence[Document], cases: Sequence[Case]) -> npt.NDArray[np.bool_]:
    """Say for each document whether the model still gives its case's label for sure."""
    found = []
    for case, read in zip(
        cases, tagger.read([d["text"] for d in documents], [spans(d) for d in documents]), strict=True
    ):
        mark = case.mark
        found.append(any(
            (vote.mention, vote.family, vote.label, vote.decision) == (case.mention, mark.family, mark.label, "yes")
            for vote in read.model
        ))  # fmt: skip
    return np.array(found, dtype=bool)


def interval(values: Floats, seed: int = 5) -> list[float]:
    """Return the mean and its 95 % interval."""
    drawn = np.random.default_rng(seed).choice(values, (N_RESAMPLES, len(values))).mean(1)
    return [round(float(number), 3) for number in (values.mean(), *np.percentile(drawn, [2.5, 97.5]))]


def main() -> None:
    """Score the evidence of one model."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("labelled", type=Path)
    asked.add_argument("--model", type=Path, default=Path("models/minilm"))
    asked.add_argument("--marks", type=Path, default=MARKS)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    with given.labelled.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    found = evidence_scores(given.model, documents, read_marks(given.marks))
    print(json.dumps(found, indent=1))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
