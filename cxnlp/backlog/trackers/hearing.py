"""What people did and wrote in the tracker since the last sync: moves made here, conflicts told, comments counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cxnlp.backlog.states import ENDED
from cxnlp.backlog.trackers import back
from cxnlp.backlog.trackers.desk import Desk, Issue, meaning
from cxnlp.backlog.trackers.failures import Refused, Unclear
from cxnlp.backlog.trackers.ledger import Ledger
from cxnlp.backlog.trackers.links import Link
from cxnlp.backlog.trackers.sending import Item
from cxnlp.backlog.trackers.texts import said
from cxnlp.settings import Tracker

_LONGEST_NAME: Final = 60  # of who made a move

#: Makes the moves of each item (all or none of one item's) and returns for each why it was refused, None if not.
Decide = Callable[[Sequence[Sequence[back.Wanted]]], Sequence[str | None]]


@dataclass(frozen=True)
class _Asked:
    """What people want of one item: moves of its state, and of its owner."""

    item: Item
    link: Link
    issue: Issue
    means: str
    steps: Sequence[back.Wanted]
    owners: Sequence[back.Wanted]

    @property
    def moves(self) -> Sequence[back.Wanted]:
        return [*self.steps, *self.owners]

    @property
    def there(self) -> str:
        """What they did there, in words."""
        before = self.item.get("assigned_to")
        assigned = f"is assigned to {self.issue.assignee}{f' instead of {before}' if before else ''}"
        return " and ".join([*([f"is {self.means}"] if self.steps else []), *([assigned] if self.owners else [])])


def bring_back(
    ledger: Ledger, settings: Tracker, items: Sequence[Item], issues: Mapping[str, Issue], decide: Decide
) -> Mapping[str, bool]:
    """Make the moves that people made there since the last sync; return of moved items whether their state moved."""
    asked = [
        found
        for item in items
        if (link := ledger.links.get(item["item_id"])) and (issue := issues.get(item["item_id"]))
        if (found := _asked(ledger, settings, item, link, issue))
    ]
    is_left = ledger.is_dry or not asked
    refusals = [None] * len(asked) if is_left else decide([each.moves for each in asked])
    moved = {}
    for each, refusal in zip(asked, refusals, strict=True):
        if refusal is None:
            moved[each.link.item_id] = bool(each.steps)
        _say(ledger, each, refusal)
        lost = each.link.lost if refusal is None else None
        ledger.store(each.link, seen=each.means, assignee=each.issue.assignee, lost=lost)
    return moved


def _asked(ledger: Ledger, settings: Tracker, item: Item, link: Link, issue: Issue) -> _Asked | None:
    """What people want of an item; None: nothing, and what was seen is noted."""
    means = meaning(issue, settings.states)
    if link.pending in ("close", "reopen") and issue.is_open == (link.pending == "reopen"):
        link = ledger.store(link, seen=means, pending=None)  # it was ours, and has been done
    elif link.seen is None and item["state"] in ENDED:
        link = ledger.store(link, seen=means)  # the journal was lost: an old status does not open again what ended here
    by, at, state = f"{settings.name}:{issue.key}"[:_LONGEST_NAME], ledger.now(), item["state"]
    steps = () if means == link.seen else back.moves(item["item_id"], state, means, issue, by, at)
    owners: Sequence[back.Wanted] = ()
    if issue.assignee != link.assignee:
        owners = back.assigned(item["item_id"], state, steps, item.get("assigned_to"), issue, by, at)
    if not (steps or owners):
        ledger.store(link, seen=means, assignee=issue.assignee, told=link.told if means == link.seen else state)
        return None
    # people, and no night, gave it another state since the tracker was told
    is_changed_here = link.told not in (None, state) and item.get("state_by") not in (None, "night")
    link = ledger.store(link, lost=state if steps and is_changed_here else link.lost)
    return _Asked(item, link, issue, means, steps, owners)


def _say(ledger: Ledger, asked: _Asked, refusal: str | None) -> None:
    link, names = asked.link, ", ".join(move.move for move in asked.moves)
    what, words = "moved", f"{asked.there} there; here: {names}"
    if refusal is not None:
        what, words = "refused", f"{asked.there} there; {names} here: {refusal}"
    elif link.lost and asked.steps:
        what = "conflict"
        words = (
            f"{asked.there} there, and became {link.lost} here by {asked.item.get('state_by')}: the tracker counts; "
            f"here: {names}"
        )
    ledger.say(link.item_id, link.key, what, words)


def count_comments(ledger: Ledger, desk: Desk, link: Link, issue: Issue) -> None:
    """Count what people wrote there, where the issue was changed; their words stay there."""
    if issue.changed_at == link.read_at or link.pending is not None:
        return
    try:
        comments = desk.comments(issue)
    except (Refused, Unclear) as error:
        ledger.say(link.item_id, link.key, "refused", str(error))
        return
    theirs = [each for each in comments if ledger.marker(link.item_id) not in said(each.content)]
    last_on = max((each.written_on for each in theirs if each.written_on), default=None)
    if len(theirs) > link.n_theirs:
        words = f"{len(theirs)} comment(s) of people there, the last of {last_on}."
        ledger.say(link.item_id, link.key, "answered", words)
    ledger.store(link, read_at=issue.changed_at, n_theirs=len(theirs), theirs_on=last_on)
