"""Jira: Cloud over REST version 3, Server and Data Center over version 2.

An issue is found by a label of its own. Jira's search knows a new issue only after seconds, at worst minutes; so one of
which it is not known whether it was made is looked for again before it is made again, and not at once (`sending`). An
issue that is known is read by its id, never by search: that is always up to date.

Source of formats: https://developer.atlassian.com/cloud/jira/platform/rest/v3, there "Search and reconcile", and
https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0.
"""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from cxnlp.backlog.trackers.desk import Comment, Draft, Issue, Project, Stage, day_of, named
from cxnlp.backlog.trackers.failures import Refused, Unclear, Unreachable
from cxnlp.backlog.trackers.texts import Text, document, wiki
from cxnlp.backlog.trackers.wire import Request, Wire
from cxnlp.settings import Tracker

_FIELDS: Final = "status,resolution,resolutiondate,labels,assignee,updated"
_PER_PAGE: Final = 50
_STAGES: Final[Mapping[str, Stage]] = {"new": "open", "indeterminate": "started", "done": "done"}
#: Permissions of the project, by their keys, without which a sync could not do its work.
_RIGHTS: Final = ("CREATE_ISSUES", "ADD_COMMENTS", "EDIT_OWN_COMMENTS", "TRANSITION_ISSUES")
#: Jira's own resolutions, and statuses of that name, that fit what was given up, and what was finished; the best first.
_GIVEN_UP: Final = ("won't do", "won't fix", "declined")
_FINISHED: Final = ("done", "fixed", "resolved", "closed")
#: Its resolutions that are no fix.
_DROPPED: Final = frozenset({*_GIVEN_UP, "duplicate", "cannot reproduce", "incomplete", "known error", "not a bug"})


def open_wire(settings: Tracker, token: str, sleep: Callable[[float], None]) -> Wire:
    """Connect to Jira: an e-mail with its API token, a name with its password, or a personal access token alone."""
    secret = f"Bearer {token}"
    if settings.user:
        secret = f"Basic {base64.b64encode(f'{settings.user}:{token}'.encode()).decode('ascii')}"
    return Wire(
        settings.base_url, {"Authorization": secret}, wait_seconds=settings.wait_seconds, authority=settings.authority,
        sleep=sleep,
    )  # fmt: skip


class Jira:
    """The issues of one project. See `Desk`."""

    def __init__(self, wire: Wire, settings: Tracker) -> None:
        self._wire, self._settings = wire, settings
        self._is_cloud = settings.kind == "jira_cloud"
        self._path = f"/rest/api/{3 if self._is_cloud else 2}"

    def look(self) -> Project:  # noqa: D102 - all of Desk
        found = self._wire.get(f"{self._path}/project/{self._settings.project}")
        types = [each["name"] for each in found.get("issueTypes", ()) if not each.get("subtask")]
        if types and self._settings.issue_type not in types:
            raise Refused(400, self._settings.project, why="It has no such `issue_type`. Set it to the name of one of "
                          "the project's types.")  # fmt: skip
        asked = {"projectKey": self._settings.project, "permissions": ",".join(_RIGHTS)}
        rights = self._wire.get(f"{self._path}/mypermissions", **asked)["permissions"]
        # a server that is older than one of these names does not answer to it
        if missing := [name for name in _RIGHTS if not rights.get(name, {}).get("havePermission", True)]:
            raise Refused(403, self._settings.project, why=f"The account lacks {', '.join(missing)} there. Give it "
                          "these permissions of the project.")  # fmt: skip
        return Project(f"project {self._settings.project}", is_public=False)

    def prepare(self) -> Request | None:  # noqa: D102
        return None

    def find(self, ids: Mapping[str, str | None]) -> Mapping[str, Issue]:  # noqa: D102
        known = {marker: self._one(number) for marker, number in ids.items() if number is not None}
        found = {marker: issue for marker, issue in known.items() if issue is not None}
        wanted = [marker for marker, number in ids.items() if number is None]
        for first in range(0, len(wanted), _PER_PAGE):
            for issue in self._searched(wanted[first : first + _PER_PAGE]):
                for marker in set(wanted).intersection(issue["fields"]["labels"]):
                    # somebody may have cloned one, labels and all: the first is ours
                    if marker not in found or int(issue["id"]) < int(found[marker].id):
                        found[marker] = self._issue(issue)
        return found

    def comments(self, issue: Issue) -> Sequence[Comment]:  # noqa: D102
        comments: list[Any] = []
        path = f"{self._path}/issue/{issue.id}/comment"
        while True:
            answer = self._wire.get(path, startAt=len(comments), maxResults=_PER_PAGE)
            comments += answer["comments"]
            if not answer["comments"] or len(comments) >= answer["total"]:
                return [_comment(each) for each in comments]

    def spelled(self, text: Text) -> str | Mapping[str, Any]:  # noqa: D102
        return document(text) if self._is_cloud else wiki(text)

    def create(self, draft: Draft) -> Request:  # noqa: D102
        fields = {
            "project": {"key": self._settings.project},
            "issuetype": {"name": self._settings.issue_type},
            "summary": draft.title,
            "description": self.spelled(draft.text),
            "labels": [self._settings.label, draft.marker],
        }
        return self._request("POST", "/issue", fields=fields)

    def comment(self, issue: Issue, text: Text) -> Request:  # noqa: D102
        return self._request("POST", f"/issue/{issue.id}/comment", body=self.spelled(text))

    def edit(self, issue: Issue, comment_id: str, text: Text) -> Request:  # noqa: D102
        # Server has no such word, and mails whom its notification scheme names
        silently = "?notifyUsers=false" if self._is_cloud else ""
        return self._request("PUT", f"/issue/{issue.id}/comment/{comment_id}{silently}", body=self.spelled(text))

    def close(self, issue: Issue, *, is_dropped: bool) -> Request:  # noqa: D102
        return self._transition(issue, ("done",), self._endings(is_dropped=is_dropped))

    def reopen(self, issue: Issue) -> Request:  # noqa: D102
        return self._transition(issue, ("new", "indeterminate"))

    def made_issue(self, answer: Any) -> Issue:  # noqa: D102
        try:  # the project may give it a status and somebody to work on it, which nobody has decided
            issue = self._one(answer["id"])
        except (Refused, Unreachable):
            issue = None
        return issue or Issue(answer["id"], answer["key"], self._page(answer["key"]), (), "open")

    def made_comment(self, answer: Any) -> Comment:  # noqa: D102
        return _comment(answer)

    def changed(self, issue: Issue, answer: Any) -> Issue:  # noqa: D102
        try:
            return self._one(issue.id) or issue
        except (Refused, Unreachable) as error:
            raise Unclear(str(error)) from error

    def _endings(self, *, is_dropped: bool) -> Sequence[str]:
        """Names of statuses and resolutions that fit how an item ended, the best first: the settings' own, Jira's."""
        meanings = ("declined",) if is_dropped else ("closed", "shipped")
        own = (_plain(name) for name, means in self._settings.states.items() if means in meanings)
        return *own, *(_GIVEN_UP if is_dropped else _FINISHED)

    def _transition(self, issue: Issue, categories: Sequence[str], resolutions: Sequence[str] = ()) -> Request:
        """The best transition that the workflow allows now and that leads to a status of one of these categories.

        The best asks for nothing that may be missing, and has a status or a resolution of these names.
        """
        found = self._wire.get(f"{self._path}/issue/{issue.id}/transitions", expand="transitions.fields")["transitions"]
        ways = [
            _Way(each, resolutions, rank) for each in found for rank, category in enumerate(categories)
            if each["to"].get("statusCategory", {}).get("key") == category
        ]  # fmt: skip
        if ways:
            best = min(ways, key=lambda way: way.order)
            return self._request("POST", f"/issue/{issue.id}/transitions", **best.content)
        raise Refused(409, issue.key, why="The workflow allows no such transition from where it is. Move it by hand.")

    def _request(self, method: str, path: str, **content: Any) -> Request:
        return Request(method, f"{self._wire.base_url}{self._path}{path}", content)

    def _one(self, number: str) -> Issue | None:
        try:
            return self._issue(self._wire.get(f"{self._path}/issue/{quote(number)}", fields=_FIELDS))
        except Refused as refused:
            if refused.status in (404, 410):
                return None
            raise

    def _searched(self, markers: Sequence[str]) -> Iterator[Any]:
        words = ", ".join(f'"{marker}"' for marker in markers)
        query: dict[str, str | int] = {
            "jql": f'project = "{self._settings.project}" AND labels in ({words}) ORDER BY created ASC',
            "fields": _FIELDS,
            "maxResults": _PER_PAGE,
        }
        n_read = 0
        while True:
            answer = self._wire.get(f"{self._path}/search{'/jql' if self._is_cloud else ''}", **query)
            yield from answer["issues"]
            n_read += len(answer["issues"])
            if self._is_cloud:
                if not answer.get("nextPageToken"):
                    return
                query["nextPageToken"] = answer["nextPageToken"]
            else:
                if not answer["issues"] or n_read >= answer["total"]:
                    return
                query["startAt"] = n_read

    def _issue(self, found: Any) -> Issue:
        fields, key = found["fields"], found["key"]
        resolution = (fields.get("resolution") or {}).get("name", "")
        stage = _STAGES.get(fields["status"].get("statusCategory", {}).get("key", ""), "open")
        if stage == "done" and _plain(resolution) in _DROPPED:
            stage = "dropped"
        labels = (resolution,) if resolution and stage in ("done", "dropped") else ()
        ended_on = day_of(fields.get("resolutiondate"))
        return Issue(
            found["id"], key, self._page(key), (fields["status"]["name"],), stage, labels, ended_on,
            named([(fields.get("assignee") or {}).get("displayName")]), fields.get("updated"),
        )  # fmt: skip

    def _page(self, key: str) -> str:
        return f"{self._settings.base_url}/browse/{key}"


class _Way:
    """A transition as Jira describes it with its screen's fields, what to send for it, and how good it is.

    A resolution is set where the screen has one, and nowhere else: Jira would refuse it. Other fields that must be
    filled in may have a value already, which Jira does not say here: it refuses where they have none, and names them.
    """

    def __init__(self, found: Any, resolutions: Sequence[str], rank: int) -> None:
        fields = found.get("fields") or {}
        offered = (fields.get("resolution") or {}).get("allowedValues") or []
        known = {_plain(each["name"]): each for each in offered}
        resolution = next((known[name] for name in resolutions if name in known), None)
        if resolution is None and offered and fields["resolution"].get("required"):
            resolution = offered[0]
        is_named = _plain(found["to"]["name"]) in resolutions
        is_resolved = resolution is not None and _plain(resolution["name"]) in resolutions
        asks = [
            name for name, each in fields.items()
            if each.get("required") and not each.get("hasDefaultValue") and not (name == "resolution" and resolution)
        ]  # fmt: skip
        self.order = (rank, bool(asks), not is_named, not is_resolved)
        self.content: dict[str, Any] = {"transition": {"id": found["id"]}}
        if resolution:
            self.content["fields"] = {"resolution": {"id": resolution["id"]}}


def _plain(name: str) -> str:
    return name.replace("’", "'").casefold()


def _comment(found: Any) -> Comment:
    return Comment(found["id"], found["body"], day_of(found.get("created")))
