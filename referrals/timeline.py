"""All that happened with a referral, newest first: steps, tries, appointments, loans, notes, and messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from people.contact_plan import way_in_words
from people.london import at_london, london_day
from referrals.coded import label_of, next_action_of
from referrals.gathering import ANSWERED_SAFETY, ASKED_SAFETY, PROPOSED, SAID
from referrals.lifecycle import STEPS
from referrals.messages import TEMPLATES, time_in_words
from referrals.models import CaseNote, Referral, ReferralEvent
from referrals.parking import LIFTED
from referrals.reasons import HEARD_BY, HOW_SAID, OUTCOME, REACHED_BY, SAFETY_ANSWER, WHOSE_WORD, Reason
from referrals.support_steps import APPOINTMENT_STEPS

OTHER_EVENTS = {
    "draft": _("Started"),
    "revise": _("Draft changed"),
    "keep_waiting": _("Looked at the wait again"),
    "pause": _("Contact paused"),
    "resume": _("Contact goes on"),
    "assign": _("Given to somebody else to look after"),
    PROPOSED: _("Said to be made in error"),
    ASKED_SAFETY: _("Asked a clinician: is there any safety concern?"),
    ANSWERED_SAFETY: _("A clinician answered"),
    LIFTED: _("May be asked again before the day"),
    SAID: _("The person said what came of it"),
}
SPOKEN = {
    "question": _("Question"),
    "answer": _("Answer"),
    "given": _("Given"),
    "clinician_name": _("Clinician asked"),
    "handover_present": _("At the handover"),
    "expected_on": _("Expected on"),
}
"""Evidence that is shown as it was typed."""
CODED: dict[str, tuple[Reason, ...]] = {
    "outcome": OUTCOME,
    "whose_word": WHOSE_WORD,
    "heard_by": HEARD_BY,
    "safety_answer": SAFETY_ANSWER,
    "how_said": HOW_SAID,
    "successful_contact": REACHED_BY,
}


@dataclass(frozen=True)
class Entry:
    """`when` it happened; `recorded` only where that was another day."""

    when: datetime
    kind: str
    what: str
    who: str = ""
    words: tuple[str, ...] = ()
    recorded: datetime | None = None
    day_only: bool = False
    """Only the day is known."""


def timeline(referral: Referral, *, for_provider: bool, own_words_of: UUID | None = None) -> list[Entry]:
    """`own_words_of`: an organisation that may read no words any more but those that it wrote itself."""
    entries = [
        *_events(referral, for_provider, own_words_of),
        *_attempts(referral, own_words_of),
        *_appointments(referral),
        *_loans(referral),
        *_notes(referral, own_words_of),
        *_messages(referral),
        *_incidents(referral, for_provider),
    ]
    entries.sort(key=lambda entry: entry.when)
    return entries[::-1]  # not sorted in reverse: of two at one moment the one written down later comes first


NOT_FOR_PROVIDERS = {PROPOSED, LIFTED, "draft", "revise"}
"""What happened on the referrer's side alone."""

ANSWERS_TO = {"answer": "ask", "reroute": "decline"}


def before(referral: Referral, action: str) -> list[str]:
    """What a step answers to: the provider's question, or why it declined and what is advised then."""
    event = referral.events.filter(step=ANSWERS_TO.get(action, "")).order_by("-id").first()
    if event is None:
        return []
    advice = [next_action_of(event).sentence] if event.step == "decline" else []
    return [*_said(referral, event), *advice]


def _is_own(by: Membership | None, organisation: UUID | None) -> bool:
    return organisation is None or (by is not None and by.organisation_id == organisation)


def notes_shown(referral: Referral, own_words_of: UUID | None) -> list[CaseNote]:
    notes = referral.notes.select_related("written_by__user", "written_by__team").prefetch_related("corrections")
    return [note for note in notes if _is_own(note.written_by, own_words_of)]


def events_shown(referral: Referral, *, for_provider: bool) -> list[ReferralEvent]:
    events = referral.events.select_related("by__user", "by__team", "referral__provider")
    return [event for event in events if not (for_provider and is_of_the_referrer_alone(event))]


def is_of_the_referrer_alone(event: ReferralEvent) -> bool:
    return event.step in NOT_FOR_PROVIDERS or (event.step == "assign" and "kept_by" in event.evidence)


def may_read(event: ReferralEvent, own_words_of: UUID | None) -> bool:
    return _is_own(event.by, own_words_of)


def _events(referral: Referral, for_provider: bool, own_words_of: UUID | None) -> Iterable[Entry]:
    events = events_shown(referral, for_provider=for_provider)
    names = _names(events)
    for event in events:
        late = london_day(event.recorded_at) != london_day(event.happened_at)
        yield Entry(
            when=event.happened_at,
            kind="step",
            what=what_happened(event),
            who=_signed(event),
            words=(*names.get(event.pk, ()), *_said(referral, event)) if may_read(event, own_words_of) else (),
            recorded=event.recorded_at if late else None,
        )


def _names(events: Iterable[ReferralEvent]) -> dict[int, list[str]]:
    """To whom each was given that was given to anybody. One query, and none where nothing was."""
    given = {
        event.pk: event.evidence.get("named_worker") or event.evidence.get("kept_by")
        for event in events
        if event.step == "assign"
    }
    if not given:
        return {}
    members = Membership.objects.filter(pk__in=[pk for pk in given.values() if pk]).select_related("user")
    known = {str(one.pk): one.user.name for one in members}
    back = _("Back with the team, with nobody named")
    return {event: [known.get(pk, "") if pk else back] for event, pk in given.items()}


def what_happened(event: ReferralEvent) -> str:
    step = STEPS.get(event.step)
    return OTHER_EVENTS.get(event.step) or (step.done if step else event.step)


def _signed(event: ReferralEvent) -> str:
    if event.link_id:
        return _by_link(event.referral)
    name = event.by.user.name if event.by else _("The system")
    way = "" if event.source in {"screen", "api"} else f", {event.get_source_display().lower()}"
    return f"{name}, {event.by.team}{way}" if event.by else name


def _by_link(referral: Referral) -> str:
    return _("%(provider)s, by the link that it was sent") % {"provider": referral.provider}


def _said(referral: Referral, event: ReferralEvent) -> Iterable[str]:
    if event.reason_code:
        yield label_of(referral, event.step, event.reason_code)
    for name, choices in CODED.items():
        if code := event.evidence.get(name):
            yield next((reason.label for reason in choices if reason.code == code), code)
    for name, label in SPOKEN.items():
        if text := event.evidence.get(name):
            yield f"{label}: {text}"
    if event.words:
        yield event.words


def _attempts(referral: Referral, own_words_of: UUID | None) -> Iterable[Entry]:
    for attempt in referral.contact_attempts.select_related("recorded_by__user", "recorded_by__team"):
        words = attempt.words if _is_own(attempt.recorded_by, own_words_of) else ""
        yield Entry(
            attempt.happened_at,
            "contact",
            f"{attempt.get_channel_display()}: {attempt.get_result_display().lower()}",
            attempt.recorded_by.user.name,
            (words,) if words else (),
        )


def _appointments(referral: Referral) -> Iterable[Entry]:
    for booked in referral.appointments.select_related("created_by__user", "outcome_by__user"):
        when = time_in_words(booked.starts_at)
        yield Entry(
            booked.created_at, "appointment", _("Booked: %(when)s") % {"when": when}, booked.created_by.user.name
        )
        if booked.outcome_at:
            came_of_it = APPOINTMENT_STEPS[booked.status].label
            yield Entry(
                booked.outcome_at,
                "appointment",
                _("Appointment of %(when)s: %(came_of_it)s") % {"when": when, "came_of_it": came_of_it.lower()},
                booked.outcome_by.user.name if booked.outcome_by else _by_link(referral),
                (booked.reason,) if booked.reason else (),
            )


def _loans(referral: Referral) -> Iterable[Entry]:
    for loan in referral.loans.select_related("reserved_by__user"):
        yield Entry(
            loan.reserved_at,
            "loan",
            _("%(item)s reserved: %(loan)s") % {"item": loan.get_item_display(), "loan": loan},
            loan.reserved_by.user.name,
        )
        for day, words in (
            (loan.handed_over_on, _("%(item)s handed over: %(loan)s")),
            (loan.ended_on, _("%(item)s no longer lent: %(loan)s")),
        ):
            if day:
                what = words % {"item": loan.get_item_display(), "loan": loan}
                yield Entry(at_london(day, time(12)), "loan", what, loan.signed_or_witnessed, day_only=True)


def _notes(referral: Referral, own_words_of: UUID | None) -> Iterable[Entry]:
    for note in notes_shown(referral, own_words_of):
        title = _("Note, corrects an earlier one") if note.corrects_id else _("Note")
        yield Entry(note.written_at, "note", title, note.written_by.user.name, (note.text,))


def _messages(referral: Referral) -> Iterable[Entry]:
    """Each with its receipt; what was never to be sent is not news."""
    for message in referral.reminders.exclude(status__in=["refused", "cancelled", "stale"]):
        yield Entry(
            message.settled_at or message.sent_at or message.queued_at,
            "message",
            _("%(channel)s to the person, “%(news)s”: %(state)s")
            % {
                "channel": way_in_words(message.channel).capitalize(),
                "news": TEMPLATES[message.template],
                "state": message.get_status_display().lower(),
            },
        )


def _incidents(referral: Referral, for_provider: bool) -> Iterable[Entry]:
    """A provider reads of those that it told of itself, and of no others."""
    for row in referral.incidents.select_related("recorded_by__user", "recorded_by__team"):
        if not for_provider or row.recorded_by.organisation_id == referral.provider_id:
            what = _("Went wrong: %(what)s") % {"what": row.get_kind_display()}
            yield Entry(row.recorded_at, "incident", what, row.recorded_by.user.name, (row.what,))
