"""Rules vote beside the model, for what must never be missed: the taxonomy's cues for crises and leaving customers.

A cue votes with the precision that was measured on labelled mentions; cues that were wrong too often keep silent.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cxnlp.taxonomy import Taxonomy, words

#: Family and label that rules may vote on.
VOTED: Final = (("signal", "crisis"), ("signal", "churn"), ("signal", "suggestion"))
LEAST_PRECISION: Final = 0.6
_PRIOR_HITS: Final = 3  # how much a cue's own record weighs against its label's: as if seen so often at that rate
_REACH: Final = 3  # words before a cue in which a negation takes it back
_NEGATIONS: Final = frozenset({"not", "no", "never", "cannot", "without", "hardly"})
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Hit:
    """A cue that stands in a mention; ``start`` and ``end`` count characters of the mention's text."""

    family: str
    label: str
    cue: str
    start: int
    end: int


def find(text: str, cues: Mapping[tuple[str, ...], tuple[str, str]], longest: int) -> Iterator[Hit]:
    """Yield the cues in ``text`` that no negation takes back."""
    places = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    found = [text[start:end].casefold().replace("’", "'") for start, end in places]
    for at in range(len(found)):
        for size in range(1, min(longest, len(found) - at) + 1):
            cue = tuple(found[at : at + size])
            if cue in cues and not _taken_back(found, at):
                yield Hit(*cues[cue], " ".join(cue), places[at][0], places[at + size - 1][1])


def _taken_back(found: list[str], at: int) -> bool:
    before = found[max(0, at - _REACH) : at]
    return any(word in _NEGATIONS or word.endswith("n't") for word in before) and "only" not in before


@dataclass(frozen=True)
class Rules:
    """The cues that may vote, each with its precision."""

    cues: Mapping[tuple[str, ...], tuple[str, str]]  # words → family, label
    precision: Mapping[tuple[str, str, str], float]  # family, label, cue → 0 … 1
    longest: int

    @classmethod
    def of(cls, taxonomy: Taxonomy, measured: Mapping[str, Any]) -> "Rules":
        """Keep the cues of ``taxonomy`` that are right often enough.

        Args:
            taxonomy: whose cues.
            measured: ``{family: {label: {"precision": share, "cues": {cue: [times found, times right]}}}}``; a cue
                that was never found counts as its label does.
        """
        cues: dict[tuple[str, ...], tuple[str, str]] = {}
        precision: dict[tuple[str, str, str], float] = {}
        for (family, label), phrases in _voted(taxonomy).items():
            record = measured.get(family, {}).get(label)
            if record is None:
                continue
            for phrase in phrases:
                key = words(phrase)
                n, right = record["cues"].get(" ".join(key), (0, 0))
                share = (right + _PRIOR_HITS * record["precision"]) / (n + _PRIOR_HITS)
                if share >= LEAST_PRECISION:
                    cues[key] = (family, label)
                    precision[family, label, " ".join(key)] = round(share, 4)
        return cls(cues, precision, max(map(len, cues), default=0))

    def votes(self, text: str) -> list[tuple[Hit, float]]:
        """Return each label's best cue in ``text`` with its precision."""
        best: dict[tuple[str, str], tuple[Hit, float]] = {}
        for hit in find(text, self.cues, self.longest):
            share = self.precision[hit.family, hit.label, hit.cue]
            if share > best.get((hit.family, hit.label), (hit, 0.0))[1]:
                best[hit.family, hit.label] = (hit, share)
        return list(best.values())


def measure(taxonomy: Taxonomy, mentions: Iterator[tuple[str, Mapping[str, list[str]]]]) -> dict[str, Any]:
    """Count how often each cue is right.

    Args:
        taxonomy: whose cues.
        mentions: text of each labelled mention and its labels by family.
    """
    voted = _voted(taxonomy)
    cues = {words(phrase): label for label, phrases in voted.items() for phrase in phrases}
    longest = max(map(len, cues), default=0)
    counts: dict[tuple[str, str], dict[str, list[int]]] = {label: {} for label in voted}
    for text, labels in mentions:
        for family, label, cue in {(h.family, h.label, h.cue) for h in find(text, cues, longest)}:
            count = counts[family, label].setdefault(cue, [0, 0])
            count[0] += 1
            count[1] += label in labels.get(family, [])
    measured: dict[str, Any] = {}
    for (family, label), found in counts.items():
        n, right = (sum(count[at] for count in found.values()) for at in (0, 1))
        record = {"precision": round((right + 1) / (n + 2), 4), "n_found": n, "n_right": right}
        measured.setdefault(family, {})[label] = record | {"cues": dict(sorted(found.items()))}
    return measured


def _voted(taxonomy: Taxonomy) -> dict[tuple[str, str], tuple[str, ...]]:
    found = {}
    for family, label in VOTED:
        if label in taxonomy.labels(family):  # type: ignore[arg-type]
            found[family, label] = taxonomy.cues(family).get((label, None), ())  # type: ignore[arg-type]
    return found
