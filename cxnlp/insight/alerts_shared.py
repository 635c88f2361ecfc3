"""What of an early warning may be shared: the page, digests, the live view and the API tell no more than this."""

from collections.abc import Mapping
from typing import Any, Final

#: Where few people spoke, what they said, and numbers that tell how many they are.
_TELLING: Final = ("product", "location", "expected_reports", "ratio", "p_value", "quote_1", "quote_2", "quote_3")


def shared_alert(alert: Mapping[str, Any], least_group: int) -> dict[str, Any]:
    """Return an early warning as it may be shared: of fewer people than ``least_group`` that it is, and since when.

    Their number is then text, such as "<5"; where they were and what they said is null.
    """
    if alert["n_reports"] >= least_group:
        return dict(alert)
    hidden = dict.fromkeys(name for name in _TELLING if name in alert)
    return {**alert, **hidden, "n_reports": f"<{least_group}"}
