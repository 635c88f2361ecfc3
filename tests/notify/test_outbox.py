"""What is queued, for whom, and when it is let go."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from cxnlp import notify
from cxnlp.notify import outbox, sending
from cxnlp.notify.outbox import Entry, Message, Moved
from tests.backlog.workspaces import NIGHT, item
from tests.live.server import LocalService, Reply
from tests.notify.conftest import Company, alert, fixed


@pytest.fixture
def told(company: Company, service: LocalService) -> Company:
    service.paths["/cx"] = lambda _: Reply(status=200)
    company.hook(service.url + "/cx")
    company.send()
    return company


def last(company: Company) -> Message:
    entry = outbox.last_of(outbox.read(company.workspace.outbox), "hub")
    assert entry is not None
    assert entry.message is not None
    return entry.message


def test_a_message_says_what_changed_since_the_last(told: Company) -> None:
    told.night([item("cx-1", state="accepted", due_on=NIGHT), item("cx-2"), item("cx-3", state="quiet")],
               [alert("a1"), alert("a0", closed_on=NIGHT)], n=1, overdue=["cx-1"])  # fmt: skip
    assert told.results() == ["sent"]
    said = last(told)
    assert (said.opened, said.alerts) == (("cx-2",), ("a1",))
    assert said.moved == (Moved(item_id="cx-1", before="new", after="accepted"),)
    assert said.overdue == ("cx-1",)
    told.night(told.now.items, told.now.alerts, n=2, overdue=["cx-1"])
    told.send()
    assert (last(told).is_news, last(told).overdue) == (False, ("cx-1",))


def test_whether_a_fix_helped_is_told_once(told: Company) -> None:
    told.night([fixed("cx-1", verdict="too_early", verdict_on=None), item("cx-2")], n=1)
    told.send()
    assert last(told).measured == ()
    told.night([fixed("cx-1"), item("cx-2")], n=2)
    told.send()
    assert last(told).measured == ("cx-1",)
    told.night([fixed("cx-1", state="closed"), item("cx-2")], n=3)
    told.send()
    assert last(told).measured == ()
    told.night([fixed("cx-1", state="closed", verdict="harmful"), item("cx-2")], n=4)
    told.send()
    assert (last(told).measured, last(told).moved) == (("cx-1",), ())


def test_verdicts_from_before_they_were_told_are_no_news(told: Company) -> None:
    told.night([fixed("cx-1")], n=1)
    told.send()
    path = told.workspace.outbox
    path.write_text(path.read_text("utf-8").replace('"verdicts":{"cx-1":"verified 2026-10-05"}', '"verdicts":null'))
    told.night([fixed("cx-1"), item("cx-2")], n=2)
    told.send()
    assert last(told).measured == ()


def test_a_run_is_told_once_and_a_quiet_second_one_of_the_day_not_at_all(told: Company) -> None:
    assert told.results() == []
    told.night([item("cx-1")], run=2)
    assert told.results() == []
    told.night([item("cx-1"), item("cx-2")], run=3)
    assert told.results() == ["sent"]
    told.night(told.now.items, n=1)
    assert told.results() == ["sent"]  # a new morning is told that nothing changed


def test_only_changes_leaves_quiet_mornings_out(told: Company) -> None:
    told.receivers[0]["only_changes"] = True
    told.night([item("cx-1")], n=1)
    assert told.results() == []
    told.night([item("cx-1", state="quiet")], n=2)
    assert told.results() == ["sent"]
    assert last(told).moved == (Moved(item_id="cx-1", before="new", after="quiet"),)


def test_a_receiver_that_is_new_is_told_of_what_is_open(told: Company) -> None:
    told.night([item("cx-1"), item("cx-2", state="closed"), item("cx-3", state="in_progress")], n=1)
    told.receivers.append({**told.receivers[0], "name": "second"})
    told.send()
    entry = outbox.last_of(outbox.read(told.workspace.outbox), "second")
    assert entry is not None
    assert entry.message is not None
    assert entry.message.opened == ("cx-1", "cx-3")


def test_what_was_sent_is_let_go_but_for_the_last(told: Company) -> None:
    for n in range(1, 5):
        told.night([item("cx-1"), item(f"cx-new-{n}")], n=n)
        told.send()
    entries = outbox.read(told.workspace.outbox)
    assert [entry.event for entry in entries] == ["queued", "trying", "sent"]
    assert told.workspace.outbox.stat().st_mode & 0o077 == 0


def test_the_outbox_holds_nobodys_words(told: Company) -> None:
    written = told.workspace.outbox.read_text("utf-8")
    assert "Parcels" not in written
    assert "week late" not in written


def test_what_nobody_took_for_two_weeks_is_given_up(told: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    told.receivers[0]["url"] = "http://127.0.0.1:9/"
    told.night([item("cx-2")], n=1)
    assert told.results() == ["refused"]

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(UTC) + timedelta(days=15)

    monkeypatch.setattr(sending, "datetime", Later)
    (outcome,) = told.send()
    assert (outcome.result, outcome.words) == ("dropped", "could not be sent for 14 days")


def test_a_receiver_that_is_no_longer_named_gets_nothing(told: Company) -> None:
    told.receivers[0]["url"] = "http://127.0.0.1:9/"
    told.night([item("cx-2")], n=1)
    told.send()
    told.receivers[0]["name"] = "other"
    assert [(outcome.receiver, outcome.result) for outcome in told.send()] == [("hub", "dropped"), ("other", "refused")]


def test_one_that_fails_does_not_hold_up_the_others(company: Company, service: LocalService) -> None:
    service.paths["/cx"] = lambda _: Reply(status=200)
    company.hook("http://127.0.0.1:9/")
    company.tell("away", "")  # its address is not to be had
    company.receivers.append({**company.receivers[0], "name": "hub2", "url": service.url + "/cx"})
    outcomes = {outcome.receiver: outcome for outcome in company.send()}
    assert {name: outcome.result for name, outcome in outcomes.items()} == {
        "hub": "refused", "away": "refused", "hub2": "sent",
    }  # fmt: skip
    assert "Set the environment variable URL_AWAY" in outcomes["away"].words


def test_what_is_no_longer_stored_is_not_told(told: Company, service: LocalService) -> None:
    """Between a failed attempt and the next, feedback may be erased, and an item with it."""
    told.receivers[0]["url"] = "http://127.0.0.1:9/"
    told.night([item("cx-1"), item("cx-2", title="The words of one who was forgotten")], n=1)
    told.send()
    told.night([item("cx-1")], n=1)
    told.receivers[0]["url"] = service.url + "/cx"
    assert told.results() == ["sent"]
    assert b"forgotten" not in service.asked[-1].body


def test_a_line_that_a_kill_left_half_written_never_counts(told: Company) -> None:
    path = told.workspace.outbox
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"event":"queued","id":"msg_')
    assert len(outbox.read(path)) == 3
    told.night([item("cx-2")], n=1)
    assert told.results() == ["sent"]


def test_two_processes_do_not_tell_at_once(told: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_PATIENCE_SECONDS", 0)
    with (
        FileLock(told.workspace.state / "outbox.sending.lock"),
        pytest.raises(notify.AlreadySending, match="another process"),
    ):
        told.send()


def test_after_a_kill_nobody_knows_whether_it_was_told(tmp_path: Path) -> None:
    said = Message(receiver="hub", run_id="2026-11-02-1", night=NIGHT)
    lines = [
        Entry(event="queued", id="msg_1", at=datetime.now(UTC), message=said),
        Entry(event="trying", id="msg_1", at=datetime.now(UTC)),
    ]
    assert [each.is_doubtful for each in outbox.waiting(lines)] == [True]
    assert outbox.waiting([*lines, Entry(event="sent", id="msg_1", at=datetime.now(UTC))]) == []
    refused = [*lines, Entry(event="refused", id="msg_1", at=datetime.now(UTC))]
    assert [each.is_doubtful for each in outbox.waiting(refused)] == [False]
