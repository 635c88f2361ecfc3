"""The ABACUS action plan: per stage what is critical, what works, what to fix, by whom, until when, how it is measured.

`read` takes it from a snapshot, `render` makes the page and `workbook` the spreadsheet of it.
"""

from cxnlp.report.plan.content import Plan, Stage, read
from cxnlp.report.plan.page import render
from cxnlp.report.plan.sheet import workbook

__all__ = ["Plan", "Stage", "read", "render", "workbook"]
