"""Numbers one may act on, from the warehouse: which weeks count, which way they turn, how many report what."""

from cxnlp.insight import themes
from cxnlp.insight.period import Period, period_of
from cxnlp.insight.rates import RATES, rates
from cxnlp.insight.turning import turning_week

__all__ = ["RATES", "Period", "period_of", "rates", "themes", "turning_week"]
