"""Fine-tune an encoder on labelled mentions: the document read once, a mention the mean of its token states."""

import json
import math
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

from pipelines.learning.augment import mask_some
from pipelines.learning.examples import Example, Soft, batches, examples_of, tensors
from pipelines.learning.passages import Document
from pipelines.learning.vocabulary import FAMILIES


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
    sentiment_weight: float = 1.0  # of sentiment's loss beside the sum of all labels' losses
    soft_share: float = 0.5  # how much the teacher counts beside the label, where both have spoken
    hidden_share: float = 0.0  # of tokens that are hidden at each step, so that no single word is relied on
    frozen_layers: int = 0  # from below, that keep their pretrained weights
    beside_words: bool = False  # the word model's scores are added to the logits, so that it learns what they miss
    start_share: float = 0.0  # of the weights that it started from in those that it ends with (Wortsman et al. 2022)
    half: bool = False  # bfloat16: faster on chips with AMX, slower on those without


#: From the pretrained weights, then on from where each stage ended, more gently.
STAGES: Final[Mapping[str, tuple[Recipe, ...]]] = {
    "minilm": (
        Recipe(),
        Recipe(seed=29, passes=1, encoder_rate=8e-5, head_rate=1e-3, average_decay=0.995),
        Recipe(seed=31, passes=2, encoder_rate=8e-5, head_rate=1e-3, average_decay=0.995, sentiment_weight=4.0),
        Recipe(seed=41, passes=1, head_rate=1.5e-3, average_decay=0.995, sentiment_weight=4.0),
        Recipe(seed=43, passes=1, head_rate=1.5e-3, average_decay=0.995, sentiment_weight=4.0),
        Recipe(seed=47, passes=2, head_rate=1.5e-3, average_decay=0.996, sentiment_weight=4.0),
        Recipe(seed=59, passes=2, head_rate=1.5e-3, average_decay=0.997, sentiment_weight=4.0),
        Recipe(seed=67, passes=1, encoder_rate=8e-5, head_rate=1e-3, average_decay=0.997, sentiment_weight=4.0),
        Recipe(
            seed=73,
            passes=1,
            encoder_rate=8e-5,
            head_rate=1e-3,
            average_decay=0.997,
            sentiment_weight=4.0,
            beside_words=True,
            start_share=0.5,
        ),
    ),
    "mpnet": (Recipe(passes=2, encoder_rate=6e-5, head_rate=1e-3, sentiment_weight=2.0, frozen_layers=6),),
}

_BLANK: Final = {"bert": "[MASK]", "mpnet": "<mask>"}
TAG_FAMILIES: Final = tuple(family for family in FAMILIES if family != "sentiment")
#: How much a word model's log-odds count beside a logit, while the encoder is trained beside it.
WORDS_SHARE: Final = {"moment": 0.54, "sentiment": 0.27, "unmeasurable": 0.42, "warning": 0.67, "signal": 0.57}
SOFT_WEIGHT: Final = 2.0  # of a teacher's share beside sentiment's, as the positives' weights do for labels


class Reader(nn.Module):  # type: ignore[misc]
    """An encoder (BERT or MPNet) and one linear head per family."""

    def __init__(self, weights: Path, frozen_layers: int = 0) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            str(weights), add_pooling_layer=False, attention_probs_dropout_prob=0.0
        )
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        if frozen_layers:
            self._freeze(frozen_layers)
        width = self.encoder.config.hidden_size
        self.heads = nn.ModuleDict({family: nn.Linear(width, len(names)) for family, names in FAMILIES.items()})
        self.drop = nn.Dropout(0.1)

    def _freeze(self, n_layers: int) -> None:
        """Keep the embeddings, the position bias and the lowest layers as they are."""
        trained = {id(p) for layer in self.encoder.encoder.layer[n_layers:] for p in layer.parameters()}
        for parameter in self.encoder.parameters():
            parameter.requires_grad_(id(parameter) in trained)

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Token states (batch, tokens, width)."""
        return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, pool: torch.Tensor) -> dict[str, torch.Tensor]:
        """Logits by family; ``pool`` (mentions, batch * tokens) is sparse and averages."""
        states = self.states(ids, mask)
        with torch.autocast("cpu", enabled=False):
            vectors = self.drop(torch.sparse.mm(pool, states.float().reshape(-1, states.shape[-1])))
            return {family: head(vectors) for family, head in self.heads.items()}


def positive_weights(examples: Sequence[Example], recipe: Recipe) -> dict[str, torch.Tensor]:
    """How much a positive counts: the root of its rarity, within bounds."""
    weights = {}
    for family in FAMILIES:
        matrix = np.concatenate([e.labels[family][e.soft_share < 1] for e in examples])
        rarity = (1 - matrix.mean(0)) / np.maximum(matrix.mean(0), 1e-5)
        weights[family] = torch.tensor(np.clip(rarity**0.5 / 2, 1.0, recipe.largest_weight), dtype=torch.float32)
    return weights


def loss_of(
    logits: Mapping[str, torch.Tensor], labels: Mapping[str, torch.Tensor], weights: Mapping[str, torch.Tensor],
    recipe: Recipe,
) -> torch.Tensor:  # fmt: skip
    """Of each mention, against its labels: cross-entropy for sentiment, weighted binary cross-entropy for the rest."""
    smooth = nn.functional.pad(labels["sentiment"], (1, 1))
    near = 0.9 * labels["sentiment"] + 0.05 * (smooth[:, :-2] + smooth[:, 2:])
    near = near / near.sum(1, keepdim=True).clamp_min(1e-9)
    total = -recipe.sentiment_weight * (near * logits["sentiment"].log_softmax(1)).sum(1)
    for family in TAG_FAMILIES:
        scores, truth = logits[family], labels[family]
        plain = nn.functional.binary_cross_entropy_with_logits(scores, truth, reduction="none")
        focus = torch.where(truth > 0, weights[family], scores.sigmoid().detach() ** recipe.negative_focus * 2)
        total = total + (plain * focus).sum(1)
    return total


def soft_loss_of(
    logits: Mapping[str, torch.Tensor], soft: Mapping[str, torch.Tensor], recipe: Recipe
) -> torch.Tensor:  # fmt: skip
    """Of each mention, against the teacher's shares: cross-entropy, what the teacher itself is unsure of taken off."""
    taught = soft["sentiment"]
    total = recipe.sentiment_weight * (taught * (taught.clamp_min(1e-6).log() - logits["sentiment"].log_softmax(1)))
    total = total.sum(1)
    for family in TAG_FAMILIES:
        share = soft[family].clamp(1e-5, 1 - 1e-5)
        cross = nn.functional.binary_cross_entropy_with_logits(logits[family], share, reduction="none")
        own = -(share * share.log() + (1 - share) * (1 - share).log())
        total = total + SOFT_WEIGHT * (cross - own).sum(1)
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
    measure: Any = None, start: Path | None = None, soft: Soft | None = None, beside: Soft | None = None,
) -> Reader:  # fmt: skip
    """Train and return the running average of the weights; a checkpoint is written after each pass.

    Args:
        documents: the training fold; with a teacher also documents without labels.
        tokenizer: of `vocabulary.make_tokenizer`.
        weights: folder of the pretrained encoder.
        recipe: rates, passes, seed.
        folder: where checkpoints and ``recipe.json`` go.
        measure: called with the averaged model after each pass; what it returns is logged.
        start: checkpoint to go on from, instead of the pretrained weights and new heads.
        soft: what a teacher says, by mention id.
        beside: log-odds of a word model that did not see the mention, by mention id; for ``beside_words``.
    """
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311 - order and masking of examples, no secret
    model = Reader(weights, recipe.frozen_layers)
    began_with = torch.load(start, map_location="cpu", weights_only=True) if start else model.state_dict()
    model.load_state_dict(began_with)
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(recipe.average_decay)
    )
    plain = [e for d in documents for e in examples_of(d, tokenizer, soft, recipe.soft_share)]
    class_weights = positive_weights(plain, recipe)
    steps = len(batches(plain, recipe.tokens_per_batch, random.Random(0))) * recipe.passes  # noqa: S311
    optimiser = torch.optim.AdamW(_groups(model, recipe))
    warmup = recipe.warmup_share * steps

    def rate(step: int) -> float:
        return min(step / warmup, max(0.02, (steps - step) / (steps - warmup))) if step else 1 / warmup

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1))
    step, began = 0, time.monotonic()
    blank = int(tokenizer.token_to_id(_BLANK[model.encoder.config.model_type]) or 0)
    for turn in range(recipe.passes):
        model.train()
        masked = [
            e for d in documents for e in examples_of(mask_some(d, chance), tokenizer, soft, recipe.soft_share, beside)
        ]
        losses = []
        for batch in batches(masked, recipe.tokens_per_batch, chance):
            losses.append(_step(model, batch, class_weights, recipe, optimiser, blank))
            schedule.step()
            average.update_parameters(model)
            step += 1
            if step in {20, 100} or step % 200 == 0:
                spent = time.monotonic() - began
                print(f"step {step}/{steps} loss {np.mean(losses[-100:]):.3f} {spent / step:.2f} s/step", flush=True)
        kept = _mixed(average.module.eval(), began_with, recipe.start_share if turn + 1 == recipe.passes else 0.0)
        torch.save(kept.state_dict(), folder / f"pass{turn + 1}.pt")
        print(f"pass {turn + 1} loss {np.mean(losses):.3f}", measure(kept) if measure else "", flush=True)
    trained: Reader = average.module.eval()
    return trained


def _mixed(model: Reader, began_with: Mapping[str, torch.Tensor], share: float) -> Reader:
    """Draw the weights back towards those of the start."""
    if share:
        ended = model.state_dict()
        model.load_state_dict({
            name: torch.lerp(value, began_with[name], share) if value.is_floating_point() else value
            for name, value in ended.items()
        })  # fmt: skip
    return model


def _step(
    model: Reader, batch: Sequence[Example], weights: Mapping[str, torch.Tensor], recipe: Recipe, optimiser: Any,
    blank: int,
) -> float:  # fmt: skip
    ids, mask, pool = tensors(batch, model.encoder.config.pad_token_id)
    if recipe.hidden_share:
        ids = ids.masked_fill((torch.rand(ids.shape) < recipe.hidden_share) & (mask == 1), blank)
    labels, soft, beside = (
        {f: torch.from_numpy(np.concatenate([getattr(e, of)[f] for e in batch])) for f in FAMILIES}
        for of in ("labels", "soft", "beside")
    )
    share = torch.from_numpy(np.concatenate([e.soft_share for e in batch]))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=recipe.half):
        logits = model(ids, mask, pool)
    if recipe.beside_words:
        logits = {family: logits[family] + WORDS_SHARE[family] * beside[family] for family in FAMILIES}
    each = (1 - share) * loss_of(logits, labels, weights, recipe)
    if bool((share > 0).any()):
        each = each + share * soft_loss_of(logits, soft, recipe)
    loss = each.mean()
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    value = float(loss.detach())
    if not math.isfinite(value):
        raise FloatingPointError("the loss is not a number; lower encoder_rate")
    return value
