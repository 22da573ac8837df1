"""Every figure that reports show, in the order of the page, each with its words beside its function.

Nothing here is shown as it is: pages and exports put every figure through reports/disclosure.py.
"""

from accounts.wording import gettext_lazy as _
from reports.indicator import Indicator, Page, Shape
from reports.indicators import equity
from reports.indicators.rates import HEADLINES, RATES
from reports.indicators.tables import TABLES

__all__ = ["ALL", "BY_CODE", "EQUITY", "HEADLINES", "RATES", "TABLES"]

BY_GROUP = ("coverage", "acted_on", "started", "needs_resolved")
_WORDS = _(
    "The same share for each group of people, as recorded of them now, and beside it the difference from all "
    "others with its 95% interval, worked out from the numbers shown. Age is that of the day that counts. For the "
    "whole organisation only."
)
EQUITY = tuple(
    Indicator(
        f"equity_{one.code}",
        one.title,
        _WORDS,
        Page.EQUITY,
        equity.by_group(one.work),
        Shape.EQUITY,
        standing=one.standing,
        by_quarter=one.by_quarter,
        whole_only=True,
        top=True,
    )
    for one in RATES
    if one.code in BY_GROUP
)
"""Whom some of the shares leave behind."""

ALL = (*RATES, *TABLES, *EQUITY)
BY_CODE = {indicator.code: indicator for indicator in ALL}
