"""The file ``.cxnlp/secret``: the key of every pseudonym, 64 hex digits a line, one line more for each rotation."""

import os
import re
import secrets
from pathlib import Path
from typing import Final

from cxnlp.settings.errors import SettingsError

NAME: Final = "secret"


def read(path: Path) -> bytes:
    """Return the key: 32 bytes a line.

    Raises:
        SettingsError: the file is missing, too short, or readable by others.
    """
    if not path.is_file():
        raise SettingsError(f"{path}: missing. Run `cxnlp init` in the workspace to make one, or restore it from "
                            "your backup: a new secret gives every customer a new key.")  # fmt: skip
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path}: other users may read it. Allowed: its owner alone. Run `chmod 600 {path}`.")
    key = path.read_text("ascii", errors="replace").strip()
    if not re.fullmatch(r"[0-9a-f]{64}(\n[0-9a-f]{64})*", key):
        raise SettingsError(f"{path}: not a secret of 64 hex digits a line. Restore it from your backup.")
    return bytes.fromhex(key.replace("\n", ""))


def make_secret(workspace_root: Path) -> bool:
    """Write a new secret unless there is one; True when it was written."""
    path = workspace_root / ".cxnlp" / NAME
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return True
