"""The keyring of the user that runs the night, where the extra ``keyring`` is installed."""

from typing import Final

KEYRING_SERVICE: Final = "cxnlp"


def from_keyring(name: str) -> str | None:
    """Return the entry ``name`` of service "cxnlp"; None when there is no such entry or no keyring."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(KEYRING_SERVICE, name)
    except KeyringError:
        return None
    return found
