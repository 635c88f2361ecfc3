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
from cxnlp.tags.windows import MAX_TOKENS, load_tokenizer
from cxnlp.tags.words import Words
from pipelines.learning.graph import build
from pipelines.learning.passages import passage_of
from pipelines.learning.pretrained import Base
from pipelines.learning.vocabulary import FAMILIES, KEYS
from pipelines.learning.words import words_share

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
    """Write encoder.onnx and tokenizer.json."""
    folder.mkdir(parents=True, exist_ok=True)
    build(weights.encoder, base.n_heads, base.epsilon, folder / artefacts.ENCODER)
    tokenizer.save(str(folder / artefacts.TOKENIZER), pretty=False)


def vectors_of(folder: Path, documents: Sequence[Document], threads: int | None = None) -> tuple[Floats, Floats]:
    """Run the exported encoder and word model: mean states (mentions, width), word scores (mentions, labels)."""
    tokenizer, words = load_tokenizer(folder / artefacts.TOKENIZER), Words.read(folder / artefacts.WORDS)
    encoder = Encoder(folder / artefacts.ENCODER, threads)
    passages = [passage_of(document, tokenizer) for document in documents]
    said = encoder.says(passages, np.eye(encoder.width, dtype=np.float32))
    states = [mention_means(says, passage) for says, passage in zip(said, passages, strict=True)]
    return np.concatenate(states), np.concatenate([words.scores(passage) for passage in passages])


def write_heads(folder: Path, weights: Weights, read: tuple[Floats, Floats], truth: Mapping[str, Floats]) -> None:
    """Write heads.npz: how much the word scores count beside the encoder is chosen on held-back documents.

    Args:
        folder: with the encoder and the word model.
        weights: the trained heads over the encoder's states.
        read: `vectors_of` the documents of the calibration fold.
        truth: `truth_of` the same.
    """
    states, scores = read
    arrays: dict[str, Floats] = {}
    first = 0
    for family, (matrix, bias) in weights.heads.items():
        own = slice(first, first + len(matrix))
        share = words_share(family, states @ matrix.T + bias, scores[:, own], truth[family])
        beside = np.zeros((len(matrix), scores.shape[1]), dtype=np.float32)
        beside[:, own] = np.eye(len(matrix)) * share
        arrays |= {f"{family}.weights": np.concatenate([matrix, beside], axis=1), f"{family}.bias": bias}
        first = own.stop
    np.savez(folder / artefacts.HEADS, allow_pickle=False, **arrays)


def write_calibration(
    folder: Path, read: tuple[Floats, Floats], truth: Mapping[str, Floats], version: str
) -> None:  # fmt: skip
    """Calibrate on `vectors_of` and `truth_of` held-back documents; write model.json, last, with all checksums."""
    vectors = np.concatenate(read, axis=1)
    families = {}
    with np.load(folder / artefacts.HEADS, allow_pickle=False) as heads:
        for family, labels in FAMILIES.items():
            logits = vectors @ heads[f"{family}.weights"].T + heads[f"{family}.bias"]
            families[family] = describe(
                calibrate(family, logits.astype(np.float64), truth[family].astype(np.float64)), labels
            )
    names = (artefacts.ENCODER, artefacts.TOKENIZER, artefacts.HEADS, artefacts.WORDS, artefacts.RULES)
    files = {name: artefacts.sha256(folder / name) for name in names}
    about = {
        "format": artefacts.FORMAT, "version": f"{version}-{files[artefacts.ENCODER][:8]}", "max_tokens": MAX_TOKENS,
        "files": files, "families": families,
    }  # fmt: skip
    (folder / artefacts.CARD).write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def held_back_truth(documents: Sequence[Document]) -> dict[str, Floats]:
    """Return what the mentions carry, 0 or 1 (mentions, labels) by family; sentiment one column a strength."""
    truth = truth_of(documents, FAMILIES)
    return {**truth, "sentiment": np.eye(5)[(truth["sentiment"][:, 0] + 2).astype(int)]}


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
