"""Which quotes represent an item."""

import polars as pl
import pytest

from cxnlp.backlog.quotes import best_quotes, shorten

FAIR = "The driver left the parcel in the rain and drove away"


def chosen(rows: list[tuple[str, str, bool, float]], terms: list[str] | None = None) -> list[str]:
    frame = pl.DataFrame(
        [{"item_id": "i", "feedback_id": f, "mention_id": f"{f}.{n}", "person_key": f, "channel": "letter",
          "location": None, "quote": q, "is_readable": r, "is_doubtful": False, "score": s}
         for n, (f, q, r, s) in enumerate(rows)]
    )  # fmt: skip
    return [quote for _, quote in best_quotes(frame, {"i": terms or []})["i"]]


WORDS = ["alpha beta gamma", "one two three", "red green blue", "north south east", "bread tea salt", "owl fox hen"]


def test_the_best_five_in_order() -> None:
    rows = [(name, words, True, score) for name, words, score in
            zip("abcdef", WORDS, [0.2, 0.9, 0.5, 0.7, 0.3, 0.4], strict=True)]  # fmt: skip
    assert chosen(rows) == [WORDS[1], WORDS[3], WORDS[2], WORDS[5], WORDS[4]]


def candidates(*rows: tuple[str, str, str | None, float]) -> pl.DataFrame:
    """Of person, channel, place and score; what is said differs."""
    return pl.DataFrame([
        {"item_id": "i", "feedback_id": str(n), "mention_id": f"{n}.1", "person_key": person, "channel": channel,
         "location": location, "quote": WORDS[n], "is_readable": True, "is_doubtful": False, "score": score}
        for n, (person, channel, location, score) in enumerate(rows)
    ])  # fmt: skip


def test_a_quote_of_another_channel_or_place_is_preferred() -> None:
    rows = candidates(("a", "call", "Saltwell", 0.9), ("b", "call", "Saltwell", 0.6), ("c", "letter", "Saltwell", 0.55),
                      ("d", "letter", "Ashcombe", 0.54))  # fmt: skip
    assert [quote for _, quote in best_quotes(rows, {})["i"]] == [WORDS[0], WORDS[3], WORDS[1], WORDS[2]]


def test_a_quote_leads_one_item_only_where_there_are_others() -> None:
    rows = candidates(("a", "call", None, 0.9), ("b", "call", None, 0.6))
    beside = [rows, rows.with_columns(item_id=pl.lit("j")), rows[:1].with_columns(item_id=pl.lit("k"))]
    found = best_quotes(pl.concat(beside), {})
    assert {item: [id_ for id_, _ in quotes] for item, quotes in found.items()} == {
        "i": ["0.1", "1.1"], "j": ["1.1", "0.1"], "k": ["0.1"],
    }  # fmt: skip


def test_nobody_is_quoted_twice() -> None:
    rows = candidates(("a", "call", None, 0.9), ("a", "letter", None, 0.8), ("b", "call", None, 0.1))
    assert [quote for _, quote in best_quotes(rows, {})["i"]] == [WORDS[0], WORDS[2]]


@pytest.mark.parametrize(
    ("doubtful", "expected"),
    [
        ("ab", ["2.1", "3.1", "4.1"]),  # the best two may be no complaints, and three are enough
        ("abc", ["3.1", "4.1", "0.1"]),
        ("abcde", ["0.1", "1.1", "2.1"]),
    ],
)
def test_what_may_be_no_complaint_stands_behind_and_only_where_it_must(doubtful: str, expected: list[str]) -> None:
    rows = candidates(*((person, "call", None, 0.9 - n / 10) for n, person in enumerate("abcde")))
    rows = rows.with_columns(is_doubtful=pl.col("person_key").is_in(list(doubtful)))
    assert [id_ for id_, _ in best_quotes(rows, {})["i"]] == expected
    told = best_quotes(rows, {}, {"i": ["0.1"]})["i"]
    assert "0.1" in [id_ for id_, _ in told]  # what the sentence is made of stays


def test_what_the_sentence_is_made_of_is_quoted_though_it_is_weak() -> None:
    rows = candidates(
        *((person, "call", None, score) for person, score in zip("abcdef", [9, 8, 7, 6, 5, 1], strict=True))
    )
    assert [id_ for id_, _ in best_quotes(rows, {}, {"i": ["5.1"]})["i"]] == ["0.1", "1.1", "2.1", "3.1", "5.1"]


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
