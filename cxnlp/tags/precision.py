"""How often a "yes" shall be right: the user's wish per family or label, met by the model's curves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from cxnlp.settings import SettingsError
from cxnlp.tags.artefacts import Head

Aims = Mapping[tuple[str, str], float]  # family, label → wished precision

_NEVER: Final = 2.0  # a threshold that no probability reaches
_UNSURE_SHARE: Final = 0.6  # of a threshold for yes: the least distance from which "unsure" begins
_ROUNDING: Final = 1e-9


def aims(labels: Mapping[str, Sequence[str]], precision: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Say for each label which precision is wished; what is named more closely counts.

    Args:
        labels: the model's, by family; unmeasurables with their sign.
        precision: by family ("moment"), label ("signal.crisis"), or an unmeasurable's label with or without sign.

    Raises:
        SettingsError: a name that the model does not have.
    """
    names = {(family, label): _names(family, label) for family, of in labels.items() for label in of}
    known = {name for found in names.values() for name in found}
    if unknown := sorted(set(precision) - known):
        family = unknown[0].partition(".")[0]
        allowed = ", ".join(sorted(name for name in known if name.partition(".")[0] == family)) or "a family"
        raise SettingsError(f"cxnlp.toml, [tags] precision: {unknown[0]!r} is not known to the model; allowed: "
                            f"{allowed}. Mend the name, or take it out.")  # fmt: skip
    wished = {key: [precision[name] for name in found if name in precision] for key, found in names.items()}
    return {key: found[0] for key, found in wished.items() if found}


def _names(family: str, label: str) -> list[str]:
    """Return what a label may be called in settings, the closest name first."""
    if family == "sentiment":
        return []
    return list(dict.fromkeys([f"{family}.{label}", f"{family}.{label.rstrip('+-')}", family]))


def aimed(family: str, head: Head, wished: Aims) -> Head:
    """Return ``head`` with the thresholds that reach the wished precision; without a curve it stays as it is.

    A label that never came so far on the calibration fold gives no "yes" at all, only "unsure".
    """
    if head.curve is None:
        return head
    yes, unsure = head.yes.copy(), head.unsure.copy()
    for at, label in enumerate(head.labels):
        if (family, label) in wished:
            threshold = _threshold(head, at, wished[family, label])
            yes[at] = _NEVER if threshold is None else threshold
            unsure[at] = unsure[at] if threshold is None else min(unsure[at], _UNSURE_SHARE * threshold)
    return replace(head, yes=yes, unsure=unsure)


def _threshold(head: Head, at: int, precision: float) -> float | None:
    """The threshold of the next precision on the curve that is at least as high as wished."""
    assert head.curve is not None
    for place, reached in enumerate(head.curve.precisions):
        if reached >= precision - _ROUNDING:
            found = float(head.curve.thresholds[at, place])
            return None if np.isnan(found) else found
    return None


def unreached(heads: Mapping[str, Head], wished: Aims) -> list[str]:
    """Name the labels that never were as precise as wished, such as "signal.crisis"."""
    return [
        f"{family}.{label}"
        for family, head in heads.items()
        for at, label in enumerate(head.labels)
        if head.curve and (family, label) in wished and _threshold(head, at, wished[family, label]) is None
    ]


def uncurved(heads: Mapping[str, Head], wished: Aims) -> list[str]:
    """Name the families with a wish that the model has no curve for, so that it moves nothing."""
    return sorted({family for family, _ in wished if heads[family].curve is None})
