"""Renders the page: numbers from the answers, words from the story, one HTML file that asks the network for nothing."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cxnlp import backlog
from cxnlp.insight import Period, period_of
from cxnlp.report import blueprint, items, journey, sections, standing, story, words
from cxnlp.report.answers import Answer, Row, ask, reading, selection
from cxnlp.report.quotes import QuoteBook
from cxnlp.report.slices import Slices
from cxnlp.taxonomy import activities

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
    with reading(connection, period):
        answers = ask(connection, period)
        slices = Slices(connection, period, least_group)
    rows = {name: answer.rows for name, answer in answers.items()}
    book = QuoteBook(rows["quotes"], night, least_group, slices.of)
    kept = [backlog.shared(item, least_group) for item in backlog.read(connection).to_dicts()]
    alive = items.backlog_items(kept, rows, book, period)  # first: a page has room for so many quotes
    drawn = _sections(answers, rows, book, period, least_group)
    totals = words.shielded(rows["totals"][0], least_group)
    style, script = shipped("style", "*.css"), shipped("script", "*.js")
    return (
        _environment(night)
        .get_template("page.html.j2")
        .render(
            **drawn,
            company=company,
            period=period,
            totals=totals,
            headline=story.headline(alive, drawn["moments"]["shown"], totals),
            items=alive,
            clocks=items.clocks(kept, rows["item_clock"]),
            quality=sections.quality(answers, scores, night),
            least_group=least_group,
            answers=answers,
            choices=slices.choices(),
            later_from=slices.recent_from,
            book=Markup(book.data(selection(period))),  # noqa: S704 - escaped by words.embedded
            cuts=Markup(slices.data()),  # noqa: S704 - escaped by words.embedded
            style=Markup(style),  # noqa: S704 - shipped files
            script=Markup(script),  # noqa: S704 - shipped files
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )


def _sections(
    answers: Mapping[str, Answer], rows: Mapping[str, Sequence[Row]], book: QuoteBook, period: Period, least_group: int
) -> dict[str, Any]:
    """Whatever the templates draw of the answers, by the name that they know it by."""
    known = [row for row in rows["taxonomy"] if row["family"] == "moment"]
    moments = sections.moments(rows["moments"], book, known, least_group)
    stages = journey.stages(rows, moments, book, least_group)
    flags = {each.flag for stage in stages for each in stage.moments if each.flag}
    return {
        "moments": moments,
        "journey": stages,
        "glance": journey.at_a_glance(stages),
        "flags": ", ".join(words for flag, words in journey.FLAGS.items() if flag in flags),
        "kinds": activities().kinds,
        "kind_names": {kind.id: kind.name for kind in activities().kinds},
        "blueprints": blueprint.blueprints(stages),
        "unmeasurables": sections.unmeasurables(rows["unmeasurables"], book, least_group),
        "trends": sections.trends(rows["weeks"], moments["shown"], book, period, least_group),
        "changes": standing.changes(rows["changes"][0], least_group, period.night),
        "alerts": standing.alerts(rows["alerts"], period.night, least_group),
        "scorecard": standing.scorecard(rows["scorecard"], book, least_group),
        "people": sections.people(rows, book, least_group),
    }


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
    environment.globals |= {
        "count": words.count,
        "interval": words.interval,
        "shapes": blueprint.SHAPES,
        "verdicts": journey.VERDICTS,
    }
    return environment


@lru_cache
def shipped(folder: str, names: str) -> str:
    """Shipped files by their names, to the byte as they stand between their tags: their hash allows them to run."""
    texts = [path.read_text("utf-8").strip() for path in sorted((_FOLDER / folder).glob(names))]
    return "\n" + "\n\n".join(texts) + "\n"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
