"""Numbers and dates in plain words."""

import json
from datetime import date

import pytest

from cxnlp.report import words

NIGHT = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-0.42, "−42"), (0.421, "+42"), (0.0, "0"), (-0.004, "0"), (1.0, "+100"), (-1.0, "−100"), (None, "–")],
)
def test_points(value: float | None, expected: str) -> None:
    assert words.points(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.414, "41\u00a0%"), (0.0, "0\u00a0%"), (0.001, "under 1\u00a0%"), (1.0, "100\u00a0%"), (None, "–")],
)
def test_shares(value: float | None, expected: str) -> None:
    assert words.share(value) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 people"), (1, "1 person"), (41, "41 people"), (12345, "12,345 people")]
)
def test_people(number: int, expected: str) -> None:
    assert words.people(number) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2026, 10, 5), "5\u00a0October"), (date(2025, 10, 5), "5\u00a0October 2025"), (None, "–")],
)
def test_days(on: date | None, expected: str) -> None:
    assert words.day(on, NIGHT) == expected


@pytest.mark.parametrize(
    ("word", "turned_on", "expected"),
    [
        ("rising", date(2026, 10, 5), "rising since 5\u00a0October"),
        ("falling", date(2026, 10, 12), "falling since 12\u00a0October"),
        ("rising", None, "rising in the last four weeks"),
        ("steady", date(2026, 10, 5), "steady"),
        ("new", None, "new, first heard on 28\u00a0September"),
    ],
)
def test_how_an_item_moves(word: str, turned_on: date | None, expected: str) -> None:
    assert words.since(word, turned_on, date(2026, 9, 28), NIGHT) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Delivery disappoints: plastic, oversized box", ("Delivery disappoints", "plastic, oversized box")),
        ("Delivery disappoints", ("Delivery disappoints", "")),
        ("Trust is missing (no longer believed): fee", ("Trust is missing (no longer believed)", "fee")),
    ],
)
def test_titles_have_a_phrase_and_terms(title: str, expected: tuple[str, str]) -> None:
    assert words.title_parts(title) == expected


@pytest.mark.parametrize(
    ("things", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists(things: list[str], expected: str) -> None:
    assert words.listed(things) == expected


@pytest.mark.parametrize(("channel", "expected"), [("letter", "letters"), ("social", "posts"), ("fax", "fax")])
def test_channels(channel: str, expected: str) -> None:
    assert words.channels_named(channel) == expected


@pytest.mark.parametrize(("name", "expected"), [("new", "new"), ("in_progress", "in progress")])
def test_states(name: str, expected: str) -> None:
    assert words.state(name) == expected


def test_embedded_text_cannot_end_its_element() -> None:
    text = words.embedded({"a": "</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028"}
