"""Mails passed on, attached to others, or stored by Outlook: whose words they are."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from cxnlp.channels.forwards import read_forward
from tests.channels.conftest import rows
from tests.channels.made import column, compound, letter_docx, mail, msg, pdf

One = Callable[..., dict[str, Any]]
OURS = ["larkfield.example"]
AGENT = "Help <help@larkfield.example>"
ANN = "Ann Other <ann@example.org>"

GMAIL = f"---------- Forwarded message ---------\nFrom: {ANN}\nDate: Mon, 14 Sep 2026 at 10:11\nSubject: Lamp\n\
To: <help@larkfield.example>\n\nIt leaks.\n\nRegards\nAnn\n"
OUTLOOK = f"From: {ANN}\nSent: 14 September 2026 10:11\nTo: Larkfield Help\nSubject: Lamp\n\nIt leaks.\n"


def attached(outer: EmailMessage, *inner: EmailMessage) -> bytes:
    for each in inner:
        outer.add_attachment(each)
    return outer.as_bytes()


FORWARDS = {
    "Gmail": (f"FYI\n\n{GMAIL}", "Fwd: Lamp", ANN, "Mon, 14 Sep 2026 at 10:11", "It leaks."),
    "Outlook": (f"See below\n\n{OUTLOOK}", "FW: Lamp", ANN, "14 September 2026 10:11", "It leaks."),
    "Outlook, bold": (
        "*From:* Ann Other [mailto:ann@example.org]\n*Sent:* Monday\n*Subject:* Lamp\n\nIt leaks.",
        "FW: Lamp",
        "Ann Other [mailto:ann@example.org]",
        "Monday",
        "It leaks.",
    ),
    "German": (
        f"Von: {ANN}\nGesendet: 14.09.2026 10:11\nAn: Hilfe\nBetreff: Lampe\n\nSie tropft.",
        "WG: Lampe",
        ANN,
        "14.09.2026 10:11",
        "Sie tropft.",
    ),
    "Apple": (
        f"Begin forwarded message:\n\n> From: {ANN}\n> Subject: Lamp\n> Date: 14 September 2026 at 10:11:12 BST\n> \n"
        "> It leaks.\n> And it hums.",
        "Fwd: Lamp",
        ANN,
        "14 September 2026 at 10:11:12 BST",
        "It leaks.\nAnd it hums.",
    ),
}


@pytest.mark.parametrize("case", FORWARDS)
def test_the_mail_inside(case: str) -> None:
    text, subject, author, sent, expected = FORWARDS[case]
    forward = read_forward(text, subject)
    assert forward is not None
    assert (forward.author, forward.address, forward.sent) == (author, "ann@example.org", sent)
    assert forward.text == expected


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (f"Still broken.\n\n{OUTLOOK}", "RE: Lamp"),
        ("From: the top of the stairs it fell.\nTo: be fair, nobody was hurt.", "FW: Lamp"),
        ("It leaks.", "FW: Lamp"),
        ("Begin forwarded message:\n\nIt leaks.", "Lamp"),
        ("", "FW:"),
    ],
)
def test_no_mail_inside(text: str, subject: str) -> None:
    assert read_forward(text, subject) is None


def test_a_customers_mail_that_an_agent_passed_on_is_the_customers(one: One) -> None:
    message = mail(f"One for you\n\n{GMAIL}", From=AGENT, Subject="Fwd: Lamp", Date="Wed, 16 Sep 2026 08:00:00 +0100")
    item = one("letters", "a.eml", message.as_bytes(), ours=OURS)
    assert (item["text"], item["speakers"], item["author"]) == ("It leaks.", None, ANN)
    assert f"{item['occurred_at']:%d.%m. %H:%M}" == "14.09. 09:11"
    html = f"<p>One for you</p><div><b>From:</b> {ANN.replace('<', '&lt;')}<br><b>Sent:</b> 14 September 2026 10:11<br>"
    html += "<b>To:</b> Help<br><b>Subject:</b> Lamp</div><p>It leaks.</p>"
    item = one("letters", "b.eml", mail(None, html, From=AGENT, Subject="FW: Lamp").as_bytes(), ours=OURS)
    assert (item["text"], item["speakers"], item["author"]) == ("It leaks.", None, ANN)


def test_our_answer_stays_ours_though_it_quotes_the_customer(one: One) -> None:
    message = mail(f"We are sorry.\n\n{OUTLOOK}", From=AGENT, Subject="RE: Lamp")
    item = one("letters", "a.eml", message.as_bytes(), ours=OURS)
    assert (item["text"], item["speakers"]) == ("We are sorry.", ["agent"])


def test_our_mail_that_a_customer_sends_back_without_a_word_is_ours(one: One) -> None:
    text = GMAIL.replace(ANN, AGENT)
    item = one("letters", "a.eml", mail(text, Subject="Fwd: Lamp").as_bytes(), ours=OURS)
    assert (item["text"], item["speakers"], item["author"]) == ("It leaks.", ["agent"], None)


def test_mails_that_an_agent_attached_are_items_of_their_own(tmp_path: Path) -> None:
    first, second = (mail(text, Message_ID=f"<{text[3:-1]}@x>", From=ANN) for text in ("It leaks.", "It hums."))
    ours = mail("Dear Ann,", From=AGENT, Message_ID="<ours@x>")
    (tmp_path / "a.eml").write_bytes(attached(mail("Two more.", From=AGENT), first, ours, second))
    found = rows(tmp_path, "letters", ours=OURS)
    assert [(row["external_id"], row["text"], row["author"]) for row in found] == [
        ("leaks@x", "It leaks.", ANN),
        ("hums@x", "It hums.", ANN),
    ]


def test_a_mail_that_a_customer_attached_counts_under_a_covering_note_only(tmp_path: Path) -> None:
    earlier = mail("It leaks.", Message_ID="<m0@example.org>")
    (tmp_path / "a.eml").write_bytes(attached(mail("My mail of May is attached."), earlier))
    assert [row["text"] for row in rows(tmp_path, "letters")] == ["My mail of May is attached.", "It leaks."]
    (tmp_path / "a.eml").write_bytes(attached(mail("Nobody has answered me in four months. " * 12), earlier))
    assert len(rows(tmp_path, "letters")) == 1


def sealed(sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message.set_content(b"\x30\x82", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    return message


def test_an_attached_mail_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    outer = mail("Two more.", From=AGENT)
    readable = mail("It leaks.", Message_ID="<leaks@x>", From=ANN)
    (tmp_path / "a.eml").write_bytes(attached(outer, sealed(AGENT), sealed(ANN), readable))
    found = rows(tmp_path, "letters", ours=OURS)
    assert [row["text"] for row in found if row["text"]] == ["It leaks."]
    (problem,) = [row["problem"] for row in found if row["problem"]]
    assert problem.startswith("Attached mail 2: Is an encrypted e-mail")
    (tmp_path / "a.eml").write_bytes(attached(mail("Nobody has answered me in four months. " * 12), sealed(ANN)))
    assert [row["problem"] for row in rows(tmp_path, "letters", ours=OURS)] == [None]  # no note


def test_a_mail_too_deep_in_others_is_named(tmp_path: Path) -> None:
    message = mail("It leaks.", Message_ID="<m0@x>")
    for number in range(1, 6):
        outer = mail("Attached.", Message_ID=f"<m{number}@x>")
        outer.add_attachment(message)
        message = outer
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    found = rows(tmp_path, "letters")
    assert [row["external_id"] for row in found if row["text"]] == ["m5@x", "m4@x", "m3@x", "m2@x"]
    assert [row["problem"][:60] for row in found if row["problem"]] == [
        "Attached mail 1: Is a mail inside a mail, more than 3 deep. "
    ]


def test_a_letter_that_our_scanner_sent_inside_the_company_is_a_customers(one: One) -> None:
    message = mail("Scan attached", From="scanner@larkfield.example", To="post@larkfield.example")
    message.add_attachment(letter_docx("It leaks."), maintype="application", subtype="x", filename="scan.docx")
    item = one("letters", "a.eml", message.as_bytes(), ours=OURS)
    assert (item["text"], item["external_id"], item["author"]) == ("It leaks.", "m1@example.org#1", None)
    message.replace_header("To", ANN)
    item = one("letters", "b.eml", message.as_bytes(), ours=OURS)
    assert (item["text"], item["speakers"]) == ("Scan attached", ["agent"])


def test_attached_letters_of_every_kind(tmp_path: Path) -> None:
    message = mail("See the attached.")
    message.add_attachment(rb"{\rtf1 It hums.\par}", maintype="text", subtype="rtf", filename="b.rtf")
    message.add_attachment(pdf(column(60, 700, "It melted.")), maintype="application", subtype="pdf")  # no name
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    assert [row["text"] for row in rows(tmp_path, "letters")] == ["See the attached.", "It hums.", "It melted."]


def test_a_sealed_mail_says_so(one: One) -> None:
    message = mail("x")
    message.set_content(b"0\x82", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    assert one("letters", "a.eml", message.as_bytes())["problem"].startswith("Is an encrypted e-mail")


OUTLOOK_MAIL: dict[str, str | bytes | int] = {
    "0037": "Lamp",
    "0C1A": "Ann Other",
    "0C1F": "/O=EXAMPLE/CN=ANN",
    "5D01": "ann@example.org",
    "1035": "<m9@example.org>",
    "0039": int((datetime(2026, 9, 14, 9, 11, 12) - datetime(1601, 1, 1)).total_seconds()) * 10_000_000,
}


def test_a_mail_that_outlook_stored(one: One) -> None:
    body = "It leaks.\n\nKind regards\nAnn Other\n\nFrom: Help\nSent: Monday\nTo: Ann\nSubject: x\n\nours"
    item = one("letters", "a.msg", compound(msg(OUTLOOK_MAIL | {"1000": body.replace("\n", "\r\n")})))
    assert (item["text"], item["external_id"], item["author"]) == ("It leaks.", "m9@example.org", ANN)
    assert f"{item['occurred_at']:%Y-%m-%d %H:%M:%S}" == "2026-09-14 09:11:12"


def test_outlook_mail_in_html_in_another_code_page_and_without_properties(one: One) -> None:
    html = "<p>It cost <b>£5</b>.</p>".encode("cp1252")
    page = compound(msg(OUTLOOK_MAIL | {"10130102": html}))
    assert one("letters", "a.msg", page)["text"] == "It cost £5."
    old = {"1000001E": "Źle działa.".encode("cp1250"), "3FFD": 1250, "0C1A001E": b"Ann Other"}
    item = one("letters", "b.msg", compound(msg(old)))
    assert (item["text"], item["external_id"], item["author"]) == ("Źle działa.", "b.msg", "Ann Other")


def test_what_came_attached_to_an_outlook_mail(tmp_path: Path) -> None:
    letter = msg({"37010102": letter_docx("It melted."), "3707": "letter.docx"}, is_inner=True)
    inner = msg({"1000": "It hums.", "5D01": "bob@example.org"}, is_inner=True)
    outer = OUTLOOK_MAIL | {"1000": "See attached."}
    (tmp_path / "a.msg").write_bytes(compound(msg(outer, letter, {"__substg1.0_3701000D": inner})))
    assert [(row["external_id"], row["text"], row["author"]) for row in rows(tmp_path, "letters")] == [
        ("m9@example.org", "See attached.", ANN),
        ("m9@example.org#mail1", "It hums.", "bob@example.org"),
        ("m9@example.org#1", "It melted.", ANN),
    ]


def test_a_damaged_outlook_mail(tmp_path: Path) -> None:
    whole = compound(msg(OUTLOOK_MAIL | {"1000": "It leaks. " * 1_000}))
    for number, n_bytes in enumerate((600, 1_600, 5_000, len(whole) - 900)):
        (tmp_path / f"{number}.msg").write_bytes(whole[:n_bytes])
    assert {row["problem"].split(".")[0][:16] for row in rows(tmp_path, "letters")} <= {
        "Is a damaged Out",
        "Is of an old Off",
    }
