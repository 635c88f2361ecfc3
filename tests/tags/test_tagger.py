"""The shipped model on sentences that a customer could write."""

import random
import time
from itertools import pairwise

import polars as pl
import pytest

from cxnlp.frames import TAGS
from cxnlp.tags import Tagger, artefacts
from cxnlp.taxonomy import load as load_taxonomy

from .conftest import frames

#: text, expected tags among the decisions "yes", sign of the sentiment
EXAMPLES = [
    ("My parcel still has not arrived after three weeks.", {"delivery"}, -1),
    ("The waiter was rude and rolled his eyes at us.", {"staff", "friendliness-"}, -1),
    ("I was charged twice for the same order.", {"payment"}, -1),
    ("The app crashes every time I open it.", {"digital"}, -1),
    ("I waited on hold for two hours before anyone picked up.", {"reaching_help"}, -1),
    ("The soup was cold and the meat was tough.", {"product"}, -1),
    ("They lied to me about the warranty.", {"trust-"}, -1),
    ("Nobody ever replied to any of my five emails.", {"listening-"}, -1),
    ("I want my money back.", {"refund"}, None),
    ("The nurse at the desk was so kind and friendly to my mother.", {"staff", "friendliness+"}, 1),
    ("The lamp is beautiful and works perfectly.", {"product"}, 1),
    ("I will never shop here again.", {"loyalty", "churn"}, -1),
    ("I would highly recommend this place to all my friends.", {"loyalty", "champion"}, 1),
    ("My lawyer will be in touch, and so will the newspapers.", {"crisis"}, None),
    ("It would be nice if you offered evening deliveries.", {"delivery", "suggestion"}, None),
    ("Our flight was delayed by six hours.", {"timeliness"}, -1),
    ("The room was filthy and the corridor was noisy all night.", {"place"}, -1),
    ("Great value for money.", {"price"}, 1),
]


def said(tags: pl.DataFrame, decision: str = "yes") -> set[str]:
    return {
        label + (polarity or "")
        for label, polarity in tags.filter(pl.col("decision") == decision, pl.col("family") != "sentiment")
        .select("label", "polarity")
        .iter_rows()
    }


@pytest.mark.parametrize(("text", "expected", "sign"), EXAMPLES)
def test_a_plain_sentence_gets_its_tags(tagger: Tagger, text: str, expected: set[str], sign: int | None) -> None:
    tags = tagger.tag(*frames(text))
    assert expected <= said(tags)
    if sign is not None:
        strength = int(tags.filter(pl.col("family") == "sentiment")["label"].item())
        assert (strength > 0) - (strength < 0) == sign


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("My parcel arrived on Tuesday.", {"crisis", "churn", "trust-"}),
        ("The battery lasts two days.", {"staff", "reaching_help", "churn"}),
        ("I never had a problem with this shop.", {"churn"}),
    ],
)
def test_a_near_miss_does_not(tagger: Tagger, text: str, absent: set[str]) -> None:
    assert not absent & said(tagger.tag(*frames(text)))


def test_the_document_is_read_as_a_whole(tagger: Tagger) -> None:
    alone = tagger.tag(*frames("It never came."))
    told = tagger.tag(*frames(["I ordered a parcel from you for delivery last week.", "It never came."]))
    share = {
        name: tags.filter(pl.col("mention_id") == mention, pl.col("label") == "delivery")["probability"].max() or 0
        for name, tags, mention in (("alone", alone, "f0.1"), ("told", told, "f0.2"))
    }
    assert share["told"] > max(0.3, share["alone"])  # type: ignore[call-overload]


def test_one_sentiment_a_mention_and_shares_in_range(tagger: Tagger) -> None:
    feedback, mentions = frames(*[text for text, *_ in EXAMPLES])
    tags = tagger.tag(feedback, mentions)
    assert dict(tags.schema) == TAGS
    feelings = tags.filter(pl.col("family") == "sentiment")
    assert feelings["mention_id"].to_list() == mentions["mention_id"].to_list()
    assert feelings["score"].is_between(-1, 1).all()
    assert tags["probability"].is_between(0, 1).all()
    assert set(tags["decision"]) <= {"yes", "unsure"}
    assert tags["model_version"].unique().to_list() == [tagger.version]
    assert tags.filter(pl.col("family") == "unmeasurable")["polarity"].is_in(["+", "-"]).all()
    assert tags.filter(pl.col("family") != "unmeasurable")["polarity"].is_null().all()


def test_every_label_is_in_the_taxonomy(tagger: Tagger) -> None:
    taxonomy = load_taxonomy()
    tags = tagger.tag(*frames(*[text for text, *_ in EXAMPLES]))
    for family, label in tags.filter(pl.col("family") != "sentiment").select("family", "label").unique().iter_rows():
        assert label in taxonomy.labels(family)


def test_evidence_lies_inside_its_mention_on_whole_words(tagger: Tagger) -> None:
    feedback, mentions = frames(*[[text, other] for (text, *_), (other, *_) in pairwise(EXAMPLES)])
    tags = tagger.tag(feedback, mentions).join(
        mentions.select("mention_id", "feedback_id", "start", "end"), "mention_id"
    )
    texts = dict(feedback.select("feedback_id", "text").iter_rows())
    for row in tags.iter_rows(named=True):
        first, last, text = row["evidence_start"], row["evidence_end"], texts[row["feedback_id"]]
        assert row["start"] <= first < last <= row["end"]
        assert first == 0 or not (text[first - 1].isalnum() and text[first].isalnum())
        assert last == len(text) or not (text[last - 1].isalnum() and text[last].isalnum())


def test_evidence_points_to_the_words_that_carry_the_tag(tagger: Tagger) -> None:
    text = "On Monday my sister and I went to the shop in town, where the cashier was rude to us."
    tags = tagger.tag(*frames(text)).filter(pl.col("label") == "friendliness", pl.col("voter") == "model")
    start, end = tags.select("evidence_start", "evidence_end").row(0)
    assert "rude" in text[start:end]
    assert end - start < len(text) / 2


def test_a_text_gets_the_same_whatever_stands_beside_it(tagger: Tagger) -> None:
    texts = [text for text, *_ in EXAMPLES] + [" ".join(text for text, *_ in EXAMPLES)]
    together = tagger.tag(*frames(*texts))
    order = list(range(len(texts)))
    random.Random(4).shuffle(order)
    feedback, mentions = frames(*texts)
    shuffled = tagger.tag(feedback[order], mentions[order])
    assert shuffled.sort("mention_id", maintain_order=True).equals(together.sort("mention_id", maintain_order=True))
    for number, text in enumerate(texts):
        alone = tagger.tag(*frames(text)).drop("mention_id")
        assert alone.equals(together.filter(pl.col("mention_id") == f"f{number}.1").drop("mention_id"))


def test_one_thread_says_what_two_say(tagger: Tagger) -> None:
    given = frames(*[text for text, *_ in EXAMPLES])
    assert Tagger.load(threads=1).tag(*given).equals(tagger.tag(*given))


def test_nothing_in_nothing_out(tagger: Tagger) -> None:
    tags = tagger.tag(*frames())
    assert tags.is_empty()
    assert dict(tags.schema) == TAGS


@pytest.mark.parametrize("text", ["😡😡😡", "...", "\u200b", "日本語", "x" * 5000, "a"])
def test_odd_text_gets_a_sentiment_and_no_error(tagger: Tagger, text: str) -> None:
    tags = tagger.tag(*frames(text))
    assert tags.filter(pl.col("family") == "sentiment").height == 1


def test_a_very_long_letter_is_read_to_its_end(tagger: Tagger) -> None:
    filler = ["We walked through the town and had a look at the river."] * 150
    feedback, mentions = frames([*filler, "Then the cashier was rude and rolled her eyes at us."])
    last = tagger.tag(feedback, mentions).filter(pl.col("mention_id") == "f0.151")
    assert {"staff", "friendliness-"} <= said(last)


def test_a_speaker_is_named_to_the_model_and_offsets_stay(tagger: Tagger) -> None:
    text = "The lamp is broken.\nI am so sorry to hear that."
    feedback, mentions = frames(text)
    mentions = pl.concat([mentions, mentions]).with_columns(
        mention_id=pl.Series(["f0.1", "f0.2"]), start=pl.Series([0, 20]), end=pl.Series([19, 47]),
        speaker=pl.Series(["customer", "agent"]),
    )  # fmt: skip
    tags = tagger.tag(feedback, mentions)
    first, second = (tags.filter(pl.col("mention_id") == name) for name in ("f0.1", "f0.2"))
    assert second["evidence_start"].min() >= 20  # type: ignore[operator]
    assert first["evidence_end"].max() <= 19  # type: ignore[operator]
    assert "understanding+" in said(second)


def test_a_mention_outside_its_text_is_refused(tagger: Tagger) -> None:
    feedback, mentions = frames("Short.")
    with pytest.raises(ValueError, match=r"f0\.1: no such place"):
        tagger.tag(feedback, mentions.with_columns(end=pl.lit(99, dtype=pl.Int64)))


def test_the_model_loads_fast_and_is_small() -> None:
    Tagger.load()
    began = time.process_time()
    Tagger.load()
    assert time.process_time() - began < 1.5
    assert sum(path.stat().st_size for path in artefacts.shipped().iterdir()) < 30_000_000
