"""What an item is about, in its customers' own words: the terms that set its sayings apart from all others."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cxnlp.insight.telling import told

if TYPE_CHECKING:
    from scipy.sparse import csr_array

N_TERMS: Final = 3

#: Weight of the prior, in sayings: how much an item must say before its own words outweigh everybody's.
_PRIOR: Final = 20.0

#: A term must be this unlikely to be as frequent elsewhere (z-score).
_LEAST_Z: Final = 1.0

#: So many of an item's people must use a term, and such a share of them.
_LEAST_PEOPLE: Final = 2
_LEAST_SHARE: Final = 0.1

#: A term must stand where things stand in this share of its uses.
_LEAST_THING_SHARE: Final = 0.3

#: What stands before things, besides the capital letter of a name.
_BEFORE_THINGS: Final = frozenset({
    "a", "an", "another", "any", "at", "by", "each", "every", "for", "from", "her", "his", "in", "into", "its", "like",
    "my", "no", "of", "on", "our", "over", "per", "some", "that", "the", "their", "these", "this", "those", "two",
    "under", "with", "without", "your",
})  # fmt: skip

_PLACEHOLDER: Final = re.compile(r"\[[^\]\n]{0,40}\]|<[A-Z_ ]{2,30}>")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def distinctive_terms(sayings: pl.DataFrame, phrases: Mapping[str, str]) -> dict[str, list[str]]:
    """Return up to three distinctive terms for each item, most distinctive first.

    Terms (words and pairs of neighbouring words) are ranked by the log-odds of an item's sayings against all others
    with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin' Words"). An item of complaints is
    compared with other complaints, so that words of mere anger cancel out. A term must come from two customers, and
    from a tenth of the item's.

    Args:
        sayings: columns ``person_key``, ``quote``, ``is_negative``, ``item_ids``, one row a mention.
        phrases: for each item the words that its title has already; they are not said again.
    """
    found: dict[str, list[str]] = {item_id: [] for item_id in phrases}
    terms, present = _presence(sayings["quote"])
    if not terms:
        return found
    negative = sayings["is_negative"].to_numpy()
    everyone = np.asarray(present.sum(axis=0)).ravel().astype(float)
    everybody = _Sayings(everyone, present.shape[0])
    complaints = _Sayings(np.asarray(present[negative].sum(axis=0)).ravel().astype(float), int(negative.sum()))
    for item_id, places in _places(sayings).items():
        if item_id not in phrases:
            continue
        is_negative = negative[places]
        own = _Sayings(np.asarray(present[places].sum(axis=0)).ravel().astype(float), len(places))
        rest = everybody.without(own)
        if is_negative.mean() > 0.5 and complaints.n - is_negative.sum() >= 30:
            bad = present[places[is_negative]]
            rest = complaints.without(_Sayings(np.asarray(bad.sum(axis=0)).ravel().astype(float), bad.shape[0]))
        used = np.flatnonzero(own.with_term)
        z = _z_scores(own.some(used), rest.some(used), everyone[used] / present.shape[0])
        found[item_id] = _choose([terms[at] for at in used], z, own.with_term[used], sayings[places], phrases[item_id])
    return found


@dataclass(frozen=True)
class _Sayings:
    """Some of the sayings: how many of them have each term, and how many there are."""

    with_term: NDArray[np.float64]
    n: int

    def without(self, other: "_Sayings") -> "_Sayings":
        return _Sayings(self.with_term - other.with_term, self.n - other.n)

    def some(self, terms: NDArray[np.intp]) -> "_Sayings":
        return _Sayings(self.with_term[terms], self.n)


def _places(sayings: pl.DataFrame) -> dict[str, NDArray[np.int64]]:
    """For each item the rows of its sayings."""
    rows = sayings.select("item_ids").with_row_index("place").explode("item_ids").drop_nulls()
    grouped = rows.group_by("item_ids", maintain_order=True).agg(pl.col("place").cast(pl.Int64))
    return {item_id: np.array(places) for item_id, places in grouped.iter_rows()}


@cache
def _no_theme() -> frozenset[str]:
    from spacy.lang.en.stop_words import STOP_WORDS

    return told().union(STOP_WORDS)


def _presence(quotes: Iterable[str]) -> tuple[list[str], "csr_array"]:
    """Terms that two sayings have or more, and which saying (row) has which (column)."""
    from scipy.sparse import csr_array

    by_saying = [set(_terms(quote)) for quote in quotes]
    n_sayings = Counter(chain.from_iterable(by_saying))
    terms = sorted(term for term, n in n_sayings.items() if n > 1)
    at = {term: column for column, term in enumerate(terms)}
    columns = [[at[term] for term in said if term in at] for said in by_saying]
    ends = np.cumsum([0, *map(len, columns)])
    ones = np.ones(ends[-1])
    return terms, csr_array((ones, list(chain.from_iterable(columns)), ends), shape=(len(columns), len(terms)))


def _terms(text: str) -> Iterator[str]:
    """Words and neighbouring pairs of a saying that could be a theme, in small letters."""
    previous: tuple[str, int] | None = None
    for match in _WORD.finditer(_PLACEHOLDER.sub(" . ", text)):
        word = match[0].lower().replace("’", "'").removesuffix("'s")
        if len(word) < 3 or "'" in word or word in _no_theme():
            previous = None
            continue
        yield word
        if previous and match.start() - previous[1] == 1:
            yield f"{previous[0]} {word}"
        previous = word, match.end()


def _z_scores(own: _Sayings, rest: _Sayings, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """How surely each term belongs to ``own`` rather than ``rest``; ``shares`` of all sayings have it, 0 … 1."""
    prior = _PRIOR * shares
    logits, spread = [], np.zeros_like(prior)
    for part in (own, rest):
        with_term = part.with_term + prior
        without = part.n + _PRIOR - with_term + 0.5
        logits.append(np.log(with_term / without))
        spread += 1 / with_term
    return np.asarray((logits[0] - logits[1]) / np.sqrt(spread))


def _choose(
    terms: list[str], z: NDArray[np.float64], n: NDArray[np.float64], voices: pl.DataFrame, phrase: str
) -> list[str]:
    """Pick the surest terms that do not repeat each other or ``phrase``, as customers spell them."""
    at = {term: column for column, term in enumerate(terms)}
    taken = set(stems(phrase))
    least = max(_LEAST_PEOPLE, _LEAST_SHARE * voices["person_key"].n_unique())
    chosen: list[str] = []
    for column in np.argsort(-z, kind="stable"):
        if len(chosen) == N_TERMS or z[column] < _LEAST_Z:
            break
        if n[column] < least:
            continue
        term = _fullest(terms[column], at, n, least)
        own = stems(term)
        if own & taken:
            continue
        spelling = _spelling(term, voices, least)
        if spelling is not None:
            chosen.append(spelling)
            taken |= own
    return chosen


def _fullest(term: str, at: Mapping[str, int], n: NDArray[np.float64], least: float) -> str:
    """The pair that ``term`` mostly stands in ("oversized box" for "oversized"), or ``term`` itself."""
    if " " in term:
        return term
    enough = max(least, 0.5 * n[at[term]])
    pairs = [pair for pair in at if " " in pair and term in pair.split() and n[at[pair]] >= enough]
    return max(pairs, key=lambda pair: (n[at[pair]], pair)) if pairs else term


def stems(text: str) -> frozenset[str]:
    """Return the words of ``text`` in a form in which "box" and "boxes" are the same."""
    return frozenset(_stem(word) for word in _WORD.findall(text.lower()))


def _stem(word: str) -> str:
    """Enough of a word to see that "box" and "boxes", "refund" and "refunded" are the same."""
    return word[:5] if len(word) > 5 else word.removesuffix("es").removesuffix("s")


def _spelling(term: str, voices: pl.DataFrame, least: float) -> str | None:
    """How customers mostly write ``term``; None when fewer than ``least`` of them do, or when it names no thing.

    A term names a thing when it is often written like a name, or stands behind an article or a preposition ("the
    plastic", "of plastic", but "had melted").
    """
    pattern = re.compile(rf"(?:(\w+)\W+)?(?<!\w)({re.escape(term)})(?!\w)", re.IGNORECASE)
    spellings: Counter[str] = Counter()
    people: set[str] = set()
    n_thing = 0
    for person, quote in voices.select("person_key", "quote").iter_rows():
        if match := pattern.search(quote):
            before, found = match.groups()
            is_name = before is not None and found[0].isupper() and not found.isupper()
            people.add(person)
            spellings[found if is_name else found.lower()] += 1
            n_thing += is_name or (before or "").lower() in _BEFORE_THINGS
    if len(people) < least or n_thing < _LEAST_THING_SHARE * spellings.total():
        return None
    return max(spellings, key=lambda spelling: (spellings[spelling], spelling))
