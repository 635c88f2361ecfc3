"""The word model: which terms a mention has, what they add up to, and that it learns what only words can say."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from cxnlp.tags import artefacts
from cxnlp.tags.windows import load_tokenizer, prepare
from cxnlp.tags.words import Words, terms_of
from pipelines.learning import words
from pipelines.learning.passages import passage_of
from pipelines.learning.vocabulary import FAMILIES


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_tokenizer(artefacts.shipped() / artefacts.TOKENIZER)


def test_terms_are_tokens_and_runs_of_one_mention(tokenizer: Tokenizer) -> None:
    text = "rude staff. cold soup cold"
    (passage,) = prepare([text], [[(0, 10, None), (12, 26, None)]], tokenizer)
    rows, terms = terms_of(passage)
    rude, staff, cold, soup = (tokenizer.token_to_id(word) for word in ("rude", "staff", "cold", "soup"))
    of_mention = [set(terms[rows == row].tolist()) for row in (0, 1)]
    assert of_mention[0] == {rude, staff, rude << 16 | staff}
    assert of_mention[1] == {cold, soup, cold << 16 | soup, soup << 16 | cold, (cold << 16 | soup) << 16 | cold}
    assert len(terms) == sum(map(len, of_mention))  # "cold" counts once


def test_scores_add_up_the_known_terms_at_length_one(tokenizer: Tokenizer) -> None:
    rude, staff = (tokenizer.token_to_id(word) for word in ("rude", "staff"))
    terms = np.sort(np.array([rude, staff]))
    weights = np.where(terms[:, None] == rude, [[1.0, 0.0]], [[0.0, 2.0]]).astype(np.float32)
    model = Words(terms, np.where(terms == rude, 3.0, 4.0), weights, np.array([0.5, -0.5], dtype=np.float32))
    (passage,) = prepare(["Rude staff and worse. Nothing here."], [[(0, 21, None), (22, 35, None)]], tokenizer)
    found = model.scores(passage)
    assert found[0] == pytest.approx([3 / 5 + 0.5, 2 * 4 / 5 - 0.5])
    assert found[1] == pytest.approx([0.5, -0.5])  # no known term: the constants alone


def test_no_mention_no_score(tokenizer: Tokenizer) -> None:
    model = artefacts.read(artefacts.shipped()).words
    (passage,) = prepare(["Nothing asked."], [[]], tokenizer)
    assert model.scores(passage).shape == (0, model.width)


def test_a_file_that_does_not_fit_itself_is_refused(tmp_path: Path) -> None:
    arrays = {"terms": np.arange(3), "idf": np.ones(3), "weights": np.ones((2, 4), np.int8), "scale": np.ones(4),
              "bias": np.ones(4)}  # fmt: skip
    words.write(tmp_path, arrays)
    with pytest.raises(ValueError, match=r"words\.npz: 3 terms, weights \(2, 4\)"):
        Words.read(tmp_path / artefacts.WORDS)


def document(number: int, text: str, moment: str) -> dict[str, Any]:
    nothing: dict[str, list[str]] = {"unmeasurables": [], "warnings": [], "signals": []}
    mention = {"id": f"d{number}.1", "start": 0, "end": len(text), "sentiment": -1, "moments": [moment], **nothing}
    return {"id": f"d{number}", "text": text, "mentions": [mention]}


def test_training_finds_the_words_that_tell(tokenizer: Tokenizer, tmp_path: Path) -> None:
    told = [
        document(number, f"The {thing} on day {number} was a letdown", moment)
        for number in range(40)
        for thing, moment in (("soup", "product"), ("parcel", "delivery"))
    ]
    words.write(tmp_path, words.train(told, tokenizer))
    model = Words.read(tmp_path / artefacts.WORDS)
    product, delivery = (FAMILIES["moment"].index(label) for label in ("product", "delivery"))
    texts = ["Our soup was cold", "Our parcel was late"]
    soup, parcel = (model.scores(p)[0] for p in prepare(texts, [[(0, len(t), None)] for t in texts], tokenizer))
    assert soup[product] > soup[delivery]
    assert parcel[delivery] > parcel[product]


def test_cross_fitted_scores_come_from_models_that_did_not_see_the_document(tokenizer: Tokenizer) -> None:
    told = [document(number, f"The soup on day {number} was cold", "product") for number in range(30)]
    rest = [document(30 + number, f"The parcel on day {number} was late", "delivery") for number in range(30)]
    odd = document(60, "Zanzibar zebra zeppelin", "staff")
    copies = [document(61 + number, "Zanzibar zebra zeppelin", "delivery") for number in range(8)]
    found = words.cross_fitted([*told, *rest, odd, *copies], tokenizer)
    assert len(found) == 69
    product, staff = (FAMILIES["moment"].index(label) for label in ("product", "staff"))
    assert found["d3.1"]["moment"][product] > found["d40.1"]["moment"][product]
    every = words.Words.of(words.train([*told, *rest, odd, *copies], tokenizer))
    seen = every.scores(passage_of(odd, tokenizer))[0, staff] / 0.2
    assert found["d60.1"]["moment"][staff] < seen  # its own label is not among what it is judged by


def test_words_count_as_much_as_they_help() -> None:
    chance = np.random.default_rng(3)
    truth = (chance.random((4_000, 2)) < 0.3).astype(float)
    clear, noise = 4 * truth - 2 + chance.normal(size=truth.shape), chance.normal(size=truth.shape)
    assert words.words_share("moment", clear, noise, truth) < 0.1
    assert words.words_share("moment", clear, 4 * truth - 2 + chance.normal(size=truth.shape), truth) > 0.7
