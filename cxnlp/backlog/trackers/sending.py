"""From here to the tracker: one item's issue made, its report kept up to date, its state told.

Never two issues of an item: what is about to be made stands in the ledger first; where it is not known whether it was
made, it is looked for, and made again only once the tracker has had `SETTLE` to show it. Never a lost update: title and
text of an issue are written once and then left to people; numbers stand in a comment of ours, which is edited only as
long as nobody else has edited it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from cxnlp.backlog.helped import decided
from cxnlp.backlog.states import ENDED, OPEN, SHIPPED
from cxnlp.backlog.trackers import drafts
from cxnlp.backlog.trackers.desk import Comment, Desk, Issue, meaning
from cxnlp.backlog.trackers.failures import Refused, Unclear, Unreachable
from cxnlp.backlog.trackers.ledger import Ledger
from cxnlp.backlog.trackers.links import Link, Pending
from cxnlp.backlog.trackers.texts import Text, said
from cxnlp.backlog.trackers.wire import Request, Wire
from cxnlp.settings import Tracker

#: What an answer that is not built as documented leads to.
STRANGE: Final = (LookupError, TypeError, AttributeError, ValueError)

_NEW: Final = Issue("{new}", "{new}", "{new}", (), "open")  # in a dry run
_ENDED_BY_PEOPLE: Final = ENDED - SHIPPED
_BEGUN: Final = frozenset(OPEN) - SHIPPED

Item = Mapping[str, Any]
_T = TypeVar("_T")


class Sender:
    """What is sent to one tracker in one sync.

    Args:
        ledger: the links.
        settings: of the tracker.
        desk: the tracker.
        wire: the connection that ``desk`` uses.
        least_group: fewer people than this are not quoted, and not counted.
        has_quotes: whether customers' words may be sent at all.
        has_worth: whether it may be said what items are worth.
        currency: of what items are worth, such as EUR.
    """

    def __init__(
        self, ledger: Ledger, settings: Tracker, desk: Desk, wire: Wire, *, least_group: int, has_quotes: bool,
        has_worth: bool, currency: str,
    ) -> None:  # fmt: skip
        self._ledger, self._settings, self._desk, self._wire = ledger, settings, desk, wire
        self._least_group = least_group
        self._report_of = partial(
            drafts.report, least_group=least_group, has_quotes=has_quotes, has_worth=has_worth, currency=currency
        )
        self._n_new = 0

    @property
    def n_left(self) -> int:
        """Items that wait for an issue because a sync makes only so many."""
        return max(self._n_new - self._settings.most_new, 0)

    def bring(self, item: Item, issue: Issue | None) -> None:
        """Make an item's issue, or bring it up to date; what goes wrong with this one is said.

        Raises:
            Unreachable: nothing more can be done at this tracker.
        """
        link = self._ledger.links.get(item["item_id"])
        try:
            if issue is not None and link is not None:
                link = self._settled(item, link, issue)
                if link is not None:
                    self._tell(item, self._report(item, link, issue), issue)
            elif qualifies(item, self._settings) and not (link and (link.is_gone or link.id)):
                self._create(item, link)
        except (Refused, Unclear) as error:
            what = "refused" if isinstance(error, Refused) else "unclear"
            self._ledger.say(item["item_id"], issue.key if issue else None, what, str(error))

    def _create(self, item: Item, link: Link | None) -> None:
        if link and link.pending == "create" and self._ledger.is_fresh(link):
            self._ledger.say(item["item_id"], None, "waiting", "it is not known yet whether its issue was made.")
            return
        self._n_new += 1
        if self._n_new > self._settings.most_new:
            return
        link = link or self._ledger.new(item["item_id"], item["state"])
        if self._n_new == 1 and (first := self._desk.prepare()) is not None:
            self._write(link, "prepared", first, lambda answer: answer, is_repeatable=True)
        link = self._ledger.store(link, pending="create", told=item["state"])
        request = self._desk.create(drafts.draft(item, self._ledger.marker(link.item_id)))
        issue = self._write(link, "created", request, self._desk.made_issue, is_repeatable=False) or _NEW
        seen = meaning(issue, self._settings.states)
        link = self._ledger.store(
            link, id=issue.id, key=issue.key, url=issue.url, seen=seen, assignee=issue.assignee, pending=None
        )
        self._report(item, link, issue)

    def _settled(self, item: Item, link: Link, issue: Issue) -> Link | None:
        """Find out what became of a comment that was begun; None while the tracker may still be about to show it."""
        if link.pending not in ("report", "comment"):
            return link
        ref = self._ref(link, link.n_comments)
        comment = next((each for each in self._desk.comments(issue) if ref in said(each.content)), None)
        if comment is None:
            if self._ledger.is_fresh(link):
                self._ledger.say(link.item_id, link.key, "waiting", "it is not known yet whether its comment was made.")
                return None
            return self._ledger.store(link, pending=None, pending_for=None, pending_verdict=None)
        if link.pending == "report":
            return self._ledger.store(link, pending=None, report_id=comment.id, report_number=link.n_comments,
                                      report_shown=_words_hash(comment))  # fmt: skip
        return self._told(link, _following(link.told, link.pending_for, item, issue))

    def _report(self, item: Item, link: Link, issue: Issue) -> Link:
        """Add the comment with the numbers, or bring it up to date where nobody else has edited it."""
        wanted = hash_of(self._report_of(item, ""))
        if wanted == link.report_sent:
            return link
        existing = None
        if link.report_id is not None:
            existing = next((each for each in self._desk.comments(issue) if each.id == link.report_id), None)
        if existing is not None and _words_hash(existing) not in (link.report_shown, link.report_begun):
            self._ledger.say(link.item_id, link.key, "kept", "somebody edited the report: it stays as it is, with "
                             "what it quoted, and a new one follows.")  # fmt: skip
            existing = None
        number = link.report_number if existing else link.n_comments + 1
        text = self._report_of(item, self._ref(link, number))
        if existing:
            begun = _words_hash(Comment(existing.id, self._desk.spelled(text)))
            link = self._ledger.store(link, report_shown=_words_hash(existing), report_begun=begun)
            request, what = self._desk.edit(issue, existing.id, text), "updated"
        else:
            link = self._ledger.store(link, pending="report", n_comments=number)
            request, what = self._desk.comment(issue, text), "reported"
        made = self._write(link, what, request, self._desk.made_comment, is_repeatable=existing is not None)
        if made is None:
            return self._ledger.store(link, pending=None)
        return self._ledger.store(link, report_id=made.id, report_number=number, report_sent=wanted, report_begun=None,
                                  report_shown=_words_hash(made), pending=None)  # fmt: skip

    def _tell(self, item: Item, link: Link, issue: Issue) -> None:
        """Say in a comment what is new: another state, a verdict; end or open the issue where people did so here."""
        verdict = decided(item) or link.told_verdict
        news = {"has_state": item["state"] != link.told, "has_verdict": verdict != link.told_verdict, "lost": link.lost}
        if any(news.values()) and link.pending is None:
            following = _following(link.told, item["state"], item, issue)
            number = link.n_comments + 1
            link = self._ledger.store(
                link, pending="comment", pending_for=item["state"], pending_verdict=verdict, n_comments=number
            )
            into = self._ledger.links.get(item.get("into_id") or "")
            text = drafts.change(
                item, self._ref(link, number), self._least_group, into_key=into.key if into else None, **news
            )
            request = self._desk.comment(issue, text)
            self._write(link, "commented", request, self._desk.made_comment, is_repeatable=False)
            link = self._told(link, following)
        if link.pending in ("close", "reopen"):
            self._turn(item, link, issue)

    def _told(self, link: Link, following: Pending | None) -> Link:
        """Note that the comment that was begun is made, and what must happen to the issue besides."""
        return self._ledger.store(
            link, told=link.pending_for, told_verdict=link.pending_verdict, lost=None, pending=following,
            pending_for=None, pending_verdict=None,
        )  # fmt: skip

    def _turn(self, item: Item, link: Link, issue: Issue) -> None:
        """End an issue, or open it again."""
        try:
            if link.pending == "close":
                request, what = self._desk.close(issue, is_dropped=item["state"] == "declined"), "closed"
            else:
                request, what = self._desk.reopen(issue), "reopened"
        except Refused:
            self._ledger.store(link, pending=None)
            raise
        changed = self._write(
            link, what, request, lambda answer: self._desk.changed(issue, answer), is_repeatable=True
        )  # fmt: skip
        if changed is not None:
            self._ledger.store(link, seen=meaning(changed, self._settings.states), pending=None)

    def _write(
        self, link: Link, what: str, request: Request, read: Callable[[Any], _T], *, is_repeatable: bool
    ) -> _T | None:
        """Send a request and say so; in a dry run only say so, and return None."""
        if self._ledger.is_dry:
            self._ledger.say(link.item_id, link.key, what, "would be sent", request)
            return None
        try:
            made = read(self._wire.write(request, is_repeatable=is_repeatable))
        except (Refused, Unreachable) as error:
            if isinstance(error, Refused) or not is_repeatable:  # it was surely not done
                self._ledger.store(link, pending=None)
            raise
        except STRANGE as error:
            raise Unclear("the tracker's answer is not built as it documents. The next sync looks before it sends "
                          "again.") from error  # fmt: skip
        self._ledger.say(link.item_id, made.key if isinstance(made, Issue) else link.key, what, "")
        return made

    def _ref(self, link: Link, number: int) -> str:
        return f"{self._ledger.marker(link.item_id)}-{number:04}"


def qualifies(item: Item, settings: Tracker) -> bool:
    """Whether an item that has no issue is to get one."""
    states = ("accepted", "in_progress") if settings.only_accepted else _BEGUN
    return item["state"] in states and (item["priority"] or 0) >= settings.least_priority


def _following(told: str | None, state: str | None, item: Item, issue: Issue) -> Pending | None:
    """What must happen to the issue besides a comment: only what people decided here, never what a night found."""
    if state in _ENDED_BY_PEOPLE and issue.is_open:
        return "close"
    is_by_person = item.get("state_by") not in (None, "night")
    if state in _BEGUN and told in ENDED and not issue.is_open and is_by_person:
        return "reopen"
    return None


def hash_of(text: Text) -> str:
    """Return a hash of what a text says, by which a report is known to be up to date."""
    plain = json.dumps([list(text.paragraphs), [list(fact) for fact in text.facts], list(text.quotes)])
    return hashlib.sha256(plain.encode()).hexdigest()[:20]


def _words_hash(comment: Comment) -> str:
    """A hash of a comment's words, however its tracker writes lists and breaks lines."""
    return hashlib.sha256(" ".join(re.findall(r"\w+", said(comment.content))).encode()).hexdigest()[:20]
