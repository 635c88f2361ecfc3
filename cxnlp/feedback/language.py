"""Which language a text is in, said cautiously: what customers write is short, misspelt and full of names.

The detector (py3langid, a naive Bayes classifier over byte n-grams, 4 MB, no download) is asked about the words alone:
links, handles, numbers and emoji are taken out first. Another language than English is believed only when it is more
likely than English by a margin of e^20; without that, "never agian!!" would be Afrikaans. Figures: docs/masking.md.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: Languages that the shipped model reads.
READABLE: Final = frozenset({"en"})

#: What the detector chooses from. More languages make more mistakes on short texts.
LANGUAGES: Final = frozenset(
    ("ar", "bg", "cs", "cy", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "he", "hi", "hr", "hu", "it", "ja",
     "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "zh")
)  # fmt: skip

_MARGIN: Final = 20.0  # natural log of the odds against English
_FEW_LETTERS: Final = 12  # below, only a clear finding counts
_LONGEST: Final = 400  # characters that are read

_NOISE: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|[@#]\w+|&\w+;|\[[A-Z]+\]|[^\w\s'’.,!?-]|[\d_]+")
_LATIN_WORD: Final = re.compile(r"[a-zA-Z]{2,}")
_LATIN: Final = re.compile(r"[a-zA-ZÀ-ɏ]")


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language of ``text``, or "und" when a few letters do not tell it."""
    words = " ".join(_NOISE.sub(" ", text[:_LONGEST]).split()).lower()
    letters = sum(map(str.isalpha, words))
    if letters < 2:
        return "und"
    ranked = [each for each in _identifier().rank(words) if each[0] in LANGUAGES]
    best, score = ranked[0]
    if best == "en":
        return "en" if letters >= _FEW_LETTERS or _is_sure(ranked) else "und"
    if _is_foreign_script(words, letters):
        return str(best)
    against_english = score - dict(ranked)["en"]
    if against_english >= _MARGIN:
        return str(best)
    return "en" if letters >= _FEW_LETTERS else "und"


def is_readable(language: str, text: str) -> bool:
    """Whether the model can read the text: its language is known to it, or it is short and in Latin letters."""
    if language == "und":
        return _LATIN_WORD.search(text) is not None
    return language in READABLE


def _is_sure(ranked: list[tuple[str, float]]) -> bool:
    return ranked[0][1] - ranked[1][1] >= _MARGIN / 3


def _is_foreign_script(words: str, letters: int) -> bool:
    return len(_LATIN.findall(words)) * 2 < letters


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
