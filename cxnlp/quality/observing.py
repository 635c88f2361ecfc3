"""What a model says of labelled mentions, laid beside what people said: the arrays that scores come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxnlp.quality.labelled import KEYS, Document, Labels
from cxnlp.quality.scoring import Floats, Ints, owners, truth_of
from cxnlp.tags import Tagger


@dataclass(frozen=True)
class Observed:
    """Truth and votes, family by family: (mentions, labels) of 0 and 1; sentiment as one column of -2 … 2."""

    labels: Labels  # the columns: what a file may use and what the model gives
    owner: Ints  # the place of each mention's document
    truth: Mapping[str, Floats]
    said: Mapping[str, Floats]  # yes of the model or of a rule
    model: Mapping[str, Floats]  # yes of the model
    unsure: Mapping[str, Floats]  # of the model
    rules: Mapping[str, Floats]  # yes of a rule
    shares: Mapping[str, Floats]  # probabilities; sentiment has five columns; 0 where the model has no such label


def observe(documents: Sequence[Document], tagger: Tagger, labels: Labels) -> Observed:
    """Tag the labelled mentions of ``documents``, just where people labelled them."""
    wide = {f: tuple(dict.fromkeys([*labels[f], *tagger.labels.get(f, ())])) for f in labels}
    spans = [[(m["start"], m["end"], m.get("speaker")) for m in d["mentions"]] for d in documents]
    n = sum(map(len, spans))
    model, unsure, rules, shares = ({f: np.zeros((n, len(of))) for f, of in wide.items()} for _ in range(4))
    place = {(family, label): at for family, of in wide.items() for at, label in enumerate(of)}
    columns = {family: [place[family, label] for label in of] for family, of in tagger.labels.items()}
    first = 0
    for read, of_document in zip(tagger.read([d["text"] for d in documents], spans), spans, strict=True):
        for family, found in read.shares.items():
            shares[family][first : first + len(of_document), columns[family]] = found
        for vote in read.model:
            to = model if vote.decision == "yes" else unsure
            to[vote.family][first + vote.mention, place[vote.family, vote.label]] = 1
        for vote in read.rules:
            if vote.decision == "yes":
                rules[vote.family][first + vote.mention, place[vote.family, vote.label]] = 1
        first += len(of_document)
    strengths = np.array([float(label) for label in wide["sentiment"]])
    said = {family: np.maximum(model[family], rules[family]) for family in KEYS}
    said["sentiment"] = strengths[shares["sentiment"].argmax(1)][:, None]
    return Observed(wide, owners(documents), truth_of(documents, wide), said, model, unsure, rules, shares)
