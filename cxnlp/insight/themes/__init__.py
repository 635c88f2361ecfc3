"""Themes: what people talk about within a moment, in wishes, and outside every moment.

`grow` does the night's work; `edits` keeps what analysts decided. docs/themes.md says how, and how well it holds.
"""

from cxnlp.insight.themes import edits
from cxnlp.insight.themes.night import grow

__all__ = ["edits", "grow"]
