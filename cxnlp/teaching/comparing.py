"""Is the new model better for these people? Both judge the same mentions, and documents are drawn anew many times."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from cxnlp.tags.artefacts import Head
from cxnlp.tags.decide import SENTIMENT
from cxnlp.teaching.fitting import Space
from cxnlp.teaching.judged import Judged
from cxnlp.teaching.learning import Floats

RULE: Final = (
    "micro-F1 over all tag families must not fall, and must not fall in more than one in five of {n} resamples of the "
    "documents; decisions spoilt must not outnumber those mended beyond chance (McNemar, 5 %); the sentiment's sign "
    "must not be worse beyond chance (95 %)."
)
_RESAMPLES: Final = 1_000
_MOST_WORSE: Final = 0.2
_CHANCE: Final = 0.05
Measure = tuple[float, float, float, float]  # before, after, and the 95 % interval of the difference


@dataclass(frozen=True)
class Comparison:
    """Both models on the judged mentions."""

    measures: Mapping[str, Measure]
    worse_share: float  # of resamples in which micro-F1 falls
    mended: int
    spoilt: int
    p: float  # McNemar, exact, two-sided

    @property
    def reasons(self) -> list[str]:
        """Why the new model is not promoted; none where it may be."""
        found = []
        before, after, _, _ = self.measures[MICRO]
        if not self.mended and not self.spoilt:
            found.append("no decision changes")
        if after < before:
            found.append(f"micro-F1 falls from {before:.3f} to {after:.3f}")
        if self.worse_share > _MOST_WORSE:
            found.append(f"micro-F1 falls in {self.worse_share:.0%} of the resamples (at most {_MOST_WORSE:.0%})")
        if self.spoilt > self.mended and self.p < _CHANCE:
            found.append(f"{self.spoilt} decisions are spoilt and {self.mended} mended (p = {self.p:.3f})")
        if self.measures[SIGN][3] < 0:
            found.append("the sentiment's sign is worse")
        return found


MICRO: Final = "micro-F1 of all tags"
ALIKE: Final = "micro-F1 of all tags, each judged mention weighing alike"
SIGN: Final = "accuracy of the sentiment's sign"


def rule() -> str:
    """Return the test for promotion in words."""
    return RULE.format(n=f"{_RESAMPLES:,}")


def decisions(space: Space, shares: Floats, heads: Mapping[str, Head]) -> dict[str, Floats]:
    """Return what probabilities (mentions, labels) decide: 1 where it is yes; of the strengths the likeliest."""
    found = {}
    for family, columns in space.families.items():
        said = np.round(shares[:, columns], 4)
        if family == SENTIMENT:
            found[family] = np.eye(said.shape[1])[said.argmax(1)]
        else:
            found[family] = (said >= heads[family].yes).astype(float)
    return found


def compare(judged: Judged, before: Mapping[str, Floats], after: Mapping[str, Floats], seed: int = 5) -> Comparison:
    """Compare two models' decisions (family → (mentions, labels)) with what people said; ties are yes."""
    wanted = {family: np.where(np.isnan(truth), np.nan, truth >= 0.5) for family, truth in judged.truth.items()}
    tags = [family for family in wanted if family != SENTIMENT]
    one, other, true = (np.concatenate([said[f] for f in tags], axis=1) for said in (before, after, wanted))
    right_before, right_after = one == true, other == true
    asked = ~np.isnan(true)
    mended = int((right_after & ~right_before & asked).sum())
    spoilt = int((right_before & ~right_after & asked).sum())
    p = float(binomtest(mended, mended + spoilt).pvalue) if mended + spoilt else 1.0
    draws = _draws(judged.owner, seed)
    weighted = [_counts(said, true, judged.weight) for said in (one, other)]
    alike = [_counts(said, true, np.ones(len(judged))) for said in (one, other)]
    signs = [_signs(said[SENTIMENT], judged) for said in (before, after)]
    measures, drawn = {}, {}
    for name, (first, second), measure in ((MICRO, weighted, _f1), (ALIKE, alike, _f1), (SIGN, signs, _share)):
        every = np.ones((1, len(judged)))
        gap = measure(draws @ second) - measure(draws @ first)
        low, high = np.percentile(gap, [2.5, 97.5])
        measures[name] = (float(measure(every @ first)[0]), float(measure(every @ second)[0]), float(low), float(high))
        drawn[name] = gap
    return Comparison(measures, float((drawn[MICRO] < 0).mean()), mended, spoilt, p)


def _counts(said: Floats, true: Floats, weight: Floats) -> Floats:
    """Right, said and true of each mention (mentions, 3)."""
    asked = ~np.isnan(true)
    wanted = np.nan_to_num(true)
    return np.asarray(
        weight[:, None] * np.stack([(said * wanted * asked).sum(1), (said * asked).sum(1), wanted.sum(1)], axis=1)
    )


def _signs(said: Floats, judged: Judged) -> Floats:
    """Agreed and asked of each mention (mentions, 2)."""
    truth = judged.truth[SENTIMENT]
    asked = ~np.isnan(truth).any(1)
    strengths = np.arange(truth.shape[1]) - truth.shape[1] // 2
    same = np.sign(strengths[said.argmax(1)]) == np.sign(strengths[np.nan_to_num(truth).argmax(1)])
    return np.asarray(judged.weight[:, None] * np.stack([same & asked, asked], axis=1))


def _f1(counts: Floats) -> Floats:
    right, said, true = counts.T
    return np.asarray(2 * right / np.maximum(said + true, 1e-12))


def _share(counts: Floats) -> Floats:
    return np.asarray(counts[:, 0] / np.maximum(counts[:, 1], 1e-12))


def _draws(owner: npt.NDArray[np.int64], seed: int) -> Floats:
    """How often each mention is in each resample of the documents (resamples, mentions)."""
    _, places = np.unique(owner, return_inverse=True)
    n = int(places.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=_RESAMPLES)
    return np.asarray(drawn[:, places], dtype=float)
