"""GitLab Issues over its REST API (version 4), of gitlab.com or a server of the company's own.

An issue is found by listing those with our label and reading the hidden marker at the end of their description. The
list is read from GitLab's database and knows a new issue at once.

Source of formats and limits: https://docs.gitlab.com/api/issues, …/api/notes, …/security/rate_limits.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from cxnlp.backlog.trackers.desk import Comment, Draft, Issue, Project, Stage, day_of, named
from cxnlp.backlog.trackers.failures import Refused
from cxnlp.backlog.trackers.texts import Text, markdown
from cxnlp.backlog.trackers.wire import Answer, Request, Wire, usual_limit
from cxnlp.settings import Tracker

_PER_PAGE: Final = 100
#: The least access that may set labels: Planner.
_LEAST_ACCESS: Final = 15
_LIMIT_SECONDS: Final = 60.0
_STAGES: Final[Mapping[str, Stage]] = {"opened": "open", "closed": "done"}


def limit(answer: Answer, attempt: int) -> float | None:
    """Return the seconds that a 429 asks to wait; the limits of comments and issues say none, and count by minute."""
    seconds = usual_limit(answer, attempt)
    return _LIMIT_SECONDS if seconds == 0 and "retry-after" not in answer.headers else seconds


def open_wire(settings: Tracker, token: str, sleep: Callable[[float], None]) -> Wire:
    """Connect to GitLab."""
    return Wire(
        settings.base_url, {"PRIVATE-TOKEN": token}, wait_seconds=settings.wait_seconds, limit=limit,
        authority=settings.authority, sleep=sleep,
    )  # fmt: skip


class GitLab:
    """The issues of one project. See `Desk`."""

    def __init__(self, wire: Wire, settings: Tracker) -> None:
        self._wire, self._settings = wire, settings
        self._path = f"/api/v4/projects/{quote(settings.project, safe='')}"

    def look(self) -> Project:  # noqa: D102 - all of Desk
        found = self._wire.get(self._path)
        rights = found.get("permissions") or {}
        levels = [each["access_level"] for each in rights.values() if each]
        if levels and max(levels) < _LEAST_ACCESS:
            raise Refused(403, self._settings.project, why="The token may not set labels, by which issues are found. "
                          "Give its account the role Planner or Reporter.")  # fmt: skip
        return Project(f"{self._settings.project}, {found['visibility']}", found["visibility"] != "private")

    def prepare(self) -> Request | None:  # noqa: D102
        return None

    def find(self, ids: Mapping[str, str | None]) -> Mapping[str, Issue]:  # noqa: D102
        listed = {issue["iid"]: issue for issue in self._listed()}
        found: dict[str, Issue] = {}
        for marker, number in ids.items():
            if number is not None:
                issue = listed.get(int(number)) or self._one(number)
            else:  # somebody may have copied one, marker and all: the first is ours
                ours = [n for n, issue in listed.items() if f"<!-- {marker} -->" in (issue.get("description") or "")]
                issue = listed[min(ours)] if ours else None
            if issue is not None:
                found[marker] = _issue(issue)
        return found

    def comments(self, issue: Issue) -> Sequence[Comment]:  # noqa: D102
        notes = self._pages(f"{self._path}/issues/{issue.id}/notes", sort="asc", order_by="created_at")
        return [_comment(note) for note in notes if not note.get("system")]

    def spelled(self, text: Text) -> str | Mapping[str, Any]:  # noqa: D102
        return markdown(text)

    def create(self, draft: Draft) -> Request:  # noqa: D102
        return self._request("POST", "/issues", title=draft.title, description=markdown(draft.text),
                             labels=self._settings.label)  # fmt: skip

    def comment(self, issue: Issue, text: Text) -> Request:  # noqa: D102
        return self._request("POST", f"/issues/{issue.id}/notes", body=markdown(text))

    def edit(self, issue: Issue, comment_id: str, text: Text) -> Request:  # noqa: D102
        return self._request("PUT", f"/issues/{issue.id}/notes/{comment_id}", body=markdown(text))

    def close(self, issue: Issue, *, is_dropped: bool) -> Request:  # noqa: D102
        return self._request("PUT", f"/issues/{issue.id}", state_event="close")

    def reopen(self, issue: Issue) -> Request:  # noqa: D102
        return self._request("PUT", f"/issues/{issue.id}", state_event="reopen")

    def made_issue(self, answer: Any) -> Issue:  # noqa: D102
        return _issue(answer)

    def made_comment(self, answer: Any) -> Comment:  # noqa: D102
        return _comment(answer)

    def changed(self, issue: Issue, answer: Any) -> Issue:  # noqa: D102
        return _issue(answer)

    def _request(self, method: str, path: str, **document: Any) -> Request:
        return Request(method, f"{self._wire.base_url}{self._path}{path}", document)

    def _listed(self) -> Iterator[Any]:
        return self._pages(f"{self._path}/issues", labels=self._settings.label, state="all", scope="all",
                           order_by="created_at", sort="asc")  # fmt: skip

    def _one(self, number: str) -> Any:
        """The issue of that number, whose label somebody took away; None where it is gone."""
        try:
            return self._wire.get(f"{self._path}/issues/{number}")
        except Refused as refused:
            if refused.status in (301, 404):
                return None
            raise

    def _pages(self, path: str, **query: str) -> Iterator[Any]:
        page, entries = 1, [None] * _PER_PAGE
        while len(entries) == _PER_PAGE:
            entries = self._wire.get(path, **query, per_page=_PER_PAGE, page=page)
            yield from entries
            page += 1


def _issue(found: Any) -> Issue:
    number, stage = str(found["iid"]), _STAGES.get(found["state"], "open")
    labels = tuple(found.get("labels", ()))
    return Issue(
        number, number, found["web_url"], (found["state"],), stage, labels, day_of(found.get("closed_at")),
        named(each["name"] for each in found.get("assignees") or ()), found.get("updated_at"),
    )  # fmt: skip


def _comment(found: Any) -> Comment:
    return Comment(str(found["id"]), found["body"] or "", day_of(found.get("created_at")))
