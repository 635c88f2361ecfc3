"""Out to where teams work: items as issues of Jira, GitHub, GitLab and Linear, and their statuses back.

To add a tracker: one module with a class that does what `Desk` says, and one line in ``KINDS``.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb

from cxnlp.backlog.items import published
from cxnlp.backlog.trackers import drafts, github, gitlab, jira, linear, links
from cxnlp.backlog.trackers.back import Wanted
from cxnlp.backlog.trackers.desk import Desk, Kind
from cxnlp.backlog.trackers.failures import Refused, SyncBusy, TrackerError, Unreachable
from cxnlp.backlog.trackers.hearing import Decide
from cxnlp.backlog.trackers.ledger import Done
from cxnlp.backlog.trackers.links import Link
from cxnlp.backlog.trackers.sending import Item, hash_of
from cxnlp.backlog.trackers.syncing import alone, sync_one
from cxnlp.backlog.trackers.wire import Wire
from cxnlp.errors import CxnlpError
from cxnlp.settings import SettingsError, Tracker, Workspace, references

__all__ = [
    "KINDS",
    "Decide",
    "Done",
    "Item",
    "SyncBusy",
    "TrackerError",
    "Wanted",
    "behind",
    "issues_of",
    "look",
    "read_items",
    "sync",
]

#: The kinds that ``[[tracker]]`` may name.
KINDS: Final[Mapping[str, Kind]] = {
    "jira_cloud": Kind(jira.open_wire, jira.Jira),
    "jira_server": Kind(jira.open_wire, jira.Jira),
    "github": Kind(github.open_wire, github.GitHub),
    "gitlab": Kind(gitlab.open_wire, gitlab.GitLab),
    "linear": Kind(linear.open_wire, linear.Linear),
}


def read_items(connection: duckdb.DuckDBPyConnection) -> list[Item]:
    """Return the rows of the table ``backlog`` with ``state_by``, the most urgent first, as `sync` wants them."""
    return list(published(connection, (Path(__file__).parent / "items.sql").read_text("utf-8")).to_dicts())


def issues_of(workspace: Workspace, item_id: str) -> list[dict[str, Any]]:
    """Return the issues of an item as the last sync saw them.

    Returns:
        tracker, key, url, state (what its status means here), assignee, n_comments (of people), last_comment_on.

    Raises:
        TrackerError: the journal of links is damaged.
    """
    return [_issue(link) for link in links.read(workspace).values() if link.item_id == item_id and link.id]


def behind(workspace: Workspace, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Return the issues, as `issues_of` does, whose report says something else than the items do now.

    After an erasure these may still quote what is erased here, until the next sync.

    Args:
        workspace: its settings name the trackers.
        items: as `read_items` gives them.
    """
    known = {item["item_id"]: item for item in items}
    reports = partial(
        drafts.report, ref="", least_group=workspace.settings.privacy.least_group,
        currency=workspace.settings.backlog.currency or "",
    )  # fmt: skip

    def is_behind(link: Link) -> bool:
        if link.report_id is None or link.is_gone:
            return False
        item = known.get(link.item_id)
        # a public project gets neither quotes nor money, and whether it is one only the tracker knows
        kinds = ((True, True), (False, True), (False, False))
        sent = {hash_of(reports(item, has_quotes=quotes, has_worth=worth)) for quotes, worth in kinds} if item else ()
        return link.report_sent not in sent

    return [_issue(link) for link in links.read(workspace).values() if is_behind(link)]


def _issue(link: Link) -> dict[str, Any]:
    return {
        "tracker": link.tracker, "key": link.key, "url": link.url, "state": "deleted" if link.is_gone else link.seen,
        "assignee": link.assignee, "n_comments": link.n_theirs, "last_comment_on": link.theirs_on,
    }  # fmt: skip


def sync(
    workspace: Workspace,
    names: Sequence[str],
    read_items: Callable[[], Sequence[Item]],
    decide: Decide,
    *,
    is_dry: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Done]:
    """Sync the items with the trackers of these names, one after the other; one that fails does not stop the others.

    Args:
        workspace: its settings name the trackers.
        names: of trackers.
        read_items: gives the rows of the table ``backlog`` as they stand, as `sync_one` wants them.
        decide: makes moves.
        is_dry: asks, but sends and stores nothing; each `Done` has the request that would be sent.
        sleep: waits so many seconds.
        now: the time.

    Raises:
        SyncBusy: another sync is at work on the workspace.
        TrackerError: the journal of links is damaged.
    """
    with alone(workspace):
        if not is_dry:
            links.shorten(workspace)
        done = []
        for settings in workspace.settings.trackers:
            if settings.name in names:
                try:
                    with _opened(workspace, settings, sleep) as (desk, wire):
                        done += sync_one(
                            workspace, settings, desk, wire, read_items, decide, is_dry=is_dry, now=now
                        )  # fmt: skip
                except (Unreachable, SettingsError) as error:
                    done.append(Done(settings.name, None, None, "unreachable", str(error)))
        return done


def look(workspace: Workspace, settings: Tracker) -> str:
    """Ask a tracker for its project; return what to say of it.

    Raises:
        CxnlpError: it cannot be used; the message says why and how to mend it.
    """
    try:
        with _opened(workspace, settings, time.sleep, wait_seconds=10) as (desk, _):
            return f"answers; {desk.look().words}"
    except (Unreachable, Refused) as error:
        raise CxnlpError(str(error)) from error
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise CxnlpError(
            f"it answers otherwise than {settings.kind} documents ({type(error).__name__}). Look whether `kind` and "
            "`url` are right."
        ) from error


@contextmanager
def _opened(
    workspace: Workspace, settings: Tracker, sleep: Callable[[float], None], wait_seconds: int | None = None
) -> Iterator[tuple[Desk, Wire]]:
    token = references.read(
        settings.token, workspace.root, what=f"the token of tracker {settings.name!r}",
        new="the tracker's own pages on API tokens make one",
    )  # fmt: skip
    if not (token.isascii() and token.isprintable()):
        raise SettingsError(f"the token of tracker {settings.name!r}, {settings.token}, is no token; allowed: one line "
                            "of ASCII. Store it again.")  # fmt: skip
    limits = settings if wait_seconds is None else settings.model_copy(update={"wait_seconds": wait_seconds})
    wire = KINDS[settings.kind].open(limits, token, sleep)
    try:
        yield KINDS[settings.kind].desk(wire, limits), wire
    finally:
        wire.close()
