"""A mention as numbers: the mean of its tokens' states and its word scores, read exactly as the night reads it.

Vectors can be turned back into words, more or less: they are treated as customers' words. These are of the model's full
precision and are not stored; what is stored to search by is `cxnlp.tags.vectors`, made of masked words.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from cxnlp.tags.artefacts import Artefacts
from cxnlp.tags.decide import mention_means
from cxnlp.tags.encoder import Encoder
from cxnlp.tags.windows import Span, load_tokenizer, prepare

Floats = npt.NDArray[np.float32]

_DOCUMENTS_AT_ONCE: Final = 128


def width(model: Artefacts) -> int:
    """Return how many numbers a vector has."""
    return int(next(iter(model.heads.values())).weights.shape[1])


def vectors(
    model: Artefacts, texts: Sequence[str], mentions: Sequence[Sequence[Span]], threads: int | None = None
) -> list[Floats]:
    """Return for each text (mentions, width): one row a mention, in the order of its spans.

    Args:
        model: whose encoder and tokenizer read.
        texts: whole documents; masked, as the night sees them.
        mentions: for each text start, end (characters) and speaker of its mentions.
        threads: documents read side by side; all cores when None.
    """
    return list(_vectors(model, texts, mentions, threads))


def _vectors(
    model: Artefacts, texts: Sequence[str], mentions: Sequence[Sequence[Span]], threads: int | None
) -> Iterator[Floats]:
    tokenizer, encoder = load_tokenizer(model.tokenizer), Encoder(model.encoder, threads)
    unit = np.eye(width(model) - model.words.width, dtype=np.float32)
    for first in range(0, len(texts), _DOCUMENTS_AT_ONCE):
        some = slice(first, first + _DOCUMENTS_AT_ONCE)
        passages = prepare(texts[some], mentions[some], tokenizer, model.max_tokens)
        for states, passage in zip(encoder.says(passages, unit), passages, strict=True):
            yield np.concatenate([mention_means(states, passage), model.words.scores(passage)], axis=1)
