"""Numbers one may act on, from the warehouse: which weeks count, which way they turn, how many report what."""

from cxnlp.insight.period import Period, period_of
from cxnlp.insight.rates import RATES, label_errors, rates
from cxnlp.insight.turning import turning_week

__all__ = ["RATES", "Period", "label_errors", "period_of", "rates", "turning_week"]
