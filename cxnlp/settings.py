"""The workspace: its folder, its ``cxnlp.toml`` and its secret, read strictly.

A workspace is one folder::

    cxnlp.toml            what to read, when to run, what to keep (no secrets)
    taxonomy.yaml         labels of its own, beside the shipped ones (`cxnlp teach`); may be absent
    shorthand.yaml        what its call notes' short words mean, over the shipped glossary; may be absent
    models/active         name of the model of its own that the night uses, below models/; may be absent
    .cxnlp/secret         256 random bits, 0600, git-ignored: the key of every pseudonym
    .cxnlp/…              the night's private working files
    warehouse/cx.duckdb   the published database (a pointer to the newest snapshot)
    backlog.csv, page.html
"""

import os
import re
import secrets
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cxnlp.errors import CxnlpError

CONFIG_NAME = "cxnlp.toml"

Channel = Literal["letter", "call", "social"]


class SettingsError(CxnlpError):
    """The workspace cannot be used; the message says what was found, what is allowed and how to mend it."""

    exit_code = 2


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone {name!r}; use a name such as Europe/London") from error
    return name


class Source(_Strict):
    """One place that feedback comes from: a folder of files of one kind, or a live service.

    ``columns`` maps item columns (``external_id``, ``occurred_at``, ``text``, ``author``, ``customer``, ``employee``,
    ``product``, ``location``, ``rating``) to the headers of a table; what is left out is guessed and shown.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    channel: Channel
    kind: Literal["letters", "table", "transcripts", "posts", "live"]
    path: Path = Path()
    files: str = "**/*"
    columns: dict[str, str] = {}
    sheet: str | None = None
    day_first: bool = True
    timezone: str = "UTC"
    ours: tuple[str, ...] = ()  # the company's own addresses and handles: their words are not a customer's
    shorthand: bool | None = None  # whether short words are written out; when None, in call notes alone
    live: dict[str, Any] = {}  # of kind "live": the service and how it is asked; cxnlp.channels.live knows the keys
    retention_days: Annotated[int, Field(ge=1)] | None = None  # days that feedback is kept; None: as [privacy] says

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: dict[str, str]) -> dict[str, str]:
        allowed = {"external_id", "occurred_at", "text", "author", "customer", "employee", "product", "location",
                   "rating"}  # fmt: skip
        if unknown := sorted(set(columns) - allowed):
            raise ValueError(f"unknown columns {unknown}; allowed: {sorted(allowed)}")
        return columns

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        return _timezone(name)

    @model_validator(mode="after")
    def _says_where(self) -> "Source":
        needed, barred = ("live", "path") if self.kind == "live" else ("path", "live")
        if needed not in self.model_fields_set or barred in self.model_fields_set:
            raise ValueError(f"a source of kind {self.kind!r} needs `{needed}` and has no `{barred}`")
        return self

    @property
    def has_shorthand(self) -> bool:
        """Whether short words of this source ("cust adv") are written out before splitting and tagging."""
        return self.channel == "call" and self.kind != "transcripts" if self.shorthand is None else self.shorthand


class Schedule(_Strict):
    """When the night runs."""

    cron: str = "15 2 * * *"
    timezone: str = "UTC"

    @field_validator("cron")
    @classmethod
    def _known_cron(cls, cron: str) -> str:
        try:
            CronSim(cron, datetime(2026, 1, 1))
        except CronSimError as error:
            raise ValueError(f"{cron!r} is no cron; write minute hour day month weekday, as 15 2 * * *") from error
        return cron

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        return _timezone(name)


class Privacy(_Strict):
    """What is masked and what stays answerable."""

    mask: bool = True
    keep: tuple[str, ...] = ()  # words that are never a person: product, brand and branch names
    employees: Literal["pseudonym", "mask"] = "pseudonym"
    retention_days: Annotated[int, Field(ge=1)] | None = None  # days that feedback is kept; None: until it is erased
    least_group: Annotated[int, Field(ge=1)] = 5  # fewer people than this are "<5", unquoted, on page and backlog.csv


class Tags(_Strict):
    """How sure a tag must be.

    ``precision`` maps a family ("moment") or a label ("signal.crisis", "unmeasurable.trust", "unmeasurable.trust-")
    to how often its "yes" shall be right; what is not named keeps the model's own thresholds.
    """

    precision: dict[str, float] = {}

    @field_validator("precision")
    @classmethod
    def _within_reach(cls, precision: dict[str, float]) -> dict[str, float]:
        for name, wanted in precision.items():
            if not re.fullmatch(r"(moment|unmeasurable|warning|signal)(\.[a-z][a-z0-9_]*[+-]?)?", name):
                raise ValueError(f"{name!r} is neither a family (moment, unmeasurable, warning, signal) nor a label "
                                 "such as \"signal.crisis\"")  # fmt: skip
            if not 0.5 <= wanted <= 0.95:
                raise ValueError(f"{name}: found {wanted}; allowed: 0.5 to 0.95")
        return precision


class Night(_Strict):
    """How the work is cut."""

    partition_size: Annotated[int, Field(ge=50, le=20_000)] = 1_000
    snapshots: Annotated[int, Field(ge=1, le=60)] = 3
    item_seconds: Annotated[float, Field(ge=1, le=3_600)] = 60  # what reading one letter, note or post may take
    item_megabytes: Annotated[int, Field(ge=64, le=64_000)] = 1_024  # memory that reading one file may take
    retag: Annotated[int, Field(ge=0)] = 5_000  # stored texts of an older model or vocabulary that a night tags again


class Backlog(_Strict):
    """When evidence becomes an item."""

    least_customers: Annotated[int, Field(ge=1)] = 3
    weeks: Annotated[int, Field(ge=1, le=104)] = 8


class Settings(_Strict):
    """All of ``cxnlp.toml``; unknown keys are refused."""

    company: str
    sources: Annotated[tuple[Source, ...], Field(alias="source", min_length=1)]
    schedule: Schedule = Schedule()
    privacy: Privacy = Privacy()
    tags: Tags = Tags()
    night: Night = Night()
    backlog: Backlog = Backlog()
    model: str = "shipped"

    @field_validator("sources")
    @classmethod
    def _distinct_names(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        names = [source.name for source in sources]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"source names {twice} are used twice; give each source its own name")
        return sources


class Workspace(_Strict):
    """A workspace folder with its settings; every path that the project writes comes from here."""

    root: Path
    settings: Settings

    @property
    def state(self) -> Path:
        """Private working files of the night."""
        return self.root / ".cxnlp"

    @property
    def staging(self) -> Path:
        """Finished partitions of a night that is not loaded yet."""
        return self.state / "staging"

    @property
    def rotation(self) -> Path:
        """Files that take the place of others once a change of the secret is decided; there only meanwhile."""
        return self.state / "rotation"

    @property
    def working_database(self) -> Path:
        """The database that the night writes; nobody else opens it."""
        return self.state / "working.duckdb"

    @property
    def warehouse(self) -> Path:
        """Folder of published snapshots."""
        return self.root / "warehouse"

    @property
    def database(self) -> Path:
        """The published database: a pointer to the newest snapshot."""
        return self.warehouse / "cx.duckdb"

    @property
    def backlog_file(self) -> Path:
        """The backlog as a spreadsheet-safe CSV."""
        return self.root / "backlog.csv"

    @property
    def page_file(self) -> Path:
        """The morning's page."""
        return self.root / "page.html"

    @property
    def taxonomy_file(self) -> Path:
        """Labels of its own, beside the shipped ones; it need not be there."""
        return self.root / "taxonomy.yaml"

    @property
    def shorthand_file(self) -> Path:
        """Short words of its own, over the shipped glossary; it need not be there."""
        return self.root / "shorthand.yaml"

    @property
    def models(self) -> Path:
        """Folder of the versions that `cxnlp teach` and `cxnlp train` made, and of the pointer to the active one."""
        return self.root / "models"

    @property
    def model_folder(self) -> Path | None:
        """Folder of the workspace's own model; None for the shipped one.

        A folder that cxnlp.toml names leads; else the version that ``models/active`` names.
        """
        if self.settings.model != "shipped":
            return (self.root / self.settings.model).resolve()
        pointer = self.models / "active"
        return self.models / pointer.read_text("utf-8").strip() if pointer.is_file() else None

    def folder(self, source: Source) -> Path:
        """Where ``source`` is read from; relative paths start at the workspace."""
        return (self.root / source.path).resolve()

    def secret(self) -> bytes:
        """Return the key of the pseudonyms: 32 bytes, and 32 more for each time that it was rotated.

        Raises:
            SettingsError: the file is missing, too short, or readable by others, or a rotation was interrupted.
        """
        path = self.state / "secret"
        if self.rotation.is_dir():
            raise SettingsError(f"{self.rotation}: a change of the secret was interrupted. Run `cxnlp secret rotate` "
                                "again, which finishes it.")  # fmt: skip
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
    path = workspace_root / ".cxnlp" / "secret"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return True


def open_workspace(root: Path) -> Workspace:
    """Read ``root/cxnlp.toml``.

    Raises:
        SettingsError: the file is missing or says something that is not allowed.
    """
    path = root / CONFIG_NAME
    if not path.is_file():
        raise SettingsError(f"{path}: not found. Run `cxnlp init {root}` to make a workspace, or name one with "
                            "--workspace.")  # fmt: skip
    try:
        settings = Settings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except RecursionError as error:
        raise SettingsError(f"{path}: nested absurdly deep; allowed: what `cxnlp init` writes. Mend it.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML ({error}). Mend that line.") from error
    except ValidationError as error:
        raise SettingsError(f"{path}: {_explain(error)}") from error
    return Workspace(root=root.resolve(), settings=settings)


def _explain(error: ValidationError) -> str:
    """One sentence for each wrong key."""
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"]) or "the file"
        lines.append(f"`{where}`: {problem['msg']}")
    return "; ".join(lines) + ". See the comments that `cxnlp init` writes."


def parse_day(text: str) -> date:
    """Read an ISO day.

    Raises:
        SettingsError: ``text`` is no date such as 2026-11-02.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{text!r} is not a day. Write it as 2026-11-02.") from error
