"""What sync needs of a tracker: issues, comments, and the requests that change them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Literal, Protocol

from cxnlp.backlog.export import one_line
from cxnlp.backlog.states import ENDED
from cxnlp.backlog.trackers.texts import Text
from cxnlp.backlog.trackers.wire import Request, Wire
from cxnlp.settings import Tracker

#: What a tracker's own status is like: not begun, being worked on, finished, given up.
Stage = Literal["open", "started", "done", "dropped"]

#: What a stage means here, where `states` of the settings does not say.
MEANINGS: Final[Mapping[Stage, str]] = {
    "open": "open",
    "started": "in_progress",
    "done": "shipped",
    "dropped": "declined",
}


#: Signs that the owner of an item may have (`cxnlp.backlog.moves.Move`).
LONGEST_OWNER: Final = 60


@dataclass(frozen=True)
class Issue:
    """An issue as it stands in the tracker.

    Attributes:
        id: what requests call it.
        key: what people call it, such as CX-12.
        url: of its page.
        status: what its status is called, the most telling name first.
        stage: what its status is like.
        labels: what else `states` of the settings may name.
        ended_on: day on which it was finished or given up, in UTC; None where the tracker does not say.
        assignee: who works on it, as the tracker shows the name; None: nobody.
        changed_at: when it was last changed, comments included, in the tracker's own spelling; tells only that it was.
    """

    id: str
    key: str
    url: str
    status: tuple[str, ...]
    stage: Stage
    labels: tuple[str, ...] = ()
    ended_on: date | None = None
    assignee: str | None = None
    changed_at: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody may still work on it."""
        return self.stage in ("open", "started")


def meaning(issue: Issue, states: Mapping[str, str]) -> str:
    """Return what an issue's status means here: open, accepted, in_progress, shipped, closed or declined.

    ``states`` leads, labels before statuses; a label says of an issue that is not open only how it ended.
    """
    known = {name.casefold(): state for name, state in states.items()}
    by_label = next((known[name.casefold()] for name in issue.labels if name.casefold() in known), None)
    by_status = next((known[name.casefold()] for name in issue.status if name.casefold() in known), None)
    if by_label and (issue.is_open or by_label in ENDED):
        return by_label
    return by_status or MEANINGS[issue.stage]


@dataclass(frozen=True)
class Comment:
    """A comment as the tracker gives it back; ``content`` is its text in the tracker's own spelling."""

    id: str
    content: str | Mapping[str, Any]
    written_on: date | None = None  # in UTC


@dataclass(frozen=True)
class Draft:
    """A new issue. ``marker`` is what it is found by for ever; it says nothing."""

    marker: str
    title: str
    text: Text


@dataclass(frozen=True)
class Project:
    """What there is to know of the project before anything is sent."""

    words: str  # for `cxnlp check`
    is_public: bool


class Desk(Protocol):
    """One project of one tracker. All may raise what `Wire` raises."""

    def look(self) -> Project:
        """Ask for the project, which shows whether the token opens it; `Refused` where its rights are too small."""

    def prepare(self) -> Request | None:
        """Return the request that must go out before the first issue is made; None where there is none."""

    def find(self, ids: Mapping[str, str | None]) -> Mapping[str, Issue]:
        """Return the issues that exist, by marker; ``ids`` maps markers to known ids, None where it must be found."""

    def comments(self, issue: Issue) -> Sequence[Comment]:
        """Return all comments of an issue."""

    def spelled(self, text: Text) -> str | Mapping[str, Any]:
        """Return a text in the tracker's own spelling."""

    def create(self, draft: Draft) -> Request:
        """Return the request that makes an issue."""

    def comment(self, issue: Issue, text: Text) -> Request:
        """Return the request that adds a comment."""

    def edit(self, issue: Issue, comment_id: str, text: Text) -> Request:
        """Return the request that replaces a comment's text."""

    def close(self, issue: Issue, *, is_dropped: bool) -> Request:
        """Return the request that ends an issue, as finished or given up; it may ask the tracker how."""

    def reopen(self, issue: Issue) -> Request:
        """Return the request that opens an issue again; it may ask the tracker how."""

    def made_issue(self, answer: Any) -> Issue:
        """Return the issue that `create` made."""

    def made_comment(self, answer: Any) -> Comment:
        """Return the comment that `comment` or `edit` made."""

    def changed(self, issue: Issue, answer: Any) -> Issue:
        """Return the issue as `close` or `reopen` left it."""


@dataclass(frozen=True)
class Kind:
    """How a kind of tracker is reached and spoken to."""

    open: Callable[[Tracker, str, Callable[[float], None]], Wire]  # settings, token, sleep
    desk: Callable[[Wire, Tracker], Desk]


def day_of(moment: str | None) -> date | None:
    """Return the day in UTC of an ISO time as trackers write it; None when there is none."""
    return datetime.fromisoformat(moment).astimezone(UTC).date() if moment else None


def named(names: Iterable[str | None]) -> str | None:
    """Return the people of an issue as an owner is written here, on one line and not endless; None: nobody."""
    words = one_line(", ".join(filter(None, names)))
    if len(words) > LONGEST_OWNER:
        words = f"{words[: LONGEST_OWNER - 1].rstrip(' ,')}…"
    return words or None
