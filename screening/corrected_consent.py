"""What a correction does to consent: a no that was missed counts, and nobody's later word is overridden.

A correction is dated now, and what it puts right was said at the sitting. So it never widens, and it is silent
where the person has said something since.
"""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import clock
from accounts.models import Membership
from people.models import Consent, ServiceUser
from screening import consequences
from screening.models import Screening
from screening.questionnaire import Questionnaire

OPENNESS = {Consent.Choice.ASK_EACH: 1, Consent.Choice.YES: 2}


def put_right(screening: Screening, wrong: Screening, asked: Questionnaire, by: Membership) -> None:
    """Consent that the error had made too wide is withdrawn, and what was said instead recorded where it is
    narrower than what is in force."""
    was, said = (one.responses.get(asked.consent.code, {}).get("value") for one in (wrong, screening))
    if said == was:
        return
    until, before = _answered_again_at(screening), _openness(screening.service_user)
    withdrawn: list[Consent] = []
    if OPENNESS.get(said, 0) < OPENNESS.get(was, 0):
        how = _("The screening was corrected")
        withdrawn = consequences.withdraw_consents(wrong, by, how=how, until=until)
    narrower = said == Consent.Choice.NO or OPENNESS.get(said, 0) < before
    if said and narrower and until is None and not _said_since(screening, withdrawn):
        consequences.record_consent(screening, asked, screening.responses, by)


def _answered_again_at(screening: Screening) -> datetime | None:
    """When a later sitting answered the consent step: that is the person's newer word."""
    for later in Screening.objects.after(screening):
        asked = consequences.definition_of(later)
        if later.responses.get(asked.consent.code, {}).get("value"):
            return later.submitted_at
    return None


def _openness(person: ServiceUser) -> int:
    """Of the last word about every provider."""
    statements = [row.statement for row in Consent.objects.filter(service_user=person, provider=None)]
    last = max(statements, key=lambda one: (one.said_at, one.is_no), default=None)
    if last is None or last.is_no or (last.expires_on and last.expires_on < clock.today()):
        return 0
    return OPENNESS.get(Consent.Choice(last.choice), 0)


def _said_since(screening: Screening, withdrawn: list[Consent]) -> bool:
    """Anything given or taken back after the sitting; `withdrawn` just now are the error's own, and so is what an
    earlier correction took back when it wrote one of them."""
    since = max([row.given_at for row in withdrawn], default=screening.submitted_at)
    later = Q(given_at__gt=since) | Q(withdrawn_at__gt=since)
    rows = Consent.objects.filter(later, service_user=screening.service_user)
    return rows.exclude(pk__in=[row.pk for row in withdrawn]).exists()
