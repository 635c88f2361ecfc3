"""What word lists know of a word: given name, family name, everyday word, place or company."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Final

_CONTRACTION = re.compile(r"(?:'(?:m|re|ve|ll|d|s|all|em))$")
_DRAWN_OUT = re.compile(r"(.)\1\1")  # "Nooo", "Hmmm"
#: Letters that Unicode does not take apart: Ludmiła is looked up as ludmila.
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
#: How family names end, folded: Umkhayev, Szczepańska, Janković, Reynisson, Fernández, Poutiainen, Yoshimura.
_SURNAME = re.compile(
    r"[a-z'-]{3,}(?:[oe]va?|ovi[ct]|evi[ct]|[oe]vich|ovna|evna|sky|skyi?|skaya|ski|ska|cki|cka|wicz|czyk|czak|enko|chuk|dze|shvili|yan|sson|dottir|ainen|inen|onen|"
    r"[dklnrst]sen|quist|gaard|opoulos|opoulou|akis|idis|oglu|oglou|[aei]ndez|[aeiuo]rez|guez|quez|inez|omez|alez|ucci|acci|ozzi|azzi|izzi|mann|meyer|meier|"
    r"hauser|schmidt|mura|moto|shima|[sz]awa|yama|[kg]awa|shita|[sz]aki|guchi|hashi|escu|oiu)|(?:mc|o')[a-z]{4,}|abd[aeu]l[a-z]*"
)
_FOREIGN = re.compile("[čćžšđłńśźżőűřěůğşșţțăþ]")  # in a word that begins with a capital
_VOWEL = re.compile(r"[aeiouy]|[^\x00-\x7f]")


class Known:
    """What the lists say of a word, in small letters and without accents: a sum of these."""

    NOTHING: Final = 0
    FIRST: Final = 1  # a given name
    LAST: Final = 2  # a family name
    COMMON: Final = 4  # an everyday English word
    PLACE: Final = 8  # a place, company, product or abbreviation


#: Everyday words first: an accent less does not make a name of one.
_FILES: Final = (
    ("common_words", Known.COMMON),
    ("first_names", Known.FIRST),
    ("surnames", Known.LAST),
    ("not_persons", Known.PLACE),
    ("places", Known.PLACE),
)


def fold(word: str) -> str:
    """Return ``word`` in small letters, without accents, with straight apostrophes."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.translate(_LETTERS)


@lru_cache(maxsize=50_000)
def lookup(word: str) -> int:
    """Return what is known of ``word``, a sum of ``Known``; a word with hyphens is what all of its parts are."""
    words, _ = _load()
    folded = fold(word)
    if len(folded) == 1:
        return Known.COMMON if folded in "ai" else Known.NOTHING
    known = words.get(folded)
    if known is None:
        known = _of_parts(folded.split("-")) if "-" in folded else _of_shape(folded, words)
        if not known and word[0].isupper() and (_SURNAME.fullmatch(folded) or _FOREIGN.search(word)):
            known = Known.LAST
    return known


def _of_shape(folded: str, words: dict[str, int]) -> int:
    if folded.endswith("n't"):
        return Known.COMMON
    if (
        "'" in folded
        and (base := _CONTRACTION.sub("", folded)) != folded
        and words.get(base, Known.NOTHING) & Known.COMMON
    ):
        return Known.COMMON
    if _DRAWN_OUT.search(folded) or not _VOWEL.search(folded):
        return Known.COMMON
    return Known.NOTHING


def phrases() -> dict[str, tuple[str, ...]]:
    """Return the phrases of two and more words that are no persons, in small letters, by their first word."""
    return _load()[1]


def _of_parts(parts: list[str]) -> int:
    words, _ = _load()
    each = [words.get(part, Known.NOTHING) for part in parts if part]
    if each and all(known & Known.FIRST for known in each):
        return Known.FIRST
    if each and all(known & (Known.COMMON | Known.PLACE) and not known & Known.FIRST for known in each):
        return Known.COMMON
    return Known.LAST if any(known & Known.LAST for known in each) else Known.NOTHING


@lru_cache(maxsize=1)
def _load() -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    words: dict[str, int] = {}
    several: dict[str, tuple[str, ...]] = {}
    for name, flag in _FILES:
        text = (files(__package__) / "lexicon" / f"{name}.txt").read_text("utf-8")
        for line in text.split("\n"):
            if not line or line.startswith("#"):
                continue
            word = fold(line)
            if word != line and words.get(word, Known.NOTHING) & Known.COMMON:
                continue  # "Saïd" does not make a name of "said"
            if " " in word or "&" in word:
                first = re.split(r"[\W_]", word)[0]
                several[first] = (*several.get(first, ()), word)
            else:
                words[word] = words.get(word, Known.NOTHING) | flag
    return words, several
