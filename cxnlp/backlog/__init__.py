"""What should be worked on: items with size, trend, severity, quotes and an owner, computed anew every night.

`build` reads the warehouse's views, `write` keeps what an item already was, `moves` is what people do with items,
`read` gives the table in the order of work, `export_csv` gives it to a spreadsheet. The formulas are in
docs/backlog.md.
"""

from cxnlp.backlog import moves
from cxnlp.backlog.export import export_csv, shared, write_whole
from cxnlp.backlog.items import BACKLOG, build, read
from cxnlp.backlog.life import write
from cxnlp.backlog.quotes import shorten

__all__ = ["BACKLOG", "build", "export_csv", "moves", "read", "shared", "shorten", "write", "write_whole"]
