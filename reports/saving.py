"""Views of the report that somebody comes back to: saving one, and taking it away."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.access import check
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import Membership, Team
from accounts.permissions import Permission
from accounts.wording import gettext_lazy as _
from reports.models import SavedView
from reports.periods import Month, Period, Quarter


@transaction.atomic
def save_view(*, name: str, page: str, span: str, team: Team | None, is_shared: bool, by: Membership) -> SavedView:
    check(by, Permission.SEE_REPORTS)
    if team and team.organisation_id != by.organisation_id:
        raise InvalidInput(_("Choose a team from the list."), fields={"team": _("Choose a team from the list.")})
    view = SavedView(
        organisation=by.organisation,
        name=name.strip(),
        page=page,
        span=span,
        team=team,
        is_shared=is_shared,
        saved_by=by,
    )
    try:
        view.validate_constraints()
        with transaction.atomic():
            view.save()
    except (ValidationError, IntegrityError):
        taken = _("You have saved a view of this name. Choose another name.")
        raise InvalidInput(taken, fields={"name": taken}) from None
    audit.record("save_view", by=by, subject=view, shared=is_shared)
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by: Membership) -> None:
    """By whoever saved it. Twice does no harm."""
    if view.saved_by.user_id != by.user_id:
        raise NotAllowed(_("Only whoever saved a view can take it away."))
    audit.record("remove_view", by=by, subject=view)
    SavedView.objects.filter(pk=view.pk).delete()


def period_of(span: str, running: Month) -> Period:
    """The period that a span means while `running` runs."""
    of_kind: Period = Quarter.of(running.first) if span.endswith("quarter") else running
    return of_kind if span.startswith("this") else of_kind.previous()


def span_of(period: Period, running: Month) -> str | None:
    """The other way round, so that what is on the page is what is saved; None for any other period."""
    spans = {span: period_of(span, running) for span in SavedView.Span.values}
    return next((span for span, meant in spans.items() if meant == period), None)
