"""Numbers and dates as words: plain English, one way of saying each thing."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

FEELINGS: Final = {-2: "very bad", -1: "bad", 0: "neutral", 1: "good", 2: "very good"}
CHANNELS: Final = {"letter": "letter", "call": "call", "social": "post"}

#: Languages that the model may meet and not read; others are shown by their code.
_LANGUAGES: Final = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek",
    "es": "Spanish", "fi": "Finnish", "fr": "French", "ga": "Irish", "hi": "Hindi", "hu": "Hungarian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
    "und": "an unknown language", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

_SMALL: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def whole(number: float | str) -> str:
    """2310 → "2,310"; what is words already ("<5") stays."""
    return number if isinstance(number, str) else f"{number:,.0f}".replace("-", "\u2212")


def small(number: int) -> str:
    """Spell numbers up to twelve."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else whole(number)


def count(number: int | str, one: str, many: str | None = None) -> str:
    """41, "mention" → "41 mentions"."""
    return f"{whole(number)} {one if number == 1 else many or one + 's'}"


def people(number: int | str) -> str:
    """41 → "41 people", "<5" → "<5 people"."""
    return count(number, "person", "people")


def shielded(row: Mapping[str, Any], least_group: int) -> dict[str, Any]:
    """Return a row of the answers as it may be shared: of fewer people than ``least_group`` no count of anything.

    All of its counts say the same, "<5": six mentions of two people would tell how few they are.
    """
    if row["n_customers"] >= least_group:
        return dict(row)
    few = f"<{least_group}"
    return {
        name: few if name.startswith("n_") and isinstance(value, int) and value > 0 else value
        for name, value in row.items()
    }


def share(value: float | None) -> str:
    """0.414 → "41 %"; what is there but rounds to nothing is "under 1 %"."""
    if value is None:
        return "–"
    return "under 1\u00a0%" if 0 < value < 0.005 else f"{whole(100 * value)}\u00a0%"


def language(code: str | None) -> str:
    """A language's name in English: "pl" → "Polish"."""
    return _LANGUAGES.get(code or "und", shorten(code, 12))


def points(value: float | None) -> str:
    """A net sentiment or balance of -1 … 1 in points: -0.42 → "−42"."""
    if value is None:
        return "–"
    rounded = round(100 * value)
    return f"{'+' if rounded > 0 else ''}{whole(rounded)}"


def interval(low: float | None, high: float | None) -> str:
    """The 95 % interval of such a value: "−55 to −28"."""
    return "–" if low is None or high is None else f"{points(low)} to {points(high)}"


def channels_named(channel: str) -> str:
    """Several of a channel: "letter" → "letters"; one that is not known stays."""
    return f"{CHANNELS[channel]}s" if channel in CHANNELS else shorten(channel, 30)


def state(name: str) -> str:
    """A stored state in words: "in_progress" → "in progress"."""
    return name.replace("_", " ")


def embedded(value: object) -> str:
    """JSON that may stand inside a script element: no sign in it can end the element or a line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "&<>\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def day(on: date | None, night: date) -> str:
    """5 October; with the year when it is not the night's."""
    if on is None:
        return "–"
    return f"{on.day}\u00a0{on:%B}" + (f" {on.year}" if on.year != night.year else "")


def short_day(on: date) -> str:
    """5 Oct."""
    return f"{on.day}\u00a0{on:%b}"


def listed(things: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join(filter(None, [", ".join(things[:-1]), *things[-1:]]))


def shorten(text: str | None, longest: int) -> str:
    """Cut a field that its source filled too generously."""
    line = " ".join((text or "").split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def title_parts(title: str) -> tuple[str, str]:
    """A backlog title's phrase and the words of its customers: ("Delivery disappoints", "plastic, oversized box")."""
    phrase, _, terms = title.partition(": ")
    return phrase, terms


def sentence(text: str) -> str:
    """Begin ``text`` with a capital and leave the rest alone."""
    return text[:1].upper() + text[1:]


def since(trend_word: str, turned_on: date | None, first_on: date | None, night: date) -> str:
    """How an item moves: "rising since 5 October", "new, first heard on 28 September", "steady".

    Where no week stands out as the turn, it is what a trend compares: "rising in the last four weeks".
    """
    if trend_word == "new" and first_on:
        return f"new, first heard on {day(first_on, night)}"
    if trend_word in ("rising", "falling"):
        return f"{trend_word} since {day(turned_on, night)}" if turned_on else f"{trend_word} in the last four weeks"
    return trend_word
