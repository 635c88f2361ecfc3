"""When something was written: dates in cells, exports, file names and letterheads, brought to UTC.

A date without a time of day becomes noon UTC, so that it is the same day in every office of the company.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

import yaml

_NOON: Final = time(12)
_EXCEL_DAY_ZERO: Final = datetime(1899, 12, 30)
_YEARS: Final = range(1990, 2100)

# 2026-09-05, 2026/9/5
_ISO: Final = r"(?P<iso_year>\d{4})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})"
# 05/09/2026, 5.9.26
_NUMBERS: Final = r"(?P<first>\d{1,2})(?P<sign>[-/.])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})"
# 5th September 2026, 5. September 2026, 5 de septiembre de 2026, 05-Sep-26
_DAY_MONTH: Final = (
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|ain|fed|\.)?[\s/-]*(?:of\s+|de\s+)?(?P<month>[^\W\d_]{3,})\.?,?"
    r"[\s/-]*(?:de\s+)?(?P<word_year>\d{4}|(?<=-)\d{2})"
)
# September 5, 2026
_MONTH_DAY: Final = r"(?P<us_month>[^\W\d_]{3,})\.?\s+(?P<us_day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<us_year>\d{4})"
_DATE: Final = f"(?:{_ISO}|{_NUMBERS}|{_DAY_MONTH}|{_MONTH_DAY})"
_TIME: Final = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<seconds>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?(?:\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_WEEKDAY: Final = r"(?:[^\W\d_]{2,12}\.?,?\s+)?"
_WHEN: Final = re.compile(
    rf"{_WEEKDAY}{_DATE}(?:,?(?:\s+|T)(?:at\s+|um\s+|à\s+)?{_TIME})?(?:\s*(?:Uhr|uhr))?", re.IGNORECASE
)
_CLOCK: Final = re.compile(_TIME, re.IGNORECASE)
# Wed Oct 10 20:19:24 +0000 2018
_UNIX: Final = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [+-]\d{4} \d{4}")
_IN_NAME: Final = re.compile(
    r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])"
    r"(?:[T_ -](?:([01]\d|2[0-3])[-.:h]([0-5]\d)(?:[-.:]([0-5]\d))?|([01]\d|2[0-3])([0-5]\d)([0-5]\d)"
    r"|(0[6-9]|1\d|2[0-2])([0-5]\d)(?!\d)))?(?!\d)"
)  # four digits alone are a time in the hours that people work, else perhaps a number of something
# Up to three words and a date, and nothing else: "Brindle Cross, 5 September 2026", "Date: 05/09/2026".
_HEAD_LINE: Final = re.compile(rf"(?P<before>(?:[^\W\d_]+[.,:]*\s+){{0,4}}){_WHEN.pattern}\.?", re.IGNORECASE)
_OTHER_DATE: Final = re.compile(
    r"\b(?:order|purchas|bought|deliver|invoice|birth|born|expir|(?:due|since|until|from|by|on)\b)", re.IGNORECASE
)
_HEAD_LINES: Final = 14


def parse_when(value: object, *, day_first: bool, zone: ZoneInfo) -> datetime | None:
    """Read a cell's or export's time: text, a date, seconds or milliseconds since 1970, or a sheet's day number.

    Times without an offset are taken to be in ``zone``. None when ``value`` is no date that can be told for sure.
    """
    if isinstance(value, datetime):
        return _to_utc(value, zone)
    if isinstance(value, date):
        return datetime.combine(value, _NOON, UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(float(value), zone)
    return _from_text(value.strip(), day_first, zone) if isinstance(value, str) and len(value) < 80 else None


def parse_clock(value: object) -> time | None:
    """Read a time of day alone, as some exports keep it in a column of its own."""
    if isinstance(value, time):
        return value
    if isinstance(value, timedelta):
        return (_EXCEL_DAY_ZERO + value).time()
    if isinstance(value, float) and 0 <= value < 1:
        return (_EXCEL_DAY_ZERO + timedelta(days=value)).time().replace(microsecond=0)
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 20 else None
    return _clock(match) if match else None


def at_clock(day: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """Return the moment of ``clock`` on the day that ``day`` (noon UTC) stands for."""
    return datetime.combine(day.date(), clock, zone).astimezone(UTC)


def when_in_name(name: str, zone: ZoneInfo) -> datetime | None:
    """Read the last year-month-day in a file's name, with its time when that cannot be a number of something else."""
    found: datetime | None = None
    for match in _IN_NAME.finditer(name):
        year, _, month, day = match.group(1, 2, 3, 4)
        clock = [int(part) for part in match.group(5, 6, 7, 8, 9, 10, 11, 12) if part is not None]
        found = _moment(int(year), int(month), int(day), _time_of(clock) if clock else None, zone) or found
    return found


def _time_of(parts: Sequence[int]) -> time:
    hour, minute, second = [*parts, 0][:3]
    return time(hour, minute, second)


def when_in_head(text: str, *, day_first: bool, zone: ZoneInfo) -> datetime | None:
    """Read the date line of a letter: one of its first lines that holds a place at most, and a date."""
    lines = [line.strip() for line in text[:4000].splitlines() if line.strip()]
    for line in lines[:_HEAD_LINES]:
        match = _HEAD_LINE.fullmatch(line) if len(line) < 80 else None
        if match and not _OTHER_DATE.search(match["before"]):
            moment = _from_match(match, day_first, zone)
            if moment:
                return moment
    return None


def _from_text(text: str, day_first: bool, zone: ZoneInfo) -> datetime | None:
    if re.fullmatch(r"\d{5}(?:\.\d+)?|\d{10}|\d{13}", text):
        return _from_number(float(text), zone)
    if _UNIX.fullmatch(text):
        return _to_utc(datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y"), zone)
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d", text):
        try:
            return _to_utc(datetime.fromisoformat(text), zone)
        except ValueError:
            pass
    match = _WHEN.fullmatch(text)
    return _from_match(match, day_first, zone) if match else None


def _from_match(match: re.Match[str], day_first: bool, zone: ZoneInfo) -> datetime | None:
    parts = match.groupdict()
    if parts["iso_year"]:
        year, month, day = int(parts["iso_year"]), int(parts["iso_month"]), int(parts["iso_day"])
    elif parts["first"]:
        first, second = int(parts["first"]), int(parts["second"])
        day, month = (first, second) if day_first else (second, first)
        year = _whole_year(parts["year"])
    else:
        word = (parts["month"] or parts["us_month"]).casefold()
        month = _months().get(word, 0)
        day, year = int(parts["day"] or parts["us_day"]), _whole_year(parts["word_year"] or parts["us_year"])
    clock = _clock(match) if parts["hour"] else None
    if parts["hour"] and clock is None:
        return None
    return _moment(year, month, day, clock, zone)


def _clock(match: re.Match[str]) -> time | None:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    try:
        return time(hour, int(match["minute"]), int(match["seconds"] or 0), tzinfo=_offset(match["zone"]))
    except ValueError:
        return None


def _offset(text: str | None) -> timezone | None:
    """Return the zone that an offset such as +0100 names; None for none."""
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    away = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-away if text[0] == "-" else away)


def _moment(year: int, month: int, day: int, clock: time | None, zone: ZoneInfo) -> datetime | None:
    try:
        day_found = date(year, month, day)
    except ValueError:
        return None
    if year not in _YEARS:
        return None
    if clock is None:
        return datetime.combine(day_found, _NOON, UTC)
    return _to_utc(datetime.combine(day_found, clock), zone)


def _to_utc(moment: datetime, zone: ZoneInfo) -> datetime | None:
    if moment.year not in _YEARS:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _from_number(number: float, zone: ZoneInfo) -> datetime | None:
    if 32_000 <= number < 75_000:  # days since 1899-12-30: 1987 to 2105
        moment = _EXCEL_DAY_ZERO + timedelta(days=number)
        whole_day = number == int(number)
        rounded = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
        return datetime.combine(moment.date(), _NOON, UTC) if whole_day else _to_utc(rounded, zone)
    if 10**12 <= number < 4 * 10**12:
        number /= 1000
    return datetime.fromtimestamp(number, UTC) if 10**9 * 0.6 <= number < 4 * 10**9 else None


def _whole_year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


@lru_cache
def _months() -> dict[str, int]:
    """Return the number of every month's name and short name (channels/months.yaml)."""
    data = yaml.safe_load(resources.files("cxnlp.channels").joinpath("months.yaml").read_text("utf-8"))
    return {name.casefold(): number for number, names in data.items() for name in names}
