"""Labelled documents as what an encoder is trained on: windows, their mentions' tokens, labels, a teacher's word."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from pipelines.learning.passages import Document, passage_of
from pipelines.learning.vocabulary import FAMILIES, targets

Rows = dict[str, npt.NDArray[np.float32]]  # family → one number a label
Soft = Mapping[str, Rows]  # mention id → shares


@dataclass
class Example:
    """One window with what is known of its mentions."""

    ids: npt.NDArray[np.int64]
    mentions: list[int]  # places in the document of the mentions that stand here
    pieces: list[tuple[int, int]]  # rows of each mention's tokens: first, last (exclusive)
    labels: dict[str, npt.NDArray[np.float32]]  # family → one row per piece
    soft: dict[str, npt.NDArray[np.float32]]  # what a teacher says of the same, as shares; zeros where it is silent
    beside: dict[str, npt.NDArray[np.float32]]  # log-odds of a word model; zeros where it was not asked
    soft_share: npt.NDArray[np.float32]  # one per piece: 0 the label alone counts, 1 the teacher alone


def examples_of(
    document: Document,
    tokenizer: Tokenizer,
    soft: Soft | None = None,
    soft_share: float = 0.0,
    beside: Soft | None = None,
) -> Iterator[Example]:
    """Windows with labels; a mention that is cut counts in both, windows without a mention are left out.

    Args:
        document: text and mentions; mentions without ``sentiment`` are not labelled and need a teacher's word.
        tokenizer: of the encoder.
        soft: what a teacher says of each mention, by mention id.
        soft_share: how much it counts beside a label.
        beside: a word model's log-odds of each mention, by mention id.
    """
    passage = passage_of(document, tokenizer)
    empty = {family: np.zeros(len(names), dtype=np.float32) for family, names in FAMILIES.items()}
    known = [
        (*_known(mention, soft or {}, soft_share), (beside or {}).get(str(mention.get("id")), empty))
        for mention in document["mentions"]
    ]
    kept = 0
    for window in passage.windows:
        until = kept + window.last - window.first
        inside = [
            (number, max(first, kept) - kept + window.first, min(last, until) - kept + window.first)
            for number, (first, last) in enumerate(passage.spans.tolist())
            if max(first, kept) < min(last, until)
        ]
        kept = until
        if inside:
            labelled, spoken, shares, words = zip(*(known[number] for number, *_ in inside), strict=True)
            labels, taught, by_words = (
                {family: np.stack([rows[family] for rows in of_mentions]) for family in FAMILIES}
                for of_mentions in (labelled, spoken, words)
            )
            share = np.array(shares, dtype=np.float32)
            numbers, pieces = [number for number, *_ in inside], [(first, last) for _, first, last in inside]
            yield Example(window.ids, numbers, pieces, labels, taught, by_words, share)


def _known(mention: Mapping[str, Any], soft: Soft, soft_share: float) -> tuple[Rows, Rows, float]:
    """The mention's labels, what the teacher says, and how much the teacher counts."""
    taught = soft.get(str(mention.get("id")))
    empty = {family: np.zeros(len(names), dtype=np.float32) for family, names in FAMILIES.items()}
    if "sentiment" not in mention:
        if taught is None:
            raise ValueError(f"mention {mention.get('id')}: neither labelled nor read by the teacher")
        return empty, taught, 1.0
    labels = {family: row.copy() for family, row in empty.items()}
    for family, places in targets(mention).items():
        labels[family][places] = 1.0
    return (labels, empty, 0.0) if taught is None else (labels, taught, soft_share)


def batches(examples: Sequence[Example], tokens_per_batch: int, chance: random.Random) -> list[list[Example]]:
    """Group examples of similar length, then shuffle the groups."""
    order = sorted(examples, key=lambda e: len(e.ids) + chance.random() * 12)
    found: list[list[Example]] = [[]]
    longest = 0
    for example in order:
        longest = max(longest, len(example.ids))
        if found[-1] and longest * (len(found[-1]) + 1) > tokens_per_batch:
            found.append([])
            longest = len(example.ids)
        found[-1].append(example)
    chance.shuffle(found)
    return found


def tensors(batch: Sequence[Example], padding: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Padded ids, mask and the sparse matrix that averages tokens into mentions."""
    longest = max(len(e.ids) for e in batch)
    ids = torch.full((len(batch), longest), padding, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.long)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    row = 0
    for at, example in enumerate(batch):
        ids[at, : len(example.ids)] = torch.from_numpy(example.ids)
        mask[at, : len(example.ids)] = 1
        for first, last in example.pieces:
            n = last - first
            rows += [row] * n
            columns += range(at * longest + first, at * longest + last)
            values += [1.0 / n] * n
            row += 1
    pool = torch.sparse_coo_tensor(
        torch.tensor([rows, columns]), torch.tensor(values), (row, len(batch) * longest), check_invariants=False
    )
    return ids, mask, pool
