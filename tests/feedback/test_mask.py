import polars as pl
import pytest

from cxnlp.feedback import mask, masking_version, normalise, recognise
from cxnlp.frames import EMPLOYEES, FEEDBACK
from cxnlp.settings import Privacy
from tests.feedback.items import SECRET, items

KEEP = Privacy(keep=("Saltwell",))


def masked(*rows: dict, privacy: Privacy = KEEP):
    return mask(normalise(items(*rows), secret=SECRET).feedback, secret=SECRET, privacy=privacy)


LETTER = {
    "text": "Priya Nair on your helpline rang me on 07700 900217.\n\nThank you Priya!\nZelda Quixano, 12 Acacia Avenue",
    "author": "Zelda Quixano <zelda@example.org>",
    "customer": "AC 123-45",
}


def test_frames_and_offsets() -> None:
    done = masked(LETTER)
    assert done.feedback.schema == pl.Schema(FEEDBACK | {"speakers": pl.List(pl.String)})
    assert done.employees.schema == pl.Schema(EMPLOYEES)
    text = done.feedback["text"][0]
    assert text == "[EMPLOYEE] on your helpline rang me on [PHONE].\n\nThank you [EMPLOYEE]!\n[PERSON], [ADDRESS]"
    places = done.employees.select("start", "end").rows()
    assert [text[start:end] for start, end in places] == ["[EMPLOYEE]", "[EMPLOYEE]"]
    assert done.employees["feedback_id"].to_list() == [done.feedback["feedback_id"][0]] * 2
    assert done.employees["role"].to_list() == ["agent", "agent"]
    assert len(done.feedback["signature"][0]) == 64


def test_offsets_count_characters_not_bytes() -> None:
    done = masked({"text": "😍😍 Ça va? Driver Marcus 💛 helped, Mrs Müller"})
    start, end = done.employees.select("start", "end").row(0)
    assert done.feedback["text"][0][start:end] == "[EMPLOYEE]"


def test_nothing_raw_is_left() -> None:
    done = masked(LETTER)
    everything = str(done.feedback.to_dicts()) + str(done.employees.to_dicts())
    for word in ("Zelda", "Quixano", "Priya", "Nair", "900217", "Acacia", "AC 123", "example.org"):
        assert word not in everything


def test_one_employee_has_one_key_and_can_be_recognised() -> None:
    done = masked(
        LETTER, {"text": "Thanks Priya", "employee": "Priya Nair", "channel": "call"}, {"text": "Priya on your till"}
    )
    whole, first = done.employees["employee_key"].to_list()[0], done.employees["employee_key"].to_list()[-1]
    assert done.employees["employee_key"].to_list() == [whole, whole, whole, first]
    assert whole != first
    known = recognise(["Ms Priya NAIR", "Marcus Webb"], SECRET)
    assert known.columns == ["name", "employee_key"]
    assert set(known.filter(pl.col("employee_key").is_in([whole, first]))["name"]) == {"Ms Priya NAIR"}
    assert known.height == 8
    assert not set(recognise(["Priya Nair"], b"y" * 32)["employee_key"]) & {whole, first}


def test_an_employee_in_the_column_alone_has_a_row_without_a_place() -> None:
    done = masked({"text": "rang about a lamp", "employee": "Tom Beddows", "channel": "call"})
    assert done.employees.select("role", "start", "end").row(0) == ("agent", None, None)


def test_employees_may_be_masked_too() -> None:
    done = masked(LETTER, privacy=Privacy(employees="mask"))
    assert "EMPLOYEE" not in done.feedback["text"][0]
    assert done.feedback["text"][0].startswith("[PERSON] on your helpline")
    assert done.employees.is_empty()


def test_masking_may_be_switched_off_but_names_of_columns_go() -> None:
    done = masked(LETTER, privacy=Privacy(mask=False))
    assert done.feedback["text"][0] == LETTER["text"]
    assert done.employees.is_empty()
    assert not {"author", "customer", "employee"} & set(done.feedback.columns)


def test_a_transcripts_lines_stay_in_place() -> None:
    text = "this is Priya\nmy card is 4111 1111\u2028 1111 1111\n\n12 Acacia Avenue\nNT4 5XX"
    speakers = ["agent", "customer", None, "customer", "customer"]
    done = masked({"text": text, "speakers": speakers, "channel": "call"})
    assert done.feedback["text"][0].split("\n") == [
        "this is [EMPLOYEE]",
        "my card is [CARD]",
        "",
        "[ADDRESS]",
        "[POSTCODE]",
    ]
    assert done.feedback["speakers"][0].to_list() == speakers


def test_rows_do_not_hang_on_their_neighbours() -> None:
    rows = [LETTER, {"text": "Driver Marcus was kind"}, {"text": "Sukhdeep was rude"}, {"text": "meh"}]
    whole = masked(*rows).feedback.drop("feedback_id", "external_id").to_dicts()
    assert whole == [masked(row).feedback.drop("feedback_id", "external_id").to_dicts()[0] for row in rows]


def test_no_rows() -> None:
    done = mask(normalise(items(), secret=SECRET).feedback, secret=SECRET)
    assert done.feedback.is_empty()
    assert done.employees.is_empty()
    assert recognise([], SECRET).is_empty()


def test_the_workspace_s_own_patterns_are_masked_by_their_kind() -> None:
    own = Privacy(patterns={"CONTRACT": r"KX-\d{6}", "MEMBER": r"\bmember [A-Z]{2}\d+"})
    text = "Contract KX-204133, member QQ77: the lamp KX-20 broke."
    stored = masked({"text": text}, privacy=own).feedback["text"][0]
    assert stored == "Contract [CONTRACT], [MEMBER]: the lamp KX-20 broke."


@pytest.mark.parametrize("patterns", [{"contract": "x"}, {"CONTRACT": "("}, {"CONTRACT": r"\d*"}])
def test_a_pattern_that_cannot_be_used_is_refused(patterns: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"contract|CONTRACT"):
        Privacy(patterns=patterns)


def test_a_new_pattern_masks_what_is_stored_anew() -> None:
    assert masking_version(Privacy(patterns={"CONTRACT": "KX"})) != masking_version(Privacy())
