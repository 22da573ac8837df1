"""How a provider without an account acts: a link for one referral, a code a look, a reference for the phone.

Nothing here lets anybody in that reads it: of links, codes and addresses only digests are stored.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.ids import new_id
from accounts.models import Membership
from accounts.wording import gettext_lazy as _
from referrals.models.referral import Referral


class PartnerLinkQuerySet(models.QuerySet):
    def standing(self) -> "PartnerLinkQuerySet":
        """Not stopped so far; whether one opens now also asks for consent, state, contact (partner/links.py)."""
        return self.filter(stopped_at=None)

    def visible_to(self, membership: Membership) -> "PartnerLinkQuerySet":
        """For whoever referred. The provider's own people, should it have some by now, have the referral."""
        referrals = Referral.objects.visible_to(membership).exclude(provider=membership.organisation_id)
        return self.filter(referral__in=referrals)


class PartnerLink(models.Model):
    """Lets whoever reads the provider's registered contact act on one referral.

    `digest`: SHA-256 of the 128 random bits in the link. `sent_to`: the contact as it was registered then; the
    link stops when that changes. Once stopped, for whatever reason, it never opens again.
    """

    class Stopped(models.TextChoices):
        STAFF = "staff", _("Revoked by staff")
        REPLACED = "replaced", _("A newer link was sent")
        ENDED = "ended", _("The provider has no more part in the referral")
        CONSENT = "consent", _("Consent no longer covers it")
        ACCOUNT = "account", _("The provider has an account now")
        CONTACT = "contact", _("The provider’s registered contact has changed")
        EXPIRED = "expired", _("It has run out")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="partner_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_to = models.CharField(max_length=254)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(help_text="Until then it opens; once accepted, until the end of the work.")
    opened_at = models.DateTimeField(null=True, editable=False, help_text="When a code first opened it.")
    seen_at = models.DateTimeField(null=True, editable=False, help_text="When it last showed the referral.")
    stopped_at = models.DateTimeField(null=True, editable=False)
    stopped_why = models.CharField(max_length=10, choices=Stopped, blank=True, editable=False)
    stopped_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = PartnerLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "referral",
                condition=Q(stopped_at=None),
                name="partner_link_one_open_a_referral",
                violation_error_message=_("A link to this referral has just been sent."),
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_why="", stopped_by=None)
                | Q(stopped_at__isnull=False) & ~Q(stopped_why=""),
                name="partner_link_stopped_says_why",
                violation_error_message=_("A link that is stopped says why."),
            ),
        ]

    def __str__(self) -> str:
        return f"link of {self.made_at:%Y-%m-%d}"

    @property
    def holder(self) -> dict[str, Any]:
        """Who acts, for the audit: whoever reads the provider's mail. The address itself stays out of it."""
        return {"link": str(self.pk), "holder": "provider"}


class PartnerCode(models.Model):
    """Six digits that open a link once. Used, it holds what was opened with it, until `ended_at`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey(PartnerLink, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False, help_text="When whoever opened it left.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(used_at__isnull=False),
                name="partner_code_ends_after_use",
                violation_error_message=_("Only what was opened can be left."),
            )
        ]

    def __str__(self) -> str:
        return f"code of {self.made_at:%Y-%m-%d %H:%M}"


class PartnerTry(models.Model):
    """Somebody pressed a button before they were let in: the same row for a link that works and for any other.

    What is asked for is answered by a worker that finds the row, so that the page says nothing by how long it
    takes. `link`: digest of what stood in the address. `address`: keyed digest of where it came from. Both only
    serve to count, and go after a day.
    """

    class What(models.TextChoices):
        ASK = "ask", _("Asked for a code")
        ENTER = "enter", _("Entered a code")

    id = models.BigAutoField(primary_key=True)
    link = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    what = models.CharField(max_length=5, choices=What)
    at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["address", "at"], name="partner_try_address"),
            models.Index(fields=["link", "at"], name="partner_try_link"),
            models.Index(fields=["id"], condition=Q(what="ask", answered_at=None), name="partner_try_to_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"


class PartnerReference(models.Model):
    """What a provider says on the phone: `code` finds the referral, `word` shows that they have it before them.

    It names nobody, and nobody is let in by it: only staff who may see the referral can look it up.
    """

    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="partner_reference")
    code = models.CharField(max_length=8, unique=True)
    word = models.CharField(max_length=12)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.code
