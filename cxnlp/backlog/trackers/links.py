"""Which issue belongs to which item, and what was last sent: JSON lines that are only ever added to.

``.cxnlp/reviews/trackers.jsonl`` has one whole `Link` a line; of an item and tracker the last line counts. A line that
says what is about to be sent is on the disk before it is sent, so a kill leaves no doubt that something may be out
there. No line holds a customer's words.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from cxnlp.backlog.trackers.failures import TrackerError
from cxnlp.settings import Workspace
from cxnlp.teaching import journal

FILE: Final = "trackers.jsonl"
#: The journal is written anew once it has this many lines for each link.
_MOST_LINES_EACH: Final = 200


Pending = Literal["create", "report", "comment", "close", "reopen"]


class Link(BaseModel):
    """An item and its issue in one tracker, as of ``at``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: AwareDatetime
    tracker: str
    item_id: str
    id: str | None = None  # the issue's, as requests call it; None: not known (yet)
    key: str | None = None  # as people call it
    url: str | None = None
    is_gone: bool = False  # somebody deleted it there; it is not made again
    seen: str | None = None  # what its status meant when it was last read or written
    assignee: str | None = None  # who worked on it when it was last read or made
    told: str | None = None  # the item's state that the tracker was last told
    told_verdict: str | None = None  # the verdict on the item's fix that it was last told (`backlog.decided`)
    lost: str | None = None  # the item's state that the tracker's won against, until the tracker is told
    report_id: str | None = None  # the comment with the numbers
    report_number: int = 0  # of that comment
    report_sent: str | None = None  # hash of what it was to say
    report_shown: str | None = None  # hash of its words as the tracker gave them back
    report_begun: str | None = None  # hash of the words that an edit begun is to give it
    n_comments: int = 0  # that were made or begun, each with a number of its own
    pending: Pending | None = None  # begun, and not known to be done
    pending_for: str | None = None  # of a comment: the state that it tells
    pending_verdict: str | None = None  # of a comment: the verdict that it tells
    read_at: str | None = None  # when the issue had last been changed as its comments were read, as the tracker says
    n_theirs: int = 0  # comments of people there
    theirs_on: date | None = None  # day of the last of them


def marker(workspace: Workspace, tracker: str, item_id: str) -> str:
    """Return what an item's issue is found by: the same for ever, another in every workspace, and saying nothing.

    It is keyed by the workspace's first secret, which a rotation keeps.
    """
    key = workspace.secret()[:32]
    digest = hmac.new(key, f"tracker:{tracker}:{item_id}".encode(), hashlib.sha256).hexdigest()
    return f"cxnlp-{digest[:20]}"


def read(workspace: Workspace) -> Mapping[tuple[str, str], Link]:
    """Return the links, by tracker and item.

    Raises:
        TrackerError: a line of the journal is damaged.
    """
    return _newest(_lines(workspace))


def write(workspace: Workspace, link: Link) -> None:
    """Store a link; when this returns, it is on the disk."""
    journal.add_lines(journal.folder(workspace) / FILE, [link])


def shorten(workspace: Workspace) -> None:
    """Take out the lines that do not count any more, once there are many.

    Raises:
        TrackerError: a line of the journal is damaged.
    """
    lines = _lines(workspace)
    newest = _newest(lines)
    if len(lines) > _MOST_LINES_EACH * max(len(newest), 1):
        journal.change_lines(
            journal.folder(workspace) / FILE, Link,
            lambda line: line if line == newest[line.tracker, line.item_id] else None,
        )  # fmt: skip


def _lines(workspace: Workspace) -> list[Link]:
    try:
        return list(journal.read_lines(workspace.state / "reviews" / FILE, Link))
    except journal.ReviewError:
        raise TrackerError(
            f"{workspace.state / 'reviews' / FILE}: found a damaged line; allowed: lines as `cxnlp backlog sync` "
            "writes them. Restore the file from your backup, or remove that line: its issue is found by its marker."
        ) from None


def _newest(lines: list[Link]) -> dict[tuple[str, str], Link]:
    return {(line.tracker, line.item_id): line for line in lines}
