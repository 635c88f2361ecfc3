"""Examples are read strictly, masked as the night masks, and errors never say a customer's words."""

from pathlib import Path

import pytest

from cxnlp.settings import Privacy, Workspace
from cxnlp.teaching import examples
from cxnlp.teaching.examples import Example
from cxnlp.teaching.versions import TeachingError

FULL = Example("The lot was full.", 0, 17)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", "The lot was full.\n\n  The lot was full. \n", [FULL]),
        ("a.csv", "text\nThe lot was full.\n", [FULL]),
        ("a.csv", "\ufeffid;Text\n7;The lot was full.\n", [FULL]),
        (
            "a.csv",
            'text,start,end\n"Hi, the lot was full. Bye.",4,21\n',
            [Example("Hi, the lot was full. Bye.", 4, 21)],
        ),
        ("a.csv", 'text,start,end\n"The lot\nwas full.",,\n', [Example("The lot\nwas full.", 0, 17)]),
        ("a.jsonl", '{"text": "The lot was full.", "id": 3}\n', [FULL]),
        ("a.jsonl", '{"text": "The lot\u2028was full."}\n', [Example("The lot\u2028was full.", 0, 17)]),
        ("a.csv", "text\nThe lot\u2028was full.\n", [Example("The lot\u2028was full.", 0, 17)]),
        ("a.jsonl", '{"text": "Hi. Full lot.", "start": 4, "end": 13}\n', [Example("Hi. Full lot.", 4, 13)]),
    ],
)
def test_three_kinds_of_file(tmp_path: Path, name: str, text: str, expected: list[Example]) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert examples.read(tmp_path / name) == expected


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.doc", "Secret words.", r"a\.doc: found the ending '\.doc'; allowed: \.csv"),
        ("a.csv", "words\nSecret words.\n", r"a\.csv, line 1: found no column `text`"),
        ("a.csv", "text\nSecret words.\n \n", r"a\.csv, line 3: found no text"),
        ("a.csv", "text,start,end\nSecret words.,2,x\n", r"line 2: found a `end` that is no whole number"),
        (
            "a.csv",
            "text,start,end\nSecret words.,2,\n",
            r"line 2: found start 2 and end None; allowed: 0 ≤ start < end ≤ 13",
        ),
        ("a.csv", "text,start,end\nSecret words.,9,99\n", r"line 2: found start 9 and end 99"),
        ("a.csv", "text\nSecret words, and more.\n", r"a\.csv, line 2: found more cells than columns; allowed: 1"),
        ("a.csv", 'text\n"Secret words.\n', r"a\.csv, line \d: not valid CSV"),
        ("a.jsonl", '{"text": "Secret words."}\nSecret\n', r"a\.jsonl, line 2: no JSON object"),
        ("a.jsonl", '{"text": "Secret \\ud83d words."}\n', r"line 1: found half a character"),
        ("a.jsonl", '["Secret words."]\n', r"a\.jsonl, line 1: no JSON object"),
        ("a.jsonl", '{"text": "Secret words.", "start": true, "end": 3}', r"line 1: found a `start` that is no whole"),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(TeachingError, match=says) as refused:
        examples.read(tmp_path / name)
    assert "Secret" not in str(refused.value)


def test_not_utf8_and_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Caf\xe9".encode("latin-1"))
    with pytest.raises(TeachingError, match="not UTF-8"):
        examples.read(tmp_path / "a.txt")
    with pytest.raises(TeachingError, match="not found"):
        examples.read(tmp_path / "b.txt")


def test_personal_data_is_masked_and_the_mention_stays_around_its_words() -> None:
    text = "My name is Wilhelmina Crabtree. Write to me at w.crabtree@example.org about the lot. Bye."
    (found,) = examples.masked([Example(text, 32, 84)], Privacy())
    assert found.text[found.start : found.end] == "Write to me at [EMAIL] about the lot."
    assert "crabtree" not in found.text.lower()
    assert examples.masked([Example(text, 32, 84)], Privacy(mask=False)) == [Example(text, 32, 84)]


def test_kept_examples_come_back_and_are_private(workspace: Workspace) -> None:
    given = [FULL, Example("Café: full — again.", 6, 10, "customer"), Example("Full.\u2028No.", 0, 5)]
    examples.keep(workspace, "moment", "parking", given)
    assert examples.kept(workspace, "moment", "parking") == given
    (file,) = (workspace.state / "teaching").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    examples.forget(workspace, "moment", "parking")
    assert examples.kept(workspace, "moment", "parking") == []
