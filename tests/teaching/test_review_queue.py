"""What is asked: uncertain and costly mentions from many labels and letters, and a random slice."""

from itertools import groupby
from pathlib import Path

import polars as pl
import pytest

from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.teaching.answers import reviews
from cxnlp.teaching.items import Item
from cxnlp.teaching.queue import Plan, draw, interleave, pick, second_opinions, whole
from tests.teaching.reviewed import ANN, BEN, NINE, answer
from tests.teaching.workspaces import published
from tests.warehouse.night import piece, said

ALL = Plan(n=1_000, random_share=1)


def names(items: tuple[Item, ...]) -> list[str]:
    return [item.mention_id for item in items]


def answered(workspace: Workspace, *items: Item, reviewer: str = ANN) -> None:
    journal.add_answers(workspace, [answer(item, reviewer=reviewer, reviewed_at=NINE) for item in items])


def test_uncertain_and_costly_first(workspace: Workspace) -> None:
    queue = draw(workspace, Plan(n=4, random_share=0))
    assert names(queue.items)[:2] == ["c1.1", "c2.1"]
    assert {item.slice for item in queue.items} == {"uncertain"}
    assert {item.sampling_probability for item in queue.items} == {None}


def test_an_item_has_all_that_a_judgement_needs(workspace: Workspace) -> None:
    item = next(item for item in draw(workspace, ALL).items if item.mention_id == "d3.1")
    assert item.document[item.start : item.end] == item.text
    assert item.after.strip() == "Case 3."
    assert item.suggested == ("unmeasurable:trust-",)
    assert item.said["moment:delivery"].decision == "unsure"
    assert item.feeling == "-1"
    assert {"moment:delivery", "unmeasurable:trust+", "unmeasurable:trust-", "signal:crisis"} <= set(item.labels)
    assert (item.channel, item.occurred_on) == ("letter", "2026-10-26")
    assert (item.model_version, item.run_id) == ("m1", "2026-11-02-1")


def test_agents_are_never_asked_about(workspace: Workspace) -> None:
    everyone = names(draw(workspace, ALL).items)
    assert len(everyone) == 12 * 2 + 2 + 1 + 2
    assert "g1.1" in everyone
    assert "g1.2" not in everyone


def test_duplicates_are_never_asked_about(tmp_path: Path) -> None:
    words = said("They lied to me about the price of the bench and of the table.", -1, "?moment:price")
    workspace = published(tmp_path / "w", piece("f1", words), piece("f2", words))
    assert names(draw(workspace, ALL).items) == ["f1.1"]


@pytest.mark.parametrize("share", [0.0, 0.33, 0.5, 1.0])
def test_the_share_of_the_random_slice(workspace: Workspace, share: float) -> None:
    queue = draw(workspace, Plan(n=12, random_share=share))
    assert len(queue.items) == len({item.key for item in queue.items}) == 12
    n_random = sum(item.slice == "random" for item in queue.items)
    assert round(12 * share) <= n_random <= round(12 * share) + 1  # the last text is asked about whole


def test_the_same_night_asks_the_same(workspace: Workspace) -> None:
    assert draw(workspace, Plan(n=10)) == draw(workspace, Plan(n=10))


def test_who_quits_finds_the_rest_and_then_the_next_batch(workspace: Workspace) -> None:
    plan = Plan(n=10, random_share=0.3)
    first = draw(workspace, plan)
    answered(workspace, *first.items[:4])
    rest = draw(workspace, plan)
    assert rest.items == first.items[4:]
    assert rest.n_answered == 4
    answered(workspace, *rest.items, reviewer=BEN)
    following = draw(workspace, plan)
    assert len(following.items) == 10
    assert not set(names(following.items)) & set(names(first.items))


def test_in_the_end_nothing_is_left_and_nothing_was_asked_twice(workspace: Workspace) -> None:
    order = [item.feedback_id for item in sorted(draw(workspace, ALL).items, key=lambda item: item.draw)]
    seen: list[str] = []
    while items := draw(workspace, Plan(n=7)).items:
        seen += names(items)
        answered(workspace, *items)
    assert len(seen) == len(set(seen)) == 29
    # whatever the reason for asking was, the slice is the beginning of the random order, and each weighs the same
    rows = reviews(workspace).filter(pl.col("slice") == "random")
    n_random = rows["mention_id"].n_unique()
    assert set(rows["feedback_id"]) == set(order[:n_random])
    assert n_random > 20
    assert rows["sampling_probability"].unique().to_list() == [pytest.approx(rows["feedback_id"].n_unique() / 16)]


def test_a_second_opinion_is_about_what_others_answered(workspace: Workspace) -> None:
    first = draw(workspace, Plan(n=5)).items
    answered(workspace, *first)
    answered(workspace, first[0], reviewer=BEN)
    assert set(names(second_opinions(workspace, BEN, 10).items)) == set(names(first[1:]))
    assert second_opinions(workspace, ANN, 10).items == ()
    asked = second_opinions(workspace, BEN, 2).items
    assert len(asked) == 2
    answered(workspace, *asked, reviewer=BEN)
    assert not set(names(second_opinions(workspace, BEN, 10).items)) & set(names(asked))


def test_a_second_opinion_is_asked_about_todays_labels(workspace: Workspace) -> None:
    (item, *_) = draw(workspace, Plan(n=1)).items
    answered(workspace, item.model_copy(update={"labels": item.labels[:3]}))
    (asked,) = second_opinions(workspace, BEN, 1).items
    assert asked.labels == item.labels


def test_what_was_taken_back_is_asked_again(workspace: Workspace) -> None:
    (item, *_) = draw(workspace, Plan(n=3)).items
    answered(workspace, item)
    assert item not in draw(workspace, Plan(n=3)).items
    journal.add_answers(workspace, [answer(item, kind="withdrawn")])
    assert item in draw(workspace, Plan(n=3)).items


def test_the_random_slice_is_the_beginning_of_one_fixed_order_of_whole_texts(workspace: Workspace) -> None:
    order = [item for item in draw(workspace, ALL).items if item.slice == "random"]
    assert [item.draw for item in order] == sorted(item.draw for item in order)
    few = [item for item in draw(workspace, Plan(n=10, random_share=0.5)).items if item.slice == "random"]
    assert names(tuple(few)) == names(tuple(order))[: len(few)]
    assert order[len(few)].feedback_id != few[-1].feedback_id
    texts = list(dict.fromkeys(item.feedback_id for item in few))
    assert [item.sampling_probability for item in few] == [
        pytest.approx((texts.index(item.feedback_id) + 1) / 16) for item in few
    ]


def test_the_mentions_of_a_random_text_stand_together(workspace: Workspace) -> None:
    items = draw(workspace, Plan(n=12, random_share=0.5)).items
    texts = [item.feedback_id for item in items if item.slice == "random"]
    assert [text for text, _ in groupby(texts)] == list(dict.fromkeys(texts))
    places = [at for at, item in enumerate(items) if item.feedback_id == texts[0] and item.slice == "random"]
    assert places == list(range(places[0], places[0] + len(places)))


@pytest.mark.parametrize(
    ("n", "expected"), [(0, ""), (1, "ab"), (2, "ab"), (3, "abc"), (4, "abcdef"), (6, "abcdef"), (9, "abcdef")]
)
def test_the_last_text_is_taken_whole(n: int, expected: str) -> None:
    texts = [("a", "f1"), ("b", "f1"), ("c", "f2"), ("d", "f3"), ("e", "f3"), ("f", "f3")]
    assert "".join(whole(texts, n)) == expected


def test_a_corrected_letter_is_not_asked_again_for_the_same_words(tmp_path: Path) -> None:
    late = said("The van came after dark on the day after that.", -1, "?moment:delivery")
    letter = piece("f1", late, said("Regards."))
    workspace = published(tmp_path / "w", letter)
    answered(workspace, *draw(workspace, ALL).items)
    published(tmp_path / "w", letter.but(said("Dear sirs."), late, said("Regards.")), number=2)
    assert names(draw(workspace, ALL).items) == ["f1.1"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param([("a", "f1", "w1", "x", 1.0), ("b", "f2", "w2", "x", 0.9), ("c", "f3", "w3", "y", 0.6)],
                     ["a", "c"], id="the same label counts less the second time"),
        pytest.param([("a", "f1", "w1", "x", 1.0), ("b", "f1", "w2", "y", 0.9), ("c", "f3", "w3", "z", 0.4)],
                     ["a", "c"], id="so does the same letter"),
        pytest.param([("a", "f1", "w1", "x", 1.0), ("b", "f2", "w1", "y", 0.9), ("c", "f3", "w3", "z", 0.4)],
                     ["a", "c"], id="and the same wording"),
        pytest.param([("a", "f1", "w1", "x", 0.5), ("b", "f2", "w2", "y", 0.4), ("b", "f2", "w2", "z", 0.6)],
                     ["b", "a"], id="two tags are worth more than one"),
        pytest.param([], [], id="nothing uncertain"),
    ],
)  # fmt: skip
def test_picking_is_diverse(tags: list[tuple[str, str, str, str, float]], expected: list[str]) -> None:
    assert pick(tags, 2) == expected


def test_lists_are_mixed_evenly() -> None:
    mixed = interleave([["a", "b"], ["c"]], [[digit] for digit in "123456"])
    assert [name for name in mixed if name.isdigit()] == list("123456")
    assert mixed.index("b") == mixed.index("a") + 1 < mixed.index("4") < mixed.index("c")
    assert interleave([], []) == []
