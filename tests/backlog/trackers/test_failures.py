"""Failures in between: never a second issue, never a second comment, never a lost update, never a move nobody made."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cxnlp.backlog import trackers
from cxnlp.backlog.trackers import links
from tests.backlog.trackers.boards import TOKEN, Board, GitHubBoard, GitLabBoard, JiraBoard, LinearBoard
from tests.backlog.trackers.conftest import Company, what
from tests.live.server import Asked, Reply, page, served
from tests.live.test_tls import signed

Fault = Callable[[Asked, Callable[[], Reply]], Reply | None]


def writing(board: Board, answer: Callable[[Callable[[], Reply]], Reply]) -> Fault:
    """A fault of the next request that changes something."""

    def fault(asked: Asked, keep: Callable[[], Reply]) -> Reply | None:
        document = json.loads(asked.body) if asked.body else None
        return answer(keep) if board.is_write(asked, document) else None

    return fault


def stored_then_500(keep: Callable[[], Reply]) -> Reply:
    keep()
    return page({"message": "oops"}, 500)


def stored_then_torn(keep: Callable[[], Reply]) -> Reply:
    reply = keep()
    return replace(reply, body=reply.body or b"{}", missing=max(len(reply.body) // 2, 1))


def not_stored(keep: Callable[[], Reply]) -> Reply:
    return page({"message": "oops"}, 502)


def limited(keep: Callable[[], Reply]) -> Reply:
    return page({"message": "slow down"}, 429, Retry_After="7")


@pytest.mark.parametrize("answer", [stored_then_500, stored_then_torn])
def test_an_issue_that_was_made_without_our_knowing_is_found(company: Company, answer: Fault) -> None:
    company.board.faults.append(writing(company.board, answer))
    assert what(company.sync()) == ["unclear"]
    assert what(company.later(1)) == ["found", "reported"]
    assert (len(company.board.tickets), company.later()) == (1, [])


def test_an_issue_that_was_not_made_is_made_once_that_is_certain(company: Company) -> None:
    company.board.faults.append(writing(company.board, not_stored))
    assert what(company.sync()) == ["unclear"]
    assert what(company.later(5)) == ["waiting"]
    assert what(company.later(11)) == ["created", "reported"]
    assert (len(company.board.tickets), company.later()) == (1, [])


@pytest.mark.parametrize("company", [JiraBoard], indirect=True)
def test_a_search_that_does_not_know_it_yet(company: Company) -> None:
    company.board.faults.append(writing(company.board, stored_then_500))
    company.sync()
    company.board.tickets[0].is_searchable = False
    assert what(company.later(10)) == ["waiting"]
    company.board.tickets[0].is_searchable = True
    assert what(company.later(10)) == ["found", "reported"]
    assert len(company.board.tickets) == 1


@pytest.mark.parametrize("answer", [stored_then_500, stored_then_torn])
def test_a_comment_is_not_made_twice(company: Company, answer: Fault) -> None:
    company.sync()
    company.items[0] |= {"state": "snoozed", "state_by": "ann"}
    company.board.faults.append(writing(company.board, answer))
    assert what(company.later()) == ["unclear"]
    assert company.later(1) == []
    assert len(company.board.tickets[0].notes) == 2


def test_a_comment_that_was_not_made_comes_later(company: Company) -> None:
    company.sync()
    company.items[0] |= {"state": "declined", "state_by": "ann"}
    company.board.faults.append(writing(company.board, not_stored))
    assert [what(company.later(minutes)) for minutes in (1440, 1, 20)] == [
        ["unclear"],
        ["waiting"],
        ["commented", "closed"],
    ]


@pytest.mark.parametrize("answer", [stored_then_500, stored_then_torn, not_stored, limited])
def test_what_may_be_done_twice_is_tried_again(company: Company, answer: Fault) -> None:
    company.sync()
    company.items[0]["n_customers"] = 57
    company.board.faults.append(writing(company.board, answer))
    assert what(company.later()) == ["updated"]
    assert len(company.board.tickets[0].notes) == 1
    assert company.later() == []


def test_limits_are_waited_for_as_long_as_they_ask(company: Company) -> None:
    company.board.faults += [writing(company.board, limited)] * 2
    assert what(company.sync()) == ["created", "reported"]
    assert company.slept.count(7) == 2
    assert len(company.board.tickets) == 1


def test_patience_ends(company: Company) -> None:
    company.tracker["wait_seconds"] = 10
    company.board.faults += [writing(company.board, limited)] * 2
    (done,) = company.sync()
    assert done.what == "unreachable"
    assert "raise `wait_seconds`" in done.words
    assert what(company.later(0)) == ["created", "reported"]


@pytest.mark.parametrize("company", [GitHubBoard], indirect=True)
@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (page({"message": "You have exceeded a secondary rate limit."}, 403), 60),
        (page({"message": "You have exceeded a secondary rate limit."}, 403, Retry_After="33"), 33),
        (page({"message": "You have triggered an abuse detection mechanism."}, 403), 60),
        (
            page(
                {"message": "API rate limit exceeded"}, 403, x_ratelimit_remaining="0", x_ratelimit_reset="1793584845"
            ),
            45,
        ),
    ],
)
def test_limits_of_github(company: Company, reply: Reply, seconds: float) -> None:
    company.board.faults.append(writing(company.board, lambda _: reply))
    assert what(company.sync()) == ["created", "reported"]
    assert company.slept == [seconds, 1.0]


@pytest.mark.parametrize("company", [GitHubBoard], indirect=True)
def test_github_is_given_twice_the_time_when_it_asks_again(company: Company) -> None:
    reply = page({"message": "You have exceeded a secondary rate limit."}, 403)
    company.board.faults += [writing(company.board, lambda _: reply)] * 2
    assert what(company.sync()) == ["created", "reported"]
    assert company.slept == [60, 120, 1.0]


@pytest.mark.parametrize("company", [GitLabBoard], indirect=True)
@pytest.mark.parametrize(("headers", "seconds"), [({}, 60), ({"Retry_After": "0"}, 1), ({"Retry_After": "33"}, 33)])
def test_limits_of_gitlab(company: Company, headers: dict[str, str], seconds: float) -> None:
    reply = page({"message": {"error": "This endpoint has been requested too many times."}}, 429, **headers)
    company.board.faults.append(writing(company.board, lambda _: reply))
    assert what(company.sync()) == ["created", "reported"]
    assert company.slept == [seconds]


@pytest.mark.parametrize("company", [LinearBoard], indirect=True)
def test_limits_of_linear(company: Company) -> None:
    assert isinstance(company.board, LinearBoard)
    limits = {"X_RateLimit_Requests_Remaining": "0", "X_RateLimit_Requests_Reset": "1793584830000"}
    more = {"X_RateLimit_Complexity_Remaining": "99", "X_RateLimit_Complexity_Reset": "1793588400000"}
    reply = company.board.wrong("Rate limit exceeded", "RATELIMITED", 400, **limits, **more)
    company.board.faults.append(writing(company.board, lambda _: reply))
    assert what(company.sync()) == ["created", "reported"]
    assert company.slept == [30.0]


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


@pytest.mark.parametrize("company", [GitHubBoard, JiraBoard, LinearBoard], indirect=True)
def test_killed_at_any_moment_and_run_again(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before and after each line of the journal: that is before and after each request, too."""
    write = links.write
    for moment in range(60):
        steps = iter(range(1000))
        company.board.tickets.clear()
        company.journal.unlink(missing_ok=True)
        company.items[0] |= {"state": "accepted", "n_customers": 41}

        def dying(workspace: object, link: links.Link, steps: object = steps, moment: int = moment) -> None:
            if next(steps) == moment:  # type: ignore[call-overload]
                raise Killed
            write(workspace, link)  # type: ignore[arg-type]
            if next(steps) == moment:  # type: ignore[call-overload]
                raise Killed

        monkeypatch.setattr(links, "write", dying)
        try:
            company.sync()
            company.items[0]["n_customers"] = 57
            company.board.note(company.board.tickets[0], "I look at this.")
            company.later()
            company.items[0] |= {"state": "closed", "state_by": "ann"}
            company.later()
        except Killed:
            pass
        else:
            break
        monkeypatch.setattr(links, "write", write)
        company.later()
        company.items[0] |= {"state": "closed", "state_by": "ann", "n_customers": 57}
        company.later()
        assert company.later() == []
        (ticket,) = company.board.tickets
        said = [str(note.content) for note in ticket.notes]
        assert sum(bool(re.search(r"\b57\b", words)) for words in said) == 1, moment
        assert sum("was closed" in words for words in said) == 1, moment
        assert (company.board.stage(ticket) >= 2, company.moves) == (True, []), moment
    assert 10 < moment < 59


def test_killed_after_a_move_it_is_not_made_again(company: Company) -> None:
    company.sync()
    company.board.move(company.board.tickets[0], 1)
    decide = company.decide

    def dying(groups: Sequence[Sequence[trackers.Wanted]]) -> list[str | None]:
        decide(groups)
        raise Killed

    company.decide = dying  # type: ignore[method-assign]
    with pytest.raises(Killed):
        company.later()
    company.decide = decide  # type: ignore[method-assign]
    assert company.later() == []
    assert [move.move for move in company.moves] == ["start"]


def test_a_close_without_an_answer_is_not_taken_for_theirs(company: Company) -> None:
    company.sync()
    company.items[0] |= {"state": "declined", "state_by": "ann"}
    company.tracker["wait_seconds"] = 0
    skipped = iter([True])
    close = writing(company.board, stored_then_500)
    company.board.faults.append(
        lambda asked, keep: None if json_of(asked, company.board) and next(skipped, False) else close(asked, keep)
    )
    assert what(company.later()) == ["commented", "unreachable"]
    assert company.board.stage(company.board.tickets[0]) >= 2
    assert company.later() == []
    assert (company.moves, company.items[0]["state"]) == ([], "declined")


def json_of(asked: Asked, board: Board) -> bool:
    return board.is_write(asked, json.loads(asked.body) if asked.body else None)


def test_a_wrong_token_is_said_and_never_shown(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKFIELD_TRACKER", "another-token")
    (done,) = company.sync()
    assert "refuses the token (401)" in done.words
    assert "another-token" not in done.words
    monkeypatch.setenv("LARKFIELD_TRACKER", TOKEN)
    assert TOKEN not in json.dumps([each.request.shown() for each in company.sync(is_dry=True) if each.request])
    company.sync()
    assert TOKEN not in company.journal.read_text()
    assert company.journal.stat().st_mode & 0o077 == 0


def test_one_issue_that_is_refused_does_not_stop_the_others(company: Company) -> None:
    answer = page({"errors": {"customfield_10010": "Sprint of 'My parcel' is required"}}, 400)
    company.items.append(company.items[0] | {"item_id": "i2"})
    company.board.faults.append(writing(company.board, lambda _: answer))
    done = company.sync()
    assert what(done) == ["refused", "created", "reported"]
    assert "answered 400" in done[0].words
    assert "customfield_10010" in done[0].words
    assert "parcel" not in done[0].words
    assert what(company.later()) == ["created", "reported"]


def test_a_service_of_another_kind_is_a_sentence(company: Company) -> None:
    company.board.service.answer = lambda _: page(["hello"])  # type: ignore[method-assign]
    (done,) = company.sync()
    assert "answers otherwise than it documents" in done.words


def test_nothing_goes_where_it_is_sent_on_to(company: Company) -> None:
    company.board.faults.append(lambda asked, _: page({}, 302, Location="https://elsewhere.example/"))
    (done,) = company.sync()
    assert "It has moved" in done.words


@pytest.mark.parametrize("company", [GitHubBoard], indirect=True)
def test_a_server_that_is_away_or_that_nobody_vouches_for(company: Company, tmp_path: Path) -> None:
    own = signed(tmp_path)
    company.tracker["url"] = "http://127.0.0.1:9"
    assert "127.0.0.1 cannot be reached, 5 times in a row" in company.sync()[0].words
    away, left = company.sync(is_dry=True)
    assert (away.what, left.what, "1 item(s) have no issue yet and 0 have one" in left.words) == (
        "unreachable", "left", True,
    )  # fmt: skip
    company.tracker["wait_seconds"] = 10  # as `cxnlp check` has
    assert company.sync()[0].words.startswith("127.0.0.1 cannot be reached, 4 times in a row. ")
    with served(own.context) as service:
        board = GitHubBoard(service)
        company.tracker["url"] = service.url
        assert "set `authority` of this [[tracker]]" in company.sync()[0].words
        company.tracker["authority"] = "/nowhere.pem"
        assert "cannot be read as certificates" in company.sync()[0].words
        company.tracker["authority"] = str(own.authority)
        assert what(company.sync()) == ["created", "reported"]
    assert len(board.tickets) == 1


@pytest.mark.parametrize("company", [GitHubBoard], indirect=True)
def test_one_sync_at_a_time(company: Company) -> None:
    seen = []

    def during(asked: Asked, _: object) -> None:
        with pytest.raises(trackers.SyncBusy) as refused:
            company.sync()
        seen.append(refused.value.exit_code)

    company.board.faults.append(during)
    company.sync()
    assert set(seen) == {3}


@pytest.mark.parametrize("company", [GitHubBoard], indirect=True)
def test_a_journal_is_read_up_to_a_torn_line_and_shortened(company: Company) -> None:
    company.sync()
    company.later()
    whole = company.journal.read_bytes()
    company.journal.write_bytes(whole + b'{"at": "2026-')
    assert company.later() == []
    last = whole.splitlines()[-1]
    lines = [last.replace(b"03:00:00", f"02:{number // 60:02}:{number % 60:02}".encode()) for number in range(250)]
    company.journal.write_bytes(b"\n".join([*lines, last]) + b"\n")
    assert company.later() == []
    assert len(company.journal.read_bytes().splitlines()) == 1
    company.journal.write_bytes(b'{"at": 1}\n')
    with pytest.raises(trackers.TrackerError, match="found a damaged line"):
        company.sync()
