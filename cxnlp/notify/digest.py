"""The morning in a few lines: what a message says, in words of the published night, as HTML and as JSON."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cxnlp import backlog
from cxnlp.backlog.export import one_line
from cxnlp.backlog.states import AT_REST
from cxnlp.insight.alerts_shared import shared_alert
from cxnlp.notify.changes import Morning, Row
from cxnlp.notify.outbox import Waiting
from cxnlp.settings import Notify, Workspace

#: Lines of a part before "and 12 more": as many of these as `_LONGEST` allows.
_MOST_LINES: Final = (10, 5, 3, 1)
#: Signs of a message's HTML: Teams refuses what is larger than 28 KB, in which a sign may count twice.
_LONGEST: Final = 9_000
_LONGEST_TITLE: Final = 200
#: What calls somebody in a chat that looks for it in plain text: @everyone, <@1234>, <@&1234>, <!channel>, #general.
_CALLS: Final = re.compile(r"([@＠#＃!])(?=[\w&!])")
_JOINER: Final = "\u2060"  # not seen; the call is broken, the text reads the same
_AGAIN: Final = "Sent again, the first time was not confirmed: "
_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    """One item or early warning, and what is said of it."""

    row: Row
    before: str | None = None

    @property
    def helped(self) -> str:
        """Whether its fix helped, in words."""
        return backlog.helped(self.row) or ""

    @property
    def shipped(self) -> str:
        """When, where and what was shipped, in words."""
        return backlog.shipped(self.row)

    @property
    def people(self) -> str:
        """How many, in words."""
        n = self.row["n"]
        return f"{n:,} people" if isinstance(n, int) and n != 1 else "1 person" if n == 1 else f"{n} people"


@dataclass(frozen=True)
class Digest:
    """What a message says."""

    company: str
    run: Row
    headline: str
    opened: Sequence[Line]
    moved: Sequence[Line]
    overdue: Sequence[Line]
    measured: Sequence[Line]  # of which it is newly known whether their fix helped
    alerts: Sequence[Line]
    n_open: int
    page: str
    message_id: str
    is_doubtful: bool

    @property
    def warnings(self) -> list[tuple[Line, int]]:
        """Early warnings that read alike (small groups have no place) as one, with how many they are."""
        alike: dict[tuple[object, ...], list[Line]] = {}
        for line in self.alerts:
            read = tuple(line.row[name] for name in ("kind", "name", "moment_name", "product", "location", "n"))
            alike.setdefault(read, []).append(line)
        return [(lines[0], len(lines)) for lines in alike.values()]

    @property
    def title(self) -> str:
        """The subject: who, when, how much."""
        counts = [
            _count(len(self.alerts), "new early warning", "new early warnings"),
            _count(len(self.measured), "fix measured", "fixes measured"),
            _count(len(self.opened), "new item", "new items"),
            _count(len(self.moved), "change", "changes"),
            _count(len(self.overdue), "overdue", "overdue"),
        ]
        night: date = self.run["night"]
        said = ", ".join(filter(None, counts)) or "nothing new"
        return f"{_AGAIN if self.is_doubtful else ''}{self.company}, {night.day} {night:%B %Y}: {said}"


def digest(waiting: Waiting, now: Morning, workspace: Workspace, receiver: Notify) -> Digest:
    """Put a message into the words of the published night; what is no longer there is left out."""
    message, least_group = waiting.message, workspace.settings.privacy.least_group
    items = {item["item_id"]: _item(item, least_group) for item in now.items}
    alerts = {alert["alert_id"]: _alert(alert, least_group) for alert in now.alerts}
    before = {moved.item_id: (moved.before, moved.after) for moved in message.moved}
    run = now.run if now.run["run_id"] == message.run_id else {"run_id": message.run_id, "night": message.night}
    return Digest(
        company=workspace.settings.company,
        run=run,
        headline=_headline(list(items.values())),
        opened=[Line(items[name]) for name in message.opened if name in items],
        moved=[
            Line({**items[name], "state": after}, state)
            for name, (state, after) in before.items()
            if name in items and name not in message.measured
        ],
        overdue=[Line(items[name]) for name in message.overdue if name in items],
        measured=[Line(items[name]) for name in message.measured if name in items],
        alerts=[Line(alerts[name]) for name in message.alerts if name in alerts],
        n_open=sum(state not in AT_REST for state in message.states.values()),
        page=receiver.page_url or str(workspace.page_file),
        message_id=waiting.id,
        is_doubtful=waiting.is_doubtful,
    )


def html(said: Digest) -> str:
    """Return a digest as HTML that asks the network for nothing; what customers wrote is escaped."""
    spelled = ""
    for most in _MOST_LINES:
        spelled = str(_template().render(said=said, most=most))
        if len(spelled) <= _LONGEST:
            break
    return spelled


def payload(said: Digest, waiting: Waiting, receiver: Notify) -> bytes:
    """Return a digest as the body of a webhook (docs/notify.md): numbers and words, no quotes, nobody's name."""
    events = [*_events("opened", said.opened), *_events("changed", said.moved), *_events("overdue", said.overdue),
              *_events("measured", said.measured)]  # fmt: skip
    data = {
        "company": said.company,
        "run_id": said.run["run_id"],
        "night": said.run["night"],
        "headline": said.headline,
        "page_url": receiver.page_url,
        "n_open_items": said.n_open,
        "read": {name: said.run[name] for name in ("n_arrived", "n_stored", "n_quarantined") if name in said.run},
        "items": events,
        "alerts": [_alert_event(line) for line in said.alerts],
    }
    whole = {"type": "night.finished", "timestamp": waiting.queued_at.isoformat(), "data": data}
    return json.dumps(whole, ensure_ascii=True, default=str).encode("ascii")


def _events(event: str, lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "event": event, "item_id": line.row["item_id"], "title": line.row["title"], "state": line.row["state"],
            "state_before": line.before, "suggested_owner": line.row["owner"], "due_on": line.row.get("due_on"),
            "priority": line.row["priority"], "trend": line.row["trend_word"], **_number(line.row["n"]),
            "fix": _fix(line.row),
        }
        for line in lines
    ]  # fmt: skip


def _fix(row: Row) -> dict[str, Any] | None:
    """What is known of an item's fix (docs/effects.md); None where nothing was measured."""
    names = ("shipped_on", "shipped_where", "verdict", "verdict_on", "effect", "effect_low", "effect_high")
    return None if row.get("verdict") is None else {name: row[name] for name in names}


def _alert_event(line: Line) -> dict[str, Any]:
    names = ("alert_id", "kind", "name", "moment_name", "product", "location", "opened_on", "n_days")
    return {
        **{name: line.row[name] for name in names}, "suggested_owner": line.row["owner"], **_number(line.row["n"]),
    }  # fmt: skip


def _number(n: int | str) -> dict[str, int | None]:
    """A number of people; of a small group only what it is below."""
    is_small = isinstance(n, str)
    return {"n_customers": None if is_small else int(n), "fewer_than": int(n[1:]) if isinstance(n, str) else None}


def _item(item: Row, least_group: int) -> Row:
    shown = backlog.shared(item, least_group)  # its sentence is one customer's words, and stays in the company
    title = _line(shown["title"])
    return {**shown, "title": title, "n": shown["n_customers"], "assigned_to": item.get("assigned_to")}


def _alert(alert: Row, least_group: int) -> Row:
    shown = shared_alert(alert, least_group)
    return {**shown, "n": shown["n_customers"]}


def _headline(items: Sequence[Row]) -> str:
    """The most urgent item that somebody has to do something about."""
    open_items = (item for item in items if item["state"] not in AT_REST)
    if (top := next(open_items, None)) is None:
        return "No complaint that enough customers share"
    return f"{top['title']} ({Line(top).people}, {top['trend_word']})"


def _line(text: str) -> str:
    """Words on one line, not endless."""
    line = one_line(text)
    return line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1].rstrip()}…"


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}" if n else ""


def _harmless(value: Any) -> Any:
    """What stands in a message calls nobody; Markup is escaped already, and ours."""
    return _CALLS.sub(rf"\1{_JOINER}", value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache(maxsize=1)
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_harmless,
    )  # fmt: skip
    environment.filters["state"] = lambda state: state.replace("_", " ")
    return environment.get_template("digest.html.j2")
