"""An item's sentence is what its customers say, told in the third person, and of words that enough people use."""

from collections.abc import Sequence

import polars as pl
import pytest

from cxnlp.backlog.sentences import Reader, Sentence, sentences
from cxnlp.backlog.usage import Heard
from cxnlp.backlog.voices import Item
from cxnlp.tags.questions import Label, Question

BOXES = [
    "The box was full of plastic.",
    "A box, and plastic all over the floor.",
    "Full of plastic again, this box from Kettlewick.",
    "My box arrived, packed to the brim.",
    "The box is on the landing.",
]
OTHERS = ["The queue at the till was endless.", "The till queue is slow.", "They closed the till early."] * 4
ABOUT = ("box", "plastic", "packed")


def read(phrases: Sequence[str]) -> list[Question]:
    """A model that knows three words of deliveries, and takes whatever is on the landing for no complaint."""
    return [
        Question(
            "small",
            [9 if "box" in phrase else 0, 9 if "till" in phrase else 0],
            (Label("moment", "delivery", None, 0.9),) if any(word in phrase for word in ABOUT) else (),
            0.0 if "landing" in phrase else -0.5,
        )
        for phrase in phrases
    ]


def read_alike(phrases: Sequence[str]) -> list[Question]:
    """A model that hears a complaint about deliveries in every phrase, and knows no meanings."""
    return [Question("small", [0, 0], (Label("moment", "delivery", None, 0.9),), -0.5) for _ in phrases]


def told(
    own: list[str], *, least_group: int = 2, kind: str = "moment", label: str = "delivery", reader: Reader = read
) -> Sentence | None:
    """The sentence of an item that ``own`` were said of, each by another person, beside other sayings."""
    texts = own + OTHERS
    sayings = pl.DataFrame({
        "mention_id": [f"{n}.1" for n in range(len(texts))],
        "person_key": [str(n) for n in range(len(texts))],
        "quote": texts,
        "is_negative": [True] * len(texts),
        "item_ids": [["i"]] * len(own) + [[]] * len(OTHERS),
    }, schema_overrides={"item_ids": pl.List(pl.String())})  # fmt: skip
    vectors = [[9, 0] if any(word in text.lower() for word in ABOUT) else [0, 9] for text in texts]
    meanings = pl.DataFrame(
        {"mention_id": sayings["mention_id"], "vector": vectors, "encoder_version": ["small"] * len(texts)},
        schema_overrides={"vector": pl.Array(pl.Int8(), 2)},
    )
    item = Item(kind, label, "-" if kind == "moment" else None)
    return sentences(sayings, meanings, {"i": item}, least_group, reader).get("i")


def test_what_most_say_becomes_the_sentence() -> None:
    assert told(BOXES) == ("Customers report that the box was full of plastic.", ("0.1",))


def test_everyday_words_may_be_of_few_people() -> None:
    assert told(BOXES, least_group=6) == told(BOXES)


def test_a_word_of_too_few_people_that_is_no_everyday_one_is_in_no_sentence() -> None:
    sentence = told(["The glownestbox was full of plastic.", *BOXES[1:]], least_group=6)
    assert sentence is None or "glownest" not in sentence.text


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("the parcel was late", True),
        ("Parcel was late", True),
        ("mary was late", False),
        ("the leeds parcel was late", False),
        ("the glownest was late", False),
    ],
)
def test_which_words_of_a_few_may_be_told(phrase: str, *, expected: bool) -> None:
    assert Heard.of([("Ann", "Parcel was late", True)]).shares(phrase, least_group=5) is expected


def test_a_danger_is_quoted_and_never_told_anew() -> None:
    def read_danger(phrases: Sequence[str]) -> list[Question]:
        return [Question("small", [0, 9], (Label("signal", "crisis", None, 0.9),), -0.5) for _ in phrases]

    own = ["The driver shouted at me.", "I was shouted at by a guard,", "“Fire” he said.", "Hit me.", "Smoke."]
    assert told(own, kind="signal", label="crisis", reader=read_danger) == (
        "Customers say, for example, “The driver shouted at me”.", ("0.1",),
    )  # fmt: skip


def test_a_name_of_two_common_words_is_one_persons() -> None:
    sentence = told(["The Box Plastic was full of plastic.", *BOXES[1:]], least_group=3)
    assert sentence is None or "plastic" not in sentence.text.lower()


def test_what_does_not_feel_bad_is_no_complaint() -> None:
    assert told(["The box is on the landing."] * 5) is None


def test_what_the_model_does_not_see_in_a_phrase_is_one_persons_story() -> None:
    own = ["The lamp in the hall was broken.", "A fair price for once.", "Nobody rang me back."]
    assert told(own, least_group=1) is None


def test_what_nobody_else_says_is_no_sentence() -> None:
    assert told(["The box was full of plastic.", "It rained.", "Never again.", "A week late."], least_group=5) is None


DIFFERENT = [
    "Nobody rang me back.",
    "No reply.",
    "The driver shouted at me.",
    "I was charged twice.",
    "My parcel broke.",
    "It rained.",
]


def test_of_many_things_some_are_told_as_examples_each_of_another_person() -> None:
    sentence = told(DIFFERENT, reader=read_alike)
    assert sentence == (
        "Customers report, for example, no reply, and that nobody rang them back and that the driver shouted at them.",
        ("1.1", "0.1", "2.1"),
    )


def test_what_some_say_is_told_of_some() -> None:
    sentence = told(
        [*["The box was full of plastic."] * 2, "Full of plastic, that box.", *DIFFERENT], reader=read_alike
    )
    assert sentence is not None
    assert sentence.text == "Some customers report that the box was full of plastic."


SHORT = [*DIFFERENT[:1], "Hm.", "Never again.", "Oh well."]


def test_one_example_that_nobody_backs_is_one_persons_story() -> None:
    assert told(SHORT, least_group=5, reader=read_alike) is None


def test_what_cannot_be_told_is_quoted_where_enough_people_speak() -> None:
    assert told(SHORT, least_group=4, reader=read_alike) == (
        "Customers say, for example, “Nobody rang me back”.", ("0.1",),
    )  # fmt: skip


def test_praise_tells_of_no_complaint() -> None:
    sayings = pl.DataFrame({
        "mention_id": ["1.1", "2.1", "3.1"], "person_key": ["1", "2", "3"], "is_negative": [False] * 3,
        "quote": ["The box was full of plastic."] * 3, "item_ids": [["i"]] * 3,
    })  # fmt: skip
    unknown = pl.DataFrame(schema={"mention_id": pl.String(), "vector": pl.Array(pl.Int8(), 2),
                                   "encoder_version": pl.String()})  # fmt: skip
    assert sentences(sayings, unknown, {"i": Item("moment", "delivery", "-")}, 2, read) == {}


def test_wishes_are_asked_for() -> None:
    own = ["I want a smaller box.", "Please send a smaller box.", "We need a smaller box.", "Let me choose the box."]
    assert told(own, kind="signal", label="suggestion") == ("Customers ask for a smaller box.", ("0.1",))


@pytest.mark.parametrize("spoken", [BOXES, BOXES[::-1]])
def test_the_order_of_what_is_said_makes_no_difference(spoken: list[str]) -> None:
    sentence = told(spoken)
    assert sentence is not None
    assert sentence.text == "Customers report that the box was full of plastic."
