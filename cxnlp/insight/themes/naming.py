"""A theme's name: the words that several of its people use and few others, as they write them.

Class-based TF-IDF (Grootendorst 2022, "BERTopic"), counted in people instead of words: the share of a theme's people
who use a run of words, times the logarithm of how much larger that share is than among all who speak on the ground.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from cxnlp.insight.telling import told

N_TERMS: Final = 3
LONGEST: Final = 60  # characters of a name
_LONGEST_RUN: Final = 3  # words

#: A term must be used by this share of a theme's people, and so many times as often as by all who speak.
_LEAST_SHARE: Final = 0.1
_LEAST_TIMES: Final = 1.5

#: A longer run takes the place of a shorter one within it when this share of the people who use the shorter one say it.
_SAME_SHARE: Final = 0.5

_NOTHING: Final = re.compile(r"\[[^\]\n]{0,40}\]|<[A-Z_ ]{2,30}>|https?://\S+|[@#]\w+|&\w+;")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

Run = tuple[str, ...]  # stems of neighbouring words: "lost bags" and "lost bag" are one


@dataclass(frozen=True)
class Saying:
    """What one person said once, masked."""

    person: str
    text: str


@dataclass(frozen=True)
class Usage:
    """Who uses which run of words, and how they write it."""

    n_people: int
    people: Mapping[Run, set[str]]
    spellings: Mapping[Run, Counter[str]]
    of_words: Mapping[str, set[str]]  # word in small letters → people

    @classmethod
    def of(cls, sayings: Sequence[Saying]) -> "Usage":
        """Read what people say."""
        people: dict[Run, set[str]] = defaultdict(set)
        spellings: dict[Run, Counter[str]] = defaultdict(Counter)
        of_words: dict[str, set[str]] = defaultdict(set)
        for saying in sayings:
            for run, spelling in _runs(saying.text):
                people[run].add(saying.person)
                spellings[run][spelling] += 1
                for word in _WORD.findall(spelling.lower()):
                    of_words[word].add(saying.person)
        return cls(len({saying.person for saying in sayings}), people, spellings, of_words)

    def share(self, run: Run) -> float:
        """Share of the people who use ``run``; one more person than there are does, who stands for the unheard."""
        return (len(self.people.get(run, ())) + 1) / (self.n_people + 1)

    def written(self, run: Run, least_people: int) -> str | None:
        """How most write ``run``, in words that each so many people use; None where no way is that common."""
        common = [
            (n, spelling)
            for spelling, n in self.spellings[run].items()
            if all(len(self.of_words[word]) >= least_people for word in _WORD.findall(spelling.lower()))
        ]
        return max(common)[1] if common else None


def names(
    themes: Mapping[str, Sequence[Saying]], ground: Sequence[Saying], least_people: int, taken: str = ""
) -> dict[str, str | None]:
    """Return a name for each theme, up to three terms with commas between; None where no term is shared enough.

    Args:
        themes: theme_id → what its people said.
        ground: what people said about the same ground, of the theme or not.
        least_people: a term must be used by so many people of the theme: rarer words could tell who it was.
        taken: words that name the ground itself; they are not said again.
    """
    everyone = Usage.of(ground)
    known = {_stem(word) for word in _WORD.findall(taken.lower())}
    return {theme: _name(Usage.of(sayings), everyone, least_people, known) for theme, sayings in themes.items()}


def holds(name: str | None, sayings: Sequence[Saying], least_people: int) -> bool:
    """Whether each word of a name is still used by so many people."""
    if name is None:
        return False
    users: dict[str, set[str]] = {word: set() for word in _WORD.findall(name.lower())}
    for saying in sayings:
        for word in users.keys() & set(_WORD.findall(saying.text.lower())):
            users[word].add(saying.person)
    return all(len(people) >= least_people for people in users.values())


def _name(usage: Usage, everyone: Usage, least_people: int, known: set[str]) -> str | None:
    least = max(least_people, _LEAST_SHARE * usage.n_people)
    worth = {
        run: usage.share(run) * log(usage.share(run) / everyone.share(run))
        for run, who in usage.people.items()
        if len(who) >= least and usage.share(run) >= _LEAST_TIMES * everyone.share(run)
    }
    chosen: list[str] = []
    stems = set(known)
    for run in sorted(worth, key=lambda run: (-worth[run], run)):
        if len(chosen) == N_TERMS:
            break
        whole = _fullest(run, worth, usage)
        term = usage.written(whole, least_people)
        if term and stems.isdisjoint(whole) and len(", ".join([*chosen, term])) <= LONGEST:
            chosen.append(term)
            stems.update(whole)
    return ", ".join(chosen) or None


def _fullest(run: Run, worth: Mapping[Run, float], usage: Usage) -> Run:
    """The longest run around ``run`` that most of its people say ("wheelchair assistance" for "wheelchair")."""
    n_people = len(usage.people[run])
    wider = [
        other
        for other in worth
        if _is_within(run, other) and len(usage.people[other]) >= _SAME_SHARE * n_people
    ]  # fmt: skip
    return max(wider, key=lambda other: (len(other), len(usage.people[other]), other))


def _is_within(run: Run, other: Run) -> bool:
    return any(other[at : at + len(run)] == run for at in range(len(other) - len(run) + 1))


def _runs(text: str) -> Iterator[tuple[Run, str]]:
    """Words, and runs of neighbouring words that begin and end with one that tells something; with their spelling."""
    plain = _NOTHING.sub(" . ", text)
    words = [(match.start(), match.end(), match[0].lower().replace("’", "'")) for match in _WORD.finditer(plain)]
    tells = [len(word) > 2 and word not in told() for *_, word in words]
    for first, (start, previous, _) in enumerate(words):
        if not tells[first]:
            continue
        until = previous
        for last in range(first, min(first + _LONGEST_RUN, len(words))):
            begin, end, _ = words[last]
            if last > first and plain[until:begin].strip(" -"):
                break
            until = end
            if tells[last]:
                is_start = not plain[:start].strip() or plain[:start].rstrip()[-1] in ".!?"
                run = tuple(_stem(word) for *_, word in words[first : last + 1])
                yield run, _as_written(plain[start:end], is_start=is_start)


def _as_written(spelling: str, *, is_start: bool) -> str:
    """Names keep their capitals; shouting and the first word of a sentence lose them."""
    line = " ".join(spelling.split())
    return line.lower() if is_start or line.isupper() else line


def _stem(word: str) -> str:
    """Enough of a word to see that "bag" and "bags", "delayed" and "delays" are the same."""
    word = word.removesuffix("'s")
    return word[:5] if len(word) > 5 else word.removesuffix("es").removesuffix("s")
