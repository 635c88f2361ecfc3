"""Documents as token windows: text → ids that the encoder reads, and which tokens belong to which mention.

A document is read in one pass where it fits. A longer one is read in windows that overlap, cut at the borders of its
mentions; each token's state is *kept* from exactly one window, the rest of that window is context.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Ints = npt.NDArray[np.int64]
Span = tuple[int, int, str | None]  # start, end (characters), speaker

MAX_TOKENS: Final = 320  # of one window, with the two markers around it
CONTEXT_TOKENS: Final = 48  # read on either side where a document is cut
_HAS_SPEAKER: Final = re.compile(
    r"\s*(?:customer|caller|client|agent|advis[eo]r|operator|representative)\s*:", re.IGNORECASE
)
_PREFIXES: Final = {"customer": "Customer: ", "agent": "Agent: "}
#: Words and marks that never begin or end a run of evidence; "not" and "never" are none of them.
_FAINT_WORDS: Final = """
a am an and are as at be been but by for from had has have he her his i if in into is it its me my of on or our she
that the their them there they this to us was we were which who will with would you your
"""
_FAINT_MARKS: Final = "'\".,;:!?-–—()/&#@"
_NOWHERE: Final = -1  # offset of a token that does not stand in the text


@dataclass(frozen=True)
class Window:
    """One thing that the encoder reads, and the rows of its states that are kept."""

    ids: Ints  # with the markers at both ends
    first: int
    last: int  # exclusive


@dataclass(frozen=True)
class Passage:
    """A document ready to be read: the kept rows of its windows, one after the other, are its tokens."""

    windows: tuple[Window, ...]
    offsets: Ints  # (tokens, 2): characters of the document's text; words that were added have (-1, -1)
    telling: npt.NDArray[np.bool_]  # (tokens,): may begin or end a run of evidence
    spans: Ints  # (mentions, 2): first and last token (exclusive) of each mention; they may overlap


def load_tokenizer(path: Path) -> Tokenizer:
    """Read ``tokenizer.json`` without truncation or padding."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def prepare(
    texts: Sequence[str], mentions: Sequence[Sequence[Span]], tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS
) -> list[Passage]:
    """Cut documents into windows.

    Args:
        texts: the documents; a transcript has one line a turn.
        mentions: for each document the spans of its mentions, in characters of its text.
        tokenizer: of the model.
        max_tokens: of a window, with its markers.
    """
    named = [_name_speakers(text, spans) for text, spans in zip(texts, mentions, strict=True)]
    encoded = tokenizer.encode_batch([text for text, _ in named], add_special_tokens=False)
    markers = tuple(tokenizer.encode("").ids)
    faint = np.array([tokenizer.token_to_id(word) or 0 for word in (*_FAINT_WORDS.split(), *_FAINT_MARKS)])
    passages = []
    for encoding, (_, insertions), spans in zip(encoded, named, mentions, strict=True):
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        offsets = _original_offsets(offsets, insertions)
        of_mentions = _token_spans(offsets, spans)
        ids = np.array(encoding.ids, dtype=np.int64)
        telling = (offsets[:, 0] >= 0) & ~np.isin(ids, faint)
        passages.append(Passage(_cut(ids, of_mentions, markers, max_tokens), offsets, telling, of_mentions))
    return passages


def _name_speakers(text: str, mentions: Sequence[Span]) -> tuple[str, list[tuple[int, int]]]:
    """Put "Customer: " or "Agent: " before each line whose speaker is known and not named in the line itself.

    Returns the text to encode and ``(place, length)`` of each insertion, ``place`` in characters of ``text``.
    """
    speakers: dict[int, str] = {}
    for start, _, speaker in mentions:
        if speaker in _PREFIXES:
            speakers.setdefault(text.rfind("\n", 0, start) + 1, _PREFIXES[speaker])
    insertions = [(at, word) for at, word in sorted(speakers.items()) if not _HAS_SPEAKER.match(text, at)]
    parts, last = [], 0
    for at, word in insertions:
        parts += [text[last:at], word]
        last = at
    return "".join([*parts, text[last:]]), [(at, len(word)) for at, word in insertions]


def _original_offsets(offsets: Ints, insertions: Sequence[tuple[int, int]]) -> Ints:
    """Move ``offsets`` into a text with ``insertions`` back to the text without; added words get (-1, -1)."""
    if not insertions:
        return offsets
    places, lengths = np.array(insertions).T
    moved_by = np.concatenate([[0], np.cumsum(lengths)])
    starts = places + moved_by[:-1]  # of the added words, in the longer text
    passed = np.searchsorted(starts, offsets[:, 0], side="right")
    moved: Ints = offsets - moved_by[passed][:, None]
    ends = (starts + lengths)[np.maximum(passed - 1, 0)]
    moved[(passed > 0) & (offsets[:, 0] < ends)] = _NOWHERE
    return moved


def _token_spans(offsets: Ints, mentions: Sequence[Span]) -> Ints:
    """First and last token (exclusive) that touch each mention."""
    if not len(offsets) or not mentions:
        return np.zeros((len(mentions), 2), dtype=np.int64)
    begin, finish = np.array([span[:2] for span in mentions], dtype=np.int64).T
    ends = np.maximum.accumulate(np.maximum(offsets[:, 1], 0))
    starts = np.maximum.accumulate(np.where(offsets[:, 0] < 0, ends, offsets[:, 0]))
    first = np.searchsorted(ends, begin, side="right")
    last = np.searchsorted(starts, finish, side="left")
    return np.stack([first, np.maximum(first, last)], axis=1)


def _cut(ids: Ints, spans: Ints, markers: tuple[int, ...], max_tokens: int) -> tuple[Window, ...]:
    """Cut a document's tokens into windows of at most ``max_tokens``."""
    room = max_tokens - 2
    opening, closing = (np.array([marker], dtype=np.int64) for marker in markers)
    windows = []
    for first, last in _cores(len(ids), spans, room):
        left = max(0, first - CONTEXT_TOKENS) if len(ids) > room else 0
        right = min(len(ids), left + room)
        read = np.concatenate([opening, ids[left:right], closing])
        windows.append(Window(read, first - left + 1, last - left + 1))
    return tuple(windows)


def _cores(n_tokens: int, spans: Ints, room: int) -> list[tuple[int, int]]:
    """Cut ``n_tokens`` into ranges that are kept, each read with context around it."""
    if n_tokens <= room:
        return [(0, n_tokens)] if n_tokens else []
    borders = np.unique(spans[:, 0])
    cores, at = [], 0
    while at < n_tokens:
        end = at + room - 2 * CONTEXT_TOKENS
        if end + CONTEXT_TOKENS >= n_tokens:
            end = n_tokens
        else:
            fitting = borders[(borders > at) & (borders <= end)]
            end = int(fitting[-1]) if len(fitting) else end
        cores.append((at, end))
        at = end
    return cores
