"""Vectors of mentions: the same words the same vector, near meanings near each other, and what a question gives."""

import numpy as np
import polars as pl
import pytest

from cxnlp.frames import VECTOR_WIDTH, VECTORS
from cxnlp.tags import Tagger, vectors
from cxnlp.tags.questions import Questions

from .conftest import frames


def cosine(one: object, other: object) -> float:
    return float(np.dot(np.array(one, dtype=float), np.array(other, dtype=float))) / vectors.SCALE**2


def test_every_mention_has_a_vector(tagger: Tagger) -> None:
    feedback, mentions = frames("My parcel never came.", "The driver was rude.")
    judged = tagger.judge(feedback, mentions)
    assert judged.vectors.schema == pl.Schema(VECTORS)
    assert judged.vectors["mention_id"].to_list() == mentions["mention_id"].to_list()
    assert set(judged.vectors["encoder_version"]) == {tagger.encoder_version}
    for vector in judged.vectors["vector"].to_list():
        assert cosine(vector, vector) == pytest.approx(1, abs=0.01)


def test_a_vector_does_not_depend_on_its_neighbours(tagger: Tagger) -> None:
    together = tagger.judge(*frames("My parcel never came.", "The driver was rude.")).vectors["vector"]
    alone = tagger.judge(*frames("The driver was rude.")).vectors["vector"]
    assert together.to_list()[1] == alone.to_list()[0]


def test_a_question_is_nearest_to_what_means_the_same(tagger: Tagger) -> None:
    texts = ["Nobody ever answered my mails about the money they owe me.", "The soup was cold.", "What a lovely shop!"]
    said = tagger.judge(*frames(*texts)).vectors["vector"].to_list()
    questions = Questions()
    assert questions.encoder_version == tagger.encoder_version
    for question, place in [("felt ignored after a refund", 0), ("my food was not warm", 1), ("beautiful store", 2)]:
        asked = questions.vector(question)
        assert len(asked) == VECTOR_WIDTH
        assert max(range(3), key=lambda at: cosine(asked, said[at])) == place, question


def test_a_question_is_tagged_as_a_mention_is(tagger: Tagger) -> None:
    words = "felt ignored after a refund"
    question = Questions().read(words)
    assert question.vector == Questions().vector(words)
    assert {(each.family, each.label, each.polarity) for each in question.labels if each.probability > 0.5} == {
        ("moment", "refund", None), ("unmeasurable", "listening", "-"),
    }  # fmt: skip
    assert -1 < question.feeling < 0
    tagged = tagger.tag(*frames(words)).filter(pl.col("family") != "sentiment")
    stored = {(row["label"], row["polarity"]): row["probability"] for row in tagged.to_dicts()}
    asked = {(each.label, each.polarity): each.probability for each in question.labels}
    assert stored == {label: asked[label] for label in stored}


def test_a_mention_or_a_question_without_words_has_zeros(tagger: Tagger) -> None:
    assert Questions().vector("") == [0] * VECTOR_WIDTH
    assert not vectors.whole(np.zeros((1, VECTOR_WIDTH), dtype=np.float32)).any()


def test_numbers_are_cut_not_wrapped() -> None:
    one_axis = np.eye(1, VECTOR_WIDTH, dtype=np.float32)
    assert vectors.whole(np.concatenate([one_axis, -one_axis]))[:, 0].tolist() == [127, -127]


def test_vectors_of_another_width_are_not_stored() -> None:
    assert vectors.frame(["a.1"], np.zeros((1, 768), dtype=np.int8), "e").is_empty()
