"""Signatures by which near duplicates are recognised without comparing texts.

The share of equal entries of two signatures estimates the Jaccard similarity of the texts' three-word shingles, with a
standard error of at most 0.06 at 64 entries. What counts as the same text is measured in docs/masking.md.
"""

import re
import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

N_ENTRIES: Final = 64
N_WORDS: Final = 3  # of one shingle

#: Share of equal entries from which two texts count as the same; both need ``LEAST_WORDS`` words. A letter with a
#: third of new words in it (0.6) says something new, so it is not one of them.
SAME_SHARE: Final = 0.7
LEAST_WORDS: Final = 8

_SEED: Final = 20_260_907
_RETWEET: Final = re.compile(r"^\s*RT\s+(?:@\w+|\[HANDLE\]):?\s*")
_WORD: Final = re.compile(r"[^\W_]+")

Words = npt.NDArray[np.uint64]


def signature(texts: Sequence[str]) -> list[list[int]]:
    """Return the MinHash of each text: ``N_ENTRIES`` numbers below 2**32, or an empty list for a text without words.

    Case, punctuation and a leading "RT @name:" do not count. A text of one or two words is one shingle.
    """
    shingled = [_shingles(text) for text in texts]
    sizes = np.array([len(each) for each in shingled])
    filled = np.flatnonzero(sizes)
    result: list[list[int]] = [[] for _ in texts]
    if len(filled) == 0:
        return result
    starts = np.concatenate(([0], np.cumsum(sizes[filled])[:-1]))
    smallest = _minima(np.concatenate([shingled[i] for i in filled]), starts)
    for row, entries in zip(filled, smallest.tolist(), strict=True):
        result[row] = entries
    return result


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the share of equal entries, 0 … 1; 0 when a text had no words."""
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / N_ENTRIES


def n_words(text: str) -> int:
    """Return the number of words as the signature counts them."""
    return len(_WORD.findall(_RETWEET.sub("", text)))


def _shingles(text: str) -> Words:
    words = _WORD.findall(_RETWEET.sub("", text).casefold())
    if not words:
        return np.empty(0, np.uint64)
    hashes = np.array([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words], np.uint64)
    size = min(N_WORDS, len(words))
    shingles = np.zeros(len(words) - size + 1, np.uint64)
    for offset in range(size):
        shingles = _mix(shingles + hashes[offset : offset + len(shingles)] + np.uint64(offset + 1))
    return shingles


def _mix(values: Words) -> Words:
    """Spread 64 bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _minima(shingles: Words, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """Smallest hash of each text under each permutation."""
    seeds = np.random.Generator(np.random.PCG64(_SEED)).integers(0, 2**63, N_ENTRIES, dtype=np.uint64)
    columns = [np.minimum.reduceat(_mix(shingles ^ seed) >> np.uint64(32), starts) for seed in seeds]
    return np.stack(columns, axis=1).astype(np.uint32)
