"""The morning's page: one self-contained HTML file that says in words and numbers what customers report.

`render` reads a snapshot and returns the page, `write` puts it in place as a whole. `look` and `draw` are its two
halves; `draw_wordless` draws the page that stays in the archive. docs/page.md shows what is on it.
"""

from cxnlp.report.page import Look, draw, draw_wordless, look, render, write

__all__ = ["Look", "draw", "draw_wordless", "look", "render", "write"]
