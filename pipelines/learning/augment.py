"""Documents as they look once they are masked: some of what names a person or an order becomes its placeholder."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

_NAMES: Final = (
    "Aaron|Adam|Alan|Alex|Alice|Allison|Amanda|Amy|Andrea|Andrew|Angela|Anita|Anna|Anne|Anthony|Barbara|Ben|Beth|"
    "Brian|Carl|Carol|Caroline|Catherine|Charles|Charlotte|Chris|Christina|Claire|Cindy|Craig|Daniel|Dave|David|Dawn|"
    "Deborah|Debbie|Diana|Donna|Edward|Elena|Elizabeth|Emily|Emma|Eric|Eva|Frank|Gary|George|Greg|Hannah|Heather|"
    "Helen|Ian|Jack|James|Jane|Jason|Jeff|Jennifer|Jenny|Jessica|Jim|Joan|Joanna|Joe|John|Jonathan|Joseph|Julia|Julie|"
    "Karen|Kate|Kathy|Keith|Kelly|Ken|Kevin|Kim|Larry|Laura|Lauren|Linda|Lisa|Louise|Lucy|Maria|Marie|Martin|Mary|"
    "Matt|Matthew|Melissa|Michael|Michelle|Mike|Nancy|Natalie|Nick|Nicole|Nicola|Oliver|Olivia|Pamela|Patricia|"
    "Patrick|Paul|Peter|Phil|Rachel|Rebecca|Richard|Robert|Roger|Ryan|Sam|Samantha|Sandra|Sara|Sarah|Scott|Sean|"
    "Sharon|Simon|Sofia|Sophie|Stephanie|Stephen|Steve|Steven|Sue|Susan|Teresa|Thomas|Tim|Tina|Tom|Tony|Tracy|"
    "Vanessa|Victoria|Wendy|William"
)

#: What is replaced, and by which placeholders (one is drawn).
_RULES: Final[Sequence[tuple[re.Pattern[str], tuple[str, ...]]]] = (
    (re.compile(r"https?://\S+"), ("[URL]",)),
    (re.compile(r"[\w.]+@[\w.]+\.\w+"), ("[EMAIL]",)),
    (re.compile(r"(?<!\w)@\w+"), ("[HANDLE]",)),
    (re.compile(rf"\b(?:M(?:r|rs|s|iss)\.? [A-Z][a-z]+|(?:{_NAMES})(?: [A-Z][a-z]+)?)\b"),
     ("[PERSON]", "[PERSON]", "[EMPLOYEE]")),
    (re.compile(r"(?:\+?\d[\d() -]{8,}\d)"), ("[PHONE]", "[ACCOUNT]", "[CARD]", "[ORDER]")),
    (re.compile(r"#?\b\d{5,}\b"), ("[ORDER]", "[ACCOUNT]", "[POSTCODE]")),
    (re.compile(r"(?<!/)\bX{4}(?: X{4})*\b(?!/)"), ("[PERSON]", "[ACCOUNT]", "[PERSON]", "[ADDRESS]", "[ORDER]")),
)  # fmt: skip


def mask_some(document: Mapping[str, Any], chance: random.Random, share: float = 0.5) -> dict[str, Any]:
    """Return the document with each kind of personal data masked with probability ``share``."""
    kept = [rule for rule in _RULES if chance.random() < share]
    text, mentions = str(document["text"]), [dict(mention) for mention in document["mentions"]]
    for pattern, placeholders in kept:
        text, mentions = _replace(text, mentions, pattern, lambda p=placeholders: chance.choice(p))  # type: ignore[misc]
    return {**document, "text": text, "mentions": mentions}


def _replace(
    text: str, mentions: list[dict[str, Any]], pattern: re.Pattern[str], placeholder: Callable[[], str]
) -> tuple[str, list[dict[str, Any]]]:
    """Replace what ``pattern`` finds; the mentions' borders move along (a border inside a find goes to its end)."""
    parts: list[str] = []
    moves: list[tuple[int, int, int]] = []  # start, end, change of length
    last = 0
    for found in pattern.finditer(text):
        word = placeholder()
        parts += [text[last : found.start()], word]
        moves.append((found.start(), found.end(), len(word) - (found.end() - found.start())))
        last = found.end()
    parts.append(text[last:])

    def moved(place: int) -> int:
        at = place
        for start, end, change in moves:
            if place >= end:
                at += change
            elif place > start:
                at += end - place + change
        return at

    return "".join(parts), [m | {"start": moved(m["start"]), "end": moved(m["end"])} for m in mentions]
