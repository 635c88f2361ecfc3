"""What a night makes of what is stored: counts, rates, warnings, drivers, themes, backlog; then snapshot, page, CSV.

The one place that makes them. The night makes all of them, each as a stage of its own; what changes stored feedback
between nights makes those `again` that it changed, as of the `last_night`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from cxnlp.results.making import (
    AnyNight,
    LastNight,
    alerts,
    backlog,
    count,
    drivers,
    last_night,
    rates,
    themes,
    touched,
)
from cxnlp.results.showing import page, publish, sweep

#: What is made of the counts, in this order.
MADE: Final[Mapping[str, Callable[[AnyNight], None]]] = {
    "rates": rates,
    "alerts": alerts,
    "drivers": drivers,
    "themes": themes,
    "backlog": backlog,
}


def again(night: AnyNight, names: frozenset[str]) -> None:
    """Count what changed, and make these results of `MADE` anew; inside the transaction that changed it."""
    count(night)
    for name, make in MADE.items():
        if name in names:
            make(night)


__all__ = [
    "MADE",
    "AnyNight",
    "LastNight",
    "again",
    "alerts",
    "backlog",
    "count",
    "drivers",
    "last_night",
    "page",
    "publish",
    "rates",
    "sweep",
    "themes",
    "touched",
]
