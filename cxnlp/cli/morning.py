"""What a person reads when the night is over, and what a dry run shows."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cxnlp.cli.terminal import harmless
from cxnlp.settings import Workspace

if TYPE_CHECKING:
    from pipelines.preview import Preview

#: Moments of fewer mentions are not named, as nothing is concluded from them.
_FEW = 5

#: Columns of the page's moments → what they are called in the story.
_NAMES = {
    "label": "moment", "name": "name", "n_mentions": "n_mentions", "n_customers": "n_customers",
    "n_negative": "n_negative", "n_positive": "n_positive", "net": "net_sentiment", "low": "net_sentiment_low",
    "high": "net_sentiment_high",
}  # fmt: skip

QUERY = "SELECT occurred_on, quote FROM evidence WHERE label = '{label}' AND sentiment < 0 ORDER BY 1 DESC LIMIT 5"


@dataclass(frozen=True)
class Story:
    """One night in numbers: what it read, what the warehouse now holds, and where things are."""

    run: dict[str, Any]
    n_feedback: int
    n_mentions: int
    worst: list[dict[str, Any]]
    best: list[dict[str, Any]]
    alerts: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    page: Path
    backlog: Path
    database: Path

    def as_dict(self) -> dict[str, Any]:
        """The story as plain values."""
        return asdict(self)


def tell(workspace: Workspace, run_id: str) -> Story:
    """Read a night's story from the published database."""
    from cxnlp.insight import period_of
    from cxnlp.report.answers import answer
    from cxnlp.warehouse import store

    settings = workspace.settings
    with store.open_published(workspace.database) as connection:
        run, problems = store.run_of(connection, run_id), store.problems_of(connection)
        period = period_of(connection, night=run["night"], weeks=settings.backlog.weeks)
        worst, best = named(answer(connection, "moments", period).rows, settings.privacy.least_group)
        alerts = connection.sql("FROM open_alerts").pl().to_dicts()
        (n_feedback,) = connection.sql("SELECT count(*) FROM feedback").fetchall()[0]
        (n_mentions,) = connection.sql("SELECT count(*) FROM mentions").fetchall()[0]
    return Story(run, n_feedback, n_mentions, worst, best, alerts, problems.to_dicts(),
                 workspace.page_file, workspace.backlog_file, workspace.database)  # fmt: skip


def named(moments: Sequence[Mapping[str, Any]], least_group: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return which moments hurt and which work, or are praised most, by the page's rules.

    Args:
        moments: the page's answer ``moments``.
        least_group: moments of fewer people are not named.
    """
    from cxnlp.report.story import hurting_and_praised

    enough = [row for row in moments if row["n_mentions"] >= _FEW and row["n_customers"] >= least_group]
    worst, best = (
        [{name: row[key] for key, name in _NAMES.items()} for row in rows] for rows in hurting_and_praised(enough)
    )
    return worst, best


def show(story: Story, console: Console) -> None:
    """Say it in plain words."""
    run = story.run
    erased = f", {run['n_erased']:,} erased" if run["n_erased"] else ""
    console.print(
        f"\n[bold]Night {run['run_id']}[/bold]: {run['n_arrived']:,} items arrived: {run['n_stored']:,} stored, "
        f"{run['n_duplicates']:,} duplicates, {run['n_unchanged']:,} known already, "
        f"{run['n_quarantined']:,} quarantined{erased}; {run['n_mentions']:,} mentions tagged."
    )
    console.print(f"The warehouse holds {story.n_feedback:,} pieces of feedback with {story.n_mentions:,} mentions.")
    is_well = any(moment["net_sentiment_low"] > 0 for moment in story.best)
    rankings = (
        ("What hurts most", story.worst, "n_negative", "negative"),
        ("What works best" if is_well else "What is praised most (nothing surely works well)", story.best,
         "n_positive", "positive"),
    )  # fmt: skip
    for title, moments, count, feeling in rankings:
        if moments:
            console.print(f"\n[bold]{title}[/bold]")
        for moment in moments:
            share = f"{moment[count]:,} of {moment['n_mentions']:,} mentions {feeling}"
            console.print(f"  {moment['name']}: {share}; {_net(moment)}")
    if story.alerts:
        console.print("\n[bold]Early warnings[/bold] (with quotes: `cxnlp alerts`)")
    for alert in story.alerts:
        console.print(f"  {alert_line(alert)}", markup=False)
    if story.quarantine:
        console.print("\n[bold]In quarantine[/bold] (nothing is lost: `cxnlp quarantine` lists files and rows)")
    for row in story.quarantine:
        console.print(f"  {row['source']}: {row['n']} × {harmless(row['problem'])}", markup=False)
    console.print(
        f"\nPage      {story.page}\nBacklog   {story.backlog}\nDatabase  {story.database}\n\nA query to try:",
        markup=False,
    )
    label = story.worst[0]["moment"] if story.worst else "delivery"
    place = shlex.quote(_short(story.page.parent))
    console.print(f'  {_short(Path(sys.argv[0]))} sql -w {place} "{QUERY.format(label=label)}"', markup=False)


def alert_line(alert: dict[str, Any]) -> str:
    """One open alert (a row of the view open_alerts) in a line, without a customer's words."""
    place = ", ".join(harmless(alert[name]) for name in ("product", "location") if alert[name] is not None)
    beside = f", beside {harmless(alert['moment_name'] or alert['moment'])}" if alert["moment"] else ""
    what = f"{harmless(alert['name'])}{beside}{f' ({place})' if place else ''}"
    since = f"since {alert['opened_on']}"
    reports, people, days = f"{alert['n_reports']:,}", alert.get("n_customers"), alert["n_days"]
    if alert["kind"] == "crisis":
        return f"{what}: {reports} credible report(s), {since}"
    span = "in one day" if days == 1 else f"in {days} days"
    by = "" if people is None else f" by {people:,} people"
    return f"{what}: {reports} reports{by} {span} where {alert['expected_reports']:.1f} were to be expected, {since}"


def _net(moment: dict[str, Any]) -> str:
    low, high = moment["net_sentiment_low"], moment["net_sentiment_high"]
    return f"{moment['n_customers']:,} people, net sentiment {moment['net_sentiment']:+.2f} ({low:+.2f} … {high:+.2f})"


def _short(path: Path) -> str:
    """The path from here when that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def show_preview(preview: "Preview", console: Console) -> None:
    """Show what a night would store."""
    console.print(
        f"Dry run: {preview.n_items:,} items would be read: {preview.n_new:,} new, "
        f"{preview.n_unchanged:,} known already, {preview.n_quarantined:,} quarantined; "
        f"{preview.n_mentions:,} mentions. Nothing was stored."
    )
    masked = ", ".join(f"{kind} {n:,}" for kind, n in preview.masked.items()) or "nothing"
    console.print(f"Masked: {masked}", markup=False)
    for problem, n in preview.problems.items():
        console.print(f"Quarantine: {n} × {harmless(problem)}", markup=False)
    table = Table("source", "text as it would be stored", "tags", show_lines=True)
    for sample in preview.samples:
        table.add_row(*(Text(harmless(sample[name])) for name in ("source", "text", "tags")))
    console.print(table)
