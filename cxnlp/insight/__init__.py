"""Numbers one may act on: which weeks count and turn, how many say what, what rises, why it moved, what drives what."""

from cxnlp.insight import themes
from cxnlp.insight.alerts import ALERTS, alerts
from cxnlp.insight.daily import DAILY, daily, everywhere
from cxnlp.insight.drivers import EFFECTS, drivers
from cxnlp.insight.period import Period, period_of
from cxnlp.insight.rates import RATES, label_errors, rates
from cxnlp.insight.turning import turning_week
from cxnlp.insight.verdicts import VERDICTS, verdicts
from cxnlp.insight.verdicts_counts import FIXES, shipped, shipped_counts
from cxnlp.insight.verdicts_decisions import LONGEST as LONGEST_WATCH

__all__ = [
    "ALERTS",
    "DAILY",
    "EFFECTS",
    "FIXES",
    "LONGEST_WATCH",
    "RATES",
    "VERDICTS",
    "Period",
    "alerts",
    "daily",
    "drivers",
    "everywhere",
    "label_errors",
    "period_of",
    "rates",
    "shipped",
    "shipped_counts",
    "themes",
    "turning_week",
    "verdicts",
]
