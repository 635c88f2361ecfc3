"""What all parts of ``cxnlp.toml`` have in common: unknown keys are refused, and nothing changes once it is read."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of ``cxnlp.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def timezone(name: str) -> str:
    """Return ``name`` when it names a time zone.

    Raises:
        ValueError: it does not.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone {name!r}; use a name such as Europe/London") from error
    return name
