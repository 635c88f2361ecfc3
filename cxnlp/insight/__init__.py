"""Numbers one may act on, from the views of the warehouse: which weeks count, which way they turn."""

from cxnlp.insight.period import Period, period_of
from cxnlp.insight.turning import turning_week

__all__ = ["Period", "period_of", "turning_week"]
