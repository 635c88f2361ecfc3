"""Groups of mentions that say much the same: average-link clustering of their directions.

Average linkage was chosen by looking: density-based clustering (HDBSCAN) put most mentions into one group or left nine
in ten alone, since sayings about one moment thin out evenly.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from cxnlp.insight.themes.directions import Bytes, cosines

Ints = npt.NDArray[np.int64]

#: Mean cosine of a theme's members with each other, and with what joins them.
NEAR: Final = 0.18

#: How much nearer two themes must be to become one, and how much less near the parts of one to become two: without it a
#: theme at the border would change every night.
SLACK: Final = 0.05

ALONE: Final = -1


def grouped(pointing: Bytes, people: Sequence[str], least_people: int, near: float = NEAR) -> Ints:
    """Return the group of each direction, numbered from 0, the largest first; `ALONE` where there is none.

    Args:
        pointing: directions (n, width); the cost is that of n * n.
        people: who said each.
        least_people: groups of fewer people are none.
        near: mean cosine at which groups still become one.
    """
    if len(pointing) < 2:
        return np.full(len(pointing), ALONE)
    from scipy.cluster.hierarchy import fcluster, linkage  # here, as most nights bear nothing

    tree = linkage(_distances(pointing), "average")
    found = fcluster(tree, 1 - near, "distance")
    voices: dict[int, set[str]] = {}
    for group, person in zip(found.tolist(), people, strict=True):
        voices.setdefault(group, set()).add(person)
    sizes = np.bincount(found)
    kept = sorted((g for g, who in voices.items() if len(who) >= least_people), key=lambda g: (-sizes[g], g))
    number = np.full(len(sizes), ALONE)
    number[kept] = np.arange(len(kept))
    return np.asarray(number[found])


def _distances(pointing: Bytes) -> npt.NDArray[np.float64]:
    """The upper triangle of 1 - cosine, row by row, as scipy wants it."""
    near = cosines(pointing)
    rows = [1.0 - near[row, row + 1 :].astype(np.float64) for row in range(len(near) - 1)]
    return np.maximum(np.concatenate(rows), 0.0)  # rounding makes directions a little longer or shorter
