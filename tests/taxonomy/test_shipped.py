"""The shipped words: complete, in the guideline's order, and each with sentences that show it."""

import pickle

import polars as pl
import pytest

from cxnlp.taxonomy import FAMILIES, TAXONOMY, load, stands_in, words

MOMENTS = [
    "promise",
    "information",
    "price",
    "advice",
    "ordering",
    "payment",
    "delivery",
    "reaching_help",
    "staff",
    "resolution",
    "refund",
    "updates",
    "product",
    "ease",
    "digital",
    "timeliness",
    "place",
    "account",
    "loyalty",
]
UNMEASURABLES = [
    "friendliness",
    "helpfulness",
    "understanding",
    "listening",
    "comfort",
    "trust",
    "defusing",
    "affinity",
]


def test_labels_are_those_of_the_guideline_in_its_order() -> None:
    taxonomy = load()
    assert taxonomy.labels("moment") == tuple(MOMENTS)
    assert taxonomy.labels("unmeasurable") == tuple(UNMEASURABLES)
    assert taxonomy.labels("warning") == ("knowledge", "policy", "pressure", "handoff", "resourcing")
    assert taxonomy.labels("signal") == ("suggestion", "churn", "champion", "crisis")
    assert list(taxonomy.stages) == ["awareness", "buy_in", "acquisition", "care", "use", "share"]


def test_moments_stand_in_the_order_of_the_journey() -> None:
    taxonomy = load()
    position = {stage: number for number, stage in enumerate(taxonomy.stages)}
    walked = [position[moment.stage] for moment in taxonomy.moments.values()]
    assert walked == sorted(walked)


def test_an_unknown_family_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"'moments'; allowed: moment, unmeasurable, warning, signal"):
        load().labels("moments")  # type: ignore[arg-type]


def test_the_shipped_taxonomy_is_read_once_and_travels_between_processes() -> None:
    taxonomy = load()
    assert load() is taxonomy
    assert pickle.loads(pickle.dumps(taxonomy)) == taxonomy


def test_frame_has_one_row_per_label() -> None:
    frame = load().frame()
    assert frame.schema == pl.Schema(TAXONOMY)
    assert frame.group_by("family", maintain_order=True).len().rows() == list(zip(FAMILIES, (19, 8, 5, 4), strict=True))
    delivery = frame.row(by_predicate=pl.col("id") == "delivery", named=True)
    assert (delivery["stage_name"], delivery["stage_position"]) == ("Acquisition", 3)
    assert delivery["worse"] == "Delivery disappoints"
    assert delivery["owner"] == "Logistics"
    trust = frame.row(by_predicate=pl.col("id") == "trust", named=True)
    assert trust["stage"] is None
    assert trust["definition"].startswith("Shown: Honest")
    assert "Missing: Lied" in trust["definition"]


def test_back_offices_own_moments_too() -> None:
    taxonomy = load()
    office = {department.name: department.office for department in taxonomy.departments}
    assert {office[moment.owner] for moment in taxonomy.moments.values()} == {"front", "back"}


def test_cues_are_given_by_label_and_polarity() -> None:
    cues = load().cues("unmeasurable")
    assert set(cues) == {(label, sign) for label in UNMEASURABLES for sign in "+-"}
    assert "hung up on me" in cues["defusing", "-"]
    signals = load().cues("signal")
    assert {"trading standards", "small claims court", "caught fire"} <= set(signals["crisis", None])
    assert "never shop here again" in signals["churn", None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'll take you to SMALL  CLAIMS court.", True),
        ("small-claims court it is", True),
        ("Small claim court", False),
        ("smaller claims courts", False),
        ("It is a small claims matter, so the court is busy", False),
    ],
)
def test_a_cue_stands_in_a_text_as_whole_words(text: str, expected: bool) -> None:
    assert stands_in("small claims court", text) is expected


def test_words_are_small_with_straight_apostrophes() -> None:
    assert words("Won’t  come-back, EVER! @café_1") == ("won't", "come", "back", "ever", "café", "1")
