"""A document is its set of (moment, sign of the feeling), wherever the cuts fell."""

from typing import Any

import pytest

from cxnlp.quality.pairs import labelled_pairs, score_pairs, tagged_pairs
from cxnlp.tags import Tagger

from .labelled_letters import KIND, LATE, LETTERS, document, mention


def test_pairs_of_labels() -> None:
    assert labelled_pairs(LETTERS[0]) == {("delivery", -1), ("timeliness", -1), ("staff", -1)}
    assert labelled_pairs(LETTERS[1]) == {("staff", 1), ("loyalty", 1)}
    assert labelled_pairs(document(1, "Hm.")) == set()


@pytest.mark.parametrize(
    ("strength", "decision", "expected"),
    [(-2, "yes", {("price", -1)}), (0, "yes", {("price", 0)}), (1, "yes", {("price", 1)}), (1, "unsure", set())],
)
def test_pairs_of_tags(strength: int, decision: str, expected: set[Any]) -> None:
    tagged = {"sentiment": {"strength": strength}, "moments": [{"label": "price", "decision": decision}]}
    assert tagged_pairs({"id": 1, "mentions": [tagged]}) == expected
    assert tagged_pairs({"id": 1, "problem": "no text"}) == set()


def test_the_text_is_split_by_ourselves() -> None:
    """One label over the whole text, and labels cut elsewhere, give the same pairs."""
    tagger = Tagger.load(threads=1)
    whole = document(1, LATE, mention(LATE, LATE, -1, "delivery", "timeliness", "staff"), channel="letter")
    cut = LETTERS[0]
    assert score_pairs([whole], tagger, 50) == score_pairs([cut], tagger, 50)
    found = score_pairs([cut, LETTERS[1]], tagger, 50)
    assert found["n"] == 5
    assert found["micro_f1"][0] > 0.5
    other = document(2, KIND, mention(KIND, KIND, -2, "digital"))
    assert score_pairs([other], tagger, 50)["micro_f1"][0] == 0
