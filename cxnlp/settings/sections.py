"""The sections of ``cxnlp.toml``, one class each, and all of it as `Settings`."""

import re
from datetime import datetime
from typing import Annotated, Literal

from cronsim import CronSim, CronSimError
from pydantic import Field, field_validator, model_validator

from cxnlp.settings.notify import Notify
from cxnlp.settings.references import REFERENCE
from cxnlp.settings.source import Source
from cxnlp.settings.strict import Strict, timezone
from cxnlp.settings.tracker import Tracker


class Schedule(Strict):
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
        return timezone(name)


class Privacy(Strict):
    """What is masked and what stays answerable."""

    mask: bool = True
    keep: tuple[str, ...] = ()  # words that are never a person: product, brand and branch names
    patterns: dict[str, str] = Field(default_factory=dict)  # kind (CONTRACT) → regular expression
    employees: Literal["pseudonym", "mask"] = "pseudonym"
    retention_days: Annotated[int, Field(ge=1)] | None = None  # days that feedback is kept; None: until it is erased
    least_group: Annotated[int, Field(ge=1)] = 5  # fewer people than this are "<5", unquoted, on page and backlog.csv
    keep_original: bool = False  # keep the words in front of the mask, encrypted
    original_key: Annotated[str, Field(pattern=REFERENCE)] | None = None  # where their key is, not the key
    original_retention_days: Annotated[int, Field(ge=1)] = 90  # days that they are kept; never longer than the feedback

    @model_validator(mode="after")
    def _has_key(self) -> "Privacy":
        if self.keep_original and self.original_key is None:
            raise ValueError("keep_original needs original_key: \"env:NAME\", \"keyring:NAME\" or \"file:/path\" says "
                             "where the key is")  # fmt: skip
        return self

    @field_validator("patterns")
    @classmethod
    def _usable(cls, patterns: dict[str, str]) -> dict[str, str]:
        for kind, pattern in patterns.items():
            if not re.fullmatch(r"[A-Z][A-Z_]{1,19}", kind):
                raise ValueError(f"{kind!r} is no kind; allowed: 2 to 20 capital letters and _, such as CONTRACT")
            try:
                says_nothing = re.compile(pattern).search("") is not None
            except re.error as error:
                raise ValueError(f"{kind}: no regular expression ({error})") from error
            if says_nothing:
                raise ValueError(f"{kind}: fits where nothing stands; allowed: a pattern that needs a character")
        return patterns


class Tags(Strict):
    """How sure a tag must be.

    ``precision`` maps a family ("moment") or a label ("signal.crisis", "unmeasurable.trust", "unmeasurable.trust-")
    to how often its "yes" shall be right; what is not named keeps the model's own thresholds.
    """

    precision: dict[str, float] = Field(default_factory=dict)

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


class Night(Strict):
    """How the work is cut."""

    partition_size: Annotated[int, Field(ge=50, le=20_000)] = 1_000
    snapshots: Annotated[int, Field(ge=1, le=60)] = 3
    pages: Annotated[int, Field(ge=0, le=10_000)] = 400  # nights whose page stays, without quotes; 0: none
    item_seconds: Annotated[float, Field(ge=1, le=3_600)] = 60  # what reading one letter, note or post may take
    item_megabytes: Annotated[int, Field(ge=64, le=64_000)] = 1_024  # memory that reading one file may take
    retag: Annotated[int, Field(ge=0)] = 5_000  # stored texts of an older model or vocabulary that a night tags again


class Weights(Strict):
    """What each part of an item's priority weighs; only how they compare with each other counts."""

    reach: Annotated[float, Field(ge=0, le=1_000)] = 0.35
    severity: Annotated[float, Field(ge=0, le=1_000)] = 0.30
    direction: Annotated[float, Field(ge=0, le=1_000)] = 0.15
    service: Annotated[float, Field(ge=0, le=1_000)] = 0.10
    revenue: Annotated[float, Field(ge=0, le=1_000)] = 0.05  # where value_per_customer is given
    contacts: Annotated[float, Field(ge=0, le=1_000)] = 0.05  # where cost_per_contact is given

    @model_validator(mode="after")
    def _weigh_something(self) -> "Weights":
        if not any((self.reach, self.severity, self.direction, self.service)):
            raise ValueError("found only zeros; give one of reach, severity, direction and service a weight above 0")
        return self


class Backlog(Strict):
    """When evidence becomes an item, what it is worth, and how soon it should be one, be accepted, and shipped."""

    least_customers: Annotated[int, Field(ge=1)] = 3
    weeks: Annotated[int, Field(ge=1, le=104)] = 8
    item_within_nights: Annotated[int, Field(ge=0)] = 1  # from the day on which enough feedback had arrived
    accepted_within_days: Annotated[int, Field(ge=0)] = 5  # from the night that it became an item
    shipped_within_days: Annotated[int, Field(ge=0)] | None = None  # from the day it was accepted; its due day leads
    least_improvement: Annotated[float, Field(ge=0, lt=1)] = 0.2  # a fix has failed that surely brought a smaller fall
    value_per_customer: Annotated[float, Field(gt=0, le=1e9)] | None = None  # a year's revenue from a customer
    cost_per_contact: Annotated[float, Field(gt=0, le=1e9)] | None = None  # of one call or letter that is answered
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None  # of both: EUR, GBP
    weights: Weights = Weights()

    @model_validator(mode="after")
    def _has_currency(self) -> "Backlog":
        if self.currency is None and (self.value_per_customer or self.cost_per_contact):
            raise ValueError('an amount needs currency, such as "EUR"')
        return self


class Alerts(Strict):
    """When a rise is worth a warning."""

    false_alarms: Annotated[float, Field(gt=0, le=100)] = 1  # a month, over all that is watched, at most
    least_rise: Annotated[float, Field(gt=1, le=100)] = 1.5  # reports per expected report


class Drivers(Strict):
    """What the search for drivers looks at."""

    days: Annotated[int, Field(ge=7, le=3_650)] = 365  # how far back feedback counts


class Settings(Strict):
    """All of ``cxnlp.toml``; unknown keys are refused."""

    company: str
    sources: Annotated[tuple[Source, ...], Field(alias="source", min_length=1)]
    schedule: Schedule = Schedule()
    privacy: Privacy = Privacy()
    tags: Tags = Tags()
    night: Night = Night()
    backlog: Backlog = Backlog()
    alerts: Alerts = Alerts()
    drivers: Drivers = Drivers()
    trackers: Annotated[tuple[Tracker, ...], Field(alias="tracker")] = ()
    notify: tuple[Notify, ...] = ()
    model: str = "shipped"

    @field_validator("sources")
    @classmethod
    def _distinct_names(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        names = [source.name for source in sources]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"source names {twice} are used twice; give each source its own name")
        return sources

    @field_validator("trackers")
    @classmethod
    def _distinct_trackers(cls, trackers: tuple[Tracker, ...]) -> tuple[Tracker, ...]:
        names = [tracker.name for tracker in trackers]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"tracker names {twice} are used twice; give each tracker its own name")
        return trackers

    @field_validator("notify")
    @classmethod
    def _distinct_receivers(cls, receivers: tuple[Notify, ...]) -> tuple[Notify, ...]:
        names = [receiver.name for receiver in receivers]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"notify names {twice} are used twice; give each receiver its own name")
        return receivers
