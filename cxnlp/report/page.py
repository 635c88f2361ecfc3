"""Renders the page: numbers from the answers, words from the story, one HTML file that asks the network for nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cxnlp import backlog
from cxnlp.insight import Period, period_of
from cxnlp.report import blueprint, items, journey, sections, standing, story, wordless, words
from cxnlp.report.answers import Answer, Row, ask, reading, selection
from cxnlp.report.quotes import QuoteBook
from cxnlp.report.slices import Slices
from cxnlp.report.styles import hash_of
from cxnlp.taxonomy import activities

_FOLDER: Final = Path(__file__).with_name("page")


@dataclass(frozen=True)
class Look:
    """What was asked of a snapshot for a page; `draw` and `draw_wordless` need nothing else."""

    company: str
    period: Period
    scores: Mapping[str, Any] | None
    least_group: int
    answers: Mapping[str, Answer]
    items: Sequence[Row]  # the table backlog, as it may be shared
    slices: Slices
    currency: str  # of what items are worth; "" where the workspace names none


def look(
    connection: duckdb.DuckDBPyConnection,
    *,
    company: str,
    night: date,
    weeks: int = 8,
    scores: Mapping[str, Any] | None = None,
    least_group: int = 1,
    currency: str | None = None,
) -> Look:
    """Ask a snapshot for all that a page says.

    Args:
        connection: a published snapshot (a read-only connection will do).
        company: name as it stands in ``cxnlp.toml``.
        night: day that the page is for.
        weeks: how many calendar weeks it looks back on.
        scores: the model's measured quality, as ``models/minilm/scores.json`` holds it.
        least_group: a number of fewer people than this reads "<5" (or what it is), and nobody of them is quoted.
        currency: of what items are worth, such as EUR.
    """
    period = period_of(connection, night=night, weeks=weeks)
    with reading(connection, period):
        answers = ask(connection, period)
        slices = Slices(connection, period, least_group)
    kept = [backlog.shared(item, least_group) for item in answers["backlog"].rows]
    return Look(company, period, scores, least_group, answers, kept, slices, currency or "")


def render(
    connection: duckdb.DuckDBPyConnection,
    *,
    company: str,
    night: date,
    weeks: int = 8,
    scores: Mapping[str, Any] | None = None,
    least_group: int = 1,
) -> str:
    """Return the morning's page as one HTML text: what `look` saw, drawn."""
    return draw(look(connection, company=company, night=night, weeks=weeks, scores=scores, least_group=least_group))


def draw(seen: Look) -> str:
    """Return the morning's page as one HTML text.

    Everything that a customer wrote is escaped; scripts and styles are allowed by their hash only, and nothing may be
    fetched from anywhere.
    """
    book = QuoteBook(seen.answers["quotes"].rows, seen.period.night, seen.least_group, seen.slices.of)
    drawn = _drawn(seen, book)
    script = shipped("script", "*.js")
    return _filled(
        seen,
        drawn,
        is_archived=False,
        choices=seen.slices.choices(),
        later_from=seen.slices.recent_from,
        book=Markup(book.data(selection(seen.period))),  # noqa: S704 - escaped by words.embedded
        cuts=Markup(seen.slices.data()),  # noqa: S704 - escaped by words.embedded
        script=Markup(script),  # noqa: S704 - shipped files
        script_hash=hash_of(script),
    )


def draw_wordless(seen: Look) -> str:
    """Return the page as it may be kept for ever: the same numbers, and no word of a customer's (`wordless`).

    It runs no script: no number opens anything, and nothing can be filtered.
    """
    bare = replace(
        seen,
        answers=wordless.answers(seen.answers, seen.least_group),
        items=[wordless.item(each) for each in seen.items],
    )
    return _filled(bare, _drawn(bare, QuoteBook((), seen.period.night)), is_archived=True)


def _filled(seen: Look, drawn: Mapping[str, Any], **more: Any) -> str:
    """Fill the template in."""
    style = shipped("style", "*.css")
    return (
        _environment(seen.period.night)
        .get_template("page.html.j2")
        .render(
            **drawn,
            **more,
            company=seen.company,
            period=seen.period,
            least_group=seen.least_group,
            answers=seen.answers,
            style=Markup(style),  # noqa: S704 - shipped files
            style_hash=hash_of(style),
        )
    )


def _drawn(seen: Look, book: QuoteBook) -> dict[str, Any]:
    """Whatever the templates draw, by the name that they know it by."""
    rows = {name: answer.rows for name, answer in seen.answers.items()}
    alive = items.backlog_items(seen.items, rows, book, seen.period, seen.currency)  # first: quotes are rationed
    warned = standing.alerts(
        rows["alerts"], rows["alert_evidence"], alive, book, seen.period.night, seen.least_group
    )  # fmt: skip
    drawn = _sections(rows, book, seen.period, seen.least_group)
    totals = words.shielded(rows["totals"][0], seen.least_group)
    return drawn | {
        "totals": totals,
        "headline": story.headline(
            alive, drawn["moments"]["shown"], totals, seen.period, sections.last_heard(rows["sources"])
        ),
        "items": alive,
        "alerts": warned,
        "events": standing.events(rows["events"], seen.items, alive),
        "clocks": items.clocks(rows["item_states"], rows["item_clock"]),
        "quality": sections.quality(seen.answers, seen.scores, seen.period.night),
    }


def _sections(
    rows: Mapping[str, Sequence[Row]], book: QuoteBook, period: Period, least_group: int
) -> dict[str, Any]:  # fmt: skip
    """Of these, the sections that are drawn of the answers alone."""
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
        "changes": standing.changes(rows["changes"][0], least_group, period),
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
