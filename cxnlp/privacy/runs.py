"""Runs of words as they can be found again in any bytes: in small letters, whatever stands between them."""

import html
import re
from collections import deque
from collections.abc import Iterator
from typing import Final

#: Six words in a row are one person's; five are often everybody's ("I would like to know").
N_WORDS: Final = 6

Run = tuple[bytes, ...]

_WORD: Final = re.compile(rb"[0-9A-Za-z\x80-\xff]+")
_PLACEHOLDER: Final = re.compile(r"\[[A-Z]+\]")
_ESCAPED: Final = re.compile(rb"\\u([0-9a-fA-F]{4})")
_BREAK: Final = "\n.\n"


def runs_of(text: str) -> Iterator[Run]:
    """Yield every run of `N_WORDS` words of a text; none goes across a placeholder of masking."""
    for part in _PLACEHOLDER.split(text):
        words: deque[bytes] = deque(maxlen=N_WORDS)
        for word in _words(part.encode("utf-8", "surrogatepass")):
            words.append(word)
            if len(words) == N_WORDS:
                yield tuple(words)


def runs_in(content: bytes, wanted: set[Run]) -> set[Run]:
    """Return the runs of ``wanted`` that stand in ``content``, as they are or escaped for HTML or JSON."""
    if not wanted:
        return set()
    found = _found(content, wanted)
    if b"&" in content or b"\\" in content:
        found |= _found(_unescaped(content), wanted)
    return found


def _found(content: bytes, wanted: set[Run]) -> set[Run]:
    """Cut into words only what may have a run, as it has all of its plain words: most files have none."""
    plain = content.lower()
    words_wanted = {word for run in wanted for word in run}
    here = {word for word in words_wanted if not word.isascii() or word in plain}
    possible = {run for run in wanted if here.issuperset(run)}
    if not possible:
        return set()
    firsts = {run[0] for run in possible}
    words = list(_words(content))
    return {
        run for at, word in enumerate(words) if word in firsts and (run := tuple(words[at : at + N_WORDS])) in possible
    }


def _words(content: bytes) -> Iterator[bytes]:
    lowered = content.decode("utf-8", "surrogateescape").lower().encode("utf-8", "surrogateescape")
    return (match[0] for match in _WORD.finditer(lowered))


def _unescaped(content: bytes) -> bytes:
    """Undo HTML entities and JSON's escapes; what is neither stays."""
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)).encode("utf-8", "surrogatepass"), content)
    plain = plain.replace(b"\\n", b" ").replace(b"\\r", b" ").replace(b"\\t", b" ").replace(b'\\"', b'"')
    return html.unescape(plain.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
