"""The tables of screening."""

from screening.models.need import Need, NeedDecision, NeedQuerySet, RuleChoice
from screening.models.screening import COUNTS, Screening, ScreeningQuerySet, whole

__all__ = [
    "COUNTS",
    "Need",
    "NeedDecision",
    "NeedQuerySet",
    "RuleChoice",
    "Screening",
    "ScreeningQuerySet",
    "whole",
]
