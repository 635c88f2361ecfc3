"""Numbers one may act on, from the warehouse: which weeks count and turn, how many report what, what moves what."""

from cxnlp.insight.drivers import EFFECTS, drivers
from cxnlp.insight.period import Period, period_of
from cxnlp.insight.rates import RATES, rates
from cxnlp.insight.turning import turning_week

__all__ = ["EFFECTS", "RATES", "Period", "drivers", "period_of", "rates", "turning_week"]
