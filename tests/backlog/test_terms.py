"""Titles say what customers mention: their words, not everybody's, and no names."""

import polars as pl
import pytest

from cxnlp.backlog.terms import distinctive_terms

COMPLAINTS = [
    ("The oversized box was full of plastic.", "a"),
    ("An oversized box, and plastic everywhere.", "a"),
    ("Plastic again, in another Oversized Box from Kettlewick.", "a"),
    ("A huge parcel from Kettlewick, terrible.", "a"),
    ("Terrible, terrible queue at the counter.", "b"),
    ("The clerk at the counter was terrible to me.", "b"),
    ("The terrible clerk laughed.", "b"),
]


def found(sayings: list[tuple[str, str]], phrase: str = "", person: str | None = None) -> dict[str, list[str]]:
    frame = pl.DataFrame({
        "person_key": [person or str(number) for number in range(len(sayings))],
        "quote": [text for text, _ in sayings],
        "is_negative": [True] * len(sayings),
        "item_ids": [[item] for _, item in sayings],
    }, schema_overrides={"item_ids": pl.List(pl.String)})  # fmt: skip
    return distinctive_terms(frame, dict.fromkeys(["a", "b"], phrase))


def test_an_items_own_words_are_found() -> None:
    assert set(found(COMPLAINTS * 3)["a"]) == {"oversized box", "plastic", "Kettlewick"}
    assert set(found(COMPLAINTS * 3)["b"]) == {"clerk", "counter"}


def test_a_theme_names_a_thing() -> None:
    happening = [
        ("The lamp had melted.", "a"),
        ("It melted!", "a"),
        ("Melted, the lamp.", "a"),
        ("A lamp, melted.", "a"),
    ]
    assert found(happening * 3 + [("Nothing of that kind.", "b")] * 20)["a"] == ["lamp"]


def test_words_that_all_use_say_nothing() -> None:
    assert "terrible" not in str(found(COMPLAINTS * 3))


def test_what_the_title_says_already_is_not_repeated() -> None:
    assert "plastic" not in found(COMPLAINTS * 3, phrase="Too much plastics")["a"]


def test_one_persons_words_are_no_theme() -> None:
    assert found(COMPLAINTS * 3, person="same") == {"a": [], "b": []}


@pytest.mark.parametrize(
    "text",
    [
        "[EMPLOYEE] [ORDER] [EMAIL] was here.",
        "We were there and it was so.",
        "4711 4711 0815",
        "<b></b>",
        "",
        "!!! ???",
    ],
)
def test_placeholders_numbers_and_small_words_are_no_theme(text: str) -> None:
    assert found([(text, "a")] * 6 + [("Something else entirely here", "b")] * 6)["a"] == []


def test_no_sayings_no_themes() -> None:
    assert found([]) == {"a": [], "b": []}
