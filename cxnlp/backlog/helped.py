"""Whether a fix helped, in words: the same for sheets, trackers, messages and the terminal (docs/effects.md)."""

from collections.abc import Mapping
from typing import Any, Final

#: What `read` adds to the columns of the table ``backlog``.
MEASURED: Final = ("verdict", "verdict_note", "verdict_on", "effect", "effect_low", "effect_high")

_VERDICTS: Final = {
    "too_early": "too early to tell",
    "unclear": "it cannot be told",
    "verified": "it worked",
    "not_effective": "it did not help",
    "harmful": "it did harm",
}


def helped(item: Mapping[str, Any]) -> str | None:
    """Return what is known of an item's fix, such as "it worked: …"; None where no night has measured one.

    Args:
        item: a row of `read` as it may be shared (`shared`): of a small group the effect is null.
    """
    if item.get("verdict") is None:
        return None
    said = f"{_VERDICTS[item['verdict']]}: {item['verdict_note']}"
    effect, low, high = (item.get(name) for name in ("effect", "effect_low", "effect_high"))
    if item["verdict"] == "unclear" or effect is None or low is None or high is None:
        return said  # of what may have fallen by itself nobody knows what it would be
    return f"{said} ({effect:.2f} times as often as without it; {low:.2f} to {high:.2f})"


def decided(item: Mapping[str, Any]) -> str | None:
    """Return the verdict on an item's fix with the fix's day and place, which tell it from others; None: none yet.

    Args:
        item: a row of `read`.
    """
    if item.get("verdict_on") is None:
        return None
    return f"{item['verdict']} {item['shipped_on']} {item.get('shipped_where') or ''}".rstrip()


def shipped(item: Mapping[str, Any]) -> str:
    """Return when, where and what was shipped: "2026-11-16 (location=Saltwell): Smaller boxes".

    Args:
        item: a row of `read` that was shipped.
    """
    where = f" ({item['shipped_where']})" if item.get("shipped_where") else ""
    what = f": {item['shipped_what']}" if item.get("shipped_what") else ""
    return f"{item['shipped_on']}{where}{what}"
