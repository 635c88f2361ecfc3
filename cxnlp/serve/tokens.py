"""The token that changes things, and from elsewhere reads them; and the browser's session that stands for reading."""

import hashlib
import hmac
import os
import re
import secrets
import time
from pathlib import Path
from typing import Final

from cxnlp.errors import CxnlpError

NAME: Final = "serve_token"
VARIABLE: Final = "CXNLP_SERVE_TOKEN"
SESSION_SECONDS: Final = 12 * 3_600

_ALLOWED: Final = re.compile(r"[A-Za-z0-9_\-.~+/=]{20,200}")


class TokenError(CxnlpError):
    """The token cannot be used; the message says why, and not what it is."""

    exit_code = 2


class Token:
    """A token that is compared without telling how far it was right, and the sessions that were begun with it."""

    def __init__(self, text: str) -> None:
        """Take a token.

        Raises:
            TokenError: it is too short, or has signs that no header can carry.
        """
        if not _ALLOWED.fullmatch(text):
            raise TokenError("the token has fewer than 20 characters, or others than letters, digits and _-.~+/=. "
                             "Remove the file to have one made, or give a longer one.")  # fmt: skip
        self._text = text.encode()
        self._session_key = hmac.digest(self._text, b"session of the live view", hashlib.sha256)

    def fits(self, given: str | None) -> bool:
        """Whether this is the token."""
        return given is not None and hmac.compare_digest(given.encode("utf-8", "replace"), self._text)

    def session(self, now: float | None = None) -> str:
        """Return what a browser may keep for `SESSION_SECONDS` instead of the token; it lets it read, nothing more."""
        until = str(int((time.time() if now is None else now) + SESSION_SECONDS))
        return f"{until}.{self._sign(until)}"

    def is_session(self, given: str | None, now: float | None = None) -> bool:
        """Whether this is a session that has not ended."""
        until, _, sign = (given or "").partition(".")
        if (
            not until.isascii()
            or not until.isdigit()
            or not hmac.compare_digest(sign.encode(), self._sign(until).encode())
        ):
            return False
        return int(until) > (time.time() if now is None else now)

    def _sign(self, until: str) -> str:
        return hmac.new(self._session_key, until.encode(), hashlib.sha256).hexdigest()


def token_of(state: Path, file: Path | None = None) -> Token:
    """Return the token: of the environment (`VARIABLE`), of ``file``, or of ``state``, where it is made at first use.

    Args:
        state: folder ``.cxnlp`` of the workspace.
        file: named by whoever starts the server; it must be there.

    Raises:
        TokenError: the file is missing, others may read it, or what it holds is no token.
    """
    if file is None and (text := os.environ.get(VARIABLE)):
        return Token(text.strip())
    path = file or state / NAME
    if file is None:
        _make(path)
    if not path.is_file():
        raise TokenError(f"{path}: not found. Name a file that holds the token, or leave --token-file out.")
    if path.stat().st_mode & 0o077:
        raise TokenError(f"{path}: other users may read it. Allowed: its owner alone. Run `chmod 600 {path}`.")
    return Token(path.read_text("utf-8", errors="replace").strip())


def _make(path: Path) -> None:
    """Write a new token unless there is one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(32) + "\n")
