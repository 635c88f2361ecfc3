"""Which words carry a tag.

A mention's logit is the mean of its tokens' contributions ``w·h_t`` plus a constant, so the contributions say exactly
where the decision comes from. The evidence is the run of tokens whose contributions above the mention's own average
add up to most, widened to whole words.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_FAINT_COST = 1e-6  # so that no run begins or ends with a faint token for nothing
_EDGES = ' \t\r\n.,;:!?-–—…()"“”'


def strongest_runs(
    contributions: Floats, spans: Ints, columns: Ints, real: npt.NDArray[np.bool_], telling: npt.NDArray[np.bool_]
) -> Ints:
    """Find for each tag its run of tokens.

    Args:
        contributions: (tokens, labels) of one document.
        spans: (tags, 2) first and last token (exclusive) of the tag's mention; empty spans give (0, 0).
        columns: (tags,) the tag's label as a column of ``contributions``.
        real: (tokens,) False for words that were added to the text.
        telling: (tokens,) False for "the", "of", commas and the like: they may stand inside a run, but add nothing.

    Returns:
        (tags, 2) first and last token, both inclusive.
    """
    lengths = spans[:, 1] - spans[:, 0]
    longest = int(lengths.max(initial=0))
    if not longest:
        return np.zeros((len(spans), 2), dtype=np.int64)
    places = np.arange(longest)
    rows = np.minimum(spans[:, :1] + places, len(contributions) - 1)
    inside = (places < lengths[:, None]) & real[rows]
    values = np.where(inside, contributions[rows, columns[:, None]], 0.0).astype(np.float64)
    mean = values.sum(1) / np.maximum(inside.sum(1), 1)
    above = values - mean[:, None]
    above = np.where(telling[rows], above, np.minimum(above, 0.0) - _FAINT_COST)
    sums = np.cumsum(np.where(inside, above, 0.0), axis=1)
    before = np.concatenate([np.zeros((len(spans), 1)), sums[:, :-1]], axis=1)
    least = np.minimum.accumulate(before, axis=1)
    last = np.argmax(np.where(inside, sums - least, -np.inf), axis=1)
    at = np.arange(len(spans))
    first = np.argmax(np.where(places <= last[:, None], before == least[at, last][:, None], False), axis=1)
    return np.stack([spans[:, 0] + first, spans[:, 0] + last], axis=1)


def widen(text: str, start: int, end: int, lowest: int, highest: int) -> tuple[int, int]:
    """Widen characters ``start`` … ``end`` to whole words within ``lowest`` … ``highest``, without edge punctuation."""
    start, end = max(start, lowest), min(end, highest)
    if start >= end:
        start, end = lowest, highest
    while start > lowest and _joined(text[start - 1], text[start]):
        start -= 1
    while end < highest and _joined(text[end - 1], text[end]):
        end += 1
    first, last = start, end
    while first < last and text[first] in _EDGES:
        first += 1
    while last > first and text[last - 1] in _EDGES:
        last -= 1
    return (first, last) if first < last else (start, end)


def _joined(left: str, right: str) -> bool:
    """Say whether two neighbouring characters stand in one word."""
    word = "'’_@#-"
    return (left.isalnum() or left in word) and (right.isalnum() or right in word)
