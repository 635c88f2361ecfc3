"""What one sync knows and says: the links of one tracker, and what was done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cxnlp.backlog.trackers import links
from cxnlp.backlog.trackers.links import Link
from cxnlp.backlog.trackers.wire import Request
from cxnlp.settings import Workspace

#: How long a tracker may take to show what it was sent: Jira's search needs seconds, at worst minutes.
SETTLE: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Done:
    """One thing that was done, is to be done (in a dry run, with the request), or could not be done."""

    tracker: str
    item_id: str | None  # None: about the whole tracker
    key: str | None  # of the issue
    what: str
    words: str
    request: Request | None = None

    @property
    def is_failure(self) -> bool:
        """Whether somebody should look at it."""
        return self.what in ("refused", "unclear", "unreachable")


class Ledger:
    """The links of one tracker as they change, each on the disk before it counts; in a dry run only here."""

    def __init__(self, workspace: Workspace, tracker: str, *, is_dry: bool, now: Callable[[], datetime]) -> None:
        self.is_dry, self.now = is_dry, now
        self.done: list[Done] = []
        self._workspace, self._tracker = workspace, tracker
        known = links.read(workspace).items()
        self.links = {item_id: link for (name, item_id), link in known if name == tracker}

    def store(self, link: Link, **changes: Any) -> Link:
        """Change a link and return it."""
        changed = link.model_copy(update=changes | {"at": self.now()})
        if link == self.links.get(link.item_id) == changed.model_copy(update={"at": link.at}):
            return link
        if not self.is_dry:
            links.write(self._workspace, changed)
        self.links[link.item_id] = changed
        return changed

    def new(self, item_id: str, state: str) -> Link:
        """Return the link of an item that has none; `store` keeps it."""
        return Link(at=self.now(), tracker=self._tracker, item_id=item_id, told=state)

    def marker(self, item_id: str) -> str:
        """Return what the item's issue is found by."""
        return links.marker(self._workspace, self._tracker, item_id)

    def is_fresh(self, link: Link) -> bool:
        """Whether the tracker may still be about to show what was sent last."""
        return self.now() - link.at < SETTLE

    def say(self, item_id: str | None, key: str | None, what: str, words: str, request: Request | None = None) -> None:
        """Note what was done."""
        self.done.append(Done(self._tracker, item_id, key, what, words, request))
