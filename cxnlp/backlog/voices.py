"""What is said of each item: by whom, in which words of its own, and what it means on average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from cxnlp.backlog.usage import stems, users
from cxnlp.tags.questions import Question

Floats = npt.NDArray[np.float32]

#: A word that tells of the item is used by so many of its people, and by this share of them, more often than by others.
_LEAST_PEOPLE: Final = 3
_LEAST_SHARE: Final = 0.03
_LEAST_TIMES: Final = 1.5
#: Words that tell so much of it, 0 to 1, are what all speak of.
_COMMON: Final = 0.5


class Item(NamedTuple):
    """What an item is evidence of."""

    kind: str
    label: str
    polarity: str | None

    @property
    def is_complaint(self) -> bool:
        """Whether only negative mentions tell of it."""
        return self.kind != "signal"

    @property
    def is_wish(self) -> bool:
        """Whether its people ask for something."""
        return (self.kind, self.label) == ("signal", "suggestion")

    @property
    def is_danger(self) -> bool:
        """Whether its people speak of a danger, the law, a regulator or the press: nothing of it is told anew."""
        return (self.kind, self.label) == ("signal", "crisis")

    def sure(self, question: Question) -> float:
        """How probable it is that a phrase by itself says the item's label."""
        sought = (self.kind, self.label, self.polarity if self.kind == "unmeasurable" else None)
        found = (one.probability for one in question.labels if (one.family, one.label, one.polarity) == sought)
        return max(found, default=0.0)


class Said(NamedTuple):
    """A mention."""

    mention_id: str
    person: str
    quote: str


@dataclass(frozen=True)
class Own:
    """An item and what is said of it."""

    item: Item
    said: Sequence[Said]
    worth: Mapping[str, float]  # stem → how much it tells of the item, 0 … 1
    meant: Floats  # vectors of length 1 (mentions, width); zeros where one is not known
    middle: Floats  # their mean, of length 1
    encoder_version: str  # what made the vectors

    @cached_property
    def n_people(self) -> int:
        """How many speak of it."""
        return len({one.person for one in self.said})

    def topic(self, text: str) -> float:
        """How much the words of a text tell of the item, 0 … 1."""
        return min(1.0, sum(self.worth.get(stem, 0.0) for stem in stems(text)))

    @cached_property
    def common(self) -> frozenset[str]:
        """The stems that tell most of it: what all speak of."""
        return frozenset(stem for stem, worth in self.worth.items() if worth >= _COMMON)

    @cached_property
    def nearness(self) -> float:
        """How near half of its mentions, or more, are to what they mean on average, 0 … 1."""
        return float(np.median(np.maximum(self.meant @ self.middle, 0)))

    def near(self, vector: Floats) -> float:
        """How near a vector is to what its mentions mean on average, 0 … 1; what is not known is half-way."""
        return max(0.0, float(vector @ self.middle)) if vector.any() else 0.5

    def meaning(self, question: Question) -> Floats:
        """A phrase's vector, of length 1; zeros where it cannot be held against those of the mentions."""
        return unit(question) if question.encoder_version == self.encoder_version else np.zeros_like(self.middle)


def unit(question: Question) -> Floats:
    """What a phrase means, as a vector of length 1."""
    vector = np.asarray(question.vector, dtype=np.float32)
    return vector / max(float(np.linalg.norm(vector)), 1.0)


def said_of(
    rows: Sequence[tuple[str, str, str, bool, list[str]]], meanings: pl.DataFrame, items: Mapping[str, Item]
) -> dict[str, Own]:
    """Return what is said of each item; see `cxnlp.backlog.sentences.sentences`."""
    said: dict[str, list[Said]] = {item_id: [] for item_id in items}
    for mention_id, person, quote, is_negative, item_ids in rows:
        for item_id in item_ids:
            if item_id in items and (is_negative or not items[item_id].is_complaint):
                said[item_id].append(Said(mention_id, person, quote))
    everyone = users((person, stems(quote)) for _, person, quote, _, _ in rows)
    n_people = len({person for _, person, *_ in rows})
    vectors = meanings["vector"].to_numpy().astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1)
    place = {mention_id: at for at, mention_id in enumerate(meanings["mention_id"])}
    nothing = np.zeros(vectors.shape[1], dtype=np.float32)
    version = meanings["encoder_version"][0] if meanings.height else ""
    found = {}
    for item_id, some in said.items():
        if not some:
            continue
        meant = np.stack([vectors[place[one.mention_id]] if one.mention_id in place else nothing for one in some])
        middle = meant.mean(axis=0)
        worth = _worth(users((one.person, stems(one.quote)) for one in some), everyone, n_people)
        length = max(float(np.linalg.norm(middle)), 1e-6)
        found[item_id] = Own(items[item_id], some, worth, meant, middle / length, version)
    return found


def _worth(own: Mapping[str, set[str]], everyone: Mapping[str, set[str]], n_everyone: int) -> dict[str, float]:
    """How much each stem tells of the item, 0 … 1; only of those that some of its people use, more often than all."""
    n_own = len(set[str]().union(*own.values()))
    least = max(_LEAST_PEOPLE, _LEAST_SHARE * n_own)
    worth = {}
    for stem, people in own.items():
        share, usual = len(people) / n_own, (len(everyone[stem]) + 1) / (n_everyone + 1)
        if len(people) >= least and share > _LEAST_TIMES * usual:
            worth[stem] = share * log(share / usual)
    most = max(worth.values(), default=1.0)
    return {stem: value / most for stem, value in worth.items()}
