"""A large encoder's word on every mention: shares that a small one learns from, also where nobody has labelled."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from pipelines.learning.encoder import Reader
from pipelines.learning.examples import Example, Rows, Soft, batches, examples_of, tensors
from pipelines.learning.passages import Document
from pipelines.learning.vocabulary import FAMILIES

_TOKENS_PER_BATCH = 4_000


def read(model: Reader, documents: Sequence[Document], tokenizer: Tokenizer) -> dict[str, Rows]:
    """Return by mention id what ``model`` says: shares by family, in the order of `FAMILIES`.

    A mention that stands in two windows gets the mean of both, by its tokens in each.
    """
    silent: defaultdict[str, Rows] = defaultdict(_nothing)
    owners: dict[int, Document] = {}
    examples: list[Example] = []
    for document in documents:
        for example in examples_of(document, tokenizer, silent):
            owners[id(example)] = document
            examples.append(example)
    sums: dict[str, Rows] = {}
    sizes: defaultdict[str, int] = defaultdict(int)
    for batch, shares in _said(model, examples):
        row = 0
        for example in batch:
            for number, (first, last) in zip(example.mentions, example.pieces, strict=True):
                name = str(owners[id(example)]["mentions"][number]["id"])
                sizes[name] += last - first
                known = sums.setdefault(name, _nothing())
                for family, values in shares.items():
                    known[family] += values[row] * (last - first)
                row += 1
    return {name: {f: row / np.float32(sizes[name]) for f, row in rows.items()} for name, rows in sums.items()}


def _nothing() -> Rows:
    return {family: np.zeros(len(names), np.float32) for family, names in FAMILIES.items()}


def _said(model: Reader, examples: Sequence[Example]) -> Iterator[tuple[list[Example], Rows]]:
    model.eval()
    with torch.no_grad():
        for batch in batches(examples, _TOKENS_PER_BATCH, random.Random(0)):  # noqa: S311 - order only
            logits = model(*tensors(batch, model.encoder.config.pad_token_id))
            shares = {f: (v.softmax(1) if f == "sentiment" else v.sigmoid()) for f, v in logits.items()}
            yield batch, {family: values.numpy() for family, values in shares.items()}


def save(soft: Soft, path: Path) -> None:
    """Write shares as one array a family beside the mentions' ids; half precision is enough for them."""
    arrays: dict[str, npt.NDArray[np.float16]] = {
        family: np.stack([rows[family] for rows in soft.values()]).astype(np.float16) for family in FAMILIES
    }
    np.savez_compressed(path, allow_pickle=False, mention_ids=np.array(list(soft)), **arrays)


def load(path: Path) -> dict[str, Rows]:
    """Read what `save` has written."""
    with np.load(path, allow_pickle=False) as arrays:
        columns = {family: arrays[family].astype(np.float32) for family in FAMILIES}
        ids = arrays["mention_ids"].tolist()
    return {name: {family: columns[family][row] for family in FAMILIES} for row, name in enumerate(ids)}
