"""A share beside those before it, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from accounts.wording import gettext_lazy as _
from reports.charts.trend import sparkline
from reports.disclosure import Shown
from reports.indicator import Indicator
from reports.showing import Point


@dataclass(frozen=True)
class Figure:
    """`points`: oldest first; the last one is of the period that was asked for."""

    measure: Indicator
    points: Sequence[Point]

    @property
    def sparkline(self) -> SafeString:
        return sparkline(self.points)

    @property
    def newest_first(self) -> list[tuple[str, Point]]:
        return [(point.period.title, point) for point in reversed(self.points)]

    @property
    def now(self) -> Point:
        return self.points[-1]

    @property
    def before(self) -> Point:
        return self.points[-2]

    @property
    def year_before(self) -> Point:
        wanted = self.now.period.year_before()
        return next(one for one in self.points if one.period == wanted)

    @property
    def change(self) -> str:
        """Such as "up from 42%"."""
        found = change(self.now.share, self.before.share)
        return found if self.before.share.value is not None else _("before: %(before)s") % {"before": found}

    @property
    def year_change(self) -> str:
        return change(self.now.share, self.year_before.share)

    @property
    def arrow(self) -> str:
        """For the eye, beside the words; "" where the two cannot be compared."""
        now, before = self.now.share.value, self.before.share.value
        if now is None or before is None:
            return ""
        return "↑" if now > before else "↓" if now < before else "→"


def change(now: Shown, before: Shown) -> str:
    if before.value is None:
        return before.text
    if now.value is None:
        return _("it was %(before)s") % {"before": before.text}
    if now.value == before.value:
        return _("the same: %(before)s") % {"before": before.text}
    words = _("up from %(before)s") if now.value > before.value else _("down from %(before)s")
    return words % {"before": before.text}
