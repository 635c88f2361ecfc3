"""GitHub Issues over its REST API (version 2022-11-28), also of GitHub Enterprise.

An issue is found by listing those with our label and reading the hidden marker at the end of their text. The list is
read from GitHub's database and knows a new issue at once; its search would know it later.

Source of formats and limits: https://docs.github.com/en/rest/issues, and there "Rate limits for the REST API".
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import httpx

from cxnlp.backlog.trackers.desk import Comment, Draft, Issue, Project, Stage, day_of, named
from cxnlp.backlog.trackers.failures import Refused
from cxnlp.backlog.trackers.texts import Text, markdown
from cxnlp.backlog.trackers.wire import Answer, Request, Wire
from cxnlp.channels.live.waits import asked_seconds
from cxnlp.settings import Tracker

_PER_PAGE: Final = 100
#: GitHub asks for a second between requests that change something, and for a minute after a secondary limit.
_GAP_SECONDS: Final = 1.0
_SECONDARY_SECONDS: Final = 60.0
#: How a 403 says that it is a limit; older servers of a company's own speak of abuse.
_LIMIT_WORDS: Final = (b"rate limit", b"abuse detection")
_LIMITS: Final = (httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS)


def limit(answer: Answer, attempt: int) -> float | None:
    """Return the seconds that an answer asks to wait, 403 of a primary or secondary limit included.

    A secondary limit that names no time is waited for twice as long each time, as GitHub wishes.
    """
    if answer.status not in _LIMITS:
        return None
    if "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0":
        return asked_seconds(answer.headers)
    is_limit = answer.status == httpx.codes.TOO_MANY_REQUESTS or any(words in answer.body for words in _LIMIT_WORDS)
    return _SECONDARY_SECONDS * 2 ** (attempt - 1) if is_limit else None


def open_wire(settings: Tracker, token: str, sleep: Callable[[float], None]) -> Wire:
    """Connect to GitHub."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return Wire(
        settings.base_url, headers, wait_seconds=settings.wait_seconds, limit=limit, gap_seconds=_GAP_SECONDS,
        authority=settings.authority, sleep=sleep,
    )  # fmt: skip


class GitHub:
    """The issues of one repository. See `Desk`."""

    def __init__(self, wire: Wire, settings: Tracker) -> None:
        self._wire, self._settings = wire, settings
        self._path = f"/repos/{settings.project}"

    def look(self) -> Project:  # noqa: D102 - all of Desk
        found = self._wire.get(self._path)
        rights = found.get("permissions") or {}
        if not (rights.get("push") or rights.get("triage")):
            raise Refused(403, self._settings.project, why="The token may not set labels, by which issues are found. "
                          "Give it the right to write issues (fine-grained: Issues, read and write).")  # fmt: skip
        is_public = not found.get("private", False)
        return Project(f"{self._settings.project}, {'public' if is_public else 'private'}", is_public)

    def prepare(self) -> Request | None:  # noqa: D102
        try:
            self._wire.get(f"{self._path}/labels/{self._settings.label}")
        except Refused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            # GitHub leaves a label that it does not know off a new issue, or makes it, as it pleases
            return self._request("POST", "/labels", name=self._settings.label, color="b60205",
                                 description="From customers' feedback, by cxnlp")  # fmt: skip
        return None

    def find(self, ids: Mapping[str, str | None]) -> Mapping[str, Issue]:  # noqa: D102
        listed = {issue["number"]: issue for issue in self._listed()}
        found: dict[str, Issue] = {}
        for marker, number in ids.items():
            if number is not None:
                issue = listed.get(int(number)) or self._one(number)
            else:  # somebody may have copied one, marker and all: the first is ours
                ours = [n for n, issue in listed.items() if f"<!-- {marker} -->" in (issue.get("body") or "")]
                issue = listed[min(ours)] if ours else None
            if issue is not None:
                found[marker] = _issue(issue)
        return found

    def comments(self, issue: Issue) -> Sequence[Comment]:  # noqa: D102
        return [_comment(each) for each in self._pages(f"{self._path}/issues/{issue.id}/comments")]

    def spelled(self, text: Text) -> str | Mapping[str, Any]:  # noqa: D102
        return markdown(text)

    def create(self, draft: Draft) -> Request:  # noqa: D102
        return self._request("POST", "/issues", title=draft.title, body=markdown(draft.text),
                             labels=[self._settings.label])  # fmt: skip

    def comment(self, issue: Issue, text: Text) -> Request:  # noqa: D102
        return self._request("POST", f"/issues/{issue.id}/comments", body=markdown(text))

    def edit(self, issue: Issue, comment_id: str, text: Text) -> Request:  # noqa: D102
        return self._request("PATCH", f"/issues/comments/{comment_id}", body=markdown(text))

    def close(self, issue: Issue, *, is_dropped: bool) -> Request:  # noqa: D102
        reason = "not_planned" if is_dropped else "completed"
        return self._request("PATCH", f"/issues/{issue.id}", state="closed", state_reason=reason)

    def reopen(self, issue: Issue) -> Request:  # noqa: D102
        return self._request("PATCH", f"/issues/{issue.id}", state="open", state_reason="reopened")

    def made_issue(self, answer: Any) -> Issue:  # noqa: D102
        return _issue(answer)

    def made_comment(self, answer: Any) -> Comment:  # noqa: D102
        return _comment(answer)

    def changed(self, issue: Issue, answer: Any) -> Issue:  # noqa: D102
        return _issue(answer)

    def _request(self, method: str, path: str, **document: Any) -> Request:
        return Request(method, f"{self._wire.base_url}{self._path}{path}", document)

    def _listed(self) -> Iterator[Any]:
        """All issues with our label, pull requests left out."""
        pages = self._pages(f"{self._path}/issues", labels=self._settings.label, state="all", sort="created",
                            direction="asc")  # fmt: skip
        return (each for each in pages if "pull_request" not in each)

    def _one(self, number: str) -> Any:
        """The issue of that number, whose label somebody took away; None where it is gone."""
        try:
            return self._wire.get(f"{self._path}/issues/{number}")
        except Refused as refused:
            if refused.status in (301, 404, 410):
                return None
            raise

    def _pages(self, path: str, **query: str) -> Iterator[Any]:
        page, entries = 1, [None] * _PER_PAGE
        while len(entries) == _PER_PAGE:
            entries = self._wire.get(path, **query, per_page=_PER_PAGE, page=page)
            yield from entries
            page += 1


def _issue(found: Any) -> Issue:
    reason = found.get("state_reason") or "completed"
    labels = tuple(label["name"] if isinstance(label, dict) else label for label in found.get("labels", ()))
    number = str(found["number"])
    status, stage = _status(found["state"], reason)
    return Issue(
        number, number, found["html_url"], status, stage, labels, day_of(found.get("closed_at")),
        named(each["login"] for each in found.get("assignees") or ()), found.get("updated_at"),
    )  # fmt: skip


def _status(state: str, reason: str) -> tuple[tuple[str, ...], Stage]:
    if state == "open":
        return ("open",), "open"
    return (reason, "closed"), "done" if reason == "completed" else "dropped"


def _comment(found: Any) -> Comment:
    return Comment(str(found["id"]), found["body"] or "", day_of(found.get("created_at")))
