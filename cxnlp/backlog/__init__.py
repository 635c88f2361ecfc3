"""What should be worked on: items with size, trend, severity, quotes and an owner, computed anew every night.

`gather` reads the warehouse's views, `write` keeps what an item already was and `write_evidence` its mentions, `read`
gives the table in the order of work, `export_csv` gives it to a spreadsheet, `explain` says why an item comes where it
comes. The formulas are in docs/backlog.md.
"""

from cxnlp.backlog.assumptions import assumptions
from cxnlp.backlog.export import export_csv, shared, write_whole
from cxnlp.backlog.items import BACKLOG, EVIDENCE, Gathered, build, gather, read, write, write_evidence
from cxnlp.backlog.priority import Part, explain, total
from cxnlp.backlog.quotes import shorten

__all__ = [
    "BACKLOG",
    "EVIDENCE",
    "Gathered",
    "Part",
    "assumptions",
    "build",
    "explain",
    "export_csv",
    "gather",
    "read",
    "shared",
    "shorten",
    "total",
    "write",
    "write_evidence",
    "write_whole",
]
