"""The journey map's kinds of activity and decision points."""

from pathlib import Path

import pytest

from cxnlp.taxonomy import SHIPPED, TaxonomyError, activities, load


def test_every_stage_has_a_decision_and_every_kind_its_mark() -> None:
    found = activities()
    assert [decision.stage for decision in found.decisions] == list(load().stages)
    assert {kind.id: kind.mark for kind in found.kinds} == {"moment": "red", "decision": "green", "internal": "blue"}


@pytest.mark.parametrize(
    ("text_in", "text_out", "expected"),
    [
        ("mark: red", "mark: pink", "'red', 'green' or 'blue'"),
        ("stage: buy_in", "stage: awareness", "found decisions of awareness, awareness"),
        ("decided_by: customers_stay", "decided_by: weather", "found the statement 'weather'"),
        ("decided_by:", "decides:", "Field required"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text_in: str, text_out: str, expected: str) -> None:
    text = (SHIPPED / "activities.yaml").read_text("utf-8")
    assert text_in in text
    file = tmp_path / "activities.yaml"
    file.write_text(text.replace(text_in, text_out), "utf-8")
    with pytest.raises(TaxonomyError, match=expected):
        activities(file)
