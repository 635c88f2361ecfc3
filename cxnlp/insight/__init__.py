"""Numbers one may act on: which weeks count, which way they turn, how many report what, what rises, why it moved."""

from cxnlp.insight.alerts import ALERTS, alerts
from cxnlp.insight.daily import DAILY, daily, everywhere
from cxnlp.insight.period import Period, period_of
from cxnlp.insight.rates import RATES, label_errors, rates
from cxnlp.insight.turning import turning_week

__all__ = [
    "ALERTS",
    "DAILY",
    "RATES",
    "Period",
    "alerts",
    "daily",
    "everywhere",
    "label_errors",
    "period_of",
    "rates",
    "turning_week",
]
