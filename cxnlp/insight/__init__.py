"""Numbers one may act on: which weeks count and turn, how many say what, what rises, why it moved, what drives what."""

from cxnlp.insight import themes
from cxnlp.insight.alerts import ALERTS, alerts
from cxnlp.insight.daily import DAILY, daily, everywhere
from cxnlp.insight.drivers import EFFECTS, drivers
from cxnlp.insight.period import Period, period_of
from cxnlp.insight.rates import RATES, label_errors, rates
from cxnlp.insight.turning import turning_week

__all__ = [
    "ALERTS",
    "DAILY",
    "EFFECTS",
    "RATES",
    "Period",
    "alerts",
    "daily",
    "drivers",
    "everywhere",
    "label_errors",
    "period_of",
    "rates",
    "themes",
    "turning_week",
]
