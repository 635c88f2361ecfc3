"""Secrets of live sources: from the environment or the keyring, nowhere else."""

import os

from cxnlp.channels.live.failures import Unreachable
from cxnlp.settings.keyrings import KEYRING_SERVICE, from_keyring


def secret_of(name: str | None) -> str:
    """Return the secret called ``name``: the environment variable, else the keyring's entry of service "cxnlp".

    Raises:
        Unreachable: it is in neither, or no name is given.
    """
    if name is None:
        raise Unreachable(
            "This service needs a secret and [source.live] names none. Set `secret` to the name of an environment "
            "variable or keyring entry that holds it."
        )
    found = os.environ.get(name, "").strip() or (from_keyring(name) or "").strip()
    if not found or not found.isprintable():
        raise Unreachable(
            f"The secret {name} is not to be had. Set the environment variable {name} for the user that runs the night "
            f"(cron and services have an environment of their own), or `keyring set {KEYRING_SERVICE} {name}` where "
            "the extra `keyring` is installed."
        )
    return found
