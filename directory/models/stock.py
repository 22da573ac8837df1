"""Devices and SIMs that an offer has to lend or give: how many, where they are, and every move of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.append_only import AppendOnly
from accounts.ids import new_id
from accounts.models import Membership
from directory.models.offers import SupportOffer
from directory.stock_steps import StockStep


class Stock(models.Model):
    """Counts of one kind of thing of one offer. They change only with a row in the log beside them."""

    class Kind(models.TextChoices):
        DEVICE = "device", _("Devices")
        SIM = "sim", _("SIMs or data")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(SupportOffer, on_delete=models.PROTECT, related_name="stock")
    kind = models.CharField(max_length=10, choices=Kind)
    on_shelf = models.IntegerField(default=0, help_text="Free to be reserved.")
    reserved = models.IntegerField(default=0)
    handed_over = models.IntegerField(default=0, help_text="With a person now.")
    lost = models.IntegerField(default=0, help_text="Lost or written off, ever.")

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint("offer", "kind", name="stock_once_an_offer_and_kind"),
            models.CheckConstraint(
                condition=Q(on_shelf__gte=0, reserved__gte=0, handed_over__gte=0, lost__gte=0),
                name="stock_never_below_zero",
                violation_error_message=_("There are not that many."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class StockMovement(AppendOnly):
    """One move of things, with who did it. `reference` is what it was for: the id of a loan, say.

    `ends_on`: until when it is reserved or lent, or by when what was taken in must be used.
    """

    id = models.BigAutoField(primary_key=True)
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    step = models.CharField(max_length=10, choices=[(step.value, step.label) for step in StockStep])
    quantity = models.PositiveIntegerField()
    ends_on = models.DateField(null=True, blank=True)
    reference = models.UUIDField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="stock_movement_moves_something",
                violation_error_message=_("Enter how many: 1 or more."),
            ),
            models.UniqueConstraint(
                fields=["reference", "step"],
                condition=Q(reference__isnull=False) & ~Q(step="renew"),
                name="stock_movement_once_a_thing_and_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.step}"
