"""Items become issues once, stay up to date, and come back as moves; what people wrote stays."""

import pytest

from cxnlp.backlog.states import STATES
from cxnlp.backlog.trackers import drafts
from cxnlp.backlog.trackers.texts import said
from tests.backlog.trackers.boards import GitHubBoard, JiraBoard
from tests.backlog.trackers.conftest import Company, item, what
from tests.live.server import served


def test_an_item_becomes_one_issue_with_a_report(company: Company) -> None:
    assert what(company.sync()) == ["created", "reported"]
    (ticket,) = company.board.tickets
    assert ticket.title == "Deliveries come late"
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
    assert what(company.later()) == ["updated"]
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
    assert what(company.later()) == ["reported"]
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


def test_where_both_changed_the_tracker_wins(company: Company) -> None:
    company.sync()
    (ticket,) = company.board.tickets
    company.items[0] |= {"state": "declined", "state_by": "ann"}
    company.board.move(ticket, 1)
    assert what(company.later()) == ["moved"]
    assert (company.items[0]["state"], company.board.stage(ticket)) == ("in_progress", 1)


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
    assert f"Its issue: {key}" in said(one.notes[-1].content).replace("\u2060", "").replace("\\", "")


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
        assert drafts.change(item(state=state), "r").paragraphs


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
