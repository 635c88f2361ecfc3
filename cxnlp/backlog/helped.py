"""Whether a fix helped, in words: the same for sheets, trackers, messages and the terminal (docs/effects.md)."""

from collections.abc import Mapping
from typing import Any, Final

#: What `read` adds to the columns of the table ``backlog``.
MEASURED: Final = ("verdict", "verdict_note", "verdict_on", "effect", "effect_low", "effect_high")

_VERDICTS: Final = {
    "too_early": "too early to tell",
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
    if effect is None or low is None or high is None:
        return said
    return f"{said} (reports are {effect:.2f} times what they would be without the fix; {low:.2f} to {high:.2f})"


def decided(item: Mapping[str, Any]) -> str | None:
    """Return the verdict on an item's fix and the fix's day, which tell it from every other; None: too early, or none.

    Args:
        item: a row of `read`.
    """
    return None if item.get("verdict_on") is None else f"{item['verdict']} {item['shipped_on']}"
