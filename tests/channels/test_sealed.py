"""Signed mails are read, encrypted ones are not: S/MIME, OpenPGP; and Outlook's own package of attachments.

The S/MIME structures were made by OpenSSL (``openssl cms -sign -nodetach -nocerts``, with ``-stream`` for BER, and
``openssl cms -encrypt``), of this content: "The heater smélls again."
"""

import base64
import struct
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from cxnlp.channels.sealed import clear_words, signed_content
from cxnlp.channels.winmail import MARK
from tests.channels.conftest import rows
from tests.channels.made import compound, letter_docx, mail, msg

One = Callable[..., dict[str, Any]]

DER = base64.b64decode(
    "MIICKwYJKoZIhvcNAQcCoIICHDCCAhgCAQExDTALBglghkgBZQMEAgEwgYYGCSqGSIb3DQEHAaB5BHdDb250ZW50LVR5cGU6IHRl"
    "eHQvcGxhaW47IGNoYXJzZXQ9dXRmLTgNCkNvbnRlbnQtVHJhbnNmZXItRW5jb2Rpbmc6IHF1b3RlZC1wcmludGFibGUNCg0KVGhl"
    "IGhlYXRlciBzbT1DMz1BOWxscyBhZ2Fpbi4NCjGCAXkwggF1AgEBMCYwDjEMMAoGA1UEAwwDQW5uAhQ8o6fK8fJAkjE4G48IWxpU"
    "0S4i2TALBglghkgBZQMEAgGggeQwGAYJKoZIhvcNAQkDMQsGCSqGSIb3DQEHATAcBgkqhkiG9w0BCQUxDxcNMjYxMTIyMTcyNzU2"
    "WjAvBgkqhkiG9w0BCQQxIgQg6haW53TJSWAJjezVqDsDkPeKFWnzZ4EVaNR5kNir7iIweQYJKoZIhvcNAQkPMWwwajALBglghkgB"
    "ZQMEASowCwYJYIZIAWUDBAEWMAsGCWCGSAFlAwQBAjAKBggqhkiG9w0DBzAOBggqhkiG9w0DAgICAIAwDQYIKoZIhvcNAwICAUAw"
    "BwYFKw4DAgcwDQYIKoZIhvcNAwICASgwCgYIKoZIzj0EAwIESDBGAiEA79cVQfqE/fjn30IL+rJ7kEDFLjgvIGJKineONwGzEa0C"
    "IQC3kxWHu1zj1QZULFh4aWLSGKvXdO7scXIyubtW/v/sUA=="
)
BER = base64.b64decode(
    "MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgAR3Q29udGVudC1UeXBlOiB0ZXh0L3Bs"
    "YWluOyBjaGFyc2V0PXV0Zi04DQpDb250ZW50LVRyYW5zZmVyLUVuY29kaW5nOiBxdW90ZWQtcHJpbnRhYmxlDQoNClRoZSBoZWF0"
    "ZXIgc209QzM9QTlsbHMgYWdhaW4uDQoAAAAAAAAxggF5MIIBdQIBATAmMA4xDDAKBgNVBAMMA0FubgIUPKOnyvHyQJIxOBuPCFsa"
    "VNEuItkwCwYJYIZIAWUDBAIBoIHkMBgGCSqGSIb3DQEJAzELBgkqhkiG9w0BBwEwHAYJKoZIhvcNAQkFMQ8XDTI2MTEyMjE3Mjc1"
    "NlowLwYJKoZIhvcNAQkEMSIEIOoWlud0yUlgCY3s1ag7A5D3ihVp82eBFWjUeZDYq+4iMHkGCSqGSIb3DQEJDzFsMGowCwYJYIZI"
    "AWUDBAEqMAsGCWCGSAFlAwQBFjALBglghkgBZQMEAQIwCgYIKoZIhvcNAwcwDgYIKoZIhvcNAwICAgCAMA0GCCqGSIb3DQMCAgFA"
    "MAcGBSsOAwIHMA0GCCqGSIb3DQMCAgEoMAoGCCqGSM49BAMCBEgwRgIhAOtPHHlia2kgAGCLWW9YWgnyBms3qbLfwyy/muxoimaJ"
    "AiEApyGZfC4Ik4mn3v0ZcTwoLqshmh5nPybuiTRgut8qNvsAAAAAAAA="
)
ENCRYPTED = base64.b64decode(
    "MIIBhAYJKoZIhvcNAQcDoIIBdTCCAXECAQIxgc2hgcoCAQOgUaFPMAkGByqGSM49AgEDQgAElw/hcSubHkBc+EQ6ZBfEfKntb5Zc"
    "mH+DBd6pNXC2rLi4mW0fJwfu5EHeVEWfKfG7i20SKgTSFQYLpXLs9qdH9zAcBgkrgQUQhkg/AAIwDwYLKoZIhvcNAQkQAwYFADBU"
    "MFIwJjAOMQwwCgYDVQQDDANBbm4CFDyjp8rx8kCSMTgbjwhbGlTRLiLZBCgdulIRgOQvyBioZwcjw6GbLejGw+DdZUIjp4AIvr0m"
    "GKBUJ7+WOUpQMIGbBgkqhkiG9w0BBwEwFAYIKoZIhvcNAwcECJ0GQJfIbUp8gHhXf0raV3cENmVr4oe5AOGCeZWzzkgDOb3HLV4E"
    "muZJKw1JIovtS6QqYLdAsqW1TlqU4oA9kN1KoRuaoo3bHIuVgclBamXSheXB+V30KIyavHS5ElwSWILDvTX7uLTKYTjXZBrykPBn"
    "E2hGRkmLVfPgfVIErK7J3yg="
)
WORDS = "The heater smélls again."


def sealed(data: bytes, subtype: str = "pkcs7-mime") -> EmailMessage:
    message = mail(None)
    message.set_content(data, maintype="application", subtype=subtype, filename="smime.p7m")
    return message


@pytest.mark.parametrize("data", [DER, BER])
@pytest.mark.parametrize("subtype", ["pkcs7-mime", "x-pkcs7-mime"])
def test_an_opaquely_signed_mail_is_read(one: One, data: bytes, subtype: str) -> None:
    item = one("letters", "a.eml", sealed(data, subtype).as_bytes())
    assert (item["text"], item["problem"]) == (WORDS, None)
    assert (item["author"], item["external_id"]) == ("Ann Other <ann@example.org>", "m1@example.org")


def test_a_signed_mail_below_a_mailing_lists_footer_is_read(one: One) -> None:
    message = mail(None)
    message.make_mixed()
    message.attach(sealed(DER))
    assert one("letters", "a.eml", message.as_bytes())["text"] == WORDS


def test_a_mail_with_its_signature_beside_it_is_read(one: One) -> None:
    inner = EmailMessage()
    inner.set_content("It leaks.")
    message = mail(None)
    message["Content-Type"] = 'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256'
    message.set_payload([inner])
    signature = EmailMessage()
    signature.set_content(DER, maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    message.attach(signature)
    item = one("letters", "a.eml", message.as_bytes())
    assert (item["text"], item["problem"]) == ("It leaks.", None)


@pytest.mark.parametrize("data", [ENCRYPTED, DER[:300], b"", b"0", bytes(50)])
def test_an_encrypted_or_damaged_one_says_so(one: One, data: bytes) -> None:
    item = one("letters", "a.eml", sealed(data).as_bytes())
    assert item["text"] is None
    assert item["problem"].startswith("Is an encrypted e-mail; nobody but its receiver can open it. Open it in")


def test_structures_that_are_cut_off_or_changed_never_crash() -> None:
    for data in (DER, BER):
        for at in range(len(data)):
            signed_content(data[:at])
            changed = bytearray(data)
            changed[at] ^= 0xFF
            signed_content(bytes(changed))
    assert signed_content(b"\x30\x80" * 5_000) is None


def test_openpgp(one: One) -> None:
    armour = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{}\n{}\n\niQ==\n-----END PGP SIGNATURE-----\n"
    signed = armour.format("It leaks.\n- -- and hums.", "-----BEGIN PGP SIGNATURE-----")
    assert clear_words(signed) == "It leaks.\n-- and hums.\n"
    assert clear_words("It leaks.") == "It leaks."
    assert one("letters", "a.eml", mail(signed).as_bytes())["text"].startswith("It leaks.")
    closed = mail("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n")
    assert one("letters", "a.eml", closed.as_bytes())["problem"].startswith("Is an encrypted e-mail")
    message = mail("x")
    message.replace_header("Content-Type", 'multipart/encrypted; protocol="application/pgp-encrypted"')
    assert one("letters", "a.eml", message.as_bytes())["problem"].startswith("Is an encrypted e-mail")


def test_a_sealed_mail_of_outlook(one: One) -> None:
    stored = msg({"001A": "IPM.Note.SMIME.MultipartSigned", "0037": "Order", "0C1A": "Ann"})
    assert one("letters", "a.msg", compound(stored))["problem"].startswith("Is a signed or encrypted mail as Outlook")


def attribute(number: int, value: bytes) -> bytes:
    return struct.pack("<BII", 2, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def winmail(*files: tuple[str, bytes]) -> bytes:
    """Outlook's package, as [MS-OXTNEF] lays it out."""
    data = MARK + b"\x01\x00" + attribute(0x00089006, b"\x00\x00\x01\x00") + attribute(0x00069003, b"\x00" * 4)
    for name, content in files:
        data += attribute(0x00069002, bytes(14)) + attribute(0x00018010, name.encode("cp1252") + b"\0")
        data += attribute(0x0006800F, content)
    return data


def package(words: str | None, data: bytes) -> bytes:
    message = mail(words)
    if words is None:
        message.make_mixed()
    message.add_attachment(data, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    return message.as_bytes()


def test_letters_in_outlooks_own_package_are_read(tmp_path: Path) -> None:
    data = winmail(("photo.png", b"\x89PNG"), ("letter.docx", letter_docx("It hums.")), ("note.txt", b"It melted."))
    (tmp_path / "a.eml").write_bytes(package("See the attached.", data))
    found = rows(tmp_path, "letters")
    assert [row["text"] for row in found] == ["See the attached.", "It hums.", "It melted."]
    assert [row["external_id"] for row in found][1:] == ["m1@example.org#1.2", "m1@example.org#1.3"]


def test_a_damaged_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(package("See the attached.", winmail(("a.txt", b"It melted."))[:-3]))
    said = [row["problem"] for row in rows(tmp_path, "letters") if row["problem"]]
    assert [problem[:66] for problem in said] == ["Attachment 1 (.dat): Is Outlook's own package (winmail.dat), and d"]


def test_a_mail_whose_words_are_in_the_package_alone(one: One) -> None:
    assert "whose words are in Outlook's own package" in one("letters", "a.eml", package(None, winmail()))["problem"]
    assert one("letters", "a.eml", package("It leaks. " * 70, winmail()))["text"].startswith("It leaks.")
