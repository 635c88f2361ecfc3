"""Text to token windows, shown on the shipped tokenizer."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from cxnlp.tags import artefacts
from cxnlp.tags.windows import Passage, load_tokenizer, prepare


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_tokenizer(artefacts.shipped() / artefacts.TOKENIZER)


def words_of(text: str, passage: Passage, mention: int) -> list[str]:
    first, last = passage.spans[mention]
    return [text[a:b] for a, b in passage.offsets[first:last] if a >= 0]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("It broke. I cried.", (10, 18), ["I", "cried", "."]),
        ("It broke.I cried.", (9, 17), ["I", "cried", "."]),
        ("Café closed 😡 again", (5, 19), ["closed", "😡", "again"]),
        ("   ", (0, 3), []),
    ],
)
def test_a_mention_gets_its_own_tokens(
    tokenizer: Tokenizer, text: str, span: tuple[int, int], expected: list[str]
) -> None:
    (passage,) = prepare([text], [[(*span, None)]], tokenizer)
    assert words_of(text, passage, 0) == expected


def test_long_text_is_cut_at_mentions_and_every_token_is_kept_once(tokenizer: Tokenizer) -> None:
    sentence = "The parcel came late and wet. "
    text = sentence * 100
    spans = [(at, at + len(sentence) - 1, None) for at in range(0, len(text), len(sentence))]
    (passage,) = prepare([text], [spans], tokenizer, max_tokens=64 + 96)
    assert len(passage.windows) > 3
    assert all(len(window.ids) <= 160 for window in passage.windows)
    kept = np.concatenate([window.ids[window.first : window.last] for window in passage.windows])
    whole = tokenizer.encode(text, add_special_tokens=False).ids
    assert kept.tolist() == whole
    borders = np.cumsum([window.last - window.first for window in passage.windows])[:-1]
    assert set(borders) <= set(passage.spans[:, 0])


def test_speakers_are_added_once_and_stand_nowhere(tokenizer: Tokenizer) -> None:
    text = "It broke.\nAgent: Oh no."
    spans = [(0, 9, "customer"), (17, 23, "agent")]
    (passage,) = prepare([text], [spans], tokenizer)
    read = tokenizer.decode(passage.windows[0].ids.tolist())
    assert read.lower() == "customer : it broke. agent : oh no."
    assert words_of(text, passage, 0) == ["It", "broke", "."]
    assert words_of(text, passage, 1) == ["Oh", "no", "."]
    assert (passage.offsets[:2] == -1).all()
    assert (passage.offsets[2:] >= 0).all()
