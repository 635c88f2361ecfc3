"""Cuts feedback into mentions: sentences, and clauses that a contrast or a coordination sets apart.

The stages inside: `turns` cuts a text where no mention may cross (turns of a call, paragraphs, list items), `reading`
lets spaCy read each piece, `clauses` finds where sentences and clauses begin, `borders` keeps the borders that
make sense on the page.
"""

from cxnlp.mentions.split import split

__all__ = ["split"]
