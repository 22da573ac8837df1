"""Stages, one under another, each a part of the one before: bars in the middle that grow shorter."""

from django.utils.safestring import SafeString

from accounts.wording import gettext_lazy as _
from reports import disclosure
from reports.charts.bars import Bar
from reports.charts.parts import BAR, GAP, LINE, box, frame, label, label_lines
from reports.disclosure import Shown


def funnel(title: str, stages: list[Bar]) -> SafeString:
    """Each stage a part of the one before it, with that share in words: from the figures shown."""
    most = max((stage.shown.value or 0 for stage in stages), default=0) or 1
    drawn, height = [], 0
    for place, stage in enumerate(stages):
        before = stages[place - 1].shown if place else None
        lines = label_lines(_stage_words(stage, before))
        width = 100 * (stage.shown.value or 0) / most
        drawn += [label(height, lines), box((100 - width) / 2, width, height + LINE * len(lines), BAR)]
        height += LINE * len(lines) + BAR + GAP
    return frame(title, height, drawn)


def _stage_words(stage: Bar, before: Shown | None) -> str:
    said = {"stage": stage.label, "figure": stage.shown.text}
    share = disclosure.share(stage.shown, before) if before else None
    if share is None or share.value is None:
        return _("%(stage)s: %(figure)s") % said
    return _("%(stage)s: %(figure)s (%(share)s of those before)") % {**said, "share": share.text}
