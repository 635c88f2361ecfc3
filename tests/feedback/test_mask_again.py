"""Stored text is masked again: only what is found since changes, and the places are right."""

import polars as pl
import pytest

from cxnlp.feedback import mask_again, masking_version
from cxnlp.settings import Privacy

SECRET = b"x" * 32


def stored(text: str, **columns: object) -> pl.DataFrame:
    usual = {"feedback_id": "f1", "text": text, "channel": "letter", "is_readable": True, "product": None,
             "written": None, "location": None, "is_transcript": False}  # fmt: skip
    return pl.DataFrame([usual | columns])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to jane.w@example.org, please.", "Write to [EMAIL], please."),
        ("My name is Jane Whitlock.\nRing 01632 960114.", "My name is [PERSON].\nRing [PHONE]."),
    ],
)
def test_what_was_stored_unmasked_is_masked(text: str, expected: str) -> None:
    found = mask_again(stored(text), secret=SECRET, privacy=Privacy())
    assert found.texts["text"].to_list() == [expected]
    for start, end, new_start, new_end in found.replaced.drop("feedback_id").iter_rows():
        assert expected[new_start:new_end].startswith("[")
        assert text[start:end] not in expected
        assert text[:start].count("\n") == expected[:new_start].count("\n")


def test_words_before_shorthand_was_written_out_are_masked_by_what_the_text_shows() -> None:
    text = "Customer says that the driver, Marcus, shouted. Ring 01632 960114."
    written = "cust says drvr Marcus shouted. ring 01632 960114"
    found = mask_again(stored(text, written=written, channel="call"), secret=SECRET, privacy=Privacy())
    assert found.texts["text"].item() == "Customer says that the driver, [EMPLOYEE], shouted. Ring [PHONE]."
    assert found.written.rows() == [("f1", "cust says drvr [EMPLOYEE] shouted. ring [PHONE]")]
    assert mask_again(stored("Nothing.", written="nthg"), secret=SECRET, privacy=Privacy()).written.is_empty()


def test_placeholders_stay_and_count_as_looked_at() -> None:
    text = "Mrs [PERSON] of [ADDRESS], [POSTCODE] rang [EMPLOYEE] about order [ORDER], see [EMAIL]."
    found = mask_again(stored(text), secret=SECRET, privacy=Privacy())
    assert (found.looked_at, found.texts.height, found.replaced.height) == (["f1"], 0, 0)


def test_an_employee_found_since_gets_the_key_that_masking_gives() -> None:
    text = "The manager, Mr Hale, was rude."
    found = mask_again(stored(text), secret=SECRET, privacy=Privacy())
    (row,) = found.employees.to_dicts()
    assert found.texts["text"].item()[row["start"] : row["end"]] == "[EMPLOYEE]"
    assert (row["feedback_id"], row["role"]) == ("f1", "manager")


def test_the_version_is_that_of_the_rules() -> None:
    usual = masking_version(Privacy())
    assert usual is not None
    assert masking_version(Privacy(mask=False)) is None
    assert masking_version(Privacy(employees="mask")) != usual
    assert masking_version(Privacy(keep=("Glownest",))) != usual
    assert masking_version(Privacy(mask=True)) == usual
    assert masking_version(Privacy(retention_days=30, least_group=3)) == usual
