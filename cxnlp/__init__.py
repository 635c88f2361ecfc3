"""cxnlp: how a company's moments of truth feel to its customers, read from what they write and say."""

__version__ = "0.1.0"
