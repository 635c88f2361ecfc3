"""The key of the kept originals: from the environment, the keyring or a file elsewhere, never from the workspace."""

from pathlib import Path
from typing import Final

from cxnlp.settings import references
from cxnlp.settings.errors import SettingsError

_LEAST_SIGNS: Final = 32
_MAKE: Final = "`openssl rand -hex 32` makes one"


def read(reference: str, workspace_root: Path) -> str:
    """Return the key that ``env:NAME``, ``keyring:NAME`` or ``file:/path`` names.

    Raises:
        SettingsError: it is not there, too short to be a key, or lies in a file that is in the workspace or readable
            by others.
    """
    key = references.read(reference, workspace_root, what="the key of the originals", new=_MAKE)
    if len(key) < _LEAST_SIGNS or not key.isprintable():
        raise SettingsError(f"the key of the originals, {reference}, is no key; allowed: one line of at least "
                            f"{_LEAST_SIGNS} characters. {_MAKE}.")  # fmt: skip
    return key
