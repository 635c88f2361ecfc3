"""A mailbox over IMAP."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from cxnlp.channels import live
from cxnlp.channels.files import File
from cxnlp.channels.items import Item, unusable
from cxnlp.channels.live import inbox
from cxnlp.settings import SettingsError, Source
from tests.channels.made import mail
from tests.live.conftest import Nights, problems, texts
from tests.live.mailserver import PASSWORD, USER, Mailbox, MailServer, mail_served


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_served() as served:
        yield served


@pytest.fixture
def nights(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Nights:
    monkeypatch.setenv("LARKFIELD_MAIL", PASSWORD)
    settings = {"service": "imap", "url": server.url, "user": USER, "secret": "LARKFIELD_MAIL"}
    return Nights(settings, {"channel": "letter", "ours": ["larkfield.example"]})


def letter(number: int, words: str = "", **headers: str) -> bytes:
    named = {"Message_ID": f"<m{number}@mail.example>"} | headers
    return mail(words or f"Letter {number}: the heater smells.", **named).as_bytes().replace(b"\n", b"\r\n")


def test_a_mailbox_is_read_once(server: MailServer, nights: Nights) -> None:
    for number in range(1, 4):
        server.inbox.deliver(letter(number))
    rows = nights.read()
    assert texts(rows) == [f"Letter {number}: the heater smells." for number in (1, 2, 3)]
    assert rows[0]["external_id"] == "m1@mail.example"
    assert rows[0]["author"] == "Ann Other <ann@example.org>"
    assert rows[0]["occurred_at"].isoformat() == "2026-09-14T09:11:12+00:00"
    assert rows[0]["received_at"].isoformat() == "2026-10-31T08:30:00+00:00"
    assert nights.read() == []
    server.inbox.deliver(letter(4))
    assert texts(nights.read()) == ["Letter 4: the heater smells."]


def test_a_mail_that_could_not_be_used_leaves_the_quarantine_once_it_can(server: MailServer, nights: Nights) -> None:
    server.inbox.deliver(letter(1, "12345"))
    ((file, problem),) = problems(nights.read())
    assert (file, problem[:13]) == ("INBOX#1", "Has no words.")
    server.inbox.mails[1] = letter(1, "It hums.")
    nights.ledger = nights.ledger.filter(nights.ledger["cursor"].is_null())  # `cxnlp quarantine retry`
    assert texts(nights.read()) == ["It hums."]
    assert nights.ledger.select("file", "modified_ns").rows() == [("INBOX#1", 0), ("INBOX", 0)]


def test_mails_are_read_where_files_are(server: MailServer, nights: Nights) -> None:
    """The night reads files in a process that can be killed; mails hold files of strangers, too."""
    server.inbox.deliver(letter(1))
    asked: list[tuple[Source, File]] = []

    def elsewhere(source: Source, file: File) -> Iterator[Item]:
        asked.append((source, file))
        yield unusable("The reader of this file crashed (SIGSEGV).")

    (batch,) = live.read(nights.source(), nights.ledger, 100, read_one=elsewhere)
    assert batch.items["problem"].to_list() == ["The reader of this file crashed (SIGSEGV)."]
    ((source, file),) = asked
    assert (source.kind, source.ours, file.read_bytes()) == ("letters", ("larkfield.example",), letter(1))


def test_nothing_is_changed_on_the_server(server: MailServer, nights: Nights) -> None:
    server.inbox.deliver(letter(1))
    nights.read()
    assert server.of("SELECT") == []
    assert server.of("EXAMINE") == ['EXAMINE "INBOX"']
    assert not [line for line in server.commands if "STORE" in line or ("BODY" in line and "PEEK" not in line)]


def test_a_killed_night_reads_again(server: MailServer, nights: Nights) -> None:
    server.inbox.deliver(letter(1))
    assert nights.read(is_stored=False) == nights.read()


def test_replies_signatures_and_our_own_mails_are_treated_as_in_files(server: MailServer, nights: Nights) -> None:
    server.inbox.deliver(letter(1, "It smells.\n\nOn Mon, 14 Sep 2026, Larkfield wrote:\n> Does it smell?\n"))
    server.inbox.deliver(letter(2, "Sorry to hear that.", From="Help <help@larkfield.example>"))
    first, second = nights.read()
    assert first["text"] == "It smells."
    assert second["speakers"] == ["agent"]


def test_a_mailbox_that_is_numbered_anew_is_read_again_with_the_same_ids(server: MailServer, nights: Nights) -> None:
    server.inbox.deliver(letter(1))
    server.inbox.deliver(b"From: ann@example.org\r\nSubject: x\r\n\r\nNo Message-ID, but words.\r\n")
    before = nights.read()
    server.mailboxes["INBOX"] = Mailbox({1: server.inbox.mails[2], 2: server.inbox.mails[1]}, 1_800_000_000, 3)
    again = nights.read()
    assert {row["external_id"] for row in again} == {row["external_id"] for row in before}
    assert len(again) == 2
    assert nights.read() == []


def test_a_message_that_was_deleted_meanwhile_is_no_problem(server: MailServer, nights: Nights) -> None:
    for number in range(1, 4):
        server.inbox.deliver(letter(number))
    del server.inbox.mails[2]
    assert len(texts(nights.read())) == 2
    server.inbox.mails.clear()
    assert nights.read() == []


LATER = "NO [UNAVAILABLE] Try again later"


@pytest.mark.parametrize(
    ("command", "faults"),
    [
        ("LOGIN", ["hang up"]),
        ("LOGIN", [LATER]),
        ("EXAMINE", ["hang up"]),
        ("UID SEARCH", ["hang up"]),
        ("UID SEARCH", [LATER]),
        ("UID FETCH", [LATER]),
        ("UID FETCH", ["", "", "", "", "half"]),  # in the middle of the third mail, behind a page that counts
        ("UID FETCH", ["", "half"]),
    ],
)
def test_what_breaks_off_is_taken_up_where_it_stood(
    server: MailServer, nights: Nights, monkeypatch: pytest.MonkeyPatch, command: str, faults: list[str]
) -> None:
    monkeypatch.setattr(inbox, "_PAGE", 2)
    for number in range(1, 6):
        server.inbox.deliver(letter(number))
    server.faults[command] = list(faults)
    rows = nights.read()
    assert [row["external_id"] for row in rows] == [f"m{number}@mail.example" for number in range(1, 6)]
    assert nights.slept == [1]


def test_a_server_that_always_breaks_off_is_left(server: MailServer, nights: Nights) -> None:
    server.inbox.deliver(letter(1))
    server.faults["UID FETCH"] = ["hang up"] * 9
    ((file, problem),) = problems(nights.read())
    assert file is None
    assert "127.0.0.1 cannot be reached or breaks off" in problem
    assert nights.slept == [1, 2, 4, 8]


def test_a_wrong_password_is_not_tried_again(
    server: MailServer, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LARKFIELD_MAIL", "of-last-year")
    ((file, problem),) = problems(nights.read())
    assert (file, "refuses user or secret" in problem) == (None, True)
    assert "of-last-year" not in problem
    assert len(server.of("LOGIN")) == 1


def test_no_password_is_sent_in_the_clear(server: MailServer, nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "is_loopback", lambda _: False)
    ((file, problem),) = problems(nights.read())
    assert (file, "offers no TLS" in problem) == (None, True)
    assert server.of("LOGIN") == []


def test_an_access_token(server: MailServer, nights: Nights) -> None:
    server.inbox.deliver(letter(1))
    nights.settings |= {"auth": "xoauth2"}
    assert len(texts(nights.read())) == 1
    place = server.commands.index("AUTHENTICATE XOAUTH2")
    said = base64.b64decode(server.commands[place + 1]).decode()
    assert said == f"user={USER}\x01auth=Bearer {PASSWORD}\x01\x01"


def test_a_mailbox_that_is_not_there_costs_itself(server: MailServer, nights: Nights) -> None:
    server.mailboxes["Beschwerden &- Lob/Gel&APY-st"] = Mailbox()
    server.mailboxes["Beschwerden &- Lob/Gel&APY-st"].deliver(letter(9))
    nights.settings |= {"mailboxes": ["Gone", "Beschwerden & Lob/Gelöst"]}
    rows = nights.read()
    assert len(texts(rows)) == 1
    ((file, problem),) = problems(rows)
    assert (file, problem.startswith("The server has no such mailbox")) == ("Gone", True)


def test_a_mail_too_big_is_not_fetched(server: MailServer, nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MAX_FILE_BYTES", 2_000)
    server.inbox.deliver(letter(1, "long " * 2_000))
    server.inbox.deliver(letter(2))
    rows = nights.read()
    assert len(texts(rows)) == 1
    assert problems(rows)[0][0] == "INBOX#1"
    assert problems(rows)[0][1].startswith("Is a mail of 0 MB; at most")
    assert len([line for line in server.commands if "BODY" in line]) == 1


def test_a_broken_mail_costs_itself(server: MailServer, nights: Nights) -> None:
    server.inbox.deliver(b"\x00\xff\xfe no mail at all")
    server.inbox.deliver(letter(2))
    rows = nights.read()
    assert len(texts(rows)) == 1
    assert problems(rows)[0][0] == "INBOX#1"


def test_since_is_asked_for(server: MailServer, nights: Nights) -> None:
    nights.settings |= {"since": "2026-10-01"}
    nights.read()
    assert server.of("UID SEARCH") == ["UID SEARCH UID 1:* SINCE 01-Oct-2026"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "https://mail.example"}, "is no IMAP address"),
        ({"url": "imaps://me:pass@mail.example"}, "holds a user or password"),
        ({"mailboxes": []}, "`mailboxes`"),
    ],
)
def test_wrong_settings_are_said(nights: Nights, wrong: dict[str, Any], said: str) -> None:
    nights.settings |= wrong
    with pytest.raises(SettingsError) as caught:
        nights.read()
    assert said in str(caught.value)
