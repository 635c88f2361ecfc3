"""One row per mention, family, label and voter, with probability and evidence: the encoder's heads and the rules.

`Tagger` tags frames, `tag_documents` tags JSON documents; `ModelError` says why a model cannot be used.
"""

from cxnlp.tags.artefacts import ModelError
from cxnlp.tags.documents import tag_documents
from cxnlp.tags.tagger import Tagger

__all__ = ["ModelError", "Tagger", "tag_documents"]
