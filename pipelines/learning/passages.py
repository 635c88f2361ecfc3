"""Labelled documents, cut into tokens as they are cut at run time."""

from collections.abc import Mapping
from typing import Any

from tokenizers import Tokenizer

from cxnlp.tags.windows import Passage, prepare

Document = Mapping[str, Any]


def passage_of(document: Document, tokenizer: Tokenizer) -> Passage:
    """Return the tokens of a document (``text``, ``mentions``) and which of them stand in which mention."""
    spans = [(m["start"], m["end"], m.get("speaker")) for m in document["mentions"]]
    (passage,) = prepare([document["text"]], [spans], tokenizer)
    return passage
