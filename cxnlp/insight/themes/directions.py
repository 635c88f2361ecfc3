"""Where mentions point, seen from the middle of their ground, in whole numbers: sums and similarities are exact.

All that customers say about deliveries points the same way; what sets sayings apart is where they point from the middle
of all of them. The encoder was taught feelings, which would set anger apart from delight before parcels from parking:
the directions in which feelings differ are taken out of its vectors. Words that sayings have in common are put beside
them. Products of whole numbers this small are added without rounding, so that the same mentions give the same
similarities on every machine and in any order.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import log
from typing import Final

import numpy as np
import numpy.typing as npt

from cxnlp.insight.themes.naming import stems

Bytes = npt.NDArray[np.int8]
Sums = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Length of a direction.
SCALE: Final = 127

#: Share of common words in the square of a direction's length; the rest is the encoder's.
WORDS: Final = 0.4

#: Numbers that say which words a mention has: each word is a row of signs drawn by its hash.
WORD_WIDTH: Final = 256

#: Words in fewer of the sayings than this, or of fewer people, are not known; most of them nobody else will ever say.
_RARE: Final = 0.005
_LEAST_PEOPLE: Final = 3
_UNKNOWN: Final = 16

#: Weights of words, and directions of feelings, are written as whole numbers of this size.
_WEIGHT: Final = 16
_FINE: Final = 1_000

#: A feeling of fewer sayings has no direction; differences below this share of the largest are chance.
_LEAST_FELT: Final = 10
_CHANCE: Final = 0.05

_AT_ONCE: Final = 10_000


@dataclass(frozen=True)
class Middle:
    """The middle of a ground, and what sayings there have in common anyway."""

    centre: Floats  # (width of vectors): mean of vectors without feelings, each brought to length 1
    feelings: npt.NDArray[np.int64]  # (directions, width of vectors): orthonormal, times 1,000
    weights: Mapping[str, int]  # stem → weight, of stems that enough sayings and people have
    n: int  # mentions that it was taken of

    @classmethod
    def of(
        cls, vectors: Bytes, texts: Sequence[str], feelings: Sequence[str | None],
        people: Sequence[str] | None = None, least_people: int = _LEAST_PEOPLE,
    ) -> "Middle":  # fmt: skip
        """Take the middle of mentions.

        Args:
            vectors: of mentions (mentions, width).
            texts: their words.
            feelings: how they feel; null: not known.
            people: who says them; null: each another one.
            least_people: a stem that fewer say, or fewer than three, gets no weight.
        """
        felt = _felt(_units(vectors.astype(np.float64)), feelings)
        plain = _units(_without(vectors, felt))
        said = widely_said(texts, people or [str(row) for row in range(len(texts))], least_people)
        return cls(np.asarray(plain.mean(axis=0)), felt, _weights(texts, said), len(vectors))


def widely_said(texts: Sequence[str], people: Sequence[str], least_people: int) -> set[str]:
    """Return the stems that at least so many people say, and never fewer than three."""
    found: dict[str, set[str]] = defaultdict(set)
    for text, person in zip(texts, people, strict=True):
        for stem in stems(text):
            found[stem].add(person)
    return {stem for stem, who in found.items() if len(who) >= max(_LEAST_PEOPLE, least_people)}


def directions(vectors: Bytes, texts: Sequence[str], middle: Middle) -> Bytes:
    """Return where mentions point (mentions, width + `WORD_WIDTH`), seen from a middle; length about `SCALE`."""
    width = vectors.shape[1]
    found = np.zeros((len(vectors), width + WORD_WIDTH), dtype=np.int8)
    for first in range(0, len(vectors), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        seen = _units(_units(_without(vectors[some], middle.feelings)) - middle.centre)
        seen[~vectors[some].any(axis=1)] = 0
        found[some, :width] = np.rint(seen * (SCALE * (1 - WORDS) ** 0.5))
        words = _units(np.stack([_worded(text, middle.weights) for text in texts[some]]))
        found[some, width:] = np.rint(words * (SCALE * WORDS**0.5))
    return found


def cosines(pointing: Bytes) -> npt.NDArray[np.float32]:
    """Return the cosine of each pair of directions (n, n)."""
    exact = pointing.astype(np.float32)  # whole numbers below 2**24 stay whole
    return np.asarray(exact @ exact.T / SCALE**2, dtype=np.float32)


def mean_cosines(pointing: Bytes, sums: Sums, counts: Sums) -> Floats:
    """Return the mean cosine of each direction (n) with the members of each theme (k), as (n, k).

    Args:
        pointing: directions (n, width).
        sums: the sum of the directions of each theme's members (k, width).
        counts: how many members each theme has (k).
    """
    products = pointing.astype(np.float64) @ sums.astype(np.float64).T  # whole numbers below 2**53 stay whole
    return np.asarray(products / (np.maximum(counts, 1) * SCALE**2))


def nearest(pointing: Bytes, sums: Sums, counts: Sums) -> tuple[Sums, Floats]:
    """Return for each direction the theme with the highest of its `mean_cosines`, and that; of equals the first."""
    best, near = np.zeros(len(pointing), dtype=np.int64), np.zeros(len(pointing))
    for first in range(0, len(pointing), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        found = mean_cosines(pointing[some], sums, counts)
        best[some] = found.argmax(axis=1)
        near[some] = found.max(axis=1)
    return best, near


def _felt(units: Floats, feelings: Sequence[str | None]) -> npt.NDArray[np.int64]:
    """The directions in which the means of sayings of one feeling differ from the mean of all."""
    kinds = sorted(kind for kind, n in Counter(feelings).items() if kind is not None and n >= _LEAST_FELT)
    if len(kinds) < 2:
        return np.zeros((0, units.shape[1]), dtype=np.int64)
    told = np.array(feelings, dtype=object)
    means = np.stack([units[told == kind].mean(axis=0) for kind in kinds]) - units.mean(axis=0)
    _, sizes, found = np.linalg.svd(means, full_matrices=False)
    return np.asarray(np.rint(found[sizes > _CHANCE * sizes[0]] * _FINE), dtype=np.int64)


def _without(vectors: Bytes, felt: npt.NDArray[np.int64]) -> Floats:
    """Vectors times 1,000 squared, without their part in the directions of feelings: whole numbers below 2**53."""
    wide, axes = vectors.astype(np.float64), felt.astype(np.float64)
    return np.asarray(wide * _FINE**2 - wide @ axes.T @ axes)


def _weights(texts: Sequence[str], said: set[str]) -> dict[str, int]:
    """Inverse document frequency of the stems of ``said`` that are in enough of the texts."""
    counts = Counter(stem for text in texts for stem in stems(text) & said)
    least = _RARE * len(texts)
    return {stem: round(_WEIGHT * log(len(texts) / n)) for stem, n in sorted(counts.items()) if n >= least}


def _worded(text: str, weights: Mapping[str, int]) -> npt.NDArray[np.float64]:
    """The sum of the signs of a text's words, each by its weight: whole numbers."""
    total = np.zeros(WORD_WIDTH)
    for stem in sorted(stems(text)):
        total += weights.get(stem, _UNKNOWN) * _signs(stem)
    return total


@lru_cache(maxsize=50_000)
def _signs(stem: str) -> npt.NDArray[np.int8]:
    drawn = np.frombuffer(blake2b(stem.encode(), digest_size=WORD_WIDTH // 8).digest(), dtype=np.uint8)
    return np.unpackbits(drawn).astype(np.int8) * 2 - 1


def _units(vectors: Floats) -> Floats:
    lengths = np.sqrt(np.square(vectors).sum(axis=1, keepdims=True))
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1))
