"""The morning's page: one self-contained HTML file that says in words and numbers what customers report.

`render` reads a snapshot and returns the page, `write` puts it in place as a whole. docs/page.md shows what is on it.
"""

from cxnlp.report.page import render, write

__all__ = ["render", "write"]
