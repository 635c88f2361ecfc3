"""E-mails: the writer's own words, who wrote when, and letters that came attached."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cxnlp.channels.replies import own_words
from tests.channels.conftest import rows
from tests.channels.made import column, letter_docx, mail, pdf

One = Callable[..., dict[str, Any]]


def test_an_email_gives_id_time_and_author(one: One) -> None:
    item = one("letters", "a.eml", mail("The lamp melted.\n").as_bytes())
    assert item["text"] == "The lamp melted."
    assert item["external_id"] == "m1@example.org"
    assert f"{item['occurred_at']:%Y-%m-%d %H:%M:%S}" == "2026-09-14 09:11:12"
    assert item["author"] == "Ann Other <ann@example.org>"
    assert item["speakers"] is None


OWN_WORDS = {
    "reply above a quote": (
        "No, it was not on its way.\n\nOn Mon, 14 Sep 2026 at 10:11, Larkfield Help <help@larkfield.example> wrote:\n"
        "> Dear Ann,\n> it is on its way.\n",
        "No, it was not on its way.",
    ),
    "header over two lines": (
        "Still broken.\n\nOn Mon, 14 Sep 2026 at 10:11 Larkfield Help\n<help@larkfield.example> wrote:\n\n> sorry\n",
        "Still broken.",
    ),
    "Outlook's quote without marks": (
        "Still broken.\n\nFrom: Larkfield Help\nSent: 14 September 2026 10:11\nTo: Ann Other\nSubject: Your "
        "order\n\nDear Ann\nour words",
        "Still broken.",
    ),
    "original message": (
        "Fee again.\n\n-----Original Message-----\nFrom: Larkfield\nSent: today\n\nour words",
        "Fee again.",
    ),
    "French": (
        "Toujours rien.\n\nLe lun. 14 sept. 2026 à 10:11, Larkfield <help@larkfield.example>\na écrit :\n\n> Bonjour",
        "Toujours rien.",
    ),
    "German": (
        "Immer noch kaputt.\n\nAm 14.09.2026 um 10:11 schrieb Larkfield <help@larkfield.example>:\n> Guten Tag",
        "Immer noch kaputt.",
    ),
    "answers between quoted lines": (
        "Hi Aaron, see below.\n\nOn 14 Sep 2026, at 10:11, Aaron <a@larkfield.example> wrote:\n\n> When was "
        "it?\n\nOn Saturday.\n\n"
        "> Which store?\n\nAshcombe, and it's on the receipt.\n",
        "Hi Aaron, see below.\n\nOn Saturday.\n\nAshcombe, and it's on the receipt.",
    ),
    "signature": ("It leaks.\n\nKind regards,\nAnn Other\n01632 960123", "It leaks."),
    "regards without comma": ("It leaks.\n\nRegards\nAnn Other", "It leaks."),
    "delimiter": ("It leaks.\n\n-- \nAnn Other\nPiano tuning and repair, Brindle Cross", "It leaks."),
    "phone": ("It leaks.\n\nSent from my iPhone", "It leaks."),
    "postscript below the signature": (
        "It leaks.\n\nBest wishes\nAnn\n\nP.S. Priya was wonderful, please thank her.",
        "It leaks.\n\nP.S. Priya was wonderful, please thank her.",
    ),
    "disclaimer": (
        "It leaks.\n\nAnn\n\nThis e-mail and any attachments are confidential and intended solely for the "
        "addressee. If you\n"
        "have received it in error please delete it.",
        "It leaks.\n\nAnn",
    ),
    "thanks that are no signature": (
        "I rang twice.\nThanks, but that is no answer at all and you know it.\nIt is shoddy, and I want my "
        "money back.\n",
        "I rang twice.\nThanks, but that is no answer at all and you know it.\nIt is shoddy, and I want my money back.",
    ),
    "a list is no signature": (
        "Two things.\n- the fee\n- the box\nMend both.",
        "Two things.\n- the fee\n- the box\nMend both.",
    ),
    "what the driver wrote is no header": (
        "On 14 Sep I ordered a lamp. The driver wrote: left in porch.",
        "On 14 Sep I ordered a lamp. The driver wrote: left in porch.",
    ),
    "confidential is a word like others": ("I told your man in confidence. It is not this confidential tone I mind.",)
    * 2,
    "a lone regards at the top": ("Regards the lamp: it melted on Sunday night, and nobody has rung me since.",) * 2,
    "forwarded without a word": (
        "---------- Forwarded message ---------\nFrom: Ann Other <ann@example.org>\nDate: Mon, 14 Sep "
        "2026\nSubject: Lamp\n"
        "To: <store@larkfield.example>\n\nThe lamp melted.\n",
        "The lamp melted.",
    ),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("case", OWN_WORDS)
def test_own_words(case: str) -> None:
    text, expected = OWN_WORDS[case]
    assert own_words(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "On " + "x " * 20_000,
        "\n" * 20_000 + "x",
        "From: a\n" * 5_000,
        "On x wrote\n" * 2_000,
        ("On " + "x " * 300 + "\n") * 50,
    ],
)
def test_strange_mails_take_no_time(text: str) -> None:
    started = time.process_time()
    own_words(text)
    assert time.process_time() - started < 5


def test_html_alone_loses_what_the_mail_program_quotes_and_signs(one: One) -> None:
    html = (
        '<div>It leaks &amp; smells.</div><div><br></div><div>Ann</div><div class="gmail_signature">Ann '
        "Other, piano tuner</div>"
        '<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Monday Larkfield wrote:</div>'
        "<blockquote>our words</blockquote></div>"
    )
    assert one("letters", "a.eml", mail(None, html).as_bytes())["text"] == "It leaks & smells.\n\nAnn"
    outlook = '<p>It leaks.</p><div id="divRplyFwdMsg">From: Larkfield</div><div>our words</div>'
    assert one("letters", "b.eml", mail(None, outlook).as_bytes())["text"] == "It leaks."


def test_the_plain_part_is_preferred_and_unwrapped(one: One) -> None:
    text = "I ordered one bulb and yesterday a man who was clearly embarrassed\nbrought a box I could have slept in.\n"
    assert one("letters", "a.eml", mail(text, "<p>html</p>").as_bytes())["text"] == text.replace("\n", " ").strip()


def test_an_empty_plain_part_does_not_hide_the_html(one: One) -> None:
    assert one("letters", "a.eml", mail(" \n", "<p>It leaks.</p>").as_bytes())["text"] == "It leaks."


@pytest.mark.parametrize(
    ("charset", "declared"),
    [
        ("utf-8", "utf-8"),
        ("cp1252", "windows-1252"),
        ("cp1252", "utf-8"),
        ("cp1252", "x-unknown"),
        ("utf-8", "us-ascii"),
    ],
)
def test_a_wrongly_declared_charset_costs_no_sign(one: One, charset: str, declared: str) -> None:
    head = f'From: a@example.org\nContent-Type: text/plain; charset="{declared}"\nContent-Transfer-Encoding: 8bit\n\n'
    body = "It cost me £4.99 – naïve of me.\n".encode(charset)
    assert one("letters", "a.eml", head.encode() + body)["text"] == "It cost me £4.99 – naïve of me."


def test_our_own_mails_are_the_companys_words(one: One) -> None:
    message = mail("Dear Ann,\nwe are sorry.\n", From="Help <help@Care.Larkfield.example>")
    item = one("letters", "a.eml", message.as_bytes(), ours=["larkfield.example"])
    assert (item["text"], item["speakers"], item["author"]) == ("Dear Ann, we are sorry.", ["agent"], None)
    other = one("letters", "b.eml", mail("Hello", From="x@notlarkfield.example").as_bytes(), ours=["larkfield.example"])
    assert other["speakers"] is None


def test_a_contact_form_is_its_senders_letter(one: One) -> None:
    form = "<table><tr><th>Name</th><td>Ann Other</td></tr><tr><th>E-mail</th><td>ann@example.org</td></tr>"
    form += "<tr><th>Message</th><td>Dear manager,<br>the message was: it leaks.</td></tr></table>"
    message = mail(None, form, From="web@larkfield.example")
    item = one("letters", "a.eml", message.as_bytes(), ours=["larkfield.example"])
    assert item["text"] == "Dear manager,\nthe message was: it leaks."
    assert item["author"] == "Ann Other <ann@example.org>"
    assert item["speakers"] is None


def test_an_attached_letter_under_a_covering_note_is_an_item_of_its_own(tmp_path: Path) -> None:
    message = mail("Please find my letter attached.\n")
    for name, data in (
        ("photo.jpg", b"\xff\xd8\xff"),
        ("letter.docx", letter_docx("It overheated.")),
        ("more.pdf", pdf(column(60, 700, "It smelled, too."))),
        ("cut.pdf", b"%PDF-1.4 cut"),
    ):
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    found = rows(tmp_path, "letters")
    assert [(row["external_id"], row["text"]) for row in found[:3]] == [
        ("m1@example.org", "Please find my letter attached."),
        ("m1@example.org#2", "It overheated."),
        ("m1@example.org#3", "It smelled, too."),
    ]
    assert {row["author"] for row in found[:3]} == {"Ann Other <ann@example.org>"}
    assert len({row["occurred_at"] for row in found[:3]}) == 1
    assert found[3]["problem"].startswith("Attachment 4 (.pdf): Is a damaged or cut-off PDF.")


def test_an_invoice_attached_to_a_letter_is_not_the_customers_words(one: One) -> None:
    message = mail("I was charged twice, as the invoice shows. " * 12)
    message.add_attachment(
        pdf(column(60, 700, "INVOICE")), maintype="application", subtype="pdf", filename="invoice.pdf"
    )
    assert one("letters", "a.eml", message.as_bytes())["text"].startswith("I was charged twice")


UNUSABLE = {
    "no.eml": (b"\n\njust words", "has no header"),
    "empty.eml": (b"From: a@example.org\nSubject: x\n\n", "Has no words"),
    "nested.eml": (
        b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: text/plain\n\nx\n" * 300
        + b"--b--",
        "more than 200 parts",
    ),
    "deep.eml": (mail(None, "<div>" * 5_000).as_bytes(), "elements inside each other"),
    "old.msg": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "mail as .eml"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_mail_says_why(one: One, name: str) -> None:
    content, problem = UNUSABLE[name]
    item = one("letters", name, content)
    assert item["text"] is None
    assert problem in item["problem"]


def test_malformed_headers_do_not_lose_the_letter(one: One) -> None:
    data = (
        b"From: =?x?q?=ZZ?= <<a@@b>\nDate: Mon, 99 Sep 2026 99:99\nMessage-ID: <[]>\nSubject: \xff\xfe\n\nIt leaks.\n"
    )
    item = one("letters", "2026-09-14_a.eml", data)
    assert item["text"] == "It leaks."
    assert f"{item['occurred_at']:%Y-%m-%d}" == "2026-09-14"


def test_a_stored_mail_is_told_without_its_suffix(one: One) -> None:
    assert one("letters", "a.txt", mail("It leaks.").as_bytes())["external_id"] == "m1@example.org"
    assert one("letters", "b.txt", "Date: 5 May 2026\nFrom: me\n\nIt leaks.")["external_id"] == "b.txt"
