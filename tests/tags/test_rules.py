"""Cues that vote, cues that are taken back, cues that were wrong too often."""

import pytest

from cxnlp.tags.rules import Rules, find, measure
from cxnlp.taxonomy import load

CUES = {("never", "again"): ("signal", "churn"), ("my", "lawyer"): ("signal", "crisis"),
        ("dangerous",): ("signal", "crisis")}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Never again!", [("churn", "Never again")]),
        ("My lawyer says it’s dangerous.", [("crisis", "My lawyer"), ("crisis", "dangerous")]),
        ("It is not dangerous.", []),
        ("It isn’t really dangerous.", []),
        ("It is not only dangerous, it is ugly.", [("crisis", "dangerous")]),
        ("My lawyers' club", []),
        ("I never thought I'd come again.", []),
        ("", []),
    ],
)
def test_cues_are_words_in_a_row_that_nothing_takes_back(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(hit.label, text[hit.start : hit.end]) for hit in find(text, CUES, 2)] == expected


def test_a_cue_that_was_wrong_too_often_keeps_silent() -> None:
    measured = {"signal": {"crisis": {"precision": 0.8, "cues": {"my lawyer": [10, 9], "dangerous": [10, 1]}}}}
    rules = Rules.of(load(), measured)
    assert [(hit.label, share) for hit, share in rules.votes("my lawyer")] == [("crisis", round(11.4 / 13, 4))]
    assert rules.votes("dangerous") == []
    assert rules.votes("never again") == []  # a label that was not measured has no vote


def test_measuring_counts_what_was_right() -> None:
    mentions = [("Never again!", {"signal": ["churn"]}), ("never again a dull day", {"signal": []})]
    record = measure(load(), iter(mentions))["signal"]["churn"]
    assert record["cues"]["never again"] == [2, 1]
    assert (record["n_found"], record["n_right"]) == (2, 1)
