"""A label as one row of a model's head: put in, replaced, taken out; all other rows stay as they are, bit by bit."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from cxnlp.teaching.expecting import Calibration, Precisions
from cxnlp.teaching.learning import Floats
from cxnlp.teaching.versions import Draft

_LISTS: Final = ("slope", "offset", "yes", "unsure")  # of a family in model.json, one number a label


def put(new: Draft, family: str, label: str, weights: Floats, calibration: Calibration, reached: Precisions) -> None:
    """Add a row for ``label`` at the end of its family's head, or replace the one that is there."""
    drop(new, family, label)
    entry = new.about["families"][family]
    for name in _LISTS:
        entry[name].append(round(float(getattr(calibration, name)), 5))
    entry["labels"].append(label)
    if "curve" in entry:
        entry["curve"]["labels"][label] = {
            "threshold": [None if value is None else round(value, 4) for value in reached.thresholds],
            "n": list(reached.n),
        }
    for arrays in new.heads:
        for name, row in (("weights", weights[None]), ("bias", np.zeros(1))):
            old = arrays[f"{family}.{name}"]
            arrays[f"{family}.{name}"] = np.concatenate([old, row.astype(old.dtype)])


def drop(new: Draft, family: str, label: str) -> bool:
    """Take the row of ``label`` out; False when there is none."""
    entry = new.about["families"][family]
    if label not in entry["labels"]:
        return False
    at = entry["labels"].index(label)
    for name in ("labels", *_LISTS):
        del entry[name][at]
    entry.get("curve", {}).get("labels", {}).pop(label, None)
    for arrays in new.heads:
        for name in (f"{family}.weights", f"{family}.bias"):
            arrays[name] = np.delete(arrays[name], at, axis=0)
    return True


def wanted_precisions(about: Mapping[str, Any], family: str) -> tuple[float, ...]:
    """Return the precisions of a family's curve; none where the model keeps no curves."""
    return tuple(about["families"][family].get("curve", {}).get("precision", ()))
