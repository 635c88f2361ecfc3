"""Which words and names enough people write: only these may stand in what is told of all."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from cxnlp.backlog.wording import words
from cxnlp.feedback.masking.lexicon import Known, lookup
from cxnlp.insight.telling import told

_ENDING: Final = re.compile(r"(?<=\w{3})(?:'s|ingly|edly|ness|ing|ies|ied|es|ed|ly|y|s|e|d)$")
_DOUBLED: Final = re.compile(r"(?<=\w\w)([bdfgklmnprt])\1$")
#: A word of complaints is so many times as frequent in them as elsewhere (odds).
_TIMES_BAD: Final = 2.0
_SHORT: Final = 2  # letters of words that name nothing
_WORDS: Final = Path(__file__).with_name("judging_words.txt")
MISSING: Final = frozenset({"lack", "less", "no", "nobody", "nothing", "without"})
_NAMES: Final = re.compile(r"\b[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")


@dataclass(frozen=True)
class Heard:
    """Who uses which word, of everybody, and which words are names."""

    people: Mapping[str, set[str]]  # word without its ending, or run of words with capitals → who writes it
    capitals: frozenset[str]  # words that are mostly written with a capital where no sentence begins
    bad: frozenset[str]  # words without their endings that are written in complaints rather than elsewhere

    @classmethod
    def of(cls, sayings: Iterable[tuple[str, str, bool]]) -> "Heard":
        """Read (person, text, whether it is negative)."""
        people: dict[str, set[str]] = defaultdict(set)
        counts: Counter[tuple[str, bool]] = Counter()
        tones: Counter[tuple[str, bool]] = Counter()
        n_sayings: Counter[bool] = Counter()
        for person, text, is_negative in sayings:
            families = set(map(_family, words(text)))
            tones.update((word, is_negative) for word in families)
            n_sayings[is_negative] += 1
            for word in (*families, *_NAMES.findall(text.replace("’", "'"))):
                people[word].add(person)
            for match in re.finditer(r"(?<=[a-z,] )[^\W\d_]+", text):
                if not (match[0].isupper() and len(match[0]) > 1):
                    counts[match[0].lower(), match[0][0].isupper()] += 1
        names = {word for word, is_name in counts if is_name and counts[word, True] > counts[word, False]}
        usual = (n_sayings[True] + 1) / (n_sayings[False] + 1)
        bad = {
            word for word, is_negative in tones
            if is_negative and (tones[word, True] + 1) / (tones[word, False] + 1 / usual) >= _TIMES_BAD * usual
        }  # fmt: skip
        return cls(people, frozenset(names), frozenset(bad))

    def is_bad(self, phrase: str) -> bool:
        """Whether a thing tells what is wrong: something is missing, or it has a word of complaints."""
        found = words(phrase)
        return found[0] in MISSING or any(
            len(word) > _SHORT and (_family(word) in self.bad or word in _judging()) for word in found
        )

    def shares(self, phrase: str, least_group: int) -> bool:
        """Whether each word is an everyday one or one that so many people write, and each name one that they write."""
        rare = (_family(word) for word in words(phrase) if _names_something(word) and not self._is_everyday(word))
        names = (name for name in _names(phrase) if not (phrase.startswith(name) and self._is_everyday(name)))
        return all(len(self.people.get(word, ())) >= least_group for word in (*rare, *names))

    def _is_everyday(self, word: str) -> bool:
        """Whether a word is in nobody's name, no place and no company, in no list and as people write it here."""
        return lookup(word) == Known.COMMON and not self.is_name(word)

    def lowered(self, phrase: str) -> str:
        """The phrase as it stands within a sentence: only names keep their capitals."""
        return " ".join(word if self.is_name(word) else word.lower() for word in phrase.split(" "))

    def is_name(self, word: str) -> bool:
        """Whether a word is written with capitals wherever it stands."""
        plain = words(word)
        if not plain or plain[0] in told():
            return False
        return plain[0] in self.capitals or (word.isupper() and 1 < len(word) < 6)


def users(sayings: Iterable[tuple[str, frozenset[str]]]) -> dict[str, set[str]]:
    """Who uses which stem, of (person, stems)."""
    people: dict[str, set[str]] = defaultdict(set)
    for person, found in sayings:
        for stem in found:
            people[stem].add(person)
    return people


@lru_cache(200_000)
def stems(text: str) -> frozenset[str]:
    """The stems of the words that tell something."""
    from cxnlp.insight.themes import naming

    return frozenset(naming.stems(text))


def _names(clause: str) -> list[str]:
    """Runs of words with capitals, without a first word that has its capital from where it stands."""
    found = []
    for run in _NAMES.findall(clause):
        name = run.split(" ", 1)[-1] if run.split(" ", 1)[0].lower() in told() and clause.startswith(run) else run
        if name.lower() not in told() and not name.startswith(("I'", "I ")):
            found.append(name)
    return found


def _family(word: str) -> str:
    """The word without its ending: "charge", "charged" and "charges" are one."""
    return _DOUBLED.sub(r"\1", _ENDING.sub("", word))


@cache
def _judging() -> frozenset[str]:
    return frozenset(_WORDS.read_text("utf-8").split("\n", 1)[1].split())


def _names_something(word: str) -> bool:
    return len(word) > _SHORT and word not in told() and word not in _judging()
