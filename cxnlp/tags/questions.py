"""What somebody looks for, read as a mention is: a vector and labels that stored mentions can be held against.

What runs the encoder is imported when the first question is asked: a query that asks none need not wait for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxnlp.tags import artefacts

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from cxnlp.tags.decide import Floats, Heads
    from cxnlp.tags.encoder import Encoder
    from cxnlp.tags.windows import Passage

_SIGNED: Final = "unmeasurable"
_LEAST: Final = 0.1  # what is less probable says nothing of a question


@dataclass(frozen=True)
class Label:
    """A label that a question speaks of, named as the table tags names it."""

    family: str
    label: str
    polarity: str | None
    probability: float


@dataclass(frozen=True)
class Question:
    """A question as the model reads it.

    Attributes:
        encoder_version: which stored vectors ``vector`` can be held against.
        vector: its meaning, whole numbers as in `cxnlp.tags.vectors`; zeros where it has no words.
        labels: what it speaks of, with probabilities from 0.1 up; sentiment is not among them.
        feeling: expected sentiment, -1 to 1.
    """

    encoder_version: str
    vector: list[int]
    labels: tuple[Label, ...] = ()
    feeling: float = 0.0


class Questions:
    """An encoder that reads questions; it is loaded when the first one is asked."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take the model in ``folder``, or the shipped one."""
        self._given = folder

    @cached_property
    def _folder(self) -> Path:
        return self._given or artefacts.shipped()

    @cached_property
    def encoder_version(self) -> str:
        """Which stored vectors its own can be held against.

        Raises:
            ModelError: there is no model.
        """
        return artefacts.encoder_version(self._folder)

    @cached_property
    def _model(self) -> "tuple[artefacts.Artefacts, Encoder, Heads]":
        from cxnlp.tags.decide import Heads
        from cxnlp.tags.encoder import Encoder

        model = artefacts.read(self._folder)
        return model, Encoder(model.encoder, threads=1), Heads.of(model.heads, model.words.width)

    def read(self, words: str) -> Question:
        """Return a sentence as the model reads it: as a mention that stands alone.

        Raises:
            ModelError: a file of the model is missing, changed or damaged.
        """
        (question,) = self.read_all([words])
        return question

    def read_all(self, sentences: Sequence[str]) -> list[Question]:
        """Return each sentence as `read` does; what stands beside it makes no difference.

        Raises:
            ModelError: a file of the model is missing, changed or damaged.
        """
        from cxnlp.tags import vectors
        from cxnlp.tags.decide import SENTIMENT, mention_means, probabilities

        model, encoder, heads = self._model
        strengths = [int(label) for label in model.heads[SENTIMENT].labels]
        passages = self._passages(sentences)
        found = []
        for passage, (says, states) in zip(passages, encoder.reads(passages, heads.of_tokens), strict=True):
            said = mention_means(says, passage) + model.words.scores(passage) @ heads.of_words.T
            shares = probabilities(said, heads)
            found.append(Question(
                self.encoder_version,
                [int(number) for number in vectors.whole(mention_means(states, passage))[0]],
                tuple(label for family, head in model.heads.items() if family != SENTIMENT
                      for label in _spoken_of(family, head.labels, shares[family][0])),
                float(shares[SENTIMENT][0] @ strengths / 2),
            ))  # fmt: skip
        return found

    def vector(self, words: str) -> list[int]:
        """Return the vector of a sentence, read as a mention that stands alone; zeros where it has no words.

        Raises:
            ModelError: a file of the model is missing, changed or damaged.
        """
        from cxnlp.tags import vectors
        from cxnlp.tags.decide import mention_means

        _, encoder, _ = self._model
        (passage,) = self._passages([words])
        return [int(number) for number in vectors.whole(mention_means(encoder.states(passage), passage))[0]]

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from cxnlp.tags.windows import load_tokenizer

        return load_tokenizer(self._model[0].tokenizer)

    def _passages(self, sentences: Sequence[str]) -> "list[Passage]":
        from cxnlp.tags.windows import prepare

        model, *_ = self._model
        whole = [[(0, len(words), None)] for words in sentences]
        return prepare(list(sentences), whole, self._tokenizer, model.max_tokens)


def _spoken_of(family: str, labels: tuple[str, ...], shares: "Floats") -> list[Label]:
    return [
        Label(
            family, label[:-1] if family == _SIGNED else label, label[-1] if family == _SIGNED else None, float(share)
        )
        for label, share in zip(labels, shares, strict=True)
        if share >= _LEAST
    ]
