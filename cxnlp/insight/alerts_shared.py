"""What of an early warning may be shared: the page, digests, the live view and the API tell no more than this."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

#: Where few people spoke, what they said, and numbers that tell how many they are.
_TELLING: Final = (
    "product", "location", "n_reports", "expected_reports", "ratio", "p_value", "quote_1", "quote_2", "quote_3",
)  # fmt: skip


def is_of_few(alert: Mapping[str, Any], least_group: int) -> bool:
    """Whether fewer people than ``least_group`` are behind an early warning, or it is not known how many."""
    return alert["n_customers"] is None or alert["n_customers"] < least_group


def shared_alert(alert: Mapping[str, Any], least_group: int) -> dict[str, Any]:
    """Return an early warning as it may be shared: of fewer people than ``least_group`` that it is, and since when.

    Their number is then text, such as "<5"; where they were, how often they said so and what is null. Reports are no
    people: who complains on five days makes five of them.
    """
    if not is_of_few(alert, least_group):
        return dict(alert)
    hidden = dict.fromkeys(name for name in _TELLING if name in alert)
    return {**alert, **hidden, "n_customers": f"<{least_group}"}


def alike(told: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Return at which number each warning is told first, and how many read so, as those of few people do."""
    return [(at, told.count(row)) for at, row in enumerate(told) if told.index(row) == at]
