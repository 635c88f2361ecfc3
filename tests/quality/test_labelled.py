"""A labelled file is read strictly: what is wrong is said by line, and never in a customer's words."""

import copy
from pathlib import Path
from typing import Any

import pytest

from cxnlp import taxonomy
from cxnlp.quality.labelled import LabelError, majority, read, vocabulary

from .labelled_letters import LATE, LETTERS, TWICE, annotation, document, mention, write

LABELS = vocabulary(taxonomy.load())


def test_the_vocabulary_has_signs_where_they_belong() -> None:
    assert "trust-" in LABELS["unmeasurable"]
    assert "trust" not in LABELS["unmeasurable"]
    assert "delivery" in LABELS["moment"]
    assert LABELS["sentiment"] == ("-2", "-1", "0", "1", "2")


def test_what_is_right_comes_back_with_all_it_has(tmp_path: Path) -> None:
    letters = [letter | {"enriched": True} for letter in LETTERS]
    assert read(write(tmp_path / "a.jsonl", letters), LABELS) == letters


#: where in the first letter, what is put there, what is said of it
WRONG: list[tuple[tuple[str | int, ...], Any, str]] = [
    (("id",), None, "line 1: `id`: found nothing; allowed: a string or a whole number."),
    (("text",), 7, "line 1: `text`: found int; allowed: a string."),
    (("text",), LATE + "\ud83d", "line 1: `text`: found half a character"),
    (("mentions",), "none", "line 1: `mentions`: found str; allowed: a list"),
    (("channel",), "fax", "line 1: `channel`: found something else; allowed: letter, call, social"),
    (("channel",), ["call"], "line 1: `channel`: found something else; allowed: letter, call, social"),
    (("source",), "\x1b]0;angry\x07", "line 1: `source`: found characters that cannot be printed"),
    (("source",), "shop\ud83d", "line 1: `source`: found characters that cannot be printed"),
    (("mentions", 1, "end"), 400, "line 1: `mentions[1]`: `start` and `end` are no place in the text"),
    (("mentions", 1, "start"), 70.5, "no place in the text; allowed: whole numbers with 0 ≤ start < end ≤ 72"),
    (("mentions", 0, "start"), 32, "no place in the text"),
    (("mentions", 0, "sentiment"), 3, "line 1: `mentions[0]`.sentiment: found 3; allowed: a whole number from -2 to 2"),
    (("mentions", 0, "sentiment"), True, "sentiment: found bool"),
    (("mentions", 0, "moments"), ["deliveries"], "`mentions[0]`.moments: found 'deliveries'; allowed: promise, "),
    (("mentions", 0, "moments"), "delivery", "`mentions[0]`.moments: found str; allowed: a list"),
    (("mentions", 0, "unmeasurables"), ["trust"], ".unmeasurables: found 'trust'; allowed: friendliness+"),
    (("mentions", 0, "signals"), ["I was so angry"], ".signals: found something else; allowed: "),
    (("mentions", 0, "speaker"), "boss", ".speaker: found something else; allowed: customer, agent, or null."),
    (("mentions", 0, "annotations"), [], ".annotations: found list; allowed: a list with one entry a person"),
    (("mentions", 0, "annotations"), [{"annotator": "ann"}], ".annotations[0].sentiment: found nothing"),
    (("mentions", 0, "annotations"), [annotation("\x1b[31mangry", 0)], ".annotations[0].annotator: found characters"),
    (("mentions", 0, "annotations"), [annotation("ann", 0), annotation("ann", 1)], "one annotator stands there twice"),
]


@pytest.mark.parametrize(("place", "value", "said"), WRONG)
def test_what_is_wrong_is_named(tmp_path: Path, place: tuple[str | int, ...], value: Any, said: str) -> None:
    letters = copy.deepcopy(LETTERS)
    at: Any = letters[0]
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    with pytest.raises(LabelError) as error:
        read(write(tmp_path / "a.jsonl", letters), LABELS)
    assert said in str(error.value)
    assert "angry" not in str(error.value)


@pytest.mark.parametrize("key", ["sentiment", "moments", "unmeasurables", "warnings", "signals", "start"])
def test_every_key_of_a_mention_is_needed(tmp_path: Path, key: str) -> None:
    letters = copy.deepcopy(LETTERS)
    del letters[2]["mentions"][1][key]
    with pytest.raises(LabelError, match=r"line 3: .mentions\[1\]"):
        read(write(tmp_path / "a.jsonl", letters), LABELS)


def test_ids_stand_once(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="line 3: its id 'd1' stands in line 1, too"):
        read(write(tmp_path / "a.jsonl", [LETTERS[0], LETTERS[1], LETTERS[0]]), LABELS)
    numbered = document(9, TWICE, *[{**mention(TWICE, "You charged me", -1), "id": "m1"}] * 2)
    with pytest.raises(LabelError, match="its mention id 'm1' stands in line 1, too"):
        read(write(tmp_path / "b.jsonl", [numbered]), LABELS)


def test_broken_lines_are_counted_and_ten_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": "my secret"\n\n' + b"\xff\xfe\n" * 12)
    with pytest.raises(LabelError, match="13 of its lines cannot be used") as error:
        read(path, LABELS)
    assert "line 1: not JSON" in str(error.value)
    assert "line 2:" not in str(error.value)  # blank
    assert "… and 3 more lines" in str(error.value)
    assert "secret" not in str(error.value)


def test_a_file_without_mentions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="found no labelled mention"):
        read(write(tmp_path / "a.jsonl", [document(1, "Nothing.")]), LABELS)


@pytest.mark.parametrize(
    ("votes", "strength", "moments"),
    [
        ([(-1, ["staff"]), (-1, ["staff"]), (1, [])], -1, ["staff"]),
        ([(-1, ["staff"]), (-1, []), (-2, [])], -1, []),
        ([(-2, ["staff"]), (-1, ["place"])], -1, ["staff", "place"]),  # a tie: yes; the milder
        ([(-1, []), (1, []), (0, [])], 0, []),  # all differ: nearest to the mean
        ([(-1, []), (1, [])], -1, []),  # as mild: the negative
        ([(2, ["price"])], 2, ["price"]),
    ],
)
def test_the_majority_is_the_reference(votes: list[tuple[int, list[str]]], strength: int, moments: list[str]) -> None:
    settled = majority([annotation(f"p{n}", feeling, *labels) for n, (feeling, labels) in enumerate(votes)])
    assert (settled["sentiment"], settled["moments"]) == (strength, moments)


def test_annotations_take_the_place_of_the_mentions_own_labels(tmp_path: Path) -> None:
    people = [annotation("ann", -1, "payment"), annotation("bo", -1, "payment", "trust-"), annotation("cy", -2)]
    letter = document(1, TWICE, {"start": 0, "end": 36, "annotations": people})
    (found,) = read(write(tmp_path / "a.jsonl", [letter]), LABELS)
    assert found["mentions"][0]["moments"] == ["payment"]
    assert found["mentions"][0]["unmeasurables"] == []
    assert found["mentions"][0]["sentiment"] == -1
