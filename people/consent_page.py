"""What a person said about sharing, as dated evidence: each row, and whether and why it still stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from accounts import clock
from accounts.wording import gettext_lazy
from people.consenting import Statement, overtaken_by
from people.london import london_day
from people.models import Consent, ServiceUser

WORDING = "sharing-1"
"""Names the question below. New words need a new name, and the old ones stay for those they were put to."""
WORDINGS = {
    WORDING: gettext_lazy(
        "May we tell a service that can help who you are, how to reach you, and what you would like help with? "
        "You can change your mind at any time."
    )
}


@dataclass(frozen=True)
class Said:
    row: Consent
    stands: bool
    why: str
    """Why it no longer stands, or what it does while it does: a sentence."""

    @property
    def wording(self) -> str:
        """The words put to the person; of a questionnaire its name and version."""
        if self.row.wording in WORDINGS:
            return str(WORDINGS[self.row.wording])
        return _("the question of %(questionnaire)s") % {"questionnaire": self.row.wording}

    @property
    def can_be_withdrawn(self) -> bool:
        return self.stands and self.row.choice != Consent.Choice.NO


def said_by(person: ServiceUser) -> list[Said]:
    """Newest first."""
    rows = list(
        person.consents.select_related("provider", "recorded_by__user", "withdrawn_by__user").order_by(
            "-given_at", "-id"
        )
    )
    statements = [row.statement for row in rows]
    return [_said(row, statements, clock.today()) for row in rows]


def _said(row: Consent, statements: Sequence[Statement], today: date) -> Said:
    if row.withdrawn_at:
        return Said(row, False, _("Withdrawn, so it lets nothing be shared."))
    if later := overtaken_by(row.statement, statements):
        return Said(row, False, _overtaken(later))
    if row.expires_on and row.expires_on < today:
        return Said(row, False, _("It has run out, so it lets nothing be shared."))
    return Said(row, True, _standing(row))


def _overtaken(later: Statement) -> str:
    day = formats.date_format(london_day(later.said_at), "j F Y")
    if later.withdrawn_at:
        return _("Consent was withdrawn on %(day)s.") % {"day": day}
    if later.is_no:
        return _("The person said no on %(day)s.") % {"day": day}
    return _("The person said something else on %(day)s.") % {"day": day}


def _standing(row: Consent) -> str:
    if row.choice == Consent.Choice.NO:
        return _("Nothing is shared.")
    if row.choice == Consent.Choice.ASK_EACH and row.provider_id is None:
        return _("The person is asked about each provider: by itself this lets nothing be shared.")
    return ""
