"""The table of steps: from which states, to which, by whom, with what evidence, and whether the person is told.

Pure. Buttons, the API's available actions, the actions' guards and the diagram in the documentation come from
here; what is not in the table is refused. A clock that runs out is no step: it never changes a state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.wording import gettext_lazy as _
from referrals import asked
from referrals.evidence import Evidence
from referrals.followup import Clock
from referrals.states import ENDED, OPEN, ActionWith, Status, clock_of, whose_move
from referrals.who import (
    LEAD_OR_ADMIN,
    PERSON,
    PROVIDER,
    PROVIDER_OR_LINK,
    PROVIDERS_SUPPORT_WORKER,
    REFERRER,
    REFERRERS_ADMIN,
    STAFF_OF_EITHER,
    Side,
    Who,
)


@dataclass(frozen=True)
class Step:
    """`evidence` is typed with the step; `facts` must hold before it; `message` tells the person of it."""

    name: str
    label: str
    """On the button."""
    done: str
    """In the history."""
    who: Who
    sources: frozenset[Status]
    target: Status
    evidence: tuple[Evidence, ...] = ()
    facts: tuple[str, ...] = ()
    primary_from: frozenset[Status] = frozenset()
    """States in which this is what usually comes next."""
    message: str = ""
    """"" where the person is not told, because they said so themselves or nothing changes for them."""

    @property
    def side(self) -> Side:
        return self.who.side

    @property
    def roles(self) -> frozenset[str]:
        return self.who.roles

    @property
    def action_with(self) -> ActionWith | None:
        """Whose move it is afterwards."""
        return whose_move(self.target)

    @property
    def clock(self) -> Clock | None:
        """The clock that runs afterwards."""
        return clock_of(self.target)

    @property
    def ends(self) -> bool:
        """Whatever was queued before about the referral must not go out any more."""
        return self.target in ENDED

    @property
    def tells_person(self) -> bool:
        return bool(self.message)

    def message_after(self, source: Status | None, evidence: Mapping[str, Any]) -> str:
        """The message that the person is owed, "" for none.

        None about a draft that ends, which the person never heard was sent; none after an answer that says so:
        nothing is written to somebody who died.
        """
        if source is Status.DRAFT and self.ends:
            return ""
        chosen = (
            reason for one in self.evidence for reason in one.choices if evidence.get(one.name) == reason.code
        )
        return "" if any(reason.silent for reason in chosen) else self.message


def _states(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


DRAFT_FACTS = ("need_agreed", "offer_open", "only_open_referral", "not_parked")
SEND_FACTS = (
    *DRAFT_FACTS,
    "consent_in_force",
    "contact_plan_answered",
    "preferred_channel",
    "fallback_channel",
    "adjustments_answered",
)
TRIED_ENOUGH = ("tried_three_times", "tried_two_channels", "tried_two_days", "tried_letter_or_visit")

REOPENED_FROM = _states(Status.CLOSED, Status.WITHDRAWN, Status.CANCELLED)

_TABLE = (
    Step(
        name="draft",
        label=_("Start a referral"),
        done=_("Started"),
        who=REFERRER,
        sources=_states(),
        target=Status.DRAFT,
        evidence=(asked.OFFER,),
        facts=DRAFT_FACTS,
    ),
    Step(
        name="send",
        label=_("Send"),
        done=_("Sent"),
        who=REFERRER,
        sources=_states(Status.DRAFT),
        target=Status.SENT,
        facts=SEND_FACTS,
        primary_from=_states(Status.DRAFT),
        message="referral_sent",
    ),
    Step(
        name="acknowledge",
        label=_("Acknowledge"),
        done=_("Acknowledged"),
        who=PROVIDER_OR_LINK,
        sources=_states(Status.SENT),
        target=Status.ACKNOWLEDGED,
        primary_from=_states(Status.SENT),
    ),
    Step(
        name="ask",
        label=_("Ask a question"),
        done=_("Asked a question"),
        who=PROVIDER_OR_LINK,
        sources=_states(Status.SENT, Status.ACKNOWLEDGED),
        target=Status.MORE_INFO,
        evidence=(asked.QUESTION,),
    ),
    Step(
        name="answer",
        label=_("Answer the question"),
        done=_("Answered"),
        who=REFERRER,
        sources=_states(Status.MORE_INFO),
        target=Status.ACKNOWLEDGED,
        evidence=(asked.ANSWER,),
        primary_from=_states(Status.MORE_INFO),
    ),
    Step(
        name="accept",
        label=_("Accept"),
        done=_("Accepted"),
        who=PROVIDER_OR_LINK,
        sources=_states(Status.SENT, Status.ACKNOWLEDGED, Status.WAITING),
        target=Status.ACCEPTED,
        evidence=(asked.NAMED_WORKER,),
        primary_from=_states(Status.ACKNOWLEDGED, Status.WAITING),
        message="accepted",
    ),
    Step(
        name="wait_list",
        label=_("Put on the waiting list"),
        done=_("Put on the waiting list"),
        who=PROVIDER,
        sources=_states(Status.SENT, Status.ACKNOWLEDGED),
        target=Status.WAITING,
        evidence=(asked.EXPECTED_ON,),
        message="waiting_list",
    ),
    Step(
        name="decline",
        label=_("Decline"),
        done=_("Declined"),
        who=PROVIDER_OR_LINK,
        sources=_states(
            Status.SENT,
            Status.ACKNOWLEDGED,
            Status.MORE_INFO,
            Status.WAITING,
            Status.ACCEPTED,
            Status.ACTIVE,
        ),
        target=Status.DECLINED,
        evidence=(asked.WHY_DECLINED, asked.WORDS, asked.PROPOSED_OFFER),
        message="declined_next_step",
    ),
    Step(
        name="reroute",
        label=_("Choose what comes next"),
        done=_("Chose what comes next"),
        who=REFERRER,
        sources=_states(Status.DECLINED),
        target=Status.REROUTED,
        evidence=(asked.NEW_OFFER, asked.NO_OFFER_FITS),
        primary_from=_states(Status.DECLINED),
    ),
    Step(
        name="start",
        label=_("Start"),
        done=_("Started work with the person"),
        who=PROVIDER,
        sources=_states(Status.ACCEPTED),
        target=Status.ACTIVE,
        evidence=(asked.SUCCESSFUL_CONTACT, asked.HANDOVER_PRESENT),
        primary_from=_states(Status.ACCEPTED),
    ),
    Step(
        name="deliver",
        label=_("Record what was given"),
        done=_("Gave the help"),
        who=PROVIDER_OR_LINK,
        sources=_states(Status.ACTIVE),
        target=Status.DELIVERED,
        evidence=(asked.GIVEN, asked.NEED_OUTCOMES),
        primary_from=_states(Status.ACTIVE),
    ),
    Step(
        name="close",
        label=_("Close with an outcome"),
        done=_("Closed"),
        who=STAFF_OF_EITHER,
        sources=_states(Status.DELIVERED),
        target=Status.CLOSED,
        evidence=(asked.OUTCOME, asked.WHOSE_WORD, asked.HEARD_BY, asked.WORDS),
        primary_from=_states(Status.DELIVERED),
        message="closed",
    ),
    Step(
        name="could_not_reach",
        label=_("Close: could not reach the person"),
        done=_("Closed: could not reach the person"),
        who=PROVIDERS_SUPPORT_WORKER,
        sources=_states(Status.ACCEPTED, Status.ACTIVE),
        target=Status.CLOSED,
        facts=(*TRIED_ENOUGH, "safety_answered"),
        message="door_is_open",
    ),
    Step(
        name="withdraw",
        label=_("The person does not want it"),
        done=_("Withdrawn by the person"),
        who=PERSON,
        sources=OPEN,
        target=Status.WITHDRAWN,
        evidence=(asked.HOW_SAID, asked.WORDS),
    ),
    Step(
        name="cancel",
        label=_("Cancel"),
        done=_("Cancelled"),
        who=REFERRER,
        sources=_states(Status.DRAFT, Status.SENT, Status.ACKNOWLEDGED, Status.MORE_INFO, Status.WAITING),
        target=Status.CANCELLED,
        evidence=(asked.WHY_CANCELLED, asked.WORDS),
        message="cancelled",
    ),
    Step(
        name="reopen",
        label=_("Open again: the provider decides again"),
        done=_("Opened again"),
        who=LEAD_OR_ADMIN,
        sources=REOPENED_FROM,
        target=Status.SENT,
        evidence=(asked.WHY_REOPENED, asked.WORDS),
        facts=SEND_FACTS,
        message="referral_sent",
    ),
    Step(
        name="reopen_accepted",
        label=_("Open again as accepted"),
        done=_("Opened again as accepted"),
        who=LEAD_OR_ADMIN,
        sources=REOPENED_FROM,
        target=Status.ACCEPTED,
        evidence=(asked.WHY_REOPENED, asked.WORDS),
        facts=(*SEND_FACTS, "accepted_before"),
        message="accepted",
    ),
    Step(
        name="mark_error",
        label=_("Mark as made in error"),
        done=_("Marked as made in error"),
        who=REFERRERS_ADMIN,
        sources=frozenset(Status) - {Status.ENTERED_IN_ERROR},
        target=Status.ENTERED_IN_ERROR,
        evidence=(asked.WHY_AN_ERROR, asked.SECOND_PERSON, asked.WRONG_PERSON),
        facts=("second_person",),
    ),
)

STEPS: dict[str, Step] = {step.name: step for step in _TABLE}
