"""The key of the kept originals: from the environment, the keyring or a file elsewhere, never from the workspace."""

import os
import re
from pathlib import Path
from typing import Final

from cxnlp.settings.errors import SettingsError
from cxnlp.settings.keyrings import KEYRING_SERVICE, from_keyring

#: What a reference to a key looks like in cxnlp.toml.
REFERENCE: Final = r"^(env|keyring|file):\S.*$"
_LEAST_SIGNS: Final = 32
_MAKE: Final = "`openssl rand -hex 32` makes one"


def read(reference: str, workspace_root: Path) -> str:
    """Return the key that ``env:NAME``, ``keyring:NAME`` or ``file:/path`` names.

    Raises:
        SettingsError: it is not there, too short to be a key, or lies in a file that is in the workspace or readable
            by others.
    """
    if not re.fullmatch(REFERENCE, reference):
        raise SettingsError("the key of the originals: found a text that names no place; allowed: env:NAME, "
                            "keyring:NAME or file:/path, never the key itself.")  # fmt: skip
    kind, _, name = reference.partition(":")
    if kind == "file":
        found = _from_file(Path(name).expanduser(), workspace_root)
    else:
        found = os.environ.get(name, "") if kind == "env" else from_keyring(name) or ""
    key = found.strip()
    if not key:
        raise SettingsError(f"the key of the originals, {reference}, is not to be had; allowed: one that the user who "
                            f"runs this can read. {_mend(kind, name)}")  # fmt: skip
    if len(key) < _LEAST_SIGNS or not key.isprintable():
        raise SettingsError(f"the key of the originals, {reference}, is no key; allowed: one line of at least "
                            f"{_LEAST_SIGNS} characters. {_MAKE}.")  # fmt: skip
    return key


def _mend(kind: str, name: str) -> str:
    if kind == "env":
        return (
            f"Set the environment variable {name} (cron and services have an environment of their own); for a "
            f"new one, {_MAKE}."
        )
    if kind == "keyring":
        return f"`keyring set {KEYRING_SERVICE} {name}` puts it there, where the extra `keyring` is installed."
    return f"Write it into {name}; {_MAKE}."


def _from_file(path: Path, workspace_root: Path) -> str:
    if not path.is_absolute() or path.resolve().is_relative_to(workspace_root.resolve()):
        raise SettingsError(f"{path}: a key beside what it opens protects nothing; allowed for the originals' key: a "
                            "full path outside the workspace. Move the file and name its new place.")  # fmt: skip
    if not path.is_file():
        return ""
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path}: other users may read it. Allowed: its owner alone. Run `chmod 600 {path}`.")
    return path.read_text("utf-8", errors="replace")
