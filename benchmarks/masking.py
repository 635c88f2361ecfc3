"""How much personal data masking finds, what it finds wrongly, and how fast it is.

    python benchmarks/masking.py --pii pii.parquet             # recall and precision by kind on labelled spans
    python benchmarks/masking.py --texts reviews.parquet       # documents a second, and what bounds it
    python benchmarks/masking.py --texts posts.parquet --list PERSON   # what was masked: read it for false finds

``--pii`` takes a Parquet file with ``text`` and ``spans`` (list of ``entity_type``, ``start``, ``end``), such as the
one that presidio-research generates; ``--texts`` any Parquet file with ``text``. No sentence is printed unless
``--show`` asks.
"""

import argparse
import resource
import time
from collections import Counter, defaultdict
from pathlib import Path

import polars as pl

from cxnlp.feedback.masking import identifiers, persons, recogniser
from cxnlp.feedback.masking.masker import Document, mask_documents
from cxnlp.feedback.masking.spans import Span
from cxnlp.feedback.masking.tokens import tokenise

#: Labels of the labelled set → kinds that count as the same.
SAME = {
    "PERSON": {"PERSON", "EMPLOYEE"},
    "PHONE_NUMBER": {"PHONE"},
    "EMAIL_ADDRESS": {"EMAIL"},
    "CREDIT_CARD": {"CARD"},
    "IBAN_CODE": {"IBAN"},
    "STREET_ADDRESS": {"ADDRESS", "POSTCODE"},
    "ADDRESS": {"ADDRESS", "POSTCODE"},
    "ZIP_CODE": {"POSTCODE", "ADDRESS"},
    "DOMAIN_NAME": {"URL"},
    "US_SSN": {"ID"},
    "US_DRIVER_LICENSE": {"ID"},
    "IP_ADDRESS": {"IP"},
}
#: Labelled, but not personal by themselves: masking them is neither asked for nor counted as false.
NEUTRAL = {"TITLE", "PREFIX", "LOCATION", "GPE", "ORGANIZATION", "DATE_TIME", "AGE", "NRP"}


def masked_spans(texts: list[str], keep: tuple[str, ...] = ()) -> list[list[Span]]:
    """Finds of each text, in characters of the unmasked text."""
    return [[placed.span for placed in found] for _, found in mask_documents([Document(text) for text in texts], keep)]


def covered(start: int, end: int, spans: list[Span], kinds: set[str] | None) -> bool:
    """Whether at least half of the characters are masked (as one of ``kinds``)."""
    hit = sum(
        max(0, min(end, span.end) - max(start, span.start)) for span in spans if kinds is None or span.kind in kinds
    )
    return hit * 2 >= end - start


def measure(path: Path, show: str | None) -> None:
    """Print recall by label and precision by kind."""
    rows = pl.read_parquet(path)
    if "spans_match_text" in rows.columns:
        rows = rows.filter(pl.col("spans_match_text"))
    texts = rows["text"].to_list()
    found = masked_spans(texts)
    gold: Counter[str] = Counter()
    masked: Counter[str] = Counter()
    same: Counter[str] = Counter()
    n_found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for text, labels, spans in zip(texts, rows["spans"].to_list(), found, strict=True):
        for label in labels:
            kind, start, end = label["entity_type"], label["start"], label["end"]
            gold[kind] += 1
            masked[kind] += covered(start, end, spans, None)
            same[kind] += covered(start, end, spans, SAME.get(kind, set()))
            if show == f"missed:{kind}" and not covered(start, end, spans, None):
                print(repr(text[max(0, start - 40) : start]), "<", text[start:end], ">", repr(text[end : end + 25]))
        for span in spans:
            n_found[span.kind] += 1
            touched = {each["entity_type"] for each in labels if each["start"] < span.end and span.start < each["end"]}
            right[span.kind] += bool(touched - NEUTRAL)
            if touched and not touched - NEUTRAL:
                n_found[span.kind] -= 1
                n_found[f"{span.kind} on a place, company or date"] += 1
            if show == f"false:{span.kind}" and not touched - NEUTRAL:
                print(repr(text[max(0, span.start - 30) : span.start]), "<", text[span.start : span.end], ">", touched)
    print(f"{'label':22}{'n':>6}{'masked':>9}{'as kind':>9}")
    for kind, n in gold.most_common():
        print(f"{kind:22}{n:6}{masked[kind] / n:9.3f}{same[kind] / n if kind in SAME else float('nan'):9.3f}")
    print(f"\n{'kind':48}{'found':>6}{'right':>9}")
    for kind, n in n_found.most_common():
        print(f"{kind:48}{n:6}" + (f"{right[kind] / n:9.3f}" if " on a " not in kind else ""))


def time_it(path: Path, n_words: int, n_documents: int, listed: str | None) -> None:
    """Print documents a second of processor time (one core) by step, on texts cut to ``n_words`` words."""
    texts = [" ".join(text.split(" ")[:n_words]) for text in pl.read_parquet(path)["text"].drop_nulls().to_list()]
    texts = [text for text in texts if text][:n_documents]
    recogniser.load()
    mask_documents([Document("Warm up with Zbigniew Oyelaran.")])
    n = len(texts)
    start = time.process_time()
    found = mask_documents([Document(text) for text in texts])
    whole = time.process_time() - start
    print(f"{n} texts of {sum(len(text.split()) for text in texts) / n:.0f} words on average")
    steps: dict[str, float] = defaultdict(float)
    start = time.process_time()
    works = [identifiers.find(text)[1] for text in texts]
    steps["identifiers"] = time.process_time() - start
    start = time.process_time()
    tokens = [tokenise(work, None) for work in works]
    steps["words"] = time.process_time() - start
    start = time.process_time()
    proposals = [persons.propose(work, each, {}) for work, each in zip(works, tokens, strict=True)]
    steps["lists and cues"] = time.process_time() - start
    windows = [
        window
        for number, (text, each, proposal) in enumerate(zip(texts, tokens, proposals, strict=True))
        for window in recogniser.windows(number, text, [(each[i].start, each[j - 1].end) for i, j in proposal.asked])
    ]
    start = time.process_time()
    recogniser.recognise_entities(windows)
    steps["recogniser"] = time.process_time() - start
    asked_words = sum(len(window.text.split()) for window in windows)
    for step, seconds in steps.items():
        print(f"  {step:18}{seconds / n * 1e6:8.0f} µs a document")
    share = sum(any(proposal.asked) for proposal in proposals) / n
    print(f"  the recogniser read {asked_words / n:.1f} words a document, in {share:.0%} of the documents")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"all: {n / whole:.0f} documents a second and core, peak memory {peak:.0f} MiB")
    kinds = Counter(placed.span.kind for _, placed_here in found for placed in placed_here)
    print("masked:", dict(kinds.most_common()))
    if listed:
        words = Counter(
            texts[i][p.span.start : p.span.end]
            for i, (_, here) in enumerate(found)
            for p in here
            if p.span.kind == listed
        )
        print(words.most_common(150))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pii", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--list", dest="listed", help="a kind: what was masked as it")
    parser.add_argument("--show", help="missed:LABEL or false:KIND: the finds, with a few characters around them")
    arguments = parser.parse_args()
    if arguments.pii:
        measure(arguments.pii, arguments.show)
    if arguments.texts:
        time_it(arguments.texts, arguments.words, arguments.documents, arguments.listed)


if __name__ == "__main__":
    main()
