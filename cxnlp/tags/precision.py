"""How often a "yes" shall be right: the user's wish per family or label, met by the model's curves."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from cxnlp.settings import SettingsError
from cxnlp.tags.artefacts import Head

Aims = Mapping[tuple[str, str], float]  # family, label → wished precision

_NEVER: Final = 2.0  # a threshold that no probability reaches
UNSURE_SHARE: Final = 0.6  # of a threshold for yes: where "unsure", and so the review queue, begins
_ROUNDING: Final = 1e-9


def version(precision: Mapping[str, float]) -> str | None:
    """Return eight hex digits that name these wishes; None without any."""
    said = json.dumps(dict(precision), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:8] if precision else None


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
    """Return ``head`` with the thresholds that reach the wished precision; a label without a curve stays as it is.

    A label that never came so far on the calibration fold gives no "yes" at all, only "unsure".
    """
    yes, unsure = head.yes.copy(), head.unsure.copy()
    for at, label in enumerate(head.labels):
        if (family, label) in wished and _is_known(head, label):
            threshold = _threshold(head, label, wished[family, label])
            yes[at] = _NEVER if threshold is None else threshold
            unsure[at] = unsure[at] if threshold is None else min(unsure[at], UNSURE_SHARE * threshold)
    return replace(head, yes=yes, unsure=unsure)


def _is_known(head: Head, label: str) -> bool:
    return head.curve is not None and label in head.curve.thresholds


def _threshold(head: Head, label: str, precision: float) -> float | None:
    """The threshold of the next precision on the curve that is at least as high as wished."""
    assert head.curve is not None
    for reached, threshold in zip(head.curve.precisions, head.curve.thresholds[label], strict=True):
        if reached >= precision - _ROUNDING:
            return threshold
    return None


def unreached(heads: Mapping[str, Head], wished: Aims) -> list[str]:
    """Name the labels that never were as precise as wished, such as "signal.crisis"."""
    return [
        f"{family}.{label}"
        for (family, label), precision in wished.items()
        if _is_known(heads[family], label) and _threshold(heads[family], label, precision) is None
    ]


def uncurved(heads: Mapping[str, Head], wished: Aims) -> list[str]:
    """Name what has a wish and no curve, so that the wish moves nothing: a whole family, or a label of it."""
    missing = [(family, label) for family, label in wished if not _is_known(heads[family], label)]
    return list(dict.fromkeys(f"{f}.{label}" if heads[f].curve else f for f, label in missing))
