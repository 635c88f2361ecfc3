"""What customers experience, in one plain sentence that is made of what they say themselves."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from cxnlp.backlog.wording import as_told, clauses, grammar, words
from cxnlp.insight.telling import told
from cxnlp.mentions.reading import read

Floats = npt.NDArray[np.float32]

_N_CLAUSES: Final = 2
_LONGEST: Final = 200  # characters
_N_PARSED: Final = 20  # clauses of an item whose grammar is looked at

#: A clause must say at least so much of what the item's most telling word says.
_LEAST_WORTH: Final = 0.25
#: A clause with one telling word must have more words than this.
_FEW_WORDS: Final = 4
#: So many of the item's people, and this share of them, use a word that tells of it; else it is one person's story.
_LEAST_PEOPLE: Final = 3
_LEAST_SHARE: Final = 0.12
#: A clause's mention must be so near to what the item's mentions mean on average (cosine).
_LEAST_NEARNESS: Final = 0.55
#: The second clause must be at least so good beside the first.
_LEAST_BESIDE: Final = 0.4

_ENDING: Final = re.compile(r"(?<=\w{3})(?:'s|ing|ies|es|ed|y|s|e|d)$")
_NAMES: Final = re.compile(r"\b[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")


class Sentence(NamedTuple):
    """A sentence, and the mentions that its clauses stand in."""

    text: str
    mention_ids: tuple[str, ...]


class _Clause(NamedTuple):
    worth: float
    text: str
    mention_id: str
    person: str
    stems: frozenset[str]


@dataclass(frozen=True)
class _Heard:
    """Who uses which word, of everybody."""

    people: Mapping[str, set[str]]  # word or run of words with capitals → who writes it
    n_people: int

    @classmethod
    def of(cls, sayings: Iterable[tuple[str, str]]) -> "_Heard":
        """Read (person, text)."""
        people: dict[str, set[str]] = defaultdict(set)
        everyone = set()
        for person, text in sayings:
            everyone.add(person)
            for word in (*map(_family, words(text)), *_NAMES.findall(text.replace("’", "'"))):
                people[word].add(person)
        return cls(people, len(everyone))

    def shares(self, clause: str, least_group: int) -> bool:
        """Whether each word that tells something, and each name, is one that so many people write."""
        return all(
            len(self.people.get(word, ())) >= least_group
            for word in (*(_family(word) for word in words(clause) if _tells(word)), *_names(clause))
        )


def sentences(
    sayings: pl.DataFrame, meanings: pl.DataFrame, items: Mapping[str, bool], least_group: int
) -> dict[str, Sentence]:
    """Return a sentence for each item of which some clause can speak for all; others have none.

    It has up to two clauses of two people, as they said them, told in the third person. Those are chosen that say most
    of what many of the item's people say and few others (class-based TF-IDF, counted in people), and little else, and
    mean what the item's sayings mean on average. Each word that tells something is written by ``least_group`` people or
    more.

    Args:
        sayings: columns ``mention_id``, ``person_key``, ``quote``, ``is_negative``, ``item_ids``, one row a mention.
        meanings: columns ``mention_id``, ``vector``; a mention without one is as typical as any.
        items: item_id → whether only negative mentions tell of it.
        least_group: a word of fewer people is in no sentence.
    """
    rows = list(sayings.select("mention_id", "person_key", "quote", "is_negative", "item_ids").iter_rows())
    heard = _Heard.of((person, quote) for _, person, quote, _, _ in rows)
    stems = {mention_id: _stems(quote) for mention_id, _, quote, _, _ in rows}
    everyone = _users((person, stems[mention_id]) for mention_id, person, *_ in rows)
    own: dict[str, list[tuple[str, str, str]]] = {item_id: [] for item_id in items}
    for mention_id, person, quote, is_negative, item_ids in rows:
        for item_id in item_ids:
            if item_id in own and (is_negative or not items[item_id]):
                own[item_id].append((mention_id, person, quote))
    vectors = dict(zip(meanings["mention_id"], meanings["vector"].to_numpy().astype(np.float32), strict=True))
    ranked = {}
    for item_id, said in own.items():
        users = _users((person, stems[mention_id]) for mention_id, person, _ in said)
        worth = _worth(users, everyone, heard.n_people)
        typical = _typical([mention_id for mention_id, *_ in said], vectors)
        ranked[item_id] = _ranked(said, worth, typical, heard, least_group)[:_N_PARSED]
    kinds = _grammar(clause.text for found in ranked.values() for clause in found)
    capitals = _capitals(quote for _, _, quote, _, _ in rows)
    found_of = {
        item_id: _told(_choose([clause for clause in found if kinds[clause.text]]), kinds, capitals)
        for item_id, found in ranked.items()
    }
    return {item_id: sentence for item_id, sentence in found_of.items() if sentence is not None}


def _told(chosen: Sequence[_Clause], kinds: Mapping[str, str], capitals: frozenset[str]) -> Sentence | None:
    """The sentence of the chosen clauses; None without any."""
    parts = [
        ("that " if kinds[clause.text] == "clause" else "") + _lowered(as_told(clause.text), capitals)
        for clause in chosen
    ]  # fmt: skip
    if not parts:
        return None
    return Sentence(f"Customers report {', and '.join(parts)}.", tuple(clause.mention_id for clause in chosen))


def _grammar(texts: Iterable[str]) -> dict[str, str]:
    """What each clause is, as the parser sees it."""
    asked = sorted(set(texts))
    return dict(zip(asked, read(asked, grammar), strict=True)) if asked else {}


def _users(sayings: Iterable[tuple[str, frozenset[str]]]) -> dict[str, set[str]]:
    people: dict[str, set[str]] = defaultdict(set)
    for person, stems in sayings:
        for stem in stems:
            people[stem].add(person)
    return people


def _worth(own: Mapping[str, set[str]], everyone: Mapping[str, set[str]], n_everyone: int) -> dict[str, float]:
    """How much each stem tells of the item, 0 … 1; only of those that two of its people use, more often than all."""
    n_own = len(set[str]().union(*own.values()))
    least = max(_LEAST_PEOPLE, _LEAST_SHARE * n_own)
    worth = {}
    for stem, people in own.items():
        share, usual = len(people) / n_own, (len(everyone[stem]) + 1) / (n_everyone + 1)
        if len(people) >= least and share > 1.5 * usual:
            worth[stem] = share * log(share / usual)
    most = max(worth.values(), default=1.0)
    return {stem: value / most for stem, value in worth.items()}


def _typical(mention_ids: Sequence[str], vectors: Mapping[str, Floats]) -> dict[str, float]:
    """How near each mention is to what all of them mean on average, -1 to 1."""
    known = [mention_id for mention_id in mention_ids if mention_id in vectors]
    if not known:
        return {}
    meant = np.stack([vectors[mention_id] for mention_id in known])
    meant /= np.linalg.norm(meant, axis=1, keepdims=True)
    middle = meant.mean(axis=0)
    return dict(zip(known, meant @ (middle / np.linalg.norm(middle)), strict=True))


def _ranked(
    said: Iterable[tuple[str, str, str]],
    worth: Mapping[str, float],
    typical: Mapping[str, float],
    heard: _Heard,
    least_group: int,
) -> list[_Clause]:
    found = []
    for mention_id, person, quote in said:
        nearness = typical.get(mention_id, 1.0)
        if nearness < _LEAST_NEARNESS:
            continue
        for text in clauses(quote):
            stems = _stems(text)
            value = sum(worth.get(stem, 0.0) for stem in stems)
            is_telling = value >= _LEAST_WORTH and (len(stems) > 1 or len(words(text)) > _FEW_WORDS)
            if is_telling and heard.shares(text, least_group):
                n_alone = sum(stem not in worth for stem in stems)
                found.append(
                    _Clause(nearness * value / sqrt(1 + len(stems) + 2 * n_alone), text, mention_id, person, stems)
                )
    return sorted(found, key=lambda clause: (-clause.worth, clause.mention_id, clause.text))


def _choose(ranked: list[_Clause]) -> list[_Clause]:
    """The best clause, and the best one beside it that says something else."""
    chosen: list[_Clause] = []
    for clause in ranked:
        if len(chosen) == _N_CLAUSES:
            break
        is_other = all(clause.person != one.person and clause.stems.isdisjoint(one.stems) for one in chosen)
        is_good = not chosen or clause.worth >= _LEAST_BESIDE * chosen[0].worth
        if is_other and is_good and sum(len(one.text) for one in (*chosen, clause)) <= _LONGEST:
            chosen.append(clause)
    return chosen


def _capitals(quotes: Iterable[str]) -> frozenset[str]:
    """Words that are mostly written with a capital where no sentence begins: names."""
    counts: Counter[tuple[str, bool]] = Counter()
    for quote in quotes:
        for match in re.finditer(r"(?<=[a-z,] )[^\W\d_]+", quote):
            if not (match[0].isupper() and len(match[0]) > 1):
                counts[match[0].lower(), match[0][0].isupper()] += 1
    return frozenset(word for word, is_name in counts if is_name and counts[word, True] > counts[word, False])


def _lowered(clause: str, capitals: frozenset[str]) -> str:
    """The clause as it stands within a sentence: its first word keeps its capital only when it is a name."""
    first = clause.split(maxsplit=1)[0]
    is_name = words(clause)[0] in capitals or (first.isupper() and len(first) > 1)
    return clause if is_name else clause[0].lower() + clause[1:]


def _names(clause: str) -> list[str]:
    """Runs of words with capitals, without a first word that has its capital from where it stands."""
    found = []
    for run in _NAMES.findall(clause):
        name = run.split(" ", 1)[-1] if run.split(" ", 1)[0].lower() in told() and clause.startswith(run) else run
        if name.lower() not in told() and not name.startswith(("I'", "I ")):
            found.append(name)
    return found


def _stems(text: str) -> frozenset[str]:
    from cxnlp.insight.themes.naming import stems

    return frozenset(stems(text))


def _family(word: str) -> str:
    """The word without its ending: "charge", "charged" and "charges" are one."""
    return _ENDING.sub("", word)


def _tells(word: str) -> bool:
    return len(word) > 2 and word not in told()
