"""One sync with one tracker: what people did there comes here first, then what is new here goes there.

docs/trackers.md says which side wins when both have changed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from filelock import FileLock, Timeout

from cxnlp.backlog.trackers import hearing
from cxnlp.backlog.trackers.desk import Desk, Issue
from cxnlp.backlog.trackers.failures import Refused, SyncBusy, Unclear, Unreachable
from cxnlp.backlog.trackers.hearing import Decide
from cxnlp.backlog.trackers.ledger import Done, Ledger
from cxnlp.backlog.trackers.links import Link
from cxnlp.backlog.trackers.sending import STRANGE, Item, Sender, qualifies
from cxnlp.backlog.trackers.texts import said
from cxnlp.backlog.trackers.wire import Wire
from cxnlp.settings import Tracker, Workspace
from cxnlp.teaching import journal


def sync_one(
    workspace: Workspace,
    settings: Tracker,
    desk: Desk,
    wire: Wire,
    read_items: Callable[[], Sequence[Item]],
    decide: Decide,
    *,
    is_dry: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Done]:
    """Sync all items with one tracker; return what was done and what was not.

    Args:
        workspace: its journal of links is read and added to.
        settings: of the tracker.
        desk: the tracker.
        wire: the connection that ``desk`` uses.
        read_items: gives the rows of the table ``backlog``, the most urgent first; with ``state_by``, who brought the
            item into its state ("night" for the nights), where that is known.
        decide: makes the moves that people made in the tracker.
        is_dry: sends and stores nothing.
        now: the time.

    Raises:
        TrackerError: the journal of links is damaged.
    """
    ledger = Ledger(workspace, settings.name, is_dry=is_dry, now=now)
    try:
        project = desk.look()
        has_quotes = settings.quotes and not project.is_public
        least_group = workspace.settings.privacy.least_group
        sender = Sender(
            ledger, settings, desk, wire, least_group=least_group, has_quotes=has_quotes,
            has_worth=not project.is_public, currency=workspace.settings.backlog.currency or "",
        )  # fmt: skip
        items = read_items()
        issues = _find(ledger, settings, desk, items)
        moved = hearing.bring_back(ledger, settings, items, issues, decide)
        if moved and not is_dry:
            items = read_items()
            for item in items:
                if moved.get(item["item_id"]):  # the tracker knows: it comes from there
                    ledger.store(ledger.links[item["item_id"]], told=item["state"])
        for item in items:
            issue, link = issues.get(item["item_id"]), ledger.links.get(item["item_id"])
            if issue is not None and link is not None:
                hearing.count_comments(ledger, desk, link, issue)
            if not (is_dry and item["item_id"] in moved):
                sender.bring(item, issue)
        if sender.n_left:
            ledger.say(None, None, "left", f"{sender.n_left} more items wait for an issue; `most_new` allows "
                       f"{settings.most_new} a sync.")  # fmt: skip
    except (Unreachable, Refused, Unclear) as error:
        ledger.say(None, None, "unreachable", str(error))
        if is_dry and len(ledger.done) == 1:
            ledger.say(None, None, "left", _unasked(ledger, settings, read_items()))
    except STRANGE as error:
        ledger.say(None, None, "unreachable", f"it answers otherwise than it documents ({type(error).__name__}). Look "
                   "whether `kind` and `url` are right, and report this if they are.")  # fmt: skip
    return ledger.done


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Keep other syncs off a workspace.

    Raises:
        SyncBusy: another one is at work.
    """
    lock = FileLock(journal.folder(workspace) / "trackers.sync.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise SyncBusy("Another sync is at work on this workspace. Wait until it is done.") from None
    try:
        yield
    finally:
        lock.release()


def _unasked(ledger: Ledger, settings: Tracker, items: Sequence[Item]) -> str:
    """What a dry run can say of a tracker that does not tell what it has."""
    n_new = sum(qualifies(item, settings) and item["item_id"] not in ledger.links for item in items)
    return (f"what would be sent depends on what is there. As far as is known here, {n_new:,} item(s) have no issue "
            f"yet and {len(ledger.links):,} have one.")  # fmt: skip


def _find(ledger: Ledger, settings: Tracker, desk: Desk, items: Sequence[Item]) -> Mapping[str, Issue]:
    """Return the issues of all items that have one, by item."""
    ids = {}
    for item in items:
        link = ledger.links.get(item["item_id"])
        if (link and not link.is_gone) or (link is None and qualifies(item, settings)):
            ids[ledger.marker(item["item_id"])] = link.id if link else None
    found = desk.find(ids) if ids else {}
    issues: dict[str, Issue] = {}
    for item in items:
        issue, link = found.get(ledger.marker(item["item_id"])), ledger.links.get(item["item_id"])
        if issue is not None:
            issues[item["item_id"]] = issue
            if link is None or link.id is None:
                _adopt(ledger, desk, item, link, issue)
        elif link and link.id and not link.is_gone:
            ledger.say(item["item_id"], link.key, "gone", "somebody deleted this issue; it is not made again.")
            ledger.store(link, is_gone=True)
    return issues


def _adopt(ledger: Ledger, desk: Desk, item: Item, link: Link | None, issue: Issue) -> None:
    """Take over an issue that was found by its marker: the journal does not know that it was made."""
    n_comments = 0
    if link is None:  # the journal is lost: go on behind the comments that there are
        ours = re.compile(rf"{ledger.marker(item['item_id'])}-(\d{{4}})")
        numbers = [int(n) for comment in desk.comments(issue) for n in ours.findall(said(comment.content))]
        n_comments = max(numbers, default=0)
    link = link or ledger.new(item["item_id"], item["state"])
    ledger.store(link, id=issue.id, key=issue.key, url=issue.url, pending=None, n_comments=n_comments)
    ledger.say(item["item_id"], issue.key, "found", "its issue was there already.")
