"""Which certificates are trusted, and what is said of one that is not."""

import ssl
from functools import cache
from pathlib import Path

import httpx

from cxnlp.channels.live.failures import Unreachable


@cache
def trusted(authority: Path | None = None) -> ssl.SSLContext:
    """Return what a connection trusts: the usual authorities, this machine's, and the source's own.

    The usual ones are those that come with httpx, or the file that the environment variable SSL_CERT_FILE names. To
    read them takes longer than most requests, so it is done once.

    Raises:
        Unreachable: ``authority`` cannot be read or holds no certificate.
    """
    context = httpx.create_ssl_context()
    context.load_default_certs()
    if authority is not None:
        try:
            context.load_verify_locations(authority)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise Unreachable(
                f"{authority}: cannot be read as certificates. Set `authority` to a file that this user may read, with "
                "the authority's certificate as text (PEM, -----BEGIN CERTIFICATE-----)."
            ) from error
    return context


def said_of(host: str, error: BaseException, setting: str = "`authority` in [source.live]") -> str | None:
    """Return what is wrong when ``error`` comes of a certificate; None when it comes of something else.

    It is not worth asking again. ``setting`` is what names an authority of the company's own.
    """
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return None
    return (
        f"{host} shows a certificate that is not trusted ({cause.verify_message}). Nothing was sent to it. If an "
        f"authority of your own has signed it, set {setting} to the file of that authority's "
        "certificate (PEM); if not, somebody may stand between this machine and the service: ask who runs it."
    )
