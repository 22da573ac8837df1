"""An organisation's own words for one message: drafted, checked, put in force, and back to the shipped ones."""

from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import capfirst

from accounts import clock
from accounts.access import check as check_permission
from accounts.errors import AlreadyChanged, InvalidInput, NotPossibleNow
from accounts.models import Membership, Organisation, Team
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from referrals.how_we_work import recording
from referrals.how_we_work.checks import LONGEST, Finding, Typed, check, refusals
from referrals.how_we_work.people import ordinary
from referrals.how_we_work.shipped import as_own_words
from referrals.messages import TEMPLATES
from referrals.models import MessageWords, Referral, SettingChange

AREA = SettingChange.Area.MESSAGES
Done = SettingChange.Done
State = MessageWords.State
GENERIC = frozenset(
    "the of and for in at community team teams service services trust nhs foundation health mental hub centre "
    "digital support group london county city borough council".split()
)


def what(template: str, channel: str) -> str:
    return f"{template}.{channel}"


def version_of(organisation: Organisation, template: str, channel: str) -> int:
    return recording.version_of(organisation, AREA, what(template, channel))


def versions_of(organisation: Organisation) -> dict[str, int]:
    """Of every message that was ever changed, by `what`."""
    return recording.versions_of(organisation, AREA)


def mine(organisation: Organisation, template: str, channel: str) -> "dict[str, MessageWords]":
    """The draft and the version in force, by state."""
    rows = MessageWords.objects.filter(organisation=organisation, template=template, channel=channel)
    related = rows.select_related("written_by__user", "in_force_by__user")
    return {row.state: row for row in related.exclude(state=State.ENDED)}


def all_mine(organisation: Organisation) -> "dict[tuple[str, str], dict[str, MessageWords]]":
    """The same of every message, by template and channel."""
    found: dict[tuple[str, str], dict[str, MessageWords]] = {}
    for row in MessageWords.objects.filter(organisation=organisation).exclude(state=State.ENDED):
        found.setdefault((row.template, row.channel), {})[row.state] = row
    return found


def begin_with(organisation: Organisation, template: str, channel: str) -> str:
    """The draft, else the words in force, else the shipped ones."""
    rows = mine(organisation, template, channel)
    row = rows.get(State.DRAFT) or rows.get(State.IN_FORCE)
    return row.body if row else as_own_words(template, channel)


def findings(
    organisation: Organisation, template: str, channel: str, body: str, *, names: tuple[str, ...] | None = None
) -> list[Finding]:
    """`names`: `hidden_names`, from whoever looks at many messages."""
    names = hidden_names(organisation) if names is None else names
    return check(Typed(body, template, channel, names, ordinary(organisation)))


def hidden_names(organisation: Organisation) -> tuple[str, ...]:
    """Of this service, the organisation, its teams and those that refer to it; and what is special in each."""
    referring = Referral.objects.filter(provider=organisation).values("referring_team__organisation")
    teams = Team.objects.filter(Q(organisation=organisation) | Q(organisation__in=referring))
    found = {settings.SERVICE_NAME, organisation.name}
    for name, whose in teams.values_list("name", "organisation__name"):
        found |= {name, whose}
    return tuple(sorted(found | {core for name in found if (core := _core(name))}))


def _core(name: str) -> str:
    """“Brook Lane” of “Brook Lane community team”; "" where that is an everyday word or two letters."""
    kept = " ".join(word for word in name.split() if word.lower() not in GENERIC)
    return kept if len(kept) > 5 and kept != name else ""


@transaction.atomic
def save_draft(*, by: Membership, template: str, channel: str, body: str, seen: int) -> list[Finding]:
    """Kept as typed, whatever is found in it: a draft is sent to nobody."""
    check_permission(by, Permission.SET_UP_ORGANISATION)
    text = "\n".join(line.rstrip() for line in body.replace("\r\n", "\n").split("\n")).strip()
    found = findings(by.organisation, template, channel, text)
    if not text or len(text) > LONGEST:
        raise InvalidInput.in_fields({"body": found[0]})
    _record(by, template, channel, seen, Done.DRAFTED)
    MessageWords.objects.update_or_create(
        organisation=by.organisation,
        template=template,
        channel=channel,
        state=State.DRAFT,
        defaults={"body": text, "written_at": clock.now(), "written_by": by},
    )
    return found


@transaction.atomic
def put_in_force(*, by: Membership, template: str, channel: str, seen: int) -> MessageWords:
    """The draft is checked again: InvalidInput beside `body` with all that refuses it, and nothing was changed."""
    check_permission(by, Permission.SET_UP_ORGANISATION)
    draft = mine(by.organisation, template, channel).get(State.DRAFT)
    if draft is None:
        raise NotPossibleNow(_("There is no draft of this message. Write one first."))
    if wrong := refusals(findings(by.organisation, template, channel, draft.body)):
        raise InvalidInput.in_fields({"body": " ".join(str(one) for one in wrong)})
    _record(by, template, channel, seen, Done.PUT_IN_FORCE)
    _end(by, template, channel)
    draft.state, draft.in_force_at, draft.in_force_by = State.IN_FORCE, clock.now(), by
    try:
        with transaction.atomic():
            draft.save(update_fields=["state", "in_force_at", "in_force_by"])
    except IntegrityError as error:
        raise AlreadyChanged(_("Somebody else has just put words in force for this message.")) from error
    return draft


@transaction.atomic
def throw_draft_away(*, by: Membership, template: str, channel: str, seen: int) -> None:
    """Its words stay readable in the history: whoever wants them back can take them from there."""
    check_permission(by, Permission.SET_UP_ORGANISATION)
    draft = mine(by.organisation, template, channel).get(State.DRAFT)
    if draft is None:
        raise NotPossibleNow(_("There is no draft of this message."))
    _record(by, template, channel, seen, Done.THROWN_AWAY, before={"body": draft.body}, after={"body": ""})
    draft.delete()


@transaction.atomic
def back_to_shipped(*, by: Membership, template: str, channel: str, seen: int) -> None:
    """In one step, for the next message that is sent. The own words stay readable."""
    check_permission(by, Permission.SET_UP_ORGANISATION)
    if State.IN_FORCE not in mine(by.organisation, template, channel):
        raise NotPossibleNow(_("The usual words are in force already."))
    _record(by, template, channel, seen, Done.BACK_TO_SHIPPED)
    _end(by, template, channel)


def _end(by: Membership, template: str, channel: str) -> None:
    rows = MessageWords.objects.filter(
        organisation=by.organisation, template=template, channel=channel, state=State.IN_FORCE
    )
    rows.update(state=State.ENDED, ended_at=clock.now(), ended_by=by)


def _record(
    by: Membership,
    template: str,
    channel: str,
    seen: int,
    done: str,
    *,
    before: Mapping[str, str] = MappingProxyType({}),
    after: Mapping[str, str] = MappingProxyType({}),
) -> None:
    recording.record(
        by=by, area=AREA, what=what(template, channel), seen=seen, done=done, before=before, after=after
    )


def title_of(template: str) -> str:
    return capfirst(TEMPLATES[template])
