"""Items become issues once, stay up to date, and come back as moves; what people wrote stays."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from cxnlp.backlog.states import STATES
from cxnlp.backlog.trackers import drafts, links
from cxnlp.backlog.trackers.texts import said
from tests.backlog.trackers.boards import GitHubBoard, JiraBoard
from tests.backlog.trackers.conftest import Company, item, what
from tests.live.server import served


def plain(content: str | Mapping[str, Any]) -> str:
    """What people read."""
    return said(content).replace("\u2060", "").replace("\\", "")


def test_an_item_becomes_one_issue_with_a_report(company: Company) -> None:
    assert what(company.sync()) == ["created", "reported"]
    (ticket,) = company.board.tickets
    assert ticket.title == "Deliveries come late · i1"
    assert "Parcels come a day late." not in str(ticket.content)
    (note,) = ticket.notes
    assert "Parcels come a day late." in str(note.content)
    assert "41" in str(note.content)
    assert "My parcel came a day late." in str(note.content)
    assert company.sync() == []
    assert company.later() == []


def test_new_numbers_change_the_report_and_nothing_else(company: Company) -> None:
    company.sync()
    (ticket,) = company.board.tickets
    ticket.title, before = "A title of our own", ticket.content
    company.board.note(ticket, "I look at this tomorrow.")
    company.items[0]["n_customers"] = 57
    assert what(company.later()) == ["answered", "updated"]
    assert "57" in str(ticket.notes[0].content)
    assert (ticket.title, ticket.content, len(ticket.notes)) == ("A title of our own", before, 2)
    assert company.later() == []


def test_a_report_that_somebody_edited_is_left_to_them(company: Company) -> None:
    company.sync()
    (ticket,) = company.board.tickets
    edited = ticket.notes[0].content = (
        "Our summary: two shops." if isinstance(ticket.notes[0].content, str) else
        {"type": "doc", "version": 1, "content": [{"type": "text", "text": "Our summary: two shops."}]}
    )  # fmt: skip
    company.items[0]["n_customers"] = 57
    assert what(company.later()) == ["answered", "kept", "reported"]
    assert [ticket.notes[0].content, len(ticket.notes)] == [edited, 2]
    assert company.later() == []


def test_what_people_do_there_moves_the_item(company: Company) -> None:
    company.sync()
    (ticket,) = company.board.tickets
    company.board.move(ticket, 1)
    assert what(company.later()) == ["moved"]
    company.board.move(ticket, 2)
    assert what(company.later()) == ["moved"]
    company.board.move(ticket, 1)
    assert what(company.later()) == ["moved"]
    company.board.move(ticket, 3)
    assert what(company.later()) == ["moved"]
    assert company.later() == []
    assert [move.move for move in company.moves] == ["start", "ship", "reopen", "start", "decline"]
    assert {move.by for move in company.moves} <= {"team:CX-1", "team:1"}
    assert (str(company.moves[1].on), company.items[0]["state"]) == ("2026-11-20", "declined")
    assert len(ticket.notes) == 1


def test_what_people_decide_here_ends_and_opens_the_issue(company: Company) -> None:
    company.sync()
    (ticket,) = company.board.tickets
    company.items[0] |= {"state": "declined", "state_by": "ann"}
    assert what(company.later()) == ["commented", "closed"]
    assert company.board.stage(ticket) >= 2
    assert company.later() == []
    company.items[0] |= {"state": "new", "state_by": "ann"}
    assert what(company.later()) == ["commented", "reopened"]
    assert company.board.stage(ticket) == 0
    assert company.later() == []
    assert company.moves == []


def test_a_night_never_opens_or_ends_an_issue(company: Company) -> None:
    """People in the tracker win over the night: it only says what it found."""
    company.sync()
    (ticket,) = company.board.tickets
    company.board.move(ticket, 2)
    company.later()
    for state in ("verified", "new", "quiet"):
        company.items[0] |= {"state": state, "state_by": "night"}
        assert what(company.later()) == ["commented"]
    assert company.board.stage(ticket) == 2
    assert "no longer say this" in str(ticket.notes[-1].content)


def test_where_both_changed_the_tracker_wins_and_says_so(company: Company) -> None:
    company.sync()
    (ticket,) = company.board.tickets
    company.items[0] |= {"state": "declined", "state_by": "ann"}
    company.board.move(ticket, 1)
    moved, told = company.later()
    assert (moved.what, told.what) == ("conflict", "commented")
    assert moved.words == (
        "is in_progress there, and became declined here by ann: the tracker counts; here: reopen, start"
    )
    assert "here it was declined" in plain(ticket.notes[-1].content)
    assert (company.items[0]["state"], company.board.stage(ticket)) == ("in_progress", 1)
    assert company.later() == []


def test_who_is_assigned_there_owns_the_item_here(company: Company) -> None:
    company.items[0]["assigned_to"] = "Post"
    company.sync()
    (ticket,) = company.board.tickets
    ticket.assignee = "Zoé Müller"
    assert what(company.later()) == ["moved", "updated"]
    assert [(move.move, move.owner) for move in company.moves] == [("assign", "Zoé Müller")]
    assert "Zoé Müller" in plain(ticket.notes[0].content)
    ticket.assignee = None
    assert company.later() == []  # an owner is replaced, not removed
    company.items[0]["assigned_to"] = "Post"  # who decides last decides
    assert what(company.later()) == ["updated"]
    ticket.assignee = "Ann"
    company.board.move(ticket, 2)
    assert what(company.later()) == ["moved", "updated"]
    assert [move.move for move in company.moves[1:]] == ["ship", "assign"]
    ticket.assignee = "Ben"
    company.board.move(ticket, 3)
    company.later()
    assert [move.move for move in company.moves[3:]] == ["reopen", "decline"]  # nobody answers for what is declined


def test_who_is_assigned_there_keeps_back_no_news_from_here(company: Company) -> None:
    company.sync()
    (ticket,) = company.board.tickets
    company.items[0] |= {"state": "snoozed", "state_by": "ann"}
    ticket.assignee = "Ann"
    assert what(company.later()) == ["moved", "updated", "commented"]
    assert "put aside" in plain(ticket.notes[-1].content)


@pytest.mark.parametrize("company", [JiraBoard], indirect=True)
@pytest.mark.parametrize(("state", "status", "resolution"), [("declined", "Won't Do", "2"), ("closed", "Done", "1")])
def test_a_workflow_that_asks_how_it_ended_is_told(company: Company, state: str, status: str, resolution: str) -> None:
    assert isinstance(company.board, JiraBoard)
    company.sync()
    names = [("9", "Duplicate"), ("1", "Done"), ("2", "Won't Do")]
    values = [{"id": id, "name": name} for id, name in names]
    company.board.screen = {"resolution": {"required": True, "hasDefaultValue": False, "allowedValues": values}}
    company.board.ways = (("41", "Won't Do", "done"), ("31", "Done", "done"), ("11", "To Do", "new"))
    company.items[0] |= {"state": state, "state_by": "ann"}
    assert what(company.later()) == ["commented", "closed"]
    sent = company.board.writes[-1][2]
    assert (company.board.tickets[0].status, sent["fields"]) == (status, {"resolution": {"id": resolution}})


@pytest.mark.parametrize("company", [JiraBoard], indirect=True)
def test_a_workflow_that_asks_for_what_nobody_knows_is_left_to_people(company: Company) -> None:
    assert isinstance(company.board, JiraBoard)
    company.sync()
    company.board.screen = {"customfield_10010": {"required": True, "hasDefaultValue": False, "name": "Sprint"}}
    company.items[0] |= {"state": "declined", "state_by": "ann"}
    told, refused = company.later()
    assert (told.what, refused.what) == ("commented", "refused")
    assert "answered 400" in refused.words
    assert "because of customfield_10010" in refused.words
    assert company.later() == []


@pytest.mark.parametrize("company", [JiraBoard], indirect=True)
def test_whom_the_project_names_by_itself_is_nobodys_decision(company: Company) -> None:
    assert isinstance(company.board, JiraBoard)
    company.board.first_assignee = "The project's lead"
    company.sync()
    assert company.later() == []


def test_what_people_write_there_is_counted_and_stays_there(company: Company) -> None:
    company.sync()
    (ticket,) = company.board.tickets
    company.board.note(ticket, "Ada Smith called again.")
    (done,) = company.later()
    assert (done.what, done.words) == ("answered", "1 comment(s) of people there, the last of 2026-11-19.")
    assert "Ada" not in company.journal.read_text("utf-8")
    (link,) = links.read(company.workspace).values()
    assert (link.n_theirs, str(link.theirs_on)) == (1, "2026-11-19")
    assert company.later() == []


def test_a_verdict_is_told_once(company: Company) -> None:
    company.sync()
    (ticket,) = company.board.tickets
    fix = {"shipped_on": date(2026, 11, 2), "shipped_what": "More vans", "verdict": "too_early", "verdict_on": None,
           "verdict_note": "5 days do not tell yet"}  # fmt: skip
    company.items[0] |= {"state": "shipped", "state_by": "ann", **fix}
    assert what(company.later()) == ["updated", "commented"]
    assert "too early to tell: 5 days do not tell yet" in plain(ticket.notes[0].content)
    known = {"verdict_on": date(2026, 11, 20), "effect": 0.48, "effect_low": 0.3, "effect_high": 0.7}
    company.items[0] |= {"state": "closed", "verdict": "verified", "verdict_note": "reported less", **known}
    company.later()
    closed = plain(ticket.notes[-1].content)
    assert "it worked: reported less (0.48 times as often as without it; 0.30 to 0.70)" in closed
    assert "Shipped on 2026-11-02: More vans" in closed
    assert company.later() == []
    company.items[0] |= {"verdict": "harmful", "verdict_note": "reported more", "n_customers": 3}
    company.later()
    harmed = plain(ticket.notes[-1].content)
    assert "it did harm: reported more" in harmed
    assert "0.48" not in harmed  # few people are left to say so
    assert company.later() == []


def test_a_move_that_is_not_allowed_is_said_once(company: Company) -> None:
    company.sync()
    company.decide = lambda groups: ["no"] * len(groups)  # type: ignore[method-assign, assignment]
    company.board.move(company.board.tickets[0], 2)
    (done,) = company.later()
    assert (done.what, done.words) == ("refused", "is shipped there; ship here: no")
    assert company.later() == []


def test_a_deleted_issue_is_not_made_again(company: Company) -> None:
    company.sync()
    company.board.tickets[0].is_deleted = True
    assert what(company.later()) == ["gone"]
    assert company.later() == []
    assert len(company.board.tickets) == 1


def test_a_lost_journal_finds_its_issues_again(company: Company) -> None:
    company.sync()
    company.board.add("A copy", company.board.tickets[0].content, list(company.board.tickets[0].labels))
    company.journal.unlink()
    assert what(company.later()) == ["found", "reported"]
    assert company.later() == []
    assert [len(ticket.notes) for ticket in company.board.tickets] == [2, 0]


def test_a_rotated_secret_finds_its_issues(company: Company) -> None:
    company.sync()
    company.journal.unlink()
    with (company.root / ".cxnlp" / "secret").open("a") as file:
        file.write("0" * 64 + "\n")
    assert what(company.later()) == ["found", "reported"]


def test_an_item_that_went_into_another_names_its_issue(company: Company) -> None:
    company.items.append(item(2))
    company.sync()
    company.items[0] |= {"state": "merged", "into_id": "i2", "state_by": "night"}
    assert what(company.later()) == ["commented"]
    one, other = company.board.tickets
    key = f"CX-{other.number}" if company.board.kind in ("jira_cloud", "jira_server", "linear") else str(other.number)
    assert f"Its issue: {key}" in plain(one.notes[-1].content)


@pytest.mark.parametrize("company", [GitHubBoard], indirect=True)
def test_github_gets_its_label_first(company: Company) -> None:
    assert isinstance(company.board, GitHubBoard)
    company.board.labels.clear()
    dry = company.sync(is_dry=True)
    assert (what(dry), company.board.labels) == (["prepared", "created", "reported"], set())
    assert what(company.sync()) == ["prepared", "created", "reported"]
    assert company.board.tickets[0].labels == ["cxnlp"]
    assert dry[0].request is not None
    assert dry[0].request.json == company.board.writes[0][2]


@pytest.mark.parametrize("company", [JiraBoard], indirect=True)
def test_what_people_do_in_one_tracker_is_told_in_the_other(company: Company) -> None:
    with served() as service:
        other = GitHubBoard(service)
        company.others = [other.settings(name="web")]
        company.sync()
        company.board.move(company.board.tickets[0], 3)
        done = company.later()
        assert [(each.tracker, each.what) for each in done] == [
            ("team", "moved"),
            ("web", "commented"),
            ("web", "closed"),
        ]
        assert other.tickets[0].status == "not_planned"
        assert company.later() == []


def test_every_state_has_a_sentence() -> None:
    for state in STATES:
        assert drafts.change(item(state=state), "r", 5).paragraphs


def test_only_what_is_wanted_gets_an_issue(company: Company) -> None:
    company.items = [item(1, state="new"), item(2, priority=10.0), *(item(number) for number in (3, 4, 5))]
    company.tracker |= {"least_priority": 20, "most_new": 2}
    done = company.sync()
    assert what(done) == ["created", "reported", "created", "reported", "left"]
    assert [each.item_id for each in done if each.what == "created"] == ["i3", "i4"]
    company.tracker["only_accepted"] = False
    assert [each.item_id for each in company.later() if each.what == "created"] == ["i1", "i5"]


def test_a_dry_run_sends_nothing_and_shows_what_would_be_sent(company: Company) -> None:
    dry = company.sync(is_dry=True)
    assert (what(dry), company.board.tickets, company.journal.exists()) == (["created", "reported"], [], False)
    sent = [each.request.json for each in dry if each.request]
    company.sync()
    assert company.board.writes[0][2] == sent[0]
    assert str(company.board.writes[1][2]).replace(company.board.tickets[0].id, "{new}") == str(sent[1])
    company.items[0] |= {"state": "closed", "state_by": "ann", "n_customers": 60}
    dry = company.sync(is_dry=True)
    assert what(dry) == ["updated", "commented", "closed"]
    sent = [(each.request.method, each.request.json) for each in dry if each.request]
    n_before = len(company.board.writes)
    company.sync()
    assert [(method, document) for method, _, document in company.board.writes[n_before:]] == sent
