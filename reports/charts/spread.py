"""How long people waited: half within so many days, and nine in ten within so many more."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.wording import gettext_lazy as _
from reports.charts.parts import BAR, LINE, box, frame, label
from reports.disclosure import Shown

LONGEST = 95


def spread(title: str, half: Shown, nine_in_ten: Shown, scale: int) -> SafeString | None:
    """`scale`: the days that the whole width stands for. None where the days are held back."""
    if half.value is None or nine_in_ten.value is None:
        return None
    middle, end = (LONGEST * min(one.value or 0, scale) / scale for one in (half, nine_in_ten))
    top = LINE
    line = format_html(
        '<line x1="{0}%" x2="{1}%" y1="{2}" y2="{2}" class="dx-chart__range"/>'
        '<line x1="{1}%" x2="{1}%" y1="{3}" y2="{4}" class="dx-chart__range"/>',
        f"{middle:.1f}",
        f"{end:.1f}",
        top + BAR // 2,
        top,
        top + BAR,
    )
    above = label(0, [_("Half within %(days)s") % {"days": half.text}])
    below = label(top + BAR, [_("Nine in ten within %(days)s") % {"days": nine_in_ten.text}])
    scale_words = label(
        top + BAR + LINE, [_("The width of this chart is %(days)s days.") % {"days": scale}], "small"
    )
    return frame(title, top + BAR + 2 * LINE + 4, [above, box(0, middle, top, BAR), line, below, scale_words])
