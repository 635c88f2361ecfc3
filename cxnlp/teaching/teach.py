"""`cxnlp teach`: a label of the workspace's own, learnt from about twenty examples in seconds, old labels untouched."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from cxnlp.settings import Workspace
from cxnlp.tags import artefacts
from cxnlp.tags.artefacts import Artefacts
from cxnlp.taxonomy import Family, editing
from cxnlp.teaching import answers, card, examples, prior, rows, versions, words
from cxnlp.teaching.background import Sample, background, sample
from cxnlp.teaching.examples import Example
from cxnlp.teaching.expecting import (
    Calibration,
    Frequency,
    More,
    calibrate,
    precisions,
    with_more,
)
from cxnlp.teaching.learning import Background, Floats, direction, held_out_scores
from cxnlp.teaching.vectors import vectors
from cxnlp.teaching.versions import Draft, TeachingError
from cxnlp.teaching.words import Wish

_SHOWN: Final = 3  # mentions that would be tagged, and as many near the border
_SUBSAMPLES: Final = 4  # of each size, for the learning curve

#: How frequent labels of a family are, where the model does not say so: mean and deviation of the share's logarithm.
_FREQUENCIES: Final[Mapping[str, Frequency]] = {
    "moment": Frequency(-3.4, 0.95),
    "unmeasurable": Frequency(-4.5, 0.8),
    "warning": Frequency(-4.9, 0.8),
    "signal": Frequency(-4.3, 0.7),
}


@dataclass(frozen=True)
class Shown:
    """A stored mention and the probability that the new label would get there."""

    mention_id: str
    text: str
    probability: float


@dataclass(frozen=True)
class Taught:
    """What was learnt, and what to expect of it."""

    family: str
    label: str
    n_examples: int
    n_background: int  # stored mentions that it was held against
    n_tagged: int  # of those, how many it would tag
    calibration: Calibration
    more: tuple[More, More]
    tagged: tuple[Shown, ...]  # from the clearest to the least clear
    border: tuple[Shown, ...]
    version: str  # of the model that the next night uses
    folder: Path

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values."""
        return asdict(self)


def marked(workspace: Workspace, label: str) -> list[Example]:
    """Return the mentions that reviewers marked with ``label`` or judged to carry it, masked as they are stored."""
    said = answers.reviews(workspace).filter(pl.col("decision") == "yes")
    code = pl.col("label") + pl.col("polarity").fill_null("")
    found = said.filter((code == label) | ((pl.col("family") == "mark") & (pl.col("label") == label)))
    spans = found.select("document", "start", "end", "speaker").unique(maintain_order=True)
    return [Example(*row) for row in spans.iter_rows()]


def teach(workspace: Workspace, wish: Wish, given: Sequence[Example]) -> Taught:
    """Learn a label, put it into the workspace's taxonomy, and let the next night use it.

    Args:
        workspace: whose.
        wish: the label and what it means.
        given: examples, as read or marked; they take the place of those of an earlier time.

    Raises:
        TeachingError: too few examples, a label that is a shipped one, or nothing to hold it against.
        TaxonomyError: the label as wished is no valid entry.
        ModelBusy: somebody else is teaching or training here.
    """
    with versions.changing(workspace):
        return _teach(workspace, wish, given)


def _teach(workspace: Workspace, wish: Wish, given: Sequence[Example]) -> Taught:
    folder = versions.active_folder(workspace)
    said = words.entry(workspace, wish)
    words.rehearse(workspace, wish, said)
    kept = examples.masked(given, workspace.settings.privacy)
    if len(kept) < examples.LEAST:
        raise TeachingError(f"{wish.label}: found {len(kept)} different examples; allowed: {examples.LEAST} or more, "
                            "and about 20 are good. Add some.")  # fmt: skip
    model = artefacts.read(folder)
    positives, found, brought = _vectors(model, kept), sample(workspace, model), prior.read(model)
    at_large = background(found, brought)
    with threadpool_limits(1, user_api="blas"):  # small matrices: more threads only wait for each other
        weights, calibration, more = learn(positives, at_large, frequency(brought, wish.family, wish.label))
    new = _with_row(folder, wish, weights, calibration, at_large, positives)
    files = _files(new)
    if brought is not None:
        files[prior.FILE] = prior.content(prior.with_label(brought, wish.family, wish.label, positives))
    target = versions.write(workspace, new, files)
    examples.keep(workspace, wish.family, wish.label, kept)
    editing.put(workspace.taxonomy_file, wish.family, said)
    versions.activate(workspace, target)
    return _told(wish, kept, found, weights, calibration, more, target)


def remove(workspace: Workspace, family: Family, label: str) -> str:
    """Undo the teaching of a label and return the version that the next night uses.

    Its word leaves the taxonomy, or is retired there when stored tags or reviews have it.

    Raises:
        TeachingError: it was not taught here.
        ModelBusy: somebody else is teaching or training here.
    """
    with versions.changing(workspace):
        return _remove(workspace, family, label)


def _remove(workspace: Workspace, family: Family, label: str) -> str:
    new = versions.draft(versions.active_folder(workspace))
    if label not in new.made["labels"].get(family, {}):
        taught = [name for labels in new.made["labels"].values() for name in labels]
        raise TeachingError(f"{label}: not taught here; allowed: {', '.join(taught) or 'none was taught yet'}.")
    rows.drop(new, family, label)
    del new.made["labels"][family][label]
    word = Wish(family, label).word
    if all(Wish(family, other).word != word for other in new.made["labels"][family]):
        words.forget(workspace, family, word)
    if not any(new.made["labels"].values()) and "trained" not in new.made:
        versions.activate(workspace, None)
        version = str(new.made["base"])
    else:
        target = versions.write(workspace, new, _files(new))
        versions.activate(workspace, target)
        version = target.name
    examples.forget(workspace, family, label)
    return version


def learn(
    positives: Floats, at_large: Background, frequent: Frequency, seed: int = 7
) -> tuple[Floats, Calibration, tuple[More, More]]:
    """Return direction (width,), calibration and what more examples may bring, for the positives' vectors."""
    weights = direction(positives, at_large)
    calibration = calibrate(held_out_scores(positives, at_large), at_large.scores(weights), frequent)
    n, chance = len(positives), np.random.default_rng(seed)
    measured = {n: calibration.expected.f1[0]}
    for size in sorted({max(examples.LEAST, n // 2), max(examples.LEAST, 3 * n // 4)} - {n}):
        parts = [positives[np.sort(chance.choice(n, size, replace=False))] for _ in range(_SUBSAMPLES)]
        values = [
            calibrate(
                held_out_scores(part, at_large), at_large.scores(direction(part, at_large)), frequent
            ).expected.f1[0]
            for part in parts
        ]
        measured[size] = float(np.mean(values))
    return weights, calibration, with_more(measured, n)


def frequency(brought: prior.Prior | None, family: str, without: str = "") -> Frequency:
    """Return how frequent the labels of a family are, one label left out."""
    if brought is None or family not in brought.families:
        return _FREQUENCIES[family]
    known = brought.families[family]
    shares = np.array([n / brought.n for label, n in zip(known.labels, known.n_positives, strict=True)
                       if label != without and n > 0])  # fmt: skip
    return Frequency(float(np.log(shares).mean()), max(0.6, float(np.log(shares).std()))) if len(shares) > 2 else (
        _FREQUENCIES[family]
    )  # fmt: skip


def _vectors(model: Artefacts, given: Sequence[Example]) -> Floats:
    read = vectors(model, [e.text for e in given], [[(e.start, e.end, e.speaker)] for e in given])
    return np.concatenate(read).astype(np.float64)


def _with_row(
    folder: Path, wish: Wish, weights: Floats, calibration: Calibration, at_large: Background,
    positives: Floats,
) -> Draft:  # fmt: skip
    """Return the active model with the new row."""
    new = versions.draft(folder)
    reached = precisions(calibration, at_large.scores(weights), rows.wanted_precisions(new.about, wish.family))
    rows.put(new, wish.family, wish.label, weights, calibration, reached)
    about = {"n_examples": len(positives), "expected": asdict(calibration.expected)}
    new.made["labels"].setdefault(wish.family, {})[wish.label] = about
    return new


def _files(new: Draft) -> dict[str, str | bytes]:
    """The files of the new version that say its name; the measured errors of the other labels stay true, of both."""
    version, files = versions.name(new), {}
    errors = new.folder / versions.ERRORS
    if errors.is_file():
        said = json.loads(errors.read_text("utf-8"))
        earlier = [*said.get("earlier_versions", ()), said["model_version"]]
        said |= {"model_version": version, "earlier_versions": earlier}
        files[versions.ERRORS] = json.dumps(said, indent=1) + "\n"
    return {card.FILE: card.write(new.about), **files}


def _told(
    wish: Wish, kept: Sequence[Example], found: Sample, weights: Floats, calibration: Calibration,
    more: tuple[More, More], target: Path,
) -> Taught:  # fmt: skip
    shares = 1 / (1 + np.exp(-(calibration.slope * (found.vectors @ weights) + calibration.offset)))
    said = np.flatnonzero(shares >= calibration.yes)
    said = said[np.argsort(-shares[said], kind="stable")]
    picked = said[np.unique(np.linspace(0, len(said) - 1, min(_SHOWN, len(said))).astype(int))] if len(said) else said
    near = np.argsort(np.abs(shares - calibration.yes), kind="stable")
    near = near[~np.isin(near, picked)][:_SHOWN]
    return Taught(
        wish.family, wish.label, len(kept), len(found.vectors), len(said), calibration, more,
        _shown(found, picked, shares), _shown(found, near, shares), target.name, target,
    )  # fmt: skip


def _shown(found: Sample, places: Sequence[int] | Any, shares: Floats) -> tuple[Shown, ...]:
    ids, texts = (found.mentions[column] for column in ("mention_id", "text"))
    return tuple(Shown(ids[int(at)], texts[int(at)], round(float(shares[at]), 3)) for at in places)
