"""What a provider does with the e-mail that it gets: follow the link, ask for a code, type it in."""

import re

from django.test import Client
from django.urls import reverse

from referrals.models import Mail
from referrals.partner import door

LINK = re.compile(r"/partner/([A-Za-z0-9_-]{22})/")
CODE = re.compile(r"\b(\d{6})\b")
FORGED = "A" * 22


def token_of(referral):
    """From the newest e-mail that is on its way to the provider."""
    mail = Mail.objects.filter(referral=referral, key__startswith="partner-link:").order_by("-id").first()
    return LINK.search(mail.body)[1]


def newest_code():
    mail = Mail.objects.filter(key__startswith="partner-code:").order_by("-id").first()
    return CODE.search(mail.body)[1] if mail else ""


class Holder(Client):
    """A browser of nobody who is signed in."""

    def __init__(self, referral=None, token=""):
        super().__init__()
        self.referral = referral
        self.token = token or token_of(referral)

    def url(self, name, *args):
        return reverse(f"partner:{name}", args=[self.token, *args])

    def ask(self):
        """The worker hears it at once."""
        response = self.post(self.url("ask"))
        door.answer_asked()
        return response

    def enter(self, code):
        return self.post(self.url("enter"), {"code": code})

    def open(self):
        self.ask()
        response = self.enter(newest_code())
        assert response.status_code == 302, response.content
        return self

    def page(self, **query):
        return self.get(self.url("read"), query)

    def take(self, action, *, version=None, **data):
        self.referral.refresh_from_db()
        seen = self.referral.version if version is None else version
        return self.post(self.url("step", action), {"version": seen, **data})
