"""Train the word model of `cxnlp.tags.words`: logistic regression over the terms of labelled mentions, in 8 bits."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer

from cxnlp.tags.artefacts import WORDS
from cxnlp.tags.windows import Passage
from cxnlp.tags.words import Words, terms_of
from pipelines.learning.augment import mask_some
from pipelines.learning.passages import Document, passage_of
from pipelines.learning.vocabulary import FAMILIES, targets

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

LEAST_MENTIONS: Final = 4  # that a term must stand in
MOST_TERMS: Final = 100_000
_STRENGTH: Final = 3.0  # C of the logistic regression
_STEPS: Final = 40
_PER_LOG_ODDS: Final = 0.2  # so that scores spread about as much as the encoder's states do
_SEED: Final = 17
_BYTE: Final = 127
_FOLDS: Final = 3  # of `cross_fitted`


def train(documents: Sequence[Document], tokenizer: Tokenizer) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of ``words.npz``.

    Args:
        documents: of the training fold, labelled; half of what looks personal is masked before it is read.
        tokenizer: of `vocabulary.make_tokenizer`.
    """
    chance = random.Random(_SEED)  # noqa: S311 - which words are masked, no secret
    masked = [mask_some(document, chance) for document in documents]
    passages = [passage_of(document, tokenizer) for document in masked]
    rows, terms = _pairs(passages)
    n_mentions = sum(len(passage.spans) for passage in passages)
    known, counts = np.unique(terms, return_counts=True)
    kept = known[counts >= LEAST_MENTIONS]
    kept = _telling(rows, terms, kept, documents, n_mentions)
    matrix, idf = _matrix(rows, terms, kept, n_mentions)
    fitted = [_fit(matrix, truth) for truth in _truths(documents).T]
    weights = np.stack([weights for weights, _ in fitted], axis=1) * _PER_LOG_ODDS
    scale = np.maximum(np.abs(weights).max(0), 1e-6) / _BYTE
    return {
        "terms": kept, "idf": idf, "weights": np.round(weights / scale).astype(np.int8), "scale": scale,
        "bias": np.array([bias for _, bias in fitted], dtype=np.float32) * np.float32(_PER_LOG_ODDS),
    }  # fmt: skip


def cross_fitted(documents: Sequence[Document], tokenizer: Tokenizer) -> dict[str, dict[str, Floats]]:
    """Return by mention id the log-odds of all labels by family, from word models that did not see the document."""
    fold_of = np.random.default_rng(_SEED).permutation(len(documents)) % _FOLDS
    found: dict[str, dict[str, Floats]] = {}
    for fold in range(_FOLDS):
        model = Words.of(train([d for d, at in zip(documents, fold_of, strict=True) if at != fold], tokenizer))
        for document in (d for d, at in zip(documents, fold_of, strict=True) if at == fold):
            scores = model.scores(passage_of(document, tokenizer)) / np.float32(_PER_LOG_ODDS)
            parts = np.split(scores, np.cumsum([len(labels) for labels in FAMILIES.values()])[:-1], axis=1)
            for row, mention in enumerate(document["mentions"]):
                found[str(mention["id"])] = {f: part[row] for f, part in zip(FAMILIES, parts, strict=True)}
    return found


def words_share(family: str, logits: Floats, scores: Floats, truth: Floats) -> float:
    """Say how much a word score counts beside the encoder's logit: what makes held-back labels most probable.

    Args:
        family: sentiment's labels exclude each other.
        logits: (mentions, labels) of the encoder.
        scores: the same shape, of the word model.
        truth: the same shape, 0 or 1.
    """
    both = np.stack([logits, scores], axis=-1).astype(np.float64)

    def surprise(values: npt.NDArray[np.float64]) -> float:
        said = both @ values[:2] + values[2:]
        if family == "sentiment":
            return float(-(truth * log_softmax(said, axis=1)).sum() / len(truth))
        return float((np.logaddexp(0, said) - truth * said).sum() / len(truth))

    n_constants = logits.shape[1] if family == "sentiment" else 1
    by_encoder, by_words, *_ = minimize(surprise, np.concatenate([[1.0, 1.0], np.zeros(n_constants)])).x
    return float(max(0.0, by_words / by_encoder))


def write(folder: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write ``words.npz`` into a model's folder."""
    np.savez_compressed(folder / WORDS, allow_pickle=False, **arrays)


def _pairs(passages: Sequence[Passage]) -> tuple[Ints, Ints]:
    """Row of the mention and term, over all documents."""
    rows, terms, first = [], [], 0
    for passage in passages:
        of_passage = terms_of(passage)
        rows.append(of_passage[0] + first)
        terms.append(of_passage[1])
        first += len(passage.spans)
    return np.concatenate(rows), np.concatenate(terms)


def _matrix(rows: Ints, terms: Ints, kept: Ints, n_mentions: int) -> tuple[Any, Floats]:
    """Each mention's terms, as telling as they are, of length 1 together; and how telling they are."""
    places = np.minimum(np.searchsorted(kept, terms), len(kept) - 1)
    known = kept[places] == terms
    rows, places = rows[known], places[known]
    share = (1 + np.bincount(places, minlength=len(kept))) / (1 + n_mentions)
    idf = (1 - np.log(share)).astype(np.float32)
    values = idf[places]
    length = np.sqrt(np.bincount(rows, values**2, minlength=n_mentions))
    return csr_matrix((values / length[rows], (rows, places)), shape=(n_mentions, len(kept))), idf


def _telling(rows: Ints, terms: Ints, known: Ints, documents: Sequence[Document], n_mentions: int) -> Ints:
    """The terms with the largest χ² over all labels."""
    if len(known) <= MOST_TERMS:
        return known
    from sklearn.feature_selection import chi2

    matrix, _ = _matrix(rows, terms, known, n_mentions)
    best = np.max([chi2(matrix, truth)[0] for truth in _truths(documents).T], axis=0)
    return np.sort(known[np.argsort(-best, kind="stable")[:MOST_TERMS]])


def _truths(documents: Sequence[Document]) -> Floats:
    """(mentions, labels) of all families side by side."""
    mentions = [targets(mention) for document in documents for mention in document["mentions"]]
    tables = []
    for family, labels in FAMILIES.items():
        table = np.zeros((len(mentions), len(labels)), dtype=np.float32)
        for row, said in enumerate(mentions):
            table[row, said[family]] = 1.0
        tables.append(table)
    return np.concatenate(tables, axis=1)


def _fit(matrix: Any, truth: Floats) -> tuple[Floats, float]:
    if truth.all() or not truth.any():
        share = (truth.sum() + 0.5) / (len(truth) + 1)
        return np.zeros(matrix.shape[1], dtype=np.float32), float(np.log(share / (1 - share)))
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", max_iter=_STEPS, random_state=_SEED)
    model.fit(matrix, truth)
    return np.asarray(model.coef_[0], dtype=np.float32), float(model.intercept_[0])
