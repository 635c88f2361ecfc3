"""The marks of evidence, and how overlap and deletion are measured."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from cxnlp import taxonomy
from pipelines.learning.evidence import Case, Mark, chance_overlap, overlap, places, read_marks, without

LABELS = Path(__file__).parents[2] / "data" / "labels"

TEXT = "It came late. Nobody ever called me back. Bye."
DOCUMENT = {
    "id": "d", "text": TEXT,
    "mentions": [{"id": "d.1", "start": 0, "end": 13}, {"id": "d.2", "start": 14, "end": 41},
                 {"id": "d.3", "start": 42, "end": 46}],
}  # fmt: skip
WORDS = [(14, 20), (21, 25), (26, 32), (33, 35), (36, 40)]  # Nobody ever called me back
MARK = Mark("d", "d.2", "unmeasurable", "listening-", 14, 32)


def case(pointed: set[int]) -> Case:
    return Case(MARK, DOCUMENT, 1, WORDS, {0, 1, 2}, pointed)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param((14, 32), {0, 1, 2}, id="three words"),
        pytest.param((16, 18), {0}, id="a part of a word is the word"),
        pytest.param((20, 21), set(), id="the space between two words is none"),
    ],
)
def test_words_of_a_span(span: tuple[int, int], expected: set[int]) -> None:
    assert places(WORDS, span) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({0, 1, 2}, {0, 1, 2}, (1, 1, 1), id="the same"),
        pytest.param({0, 1}, {1, 2}, (0.5, 1 / 3, 1), id="one word of two"),
        pytest.param({0, 1}, {3}, (0, 0, 0), id="apart"),
    ],
)
def test_overlap(one: set[int], other: set[int], expected: tuple[float, ...]) -> None:
    assert overlap(one, other) == pytest.approx(expected)


def test_chance_is_the_mean_over_all_places() -> None:
    touching = [True, True, True, False]  # two words at 0, 1, 2, 3 against the first three
    assert chance_overlap(case({3, 4}))[2] == pytest.approx(sum(touching) / 4)


def test_cut_words_leave_the_other_mentions_as_they_were() -> None:
    cut = without(case({0, 1, 2}), {1, 2, 3})
    said = [cut["text"][mention["start"] : mention["end"]] for mention in cut["mentions"]]
    assert said == ["It came late.", "Nobody  back.", "Bye."]


def test_the_marks_are_ids_and_places_of_known_labels() -> None:
    with (LABELS / "split.csv").open(encoding="utf-8") as file:
        folds = {row["id"]: row["fold"] for row in csv.DictReader(file)}
    marks = read_marks(LABELS / "evidence.csv")
    known = taxonomy.load()
    assert len({mark.mention_id for mark in marks}) == len(marks) >= 150
    for mark in marks:
        assert folds[mark.document_id] == "test"
        assert mark.mention_id.startswith(f"{mark.document_id}.")
        assert mark.label.rstrip("+-") in known.labels(mark.family)
        assert 0 <= mark.start < mark.end
    assert min(Counter(mark.family for mark in marks).values()) >= 15
