"""`cxnlp train`: heads that have learnt from the shipped labels and from the workspace's people, if that is better."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from cxnlp.settings import Workspace
from cxnlp.tags import artefacts
from cxnlp.tags.artefacts import Artefacts
from cxnlp.tags.decide import SENTIMENT
from cxnlp.teaching import card, comparing, prior, versions
from cxnlp.teaching.comparing import Comparison
from cxnlp.teaching.fitting import Space, choose_weight, fit, folds_of, shares
from cxnlp.teaching.judged import Judged, judged
from cxnlp.teaching.learning import Floats
from cxnlp.teaching.versions import Draft, TeachingError

LEAST_MENTIONS: Final = 40
LEAST_DOCUMENTS: Final = 20
_FOLDS: Final = 5


@dataclass(frozen=True)
class Trained:
    """What came of it; ``version`` is the promoted one, None where the old model stays."""

    n_mentions: int
    n_documents: int
    n_random: int
    weight: float
    comparison: Comparison
    rule: str
    reasons: tuple[str, ...]  # why it was not promoted
    version: str | None
    folder: Path | None

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values."""
        return asdict(self)


def train(workspace: Workspace, *, dry_run: bool = False) -> Trained:
    """Train on all judgements, test by documents held out, and promote the new heads unless they are worse.

    Training always starts from the heads before any training, so that no judgement counts twice.

    Raises:
        TeachingError: too few judgements, or a model without prior.npz.
        ModelBusy: somebody else is teaching or training here.
    """
    one_thread = threadpool_limits(1, user_api="blas")  # small matrices: more threads only wait for each other
    with versions.changing(workspace), one_thread:
        return _train(workspace, dry_run)


def _train(workspace: Workspace, dry_run: bool) -> Trained:
    folder = versions.active_folder(workspace)
    new = versions.draft(folder)
    model, known = artefacts.read(folder), _prior(folder)
    found = _enough(judged(workspace, model))
    space = Space.of(model, _heads(new), known)
    base, coordinates = space.place(found.vectors)
    truth = np.concatenate([found.truth[family] for family in space.families], axis=1)
    before, after = _cross_fitted(space, base, coordinates, truth, found, new.made.get("trained"))
    one, other = (comparing.decisions(space, shares(space, logits), model.heads) for logits in (before, after))
    result = comparing.compare(found, one, other)
    weight = choose_weight(space, base, coordinates, truth, found.owner)
    random = int(found.is_random.sum())
    told = Trained(
        len(found), found.n_documents, random, weight, result, comparing.rule(), tuple(result.reasons), None, None
    )
    if dry_run or result.reasons:
        return told
    moved = fit(space, base, coordinates, truth, weight)
    target = _write(workspace, _moved(new, model, space, moved), told, found)
    versions.activate(workspace, target)
    return Trained(**{**vars(told), "version": target.name, "folder": target})


def _cross_fitted(
    space: Space, base: Floats, coordinates: Floats, truth: Floats, found: Judged, earlier: Mapping[str, Any] | None
) -> tuple[Floats, Floats]:
    """Return every mention's logits under the model of now and the new one, without its own document's judgements.

    A model of now that was trained has seen older judgements; it is trained again without those of the fold.
    """
    folds = folds_of(found.owner, _FOLDS, seed=3)
    before, after = base.copy(), base.copy()
    seen = np.zeros(len(found), dtype=bool)
    if earlier is not None:
        seen = found.reviewed_at <= np.datetime64(earlier["until"])
    for fold in range(_FOLDS):
        out = folds == fold
        kept = ~out
        weight = choose_weight(space, base[kept], coordinates[kept], truth[kept], found.owner[kept])
        moved = fit(space, base[kept], coordinates[kept], truth[kept], weight)
        after[out] += coordinates[out] @ moved
        if earlier is not None:
            old = kept & seen
            moved = fit(space, base[old], coordinates[old], truth[old], float(earlier["weight"]))
            before[out] += coordinates[out] @ moved
    return before, after


def _enough(found: Judged | None) -> Judged:
    n, documents = (len(found), found.n_documents) if found is not None else (0, 0)
    if found is None or n < LEAST_MENTIONS or documents < LEAST_DOCUMENTS:
        raise TeachingError(f"found {n} judged mentions in {documents} documents; allowed: {LEAST_MENTIONS} in "
                            f"{LEAST_DOCUMENTS} or more. Judge some with `cxnlp review`.")  # fmt: skip
    return found


def _prior(folder: Path) -> prior.Prior:
    known = prior.read(artefacts.read(folder))
    if known is None:
        raise TeachingError(f"{folder / prior.FILE}: missing; allowed: a model that brings the sums of its training "
                            "labels. Take a newer model, or export it again.")  # fmt: skip
    return known


def _heads(new: Draft) -> dict[str, tuple[Floats, Floats]]:
    """The heads to start from: those before any training."""
    arrays = new.heads[-1]
    return {
        family: (arrays[f"{family}.weights"].astype(float), arrays[f"{family}.bias"].astype(float))
        for family in new.about["families"]
    }


def _moved(new: Draft, model: Artefacts, space: Space, moved: Floats) -> Draft:
    """Return the draft with the heads moved, and the heads before beside them."""
    arrays = dict(new.arrays)
    for family in space.families:
        weights, bias = space.head(model, family, moved)
        arrays[f"{family}.weights"], arrays[f"{family}.bias"] = weights.astype(np.float32), bias.astype(np.float32)
    return Draft(new.folder, new.about, arrays, new.heads[-1])


def _write(workspace: Workspace, new: Draft, told: Trained, found: Judged) -> Path:
    result = told.comparison
    tags = np.concatenate([truth for family, truth in found.truth.items() if family != SENTIMENT], axis=1)
    new.made["trained"] = {
        "until": str(found.reviewed_at.max()), "weight": told.weight, "n_mentions": told.n_mentions,
        "n_documents": told.n_documents, "n_random": told.n_random, "n_yes": int((np.nan_to_num(tags) >= 0.5).sum()),
        "measures": {name: list(values) for name, values in result.measures.items()},
        "test": {"rule": told.rule, "mended": result.mended, "spoilt": result.spoilt, "p": result.p},
    }  # fmt: skip
    versions.name(new)
    files: dict[str, str | bytes] = {card.FILE: card.write(new.about)}
    return versions.write(workspace, new, files, without=(versions.ERRORS, versions.SCORES))
