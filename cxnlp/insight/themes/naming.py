"""A theme's name: the words that several of its people use and few others, as they write them.

Class-based TF-IDF (Grootendorst 2022, "BERTopic"), counted in people instead of words: the share of a theme's people
who use a run of words, times the logarithm of how much larger that share is than among all who speak on the ground.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from cxnlp.insight.telling import told

N_TERMS: Final = 3
LONGEST: Final = 60  # characters of a name
_LONGEST_RUN: Final = 3  # words
_BETWEEN: Final = ", "  # terms

#: A term must be used by so many people of a theme, by this share of them, and so many times as often as by all who
#: speak; one that fewer use than would make a theme must stand out more.
_LEAST_USERS: Final = 3
_LEAST_SHARE: Final = 0.15
_LEAST_TIMES: Final = 1.5
_LEAST_TIMES_OF_FEW: Final = 4

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
    writers: Mapping[str, set[str]]  # spelling of a run in small letters → people

    @classmethod
    def of(cls, sayings: Sequence[Saying]) -> "Usage":
        """Read what people say."""
        people: dict[Run, set[str]] = defaultdict(set)
        spellings: dict[Run, Counter[str]] = defaultdict(Counter)
        writers: dict[str, set[str]] = defaultdict(set)
        for saying in sayings:
            for run, spelling in _runs(saying.text):
                people[run].add(saying.person)
                spellings[run][spelling] += 1
                writers[spelling.lower()].add(saying.person)
        return cls(len({saying.person for saying in sayings}), people, spellings, writers)

    def share(self, run: Run) -> float:
        """Share of the people who use ``run``; one more person than there are does, who stands for the unheard."""
        return (len(self.people.get(run, ())) + 1) / (self.n_people + 1)

    def written(self, run: Run, allowed: Callable[[str], bool]) -> str | None:
        """How most write ``run``, of the ways that are allowed; None where there is no such way."""
        common = [(n, spelling) for spelling, n in self.spellings[run].items() if allowed(spelling)]
        return max(common)[1] if common else None


def names(
    themes: Mapping[str, Sequence[Saying]], ground: Sequence[Saying], least_people: int, taken: str = ""
) -> dict[str, str | None]:
    """Return a name for each theme, up to three terms with commas between; None where no term is shared enough.

    A term is a word, or words in a row, that many write just so: if not in the theme, on the ground. So it cannot tell
    who it was; two words that many use can be one person's name.

    Args:
        themes: theme_id → what its people said.
        ground: what people said about the same ground, of the theme or not.
        least_people: each term must be written by so many people who speak on the ground.
        taken: words that name the ground itself; they are not said again where there are others.
    """
    everyone = Usage.of(ground)
    known = {_stem(word) for word in _WORD.findall(taken.lower())}
    return {theme: _name(Usage.of(sayings), everyone, least_people, known) for theme, sayings in themes.items()}


def holds(name: str | None, sayings: Sequence[Saying], ground: Sequence[Saying], least_people: int) -> bool:
    """Whether each term of a name is still one that so many people write, of the theme or on the ground."""
    if name is None:
        return False
    users: dict[str, set[str]] = {term.lower(): set() for term in name.split(_BETWEEN)}
    for saying in (*sayings, *ground):
        for _, spelling in _runs(saying.text):
            if spelling.lower() in users:
                users[spelling.lower()].add(saying.person)
    return all(len(people) >= least_people for people in users.values())


def stems(text: str) -> set[str]:
    """Return the stems of the words of ``text`` that tell something."""
    words = (match[0].lower().replace("’", "'") for match in _WORD.finditer(_NOTHING.sub(" . ", text)))
    return {_stem(word) for word in words if _tells(word)}


def _name(usage: Usage, everyone: Usage, least_people: int, known: set[str]) -> str | None:
    def is_common(spelling: str) -> bool:
        term = spelling.lower()
        return len(usage.writers.get(term, set()) | everyone.writers.get(term, set())) >= least_people

    least = max(_LEAST_USERS, _LEAST_SHARE * usage.n_people)
    worth = {
        run: usage.share(run) * log(usage.share(run) / everyone.share(run))
        for run, who in usage.people.items()
        if len(who) >= least
        and usage.share(run) >= _times(len(who), least_people) * everyone.share(run)
        and usage.written(run, is_common)
    }
    found = _terms(worth, usage, is_common, known) or _terms(worth, usage, is_common, set())
    return _BETWEEN.join(found) or None


def _terms(worth: Mapping[Run, float], usage: Usage, is_common: Callable[[str], bool], known: set[str]) -> list[str]:
    """The runs that are worth most, as they are written; none with a word that is known or said by one before."""
    chosen: list[str] = []
    said = set(known)
    for run in sorted(worth, key=lambda run: (-worth[run], run)):
        if len(chosen) == N_TERMS:
            break
        whole = _fullest(run, worth, usage)
        term = usage.written(whole, is_common)
        if term and said.isdisjoint(whole) and len(_BETWEEN.join([*chosen, term])) <= LONGEST:
            chosen.append(term)
            said.update(whole)
    return chosen


def _times(n_users: int, least_people: int) -> float:
    return _LEAST_TIMES if n_users >= least_people else _LEAST_TIMES_OF_FEW


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
    tells = [_tells(word) for *_, word in words]
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


def _tells(word: str) -> bool:
    return len(word) > 2 and word not in told()


def _stem(word: str) -> str:
    """Enough of a word to see that "bag" and "bags", "delayed" and "delays" are the same."""
    word = word.removesuffix("'s")
    return word[:5] if len(word) > 5 else word.removesuffix("es").removesuffix("s")
