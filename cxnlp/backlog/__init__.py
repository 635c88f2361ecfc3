"""What should be worked on: items with size, trend, severity, quotes and an owner, computed anew every night.

`gather` reads the warehouse's views, `write` keeps what it found beside what the items already were, `moves` is what
people do with items, `lineage` what becomes of them when themes merge and split, `measure` whether fixes worked. `read`
gives the table in the order of work, `export_csv` gives it to a spreadsheet, `explain` says why an item comes where it
comes. The formulas are in docs/backlog.md.
"""

from cxnlp.backlog import lineage, moves
from cxnlp.backlog.assumptions import assumptions
from cxnlp.backlog.effects import measure, settle
from cxnlp.backlog.export import export_csv, shared, write_whole
from cxnlp.backlog.helped import decided, helped, shipped
from cxnlp.backlog.items import BACKLOG, EVIDENCE, Gathered, build, gather, read
from cxnlp.backlog.priority import Part, explain, total
from cxnlp.backlog.quotes import shorten
from cxnlp.backlog.writing import write

__all__ = [
    "BACKLOG",
    "EVIDENCE",
    "Gathered",
    "Part",
    "assumptions",
    "build",
    "decided",
    "explain",
    "export_csv",
    "gather",
    "helped",
    "lineage",
    "measure",
    "moves",
    "read",
    "settle",
    "shared",
    "shipped",
    "shorten",
    "total",
    "write",
    "write_whole",
]
