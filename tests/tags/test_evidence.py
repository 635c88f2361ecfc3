"""Runs of tokens and whole words, on numbers written by hand."""

import numpy as np
import pytest

from cxnlp.tags.evidence import strongest_runs, widen


@pytest.mark.parametrize(
    ("contributions", "faint", "expected"),
    [
        ([0, 0, 5, 6, 0], [], (2, 3)),
        ([5, -4, 7, 0, 0], [], (2, 2)),
        ([9, 4, 9, 0, 0, 0, 0], [], (0, 2)),
        ([2, 2, 2], [], (0, 0)),
        ([0, 8, 9, 0], [2], (1, 1)),
        ([8, 9, 8, 0, 0, 0], [1], (0, 2)),
        ([-5, -1, -5], [], (1, 1)),
    ],
)
def test_the_run_that_carries_most(contributions: list[float], faint: list[int], expected: tuple[int, int]) -> None:
    n = len(contributions)
    telling = ~np.isin(np.arange(n), faint)
    runs = strongest_runs(
        np.array(contributions, dtype=np.float32)[:, None], np.array([[0, n]]), np.array([0]), np.ones(n, bool), telling
    )
    assert tuple(runs[0]) == expected


def test_tags_of_several_mentions_stay_in_theirs() -> None:
    contributions = np.array([[1, 0], [9, 0], [9, 3], [0, 8], [0, 0]], dtype=np.float32)
    spans = np.array([[0, 2], [2, 5], [2, 5], [4, 4]])
    every = np.ones(5, bool)
    runs = strongest_runs(contributions, spans, np.array([0, 0, 1, 1]), every, every)
    assert runs[:3].tolist() == [[1, 1], [2, 2], [3, 3]]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("It was unbelievably rude.", "believ", "unbelievably"),
        ("It was rude, really.", "rude,", "rude"),
        ("I don't know", "don", "don't"),
        ("...", "..", ".."),
        ("Mail [PERSON] now", "PERSON", "PERSON"),
    ],
)
def test_words_are_whole_and_edges_clean(text: str, words: str, expected: str) -> None:
    start = text.index(words)
    first, last = widen(text, start, start + len(words), 0, len(text))
    assert text[first:last] == expected


def test_evidence_never_leaves_its_mention() -> None:
    assert widen("unbelievable", 2, 6, 2, 8) == (2, 8)
    assert widen("abc", 5, 4, 0, 3) == (0, 3)
