import polars as pl
import pytest

from cxnlp.feedback import normalise
from cxnlp.frames import QUARANTINE
from tests.feedback.items import SECRET, items


def feedback(*rows: dict) -> pl.DataFrame:
    return normalise(items(*rows), secret=SECRET).feedback


def test_every_item_ends_as_feedback_or_in_quarantine() -> None:
    done = normalise(
        items(
            {"text": "Lovely sofa, late van."},
            {"text": " \u200b\n"},
            {"text": None, "rating": 1.0},
            {"text": "unused", "problem": "Is a scan: it has no text, only images."},
            {"text": "😡😡"},
        ),
        secret=SECRET,
    )
    assert done.feedback["text"].to_list() == ["Lovely sofa, late van.", "😡😡"]
    assert done.quarantine.schema == pl.Schema(QUARANTINE)
    assert done.quarantine["problem"].str.slice(0, 12).to_list() == ["Has no words", "Has no words", "Is a scan: i"]
    assert done.quarantine["quarantine_id"].n_unique() == 2  # two rows of one file without a row number are one find


def test_two_sources_that_reuse_an_id_do_not_collide() -> None:
    rows = feedback(
        {"text": "a lamp", "source": "crm", "external_id": "17"},
        {"text": "a sofa", "source": "crm1", "external_id": "7"},
        {"text": "a lamp", "source": "crm", "external_id": "17"},
    )
    one, other, again = rows["feedback_id"]
    assert one != other
    assert one == again
    assert len(one) == 16


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("AC 123-45", "ac12345", True),
        ("00418273", "0041 8273", True),
        ("00418273", "418273", False),
        ("AC12345", "AC12346", False),
    ],
)
def test_customer_numbers_meet_however_they_are_written(one: str, other: str, meet: bool) -> None:
    left, right = feedback({"text": "a b", "customer": one}, {"text": "c d", "customer": other})["customer_key"]
    assert (left == right) is meet
    assert len(left) == 16


def test_authors_meet_and_are_told_from_customers() -> None:
    rows = feedback(
        {"text": "a b", "author": "Jane  WHITLOCK", "customer": "jane whitlock"},
        {"text": "a b", "author": "jane whitlock"},
        {"text": "a b", "author": "@Jane_W"},
        {"text": "a b", "author": "jane_w"},
        {"text": "a b", "author": "J. Whitlock <Jane.W@example.com>"},
        {"text": "a b", "author": "jane.w@example.com"},
        {"text": "a b", "author": " "},
    )
    keys = rows["author_key"].to_list()
    assert keys[0] == keys[1]
    assert keys[2] == keys[3]
    assert keys[4] == keys[5]
    assert len(set(keys)) == 4  # three persons and nobody
    assert keys[6] is None
    assert rows["customer_key"][0] != keys[0]


def test_keys_hang_on_the_secret() -> None:
    row = items({"text": "a b", "author": "jane", "customer": "A1234"})
    mine, theirs = (normalise(row, secret=secret).feedback for secret in (SECRET, b"x" * 32))
    for column in ("author_key", "customer_key", "content_hash"):
        assert mine[column][0] != theirs[column][0]
    assert mine["feedback_id"][0] == theirs["feedback_id"][0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The van was LATE!!", "the  van was late", True),
        ("RT @larkfan: The van was late", "The van was late", True),
        ("The van was late", "The van was later", False),
        ("😡😡", "😡 😡", True),
        ("😡😡", "😀", False),
    ],
)
def test_content_hash(one: str, other: str, same: bool) -> None:
    left, right = feedback({"text": one}, {"text": other})["content_hash"]
    assert (left == right) is same


@pytest.mark.parametrize(
    ("external_id", "item", "kept"),
    [
        ("50003", {}, True),
        ("t3_1oujmp7", {}, True),
        ("2026-09-08_letter_0030.docx", {}, True),
        ("case-50455", {"customer": "00418273"}, True),
        ("<20260908.1142@mail.example.org>", {}, False),
        ("https://social.example/@compostqueen/1172", {}, False),
        ("letters/Priya Nair complaint.docx", {}, False),
        ("whitlock-03.pdf", {"author": "Jane Whitlock"}, False),
        ("note-AC12345-2", {"customer": "AC 123-45"}, False),
        ("+447700900123-4", {}, False),
    ],
)
def test_external_ids_that_name_somebody_are_keyed(external_id: str, item: dict, kept: bool) -> None:
    stored = feedback({"text": "a b", "external_id": external_id} | item)["external_id"][0]
    assert (stored == external_id) is kept
    if not kept:
        assert stored.startswith("keyed:")


def test_a_transcript_keeps_its_lines() -> None:
    row = {"text": "hello\u2028there\n\nbye  now", "speakers": ["agent", None, "customer"], "channel": "call"}
    done = feedback(row)
    assert done["text"][0] == "hello there\n\nbye now"
    assert done["speakers"][0].to_list() == ["agent", None, "customer"]


def test_a_transcript_whose_lines_and_speakers_differ_is_not_used() -> None:
    done = normalise(items({"text": "hello\nbye", "speakers": ["agent"], "channel": "call"}), secret=SECRET)
    assert done.feedback.is_empty()
    assert done.quarantine["problem"][0].startswith("Has 2 lines but 1 speakers.")
    assert "hello" not in done.quarantine["problem"][0]
