"""Fine-tune MiniLM on the labelled mentions: the document read once, a mention the mean of its token states."""

import json
import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from cxnlp.tags.windows import Passage, prepare
from pipelines.learning.augment import mask_some
from pipelines.learning.vocabulary import FAMILIES, targets

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Recipe:
    """How the encoder is trained."""

    seed: int = 13
    passes: int = 5
    tokens_per_batch: int = 1600
    encoder_rate: float = 1.0e-4
    layer_decay: float = 0.9
    head_rate: float = 2e-3
    warmup_share: float = 0.06
    average_decay: float = 0.998  # of the running average of weights that is kept in the end
    largest_weight: float = 6.0  # of a rare label's positives
    negative_focus: float = 1.0  # exponent that quietens easy negatives
    half: bool = False  # bfloat16: faster on chips with AMX, slower on those without


#: The shipped model: from the pretrained weights, then once more from where that ended, more gently.
STAGES: Final = (
    Recipe(),
    Recipe(seed=29, passes=1, encoder_rate=8e-5, head_rate=1e-3, average_decay=0.995),
)


@dataclass
class Example:
    """One window with what is known of its mentions."""

    ids: npt.NDArray[np.int64]
    pieces: list[tuple[int, int]]  # rows of each mention's tokens: first, last (exclusive)
    labels: dict[str, npt.NDArray[np.float32]]  # family → one row per piece


class Reader(nn.Module):  # type: ignore[misc]
    """MiniLM and one linear head per family."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(
            str(weights), add_pooling_layer=False, attn_implementation="sdpa", attention_probs_dropout_prob=0.0
        )
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.heads = nn.ModuleDict({family: nn.Linear(width, len(names)) for family, names in FAMILIES.items()})
        self.drop = nn.Dropout(0.1)

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Token states (batch, tokens, width)."""
        return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, pool: torch.Tensor) -> dict[str, torch.Tensor]:
        """Logits by family; ``pool`` (mentions, batch * tokens) is sparse and averages."""
        states = self.states(ids, mask)
        with torch.autocast("cpu", enabled=False):
            vectors = self.drop(torch.sparse.mm(pool, states.float().reshape(-1, states.shape[-1])))
            return {family: head(vectors) for family, head in self.heads.items()}


def passage_of(document: Document, tokenizer: Tokenizer) -> Passage:
    """Cut a document as it is cut at run time."""
    spans = [(m["start"], m["end"], m.get("speaker")) for m in document["mentions"]]
    (passage,) = prepare([document["text"]], [spans], tokenizer)
    return passage


def examples_of(document: Document, tokenizer: Tokenizer) -> Iterator[Example]:
    """Windows with labels; a mention that is cut counts in both, windows without a mention are left out."""
    passage = passage_of(document, tokenizer)
    rows = [targets(mention) for mention in document["mentions"]]
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
            labels = {family: _matrix(family, [rows[number] for number, *_ in inside]) for family in FAMILIES}
            yield Example(window.ids, [(first, last) for _, first, last in inside], labels)


def _matrix(family: str, rows: Sequence[Mapping[str, list[int]]]) -> npt.NDArray[np.float32]:
    matrix = np.zeros((len(rows), len(FAMILIES[family])), dtype=np.float32)
    for at, row in enumerate(rows):
        matrix[at, row[family]] = 1.0
    return matrix


def batches(examples: Sequence[Example], recipe: Recipe, chance: random.Random) -> list[list[Example]]:
    """Group examples of similar length, then shuffle the groups."""
    order = sorted(examples, key=lambda e: len(e.ids) + chance.random() * 12)
    found: list[list[Example]] = [[]]
    longest = 0
    for example in order:
        longest = max(longest, len(example.ids))
        if found[-1] and longest * (len(found[-1]) + 1) > recipe.tokens_per_batch:
            found.append([])
            longest = len(example.ids)
        found[-1].append(example)
    chance.shuffle(found)
    return found


def tensors(batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Padded ids, mask and the sparse matrix that averages tokens into mentions."""
    longest = max(len(e.ids) for e in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
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


def positive_weights(examples: Sequence[Example], recipe: Recipe) -> dict[str, torch.Tensor]:
    """How much a positive counts: the root of its rarity, within bounds."""
    weights = {}
    for family in FAMILIES:
        matrix = np.concatenate([e.labels[family] for e in examples])
        rarity = (1 - matrix.mean(0)) / np.maximum(matrix.mean(0), 1e-5)
        weights[family] = torch.tensor(np.clip(rarity**0.5 / 2, 1.0, recipe.largest_weight), dtype=torch.float32)
    return weights


def loss_of(
    logits: Mapping[str, torch.Tensor], labels: Mapping[str, torch.Tensor], weights: Mapping[str, torch.Tensor],
    recipe: Recipe,
) -> torch.Tensor:  # fmt: skip
    """Sum over families: cross-entropy for sentiment, weighted binary cross-entropy for the rest."""
    total = torch.zeros(())
    for family, scores in logits.items():
        truth = labels[family]
        if family == "sentiment":
            smooth = nn.functional.pad(truth, (1, 1))
            near = 0.9 * truth + 0.05 * (smooth[:, :-2] + smooth[:, 2:])
            near = near / near.sum(1, keepdim=True)
            total = total - (near * scores.log_softmax(1)).sum(1).mean()
            continue
        plain = nn.functional.binary_cross_entropy_with_logits(scores, truth, reduction="none")
        focus = torch.where(truth > 0, weights[family], scores.sigmoid().detach() ** recipe.negative_focus * 2)
        total = total + (plain * focus).sum(1).mean()
    return total


def _groups(model: Reader, recipe: Recipe) -> list[dict[str, Any]]:
    """Parameters with their learning rates: lower layers learn more slowly."""
    layers = model.encoder.config.num_hidden_layers
    by_depth: dict[tuple[int, float], list[nn.Parameter]] = {}
    for name, parameter in model.encoder.named_parameters():
        if not parameter.requires_grad:
            continue
        depth = int(name.split("layer.")[1].split(".")[0]) + 1 if "layer." in name else 0
        by_depth.setdefault((depth, 0.01 if parameter.ndim > 1 else 0.0), []).append(parameter)
    heads = {"params": list(model.heads.parameters()), "lr": recipe.head_rate, "weight_decay": 0.0}
    return [heads] + [
        {"params": found, "lr": recipe.encoder_rate * recipe.layer_decay ** (layers - depth), "weight_decay": decay}
        for (depth, decay), found in by_depth.items()
    ]


def train(
    documents: Sequence[Document], tokenizer: Tokenizer, weights: Path, recipe: Recipe, folder: Path,
    measure: Any = None, start: Path | None = None,
) -> Reader:  # fmt: skip
    """Train and return the running average of the weights; a checkpoint is written after each pass.

    Args:
        documents: the training fold.
        tokenizer: of `vocabulary.make_tokenizer`.
        weights: folder of the pretrained encoder.
        recipe: rates, passes, seed.
        folder: where checkpoints and ``recipe.json`` go.
        measure: called with the averaged model after each pass; what it returns is logged.
        start: checkpoint to go on from, instead of the pretrained weights and new heads.
    """
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311 - order and masking of examples, no secret
    model = Reader(weights)
    if start:
        model.load_state_dict(torch.load(start, map_location="cpu", weights_only=True))
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(recipe.average_decay)
    )
    plain = [example for document in documents for example in examples_of(document, tokenizer)]
    class_weights = positive_weights(plain, recipe)
    steps = len(batches(plain, recipe, random.Random(0))) * recipe.passes  # noqa: S311
    optimiser = torch.optim.AdamW(_groups(model, recipe))
    warmup = recipe.warmup_share * steps

    def rate(step: int) -> float:
        return min(step / warmup, max(0.02, (steps - step) / (steps - warmup))) if step else 1 / warmup

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1))
    step, began = 0, time.monotonic()
    for turn in range(recipe.passes):
        model.train()
        masked = [e for d in documents for e in examples_of(mask_some(d, chance), tokenizer)]
        losses = []
        for batch in batches(masked, recipe, chance):
            losses.append(_step(model, batch, class_weights, recipe, optimiser))
            schedule.step()
            average.update_parameters(model)
            step += 1
            if step in {20, 100} or step % 200 == 0:
                spent = time.monotonic() - began
                print(f"step {step}/{steps} loss {np.mean(losses[-100:]):.3f} {spent / step:.2f} s/step", flush=True)
        torch.save(average.module.state_dict(), folder / f"pass{turn + 1}.pt")
        kept = average.module.eval()
        print(f"pass {turn + 1} loss {np.mean(losses):.3f}", measure(kept) if measure else "", flush=True)
    trained: Reader = average.module.eval()
    return trained


def _step(
    model: Reader, batch: Sequence[Example], weights: Mapping[str, torch.Tensor], recipe: Recipe, optimiser: Any
) -> float:
    ids, mask, pool = tensors(batch)
    labels = {f: torch.from_numpy(np.concatenate([e.labels[f] for e in batch])) for f in FAMILIES}
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=recipe.half):
        logits = model(ids, mask, pool)
    loss = loss_of(logits, labels, weights, recipe)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    value = float(loss.detach())
    if not math.isfinite(value):
        raise FloatingPointError("the loss is not a number; lower encoder_rate")
    return value
