"""Names of files: what could name a person goes, what says what kind of file it is stays."""

import polars as pl
import pytest

from cxnlp.feedback import mask_files, mask_note
from cxnlp.feedback.masking.file_names import mask_file
from cxnlp.frames import QUARANTINE
from cxnlp.settings import Privacy


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-09-22/complaint_jane_whitlock_0061.pdf", "2026-09-22/complaint_[PERSON]_0061.pdf"),
        ("JaneWhitlock.pdf", "[PERSON].pdf"),
        ("LETTER JANE WHITLOCK.PDF", "LETTER [PERSON].PDF"),
        ("letter from Mark Brown.docx", "letter from [PERSON].docx"),
        ("Mrs J Whitlock 2026.pdf", "Mrs [PERSON] 2026.pdf"),
        ("Brief Özkurnaz Ayşe 3.pdf", "Brief [PERSON] 3.pdf"),
        ("山田.pdf", "[PERSON].pdf"),
        ("letter.jane", "letter.[PERSON]"),
        ("j.whitlock@example.org.eml", "[EMAIL].eml"),
        ("AC1234567_refund.pdf", "AC[NUMBER]_refund.pdf"),
        ("call 020 7946 0018.vtt", "call [NUMBER].vtt"),
        ("crm_notes_2026-10.csv", "crm_notes_2026-10.csv"),
        ("20261006_letter.txt", "20261006_letter.txt"),
        ("complaints_log.xlsx", "complaints_log.xlsx"),
        ("scan_04.pdf", "scan_04.pdf"),
        ("x_export.jsonl", "x_export.jsonl"),
    ],
)
def test_a_name_of_a_file(name: str, expected: str) -> None:
    assert mask_file(name) == expected
    assert mask_file(expected) == expected


def test_words_to_keep_stay() -> None:
    assert mask_file("glownest_Larkfield_whitlock.pdf", ["Glownest", "Larkfield Home"]) == (
        "glownest_Larkfield_[PERSON].pdf"
    )


@pytest.mark.parametrize(("privacy", "expected"), [(Privacy(), "[PERSON].pdf"), (Privacy(mask=False), "Whitlock.pdf")])
def test_quarantine_gets_the_names_that_may_be_published(privacy: Privacy, expected: str) -> None:
    rows = pl.DataFrame([{"file": "Whitlock.pdf", "problem": "Is empty."}, {"problem": "Is away."}], schema=QUARANTINE)
    assert mask_files(rows, privacy)["masked_file"].to_list() == [expected, None]


def test_a_note_is_masked_as_feedback_is() -> None:
    note = "Jane Whitlock sent it twice, write to jane.w@example.org"
    assert mask_note(note, Privacy()) == "[PERSON] sent it twice, write to [EMAIL]"
    assert mask_note(note, Privacy(mask=False)) == note
