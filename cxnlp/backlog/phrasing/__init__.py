"""Phrases of what customers say, cut out of their sentences by grammar and told in the third person."""

from cxnlp.backlog.phrasing.phrases import phrases, plain
from cxnlp.backlog.phrasing.said import Grammar, Phrase

__all__ = ["Grammar", "Phrase", "phrases", "plain"]
