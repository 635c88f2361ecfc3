import pytest

from cxnlp.feedback.duplicates import LEAST_WORDS, N_ENTRIES, SAME_SHARE, n_words, signature, similarity

LETTER = (
    "I ordered a side table on the third of September and paid for delivery on the Friday. It came on the Monday "
    "after, in a box that would have held a wardrobe, and one of the legs was split along its whole length. I "
    "rang and was told that Deliveries would ring me back. Nobody did. When I rang again I was told that it was a "
    "matter for Accounts. I have now spent two hours of my life on this table. Please send somebody to take it "
    "away and give me my money back."
)
POST = "third parcel from larkfield this week and third box you could live in, who is packing these"


def near(text: str, edits: dict[str, str]) -> str:
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new)
    return text


SAME = [
    (LETTER, LETTER.upper()),
    (LETTER, "Dear Sirs,\n" + LETTER + "\nYours faithfully"),
    (LETTER, near(LETTER, {"the third of September": "3 September", "I rang again": "I called again"})),
    (
        LETTER,
        near(
            LETTER, {"wardrobe": "warderobe", "Nobody did.": "Nobody did!!", "two hours": "2 hours", "split": "cracked"}
        ),
    ),
    (LETTER, near(LETTER, {"Please send somebody to take it away and give me my money back.": "Please refund me."})),
    (POST, "RT @boxwatch: " + POST),
    (POST, POST + " 📦📦 #larkfield"),
]
DIFFERENT = [
    (
        LETTER,
        "I ordered a side table in September and one of its legs was split. I rang three times. Deliveries say it is "
        "a matter for Accounts and Accounts say it is a matter for Deliveries. Please give me my money back.",
    ),
    (
        POST,
        "larkfield parcel came today in a box you could live in, all for one hinge, who packs these things honestly",
    ),
    (
        "Great service, very friendly staff, will come again soon",
        "Great service and friendly staff but I will not come again",
    ),
    (
        LETTER,
        "Thank you to the driver who carried my table up to the fourth floor on Friday and put it together with me.",
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_text_with_small_edits_is_near(one: str, other: str) -> None:
    assert min(n_words(one), n_words(other)) >= LEAST_WORDS
    assert similarity(*signature([one, other])) >= SAME_SHARE


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_texts_on_the_same_matter_are_not(one: str, other: str) -> None:
    assert similarity(*signature([one, other])) < SAME_SHARE / 2


def test_signatures_do_not_hang_on_the_batch() -> None:
    together = signature([LETTER, "", "thanks", "thanks a lot", POST])
    assert together == [signature([text])[0] for text in (LETTER, "", "thanks", "thanks a lot", POST)]
    assert [len(each) for each in together] == [N_ENTRIES, 0, N_ENTRIES, N_ENTRIES, N_ENTRIES]
    assert all(0 <= entry < 2**32 for each in together for entry in each)


def test_a_signature_is_the_same_on_every_machine() -> None:
    assert signature(["the van was late again"])[0][:3] == [773561503, 2405967304, 1279565767]
