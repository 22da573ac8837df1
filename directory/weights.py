"""What each reason is worth when offers are ranked: the one table to read, argue about and try changes on.

Pure. In every row: fits ≥ not known ≥ does not fit, so that what nobody recorded never passes for a fit.
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple

FAR_KM = 5  # about half an hour by bus across South London
LONG_WAIT_DAYS = 14
CONFIRM_AFTER_DAYS = 90
HIDE_AFTER_DAYS = 180

# Help that comes to the person counts like a place some way off: a near place to go out to comes first,
# unless the person asks for help at home or finds it hard to get there.
HOME_SHARE = 0.75
REMOTE_SHARE = 0.5

# The usual way to give a kind of support, where the person has not said how they would like it.
USUAL_WAY = {"first_steps": "one"}


class Verdict(IntEnum):
    """What a finding says; its number is the column of WEIGHTS that counts."""

    FITS = 0
    MISFIT = 1
    ASK = 2


FITS, MISFIT, ASK = Verdict


class Weight(NamedTuple):
    fits: float
    misfit: float
    ask: float


WEIGHTS: Mapping[str, Weight] = MappingProxyType(
    {
        #                       fits  does not  not known
        "eligible":     Weight(  0.0,  -0.5,  -0.5),  # certainly not eligible is refused before this
        "format":       Weight(  6.0,  -3.0,  -1.0),  # shared among what was asked: how, where, manner
        "peer":         Weight(  3.0,  -1.5,  -0.5),  # asked for someone who has been unwell too
        "usual_way":    Weight(  2.0,   0.0,   0.0),  # the kind's usual way, where nothing was asked
        "pace":         Weight(  3.0,  -3.0,  -0.5),  # low energy most days
        "distance":     Weight(  5.0,  -8.0,  -1.0),  # from all of it next door to half at FAR_KM
        "travel_cost":  Weight(  2.0,  -2.0,  -0.5),  # the cost of travel is hard
        "wait_asked":   Weight(  4.0,  -4.0,  -1.0),  # a long wait is hard
        "wait":         Weight(  1.0,  -1.0,  -0.25),
        "room":         Weight(  2.0,  -2.0,  -0.5),
        "access":       Weight(  4.0,  -5.0,  -1.0),  # each of step-free, hearing, sight, where needed
        "language":     Weight(  4.0,  -2.0,  -1.0),
        "warm_handover": Weight( 3.0,  -3.0,  -0.5),  # going alone, or new people, is hard
        "crowds":       Weight(  2.0,  -2.0,  -0.5),
        "caring":       Weight(  2.0,  -1.0,  -0.5),
        "times":        Weight(  0.0,   0.0,   0.0),  # said, never counted: words cannot be compared
        "cost":         Weight(  1.5,  -1.5,  -0.5),
        "confirmed":    Weight(  0.0,  -1.0,  -1.0),
    }
)  # fmt: skip
