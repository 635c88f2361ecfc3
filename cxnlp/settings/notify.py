"""``[[notify]]``: who is told each morning what the night changed."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from cxnlp.settings.references import REFERENCE
from cxnlp.settings.strict import Strict


class Notify(Strict):
    """One receiver: a program that takes a signed webhook, or people behind an address that apprise understands."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: Literal["webhook", "apprise"]
    url: str  # webhook: an address, or where it is; apprise: where it is, for such addresses hold passwords
    secret: Annotated[str, Field(pattern=REFERENCE)] | None = None  # webhook: where the key of its signature is
    authority: Path | None = None  # webhook: certificate of an authority of the company's own
    page_url: str | None = None  # where people open the page; its path when None
    only_changes: bool = False  # leave out mornings on which nothing changed

    @property
    def is_url_elsewhere(self) -> bool:
        """Whether ``url`` says where the address is, and is not the address."""
        return re.fullmatch(REFERENCE, self.url) is not None

    @model_validator(mode="after")
    def _says_where(self) -> "Notify":
        if self.kind == "apprise" and not self.is_url_elsewhere:
            raise ValueError("`url` of kind apprise names where the address is, because it holds passwords: "
                             "\"env:NAME\", \"keyring:NAME\" or \"file:/path\"")  # fmt: skip
        if self.kind == "apprise" and (self.secret or self.authority):
            raise ValueError("`secret` and `authority` are for kind webhook; leave them out")
        if self.kind == "webhook" and self.secret is None:
            raise ValueError("a webhook needs `secret`: \"env:NAME\", \"keyring:NAME\" or \"file:/path\" says where "
                             "the key of its signature is")  # fmt: skip
        if self.kind == "webhook" and not self.is_url_elsewhere and not is_safe_address(self.url):
            raise ValueError("`url` of a webhook is an https address, or says where one is (\"env:NAME\" …); http is "
                             "for this machine alone")  # fmt: skip
        return self


def is_safe_address(url: str) -> bool:
    """Whether ``url`` is an https address, or one of this machine.

    >>> is_safe_address("https://hooks.example.org/x"), is_safe_address("http://example.org")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
