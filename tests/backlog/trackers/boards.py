"""Trackers on this machine: each keeps issues and speaks its vendor's API, in the shapes of the vendor's documentation.

`Board` is what they have in common: issues and comments, what people do with them, and faults on demand.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.live.server import Asked, LocalService, Reply, page

TOKEN = "token-of-larkfield"
#: Open, begun, finished and given up, as each tracker calls it.
STATUSES = {
    "jira_cloud": ("To Do", "In Progress", "Done", "Won't Do"),
    "jira_server": ("To Do", "In Progress", "Done", "Won't Do"),
    "github": ("open", "doing", "completed", "not_planned"),
    "gitlab": ("opened", "doing", "closed", "wontfix"),
    "linear": ("Todo", "In Progress", "Done", "Canceled"),
}
PROJECTS = {
    "jira_cloud": "CX", "jira_server": "CX", "github": "larkfield/shop", "gitlab": "larkfield/web/shop", "linear": "CX",
}  # fmt: skip


@dataclass
class Note:
    id: str
    content: Any


#: When everything is written, and an issue is changed with so many comments.
WRITTEN = "2026-11-19T10:00:00.000Z"


@dataclass
class Ticket:
    """An issue as the tracker stores it; `status` is one of `STATUSES`."""

    id: str
    number: int
    title: str
    content: Any
    labels: list[str]
    status: str
    notes: list[Note] = field(default_factory=list)
    assignee: str | None = None
    is_deleted: bool = False
    is_searchable: bool = True


def changed_at(ticket: Ticket) -> str:
    """When an issue was last changed: later with each comment."""
    return f"2026-11-20T10:{len(ticket.notes):02}:00.000Z"


class Board:
    """One project. `fails` maps a method to what goes wrong with its next requests, in their order."""

    kind = ""

    def __init__(self, service: LocalService) -> None:
        self.tickets: list[Ticket] = []
        self.service = service
        self.writes: list[tuple[str, str, Any]] = []
        self.faults: list[Callable[[Asked, Callable[[], Reply]], Reply | None]] = []
        self.is_public = False
        self.n_given = 0
        service.answer = self._answer  # type: ignore[method-assign]

    def _answer(self, asked: Asked) -> Reply:
        for fault in list(self.faults):
            reply = fault(asked, lambda: self._kept(asked))
            if reply is not None:
                self.faults.remove(fault)
                return reply
        return self._kept(asked)

    def _kept(self, asked: Asked) -> Reply:
        if not self.knows(asked):
            return page({"message": "Unauthorized"}, 401)
        document = json.loads(asked.body) if asked.body else None
        if self.is_write(asked, document):
            self.writes.append((asked.method, asked.path, document))
        try:
            return self.reply(asked, document)
        except StopIteration:
            return page({"message": "Not Found"}, 404)

    def knows(self, asked: Asked) -> bool:
        return TOKEN in asked.headers.get("authorization", "")

    def is_write(self, asked: Asked, document: Any) -> bool:
        return asked.method != "GET"

    def reply(self, asked: Asked, document: Any) -> Reply:
        raise NotImplementedError

    # what people do

    def settings(self, **more: Any) -> dict[str, Any]:
        return {"name": "team", "kind": self.kind, "project": PROJECTS[self.kind], "url": self.service.url,
                "token": "env:LARKFIELD_TRACKER"} | more  # fmt: skip

    def move(self, ticket: Ticket, stage: int) -> None:
        """A person gives an issue another status: 0 open, 1 begun, 2 finished, 3 given up."""
        ticket.status = STATUSES[self.kind][stage]

    def stage(self, ticket: Ticket) -> int:
        return STATUSES[self.kind].index(ticket.status)

    # what trackers do

    def given(self) -> int:
        self.n_given += 1
        return self.n_given

    def add(self, title: str, content: Any, labels: list[str], id: str | None = None) -> Ticket:
        number = self.given()
        ticket = Ticket(id or str(10_000 + number), number, title, content, labels, STATUSES[self.kind][0])
        self.tickets.append(ticket)
        return ticket

    def note(self, ticket: Ticket, content: Any) -> Note:
        note = Note(str(500 + self.given()), content)
        ticket.notes.append(note)
        return note

    def living(self) -> Iterator[Ticket]:
        return (ticket for ticket in self.tickets if not ticket.is_deleted)

    def by(self, name: str, value: Any) -> Ticket:
        return next(ticket for ticket in self.living() if getattr(ticket, name) == value)

    def edited(self, ticket: Ticket, id: str, content: Any) -> Note:
        note = next(note for note in ticket.notes if note.id == id)
        note.content = content
        return note


def matched(pattern: str, path: str) -> re.Match[str]:
    """The parts of a path; StopIteration where there is nothing."""
    return next(found for found in [re.fullmatch(pattern, path)] if found)


class GitHubBoard(Board):
    """A label that it does not know is left off a new issue."""

    kind = "github"

    def __init__(self, service: LocalService) -> None:
        super().__init__(service)
        self.labels = {"cxnlp"}

    def reply(self, asked: Asked, document: Any) -> Reply:
        path = asked.path.removeprefix("/repos/larkfield/shop")
        if path == "":
            rights = {"admin": False, "maintain": False, "push": True, "triage": True, "pull": True}
            return page({"full_name": "larkfield/shop", "private": not self.is_public, "permissions": rights})
        if path == "/issues":
            return self.issues(asked, document)
        if path.startswith("/labels"):
            return self.label(path, document)
        if found := re.fullmatch(r"/issues/comments/(\d+)", path):
            ticket = next(each for each in self.living() if any(note.id == found[1] for note in each.notes))
            return page(self.shown_note(self.edited(ticket, found[1], document["body"])))
        return self.issue(path, asked, document)

    def label(self, path: str, document: Any) -> Reply:
        if document:
            self.labels.add(document["name"])
            return page(document, 201)
        name = path.removeprefix("/labels/")
        return page({"name": name}) if name in self.labels else page({"message": "Not Found"}, 404)

    def issues(self, asked: Asked, document: Any) -> Reply:
        if asked.method == "POST":
            labels = [label for label in document["labels"] if label in self.labels]
            return page(self.shown(self.add(document["title"], document["body"], labels)), 201)
        first = (int(asked.query["page"]) - 1) * int(asked.query["per_page"])
        found = [self.shown(each) for each in self.living() if asked.query["labels"] in each.labels]
        return page(found[first : first + int(asked.query["per_page"])])

    def issue(self, path: str, asked: Asked, document: Any) -> Reply:
        parts = matched(r"/issues/(\d+)(/comments)?", path)
        ticket = self.by("number", int(parts[1]))
        if parts[2]:
            if asked.method == "POST":
                return page(self.shown_note(self.note(ticket, document["body"])), 201)
            return page([self.shown_note(note) for note in ticket.notes] if asked.query["page"] == "1" else [])
        if asked.method == "PATCH":
            ticket.status = document["state"] if document["state"] == "open" else document["state_reason"]
        return page(self.shown(ticket))

    def shown(self, ticket: Ticket) -> dict[str, Any]:
        is_open = ticket.status in ("open", "doing")
        names = [*ticket.labels, *(["doing"] if ticket.status == "doing" else [])]
        return {
            "id": int(ticket.id), "number": ticket.number, "title": ticket.title, "body": ticket.content,
            "state": "open" if is_open else "closed", "state_reason": None if is_open else ticket.status,
            "labels": [{"id": 1, "name": name, "color": "ededed"} for name in names],
            "html_url": f"https://github.com/larkfield/shop/issues/{ticket.number}",
            "closed_at": None if is_open else "2026-11-20T10:00:00Z", "updated_at": changed_at(ticket),
            "assignees": [{"login": ticket.assignee, "type": "User"}] if ticket.assignee else [],
        }  # fmt: skip

    def shown_note(self, note: Note) -> dict[str, Any]:
        return {"id": int(note.id), "body": note.content, "user": {"login": "cx-bot", "type": "Bot"},
                "created_at": WRITTEN}  # fmt: skip


class GitLabBoard(Board):
    kind = "gitlab"

    def knows(self, asked: Asked) -> bool:
        return asked.headers.get("private-token") == TOKEN

    def reply(self, asked: Asked, document: Any) -> Reply:
        path = unquote(asked.path).removeprefix("/api/v4/projects/larkfield/web/shop")
        if path == "":
            rights = {"project_access": {"access_level": 20, "notification_level": 3}, "group_access": None}
            visibility = "public" if self.is_public else "private"
            return page({"id": 7, "visibility": visibility, "permissions": rights})
        if path == "/issues" and asked.method == "POST":
            ticket = self.add(document["title"], document["description"], document["labels"].split(","))
            return page(self.shown(ticket), 201)
        if path == "/issues":
            found = [self.shown(each) for each in self.living() if asked.query["labels"] in each.labels]
            return page(found if asked.query["page"] == "1" else [])
        return self.issue(path, asked, document)

    def issue(self, path: str, asked: Asked, document: Any) -> Reply:
        parts = matched(r"/issues/(\d+)(/notes)?(/\d+)?", path)
        ticket = self.by("number", int(parts[1]))
        if parts[3]:
            return page(self.shown_note(self.edited(ticket, parts[3][1:], document["body"])))
        if parts[2]:
            if asked.method == "POST":
                return page(self.shown_note(self.note(ticket, document["body"])), 201)
            system = {"id": 1, "body": "changed the description", "system": True}
            return page([system, *map(self.shown_note, ticket.notes)] if asked.query["page"] == "1" else [])
        if asked.method == "PUT":
            ticket.status = {"close": "closed", "reopen": "opened"}[document["state_event"]]
        return page(self.shown(ticket))

    def shown(self, ticket: Ticket) -> dict[str, Any]:
        is_open = ticket.status in ("opened", "doing")
        names = [*ticket.labels, *([ticket.status] if ticket.status in ("doing", "wontfix") else [])]
        return {
            "id": int(ticket.id), "iid": ticket.number, "project_id": 7, "title": ticket.title,
            "description": ticket.content, "state": "opened" if is_open else "closed", "labels": names,
            "web_url": f"https://gitlab.example/larkfield/web/shop/-/issues/{ticket.number}",
            "closed_at": None if is_open else "2026-11-20T10:00:00.000Z", "updated_at": changed_at(ticket),
            "assignees": [{"username": "someone", "name": ticket.assignee}] if ticket.assignee else [],
        }  # fmt: skip

    def shown_note(self, note: Note) -> dict[str, Any]:
        return {"id": int(note.id), "body": note.content, "system": False, "author": {"username": "cx-bot"},
                "created_at": WRITTEN}  # fmt: skip


class JiraBoard(Board):
    """Cloud: search forgets what is not `is_searchable` yet. A document of Cloud comes back with ids of its own.

    ``ways`` are the workflow's transitions: id, status, category; ``screen`` has the fields of those that end an issue.
    """

    kind = "jira_cloud"
    version = "3"
    ways = (("11", "To Do", "new"), ("21", "In Progress", "indeterminate"), ("31", "Done", "done"))
    screen: Mapping[str, Any] = {}
    first_assignee: str | None = None
    lacks: tuple[str, ...] = ()

    def settings(self, **more: Any) -> dict[str, Any]:
        return super().settings(user="cx@larkfield.example") | more

    def knows(self, asked: Asked) -> bool:
        secret = base64.b64encode(f"cx@larkfield.example:{TOKEN}".encode()).decode()
        return asked.headers.get("authorization") == f"Basic {secret}"

    def reply(self, asked: Asked, document: Any) -> Reply:
        path = asked.path.removeprefix(f"/rest/api/{self.version}")
        if path == "/project/CX":
            types = [{"id": "1", "name": "Task", "subtask": False}, {"id": "2", "name": "Sub-task", "subtask": True}]
            return page({"id": "10", "key": "CX", "issueTypes": types})
        if path == "/mypermissions":
            assert asked.query["projectKey"] == "CX"
            keys = asked.query["permissions"].split(",")
            rights = {key: {"key": key, "type": "PROJECT", "havePermission": key not in self.lacks} for key in keys}
            return page({"permissions": rights})
        if path == "/issue":
            fields = document["fields"]
            assert fields["project"] == {"key": "CX"}
            ticket = self.add(fields["summary"], fields["description"], fields["labels"])
            ticket.assignee = self.first_assignee
            return page({"id": ticket.id, "key": f"CX-{ticket.number}", "self": f"{self.service.url}/x"}, 201)
        if path in ("/search/jql", "/search"):
            return self.searched(asked)
        return self.issue(path, asked, document)

    def issue(self, path: str, asked: Asked, document: Any) -> Reply:
        parts = matched(r"/issue/(\d+)(/comment|/transitions)?(/\d+)?", path)
        ticket = self.by("id", parts[1])
        if parts[2] == "/transitions":
            return self.transitions(ticket, asked, document)
        if parts[3]:
            assert asked.query == ({"notifyUsers": "false"} if self.version == "3" else {})
            return page(self.shown_note(self.edited(ticket, parts[3][1:], document["body"])))
        if parts[2]:
            if asked.method == "POST":
                return page(self.shown_note(self.note(ticket, document["body"])), 201)
            first = int(asked.query["startAt"])
            found = [self.shown_note(note) for note in ticket.notes][first : first + int(asked.query["maxResults"])]
            return page({"startAt": first, "maxResults": 50, "total": len(ticket.notes), "comments": found})
        return page(self.shown(ticket))

    def searched(self, asked: Asked) -> Reply:
        wanted = set(re.findall(r'"(cxnlp-\w+)"', asked.query["jql"]))
        assert asked.query["jql"].startswith('project = "CX" AND labels in (')
        found = [self.shown(each) for each in self.living() if each.is_searchable and wanted & set(each.labels)]
        if self.version == "2":
            first = int(asked.query.get("startAt", 0))
            return page({"startAt": first, "maxResults": 1, "total": len(found), "issues": found[first : first + 1]})
        first = int(asked.query.get("nextPageToken", 0))
        following = {"nextPageToken": str(first + 1)} if first + 1 < len(found) else {}
        return page({"issues": found[first : first + 1], "isLast": not following} | following)

    def transitions(self, ticket: Ticket, asked: Asked, document: Any) -> Reply:
        if asked.method == "POST":
            to, key = {id: (name, key) for id, name, key in self.ways}[document["transition"]["id"]]
            sent = document.get("fields", {})
            wrong = {name: "cannot be set: not on the screen." for name in sent if name not in self.screen}
            asked_for = self.screen.items() if key == "done" else ()
            wrong |= {name: "is required." for name, each in asked_for if each["required"] and name not in sent}
            if wrong:
                return page({"errorMessages": [], "errors": wrong}, 400)
            ticket.status = to
            return Reply(status=204)
        assert asked.query["expand"] == "transitions.fields"
        return page({"transitions": [
            {"id": id, "name": f"To {name}", "to": {"name": name, "statusCategory": {"key": key}},
             "fields": self.screen if key == "done" else {}}
            for id, name, key in self.ways if name != ticket.status
        ]})  # fmt: skip

    def shown(self, ticket: Ticket) -> dict[str, Any]:
        key = {"To Do": "new", "In Progress": "indeterminate"}.get(ticket.status, "done")
        resolution = ticket.status if key == "done" else None
        return {"id": ticket.id, "key": f"CX-{ticket.number}", "fields": {
            "status": {"name": "Done" if key == "done" else ticket.status, "statusCategory": {"key": key}},
            "resolution": {"name": resolution} if resolution else None, "labels": ticket.labels,
            "resolutiondate": "2026-11-20T10:00:00.000+0100" if resolution else None,
            "assignee": {"accountId": "5b10", "displayName": ticket.assignee} if ticket.assignee else None,
            "updated": changed_at(ticket).replace("Z", "+0100"),
        }}  # fmt: skip

    def shown_note(self, note: Note) -> dict[str, Any]:
        content = note.content
        if isinstance(content, dict):
            content = json.loads(json.dumps(content))
            for number, node in enumerate(content["content"]):
                node["attrs"] = {"localId": f"n{number}"}
        return {
            "id": note.id,
            "body": content,
            "author": {"displayName": "cx"},
            "created": "2026-11-19T10:00:00.000+0100",
        }


class JiraServerBoard(JiraBoard):
    kind = "jira_server"
    version = "2"

    def settings(self, **more: Any) -> dict[str, Any]:
        return Board.settings(self) | more

    def knows(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {TOKEN}"


class LinearBoard(Board):
    kind = "linear"
    states = (("Triage", "triage"), ("Todo", "unstarted"), ("In Progress", "started"), ("Done", "completed"),
              ("Canceled", "canceled"))  # fmt: skip

    def is_write(self, asked: Asked, document: Any) -> bool:
        return "mutation" in document["query"]

    def reply(self, asked: Asked, document: Any) -> Reply:
        assert asked.path == "/graphql"
        said, variables = document["query"], document["variables"]
        assert said.count("{") == said.count("}")
        return self.changed(said, variables) if said.startswith("mutation") else self.asked(said, variables)

    def asked(self, said: str, variables: Any) -> Reply:
        if "teams(" in said:
            states = [{"id": f"s-{n}", "name": n, "type": t, "position": at} for at, (n, t) in enumerate(self.states)]
            nodes = (
                [{"id": "team-1", "name": "CX", "states": {"nodes": states[::-1]}}] if variables["key"] == "CX" else []
            )
            return page({"data": {"teams": {"nodes": nodes}}})
        if "issues(" in said:
            nodes = [self.shown(ticket) for ticket in self.tickets if ticket.id in variables["ids"]]
            return page({"data": {"issues": {"nodes": nodes}}})
        notes = [self.shown_note(note) for note in self.by("id", variables["id"]).notes]
        first = int(variables["after"] or 0)
        more = {"hasNextPage": first + 1 < len(notes), "endCursor": str(first + 1)}
        return page({"data": {"issue": {"comments": {"nodes": notes[first : first + 1], "pageInfo": more}}}})

    def changed(self, said: str, variables: Any) -> Reply:
        sent = variables["input"]
        if "issueCreate(" in said:
            if any(ticket.id == sent["id"] for ticket in self.tickets):
                return self.wrong("conflict on insert of Issue", "INVALID_INPUT")
            ticket = self.add(sent["title"], sent["description"], [], sent["id"])
            return page({"data": {"issueCreate": {"success": True, "issue": self.shown(ticket)}}})
        if "issueUpdate(" in said:
            ticket = self.by("id", variables["id"])
            ticket.status = sent["stateId"].removeprefix("s-")
            return page({"data": {"issueUpdate": {"success": True, "issue": self.shown(ticket)}}})
        if "commentCreate(" in said:
            note = self.note(self.by("id", sent["issueId"]), sent["body"])
            return page({"data": {"commentCreate": {"success": True, "comment": self.shown_note(note)}}})
        ticket = next(each for each in self.living() if any(note.id == variables["id"] for note in each.notes))
        note = self.edited(ticket, variables["id"], sent["body"])
        return page({"data": {"commentUpdate": {"success": True, "comment": self.shown_note(note)}}})

    def wrong(self, message: str, code: str, status: int = 200, **headers: str) -> Reply:
        return page({"errors": [{"message": message, "extensions": {"code": code}}], "data": None}, status, **headers)

    def shown(self, ticket: Ticket) -> dict[str, Any]:
        return {
            "id": ticket.id, "identifier": f"CX-{ticket.number}", "url": f"https://linear.app/x/issue/CX-{ticket.number}",
            "completedAt": "2026-11-20T10:00:00.000Z" if ticket.status == "Done" else None, "canceledAt": None,
            "updatedAt": changed_at(ticket), "assignee": {"name": ticket.assignee} if ticket.assignee else None,
            "trashed": True if ticket.is_deleted else None, "labels": {"nodes": []},
            "state": {"name": ticket.status, "type": dict(self.states)[ticket.status]},
        }  # fmt: skip

    def shown_note(self, note: Note) -> dict[str, Any]:
        # Linear writes lists its own way
        return {"id": note.id, "body": note.content.replace("\n\n- ", "\n\n* "), "createdAt": WRITTEN}


BOARDS = (GitHubBoard, GitLabBoard, JiraBoard, JiraServerBoard, LinearBoard)
