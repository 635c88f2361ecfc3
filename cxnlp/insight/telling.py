"""Words that say that something is told, not what: by themselves they name nothing."""

from functools import cache
from pathlib import Path
from typing import Final

#: Stop words of scikit-learn's list that name things in what customers say.
_THINGS: Final = frozenset({
    "bill", "bottom", "call", "cry", "detail", "empty", "fill", "fire", "full", "interest", "mill", "move", "name",
    "sincere", "system", "thick", "thin", "top",
})  # fmt: skip

_WORDS: Final = Path(__file__).with_name("telling_words.txt")


@cache
def told() -> frozenset[str]:
    """Return these words in small letters."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # a second that most commands need not wait

    return frozenset(ENGLISH_STOP_WORDS - _THINGS).union(_WORDS.read_text("utf-8").split("\n", 1)[1].split())
