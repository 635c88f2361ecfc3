"""Finds identifiers (everything but persons): patterns propose, checksums and shapes decide."""

import re
from collections.abc import Callable, Iterator, Sequence

import phonenumbers

from cxnlp.feedback.masking import marks, national, patterns, streets
from cxnlp.feedback.masking.lexicon import Known, lookup
from cxnlp.feedback.masking.patterns import MASKED, SHIELDED
from cxnlp.feedback.masking.spans import Span

_YEAR = re.compile(r"(?:19|20)\d\d")
_NANP = re.compile(r"(?:\+?1[ .-]?)?\(?[2-9]?\d\d\)?[ .-]?\d{3}[ .-]\d{4}(?:\s?(?:x|ext\.?|extension)\s?\d+)?", re.I)
_REGIONS = (
    "GB", "US", "IE", "FR", "DE", "ES", "IT", "NL", "PL", "IN", "CH", "SE", "DK", "AU", "BE", "AT", "PT", "NO", "FI",
    "CZ", "HU", "GR", "NZ", "CA", "BR", "ZA", "SI", "HR", "SK", "LU", "LI", "IS", "GL", "EE", "LV", "LT", "RO", "BG",
    "TR", "RU", "UA", "CY", "MT", "IL", "TN", "MX", "CO", "UY", "CL", "JP", "CN", "VN", "TH", "IR",
)  # fmt: skip
_AREA = re.compile(r"\(\+?\d{2,5}\)")
_LAST_WORD = re.compile(r"([^\W\d_]{3,24}),? $")
_WORD_AFTER = re.compile(r",?[ \n][^\W\d_]{2}")
_CAPITAL_AFTER = re.compile(r" [^\W\d_a-zß-öø-ÿ][^\W\d_]")
#: Numbers of small countries, without an area's: 412 3457, 166 50 43, 32 41 17.
_LOCAL = re.compile(r"[2-9]\d\d[ -]\d{3}[1-9]|[2-9]\d\d[ -]\d\d[ -]\d\d|\d\d([ -])\d\d\1\d\d")
_GROUPS = re.compile(r"\d+")
_EXTENSION = re.compile(r"x|ext", re.I)
_NOT_LINE_END = re.compile(r"[^\n]")
_ANY_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[a-z]+", re.I)
_NAMED = re.compile(r"number|no\b|num\b|id\b|code|ref|#|:", re.I)
_FILLERS = {"ADDRESS": patterns.STREET, "POSTCODE": patterns.POSTAL}
_LOOSE = ("block", "line", "z")  # groups of streets.ADDRESS that look at nothing but capitals and numbers
_TAKEN = frozenset({MASKED, SHIELDED, patterns.STREET, patterns.POSTAL})


def find(
    text: str, keep: frozenset[str] = frozenset(), own: Sequence[tuple[str, str]] = ()
) -> tuple[list[Span], str]:  # fmt: skip
    """Return the identifiers in ``text``, and the text with their characters (and shielded ones) blanked.

    Args:
        text: unmasked.
        keep: casefolded words that stay: handles (without @) and street lines that are the company's own.
        own: kind and regular expression of the workspace's own patterns; they are looked for first.
    """
    steps = [(kind, re.compile(pattern), None, None) for kind, pattern in own]
    spans, work = _take(text, (*steps, *_BEFORE_SHIELD), keep)
    if _has_digit(work):
        work = _blank(work, patterns.SHIELD, SHIELDED)
    more, work = _take(work, _STEPS, keep)
    streets_again = _streets_again(text, work, more)
    return [*spans, *more, *streets_again], _fill(work, streets_again, patterns.STREET)


def _streets_again(text: str, work: str, spans: Sequence[Span]) -> list[Span]:
    """Places where the street of an address stands once more, without its number."""
    finds = [text[span.start : span.end] for span in spans if span.kind == "ADDRESS"]
    named = sorted({match.group() for found in finds for match in streets.STREET_NAME.finditer(found)})
    if not named:
        return []
    again = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, named))})(?!\w)")
    return [Span(*match.span(), "ADDRESS") for match in again.finditer(work)]


def _take(work: str, steps: Sequence["_Step"], keep: frozenset[str]) -> tuple[list[Span], str]:
    spans: list[Span] = []
    for kind, pattern, needs, accept in steps:
        if needs is not None and not needs(work):
            continue
        here = [
            Span(start, end, kind)
            for start, end in _matches(work, pattern, accept, keep)
            if _TAKEN.isdisjoint(work[start:end])
        ]
        work = _fill(work, here, _FILLERS.get(kind, MASKED))
        spans += here
    return spans, work


#: Given the working copy, the match and what is to be masked: where the find ends, 0 when it is none.
Accept = Callable[[str, re.Match[str], int, int], int]


def _matches(
    work: str, pattern: re.Pattern[str], accept: Accept | None, keep: frozenset[str]
) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(work):
        named = [match.span(name) for name, found in match.groupdict().items() if found and name != "n"]
        for start, end in named or [match.span()]:
            found = work[start:end].casefold()
            if keep and (found.lstrip("@") in keep or found.lstrip("0123456789 ,") in keep):
                continue
            accepted = end if accept is None else accept(work, match, start, end)
            if accepted:
                yield start, accepted


def _blank(work: str, pattern: re.Pattern[str], filler: str) -> str:
    return pattern.sub(lambda match: _NOT_LINE_END.sub(filler, match.group()), work)


def _fill(work: str, spans: Sequence[Span], filler: str) -> str:
    if not spans:
        return work
    pieces: list[str] = []
    read = 0
    for span in spans:
        pieces += (work[read : span.start], _NOT_LINE_END.sub(filler, work[span.start : span.end]))
        read = span.end
    return "".join((*pieces, work[read:]))


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _iban_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    """The end of the longest run of groups whose check digits hold."""
    while end - start >= 15:
        if national.iban(re.sub(r"[^A-Za-z0-9]", "", work[start:end]).upper()):
            return end
        end = max(work.rfind(separator, start, end) for separator in " \n.-")
    return 0


def _card_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    found = work[start:end]
    in_fours = re.fullmatch(r"\d{4}[ \n-]\d{4}[ \n-]\d{4}[ \n-]\d{4}", found)
    return end if in_fours or (national.luhn(_digits(found)) and len(set(_digits(found))) > 1) else 0


def _code_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    """After "number", "ref", "#" … four characters with two digits; else four digits that are no year, or six."""
    code, before = work[start:end], work[match.start() : start]
    n_digits = len(_digits(code))
    if _NAMED.search(before):
        return end if n_digits >= 2 and len(re.sub(r"\W", "", code)) >= 4 else 0
    least = 6 if patterns.WEAK_NOUN.match(before) else 4
    return end if n_digits >= least and not _YEAR.fullmatch(code) else 0


def _booking_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    return end if match.groupdict().get("y") is not None else _code_end(work, match, start, end)


def _phone_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    found = work[start:end]
    number = _EXTENSION.split(found)[0].strip()
    digits = _digits(number)
    if not 6 <= len(digits) <= 15:
        return 0
    international = number.startswith(("+", "00")) and len(digits) >= 8
    national = number.lstrip("(").startswith("0") and 9 <= len(digits) <= 11
    bracketed = _AREA.match(number) is not None and len(digits) >= 8
    if international or national or bracketed or _NANP.fullmatch(found):
        return end
    if patterns.PHONE_CUE.search(work, max(0, start - 70), start) or patterns.PHONE_AFTER.match(work, end):
        return end
    groups = _GROUPS.findall(number)
    is_house = len(groups) == 2 and _CAPITAL_AFTER.match(work, end) is not None  # 62573 103 Cassidy Street
    is_decimal = len(groups) == 2 and "." in number
    if len(groups) < 2 or is_house or is_decimal or all(map(_YEAR.fullmatch, groups)) or groups[-1] == "000":
        return 0
    if len(digits) < 8:
        alone = _WORD_AFTER.match(work, end) is None and not _YEAR.fullmatch(groups[-1])
        return end if alone and _LOCAL.fullmatch(number) else 0
    return end if any(_is_valid(number, region) for region in _REGIONS) else 0


def _is_valid(number: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _spoken_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    return end if len(_LETTERS.findall(work[start:end])) >= 5 else 0


def _ip_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    return end if national.network(work[start:end]) else 0


def _id_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    code = re.sub(r"[ .+-]", "", work[start:end]) if match.lastgroup != "hetu" else work[start:end]
    return end if match.lastgroup is not None and national.CHECKS[match.lastgroup](code) else 0


def _number_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    return end if len(_digits(work[start:end])) >= 4 else 0


def _home_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    """A block of capitals after "send it to" is no address when it is a gate, a store or a date."""
    if match.lastgroup not in _LOOSE:
        return end
    return 0 if streets.NOT_HOME.search(work, start, end) else end - (work[end - 1] == ".")


def _postcode_end(work: str, match: re.Match[str], start: int, end: int) -> int:
    """Digits alone beside one word are a postcode when the word is a town: 10115 Berlin, Göteborg 412 63."""
    if match.lastgroup == "after":
        before = _LAST_WORD.search(work, max(0, start - 27), start)
        return end if before is not None and _is_town(before.group(1)) else 0
    town = match.groupdict().get("n")
    return end if town is None or _is_town(town) else 0


def _is_town(word: str) -> bool:
    return bool(lookup(word) & Known.PLACE) and word[0].isupper()


def _has_colon_or_dots(work: str) -> bool:
    return work.count(".") >= 3 or work.count(":") >= 2


def _has_sort_code(work: str) -> bool:
    return patterns.SORT_WORD.search(work) is not None


def _has_birth(work: str) -> bool:
    return marks.BIRTH_WORD.search(work) is not None or " makes me " in work


def _has_digit(work: str) -> bool:
    return _ANY_DIGIT.search(work) is not None


def _has_at(work: str) -> bool:
    return "@" in work or "(at)" in work or "[at]" in work or (" dot " in work and " at " in work)


def _has_host(work: str) -> bool:
    return patterns.HOST.search(work) is not None


def _has_handle(work: str) -> bool:
    return "@" in work or "u/" in work


def _has_code(work: str) -> bool:
    return _ANY_DIGIT.search(work) is not None or patterns.BOOKING_WORD.search(work) is not None


def _has_place(work: str) -> bool:
    return _ANY_DIGIT.search(work) is not None or streets.HOUSE_WORD.search(work) is not None


def _has_spoken(work: str) -> bool:
    return patterns.SPOKEN_WORD.search(work) is not None


def _has_street(work: str) -> bool:
    return patterns.STREET in work


_Step = tuple[str, re.Pattern[str], Callable[[str], bool] | None, Accept | None]

#: What is looked for before dates and amounts are put aside, and then, in this order; an earlier find wins.
_BEFORE_SHIELD: Sequence[_Step] = (
    ("EMAIL", patterns.EMAIL, _has_at, None),
    ("URL", patterns.URL, _has_host, None),
    ("IP", marks.IP, _has_colon_or_dots, _ip_end),
    ("BIRTHDATE", marks.BIRTHDATE, _has_birth, None),
    ("ACCOUNT", patterns.SORT_CODE, _has_sort_code, None),
)
_STEPS: Sequence[_Step] = (
    ("HANDLE", patterns.HANDLE, _has_handle, None),
    ("IBAN", patterns.IBAN, _has_digit, _iban_end),
    ("CARD", patterns.CARD, _has_digit, _card_end),
    ("CARD", patterns.CARD_PART, _has_digit, None),
    ("ID", marks.CHECKED_ID, _has_digit, _id_end),
    ("ID", marks.SHAPED_ID, _has_digit, None),
    ("PLATE", marks.PLATE, _has_digit, None),
    ("ACCOUNT", patterns.ACCOUNT, _has_digit, _code_end),
    ("ID", patterns.ID, _has_digit, _number_end),
    ("ORDER", patterns.ORDER, _has_code, _booking_end),
    ("PHONE", patterns.PHONE, _has_digit, _phone_end),
    ("ORDER", patterns.NUMBERED, _has_digit, None),
    ("ORDER", patterns.ORDER_SHAPE, _has_digit, None),
    ("ACCOUNT", patterns.LONG_NUMBER, _has_digit, None),
    ("PHONE", patterns.SPOKEN_NUMBER, _has_spoken, _spoken_end),
    ("ADDRESS", streets.ADDRESS, _has_place, _home_end),
    ("ADDRESS", streets.FLAT, _has_street, None),
    ("POSTCODE", streets.POSTCODE, _has_digit, _postcode_end),
    ("ADDRESS", streets.TOWN, _has_street, None),
)
