"""What a mention's words say by themselves: a linear model over tokens and runs of two and three of them.

A small encoder understands a sentence and blurs its plain expressions; a word model is the other way round. A
mention's vector is both, side by side: the mean of the encoder's token states, then one word score a label. The heads
weigh them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cxnlp.tags.windows import Passage

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

LONGEST: Final = 3  # tokens of a run
_BITS: Final = 16  # that a token's id takes in a term


@dataclass(frozen=True)
class Words:
    """A linear model over terms; what ``words.npz`` holds, but for ``weights``, which is stored in 8 bits."""

    terms: Ints  # (terms,), ascending: a token's id, or the ids of a run, 16 bits each
    idf: Floats  # (terms,), how telling: log of the inverse share of mentions that have it, plus 1
    weights: Floats  # (terms, labels)
    bias: Floats  # (labels,)

    @classmethod
    def read(cls, path: Path) -> "Words":
        """Read ``words.npz``.

        Raises:
            KeyError, ValueError: it does not hold what it should.
        """
        with np.load(path, allow_pickle=False) as arrays:
            found = cls.of(arrays)
        if not (found.weights.shape == (len(found.terms), len(found.bias)) and found.idf.shape == found.terms.shape):
            raise ValueError(f"{path.name}: {len(found.terms)} terms, weights {found.weights.shape}")
        return found

    @classmethod
    def of(cls, arrays: Mapping[str, Any]) -> "Words":
        """Take the arrays of ``words.npz``."""
        weights = arrays["weights"].astype(np.float32) * arrays["scale"]
        return cls(arrays["terms"], arrays["idf"], weights, arrays["bias"])

    @property
    def width(self) -> int:
        """How many scores a mention gets."""
        return len(self.bias)

    def scores(self, passage: Passage) -> Floats:
        """Return (mentions, labels): sums of the terms' weights, each as telling as it is, of length 1 together."""
        rows, terms = terms_of(passage)
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        known = self.terms[places] == terms
        rows, places = rows[known], places[known]
        values = self.idf[places]
        length = np.sqrt(np.bincount(rows, values**2, minlength=len(passage.spans)))
        found = np.zeros((len(passage.spans), self.width), dtype=np.float32)
        np.add.at(found, rows, (values / length[rows]).astype(np.float32)[:, None] * self.weights[places])
        return found + self.bias


def terms_of(passage: Passage) -> tuple[Ints, Ints]:
    """Return the terms of a document's mentions, each once a mention: row of the mention, term."""
    kept = [window.ids[window.first : window.last] for window in passage.windows]
    tokens = np.concatenate(kept) if kept else np.zeros(0, dtype=np.int64)
    runs = [tokens]
    for length in range(2, LONGEST + 1):
        runs.append((runs[-1][:-1] << _BITS) | tokens[length - 1 :])
    found = [_of_span(runs, first, last) for first, last in passage.spans.tolist()]
    rows = np.repeat(np.arange(len(found)), [len(terms) for terms in found])
    return rows, np.concatenate([*found, np.zeros(0, dtype=np.int64)])


def _of_span(runs: Sequence[Ints], first: int, last: int) -> Ints:
    inside = [run[first : max(first, last - shorter)] for shorter, run in enumerate(runs)]
    return np.asarray(np.unique(np.concatenate(inside)))
