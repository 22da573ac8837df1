"""All that happened with a referral, newest first: steps, tries, appointments, loans, notes, and messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Membership
from people.london import london_day
from referrals.coded import label_of, reasons_for
from referrals.gathering import PROPOSED
from referrals.lifecycle import STEPS
from referrals.messages import TEMPLATES, time_in_words
from referrals.models import CaseNote, Referral, ReferralEvent
from referrals.reasons import HOW_SAID, OUTCOME, REACHED_BY, WHOSE_WORD, Reason
from referrals.support_steps import APPOINTMENT_STEPS

OTHER_EVENTS = {
    "draft": "Started",
    "revise": "Draft changed",
    "keep_waiting": "Looked at the wait again",
    "pause": "Contact paused",
    "resume": "Contact goes on",
    PROPOSED: "Said to be made in error",
}
SPOKEN = {
    "question": "Question",
    "answer": "Answer",
    "given": "Given",
    "handover_present": "At the handover",
    "expected_on": "Expected on",
}
"""Evidence that is shown as it was typed."""
CODED: dict[str, tuple[Reason, ...]] = {
    "outcome": OUTCOME,
    "whose_word": WHOSE_WORD,
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


def timeline(referral: Referral, *, for_provider: bool, own_words_of: UUID | None = None) -> list[Entry]:
    """`own_words_of`: an organisation that may read no words any more but those that it wrote itself."""
    entries = [
        *_events(referral, for_provider, own_words_of),
        *_attempts(referral, own_words_of),
        *_appointments(referral),
        *_loans(referral),
        *_notes(referral, own_words_of),
        *_messages(referral),
    ]
    entries.sort(key=lambda entry: entry.when)
    return entries[::-1]  # not sorted in reverse: of two at one moment the one written down later comes first


NOT_FOR_PROVIDERS = {PROPOSED, "draft", "revise"}
"""What happened on the referrer's side alone."""

ANSWERS_TO = {"answer": "ask", "reroute": "decline"}


def before(referral: Referral, action: str) -> list[str]:
    """What a step answers to: the provider's question, or why it declined and what is advised then."""
    event = referral.events.filter(step=ANSWERS_TO.get(action, "")).order_by("-id").first()
    if event is None:
        return []
    reason = (reasons_for(referral, event.step) or {}).get(event.reason_code)
    advice = [reason.next_action.sentence] if reason and reason.next_action else []
    return [*_said(referral, event), *advice]


def _is_own(by: Membership | None, organisation: UUID | None) -> bool:
    return organisation is None or (by is not None and by.organisation_id == organisation)


def notes_shown(referral: Referral, own_words_of: UUID | None) -> list[CaseNote]:
    notes = referral.notes.select_related("written_by__user", "written_by__team").prefetch_related("corrections")
    return [note for note in notes if _is_own(note.written_by, own_words_of)]


def events_shown(referral: Referral, *, for_provider: bool) -> list[ReferralEvent]:
    events = referral.events.select_related("by__user", "by__team")
    return [event for event in events if not (for_provider and event.step in NOT_FOR_PROVIDERS)]


def may_read(event: ReferralEvent, own_words_of: UUID | None) -> bool:
    return _is_own(event.by, own_words_of)


def _events(referral: Referral, for_provider: bool, own_words_of: UUID | None) -> Iterable[Entry]:
    for event in events_shown(referral, for_provider=for_provider):
        step = STEPS.get(event.step)
        late = london_day(event.recorded_at) != london_day(event.happened_at)
        yield Entry(
            when=event.happened_at,
            kind="step",
            what=OTHER_EVENTS.get(event.step) or (step.done if step else event.step),
            who=_signed(event),
            words=tuple(_said(referral, event)) if may_read(event, own_words_of) else (),
            recorded=event.recorded_at if late else None,
        )


def _signed(event: ReferralEvent) -> str:
    name = event.by.user.name if event.by else "The system"
    way = "" if event.source in {"screen", "api"} else f", {event.get_source_display().lower()}"
    return f"{name}, {event.by.team}{way}" if event.by else name


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
        yield Entry(booked.created_at, "appointment", f"Booked: {when}", booked.created_by.user.name)
        if booked.outcome_at and booked.outcome_by:
            came_of_it = APPOINTMENT_STEPS[booked.status].label
            yield Entry(
                booked.outcome_at,
                "appointment",
                f"Appointment of {when}: {came_of_it.lower()}",
                booked.outcome_by.user.name,
                (booked.reason,) if booked.reason else (),
            )


def _loans(referral: Referral) -> Iterable[Entry]:
    for loan in referral.loans.select_related("reserved_by__user"):
        yield Entry(
            loan.reserved_at, "loan", f"{loan.get_item_display()} reserved: {loan}", loan.reserved_by.user.name
        )


def _notes(referral: Referral, own_words_of: UUID | None) -> Iterable[Entry]:
    for note in notes_shown(referral, own_words_of):
        title = "Note, corrects an earlier one" if note.corrects_id else "Note"
        yield Entry(note.written_at, "note", title, note.written_by.user.name, (note.text,))


def _messages(referral: Referral) -> Iterable[Entry]:
    """Each with its receipt; what was never to be sent is not news."""
    for message in referral.reminders.exclude(status__in=["refused", "cancelled", "stale"]):
        yield Entry(
            message.settled_at or message.sent_at or message.queued_at,
            "message",
            f"{message.channel.capitalize()} to the person, “{TEMPLATES[message.template]}”: "
            f"{message.get_status_display().lower()}",
        )
