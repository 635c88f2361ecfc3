"""The files of a trained model, checked before they are believed: no pickle, no code, only numbers and names."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cxnlp.errors import CxnlpError
from cxnlp.tags.words import Words

Floats = npt.NDArray[np.float32]

FORMAT: Final = 2  # of model.json; a change that old code cannot read raises it
ENCODER: Final = "encoder.onnx"
TOKENIZER: Final = "tokenizer.json"
HEADS: Final = "heads.npz"
RULES: Final = "rules.json"
WORDS: Final = "words.npz"
CARD: Final = "model.json"
_MEND: Final = "Restore the folder from the release it came from, or export the model again."


class ModelError(CxnlpError):
    """The model cannot be used; the message names the file, what was found, what is allowed and how to mend it."""


@dataclass(frozen=True)
class Curve:
    """From which probability up a label's "yes" was right how often, on the calibration fold."""

    precisions: tuple[float, ...]  # ascending
    thresholds: Mapping[str, tuple[float | None, ...]]  # label → one a precision; None: never reached


@dataclass(frozen=True)
class Head:
    """One family's linear head with its calibration and thresholds; one entry a label, in the order of ``labels``.

    ``probability = sigmoid(slope * logit + offset)``; sentiment: ``softmax(slope * logit + offset)``.
    """

    labels: tuple[str, ...]
    weights: Floats  # (labels, width), of the encoder's mean state and the word scores after it
    bias: Floats
    slope: Floats
    offset: Floats
    yes: Floats  # from here up the decision is "yes"
    unsure: Floats  # from here up to ``yes`` it is "unsure"
    curve: Curve | None = None  # models made before curves were kept have none, nor has sentiment


@dataclass(frozen=True)
class Artefacts:
    """A model that has been read and checked."""

    folder: Path
    version: str
    max_tokens: int
    heads: Mapping[str, Head]  # family → head, in fixed order
    words: Words
    rules: Mapping[str, Any]  # what `cxnlp.tags.rules` needs: how often each cue was right

    @property
    def encoder(self) -> Path:
        """The ONNX graph."""
        return self.folder / ENCODER

    @property
    def tokenizer(self) -> Path:
        """The tokenizer."""
        return self.folder / TOKENIZER


def shipped() -> Path:
    """Return the folder of the model that comes with the project.

    Raises:
        ModelError: there is none, neither in the package nor in the source tree.
    """
    package = Path(__file__).parents[1]
    places = [package / "shipped" / "minilm", package.parent / "models" / "minilm"]
    for place in places:
        if (place / CARD).is_file():
            return place
    raise ModelError(f"{places[0]}: no model found there, nor in {places[1]}. Install cxnlp again, or export a model "
                     "with pipelines/training.py.")  # fmt: skip


def sha256(path: Path) -> str:
    """Return the file's SHA-256 as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def encoder_version(folder: Path) -> str:
    """Return a hash of what turns words into vectors, from model.json: other heads on it leave it as it is."""
    about = _read_json(folder / CARD)
    parts = [str(about["files"][name]) for name in (ENCODER, TOKENIZER)]
    return hashlib.sha256("\n".join([*parts, str(about["max_tokens"])]).encode()).hexdigest()[:12]


def read(folder: Path) -> Artefacts:
    """Read a model's folder.

    Raises:
        ModelError: a file is missing, is not the one that model.json was written with, or says what is not allowed.
    """
    about = _read_json(folder / CARD)
    if about.get("format") != FORMAT:
        raise ModelError(f"{folder / CARD}: found format {about.get('format')!r}; this version reads {FORMAT}. {_MEND}")
    if not isinstance(about.get("files"), dict):
        raise ModelError(f"{folder / CARD}: found no list of files with their SHA-256. {_MEND}")
    for name in dict.fromkeys((ENCODER, TOKENIZER, HEADS, WORDS, RULES, *map(str, about["files"]))):
        _check_file(folder / Path(name).name, about)
    try:
        with np.load(folder / HEADS, allow_pickle=False) as arrays:
            heads = {family: _head(family, entry, arrays) for family, entry in about["families"].items()}
        words = Words.read(folder / WORDS)
        return Artefacts(
            folder, str(about["version"]), int(about["max_tokens"]), heads, words, _read_json(folder / RULES)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / CARD}: does not fit {HEADS} or {WORDS} ({error}). {_MEND}") from error


def _check_file(path: Path, about: Mapping[str, Any]) -> None:
    if not path.is_file():
        names = ", ".join((CARD, ENCODER, TOKENIZER, HEADS, WORDS))
        raise ModelError(f"{path}: missing; a model has {names} and {RULES}. {_MEND}")
    expected, found = about["files"].get(path.name), sha256(path)
    if found != expected:
        raise ModelError(f"{path}: found SHA-256 {found[:12]}…, {CARD} says {str(expected)[:12]}…: the file was "
                         f"changed or is damaged. {_MEND}")  # fmt: skip


def _read_json(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{path}: missing. {_MEND}") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelError(f"{path}: not JSON ({error}). {_MEND}") from error
    if not isinstance(loaded, dict):
        raise ModelError(f"{path}: found {type(loaded).__name__}, expected an object. {_MEND}")
    return loaded


def _head(family: str, entry: Mapping[str, Any], arrays: Mapping[str, Any]) -> Head:
    labels = tuple(str(label) for label in entry["labels"])
    weights = np.asarray(arrays[f"{family}.weights"], dtype=np.float32)
    rows = {
        name: np.asarray(values, dtype=np.float32)
        for name, values in [("bias", arrays[f"{family}.bias"]), *((k, entry[k]) for k in ("slope", "offset", "yes",
                                                                                           "unsure"))]
    }  # fmt: skip
    if weights.shape[0] != len(labels) or any(row.shape != (len(labels),) for row in rows.values()):
        raise ValueError(f"{family}: {len(labels)} labels, weights {weights.shape}")
    return Head(labels, weights, **rows, curve=_curve(entry.get("curve")))


def _curve(entry: Mapping[str, Any] | None) -> Curve | None:
    """Read a family's curve; a label that was added later may have none."""
    if entry is None:
        return None
    precisions = tuple(float(value) for value in entry["precision"])
    thresholds = {
        str(label): tuple(None if value is None else float(value) for value in row["threshold"])
        for label, row in entry["labels"].items()
    }
    if wrong := [label for label, row in thresholds.items() if len(row) != len(precisions)]:
        raise ValueError(f"the curve of {wrong[0]} has not one threshold for each of {len(precisions)} precisions")
    return Curve(precisions, thresholds)
