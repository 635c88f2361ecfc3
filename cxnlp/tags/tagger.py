"""Feedback and mentions in, tags out: the model's votes and the rules' votes as rows of their own."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from tokenizers import Tokenizer

from cxnlp.frames import TAGS, conform
from cxnlp.settings import Workspace
from cxnlp.tags import artefacts, vectors
from cxnlp.tags.decide import SENTIMENT, Floats, Heads, Vote, decide, mention_means, probabilities
from cxnlp.tags.encoder import Encoder
from cxnlp.tags.precision import aimed, aims, uncurved, unreached
from cxnlp.tags.precision import version as version_of
from cxnlp.tags.rules import Rules
from cxnlp.tags.windows import Span, load_tokenizer, prepare
from cxnlp.taxonomy import Taxonomy
from cxnlp.taxonomy import load as load_taxonomy

_DOCUMENTS_AT_ONCE: Final = 256
_SIGNED: Final = "unmeasurable"


@dataclass(frozen=True)
class Read:
    """What was found in one document: votes of the model, votes of the rules, and every label's probability."""

    model: list[Vote]
    rules: list[Vote]
    shares: Mapping[str, Floats]  # family → (mentions, labels), in the order of `Tagger.labels`
    vectors: npt.NDArray[np.int8]  # (mentions, width), see `cxnlp.tags.vectors`


@dataclass(frozen=True)
class Judged:
    """What is stored of mentions that were read: TAGS rows and VECTORS rows, in the order of the mentions."""

    tags: pl.DataFrame
    vectors: pl.DataFrame


class Tagger:
    """A loaded model with the taxonomy whose words it gives."""

    def __init__(
        self, model: artefacts.Artefacts, taxonomy: Taxonomy, threads: int | None = None,
        precision: Mapping[str, float] | None = None,
    ) -> None:  # fmt: skip
        """Join model and taxonomy; labels that the taxonomy does not have in use are not given."""
        self.version = model.version
        self.encoder_version = artefacts.encoder_version(model.folder)
        self.taxonomy_version = taxonomy.version
        self.precision_version = version_of(precision or {})
        self._tokenizer: Tokenizer = load_tokenizer(model.tokenizer)
        self._encoder = Encoder(model.encoder, threads)
        self._words = model.words
        self._max_tokens = model.max_tokens
        heads = {name: _in_use(name, head, taxonomy) for name, head in model.heads.items()}
        self.labels = {family: head.labels for family, head in heads.items()}
        self.aims = aims(self.labels, precision or {})
        self.unreached, self.uncurved = unreached(heads, self.aims), uncurved(heads, self.aims)
        self._heads = Heads.of(
            {family: aimed(family, head, self.aims) for family, head in heads.items()}, model.words.width
        )
        self._of_tokens, self._of_words = self._heads.of_tokens, self._heads.of_words
        self._rules = Rules.of(taxonomy, model.rules)

    @classmethod
    def load(
        cls, folder: Path | None = None, threads: int | None = None, taxonomy: Taxonomy | None = None,
        precision: Mapping[str, float] | None = None,
    ) -> "Tagger":  # fmt: skip
        """Load the model in ``folder``, or the one that comes with the project.

        Args:
            folder: encoder.onnx, tokenizer.json, heads.npz, words.npz, rules.json and model.json.
            threads: documents read side by side; all cores when None.
            taxonomy: whose labels are given and whose cues vote; the shipped one when None.
            precision: how often a "yes" shall be right, per family or label (``[tags] precision`` of cxnlp.toml).

        Raises:
            ModelError: a file is missing, changed or damaged.
            cxnlp.settings.SettingsError: ``precision`` names what the model does not have.
            cxnlp.taxonomy.TaxonomyError: the taxonomy is wrong.
        """
        return cls(artefacts.read(folder or artefacts.shipped()), taxonomy or load_taxonomy(), threads, precision)

    @classmethod
    def of(cls, workspace: Workspace, threads: int | None = None, folder: Path | None = None) -> "Tagger":
        """Load what a workspace uses: its model, the shipped labels and its own, the precision that it wishes.

        Args:
            workspace: whose.
            threads: as in `load`.
            folder: of another model to load in its place.

        Raises:
            ModelError, TaxonomyError, SettingsError: as `load` does.
        """
        known = load_taxonomy(additions=workspace.taxonomy_file)
        return cls.load(folder or workspace.model_folder, threads, known, workspace.settings.tags.precision)

    def tag(self, feedback: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
        """Return the tags of `judge`."""
        return self.judge(feedback, mentions).tags

    def judge(self, feedback: pl.DataFrame, mentions: pl.DataFrame) -> Judged:
        """Return tags and vectors of ``mentions`` (MENTIONS), read in the texts of ``feedback`` (feedback_id, text).

        Rows come in the order of ``mentions``; ``run_id`` is null. The same text gives the same rows whatever stands
        beside it.

        Raises:
            ValueError: a mention belongs to no feedback, or its offsets lie outside the text.
        """
        texts = dict(feedback.select("feedback_id", pl.col("text").fill_null("")).iter_rows())
        of_feedback: dict[str, list[tuple[int, str, Span]]] = defaultdict(list)
        columns = mentions.select("feedback_id", "mention_id", "start", "end", "speaker")
        for place, (feedback_id, mention_id, *span) in enumerate(columns.iter_rows()):
            if feedback_id not in texts or not 0 <= span[0] <= span[1] <= len(texts[feedback_id]):
                raise ValueError(f"mention {mention_id}: no such place in feedback {feedback_id}; split it again")
            of_feedback[feedback_id].append((place, mention_id, (span[0], span[1], span[2])))
        entries = list(of_feedback.values())
        reads = self.read([texts[name] for name in of_feedback], [[span for *_, span in entry] for entry in entries])
        rows: list[tuple[Any, ...]] = []
        meanings = np.zeros((mentions.height, self._encoder.width), dtype=np.int8)
        for entry, found in zip(entries, reads, strict=True):
            meanings[[place for place, *_ in entry]] = found.vectors
            for voter, votes in (("model", found.model), ("rule", found.rules)):
                rows += [(*entry[vote.mention][:2], *_row(vote, voter)) for vote in votes]
        mention_ids = mentions["mention_id"].to_list()
        return Judged(self._frame(rows), vectors.frame(mention_ids, meanings, self.encoder_version))

    def read(self, texts: Sequence[str], mentions: Sequence[Sequence[Span]]) -> Iterator[Read]:
        """Yield for each document, in order, the votes on its mentions."""
        for first in range(0, len(texts), _DOCUMENTS_AT_ONCE):
            some = slice(first, first + _DOCUMENTS_AT_ONCE)
            passages = prepare(texts[some], mentions[some], self._tokenizer, self._max_tokens)
            said = self._encoder.reads(passages, self._of_tokens)
            for text, spans, passage, (says, states) in zip(texts[some], mentions[some], passages, said, strict=True):
                places = [(start, end) for start, end, _ in spans]
                by_words = self._words.scores(passage) @ self._of_words.T
                shares = probabilities(mention_means(says, passage) + by_words, self._heads)
                model = decide(says, passage, text, places, self._heads, shares)
                meanings = vectors.whole(mention_means(states, passage))
                yield Read(model, list(self._rule_votes(text, places)), shares, meanings)

    def _rule_votes(self, text: str, places: Sequence[tuple[int, int]]) -> Iterator[Vote]:
        for mention, (start, end) in enumerate(places):
            for hit, share in self._rules.votes(text[start:end]):
                decision = "yes" if share >= self.aims.get((hit.family, hit.label), 0.0) else "unsure"
                yield Vote(mention, hit.family, hit.label, share, None, decision, start + hit.start, start + hit.end)

    def _frame(self, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
        names = ["place", "mention_id", "family", "label", "polarity", "probability", "score", "decision",
                 "evidence_start", "evidence_end", "voter"]  # fmt: skip
        schema = {name: TAGS.get(name, pl.Int64()) for name in names}
        frame = pl.DataFrame(rows, schema=schema, orient="row").sort("place", maintain_order=True).drop("place")
        versions = {
            "model_version": self.version,
            "taxonomy_version": self.taxonomy_version,
            "precision_version": self.precision_version,
        }
        return conform(frame.with_columns(pl.lit(value).alias(name) for name, value in versions.items()), TAGS)


def signed(vote: Vote) -> tuple[str, str | None]:
    """Return a vote's label and polarity as tags keep them."""
    return (vote.label[:-1], vote.label[-1]) if vote.family == _SIGNED else (vote.label, None)


def _row(vote: Vote, voter: str) -> tuple[Any, ...]:
    return (vote.family, *signed(vote), vote.probability, vote.score, vote.decision, vote.start, vote.end, voter)


def _in_use(family: str, head: artefacts.Head, taxonomy: Taxonomy) -> artefacts.Head:
    """Drop the labels that the taxonomy does not have in use."""
    if family == SENTIMENT:
        return head
    known = set(taxonomy.labels(family))  # type: ignore[arg-type]
    kept = [at for at, label in enumerate(head.labels) if (label[:-1] if family == _SIGNED else label) in known]
    rows = {name: getattr(head, name)[kept] for name in ("weights", "bias", "slope", "offset", "yes", "unsure")}
    return artefacts.Head(tuple(head.labels[at] for at in kept), **rows, curve=head.curve)
