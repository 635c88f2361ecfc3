"""Services over TLS: a certificate that nobody vouches for is refused, the configured authority's is accepted."""

import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cxnlp.channels import live
from cxnlp.channels.live.tls import trusted
from cxnlp.settings import SettingsError
from tests.channels.made import mail
from tests.live.conftest import Nights, problems, texts
from tests.live.mailserver import PASSWORD, USER, mail_served
from tests.live.server import LocalService, page, served
from tests.live.test_rest import SETTINGS, ticket

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Company:
    """An authority of the company's own, and a server's certificate that it signed."""

    authority: Path
    context: ssl.SSLContext


def signed(folder: Path, *, host: str = "127.0.0.1", age: timedelta = timedelta()) -> Company:
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def named(name: str) -> Any:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

    def certificate(name: str, key: Any, issuer: str, issuer_key: Any, extension: Any) -> bytes:
        now = datetime.now(UTC) - age
        made = x509.CertificateBuilder(named(issuer), named(name), key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - DAY).not_valid_after(now + DAY).add_extension(extension, critical=True)
        return bytes(made.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    theirs, ours = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    authority, server = folder / "authority.pem", folder / "server.pem"
    is_authority = x509.BasicConstraints(ca=True, path_length=0)
    authority.write_bytes(certificate("Larkfield CA", ours, "Larkfield CA", ours, is_authority))
    private = theirs.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server.write_bytes(private + certificate("server", theirs, "Larkfield CA", ours, address))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    return Company(authority, context)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return signed(tmp_path)


@pytest.fixture
def fresh_trust() -> Iterator[None]:
    """What is trusted is read once; here it is read again."""
    trusted.cache_clear()
    yield
    trusted.cache_clear()


def desk(service: LocalService, **more: object) -> Nights:
    service.paths["/tickets"] = lambda _: page({"tickets": [ticket(1)]})
    return Nights(SETTINGS | {"url": f"{service.url}/tickets"} | more)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKFIELD_DESK", "key")
    monkeypatch.setenv("LARKFIELD_MAIL", PASSWORD)


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(company: Company) -> None:
    with served(company.context) as service:
        nights = desk(service)
        ((_, problem),) = problems(nights.read())
        ((stream, n_items, seen),) = live.look(nights.source())
    assert problem.startswith(
        "127.0.0.1 shows a certificate that is not trusted (unable to get local issuer certificate)"
    )
    assert "set `authority` in [source.live]" in problem
    assert (stream, n_items, seen) == ("all", 0, problem)
    assert (service.asked, nights.slept) == ([], [])  # no secret has left, and nobody has waited


def test_the_companys_own_authority_is_trusted_where_it_is_named(company: Company) -> None:
    with served(company.context) as service:
        nights = desk(service, authority=str(company.authority))
        assert len(texts(nights.read())) == 1
        assert len(problems(desk(service).read())) == 1  # and nowhere else
    assert len(service.asked) == 1


def test_or_in_the_environment(company: Company, monkeypatch: pytest.MonkeyPatch, fresh_trust: None) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(company.authority))
    with served(company.context) as service:
        assert len(texts(desk(service).read())) == 1


@pytest.mark.parametrize(
    ("made", "why"),
    [({"host": "127.0.0.2"}, "IP address mismatch"), ({"age": timedelta(days=30)}, "certificate has expired")],
)
def test_a_trusted_authority_is_not_enough(tmp_path: Path, made: dict[str, Any], why: str) -> None:
    company = signed(tmp_path, **made)
    with served(company.context) as service:
        ((_, problem),) = problems(desk(service, authority=str(company.authority)).read())
    assert why in problem
    assert service.asked == []


def test_a_mailbox(company: Company) -> None:
    settings = {"service": "imap", "user": USER, "secret": "LARKFIELD_MAIL"}
    with mail_served(company.context) as server:
        server.inbox.deliver(mail("It leaks.", Message_ID="<m1@mail.example>").as_bytes())
        nights = Nights(settings | {"url": server.url}, {"channel": "letter"})
        ((_, problem),) = problems(nights.read())
        assert "not trusted (unable to get local issuer certificate)" in problem
        assert (server.commands, nights.slept) == ([], [])
        nights.settings |= {"authority": str(company.authority)}
        assert texts(nights.read()) == ["It leaks."]


def test_an_authority_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate", "utf-8")
    for name in ("empty.pem", "absent.pem"):
        nights = Nights(SETTINGS | {"url": "https://desk.example", "authority": str(tmp_path / name)})
        ((file, problem),) = problems(nights.read())
        ((_, _, seen),) = live.look(nights.source())
        assert (file, seen) == (None, problem)
        assert "cannot be read as certificates" in problem
    with pytest.raises(SettingsError, match="is no whole path"):
        live.settings_of(Nights(SETTINGS | {"url": "https://desk.example", "authority": "ca.pem"}).source())
