"""Names of files for all to see: whatever could name a person goes, whatever is left says what kind of file it is.

A file's name is no sentence: nothing around a word says whether it is a name. So the rule is turned round: only
everyday words, places, products, dates and short numbers stay.
"""

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from cxnlp.feedback.masking.lexicon import Known, fold, lookup
from cxnlp.settings import Privacy

_LONGEST_NUMBER: Final = 4  # digits: a running number or a year; longer ones may be a customer's or a telephone's
_SHORTEST_NAME: Final = 3  # letters
_DATE: Final = r"(?:19|20)\d\d(?P<gap>[ ._-]?)(?:0[1-9]|1[0-2])(?:(?P=gap)(?:0[1-9]|[12]\d|3[01]))?(?!\d)"
_PARTS: Final = re.compile(
    rf"(?P<email>[^\s/@]+@[^\s/@]+)|(?<!\d)(?P<date>{_DATE})|(?P<number>\d+(?:[ .-]\d+)*)"
    r"|(?P<word>[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|[A-Z])"
)
_ENDING: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")


def mask_files(quarantine: pl.DataFrame, privacy: Privacy | None = None) -> pl.DataFrame:
    """Return ``quarantine`` (columns QUARANTINE) with ``masked_file``: the name that may be published."""
    privacy = privacy or Privacy()
    names = quarantine["file"].to_list()
    shown = [name and mask_file(name, privacy.keep) for name in names] if privacy.mask else names
    return quarantine.with_columns(pl.Series("masked_file", shown, pl.String))


def mask_file(name: str, keep: Sequence[str] = ()) -> str:
    """Return a path below a source's folder without what could name a person.

    >>> mask_file("2026-09-22/complaint_jane_whitlock_0061.pdf")
    '2026-09-22/complaint_[PERSON]_0061.pdf'
    """
    kept = frozenset(fold(word) for phrase in keep for word in re.findall(r"[^\W_]+", phrase))
    ending = _ENDING.search(name)
    if ending is None or lookup(ending.group()[1:]) & (Known.FIRST | Known.LAST):
        return "/".join(_mask_part(part, kept) for part in name.split("/"))
    return "/".join(_mask_part(part, kept) for part in name[: ending.start()].split("/")) + ending.group()


def _mask_part(part: str, kept: frozenset[str]) -> str:
    """Mask one folder's or file's name."""
    found = list(_PARTS.finditer(part))
    is_name = [each["word"] is not None and fold(each["word"]) not in kept and _is_name(each["word"]) for each in found]
    for at, each in enumerate(found):
        beside = any(is_name[at - 1 : at] + is_name[at + 1 : at + 2])
        if beside and each["word"] is not None and fold(each["word"]) not in kept and _may_be_name(each["word"]):
            is_name[at] = True
    pieces, read = [], 0
    for each, named in zip(found, is_name, strict=True):
        pieces += [part[read : each.start()], _shown(each, named)]
        read = each.end()
    return re.sub(r"\[PERSON\](?:[ _.,+-]*\[PERSON\])+", "[PERSON]", "".join([*pieces, part[read:]]))


def _shown(found: re.Match[str], named: bool) -> str:
    if found["email"] is not None:
        return "[EMAIL]"
    if found["number"] is not None and sum(map(str.isdigit, found["number"])) > _LONGEST_NUMBER:
        return "[NUMBER]"
    return "[PERSON]" if named else found.group()


def _is_name(word: str) -> bool:
    """Whether a word is anything but an everyday word, a place or a product; given names always count as names."""
    known = lookup(word)
    is_long = len(word) >= _SHORTEST_NAME or not word.isascii()
    return is_long and (bool(known & Known.FIRST) or not known & (Known.COMMON | Known.PLACE))


def _may_be_name(word: str) -> bool:
    """Beside a name, an everyday word that is a family name too belongs to it: Mark Brown; so does an initial."""
    return len(word) == 1 or bool(lookup(word) & Known.LAST)
