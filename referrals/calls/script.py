"""What to say on the phone and what not, in plain words: the plan decides, not the mood of the day.

Pure.
"""

from collections.abc import Iterator

from accounts.wording import gettext_lazy as _
from people.contact_plan import Plan


def to_say(plan: Plan, *, called: str, worker: str, sender: str) -> list[str]:
    """`worker`: a first name. `sender`: the name that the organisation signs its messages with."""
    return [str(line) for line in _to_say(plan, called, worker, sender)]


def _to_say(plan: Plan, called: str, worker: str, sender: str) -> Iterator[str]:
    yield _("“Hello. May I speak to %(called)s, please?”") % {"called": called}
    yield _("Wait until you know that it is them. Then: “My name is %(worker)s.”") % {"worker": worker}
    if plan.may_name_service and sender:
        yield _("“I am ringing from %(sender)s. Is this a good time?”") % {"sender": sender}
    else:
        yield _("“You said that it is all right to ring you. Is this a good time, and can you talk?”")
    yield _("Tell them one thing at a time. Ask whether they want to know more.")
    yield _("“Shall I ring again, or would another way be better?”")


def to_somebody_else(plan: Plan) -> list[str]:
    """Also where the plan lets the service be named: that was agreed with the person, and not with whoever
    lives there."""
    return [
        str(_("“Thank you, I will try again later.” No more than that.")),
        str(_("Do not say who you are from, or what it is about. Leave no message.")),
    ]


def to_a_machine(plan: Plan, *, called: str, worker: str) -> list[str]:
    if not plan.takes_voicemail:
        return [str(_("Never leave a voicemail: hang up."))]
    words = _("A voicemail is fine: “Hello, this is %(worker)s for %(called)s. I will ring again.”")
    return [str(words % {"worker": worker, "called": called}), str(_("Say nothing else."))]


def never_say(plan: Plan) -> list[str]:
    lines = [
        _("Do not speak of mental health unless the person does."),
        *([] if plan.may_name_service else [_("Do not say which service is calling.")]),
    ]
    return [str(line) for line in lines]
