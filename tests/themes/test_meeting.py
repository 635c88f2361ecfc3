"""Themes that come near become one, and one that falls apart becomes two; no night needs a database for that."""

from collections.abc import Iterable

import numpy as np

from cxnlp.insight.themes.directions import Middle, directions
from cxnlp.insight.themes.grouping import ALONE, grouped
from cxnlp.insight.themes.growing import Growing, Mentions, Theme, is_time
from cxnlp.tags.vectors import whole
from tests.themes.sayings import Saying, sayings, vector

BACKGROUND = sayings("", 60)


def mentions(*groups: list[Saying]) -> Mentions:
    """Sayings as the night has them, seen from the middle of a ground of many."""
    said = [saying for group in groups for saying in group]
    vectors = whole(np.stack([vector(saying) for saying in [*said, *BACKGROUND]]))
    texts = [saying.text for saying in [*said, *BACKGROUND]]
    pointing = directions(vectors, texts, Middle.of(vectors, texts, [None] * len(texts)))[: len(said)]
    return Mentions([f"{each.feedback_id}.1" for each in said], [each.person for each in said], pointing)


def theme(name: str, members: Mentions, *, is_pinned: bool = False, n_looked_at: int = 0) -> Theme:
    return Theme(name, len(members), len(members), members.sum(), is_pinned, n_looked_at)


def growing(*themes: Theme) -> Growing:
    return Growing("moment.delivery", {each.theme_id: each for each in themes})


def test_groups_are_numbered_by_size() -> None:
    found = mentions(sayings("rain", 10), sayings("horn", 15), sayings("", 5))
    groups = grouped(found.pointing, found.people, 8)
    assert groups.tolist() == [1] * 10 + [0] * 15 + [ALONE] * 5


def test_two_halves_of_one_meet_and_the_larger_stays() -> None:
    one, other = mentions(sayings("rain", 10)), mentions(sayings("rain", 8, first=10))
    ground = growing(theme("th-a", other), theme("th-b", one), theme("th-c", mentions(sayings("horn", 12))))
    ground.merge()
    assert {name: each.n_mentions for name, each in ground.themes.items()} == {"th-b": 18, "th-c": 12}
    assert [(event.event, event.theme_id, event.other_id) for event in ground.events] == [("merged", "th-a", "th-b")]


def test_a_pinned_theme_takes_and_is_not_taken() -> None:
    one, other = mentions(sayings("rain", 10)), mentions(sayings("rain", 8, first=10))
    ground = growing(theme("th-a", one), theme("th-b", other, is_pinned=True))
    ground.merge()
    assert list(ground.themes) == ["th-b"]
    both = growing(theme("th-a", one, is_pinned=True), theme("th-b", other, is_pinned=True))
    both.merge()
    assert list(both.themes) == ["th-a", "th-b"]


def test_one_that_has_fallen_apart_splits_and_the_larger_part_keeps_the_id() -> None:
    members = mentions(sayings("rain", 30), sayings("horn", 20))
    ground = growing(theme("th-a", members, n_looked_at=20))
    ground.split(lambda _: members, least_group=5)
    (born,) = set(ground.themes) - {"th-a"}
    assert ground.themes["th-a"].n_mentions == 30
    assert (ground.themes["th-a"].vector_sum == mentions_of(members, "rain").sum()).all()
    assert {name[:4] for name, (theme_id, _) in ground.joined.items() if theme_id == born} == {"horn"}
    assert [(event.event, event.theme_id, event.other_id) for event in ground.events] == [("split", born, "th-a")]


def test_one_that_has_hardly_grown_is_not_looked_at() -> None:
    members = mentions(sayings("rain", 30), sayings("horn", 20))
    ground = growing(theme("th-a", members, n_looked_at=40))
    ground.split(lambda _: members, least_group=5)
    assert list(ground.themes) == ["th-a"]


def test_the_order_of_mentions_does_not_matter() -> None:
    found = mentions(sayings("rain", 12), sayings("horn", 9), sayings("", 20))
    order = np.random.default_rng(3).permutation(len(found)).tolist()
    one, other = growing(), growing()
    one.give_birth(found, 5)
    other.give_birth(found.some(order), 5)
    assert one.joined == other.joined
    assert sorted(one.themes) == sorted(other.themes)


def test_when_it_is_time_to_look_for_new_themes() -> None:
    assert [is_time(29, 100), is_time(30, 100), is_time(99, 2_000), is_time(100, 2_000), is_time(150, 90_000)] == [
        False, True, False, True, True,
    ]  # fmt: skip


def mentions_of(members: Mentions, kind: str) -> Mentions:
    return members.some([row for row, name in enumerate(members.ids) if name.startswith(kind)])


def test_feelings_do_not_set_sayings_apart() -> None:
    drawn = np.random.default_rng(5).normal(size=(3, 384)) / 384**0.5
    subjects, feeling = drawn[:2], drawn[2]
    kinds = [(subject, felt) for subject in (0, 1) for felt in (-1, 1) for _ in range(12)]
    vectors = whole(np.stack([subjects[subject] + 3 * felt * feeling for subject, felt in kinds]).astype(np.float32))
    texts = ["So it was."] * len(kinds)
    felt = [str(felt) for _, felt in kinds]
    plain, blind = (Middle.of(vectors, texts, known) for known in (felt, [None] * len(kinds)))
    people = [str(number) for number in range(len(kinds))]
    of_subject, of_feeling = (grouped(directions(vectors, texts, middle), people, 6) for middle in (plain, blind))
    subject, feels = zip(*kinds, strict=True)
    assert (_pairs(of_subject, subject), _pairs(of_subject, feels)) == (2, 4)
    assert (_pairs(of_feeling, subject), _pairs(of_feeling, feels)) == (4, 2)


def _pairs(groups: Iterable[int], kinds: Iterable[int]) -> int:
    return len(set(zip(groups, kinds, strict=True)))
