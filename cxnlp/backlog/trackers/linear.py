"""Linear over its GraphQL API.

Linear lets who makes an issue choose its id (a UUID of version 4), so an item's issue has the same id for ever: one
that exists cannot be made again, and it is found without a search.

Source of formats and limits: https://linear.app/developers/graphql, …/rate-limiting, and the published schema
(IssueCreateInput.id, IssueIDComparator).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import httpx

from cxnlp.backlog.trackers.desk import Comment, Draft, Issue, Project, Stage, day_of, named
from cxnlp.backlog.trackers.failures import Refused, Unclear
from cxnlp.backlog.trackers.texts import Text, shown_markdown
from cxnlp.backlog.trackers.wire import Answer, Request, Wire, usual_limit
from cxnlp.channels.live.waits import said_at
from cxnlp.settings import Tracker

_PER_PAGE: Final = 50
_LIMIT_SECONDS: Final = 60.0
_LIMITED: Final = ("requests", "complexity", "endpoint-requests")
_STAGES: Final[Mapping[str, Stage]] = {
    "triage": "open", "backlog": "open", "unstarted": "open", "started": "started", "completed": "done",
    "canceled": "dropped", "duplicate": "dropped",
}  # fmt: skip

_ISSUE: Final = (
    "id identifier url updatedAt completedAt canceledAt trashed state { name type } labels { nodes { name } } "
    "assignee { name }"
)
_COMMENT: Final = "id body createdAt"
TEAM: Final = """query Team($key: String!) {
  teams(filter: { key: { eq: $key } }) { nodes { id name states { nodes { id name type position } } } } }"""
ISSUES: Final = f"""query Issues($ids: [ID!], $first: Int) {{
  issues(filter: {{ id: {{ in: $ids }} }}, first: $first, includeArchived: true) {{ nodes {{ {_ISSUE} }} }} }}"""
COMMENTS: Final = f"""query Comments($id: String!, $first: Int, $after: String) {{
  issue(id: $id) {{ comments(first: $first, after: $after) {{
    nodes {{ {_COMMENT} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
CREATE: Final = f"""mutation Create($input: IssueCreateInput!) {{
  issueCreate(input: $input) {{ success issue {{ {_ISSUE} }} }} }}"""
UPDATE: Final = f"""mutation Update($id: String!, $input: IssueUpdateInput!) {{
  issueUpdate(id: $id, input: $input) {{ success issue {{ {_ISSUE} }} }} }}"""
COMMENT: Final = f"""mutation Comment($input: CommentCreateInput!) {{
  commentCreate(input: $input) {{ success comment {{ {_COMMENT} }} }} }}"""
EDIT: Final = f"""mutation Edit($id: String!, $input: CommentUpdateInput!) {{
  commentUpdate(id: $id, input: $input) {{ success comment {{ {_COMMENT} }} }} }}"""


def limit(answer: Answer, attempt: int) -> float | None:
    """Return the seconds until the limit that is reached is lifted; None for any other answer.

    Linear says when in milliseconds since 1970.
    """
    if answer.status != httpx.codes.BAD_REQUEST or b"RATELIMITED" not in answer.body:
        return usual_limit(answer, attempt)
    reached = [name for name in _LIMITED if answer.headers.get(f"x-ratelimit-{name}-remaining") == "0"]
    resets = [reset for name in reached if (reset := answer.headers.get(f"x-ratelimit-{name}-reset", "")).isdigit()]
    now = said_at(answer.headers).timestamp()
    return max([int(reset) / 1000 - now for reset in resets], default=_LIMIT_SECONDS)


def open_wire(settings: Tracker, token: str, sleep: Callable[[float], None]) -> Wire:
    """Connect to Linear, with a personal API key or a token of OAuth."""
    secret = token if token.startswith("lin_api_") else f"Bearer {token}"
    return Wire(
        settings.base_url, {"Authorization": secret}, wait_seconds=settings.wait_seconds, limit=limit,
        authority=settings.authority, sleep=sleep,
    )  # fmt: skip


class Linear:
    """The issues of one team. See `Desk`."""

    def __init__(self, wire: Wire, settings: Tracker) -> None:
        self._wire, self._settings = wire, settings
        self._found_team: Any = None

    def look(self) -> Project:  # noqa: D102 - all of Desk
        self._team()
        return Project(f"team {self._settings.project}", is_public=False)

    def prepare(self) -> Request | None:  # noqa: D102
        return None

    def find(self, ids: Mapping[str, str | None]) -> Mapping[str, Issue]:  # noqa: D102
        markers = {known or issue_id(marker): marker for marker, known in ids.items()}
        wanted, found = list(markers), {}
        for first in range(0, len(wanted), _PER_PAGE):
            asked = self._request(ISSUES, ids=wanted[first : first + _PER_PAGE], first=_PER_PAGE)
            for issue in _data(self._wire.read(asked))["issues"]["nodes"]:
                if not issue.get("trashed"):
                    found[markers[issue["id"]]] = _issue(issue)
        return found

    def comments(self, issue: Issue) -> Sequence[Comment]:  # noqa: D102
        comments: list[Comment] = []
        after = None
        while True:
            asked = self._request(COMMENTS, id=issue.id, first=_PER_PAGE, after=after)
            page = _data(self._wire.read(asked))["issue"]["comments"]
            comments += map(_comment, page["nodes"])
            if not page["pageInfo"]["hasNextPage"]:
                return comments
            after = page["pageInfo"]["endCursor"]

    def spelled(self, text: Text) -> str | Mapping[str, Any]:  # noqa: D102
        return shown_markdown(text)

    def create(self, draft: Draft) -> Request:  # noqa: D102
        return self._request(CREATE, input={
            "id": issue_id(draft.marker), "teamId": self._team()["id"], "title": draft.title,
            "description": shown_markdown(draft.text),
        })  # fmt: skip

    def comment(self, issue: Issue, text: Text) -> Request:  # noqa: D102
        return self._request(COMMENT, input={"issueId": issue.id, "body": shown_markdown(text)})

    def edit(self, issue: Issue, comment_id: str, text: Text) -> Request:  # noqa: D102
        return self._request(EDIT, id=comment_id, input={"body": shown_markdown(text)})

    def close(self, issue: Issue, *, is_dropped: bool) -> Request:  # noqa: D102
        state_id = self._state(issue, "canceled" if is_dropped else "completed")
        return self._request(UPDATE, id=issue.id, input={"stateId": state_id})

    def reopen(self, issue: Issue) -> Request:  # noqa: D102
        return self._request(UPDATE, id=issue.id, input={"stateId": self._state(issue, "unstarted", "backlog")})

    def made_issue(self, answer: Any) -> Issue:  # noqa: D102
        return _issue(_data(answer)["issueCreate"]["issue"])

    def made_comment(self, answer: Any) -> Comment:  # noqa: D102
        data = _data(answer)
        return _comment((data.get("commentCreate") or data["commentUpdate"])["comment"])

    def changed(self, issue: Issue, answer: Any) -> Issue:  # noqa: D102
        return _issue(_data(answer)["issueUpdate"]["issue"])

    def _team(self) -> Any:
        if self._found_team is None:
            teams = _data(self._wire.read(self._request(TEAM, key=self._settings.project)))["teams"]["nodes"]
            if not teams:
                raise Refused(404, f"team {self._settings.project}", why="Set `project` of this [[tracker]] to the key "
                              "of a team that the token may see.")  # fmt: skip
            self._found_team = teams[0]
        return self._found_team

    def _state(self, issue: Issue, *types: str) -> str:
        """The id of the team's first status of these types."""
        states = sorted(self._team()["states"]["nodes"], key=lambda state: state["position"])
        for wanted in types:
            for state in states:
                if state["type"] == wanted:
                    return str(state["id"])
        raise Refused(409, issue.key, why="The team has no status of that kind. Move it by hand.")

    def _request(self, query: str, **variables: Any) -> Request:
        return Request("POST", f"{self._wire.base_url}/graphql", {"query": query, "variables": variables})


def issue_id(marker: str) -> str:
    """Return the id of the issue with this marker: always the same, and a UUID of version 4 in form."""
    return str(UUID(bytes=hashlib.sha256(marker.encode()).digest()[:16], version=4))


def _data(answer: Any) -> Any:
    """Return the data of an answer.

    Raises:
        Unclear: Linear failed midway.
        Refused: it says no.
    """
    errors = answer.get("errors") or []
    codes = [str((error.get("extensions") or {}).get("code", "")) for error in errors]
    if "INTERNAL_SERVER_ERROR" in codes:
        raise Unclear("Linear failed midway, and may have done it. The next sync looks before it sends again.")
    if errors:
        known = sorted({code for code in codes if code.isupper() and code.replace("_", "").isalpha()})
        raise Refused(200, "the issue", known)
    return answer["data"]


def _issue(found: Any) -> Issue:
    stage = _STAGES.get(found["state"]["type"], "open")
    labels = tuple(label["name"] for label in (found.get("labels") or {}).get("nodes", ()))
    ended_on = day_of(found.get("completedAt") or found.get("canceledAt"))
    return Issue(
        found["id"], found["identifier"], found["url"], (found["state"]["name"],), stage, labels, ended_on,
        named([(found.get("assignee") or {}).get("name")]), found.get("updatedAt"),
    )  # fmt: skip


def _comment(found: Any) -> Comment:
    return Comment(found["id"], found["body"] or "", day_of(found.get("createdAt")))
