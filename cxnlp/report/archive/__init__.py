"""The archive: each night's page without a customer's word, and a calendar that leads to them."""

from cxnlp.report.archive.pages import add, clear, sweep

__all__ = ["add", "clear", "sweep"]
