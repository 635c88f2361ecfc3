"""What somebody looks for, as a vector that the stored mentions' vectors can be held against.

What runs the encoder is imported when the first question is asked: a query that asks none need not wait for it.
"""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cxnlp.tags import artefacts

if TYPE_CHECKING:
    from cxnlp.tags.encoder import Encoder


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
    def _model(self) -> "tuple[artefacts.Artefacts, Encoder]":
        from cxnlp.tags.encoder import Encoder

        model = artefacts.read(self._folder)
        return model, Encoder(model.encoder, threads=1)

    def vector(self, words: str) -> list[int]:
        """Return the vector of a sentence, read as a mention that stands alone; zeros where it has no words.

        Raises:
            ModelError: a file of the model is missing, changed or damaged.
        """
        from cxnlp.tags import vectors
        from cxnlp.tags.decide import mention_means
        from cxnlp.tags.windows import load_tokenizer, prepare

        model, encoder = self._model
        (passage,) = prepare([words], [[(0, len(words), None)]], load_tokenizer(model.tokenizer), model.max_tokens)
        means = mention_means(encoder.states(passage), passage)
        return [int(number) for number in vectors.whole(means)[0]]
