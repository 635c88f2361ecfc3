"""``[[source]]``: a place that feedback comes from."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from cxnlp.settings.strict import Strict, timezone

Channel = Literal["letter", "call", "social"]


class Source(Strict):
    """One place that feedback comes from: a folder of files of one kind, or a live service.

    ``columns`` maps item columns (``external_id``, ``occurred_at``, ``text``, ``author``, ``customer``, ``employee``,
    ``product``, ``location``, ``segment``, ``rating``) to the headers of a table; what is left out is guessed and
    shown.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    channel: Channel
    kind: Literal["letters", "table", "transcripts", "posts", "live"]
    path: Path = Path()
    files: str = "**/*"
    columns: dict[str, str] = Field(default_factory=dict)
    sheet: str | None = None
    day_first: bool = True
    timezone: str = "UTC"
    ours: tuple[str, ...] = ()  # the company's own addresses and handles: their words are not a customer's
    shorthand: bool | None = None  # whether short words are written out; when None, in call notes alone
    live: dict[str, Any] = Field(default_factory=dict)  # of kind "live": keys as cxnlp.channels.live knows them
    retention_days: Annotated[int, Field(ge=1)] | None = None  # days that feedback is kept; None: as [privacy] says

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: dict[str, str]) -> dict[str, str]:
        allowed = {"external_id", "occurred_at", "text", "author", "customer", "employee", "product", "location",
                   "segment", "rating"}  # fmt: skip
        if unknown := sorted(set(columns) - allowed):
            raise ValueError(f"unknown columns {unknown}; allowed: {sorted(allowed)}")
        return columns

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        return timezone(name)

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
