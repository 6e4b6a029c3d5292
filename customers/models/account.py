"""The two balances of a customer, and every movement of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stores.constraints import Immutable, SameStore
from stores.models import Batch, Store
from stores.models.defaults import YES, ZERO
from stores.models.keys import checked_key
from stores.money import LIMIT

from .customer import Customer


class Balance(models.TextChoices):
    """Which of the two balances; restricted credit never pays for a gift to somebody else."""

    CREDIT = "credit", _("Credit")
    RESTRICTED = "restricted", _("Restricted Credit")


BALANCES = tuple(Balance.values)


class Kind(models.TextChoices):
    """What moved a balance."""

    OPENING = "opening", _("starting credit")
    GRANT = "grant", _("added")
    DEDUCTION = "deduction", _("deducted")
    PURCHASE = "purchase", _("paid for a purchase")
    RETURN = "return", _("given back for a return")
    REFUND = "refund", _("refunded")
    COUPON = "coupon", _("share of a coupon")
    BONUS = "bonus", _("purchase bonus")
    BULK = "bulk", _("bulk change")
    IMPORT = "import", _("imported")
    REVERSAL = "reversal", _("reversed")


class Reason(models.TextChoices):
    """Why a person moved a balance by hand."""

    GOODWILL = "goodwill", _("Goodwill")
    CORRECTION = "correction", _("Correction")
    PRIZE = "prize", _("Prize or contest")
    GIFT_CARD = "gift_card", _("Gift card")
    REFUND = "refund", _("Refund")
    OTHER = "other", _("Other")


class CreditAccount(models.Model):
    """The balances of one customer, apart from the wide customer row, since bulk changes rewrite
    them.

    Written only by `customers.credit`; `listed` follows `Customer.archived_at`.
    """

    customer = models.OneToOneField(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="account",
        db_constraint=False,
    )
    store = checked_key(Store, _("store"))
    credit = models.BigIntegerField(_("credit"), **ZERO)
    restricted = models.BigIntegerField(_("restricted credit"), **ZERO)
    credit_seq = models.BigIntegerField(_("credit entries"), **ZERO)
    restricted_seq = models.BigIntegerField(_("restricted credit entries"), **ZERO)
    listed = models.BooleanField(_("listed"), **YES)

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        constraints = [
            models.UniqueConstraint(fields=["store", "customer"], name="account_in_store"),
            SameStore(field="customer", name="account_customer_same_store"),
            models.CheckConstraint(
                condition=Q(credit__range=(0, LIMIT)), name="account_credit_range"
            ),
            models.CheckConstraint(
                condition=Q(restricted__range=(0, LIMIT)), name="account_restricted_range"
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", balance, "customer"],
                condition=Q(listed=True),
                name=f"account_by_{balance}",
            )
            for balance in BALANCES
        ]

    def __str__(self) -> str:
        return gettext("account %(number)s") % {"number": self.pk}


class CreditEntry(models.Model):
    """One movement of one balance: never changed, never deleted. Its origin is a person, a purchase
    or a batch.
    """

    store = checked_key(Store, _("store"))
    account = models.ForeignKey(
        CreditAccount,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="entries",
        db_constraint=False,
        db_index=False,
    )
    balance = models.CharField(_("balance"), max_length=10, choices=Balance.choices)
    seq = models.BigIntegerField(_("number in the balance"))
    delta = models.BigIntegerField(_("moved"))
    after = models.BigIntegerField(_("balance after"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("moved at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("moved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    purchase = models.ForeignKey(
        "customers.Purchase",
        verbose_name=_("purchase"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_entries",
        db_constraint=False,
        db_index=False,
    )
    batch = models.ForeignKey(
        Batch,
        verbose_name=_("batch"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_entries",
        db_constraint=False,
        db_index=False,
    )
    reverses = models.ForeignKey(
        "self",
        verbose_name=_("reverses"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        db_constraint=False,
        db_index=False,
    )
    token = models.UUIDField(_("token"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("credit entry")
        verbose_name_plural = _("credit entries")
        constraints = [
            models.UniqueConstraint(fields=["store", "id"], name="entry_in_store"),
            models.UniqueConstraint(fields=["account", "balance", "seq"], name="entry_seq_once"),
            models.UniqueConstraint(
                fields=["purchase", "account", "balance", "kind"],
                condition=Q(purchase__isnull=False),
                name="entry_purchase_once",
            ),
            models.UniqueConstraint(
                fields=["batch", "account", "balance"],
                condition=Q(batch__isnull=False),
                name="entry_batch_once",
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="entry_reversed_once"
            ),
            models.UniqueConstraint(
                fields=["store", "token", "balance"],
                condition=Q(token__isnull=False),
                name="entry_token_once",
            ),
            models.CheckConstraint(condition=~Q(delta=0), name="entry_moves_something"),
            models.CheckConstraint(condition=Q(after__range=(0, LIMIT)), name="entry_after_range"),
            models.CheckConstraint(
                condition=Q(delta__range=(-LIMIT, LIMIT)), name="entry_delta_range"
            ),
            models.CheckConstraint(condition=Q(seq__gte=1), name="entry_seq_counts_from_one"),
            models.CheckConstraint(
                condition=Q(after__gte=F("delta")), name="entry_before_not_negative"
            ),
            models.CheckConstraint(condition=Q(balance__in=BALANCES), name="entry_balance_known"),
            SameStore(field="account", name="entry_account_same_store"),
            SameStore(field="purchase", name="entry_purchase_same_store"),
            SameStore(field="batch", name="entry_batch_same_store"),
            SameStore(field="reverses", name="entry_reverses_same_store"),
            Immutable(name="entry_is_append_only"),
        ]
        indexes = [models.Index(fields=["store", "at"], name="entry_by_time")]

    def __str__(self) -> str:
        return f"{self.get_balance_display()} {self.delta:+d}"

    @property
    def kind_label(self) -> str:
        """Histories have many rows, and Django's own way looks at all choices for each."""
        return str(Kind(self.kind).label)

    @property
    def reason_label(self) -> str:
        return str(Reason(self.reason).label) if self.reason else ""
