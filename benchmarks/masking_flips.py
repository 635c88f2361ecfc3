"""Does masking move the tags? The same mentions are tagged in the text as written and in the masked one.

    python -m benchmarks.masking_flips reviews.parquet [--documents 500] [--masked-only]

The file has ``text``. Mentions are cut in the text as written and carried over to the masked text, so that a decision
is compared with the decision on the same words. A decision is one label on one mention: yes, or absent (unsure counts
as absent). Intervals are of 1,000 draws of whole documents. ``--control`` puts another name, number or address in each
place instead of the placeholder: what moves when another customer writes the same.
"""

import argparse
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from cxnlp.feedback.language import detect, is_readable
from cxnlp.feedback.masking.masker import Document, mask_documents
from cxnlp.feedback.masking.spans import Placed
from cxnlp.tags.documents import tag_documents
from cxnlp.tags.tagger import Tagger

_FAMILIES = ("moments", "unmeasurables", "warnings", "signals")
#: For the control: somebody else's data.
_OTHERS = {
    "PERSON": "Hannah Mercer", "EMPLOYEE": "Daniel", "HANDLE": "@quietharbour", "PHONE": "01632 960555",
    "EMAIL": "h.mercer@example.org", "URL": "www.example.org/page", "ADDRESS": "9 Orchard Road", "POSTCODE": "YO8 9QT",
}  # fmt: skip
#: Of one document: decisions, flipped; yes in either text, yes in both; signs, flipped.
Counts = tuple[int, int, int, int, int, int]


def carried(place: int, placed: Sequence[Placed], *, is_end: bool) -> int:
    """Return where ``place`` of the text as written is in the masked text; inside a find, its placeholder's edge."""
    starts = [each.span.start for each in placed]
    at = bisect_right(starts, place - is_end) - 1
    if at < 0:
        return place
    inside = place <= placed[at].span.end
    found = placed[at] if is_end or not inside else placed[bisect_left(starts, starts[at])]  # the first of its lines
    if place < found.span.end or (is_end and place == found.span.end):
        return found.end if is_end else found.start
    return found.end + place - found.span.end


def with_others(text: str, placed: Sequence[Placed]) -> tuple[str, list[Placed]]:
    """Return ``text`` with somebody else's data in place of each find."""
    pieces, again, read, length = [], [], 0, 0
    for each in {each.span: each for each in placed}.values():
        other = _OTHERS.get(each.span.kind, "48210377")
        start = length + each.span.start - read
        pieces += [text[read : each.span.start], other]
        length, read = start + len(other), each.span.end
        again.append(Placed(start, length, each.span))
    return "".join([*pieces, text[read:]]), again


def compare(as_written: Mapping[str, Any], masked: Mapping[str, Any], n_labels: int) -> Counts:
    """Count the decisions of one document, and those that differ."""
    flipped = either = both = signs = turned = 0
    for one, other in zip(as_written["mentions"], masked["mentions"], strict=True):
        said, kept = _yes(one), _yes(other)
        flipped, either, both = flipped + len(said ^ kept), either + len(said | kept), both + len(said & kept)
        signs += 1
        turned += _sign(one) != _sign(other)
    return (signs * n_labels, flipped, either, both, signs, turned)


def _yes(mention: Mapping[str, Any]) -> set[tuple[str, str, str | None]]:
    return {
        (family, tag["label"], tag.get("polarity"))
        for family in _FAMILIES
        for tag in mention[family]
        if tag["decision"] == "yes"
    }


def _sign(mention: Mapping[str, Any]) -> int:
    strength = mention["sentiment"]["strength"]
    return (strength > 0) - (strength < 0)


def interval(counts: Sequence[Counts], share: Callable[[Sequence[int]], float], seed: int = 4) -> str:
    """Return the share and where 95 % of its draws lie."""
    chance = random.Random(seed)
    draws = sorted(share(_sums(chance.choices(counts, k=len(counts)))) for _ in range(1_000))
    return f"{share(_sums(counts)):.4f} ({draws[24]:.4f}–{draws[974]:.4f})"


def _sums(counts: Sequence[Counts]) -> list[int]:
    return [sum(each) for each in zip(*counts, strict=True)]


def measure(texts: Sequence[str], tagger: Tagger, *, control: bool = False) -> tuple[list[Counts], int]:
    """Return the counts of each text that something was masked in, or nothing; and how many finds there are."""
    documents = [Document(text, is_english=is_readable(detect(text), text)) for text in texts]
    masked = mask_documents(documents)
    if control:
        masked = [with_others(text, placed) for text, (_, placed) in zip(texts, masked, strict=True)]
    written = tag_documents([{"id": n, "text": text} for n, text in enumerate(texts)], tagger)
    again = []
    for each, (text, placed) in zip(written, masked, strict=True):
        mentions = [
            {
                "start": carried(mention["start"], placed, is_end=False),
                "end": carried(mention["end"], placed, is_end=True),
            }
            for mention in each["mentions"]
        ]
        again.append({"id": each["id"], "text": text, "mentions": mentions})
    tagged = tag_documents(again, tagger)
    n_labels = sum(len(labels) for family, labels in tagger.labels.items() if family != "sentiment")
    counts = [compare(one, other, n_labels) for one, other in zip(written, tagged, strict=True)]
    return counts, sum(len(placed) for _, placed in masked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--masked-only", action="store_true", help="only texts in which something is masked")
    parser.add_argument("--control", action="store_true", help="other people's data instead of placeholders")
    arguments = parser.parse_args()
    texts = pl.read_parquet(arguments.texts)["text"].drop_nulls().unique(maintain_order=True).to_list()
    if arguments.masked_only:
        texts = texts[: 12 * arguments.documents]
        texts = [
            text for text, (_, placed) in zip(texts, mask_documents([*map(Document, texts)]), strict=True) if placed
        ]
    texts = texts[: arguments.documents]
    counts, n_finds = measure(texts, Tagger.load(), control=arguments.control)
    sums = _sums(counts)
    print(f"{len(texts)} documents, {n_finds} finds, {sums[4]} mentions, {sums[0]} decisions, {sums[2]} yes in either")
    print("decisions that differ:", interval(counts, lambda each: each[1] / each[0]))
    print("of the yes tags, those that are not in both:", interval(counts, lambda each: 1 - each[3] / max(1, each[2])))
    print("sentiment signs that differ:", interval(counts, lambda each: each[5] / each[4]))


if __name__ == "__main__":
    main()
