"""What should be worked on: items with size, trend, severity, quotes and an owner, computed anew every night.

`gather` reads the warehouse's views, `write` keeps what an item already was and `write_evidence` its mentions, `moves`
is what people do with items, `lineage` what becomes of them when themes merge and split, `measure` whether fixes
worked. `read` gives the table in the order of work, `export_csv` gives it to a spreadsheet, `explain` says why an item
comes where it comes. The formulas are in docs/backlog.md.
"""

from cxnlp.backlog import lineage, moves
from cxnlp.backlog.assumptions import assumptions
from cxnlp.backlog.effects import measure
from cxnlp.backlog.export import export_csv, shared, write_whole
from cxnlp.backlog.helped import decided, helped
from cxnlp.backlog.items import BACKLOG, EVIDENCE, Gathered, build, gather, read, write_evidence
from cxnlp.backlog.life import write
from cxnlp.backlog.priority import Part, explain, total
from cxnlp.backlog.quotes import shorten

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
    "shared",
    "shorten",
    "total",
    "write",
    "write_evidence",
    "write_whole",
]
