"""Text → text: mojibake repaired, one Unicode form, nothing invisible, lines kept."""

import re
import unicodedata
from typing import Final

import ftfy

_FTFY: Final = ftfy.TextFixerConfig(fix_line_breaks=False, remove_control_chars=False, normalization="NFC")

#: Every way to end a line; ``\n`` alone stays.
_LINE_END: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

#: Controls (tab and newline apart), zero-width, bidi and interlinear marks, soft hyphen, BOM, tags, noncharacters,
#: lone surrogates. The joiner U+200D stays between emoji, where it makes a family of four people.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|(?<![\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)

#: Letters and digits from the mathematical alphabets, which posts use as fonts.
_FANCY: Final = re.compile("[\U0001d400-\U0001d7ff]+")

_SPACES: Final = re.compile(r"[^\S\n]+")


def repair(text: str) -> str:
    """Return ``text`` repaired; its lines are kept, spaces at their ends and blank lines around the text are not."""
    return _tidy(text).strip("\n")


def repair_line(text: str) -> str:
    """Return ``text`` repaired, as one line: a line end inside becomes a space."""
    return _SPACES.sub(" ", _tidy(text).replace("\n", " ")).strip()


def _tidy(text: str) -> str:
    text = _LINE_END.sub("\n", text)
    text = ftfy.fix_text(text, _FTFY)
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    text = _FANCY.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = _SPACES.sub(" ", text)
    return unicodedata.normalize("NFC", text.replace(" \n", "\n").replace("\n ", "\n").strip(" "))
