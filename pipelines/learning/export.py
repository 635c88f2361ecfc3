"""From a trained reader to the folder that cxnlp ships: 8-bit graph, heads, calibration, checksums."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from cxnlp import taxonomy
from cxnlp.quality.calibration import calibrate, describe
from cxnlp.quality.scoring import truth_of
from cxnlp.tags import artefacts, rules
from cxnlp.tags.decide import mention_means
from cxnlp.tags.encoder import Encoder
from cxnlp.tags.windows import MAX_TOKENS, load_tokenizer, prepare
from pipelines.learning.graph import build
from pipelines.learning.pretrained import Base
from pipelines.learning.vocabulary import FAMILIES, KEYS

Floats = npt.NDArray[np.float32]
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Weights:
    """A trained reader as plain arrays."""

    encoder: Mapping[str, Floats]
    heads: Mapping[str, tuple[Floats, Floats]]  # family → weights, bias

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Weights":
        """Take apart the state of an `encoder.Reader` (tensors or arrays)."""
        arrays = {name: np.asarray(value, dtype=np.float32) for name, value in state.items()}
        encoder = {name.removeprefix("encoder."): value for name, value in arrays.items() if
                   name.startswith("encoder.")}  # fmt: skip
        encoder = {name if name.startswith("embeddings") else f"encoder.{name.removeprefix('encoder.')}": value
                   for name, value in encoder.items()}  # fmt: skip
        heads = {family: (arrays[f"heads.{family}.weight"], arrays[f"heads.{family}.bias"]) for family in FAMILIES}
        return cls(encoder, heads)


def write_encoder(weights: Weights, base: Base, tokenizer: Tokenizer, folder: Path) -> None:
    """Write encoder.onnx, tokenizer.json and heads.npz."""
    folder.mkdir(parents=True, exist_ok=True)
    build(weights.encoder, base.n_heads, base.epsilon, folder / artefacts.ENCODER)
    tokenizer.save(str(folder / artefacts.TOKENIZER), pretty=False)
    arrays: dict[str, Floats] = {}
    for family, (matrix, bias) in weights.heads.items():
        arrays |= {f"{family}.weights": matrix, f"{family}.bias": bias}
    np.savez(folder / artefacts.HEADS, allow_pickle=False, **arrays)


def logits(folder: Path, documents: Sequence[Document], threads: int | None = None) -> dict[str, Floats]:
    """Run the exported encoder and heads: (mentions, labels) by family, not calibrated yet."""
    tokenizer = load_tokenizer(folder / artefacts.TOKENIZER)
    with np.load(folder / artefacts.HEADS, allow_pickle=False) as arrays:
        matrix = np.concatenate([arrays[f"{family}.weights"] for family in FAMILIES])
        bias = np.concatenate([arrays[f"{family}.bias"] for family in FAMILIES])
    spans = [[(m["start"], m["end"], m.get("speaker")) for m in d["mentions"]] for d in documents]
    passages = prepare([d["text"] for d in documents], spans, tokenizer)
    said = Encoder(folder / artefacts.ENCODER, threads).says(passages, matrix)
    means = np.concatenate([mention_means(says, passage) for says, passage in zip(said, passages, strict=True)]) + bias
    found, first = {}, 0
    for family, labels in FAMILIES.items():
        found[family] = means[:, first : first + len(labels)]
        first += len(labels)
    return found


def write_calibration(folder: Path, documents: Sequence[Document], version: str) -> None:
    """Calibrate on ``documents`` and write model.json, the last file, with the checksums of the others."""
    truth = truth_of(documents, FAMILIES)
    truth["sentiment"] = np.eye(5)[(truth["sentiment"][:, 0] + 2).astype(int)]
    scores = logits(folder, documents)
    families = {
        family: describe(calibrate(family, scores[family].astype(np.float64), truth[family]), labels)
        for family, labels in FAMILIES.items()
    }
    names = (artefacts.ENCODER, artefacts.TOKENIZER, artefacts.HEADS, artefacts.RULES)
    files = {name: artefacts.sha256(folder / name) for name in names}
    about = {
        "format": artefacts.FORMAT, "version": f"{version}-{files[artefacts.ENCODER][:8]}", "max_tokens": MAX_TOKENS,
        "files": files, "families": families,
    }  # fmt: skip
    (folder / artefacts.CARD).write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def note_files(folder: Path, *names: str) -> None:
    """Add files that were made with the finished model to its checksums."""
    path = folder / artefacts.CARD
    about = json.loads(path.read_text("utf-8"))
    about["files"] |= {name: artefacts.sha256(folder / name) for name in names}
    path.write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def write_rules(folder: Path, documents: Sequence[Document]) -> None:
    """Count on ``documents`` how often the taxonomy's cues are right and write rules.json."""
    labelled = (
        (d["text"][m["start"] : m["end"]], {family: m[key] for family, key in KEYS.items()})
        for d in documents for m in d["mentions"]
    )  # fmt: skip
    measured = rules.measure(taxonomy.load(), labelled)
    (folder / artefacts.RULES).write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
