"""Words of a text with what is known of them: the ground on which persons are found."""

import re
from dataclasses import dataclass
from functools import lru_cache

from cxnlp.feedback.masking.lexicon import Known, lookup, phrases

_WORD = re.compile(r"[^\W\d_]+(?:(?:['’](?![sS]\b)|-)[^\W\d_]+)*")
_CAMEL = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_CAMEL_NAME = re.compile(r"^(?:Mc|Mac|De|Di|Da|La|Le|Van|Von|Fitz|O['’])[A-Z]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word; ``line`` is the number of its line, ``is_cased`` False where capitals say nothing."""

    start: int
    end: int
    text: str
    known: int
    line: int
    is_cased: bool
    is_barred: bool  # part of a keep word, a place of several words, or an identifier

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital where capitals mean something."""
        return self.is_cased and self.text[0].isupper()

    @property
    def is_strong_first(self) -> bool:
        """A given name that is nothing else."""
        return bool(self.known & Known.FIRST) and not self.known & (Known.COMMON | Known.PLACE) and len(self.text) > 1

    @property
    def is_weak_first(self) -> bool:
        """A given name that is also a word or a place: Grace, Mark, Paris."""
        return bool(self.known & Known.FIRST) and bool(self.known & (Known.COMMON | Known.PLACE))

    @property
    def is_ordinary(self) -> bool:
        """An everyday word or a place, and no name."""
        return bool(self.known & (Known.COMMON | Known.PLACE)) and not self.known & (Known.FIRST | Known.LAST)

    @property
    def is_name_like(self) -> bool:
        """Could be a family name or a further given name."""
        return not self.is_barred and (bool(self.known & (Known.FIRST | Known.LAST)) or self.known == Known.NOTHING)


def tokenise(text: str, keep: re.Pattern[str] | None) -> list[Token]:
    """Return the words of ``text``; those within a match of ``keep`` or of a known phrase are barred.

    Names in a line of capitals only, or of small letters only, cannot be told by their case: such lines are not cased.
    """
    barred = bytearray(len(text))
    for match in keep.finditer(text) if keep is not None else ():
        barred[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    lowered = text.lower()
    several = phrases() if len(lowered) == len(text) else {}
    tokens: list[Token] = []
    start = 0
    for number, line in enumerate(text.split("\n")):
        cased = _is_cased(line)
        for match in _WORD.finditer(text, start, start + len(line)):
            begin, end = match.span()
            word = match.group()
            known = lookup(word)
            for phrase in several.get(lowered[begin:end], ()):
                after = begin + len(phrase)
                if lowered.startswith(phrase, begin) and not lowered[after : after + 1].isalnum():
                    barred[begin:after] = b"\1" * len(phrase)
            bar = 1 in barred[begin:end]
            bar = bar or text[begin - 1 : begin] == "#" or (not known & Known.FIRST and _is_camel(word))
            tokens.append(Token(begin, end, word, known, number, cased, bar))
        start += len(line) + 1
    return tokens


@lru_cache(maxsize=256)
def keep_pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return one pattern for the words and phrases that are never a person, longest first; None without words."""
    cleaned = sorted({word.strip().lstrip("@") for word in words if word.strip()}, key=lambda word: (-len(word), word))
    if not cleaned:
        return None
    options = "|".join(re.escape(word).replace(r"\ ", r"[ \n]") for word in cleaned)
    return re.compile(rf"(?<!\w)(?:{options})(?!\w)", re.IGNORECASE)


def joined(text: str, left: Token, right: Token) -> bool:
    """Whether ``right`` follows ``left`` as part of one name: a space, an initial's full stop, or a wrapped line."""
    gap = text[left.end : right.start]
    if gap in (" ", "  ") or (gap == ". " and len(left.text) <= 2):
        return True
    return gap == "\n" and left.end - (text.rfind("\n", 0, left.end) + 1) >= 60


def _is_camel(word: str) -> bool:
    """GlowNest, iPhone, BBCs: no person, where McKay and DeVito are."""
    return _CAMEL.search(word) is not None and _CAMEL_NAME.match(word) is None and "-" not in word


def _is_cased(line: str) -> bool:
    """Whether capitals carry meaning: neither shouted nor typed without any."""
    n_upper = sum(map(str.isupper, line))
    if n_upper == 0:
        return False
    n_lower = sum(map(str.islower, line))
    return n_lower >= n_upper or n_upper + n_lower < 8
