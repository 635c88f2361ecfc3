"""Written transcripts: which line names who speaks, and which only goes on."""

import re
from typing import Final
from zoneinfo import ZoneInfo

from cxnlp.channels.dates import parse_when
from cxnlp.channels.items import Unusable
from cxnlp.channels.speakers import Call, Turn

_UTC: Final = ZoneInfo("UTC")
_CLOCK: Final = r"\d{1,2}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,9})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_NAME: Final = r"[^\W\d_][\w .,'’()/&-]{0,58}?"
#: "Agent: Hello", "[00:03] Agent: Hello", "10:15:30 Jane Doe: Hello"
_PREFIX: Final = re.compile(
    rf"\s*(?:[\[(]?{_CLOCK}[\])]?\s+(?:[-–|]\s*)?)?([A-Za-zÀ-ž][\w .'()/-]{{0,40}}?)\s*:\s+(?=\S)"
)
#: A line of its own with name and time: "Jane Doe   0:03" (Teams), "[Jane Doe] 10:15:30" (Zoom's captions),
#: "10:15:30 From Jane Doe to Everyone:" (Zoom's chat).
_HEADINGS: Final = (
    re.compile(rf"\[?({_NAME})\]?[\s|,–-]+\(?{_CLOCK}\)?"),
    re.compile(rf"{_CLOCK}\s+From\s+({_NAME})\s+to\s+[^:]{{1,60}}:"),
)
#: Above the name of who speaks, in older exports of Teams: "0:0:0.0 --> 0:0:3.450"
_RANGE: Final = re.compile(rf"{_CLOCK}\s*-->\s*{_CLOCK}")
_RECORDER: Final = re.compile(r".{1,60} (?:started|stopped) (?:transcription|recording)")
_SENTENCE_END: Final = re.compile(r"[.?!…][\"'”’)\]]*$")
_LONGEST_LINE: Final = 300


def written_call(text: str) -> Call:
    """Return the call that ``text`` writes down, with its date where a line above the first turn holds one.

    Raises:
        Unusable: it names nobody who speaks.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    call = _under_headings([line for line in lines if not _RECORDER.fullmatch(line)])
    if call is not None:
        return call
    turns = with_names([Turn(None, line) for line in lines])
    if sum(1 for turn in turns if turn.speaker) < 2:
        raise Unusable(
            'Is a text without speakers; a transcript names one before each turn ("Agent: …"). If these are notes, '
            "make them a source of kind letters."
        )
    return Call(turns)


def _under_headings(lines: list[str]) -> Call | None:
    """The turns of a text whose speakers stand in lines of their own with the time; None where they do not."""
    names = [_heading(lines, number) for number in range(len(lines))]
    places = [number for number, name in enumerate(names) if name]
    n_names = len({name for name in names if name})
    if len(places) < 2 or n_names > max(6, len(places) // 2):
        return None
    turns: list[Turn] = []
    for start, end in zip(places, [*places[1:], len(lines)], strict=True):
        said = [line for line in lines[start + 1 : end] if not _RANGE.fullmatch(line)]
        said = said[1:] if _RANGE.fullmatch(lines[start]) else said
        turns.append(Turn(names[start], " ".join(said)))
    above = (line for line in lines[: places[0]] if parse_when(line, day_first=True, zone=_UTC))
    date = next(above, None)
    return Call(turns, {"date": date} if date else {})


def _heading(lines: list[str], number: int) -> str | None:
    """The speaker whom a line announces."""
    if _RANGE.fullmatch(lines[number]):
        name = lines[number + 1] if number + 1 < len(lines) else ""
        return name if re.fullmatch(_NAME, name) else None
    if number and _RANGE.fullmatch(lines[number - 1]):
        return None
    match = next((match for pattern in _HEADINGS if (match := pattern.fullmatch(lines[number]))), None)
    if match is None or len(match[1].split()) > 6 or parse_when(lines[number], day_first=True, zone=_UTC):
        return None
    return match[1].strip()


def with_names(turns: list[Turn]) -> list[Turn]:
    """Take "Agent:" off the turns' beginnings when the text names its speakers so; else leave all as it is."""
    lines = [Turn(turn.speaker, line) for turn in turns for line in _speech_lines(turn)]
    named = [_PREFIX.match(line.text) for line in lines]
    names = [match[1] for match in named if match]
    if not lines or len(names) < 2 or len(set(names)) > max(6, len(names) // 2) or any(turn.speaker for turn in turns):
        return turns
    result: list[Turn] = []
    for line, match in zip(lines, named, strict=True):
        if match:
            result.append(Turn(match[1], line.text[match.end() :]))
        else:  # goes on from the line before
            result.append(Turn(result[-1].speaker if result else None, line.text))
    return result


def _speech_lines(turn: Turn) -> list[str]:
    return turn.text.split("\n") if turn.speaker is None else [turn.text]


def flowing(turns: list[Turn]) -> list[Turn]:
    """Join what a program cut by time, where nobody is named: a line ends where a sentence does."""
    if any(turn.speaker for turn in turns):
        return turns
    result: list[Turn] = []
    for turn in turns:
        text = " ".join(turn.text.split())
        before = result[-1].text if result else "."
        if not text or _SENTENCE_END.search(before) or len(before) > _LONGEST_LINE:
            result.append(Turn(None, text))
        else:
            result[-1] = Turn(None, f"{before} {text}")
    return result
