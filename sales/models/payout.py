"""Money that a store owes or paid to someone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Purchase
from products.models import Vendor
from stores.constraints import Immutable, SameStore
from stores.models import Store
from stores.models.defaults import EMPTY, ZERO
from stores.models.keys import checked_key
from stores.money import LIMIT


class PayoutKind(models.TextChoices):
    """What money is paid out for."""

    REFUND = "refund", _("Refund")
    RETURN = "return", _("Return")
    COMMISSION = "commission", _("Commission")
    GIVE_BACK = "give_back", _("Wrong payment")


class PayoutState(models.TextChoices):
    """How far a payout is. A vendor that has claimed one alone may pay it."""

    DUE = "due", _("due")
    CLAIMED = "claimed", _("claimed")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OPEN = (PayoutState.DUE, PayoutState.CLAIMED, PayoutState.FAILED)
# What a person may let be paid anew, and what nobody has paid for sure.
RETRIABLE = (PayoutState.FAILED, PayoutState.CLAIMED)
UNPAID = (PayoutState.DUE, PayoutState.FAILED)
# What is written after a payout was made: how far it is, and by whom.
PROGRESS = (
    "state",
    "vendor",
    "claimed_at",
    "ended_at",
    "attempts",
    "transaction",
    "note",
    "by",
)


class Payout(models.Model):
    """One amount above 0 to one resident, who need not be a customer: money for a sale that was
    refused goes back to whoever paid it. Written only by `sales.payouts`.

    A claim does not run out: the vendor may have paid and not have said so. The same vendor is
    given it again; a person decides otherwise.
    """

    store = checked_key(Store, _("store"))
    kind = models.CharField(_("kind"), max_length=10, choices=PayoutKind.choices)
    payee = models.ForeignKey(
        Customer,
        verbose_name=_("payee"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payouts",
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(_("name"), max_length=64)
    uuid = models.UUIDField("UUID", null=True, blank=True)
    amount = models.BigIntegerField(_("amount"))
    purchase = models.ForeignKey(
        Purchase,
        verbose_name=_("purchase"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payouts",
        db_constraint=False,
        db_index=False,
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=PayoutState.choices, default=PayoutState.DUE
    )
    vendor = models.ForeignKey(
        Vendor,
        verbose_name=_("vendor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payouts",
        db_constraint=False,
        db_index=False,
    )
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    attempts = models.IntegerField(_("tries"), **ZERO)
    transaction = models.CharField(_("transaction"), max_length=80, blank=True, **EMPTY)
    note = models.CharField(_("note"), max_length=200, blank=True, **EMPTY)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        constraints = [
            models.UniqueConstraint(fields=["store", "id"], name="payout_in_store"),
            models.UniqueConstraint(
                fields=["purchase", "kind"],
                condition=Q(purchase__isnull=False),
                name="payout_of_purchase_once",
            ),
            models.UniqueConstraint(
                fields=["store", "transaction"],
                condition=~Q(transaction=""),
                name="payout_transaction_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__range=(1, LIMIT)), name="payout_amount_range"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PayoutState.values), name="payout_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=PayoutState.CLAIMED)
                | Q(vendor__isnull=False, claimed_at__isnull=False),
                name="payout_is_claimed_by_a_vendor",
            ),
            SameStore(field="payee", name="payout_payee_same_store"),
            SameStore(field="purchase", name="payout_purchase_same_store"),
            SameStore(field="vendor", name="payout_vendor_same_store"),
            Immutable(name="payout_is_what_is_owed", except_for=PROGRESS),
        ]
        indexes = [
            models.Index(fields=["store", "made_at", "id"], name="payout_by_time"),
            models.Index(fields=["store", "amount", "id"], name="payout_by_amount"),
            models.Index(fields=["store", "kind", "made_at", "id"], name="payout_by_kind"),
            models.Index(fields=["store", "state", "made_at", "id"], name="payout_by_state"),
            models.Index(
                fields=["store", "state", "id"], condition=Q(state__in=OPEN), name="payout_open"
            ),
            models.Index(
                fields=["payee", "id"], condition=Q(payee__isnull=False), name="payout_by_payee"
            ),
        ]

    def __str__(self) -> str:
        return gettext("payout %(number)s") % {"number": self.pk}
