"""What the tests of the paper plan share: somebody with three things agreed, and every word that is printed."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pypdf
import pypdfium2
from django.urls import reverse

from accounts.models import AuditEvent
from people import contact_plan
from people.london import LONDON
from referrals.printing.plan import Asked, Known, Meeting, Wanted, build
from referrals.printing.wording import sheet

TODAY = date(2026, 11, 24)
CALLS = contact_plan.Plan(allowed=frozenset({"call", "letter"}), answered=True, automatic=True, preferred="call")
OPEN_ABOUT_IT = replace(CALLS, may_name_service=True)
LIBRARY = Meeting(datetime(2026, 12, 3, 14, 30, tzinfo=LONDON), "Brook Lane Library, SE5 9AA", "your phone")

TABLET = Asked("device", "accepted", False, id="tablet", worker="Sam", ways=("call",), due_on=date(2026, 11, 30))
LESSONS = Asked("first_steps", "active", False, id="lessons", worker="Bo", ways=("call",), meetings=(LIBRARY,))
DATA = Asked("data_sim", "sent", False, id="data", ways=("call",), heard_by=date(2026, 12, 10))
TARIFF = Wanted("social_tariff", 4, is_offer=True, agreed=True, sensitive=False)
PACE = Wanted("slow_pace", 6, is_offer=False, agreed=True, sensitive=False)

KAY = Known(
    called="Kay",
    today=TODAY,
    contact=CALLS,
    goals=("people",),
    asked=(TABLET, LESSONS),
    wanted=(TARIFF,),
    phone="020 7946 0101",
    sender="Your support team",
    full_sender="Brook Lane community team, Lambourne NHS Trust",
    service_names=("Getting online", "Lambourne NHS Trust", "Brook Lane community team"),
    review_on=date(2026, 12, 22),
)


def kay(**known):
    return replace(KAY, **known)


def sheet_of(known):
    return sheet(build(known))


def lines_of(made):
    """Section title → its lines, as words. The marks that keep directions apart are left out."""
    return {
        section.title: [_plain(line.text) for lines in section.groups for line in lines]
        for section in made.sections
    }


def every_line(made):
    return [line for part in made.sections for lines in part.groups for line in lines]


def words_of(made):
    every = [made.title, made.called_words, made.greeting, made.made_words]
    for title, lines in lines_of(made).items():
        every += [title, *lines]
    return "\n".join(map(_plain, every))


def _plain(text):
    return text.replace("\u2068", "").replace("\u2069", "")


def read(pdf):
    return pypdf.PdfReader(BytesIO(pdf))


def text_of(pdf):
    """The words of a PDF in their order, without the line breaks that its width makes."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    return " ".join(_plain(" ".join(pages)).split())


# --- By pages -----------------------------------------------------------------------------------------------

ANSWERS = {"CT1": ["call", "letter"], "CT2": "fine", "FA1": ["people"], "FA3": ["paper"], "AC2": ["none"]}
PLANS = reverse("referrals:plans")


def page_of(person):
    return reverse("referrals:plan", args=[person.pk])


def pdf_url(person, form="standard"):
    return reverse("referrals:plan_pdf", args=[person.pk, form])


def give_url(person):
    return reverse("referrals:give_plan", args=[person.pk])


def words(response, status=200):
    assert response.status_code == status
    return " ".join(_plain(response.content.decode()).split())


def prints_of(person):
    return AuditEvent.objects.filter(action="print_plan", subject_id=person.pk)


def card_of(referral):
    return reverse("referrals:card", args=[referral.pk])
