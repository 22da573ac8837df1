"""Whether one wants the morning email, on one's own page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import get_and_post, requires
from accounts.permissions import Permission
from accounts.widgets import ServiceForm, posted
from accounts.wording import gettext_lazy as _
from referrals.digests import actions
from referrals.models import Digest


class MorningForm(ServiceForm):
    wanted = forms.ChoiceField(
        label=_("Do you want an email on working mornings when something is due?"),
        help_text=_("It comes at half past seven, says how much of what is due, and names nobody."),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")},
    )


@get_and_post
@requires(Permission.SIGNED_IN)
def morning_email(request: Any) -> HttpResponse:
    stopped = Digest.objects.filter(membership=request.membership, wanted=False).exists()
    form = MorningForm(posted(request), initial={"wanted": "no" if stopped else "yes"})
    if request.method == "POST" and form.is_valid():
        actions.choose(by=request.membership, wanted=form.cleaned_data["wanted"] == "yes")
        messages.success(request, _("Saved. It counts from the next working morning."))
        return redirect("accounts:me")
    return render(request, "referrals/morning_email.html", {"form": form}, status=400 if form.errors else 200)
