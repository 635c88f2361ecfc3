"""Which quotes represent an item."""

import polars as pl
import pytest

from cxnlp.backlog.quotes import best_quotes, shorten

FAIR = "The driver left the parcel in the rain and drove away"


def chosen(rows: list[tuple[str, str, bool, float]], terms: list[str] | None = None) -> list[str]:
    frame = pl.DataFrame(
        [{"item_id": "i", "feedback_id": f, "mention_id": f"{f}.{n}", "quote": q, "is_readable": r, "score": s}
         for n, (f, q, r, s) in enumerate(rows)]
    )  # fmt: skip
    return [quote for _, quote in best_quotes(frame, {"i": terms or []})["i"]]


def test_the_best_three_in_order() -> None:
    rows = [("a", "alpha beta gamma delta", True, 0.2), ("b", "one two three four", True, 0.9),
            ("c", "red green blue black", True, 0.5), ("d", "north south east west", True, 0.7)]  # fmt: skip
    assert chosen(rows) == ["one two three four", "north south east west", "red green blue black"]


def test_a_readable_quote_beats_a_stronger_fragment() -> None:
    assert chosen([("a", "No!", False, 1.0), ("b", FAIR, True, 0.1)]) == [FAIR, "No!"]


def test_a_quote_with_the_titles_words_comes_before_one_without() -> None:
    rows = [("a", "Nobody at all came to the door", True, 0.6), ("b", "A box of plastic as big as a door", True, 0.5)]
    assert chosen(rows, ["plastic"])[0] == "A box of plastic as big as a door"


@pytest.mark.parametrize(
    "other",
    [("a", "Quite another sentence of that letter", True, 0.5), ("b", FAIR + ".", True, 0.5),
     ("b", FAIR.upper(), True, 0.5), ("b", "Then the " + FAIR[4:], True, 0.5)],
)  # fmt: skip
def test_the_same_letter_or_the_same_words_are_quoted_once(other: tuple[str, str, bool, float]) -> None:
    assert chosen([("a", FAIR, True, 0.9), other]) == [FAIR]


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("short enough", 20, "short enough"),
        ("two\nlines\t and  spaces", 40, "two lines and spaces"),
        ("cut at a word, not in it", 16, "cut at a word…"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
    ],
)
def test_long_quotes_are_cut_and_say_so(text: str, longest: int, expected: str) -> None:
    assert shorten(text, longest) == expected
    assert len(shorten(text, longest)) <= longest
