"""What the terminal tells of an item: what trackers get of it, and what people see of it here."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cxnlp.backlog.facts import QUOTES, Fact, measured, standing
from cxnlp.backlog.states import shown
from cxnlp.cli.terminal import harmless

#: Column of the view ``backlog_clock`` → to what it counts the days.
LEGS: Final = {
    "days_to_item": "item",
    "days_to_accepted": "acceptance",
    "days_to_shipped": "shipped",
    "days_to_verified": "verified",
}

Row = Mapping[str, Any]


def tell(console: Console, item: Row, clock: Row, quotes: Sequence[Row], currency: str) -> None:
    """Print an item: title, sentence, what was decided and measured, days, and its quotes with day and channel.

    Args:
        console: where to.
        item: a row of `cxnlp.backlog.read`.
        clock: its row of the view ``backlog_clock``; empty where it has none.
        quotes: of `cxnlp.answers.backlog.chosen`.
        currency: of what it is worth.
    """
    console.print(harmless(item["item_id"]), style="dim")
    console.print(harmless(item["title"]), style="bold")
    if item["sentence"]:
        console.print(harmless(item["sentence"]))
    console.print()
    days = [Fact("Days", words)] if (words := _days(clock)) else []
    facts = [*standing(item), *days, *measured(item, currency)]
    width = max(len(fact.name) for fact in facts) + 2
    for fact in facts:
        console.print(Text.assemble((f"{fact.name:{width}}", "dim"), harmless(fact.words)))
    said = {quote["mention_id"]: quote for quote in quotes}
    told = [(item[name], said.get(item[f"{name}_mention_id"])) for name in QUOTES if item[name]]
    if told:
        console.print("\nWhat people say:")
    for words, quote in told:
        console.print(Text.assemble(f"  “{harmless(words)}” ", (_origin(quote), "dim")))


def tell_issue(console: Console, issue: Row) -> None:
    """Print an issue that a tracker has for an item, a row of `cxnlp.backlog.trackers.issues_of`."""
    words = [issue["state"], issue["assignee"] or "", f"{issue['n_comments']} comment(s) of people"]
    words += [f"the last of {issue['last_comment_on']}"] if issue["last_comment_on"] else []
    console.print(f"\n{issue['tracker']} {issue['key']} {issue['url']}: {harmless(', '.join(filter(None, words)))}")


def clocks(rows: Sequence[Row]) -> Table:
    """Return the days of items, rows of the view ``backlog_clock``, as a table that fits 100 characters."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("Item", no_wrap=True)
    table.add_column("Title")
    table.add_column("State", no_wrap=True)
    for words in LEGS.values():
        table.add_column(f"Days to\n{words}", justify="right", no_wrap=True)
    table.add_column("Overdue", no_wrap=True)
    for row in rows:
        days = ("" if row[name] is None else str(row[name]) for name in LEGS)
        late = "yes" if row["is_overdue"] else ""
        told = (row["item_id"], harmless(row["title"]), shown(row["state"]))
        table.add_row(*map(Text, (*told, *days, late)))
    return table


def _days(clock: Row) -> str:
    taken = [f"{clock[name]} to {words}" for name, words in LEGS.items() if clock.get(name) is not None]
    return ", ".join([*taken, *(["OVERDUE"] if clock.get("is_overdue") else [])])


def _origin(quote: Row | None) -> str:
    """Day and channel; nothing of a quote that is not there any more."""
    return "" if quote is None else harmless(f"{quote['occurred_on']}, {quote['channel'].replace('_', ' ')}")
