"""The written set of data/privacy is what its README says, and masking reaches on it what docs/masking.md says."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.masking import OURS, SAME, UNSTRUCTURED, Labelled, covered, masked_spans, read_written

FOLDER = Path(__file__).parents[2] / "data" / "privacy"
ROWS = [json.loads(line) for file in sorted(FOLDER.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]


def test_the_set_is_whole() -> None:
    assert len(ROWS) >= 300
    assert len({row["document"] for row in ROWS}) == len(ROWS)
    assert {row["half"] for row in ROWS} == {"tune", "report"}
    assert {row["channel"] for row in ROWS} == {"letter", "call", "social"}
    for row in ROWS:
        places = [(span["start"], span["end"]) for span in row["spans"]]
        assert places == sorted(places)
        for (_, end), (start, _) in pairwise(places):
            assert end <= start
        for start, end in places:
            assert row["text"][start:end].strip() == row["text"][start:end] != ""


def test_every_kind_is_in_both_halves() -> None:
    kinds = Counter((span["kind"], row["half"]) for row in ROWS for span in row["spans"])
    assert {kind for kind, half in kinds if half == "tune"} == {kind for kind, half in kinds if half == "report"}


def recall(labelled: list[Labelled], kinds: set[str]) -> float:
    hits = [
        covered(start, end, spans, None)
        for each, spans in zip(labelled, masked_spans(labelled, OURS), strict=True)
        for kind, start, end in each.labels
        if kind in kinds
    ]
    return sum(hits) / len(hits)


@pytest.mark.parametrize(
    ("kinds", "least"),
    [
        ({"PERSON"}, 0.92),
        ({"ADDRESS"}, 0.85),
        ({span["kind"] for row in ROWS for span in row["spans"]} - UNSTRUCTURED, 0.96),
    ],
    ids=["persons", "addresses", "structured"],
)
def test_recall_on_the_whole_set(kinds: set[str], least: float) -> None:
    assert recall(read_written(FOLDER, None), kinds) >= least


def test_precision_on_the_whole_set() -> None:
    labelled = read_written(FOLDER, None)
    right = [
        any(start < span.end and span.start < end for _, start, end in each.labels)
        for each, spans in zip(labelled, masked_spans(labelled, OURS), strict=True)
        for span in spans
    ]
    assert sum(right) / len(right) >= 0.94
    assert SAME["SORTCODE"] == {"ACCOUNT"}
