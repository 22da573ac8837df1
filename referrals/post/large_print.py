"""Who gets letters in large print: whoever said so, or took a plan in it."""

import re

from people.models import ServiceUser
from referrals.models import GivenPlan

ASKED = re.compile(
    r"large\s*print|(?:large|larger|big|bigger)\s+(?:print|letters|type|font|text)|braille|sight", re.I
)


def wanted(person: ServiceUser) -> bool:
    """By the communication needs on the record, or the form of the last plan on paper."""
    if ASKED.search(person.communication_needs):
        return True
    last = person.plans_given.order_by("-given_at", "-id").values_list("form", flat=True).first()
    return last == GivenPlan.Form.LARGE
