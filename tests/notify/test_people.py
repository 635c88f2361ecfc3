"""Digests for people: e-mail, Slack and Teams, on servers of this machine that answer as theirs do."""

import json
import logging
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack

from cxnlp import notify
from cxnlp.settings import SettingsError
from tests.backlog.workspaces import item
from tests.live.server import LocalService, Reply, served
from tests.live.test_tls import signed
from tests.notify.conftest import Company, alert, fixed
from tests.notify.mailbox import Mailbox

HOSTILE = "Parcels <!channel> <@U123> *now* _x_ `y` [a](http://example.org) <b>bold</b> @here #general <at>Jo</at> & so"
JOINER = "\u2060"
SLACK = "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.fixture
def slack(company: Company, service: LocalService, monkeypatch: pytest.MonkeyPatch) -> LocalService:
    """Slack's incoming webhook: it answers "ok", or 4xx and 5xx with a word (https://docs.slack.dev/messaging)."""
    monkeypatch.setattr(NotifySlack, "webhook_url", service.url + "/services")
    service.paths[SLACK] = lambda _: Reply(b"ok")
    company.tell("team", "https://hooks.slack.com" + SLACK)
    return service


def said_in(service: LocalService, number: int = -1) -> tuple[str, str]:
    """Title and text of a message to Slack."""
    (attachment,) = json.loads(service.asked[number].body)["attachments"]
    return attachment["title"], attachment["text"]


def text_and_html(mail: EmailMessage) -> list[str]:
    return [part.get_content() for part in mail.iter_parts()]


def test_a_mail_is_text_and_html(company: Company, mailbox: Mailbox) -> None:
    company.tell("team", mailbox.url, page_url="https://reports.larkfield.example/page.html")
    company.night([item("cx-1"), item("cx-2", title="Staff are rude", trend_word="steady")], [alert("a1")])
    assert company.results() == ["sent"]
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Larkfield, 2 November 2026: 1 new early warning, 2 new items"
    assert mail["To"] == "team@larkfield.example"
    text, html = text_and_html(mail)
    assert "- Staff are rude: 12 people, steady; Logistics" in text
    assert "- Deliveries disappoint (Leeds): 19 people in 7 days; Logistics" in text
    assert '<a href="https://reports.larkfield.example/page.html">' in html
    assert "<script" not in html
    assert "<img" not in html


def test_hostile_words_are_words_in_a_mail(company: Company, mailbox: Mailbox) -> None:
    company.tell("team", mailbox.url)
    company.night([item("cx-1", title=HOSTILE)])
    company.send()
    text, html = (part.replace(JOINER, "") for part in text_and_html(mailbox.mails[0]))
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "<b>bold</b>" in text


def test_hostile_words_call_nobody_in_slack(company: Company, slack: LocalService) -> None:
    company.night([item("cx-1", title=HOSTILE)])
    assert company.results() == ["sent"]
    _, text = said_in(slack)
    assert "&lt;!channel&gt; &lt;@U123&gt;" in text.replace(JOINER, "")
    assert "<" not in text
    assert "http://example.org|" not in text


def test_hostile_words_call_nobody_in_discord(company: Company, service: LocalService) -> None:
    """Discord looks for @everyone, @here and <@1234> in the text itself (https://docs.discord.com)."""
    service.paths["/hooks/1234567890/abcdefghijklmnop"] = lambda _: Reply(status=204)
    company.patch.setattr(NotifyDiscord, "notify_url", service.url + "/hooks")
    company.tell("team", "discord://1234567890/abcdefghijklmnop")
    words = "Parcels @everyone @here <@1234> <@&5678>"
    company.night([item("cx-1", title=words)], [alert("a1", location=words)])
    assert company.results() == ["sent"]
    text = json.loads(service.asked[0].body)["content"]
    assert text.replace(JOINER, "").count("@everyone @here") == 3  # headline, warning, item
    assert not [call for call in ("@everyone", "@here", "@1234", "@&5678") if call in text]


def test_hostile_words_call_nobody_in_teams(company: Company, tmp_path: Path) -> None:
    """A workflow of Power Automate takes an adaptive card and answers 202; Teams calls whom `entities` names."""
    with served(signed(tmp_path).context) as service:
        path = "/workflows/a1b2c3/triggers/manual/paths/invoke"
        service.paths[path] = lambda _: Reply(status=202)
        company.tell(
            "team", f"workflows://{service.url.removeprefix('https://')}/a1b2c3/sig?verify=no"
        )  # its certificate is the test's own
        company.night([item("cx-1", title=HOSTILE)])
        assert company.results() == ["sent"]
        (asked,) = service.asked
    card = json.loads(asked.body)["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard"
    assert "entities" not in card["msteams"]
    title, text = (block["text"] for block in card["body"])
    assert title == "Larkfield, 2 November 2026: 1 new item"
    assert "\\*now\\*" in text.replace(JOINER, "")
    assert "\\[a\\]\\(http" in text.replace(JOINER, "")
    assert not [block for block in card["body"] if block["type"] != "TextBlock"]


def test_a_mail_that_is_refused_is_sent_once_later(company: Company, mailbox: Mailbox) -> None:
    company.tell("team", mailbox.url)
    mailbox.faults = ["refuse"]
    (outcome,) = company.send()
    assert (outcome.result, outcome.words) == ("refused", "E-Mail answered 451")
    assert company.results() == ["sent"]
    assert company.results() == []
    (mail,) = mailbox.mails
    assert not mail["Subject"].startswith("Sent again")


def test_a_mail_that_was_not_confirmed_comes_again_and_says_so(company: Company, mailbox: Mailbox) -> None:
    company.tell("team", mailbox.url)
    mailbox.faults = ["hang up"]
    (outcome,) = company.send()
    assert (outcome.result, outcome.words) == ("unclear", "E-Mail did not confirm it")
    assert company.results() == ["sent"]
    first, second = mailbox.mails
    assert second["Subject"] == f"Sent again, the first time was not confirmed: {first['Subject']}"
    ids = [text_and_html(mail)[0].split()[-1] for mail in (first, second)]
    assert ids[0] == ids[1]
    assert ids[0].startswith("msg_")


@pytest.mark.parametrize(
    ("fault", "result", "words"),
    [
        (Reply(b"channel_is_archived", status=410), "refused", "Slack answered 410"),
        (Reply(b"rollup_error", status=500), "refused", "Slack answered 500"),
        (Reply(b"ratelimited", status=429), "refused", "Slack answered 429"),
        (Reply(b"ok", missing=1), "unclear", "Slack did not confirm it"),
    ],
)
def test_slack_fails_and_is_told_later(
    company: Company, slack: LocalService, fault: Reply, result: str, words: str
) -> None:
    slack.faults[SLACK] = [fault]
    (outcome,) = company.send()
    assert (outcome.result, outcome.words) == (result, words)
    assert company.results() == ["sent"]
    assert said_in(slack)[0].startswith("Sent again") == (result == "unclear")
    assert company.results() == []


def test_mornings_come_in_their_order(company: Company, slack: LocalService) -> None:
    slack.faults[SLACK] = [Reply(status=500)] * 2
    assert company.results() == ["refused"]
    company.night([item("cx-2")], n=1)
    assert company.results() == ["refused"]  # the second does not overtake the first
    assert company.results() == ["sent", "sent"]
    assert [said_in(slack, number)[0].partition(":")[0] for number in (-2, -1)] == [
        "Larkfield, 2 November 2026", "Larkfield, 3 November 2026",
    ]  # fmt: skip


def test_whether_a_fix_helped_is_said_with_its_interval(company: Company, slack: LocalService) -> None:
    company.send()
    rows = [fixed("cx-1", shipped_where="location=Hull"), fixed("cx-2", n_customers=3), item("cx-3")]
    company.night(rows, n=1)
    company.send()
    title, text = said_in(slack)
    assert title == "Larkfield, 3 November 2026: 2 fixes measured, 2 new items"
    assert "cx-1: it worked: reported less (0.48 times as often as without it; 0.31 to 0.70)" in text
    assert "shipped on 2026-10-05 (location=Hull): More vans" in text
    assert text.count("0.48") == 1  # three people are too few for numbers
    assert "*Changed*" not in text  # what was measured is not told twice


def test_slack_and_teams_get_no_headings_which_they_do_not_know(company: Company, slack: LocalService) -> None:
    company.send()
    _, text = said_in(slack)
    assert "*New items*" in text
    assert "#" not in text


def test_a_message_is_never_too_large_for_teams(company: Company, mailbox: Mailbox) -> None:
    company.tell("team", mailbox.url)
    endless = "word " * 40
    rows = [item(f"cx-{n}", title=f"{endless}{n}", state="new", owner=endless * 3) for n in range(40)]
    company.night(rows, overdue=[row["item_id"] for row in rows])
    company.send()
    _, html = text_and_html(mailbox.mails[0])
    assert len(html) < 9_000
    assert "and 35 more, on the page" in html


def test_small_groups_stay_unseen(company: Company, slack: LocalService) -> None:
    few = alert(
        "a1", n_reports=6, n_customers=1, kind="crisis", name="Danger is at hand", location="Leeds", product="GlowNest"
    )
    company.night([item("cx-1", n_customers=2, title="Staff are rude: the tall one")], [few, {**few, "alert_id": "a2"}])
    company.send()
    _, text = said_in(slack)
    assert "2 times *Danger is at hand*: &lt;5 people" in text
    assert not [words for words in ("tall", "Leeds", "GlowNest") if words in text]


def test_long_lists_are_cut(company: Company, slack: LocalService) -> None:
    company.night([item(f"cx-{n}") for n in range(25)])
    company.send()
    _, text = said_in(slack)
    assert text.count("Parcels late") == 11  # ten, and the headline
    assert "and 15 more, on the page" in text


def test_who_answers_for_what_is_overdue_is_said(company: Company, slack: LocalService) -> None:
    late = item("cx-1", state="in_progress", assigned_to="Mira", due_on=date(2026, 10, 30))
    company.night([late, item("cx-2"), item("cx-3")], overdue=["cx-1", "cx-2"])
    company.send()
    title, text = said_in(slack)
    assert "2 overdue" in title
    assert "cx-1: in progress, due 2026-10-30, Mira" in text
    assert "cx-2: waits to be accepted, item since 2026-10-26" in text


def test_nothing_of_an_address_is_logged(company: Company, mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox.faults = ["refuse"]
    company.tell("team", mailbox.url)
    (outcome,) = company.send()
    assert "larkfield.example" not in caplog.text + outcome.words


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "no address that apprise understands"),
        ("mailtos://me:pass@mail.example.org?to=a@x.example,b@x.example", "found 2 receivers in one address"),
        ("", "is not to be had"),
    ],
)
def test_an_address_that_cannot_be_used_is_said_and_not_shown(company: Company, address: str, words: str) -> None:
    company.tell("team", address)
    ((name, prepare),) = notify.prepared(company.workspace)
    assert name == "team"
    with pytest.raises(SettingsError, match=words) as refused:
        prepare()
    assert not address or address not in str(refused.value)
