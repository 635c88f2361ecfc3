"""The shape of `cxnlp tag`, which others build on."""

import json
import re

import pytest

from cxnlp.tags import Tagger, tag_documents

LETTER = "The parcel came two weeks late. The driver was friendly, though."


def test_the_shape(tagger: Tagger) -> None:
    (result,) = tag_documents([{"id": "a1", "text": LETTER, "channel": "letter", "occurred_at": "2026-10-01"}], tagger)
    assert list(result) == ["id", "language", "mentions"]
    assert (result["id"], result["language"]) == ("a1", "en")
    first = result["mentions"][0]
    assert list(first) == ["start", "end", "text", "sentiment", "moments", "unmeasurables", "warnings", "signals"]
    assert first["text"] == LETTER[first["start"] : first["end"]]
    assert first["sentiment"]["strength"] == -1
    assert -1 <= first["sentiment"]["score"] < 0
    tag = first["moments"][0]
    assert list(tag) == ["label", "probability", "decision", "evidence"]
    assert (tag["label"], tag["decision"]) == ("delivery", "yes")
    assert first["start"] <= tag["evidence"][0] < tag["evidence"][1] <= first["end"]
    kindness = [tag for mention in result["mentions"] for tag in mention["unmeasurables"]]
    assert {"friendliness"} <= {tag["label"] for tag in kindness if tag["polarity"] == "+"}
    json.dumps(result, allow_nan=False)


def test_spans_are_used_exactly_and_speakers_come_back(tagger: Tagger) -> None:
    spans = [{"start": 4, "end": 15, "speaker": "customer"}, {"start": 0, "end": 31}, {"start": 32, "end": 33}]
    (result,) = tag_documents([{"id": 7, "text": LETTER, "mentions": spans}], tagger)
    assert [{key: m[key] for key in ("start", "end", "speaker") if key in m} for m in result["mentions"]] == spans
    assert result["id"] == 7


def test_a_transcript_keeps_its_speakers(tagger: Tagger) -> None:
    text = "Customer: My order is late.\nAgent: I am so sorry about that."
    (result,) = tag_documents([{"id": "c", "text": text, "channel": "call"}], tagger)
    assert [(m["text"], m["speaker"]) for m in result["mentions"]] == [
        ("My order is late.", "customer"), ("I am so sorry about that.", "agent"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"text": "x"}, "`id`: found nothing"),
        ({"id": True, "text": "x"}, "`id`: found bool"),
        ({"id": "a"}, "`text`: found nothing"),
        ({"id": "a", "text": 5}, "`text`: found int"),
        ({"id": "a", "text": "Hello", "channel": "fax"}, "`channel`"),
        ({"id": "a", "text": "Hello", "mentions": "all"}, "`mentions`: found str"),
        ({"id": "a", "text": "Hello", "mentions": [3]}, r"`mentions\[0\]`: found int"),
        ({"id": "a", "text": "Hello", "mentions": [{"start": 0, "end": 6}]}, "0 ≤ start < end ≤ 5"),
        ({"id": "a", "text": "Hello", "mentions": [{"start": 2, "end": 2}]}, "0 ≤ start < end ≤ 5"),
        ({"id": "a", "text": "Hello", "mentions": [{"start": 0.0, "end": 2}]}, "0 ≤ start < end ≤ 5"),
        ({"id": "a", "text": "Hello", "mentions": [{"start": 0, "end": 5, "speaker": "boss"}]}, "speaker"),
    ],
)
def test_a_bad_document_says_why_in_its_place(tagger: Tagger, document: dict[str, object], problem: str) -> None:
    good = {"id": "good", "text": "The soup was cold."}
    before, found, after = tag_documents([good, document, good], tagger)
    assert before == after
    assert before["mentions"]
    assert re.search(problem, found["problem"])
    assert "Hello" not in found["problem"]


def test_what_the_model_cannot_read_has_no_mentions(tagger: Tagger) -> None:
    text = "Die Lieferung kam zwei Wochen zu spät und niemand hat auf meine Briefe geantwortet."
    (result,) = tag_documents([{"id": "d", "text": text}], tagger)
    assert (result["language"], result["mentions"]) == ("de", [])


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "!!!"])
def test_empty_text_is_no_problem(tagger: Tagger, text: str) -> None:
    (result,) = tag_documents([{"id": "e", "text": text}], tagger)
    assert "problem" not in result


def test_none_in_none_out(tagger: Tagger) -> None:
    assert tag_documents([], tagger) == []


def test_rules_and_model_are_settled_in_one_row_a_label(tagger: Tagger) -> None:
    (result,) = tag_documents([{"id": "r", "text": "I will never shop here again."}], tagger)
    signals = [tag["label"] for tag in result["mentions"][0]["signals"]]
    assert signals.count("churn") == 1
