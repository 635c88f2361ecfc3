"""Days as people write them."""

from datetime import date

from cxnlp.settings.errors import SettingsError


def parse_day(text: str) -> date:
    """Read an ISO day.

    Raises:
        SettingsError: ``text`` is no date such as 2026-11-02.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{text!r} is not a day. Write it as 2026-11-02.") from error
