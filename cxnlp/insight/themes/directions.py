"""Mention vectors seen from the middle of their ground, in whole numbers: sums and similarities are exact.

All that customers say about deliveries points the same way; what sets sayings apart is where they point from the middle
of all of them. Products of whole numbers this small are added without rounding, so that the same mentions give the same
similarities on every machine and in any order.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.int8]
Sums = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Length of a direction.
SCALE: Final = 127

_AT_ONCE: Final = 10_000


def centre_of(vectors: Bytes) -> Floats:
    """Return the mean of vectors (mentions, width), each brought to length 1."""
    return np.asarray(_units(vectors.astype(np.float64)).mean(axis=0))


def directions(vectors: Bytes, centre: Floats) -> Bytes:
    """Return where vectors (mentions, width) point, seen from ``centre``; length `SCALE`, of nothing zeros."""
    found = np.zeros(vectors.shape, dtype=np.int8)
    for first in range(0, len(vectors), _AT_ONCE):
        some = vectors[first : first + _AT_ONCE]
        seen = _units(_units(some.astype(np.float64)) - centre)
        seen[~some.any(axis=1)] = 0
        found[first : first + _AT_ONCE] = np.rint(seen * SCALE)
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


def _units(vectors: Floats) -> Floats:
    lengths = np.sqrt(np.square(vectors).sum(axis=1, keepdims=True))
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1))
