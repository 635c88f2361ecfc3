"""The lines of an address that have no street's name in them: what stands around a postcode is where somebody lives."""

import re
from collections.abc import Iterable, Iterator, Sequence

from cxnlp.feedback.masking import streets
from cxnlp.feedback.masking.spans import Span

_MOST_LINES = 4  # of one address, above the postcode's line
_LONGEST = 45  # characters of an address line
_HANGING = re.compile(r"(?:^|\s)(?:in|on|by|of|the)$", re.IGNORECASE)  # "Weather in": what follows is the address
_REACH = 200  # characters before a postcode that are read on its own line


def around(work: str, spans: Sequence[Span], persons: Sequence[Span], places: re.Pattern[str] | None) -> list[Span]:
    """Return ADDRESS spans for the parts of addresses beside the postcodes in ``spans``.

    ``places`` (keep words: the company's branches) stay.
    """
    named = _marked(len(work), persons)
    taken = _marked(len(work), (*spans, *persons))
    found: list[Span] = []
    for postcode in spans:
        if postcode.kind != "POSTCODE":
            continue
        for start, end in _parts(work, postcode.start, named):
            if 1 not in taken[start:end] and not _is_kept(work[start:end], places):
                found.append(Span(start, end, "ADDRESS"))
                taken[start:end] = b"\1" * (end - start)
    return found


def _marked(length: int, spans: Iterable[Span]) -> bytearray:
    """One byte a character: 1 where a span is."""
    marks = bytearray(length)
    for span in spans:
        marks[span.start : span.end] = b"\1" * (span.end - span.start)
    return marks


def _parts(work: str, postcode: int, named: bytearray) -> Iterator[tuple[int, int]]:
    """Parts before the postcode on its line, then those of the lines above, up to a name, a blank line or prose."""
    line_start = work.rfind("\n", 0, postcode) + 1
    near = max(line_start, postcode - _REACH)
    line = work[near:postcode]
    yield from _same_line(line, near)
    if len(line) > _LONGEST or not all(_is_part(part) for part in line.split(",") if part.strip()):
        return
    for _ in range(_MOST_LINES):
        if line_start == 0:
            return
        line_end, line_start = line_start - 1, work.rfind("\n", 0, line_start - 1) + 1
        if line_end - line_start > _LONGEST:
            return
        line = work[line_start:line_end]
        has_name = 1 in named[line_start:line_end]
        if not line.strip() or streets.ADDRESS_ENDS.search(line) or (has_name and "," not in line):
            return
        parts = [(match.start(), match.group()) for match in re.finditer(r"[^,|·]+", line)]
        if not all(_is_part(part) for _, part in parts):
            return
        for start, part in parts:
            yield _trimmed(part, line_start + start)
        if has_name:
            return


def _same_line(line: str, offset: int) -> Iterator[tuple[int, int]]:
    """Walk back over "The Bothy, Glen Road, Kettlewick, " as long as the parts are capitalised."""
    parts = [(match.start(), match.group()) for match in re.finditer(r"[^,|·]+", line)]
    if parts and not parts[-1][1].strip():
        parts.pop()
    for start, part in reversed(parts):
        if _is_part(part):
            yield _trimmed(part, offset + start)
            continue
        if match := streets.ADDRESS_AFTER.search(part.rstrip()):
            yield offset + start + match.start(1), offset + start + match.end(1)
        return


def _is_part(part: str) -> bool:
    body = part.strip()
    return (
        bool(body)
        and _HANGING.search(body) is None
        and (streets.ADDRESS_PART.fullmatch(body) is not None or not any(map(str.isprintable, body)))
    )


def _trimmed(part: str, offset: int) -> tuple[int, int]:
    start = offset + len(part) - len(part.lstrip())
    return start, start + len(part.strip())


def _is_kept(part: str, places: re.Pattern[str] | None) -> bool:
    return places is not None and places.fullmatch(part.strip()) is not None
