"""Words that say that something is told, not what: by themselves they name nothing."""

from functools import cache
from pathlib import Path
from typing import Final

#: Stop words of spaCy's list that name things in what customers say.
_THINGS: Final = frozenset({"bottom", "call", "empty", "full", "move", "name", "top"})

_WORDS: Final = Path(__file__).with_name("telling_words.txt")


@cache
def told() -> frozenset[str]:
    """Return these words in small letters."""
    from spacy.lang.en.stop_words import STOP_WORDS  # half a second that most commands need not wait

    return frozenset(STOP_WORDS - _THINGS).union(_WORDS.read_text("utf-8").split("\n", 1)[1].split())
