"""Secrets that ``cxnlp.toml`` names by their place: an environment variable, a keyring entry, a file elsewhere."""

import os
import re
from pathlib import Path
from typing import Final

from cxnlp.settings.errors import SettingsError
from cxnlp.settings.keyrings import KEYRING_SERVICE, from_keyring

#: What a reference to a secret looks like in cxnlp.toml.
REFERENCE: Final = r"^(env|keyring|file):\S.*$"


def read(reference: str, workspace_root: Path, *, what: str, new: str) -> str:
    """Return the secret that ``env:NAME``, ``keyring:NAME`` or ``file:/path`` names.

    Args:
        reference: where it is.
        workspace_root: the folder that it must not be in.
        what: what it is called in a message, such as "the key of the originals".
        new: half a sentence that says how one is made.

    Raises:
        SettingsError: it is not there, or lies in a file that is in the workspace or readable by others.
    """
    if not re.fullmatch(REFERENCE, reference):
        raise SettingsError(f"{what}: found a text that names no place; allowed: env:NAME, keyring:NAME or "
                            "file:/path, never the secret itself.")  # fmt: skip
    kind, _, name = reference.partition(":")
    if kind == "file":
        found = _from_file(Path(name).expanduser(), workspace_root, what)
    else:
        found = os.environ.get(name, "") if kind == "env" else from_keyring(name) or ""
    if not found.strip():
        raise SettingsError(f"{what}, {reference}, is not to be had; allowed: one that the user who runs this can "
                            f"read. {_mend(kind, name, new)}")  # fmt: skip
    return found.strip()


def _mend(kind: str, name: str, new: str) -> str:
    if kind == "env":
        return (
            f"Set the environment variable {name} (cron and services have an environment of their own); for a "
            f"new one, {new}."
        )
    if kind == "keyring":
        return f"`keyring set {KEYRING_SERVICE} {name}` puts it there, where the extra `keyring` is installed."
    return f"Write it into {name}; {new}."


def _from_file(path: Path, workspace_root: Path, what: str) -> str:
    if not path.is_absolute() or path.resolve().is_relative_to(workspace_root.resolve()):
        raise SettingsError(f"{path}: a secret beside what it opens protects nothing; allowed for {what}: a "
                            "full path outside the workspace. Move the file and name its new place.")  # fmt: skip
    if not path.is_file():
        return ""
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path}: other users may read it. Allowed: its owner alone. Run `chmod 600 {path}`.")
    return path.read_text("utf-8", errors="replace")
