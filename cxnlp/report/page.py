"""Renders the page: numbers from the answers, words from the story, one HTML file that asks the network for nothing."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cxnlp import backlog
from cxnlp.insight import period_of
from cxnlp.report import sections, story, words
from cxnlp.report.answers import ask, selection
from cxnlp.report.quotes import QuoteBook

_FOLDER: Final = Path(__file__).with_name("page")


def render(
    connection: duckdb.DuckDBPyConnection,
    *,
    company: str,
    night: date,
    weeks: int = 8,
    scores: Mapping[str, Any] | None = None,
    least_group: int = 1,
) -> str:
    """Return the morning's page as one HTML text.

    Everything that a customer wrote is escaped; scripts and styles are allowed by their hash only, and nothing may be
    fetched from anywhere.

    Args:
        connection: a published snapshot (a read-only connection will do).
        company: name as it stands in ``cxnlp.toml``.
        night: day that the page is for.
        weeks: how many calendar weeks it looks back on.
        scores: the model's measured quality, as ``models/minilm/scores.json`` holds it.
        least_group: a number of fewer people than this reads "<5" (or what it is), and nobody of them is quoted.
    """
    period = period_of(connection, night=night, weeks=weeks)
    answers = ask(connection, period)
    rows = {name: answer.rows for name, answer in answers.items()}
    book = QuoteBook(rows["quotes"], night, least_group)
    kept = [backlog.shared(item, least_group) for item in backlog.read(connection).to_dicts()]
    items = story.backlog_items(kept, rows, book, period)  # first: a page has room for so many quotes
    known = [row for row in rows["taxonomy"] if row["family"] == "moment"]
    moments = sections.moments(rows["moments"], book, known, least_group)
    drawn = {
        "moments": moments,
        "unmeasurables": sections.unmeasurables(rows["unmeasurables"], book, least_group),
        "trends": sections.trends(rows["weeks"], moments["shown"], book, period),
        "stages": sections.stages(rows["stages"], moments["shown"], book, least_group),
        "people": sections.people(rows, book, least_group),
        "quality": sections.quality(answers, scores),
    }
    totals = words.shielded(rows["totals"][0], least_group)
    style, script = (_shipped(name) for name in ("page.css", "page.js"))
    return (
        _environment(night)
        .get_template("page.html.j2")
        .render(
            **drawn,
            company=company,
            period=period,
            totals=totals,
            headline=story.headline(items, moments["shown"], totals),
            items=items,
            least_group=least_group,
            n_quiet=sum(item["state"] == "quiet" for item in kept),
            answers=answers,
            book=Markup(book.data(selection(period))),  # noqa: S704 - escaped by QuoteBook.data
            style=Markup(style),  # noqa: S704 - shipped file
            script=Markup(script),  # noqa: S704 - shipped file
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )


def write(page: str, path: Path) -> None:
    """Put ``page`` at ``path``; a reader sees the old page or the new one, never half of one."""
    backlog.write_whole(path, page.encode("utf-8", "replace"))


@lru_cache(maxsize=1)
def _environment(night: date) -> Environment:
    """Templates and what they call; compiling them takes longer than filling them in."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "whole": words.whole,
        "small": words.small,
        "people": words.people,
        "share": words.share,
        "points": words.points,
        "shorten": words.shorten,
        "short_day": words.short_day,
        "sentence": words.sentence,
        "language": words.language,
        "day": lambda on: words.day(on, night),
    }
    environment.globals |= {"count": words.count, "interval": words.interval, "feelings": words.FEELINGS}
    return environment


def _shipped(name: str) -> str:
    """A shipped file as it will stand between its tags, to the byte: its hash allows it to run."""
    return "\n" + (_FOLDER / name).read_text("utf-8").strip() + "\n"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
