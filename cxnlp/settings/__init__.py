"""The workspace: its folder, its ``cxnlp.toml`` and its secret, read strictly.

A workspace is one folder::

    cxnlp.toml            what to read, when to run, what to keep (no secrets)
    taxonomy.yaml         labels of its own, beside the shipped ones (`cxnlp teach`); may be absent
    shorthand.yaml        what its call notes' short words mean, over the shipped glossary; may be absent
    models/active         name of the model of its own that the night uses, below models/; may be absent
    .cxnlp/secret         256 random bits, 0600, git-ignored: the key of every pseudonym
    .cxnlp/…              the night's private working files
    warehouse/cx.duckdb   the published database (a pointer to the newest snapshot)
    backlog.csv, page.html, pages/
"""

from cxnlp.settings.day import parse_day
from cxnlp.settings.errors import SettingsError
from cxnlp.settings.notify import Notify
from cxnlp.settings.secret import make_secret
from cxnlp.settings.sections import Alerts, Backlog, Night, Privacy, Schedule, Settings, Tags, Weights
from cxnlp.settings.source import Channel, Source
from cxnlp.settings.tracker import Tracker
from cxnlp.settings.workspace import CONFIG_NAME, Workspace, open_workspace

__all__ = [
    "CONFIG_NAME",
    "Alerts",
    "Backlog",
    "Channel",
    "Night",
    "Notify",
    "Privacy",
    "Schedule",
    "Settings",
    "SettingsError",
    "Source",
    "Tags",
    "Tracker",
    "Weights",
    "Workspace",
    "make_secret",
    "open_workspace",
    "parse_day",
]
