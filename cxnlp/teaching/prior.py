"""What a model brings of the labels that it was trained on: sums, never a sentence or a single sentence's vector.

``prior.npz`` in the model's folder::

    second_moment            (1 + width, 1 + width), the mean of [1, v][1, v]ᵀ over the training mentions' vectors v
    n                        how many training mentions
    <family>.labels          in the order of the next three
    <family>.positives       (labels, width), the mean vector of the mentions that carry the label
    <family>.n_positives     (labels,), how many they are
    <family>.n_effective     (labels,), Σ p(1 − p) over the training mentions, p the model's calibrated probability
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cxnlp.tags.artefacts import Artefacts, ModelError

Floats = npt.NDArray[np.float64]

FILE: Final = "prior.npz"


@dataclass(frozen=True)
class Labels:
    """One family's labels in the training mentions; one entry a label."""

    labels: tuple[str, ...]
    positives: Floats  # (labels, width)
    n_positives: Floats
    n_effective: Floats


@dataclass(frozen=True)
class Prior:
    """Mean and spread of the training mentions' vectors, and what each label adds."""

    n: int
    second_moment: Floats  # (1 + width, 1 + width)
    families: Mapping[str, Labels]

    @property
    def mean(self) -> Floats:
        """(width,) of all training mentions."""
        return np.asarray(self.second_moment[0, 1:])

    @property
    def covariance(self) -> Floats:
        """(width, width) of all training mentions."""
        return np.asarray(self.second_moment[1:, 1:] - np.outer(self.mean, self.mean))


def read(model: Artefacts) -> Prior | None:
    """Read a model's ``prior.npz``; None when it brings none.

    Raises:
        ModelError: the file does not fit the model.
    """
    path = model.folder / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            prior = _prior(arrays, [family for family in model.heads if f"{family}.labels" in arrays])
    except (KeyError, ValueError, OSError) as error:
        raise ModelError(f"{path}: found something else than a prior ({type(error).__name__}). Restore it from the "
                         "release it came from, or export the model again.") from error  # fmt: skip
    wanted = 1 + next(iter(model.heads.values())).weights.shape[1]
    if prior.second_moment.shape != (wanted, wanted):
        raise ModelError(f"{path}: found moments of {prior.second_moment.shape[0]} numbers, the model has {wanted}. "
                         "Export the model again.")  # fmt: skip
    return prior


def with_label(prior: Prior, family: str, label: str, positives: Floats) -> Prior:
    """Return ``prior`` with a taught label: few examples, so that it counts little against people's judgements.

    Args:
        prior: of the model without it, or with it from an earlier time.
        family: the label's.
        label: with its sign, where it has one.
        positives: (examples, width), the examples' vectors.
    """
    old, n = prior.families[family], float(len(positives))
    kept = [at for at, name in enumerate(old.labels) if name != label]
    new = Labels(
        (*(old.labels[at] for at in kept), label),
        np.concatenate([old.positives[kept], positives.mean(0)[None]]),
        np.append(old.n_positives[kept], n),
        np.append(old.n_effective[kept], n),
    )
    return replace(prior, families={**prior.families, family: new})


def content(prior: Prior) -> bytes:
    """Return what ``prior.npz`` holds."""
    arrays: dict[str, Any] = {"n": np.int64(prior.n), "second_moment": prior.second_moment.astype(np.float32)}
    for family, found in prior.families.items():
        arrays |= {
            f"{family}.labels": np.array(found.labels),
            f"{family}.positives": found.positives.astype(np.float32),
            f"{family}.n_positives": found.n_positives.astype(np.int64),
            f"{family}.n_effective": found.n_effective.astype(np.float32),
        }
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _prior(arrays: Mapping[str, Any], families: list[str]) -> Prior:
    found = {
        family: Labels(
            tuple(str(label) for label in arrays[f"{family}.labels"]),
            *(np.asarray(arrays[f"{family}.{name}"], float) for name in ("positives", "n_positives", "n_effective")),
        )
        for family in families
    }
    return Prior(int(arrays["n"]), np.asarray(arrays["second_moment"], dtype=float), found)
