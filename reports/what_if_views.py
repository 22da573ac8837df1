"""The page on which an admin tries a rule before it is adopted. It writes nothing but that it was done."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts import audit, clock
from accounts.access import get_and_post, requires
from accounts.permissions import Permission
from accounts.widgets import posted
from directory import weight_table
from directory.kinds import TITLES
from reports.disclosure import NOTE
from reports.forms import WhatIfForm
from reports.what_if import Trial, try_definition, try_weights


@get_and_post
@requires(Permission.SEE_REPORTS)
def what_if(request: Any) -> HttpResponse:
    form = WhatIfForm(
        posted(request),
        organisation=request.membership.organisation,
        initial={"what": "weights", "weights": weight_table.as_text()},
    )
    trial = _run(request, form) if request.method == "POST" and form.is_valid() else None
    sees_people = request.membership.may(Permission.SEE_SERVICE_USERS)
    context = {
        "form": form,
        "trial": trial,
        "note": NOTE,
        "kinds": TITLES,
        "named": trial.named if trial and sees_people else [],
    }
    return render(request, "reports/what_if.html", context)


def _run(request: Any, form: WhatIfForm) -> Trial:
    """Who was named is in the audit, as with every list of people."""
    given = form.cleaned_data
    whose = {"membership": request.membership, "team": given["team"], "on": clock.today()}
    if given["what"] == "weights":
        trial = try_weights(weights=given["rule"], **whose)
    else:
        trial = try_definition(definition=given["rule"], **whose)
    audit.record(
        "try_rule",
        by=request.membership,
        what=given["what"],
        definition=given["definition"],
        team=str(given["team"].pk) if given["team"] else "",
        looked_at=trial.looked_at,
        shown=sorted({str(one.person.pk) for one in trial.named}),
    )
    return trial
