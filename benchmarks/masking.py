"""How much personal data masking finds, what it finds wrongly, and how fast it is.

    python benchmarks/masking.py --pii pii.parquet             # recall and precision by kind on labelled spans
    python benchmarks/masking.py --texts reviews.parquet       # documents a second, and what bounds it
    python benchmarks/masking.py --texts posts.parquet --list PERSON   # what was masked: read it for false finds

``--pii`` takes a Parquet file with ``text`` and ``spans`` (list of ``entity_type``, ``start``, ``end``), such as the
one that presidio-research generates; ``--texts`` any Parquet file with ``text``. No sentence is printed unless
``--show`` asks.
"""

import argparse
import json
import math
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cxnlp.feedback.language import detect, is_readable
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
    "SORTCODE": {"ACCOUNT"},
}
#: Labelled, but not personal by themselves: masking them is neither asked for nor counted as false.
NEUTRAL = {"TITLE", "PREFIX", "LOCATION", "GPE", "ORGANIZATION", "DATE_TIME", "AGE", "NRP"}
ADDRESSES = {"ADDRESS", "STREET_ADDRESS"}
UNSTRUCTURED = {"PERSON", *ADDRESSES}
#: The companies that the texts of data/privacy are about: what such a workspace would name in privacy.keep.
OURS = (
    "Northlight", "NorthlightUK", "Harrowby", "HarrowbyHome", "Larkmoor", "LarkmoorParking", "MapleGroveStores",
    "IrishRainCo", "Moebelwerk", "airports_uk", "postboxly", "HarborCU", "DragonVale_app", "colis_be", "blitzblank",
    "GlowNest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and where its personal data is: kind, start, end."""

    text: str
    labels: list[tuple[str, int, int]]
    by_agent: bool = False


def masked_spans(labelled: Sequence[Labelled], keep: tuple[str, ...] = ()) -> list[list[Span]]:
    """Finds of each text, in characters of the unmasked text; its language is detected, as a night does."""
    documents = [
        Document(each.text, by_agent=each.by_agent, is_english=is_readable(detect(each.text), each.text))
        for each in labelled
    ]
    return [list(dict.fromkeys(placed.span for placed in found)) for _, found in mask_documents(documents, keep)]


def covered(start: int, end: int, spans: list[Span], kinds: set[str] | None) -> bool:
    """Whether at least half of the characters are masked (as one of ``kinds``)."""
    hit = sum(
        max(0, min(end, span.end) - max(start, span.start)) for span in spans if kinds is None or span.kind in kinds
    )
    return hit * 2 >= end - start


def read_pii(path: Path, half: str | None) -> list[Labelled]:
    """Read sentences in the shape of presidio-research; templates with even numbers are "tune", the others "report"."""
    rows = pl.read_parquet(path)
    if "spans_match_text" in rows.columns:
        rows = rows.filter(pl.col("spans_match_text"))
    if half:
        rows = rows.filter(pl.col("template_id") % 2 == ("tune", "report").index(half))
    return [
        Labelled(row["text"], [(_pii_kind(each), each["start"], each["end"]) for each in row["spans"]])
        for row in rows.select("text", "spans").to_dicts()
    ]


def _pii_kind(span: dict[str, str]) -> str:
    """The label; some of the set's persons are a title alone ("Mr.")."""
    return "TITLE" if span["value"].lower() in ("mr.", "mrs.", "ms.", "dr.", "miss") else span["entity_type"]


def read_written(folder: Path, half: str | None) -> list[Labelled]:
    """Read the letters, calls and posts of data/privacy."""
    rows = [
        json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    return [
        Labelled(
            row["text"], [(each["kind"], each["start"], each["end"]) for each in row["spans"]], row["form"] == "note"
        )
        for row in rows
        if half in (None, row["half"])
    ]


def measure(labelled: Sequence[Labelled], keep: tuple[str, ...], show: str | None) -> None:
    """Print recall by label and precision by kind, with counts and 95 % intervals."""
    found = masked_spans(labelled, keep)
    gold: Counter[str] = Counter()
    masked: Counter[str] = Counter()
    same: Counter[str] = Counter()
    n_found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    for each, spans in zip(labelled, found, strict=True):
        for kind, start, end in each.labels:
            gold[kind] += 1
            masked[kind] += covered(start, end, spans, None)
            same[kind] += covered(start, end, spans, SAME.get(kind, {kind}))
            if show == f"missed:{kind}" and not covered(start, end, spans, None):
                _show(each.text, start, end)
        for span in spans:
            n_found[span.kind] += 1
            touched = {kind for kind, start, end in each.labels if start < span.end and span.start < end}
            right[span.kind] += bool(touched - NEUTRAL)
            beside[span.kind] += bool(touched) and not touched - NEUTRAL
            if show == f"false:{span.kind}" and not touched - NEUTRAL:
                _show(each.text, span.start, span.end)
    print(f"{'recall':18}{'n':>6}{'masked':>8}{'':15}{'as kind':>9}")
    for kind in sorted(gold.keys() - NEUTRAL):
        _line(kind, gold[kind], masked[kind], same[kind])
    structured = gold.keys() - NEUTRAL - UNSTRUCTURED
    _line("structured", *(sum(counts[kind] for kind in structured) for counts in (gold, masked, same)))
    _line("addresses", *(sum(counts[kind] for kind in ADDRESSES) for counts in (gold, masked, same)))
    print(f"\n{'precision':18}{'found':>6}{'right':>8}{'':15}{'place, company or date':>24}")
    for kind, n in n_found.most_common():
        print(f"{kind:18}{n:6}{right[kind] / n:8.3f}{'':15}{beside[kind]:24}")
    n, good, near = n_found.total(), right.total(), beside.total()
    print(f"{'all':18}{n:6}{good / n:8.3f} {_interval(good, n)}")
    print(f"{'less those':18}{n - near:6}{good / (n - near):8.3f} {_interval(good, n - near)}")


def _show(text: str, start: int, end: int) -> None:
    print(repr(text[max(0, start - 40) : start]), "<", text[start:end], ">", repr(text[end : end + 25]))


def _line(name: str, n: int, masked: int, same: int) -> None:
    if n:
        print(f"{name:18}{n:6}{masked / n:8.3f} {_interval(masked, n)}{same / n:9.3f}")


def _interval(hits: int, n: int) -> str:
    """Wilson's interval at 95 %."""
    z, share = 1.96, hits / n
    middle, reach = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return f"{(middle - reach) / (1 + z * z / n):.3f}–{(middle + reach) / (1 + z * z / n):.3f}  "


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
    parser.add_argument("--written", type=Path, help="the folder data/privacy")
    parser.add_argument("--half", choices=("tune", "report"), help="the half that rules were made on, or the other")
    parser.add_argument("--no-keep", action="store_true", help="without the companies' own names and handles")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--list", dest="listed", help="a kind: what was masked as it")
    parser.add_argument("--show", help="missed:LABEL or false:KIND: the finds, with a few characters around them")
    arguments = parser.parse_args()
    if arguments.pii:
        measure(read_pii(arguments.pii, arguments.half), (), arguments.show)
    if arguments.written:
        measure(read_written(arguments.written, arguments.half), () if arguments.no_keep else OURS, arguments.show)
    if arguments.texts:
        time_it(arguments.texts, arguments.words, arguments.documents, arguments.listed)


if __name__ == "__main__":
    main()
