"""What nights that are forked have loaded already: word lists and spaCy's pipelines, nothing that starts threads."""

import pipelines.nightly  # noqa: F401
from cxnlp.feedback import language
from cxnlp.feedback.masking import lexicon, recogniser
from cxnlp.mentions import reading

recogniser.load()
lexicon.lookup("a")
reading._parser()
language.detect("This is a text in English.")
