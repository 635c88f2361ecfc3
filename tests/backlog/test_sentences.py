"""An item's sentence is what its customers say, told in the third person, and of words that enough people use."""

import polars as pl
import pytest

from cxnlp.backlog.sentences import Sentence, sentences
from cxnlp.backlog.wording import as_told, clauses

NO_MEANINGS = pl.DataFrame(schema={"mention_id": pl.String(), "vector": pl.Array(pl.Int8(), 2)})

BOXES = [
    "The oversized box was full of plastic.",
    "An oversized box, and plastic all over the floor.",
    "Full of plastic again, this oversized box from Kettlewick.",
    "My oversized box arrived, packed to the brim.",
    "A box from Kettlewick was oversized.",
]
OTHERS = ["The queue at the till was endless.", "The till queue is slow.", "They closed the till early."] * 4


def told(own: list[str], *, least_group: int = 2, meanings: pl.DataFrame = NO_MEANINGS) -> Sentence | None:
    """The sentence of an item that ``own`` were said of, each by another person, beside other sayings."""
    sayings = pl.DataFrame({
        "mention_id": [f"{n}.1" for n in range(len(own) + len(OTHERS))],
        "person_key": [str(n) for n in range(len(own) + len(OTHERS))],
        "quote": own + OTHERS,
        "is_negative": [True] * (len(own) + len(OTHERS)),
        "item_ids": [["i"]] * len(own) + [[]] * len(OTHERS),
    }, schema_overrides={"item_ids": pl.List(pl.String())})  # fmt: skip
    return sentences(sayings, meanings, {"i": True}, least_group).get("i")


def test_what_most_say_becomes_the_sentence() -> None:
    assert told(BOXES) == ("Customers report that the oversized box was full of plastic.", ("0.1",))


def test_a_word_of_too_few_people_is_in_no_sentence() -> None:
    assert told(BOXES, least_group=4) is None


def test_a_name_of_two_common_words_is_one_persons() -> None:
    own = [*BOXES[1:], "The oversized Box Plastic was full of plastic."]
    assert told(own, least_group=3) is None


def test_one_persons_story_is_no_sentence() -> None:
    own = ["The lamp in the hall was broken.", "A fair price for once.", "Nobody rang me back."]
    assert told(own) is None


def test_praise_tells_of_no_complaint() -> None:
    sayings = pl.DataFrame({
        "mention_id": ["1.1", "2.1", "3.1"], "person_key": ["1", "2", "3"], "is_negative": [False] * 3,
        "quote": ["The oversized box was full of plastic."] * 3, "item_ids": [["i"]] * 3,
    })  # fmt: skip
    assert sentences(sayings, NO_MEANINGS, {"i": True}, 2) == {}


def test_what_is_not_typical_of_the_item_is_passed_over() -> None:
    vectors = [[0, 100], [100, 10], [100, 0], [100, 5], [100, -5]]
    meanings = pl.DataFrame(
        {"mention_id": [f"{n}.1" for n in range(5)], "vector": vectors},
        schema={"mention_id": pl.String(), "vector": pl.Array(pl.Int8(), 2)},
    )
    text, sources = told(BOXES, meanings=meanings)
    assert (text, sources) == ("Customers report that a box from Kettlewick was oversized.", ("4.1",))


@pytest.mark.parametrize(
    ("saying", "expected"),
    [
        ("The driver left the parcel in the rain.", ["The driver left the parcel in the rain"]),
        ("And so the driver left the parcel outside and", ["the driver left the parcel outside"]),
        ("Nothing came; nobody at the depot ever answers", ["nobody at the depot ever answers"]),
        ("It was left in the rain", []),
        ("On Monday the driver left it outside", []),
        ("The driver told my mother off", []),
        ("Thirty boxes came at once", []),
        ("The driver called me [PERSON] all day", []),
        ("Why was the parcel left outside?", []),
        ("Wants a written apology from the store", []),
        ("You never answer the phone at all", []),
        ("Never again", []),
        ("<b>the driver left the parcel</b> outside", []),
    ],
)
def test_clauses_stand_for_themselves_and_are_nobodys(saying: str, expected: list[str]) -> None:
    assert list(clauses(saying)) == expected


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("I was charged twice for my order", "they were charged twice for their order"),
        ("I'm left without a refund", "they are left without a refund"),
        ("we've waited for our sofa", "they've waited for their sofa"),
        ("nobody told me or rang us", "nobody told them or rang them"),
        ("I rang and was told to wait", "they rang and were told to wait"),
        ("the price is wrong in Iceland", "the price is wrong in Iceland"),
    ],
)
def test_a_clause_is_told_in_the_third_person(clause: str, expected: str) -> None:
    assert as_told(clause) == expected
