"""What becomes of texts: tables of text and mentions, with near misses."""

import polars as pl
import pytest

from cxnlp.frames import MENTIONS
from cxnlp.mentions import split


def cut(text: str, speakers: list[str | None] | None = None, channel: str = "letter") -> list[str]:
    """Split one text, check what must hold of every split, and return the mentions' texts."""
    frame = pl.DataFrame(
        {"feedback_id": ["f"], "channel": [channel], "text": [text], "is_readable": [True], "speakers": [speakers]},
        schema_overrides={"speakers": pl.List(pl.String)},
    )
    found = split(frame)
    last = 0
    for row in found.iter_rows(named=True):
        assert row["text"] == text[row["start"] : row["end"]] == row["text"].strip() != ""
        assert row["start"] >= last
        assert len(row["text"]) <= 1_000
        last = row["end"]
    assert found["mention_id"].to_list() == [f"f.{number}" for number in range(1, found.height + 1)]
    return found["text"].to_list()


def holds_all(text: str, mentions: list[str]) -> bool:
    return "".join("".join(mentions).split()) == "".join(text.split())


SENTENCES = {
    "two sentences": ("The soup was cold. Nobody cared.", ["The soup was cold.", "Nobody cared."]),
    "abbreviations and money": (
        "Mr. Okafor paid £4.99 at approx. 3 p.m. and left.",
        ["Mr. Okafor paid £4.99 at approx. 3 p.m. and left."],
    ),
    "an abbreviation may end a sentence": (
        "I tried phone, e-mail, chat etc. Nobody answered my questions.",
        ["I tried phone, e-mail, chat etc.", "Nobody answered my questions."],
    ),
    "shouting": ("WORST SHOP EVER!!! NEVER AGAIN!!", ["WORST SHOP EVER!!!", "NEVER AGAIN!!"]),
    "an emoji goes with what it follows": (
        "They fixed my bike for free! 😍 What a lovely shop.",
        ["They fixed my bike for free! 😍", "What a lovely shop."],
    ),
    "a handle goes with what it leads to": (
        "@tidewell Your parcel never came. 2/2", ["@tidewell Your parcel never came. 2/2"],
    ),
    "an address on the web is not cut": (
        "See https://tidewell.example/a.B?c=1.Yes for proof.", ["See https://tidewell.example/a.B?c=1.Yes for proof."],
    ),
    "placeholders are not cut": (
        "My order [ORDER] went to [ADDRESS]. Please ask [PERSON] at [PHONE].",
        ["My order [ORDER] went to [ADDRESS].", "Please ask [PERSON] at [PHONE]."],
    ),
    "a face is no bracket": (
        "The till was closed again :( I went home hungry and sad.",
        ["The till was closed again :(", "I went home hungry and sad."],
    ),
    "nothing to say": ("", []),
    "only space": (" \n\t ", []),
    "only an emoji": ("👍", ["👍"]),
}  # fmt: skip

CLAUSES = {
    "contrast": (
        "The room was really lovely, but sadly not very clean at all.",
        ["The room was really lovely,", "but sadly not very clean at all."],
    ),
    "contrast with a subject of its own": (
        "The room was really lovely, but the waiter was very rude to us.",
        ["The room was really lovely, but", "the waiter was very rude to us."],
    ),
    "however": (
        "I asked for a quiet table however they put us next to the kitchen.",
        ["I asked for a quiet table", "however they put us next to the kitchen."],
    ),
    "even though": (
        "They refused to take the boots back even though I had the receipt with me.",
        ["They refused to take the boots back", "even though I had the receipt with me."],
    ),
    "coordinated with a subject of its own": (
        "The driver rang the bell and he carried the table up the stairs.",
        ["The driver rang the bell and", "he carried the table up the stairs."],
    ),
    "coordinated without a subject stays whole": (
        "The driver rang the bell and carried the table up the stairs.",
        ["The driver rang the bell and carried the table up the stairs."],
    ),
    "a list of things stays whole": (
        "We bought two chairs and a table and some very nice lamps.",
        ["We bought two chairs and a table and some very nice lamps."],
    ),
    "nothing but": (
        "The man at the counter did nothing but complain about his other customers.",
        ["The man at the counter did nothing but complain about his other customers."],
    ),
    "everyone except": (
        "On that evening everyone except the tired young waiter was in a good mood.",
        ["On that evening everyone except the tired young waiter was in a good mood."],
    ),
    "a while": (
        "We had to stand there for a while with two small children.",
        ["We had to stand there for a while with two small children."],
    ),
    "not yet": (
        "The new sofa that we ordered has not yet arrived at our house.",
        ["The new sofa that we ordered has not yet arrived at our house."],
    ),
    "yet another": (
        "Last week they sent us yet another letter about the same old bill.",
        ["Last week they sent us yet another letter about the same old bill."],
    ),
    "however as an aside": (
        "The new shop in town, however, is really a pleasant place to visit.",
        ["The new shop in town, however, is really a pleasant place to visit."],
    ),
    "a short clause stays": ("It was cheap but it works.", ["It was cheap but it works."]),
    "short before": ("Sorry but I will not pay for that.", ["Sorry but I will not pay for that."]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(("text", "expected"), CLAUSES.values(), ids=CLAUSES)
def test_clauses(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


LETTER = """Dear Sir or Madam,
I ordered a lamp ([ORDER]) from your shop in Harbour Lane on the second day of
March and I am still waiting. It was meant as a present for my sister, who has
her birthday today.

What went wrong:
- nobody answers the phone
- the app shows an empty page
1. Refund me.
2) Say sorry.

Yours faithfully,
[PERSON]"""


def test_a_letter_keeps_wrapped_sentences_whole_and_its_lines_apart() -> None:
    mentions = cut(LETTER)
    assert mentions == [
        "Dear Sir or Madam,",
        "I ordered a lamp ([ORDER]) from your shop in Harbour Lane on the second day of\nMarch and",
        "I am still waiting.",
        "It was meant as a present for my sister, who has\nher birthday today.",
        "What went wrong:",
        "- nobody answers the phone",
        "- the app shows an empty page",
        "1. Refund me.",
        "2) Say sorry.",
        "Yours faithfully,\n[PERSON]",
    ]
    assert holds_all(LETTER, mentions)


def test_short_lines_of_a_post_are_apart_unless_the_next_one_starts_small() -> None:
    assert cut("Great food\nBad service") == ["Great food", "Bad service"]
    assert cut("i ordered a kettle\nand it never came") == ["i ordered a kettle\nand it never came"]


def test_a_transcript_keeps_to_its_lines_and_speakers() -> None:
    text = "Hello, how can I help\nmy parcel never came and the driver shouted at me\n\n👍\nSorry to hear that."
    speakers = ["agent", "customer", None, "customer", "agent"]
    found = split(
        pl.DataFrame(
            {"feedback_id": ["c"], "channel": ["call"], "text": [text], "is_readable": [True], "speakers": [speakers]}
        )
    )
    assert found.select("text", "speaker").rows() == [
        ("Hello, how can I help", "agent"),
        ("my parcel never came and", "customer"),
        ("the driver shouted at me", "customer"),
        ("👍", "customer"),
        ("Sorry to hear that.", "agent"),
    ]


def test_a_transcript_with_too_few_speakers_leaves_the_rest_unnamed() -> None:
    frame = pl.DataFrame(
        {"feedback_id": ["c"], "text": ["Good morning.\nGood evening."], "is_readable": [True], "speakers": [["agent"]]}
    )
    assert split(frame)["speaker"].to_list() == ["agent", None]


def test_a_plain_text_call_names_its_speakers_itself() -> None:
    text = "Customer: my bag is lost!\nAgent: Sorry. Which flight was it?"
    frame = pl.DataFrame({"feedback_id": ["c"], "channel": ["call"], "text": [text], "is_readable": [True]})
    assert split(frame).select("text", "speaker").rows() == [
        ("my bag is lost!", "customer"),
        ("Sorry.", "agent"),
        ("Which flight was it?", "agent"),
    ]
    noted = frame.with_columns(text=pl.lit("Customer: my bag is lost!\nWill ring again."))
    assert split(noted)["speaker"].to_list() == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "I waited and waited and nobody came " * 200,
        "a" * 12_000,
        "!" * 12_000,
        "😀" * 5_000,
        "http://" * 1_500,
        "( " * 800,
        "word, " * 1_000,
        "é\u0301\u200b\u202e\ufeff " * 1_500,
        "\x00 \x07 text \x1b[31m red \x7f",
        "<script>alert(1)</script> & so on. " * 50,
        "[[[[ORDER]]]] [PERSON][PERSON].[ORDER]arrived",
        "家具很好。服务很差。" * 300,
        ". . . ? ! ... !? ),(",
        "\n".join(["line"] * 500),
        "\t- \n\n * \n 1. \n",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_texts_are_cut_short_and_nothing_is_lost(text: str) -> None:
    assert holds_all(text, cut(text))
    assert holds_all(text, cut(text, speakers=["customer"], channel="call"))


def test_a_text_is_cut_the_same_alone_and_among_others() -> None:
    texts = [pair[0] for pair in [*SENTENCES.values(), *CLAUSES.values()]] + [LETTER]
    frame = pl.DataFrame({"feedback_id": [str(i) for i in range(len(texts))], "text": texts, "is_readable": True})
    together = split(frame)
    alone = pl.concat([split(frame[i]) for i in range(frame.height)])
    backwards = split(frame.reverse())
    assert together.equals(alone)
    assert together.sort("mention_id").equals(backwards.sort("mention_id"))


def test_unreadable_and_empty_feedback_gives_no_mentions_and_run_ids_travel() -> None:
    frame = pl.DataFrame(
        {
            "feedback_id": ["a", "b", "c"],
            "text": ["Alles gut.", None, "All good here."],
            "is_readable": [False, True, True],
            "run_id": ["2026-11-02-1"] * 3,
        }
    )
    found = split(frame)
    assert found.schema == pl.Schema(MENTIONS)
    assert found.select("mention_id", "run_id").rows() == [("c.1", "2026-11-02-1")]
    assert split(frame.clear()).schema == pl.Schema(MENTIONS)


def test_a_frame_without_text_is_refused() -> None:
    with pytest.raises(ValueError, match="found no column text, is_readable"):
        split(pl.DataFrame({"feedback_id": ["a"]}))
