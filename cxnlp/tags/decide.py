"""From what the tokens say to decisions: calibrated probabilities, yes or unsure, one sentiment a mention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxnlp.tags.artefacts import Head
from cxnlp.tags.evidence import strongest_runs, widen
from cxnlp.tags.windows import Passage

Floats = npt.NDArray[np.float32]

SENTIMENT = "sentiment"


@dataclass(frozen=True)
class Vote:
    """One judgement on one mention; ``start`` and ``end`` are its evidence in characters of the text."""

    mention: int  # place in the document
    family: str
    label: str  # unmeasurables with their sign
    probability: float
    score: float | None  # sentiment only, -1 … 1
    decision: str
    start: int
    end: int


@dataclass(frozen=True)
class Heads:
    """All heads side by side, one column a label."""

    families: Mapping[str, tuple[int, Head]]  # family → first column, head
    n_words: int  # how many word scores a mention has: the last columns of the weights

    @classmethod
    def of(cls, heads: Mapping[str, Head], n_words: int) -> "Heads":
        """Lay ``heads`` side by side."""
        first, families = 0, {}
        for family, head in heads.items():
            families[family] = (first, head)
            first += len(head.labels)
        return cls(families, n_words)

    @property
    def of_tokens(self) -> Floats:
        """(labels, width of a token's state)."""
        return self._weights[:, : -self.n_words]

    @property
    def of_words(self) -> Floats:
        """(labels, word scores)."""
        return self._weights[:, -self.n_words :]

    @property
    def _weights(self) -> Floats:
        """Of both, side by side; sentiment's rows have their mean taken off, which changes no probability."""
        rows = []
        for family, (_, head) in self.families.items():
            rows.append(head.weights - head.weights.mean(0) if family == SENTIMENT else head.weights)
        return np.concatenate(rows)


def mention_means(says: Floats, passage: Passage) -> Floats:
    """Average token contributions into mentions (mentions, labels); a mention without tokens gets zeros."""
    real = passage.offsets[:, 0] >= 0
    sums = np.concatenate([np.zeros((1, says.shape[1])), np.cumsum(np.where(real[:, None], says, 0.0), axis=0,
                                                                   dtype=np.float64)])  # fmt: skip
    counts = np.concatenate([[0], np.cumsum(real)])
    first, last = passage.spans.T
    n = counts[last] - counts[first]
    means: Floats = ((sums[last] - sums[first]) / np.maximum(n, 1)[:, None]).astype(np.float32)
    return means


def probabilities(said: Floats, heads: Heads) -> dict[str, Floats]:
    """Turn what tokens and words say (without the heads' constants) into probabilities, family by family."""
    return {
        family: calibrated(family, said[:, first : first + len(head.labels)] + head.bias, head)
        for family, (first, head) in heads.families.items()
    }


def calibrated(family: str, logits: Floats, head: Head) -> Floats:
    """Turn one family's logits (mentions, labels) into calibrated probabilities, to four decimals."""
    scaled = np.clip(head.slope * logits + head.offset, -30, 30).astype(np.float64)
    if family == SENTIMENT:
        raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        values = raised / raised.sum(axis=1, keepdims=True)
    else:
        values = 1 / (1 + np.exp(-scaled))
    rounded: Floats = np.round(values, 4).astype(np.float32)
    return rounded


def decide(
    says: Floats, passage: Passage, text: str, mentions: Sequence[tuple[int, int]], heads: Heads,
    shares: Mapping[str, Floats],
) -> list[Vote]:  # fmt: skip
    """Give every mention its sentiment and the tags whose probability reaches a threshold.

    Args:
        says: (tokens, labels) contributions.
        passage: the tokens that ``says`` has rows for.
        text: the document.
        mentions: start and end in characters.
        heads: calibration and thresholds.
        shares: `probabilities` of the mentions.
    """
    chosen = [
        (mention, family, at)
        for family, (_, head) in heads.families.items()
        for mention, at in (
            enumerate(shares[family].argmax(axis=1)) if family == SENTIMENT
            else np.argwhere(shares[family] >= np.minimum(head.unsure, head.yes))
        )
    ]  # fmt: skip
    if not chosen:
        return []
    rows = np.array([mention for mention, _, _ in chosen])
    columns = np.array([heads.families[family][0] + at for _, family, at in chosen])
    real = passage.offsets[:, 0] >= 0
    runs = strongest_runs(says, passage.spans[rows], columns, real, passage.telling)
    votes = []
    for (mention, family, at), run in zip(chosen, runs, strict=True):
        low, high = mentions[mention]
        if passage.spans[mention, 0] < passage.spans[mention, 1]:
            start, end = widen(text, *_characters(passage, run), low, high)
        else:
            start, end = low, high
        votes.append(_vote(int(mention), family, int(at), shares[family][mention], heads, (start, end)))
    return sorted(votes, key=lambda vote: vote.mention)


def _characters(passage: Passage, run: npt.NDArray[np.int64]) -> tuple[int, int]:
    return int(passage.offsets[run[0], 0]), int(passage.offsets[run[1], 1])


def _vote(mention: int, family: str, at: int, shares: Floats, heads: Heads, evidence: tuple[int, int]) -> Vote:
    head = heads.families[family][1]
    probability, label = float(shares[at]), head.labels[at]
    if family == SENTIMENT:
        expected = float(np.dot(shares, [int(name) for name in head.labels]) / 2)
        return Vote(mention, family, label, probability, round(min(1.0, max(-1.0, expected)), 4), "yes", *evidence)
    decision = "yes" if probability >= head.yes[at] else "unsure"
    return Vote(mention, family, label, probability, None, decision, *evidence)
