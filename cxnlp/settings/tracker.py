"""``[[tracker]]``: where teams work, and which items go there."""

import re
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from cxnlp.settings.references import REFERENCE
from cxnlp.settings.strict import Strict

#: What a status of theirs may mean here.
Meaning = Literal["accepted", "in_progress", "shipped", "closed", "declined"]

_PUBLIC: Final = {
    "github": "https://api.github.com",
    "gitlab": "https://gitlab.com",
    "linear": "https://api.linear.app",
}
_PROJECT: Final = {
    "jira_cloud": (r"[A-Z][A-Z0-9_]{1,30}", "a project's key such as CX"),
    "jira_server": (r"[A-Z][A-Z0-9_]{1,30}", "a project's key such as CX"),
    "github": (r"[\w.-]{1,60}/[\w.-]{1,100}", "owner/repository"),
    "gitlab": (r"\d{1,12}|[\w.-]{1,100}(/[\w.-]{1,100}){1,20}", "group/project or a project's number"),
    "linear": (r"[A-Z0-9]{1,20}", "a team's key such as CX"),
}
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Tracker(Strict):
    """One project of a tracker that items go to as issues.

    ``states`` maps the project's own statuses (and, of GitHub and GitLab, labels) to what they mean here; what it does
    not name is judged by the tracker's own kinds of status (docs/trackers.md).
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    kind: Literal["jira_cloud", "jira_server", "github", "gitlab", "linear"]
    project: str
    token: Annotated[str, Field(pattern=REFERENCE)]  # where the token is, not the token
    url: str = ""  # of Jira always; of the others where it is a server of the company's own
    user: str | None = None  # Jira: the account's e-mail (Cloud) or name (Server, with its password)
    authority: Path | None = None  # certificates to trust besides the usual
    issue_type: str = "Task"  # Jira
    label: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")] = "cxnlp"  # that issues carry and are found by
    states: dict[str, Meaning] = Field(default_factory=dict)
    only_accepted: bool = True  # False: also items that nobody has accepted yet
    least_priority: Annotated[float, Field(ge=0, le=100)] = 0
    most_new: Annotated[int, Field(ge=0, le=1_000)] = 20  # issues that one sync makes at most
    quotes: bool = True  # masked quotes of groups that are large enough; never in a public project
    wait_seconds: Annotated[int, Field(ge=0, le=21_600)] = 300  # for rate limits and faults, in one sync

    @field_validator("url")
    @classmethod
    def _safe_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.username or parts.password or parts.query or parts.fragment):
            raise ValueError("has a user, password, query or fragment; allowed: https://… alone")
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
        if url and not (parts.hostname and is_safe):
            raise ValueError("is no https address; allowed: https://… (http only for this machine itself)")
        return url.rstrip("/")

    @field_validator("authority")
    @classmethod
    def _whole_path(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_absolute():
            raise ValueError("is no whole path; allowed: one such as /etc/ssl/larkfield-ca.pem")
        return path

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Tracker":
        pattern, example = _PROJECT[self.kind]
        if not re.fullmatch(pattern, self.project, re.ASCII):
            raise ValueError(f"`project` is no project of {self.kind}; allowed: {example}")
        if not self.url and self.kind not in _PUBLIC:
            raise ValueError(f"a tracker of kind {self.kind!r} needs `url`")
        if self.kind == "jira_cloud" and not self.user:
            raise ValueError("Jira Cloud needs `user`, the e-mail of the account that made the token")
        if self.user and not self.kind.startswith("jira"):
            raise ValueError("`user` is for Jira; the others know the account by its token")
        return self

    @property
    def base_url(self) -> str:
        """Where its API is."""
        return self.url or _PUBLIC[self.kind]
