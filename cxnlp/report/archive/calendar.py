"""The calendar of the archive as one HTML file that fetches nothing and runs nothing."""

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cxnlp.report import words
from cxnlp.report.styles import WAY_ON, style_of

_FOLDER: Final = Path(__file__).parent


class Month(NamedTuple):
    """A month with a page in it. A day of a neighbouring month is None."""

    first_on: date
    weeks: Sequence[Sequence[date | None]]  # from Monday to Sunday


def render(headlines: Mapping[date, str], *, company: str) -> str:
    """Return the calendar as one HTML text; everything in it is escaped, and only its own style is allowed.

    Args:
        headlines: night → its page's headline; one at least.
        company: name as it stands in ``cxnlp.toml``.
    """
    style = style_of(WAY_ON, _FOLDER / "calendar.css")
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["shorten"] = words.shorten
    environment.globals["count"] = words.count
    return environment.get_template("calendar.html.j2").render(
        months=months(headlines),
        headlines=headlines,
        newest=max(headlines),
        company=company,
        weekdays=tuple(calendar.day_name),
        style=style.text,
        style_hash=style.hash,
    )


def months(nights: Mapping[date, str]) -> list[Month]:
    """Return the months that have a page, newest first."""
    firsts = sorted({night.replace(day=1) for night in nights}, reverse=True)
    return [
        Month(first, [[day if day.month == first.month else None for day in week]
                      for week in calendar.Calendar().monthdatescalendar(first.year, first.month)])
        for first in firsts
    ]  # fmt: skip
