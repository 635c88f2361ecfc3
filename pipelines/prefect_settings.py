"""Prefect's settings for a workspace, put into the environment before Prefect is imported.

Telemetry is off. Without ``PREFECT_API_URL`` every run has a private server, with its records in the workspace; with
it, the server that it names.
"""

import os
from pathlib import Path

_ALWAYS = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}

_UNLESS_SET = {
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "cxnlp",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_CLI_PROMPT": "false",
}


def settle(state: Path) -> None:
    """Set what is not set yet; `state` is the workspace's folder for private files."""
    os.environ.update(_ALWAYS)
    for name, value in _UNLESS_SET.items():
        os.environ.setdefault(name, value)
    if "PREFECT_API_URL" not in os.environ:
        os.environ.setdefault("PREFECT_HOME", str(state / "prefect"))
