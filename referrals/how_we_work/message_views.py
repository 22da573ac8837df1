"""The words of an organisation's messages: written, checked, previewed, put in force, and taken back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import get_and_post, requires
from accounts.errors import InvalidInput, Refused
from accounts.idempotency import once
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.widgets import posted, seen_version
from accounts.wording import gettext_lazy as _
from people.forms import Typed
from referrals.how_we_work import recording, telling, words
from referrals.how_we_work.fields import FIELDS, fields_of, not_always_known
from referrals.how_we_work.forms import Seen
from referrals.how_we_work.people import previews
from referrals.how_we_work.shipped import as_own_words
from referrals.how_we_work.views import answer, carried_out
from referrals.messages import TEMPLATES, subject
from referrals.models import MessageWords

SET_UP = Permission.SET_UP_ORGANISATION
Channel, State = MessageWords.Channel, MessageWords.State


class WordsForm(Seen):
    body = Typed(_("Your own words"), lines=12)

    def find(self, findings: list[Any]) -> None:
        """What refuses the words, beside them."""
        for finding in findings:
            if finding.refuses:
                self.add_error("body", str(finding))


@require_safe
@requires(SET_UP)
def messages_page(request: Any) -> HttpResponse:
    organisation = request.membership.organisation
    rows = MessageWords.objects.visible_to(request.membership).exclude(state=State.ENDED)
    states: dict[tuple[str, str], set[str]] = {}
    for template, channel, state in rows.values_list("template", "channel", "state"):
        states.setdefault((template, channel), set()).add(state)
    listed = [
        {
            "template": template,
            "title": words.title_of(template),
            "ways": [(code, label, states.get((template, code), set())) for code, label in Channel.choices],
        }
        for template in TEMPLATES
    ]
    history = telling.told(recording.history(organisation, words.AREA))
    return render(request, "referrals/how_we_work/messages.html", {"listed": listed, "history": history})


def _check(template: str, channel: str) -> None:
    if template not in TEMPLATES or channel not in Channel.values:
        raise Http404


@get_and_post
@requires(SET_UP)
def message(request: Any, template: str, channel: str) -> HttpResponse:
    """What was found in a draft stands beside it whenever it is looked at."""
    _check(template, channel)
    by: Membership = request.membership

    def version() -> int:
        return words.version_of(by.organisation, template, channel)

    rows = words.mine(by.organisation, template, channel)
    begun = words.begin_with(by.organisation, template, channel)
    form = WordsForm(posted(request), initial={"body": begun, "version": version()})
    found = words.findings(by.organisation, template, channel, begun) if State.DRAFT in rows else []
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            nonlocal found
            found = words.save_draft(
                by=by, template=template, channel=channel, body=form.cleaned_data["body"], seen=form.seen
            )

        if carried_out(form, act, version):
            wrong = any(finding.refuses for finding in found)
            if not wrong:
                return redirect("referrals:preview_our_message", template, channel)
            messages.info(request, _("Kept as a draft. It cannot be put in force as it is."))
            return redirect("referrals:our_message", template, channel)
    elif request.method != "POST" and words.refusals(found):
        form = WordsForm({"body": begun, "version": str(version())})
        form.full_clean()
        form.find(found)
    context = {
        **_about(by, template, channel),
        "form": form,
        "rows": rows,
        "warnings": [finding for finding in found if not finding.refuses],
        "fields": [(name, FIELDS[name], name in not_always_known(template)) for name in fields_of(template)],
        "shipped": as_own_words(template, channel),
        "versions": _versions(by, template, channel),
    }
    if request.method == "POST":
        return answer(request, "referrals/how_we_work/message.html", context)
    return render(request, "referrals/how_we_work/message.html", context)


def _about(by: Membership, template: str, channel: str) -> dict[str, Any]:
    return {
        "template": template,
        "channel": channel,
        "title": words.title_of(template),
        "channel_title": Channel(channel).label,
        "version": words.version_of(by.organisation, template, channel),
    }


def _versions(by: Membership, template: str, channel: str) -> Any:
    rows = MessageWords.objects.visible_to(by).filter(template=template, channel=channel, state=State.ENDED)
    return rows.select_related("in_force_by__user", "ended_by__user")[: recording.SHOWN]


@require_safe
@requires(SET_UP)
def preview(request: Any, template: str, channel: str) -> HttpResponse:
    """The draft as people would get it; without one, what is in force."""
    _check(template, channel)
    organisation = request.membership.organisation
    rows = words.mine(organisation, template, channel)
    body = words.begin_with(organisation, template, channel)
    context = {
        **_about(request.membership, template, channel),
        "draft": rows.get(State.DRAFT),
        "previews": previews(body, template=template, channel=channel, sender=organisation),
        "findings": words.findings(organisation, template, channel, body),
        "subject": subject(organisation),
        "signed": organisation.sender_name and organisation.phone,
    }
    context["refused"] = words.refusals(context["findings"])
    return render(request, "referrals/how_we_work/preview.html", context)


@require_POST
@requires(SET_UP)
@once
def put_in_force(request: Any, template: str, channel: str) -> HttpResponse:
    """What refuses the draft stands beside it, on the page where it can be mended."""
    _check(template, channel)
    try:
        words.put_in_force(by=request.membership, template=template, channel=channel, seen=seen_version(request))
    except InvalidInput:
        return redirect("referrals:our_message", template, channel)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("referrals:preview_our_message", template, channel)
    messages.success(request, _("In force. The next message that is sent has these words."))
    return redirect("referrals:our_message", template, channel)


@require_POST
@requires(SET_UP)
@once
def throw_draft_away(request: Any, template: str, channel: str) -> HttpResponse:
    done = _("The draft is thrown away. Its words stay readable under Messages.")
    return _one_click(request, template, channel, words.throw_draft_away, done)


@require_POST
@requires(SET_UP)
@once
def back_to_shipped(request: Any, template: str, channel: str) -> HttpResponse:
    done = _("The usual words are in force again. Yours stay readable below.")
    return _one_click(request, template, channel, words.back_to_shipped, done)


def _one_click(request: Any, template: str, channel: str, work: Callable[..., Any], done: str) -> HttpResponse:
    """One button on the message's page, and back to it; a refusal is said there."""
    _check(template, channel)
    try:
        work(by=request.membership, template=template, channel=channel, seen=seen_version(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("referrals:our_message", template, channel)
