"""E-mail, Slack, Teams and what else apprise speaks: one message in HTML, turned by it into what each of them reads."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from cxnlp.notify.attempt import Attempt
from cxnlp.settings import SettingsError

if TYPE_CHECKING:
    from apprise import NotifyBase

#: What apprise logs of an HTTP status, and of an answer of a mail server; and of a receiver that cannot be reached.
_STATUS: Final = re.compile(r"\berror=(\d{3})\b|Socket Exception: \((\d{3}), b|\{'[^']*': \((\d{3}), b")
#: Neither Slack nor Teams knows headings: they show the signs that Markdown has for them.
_HEADING: Final = re.compile(r"<h[1-6]>(.*?)</h[1-6]>", re.DOTALL)
#: Who is given up after apprise's four seconds may have taken it, and would get it again.
_TIMEOUT_SECONDS: Final = 30.0
_NO_WAY: Final = re.compile(
    r"Connection refused|Failed to establish a new connection|NameResolution|Name or service not known|getaddrinfo"
)


def receiver(address: str, what: str) -> "NotifyBase":
    """Return what apprise makes of an address.

    Raises:
        SettingsError: nothing, or several receivers: one that refuses would bring the others everything twice.
    """
    from apprise import Apprise

    with _heard():
        found = Apprise.instantiate(address, asset=_asset(), suppress_exceptions=True)
    if found is None:
        raise SettingsError(f"{what}: found no address that apprise understands; allowed: one such as "
                            "mailtos://user:password@mail.example.org?to=team@example.org or a webhook's address of "
                            "Slack or Teams (https://appriseit.com/services/). Mend it where it is kept.")  # fmt: skip
    if len(found) != 1:
        raise SettingsError(f"{what}: found {len(found)} receivers in one address; allowed: one. Name each in a "
                            "[[notify]] of its own, or a mailing list.")  # fmt: skip
    found.socket_connect_timeout = max(found.socket_connect_timeout, _TIMEOUT_SECONDS)
    found.socket_read_timeout = max(found.socket_read_timeout, _TIMEOUT_SECONDS)
    return found


def deliver(found: "NotifyBase", title: str, html: str) -> Attempt:
    """Send one message once. What cannot be told to have been refused is ``unclear``."""
    from apprise import Apprise, NotifyFormat

    if found.notify_format != NotifyFormat.HTML:
        html = _HEADING.sub(r"<p><b>\1</b></p>", html)
    sender = Apprise(asset=found.asset)
    sender.add(found)
    with _heard() as lines:
        is_sent = sender.notify(body=html, title=title, body_format=NotifyFormat.HTML)
    service = str(found.service_name)
    if is_sent:
        return Attempt("sent", f"{service} took it")
    said = "\n".join(lines)
    if status := _STATUS.search(said):
        return Attempt("refused", f"{service} answered {next(filter(None, status.groups()))}")
    if _NO_WAY.search(said):
        return Attempt("refused", f"{service} cannot be reached")
    return Attempt("unclear", f"{service} did not confirm it")


def as_text(html: str) -> str:
    """Return a message as those get it who read plain text."""
    from apprise.conversion import html_to_text

    return str(html_to_text(html))  # type: ignore[no-untyped-call]


def _asset() -> Any:
    """What apprise may do: no pictures from elsewhere, no redirects, no files, no threads."""
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="cxnlp", app_desc="cxnlp", app_url="", image_url_mask="", image_url_logo="", async_mode=False,
        http_redirects=False, storage_mode="memory", pgp_autogen=False, pem_autogen=False,
    )  # fmt: skip


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Collect what apprise logs, and let it go nowhere else: it names addresses, and repeats what is sent."""
    lines: list[str] = []

    class Collecting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    log = logging.getLogger("apprise")
    handler, level, propagate = Collecting(), log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield lines
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagate
