"""What was bought: the fact, written once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from products.models import Product, Vendor
from stores.constraints import Immutable, SameStore
from stores.models import Batch, Store
from stores.models.defaults import NO, ZERO
from stores.models.keys import checked_key
from stores.money import LIMIT

from .customer import Customer

NAMES_PRODUCT = Q(product__isnull=False)
NAMES_VENDOR = Q(vendor__isnull=False)
HAS_RECEIPT = ~Q(receipt="")
IS_GIFT = ~Q(payer=F("recipient"))
IS_RETURN = Q(quantity__lt=0)
AMOUNTS = ("list_price", "price", "money", "credit", "restricted")


def _all_amounts(**lookup: int) -> Q:
    ((operator, value),) = lookup.items()
    return Q(**{f"{amount}__{operator}": value for amount in AMOUNTS})


class Purchase(models.Model):
    """One product bought by one payer for one recipient at one time, or, with negative quantity and
    amounts, its return.

    Amounts are totals of the line. Only `removed_at` is ever written again, when the recipient
    no longer owns the product, and `counts_on`, when the store moves to another time zone.
    """

    store = checked_key(Store, _("store"))
    payer = models.ForeignKey(
        Customer,
        verbose_name=_("payer"),
        on_delete=models.PROTECT,
        related_name="purchases",
        db_constraint=False,
        db_index=False,
    )
    recipient = models.ForeignKey(
        Customer,
        verbose_name=_("recipient"),
        on_delete=models.PROTECT,
        related_name="received",
        db_constraint=False,
        db_index=False,
    )
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        db_constraint=False,
        db_index=False,
    )
    vendor = models.ForeignKey(
        Vendor,
        verbose_name=_("vendor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        db_constraint=False,
        db_index=False,
    )
    quantity = models.IntegerField(_("quantity"), default=1)
    at = models.DateTimeField(_("bought at"), default=timezone.now)
    counts_on = models.DateField(_("counts on"))
    receipt = models.CharField(_("receipt"), max_length=64, blank=True)
    list_price = models.BigIntegerField(_("list price"))
    price = models.BigIntegerField(_("price"))
    money = models.BigIntegerField(_("money"))
    credit = models.BigIntegerField(_("credit"), **ZERO)
    restricted = models.BigIntegerField(_("restricted credit"), **ZERO)
    group_member = models.BooleanField(_("group member"), **NO)
    returns = models.ForeignKey(
        "self",
        verbose_name=_("return of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returned_by",
        db_constraint=False,
        db_index=False,
    )
    batch = models.ForeignKey(
        Batch,
        verbose_name=_("batch"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        db_constraint=False,
        db_index=False,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    import_key = models.CharField(  # noqa: DJ001
        _("import key"), max_length=32, null=True, blank=True, editable=False
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        constraints = [
            models.UniqueConstraint(fields=["store", "id"], name="purchase_in_store"),
            models.UniqueConstraint(
                fields=["store", "import_key"],
                condition=Q(import_key__isnull=False),
                name="purchase_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(price=F("money") + F("credit") + F("restricted")),
                name="purchase_is_paid",
            ),
            models.CheckConstraint(
                condition=(Q(quantity__gt=0, returns=None) & _all_amounts(gte=0))
                | (Q(quantity__lt=0) & _all_amounts(lte=0)),
                name="purchase_signs_agree",
            ),
            models.CheckConstraint(
                # The parts of the price are no larger, since they have its sign.
                condition=Q(price__range=(-LIMIT, LIMIT), list_price__range=(-LIMIT, LIMIT)),
                name="purchase_amount_range",
            ),
            models.CheckConstraint(
                condition=Q(restricted=0) | Q(recipient=F("payer")),
                name="purchase_gift_takes_no_restricted",
            ),
            SameStore(field="payer", name="purchase_payer_same_store"),
            SameStore(field="recipient", name="purchase_recipient_same_store"),
            SameStore(field="product", name="purchase_product_same_store"),
            SameStore(field="vendor", name="purchase_vendor_same_store"),
            SameStore(field="returns", name="purchase_returns_same_store"),
            SameStore(field="batch", name="purchase_batch_same_store"),
            Immutable(
                name="purchase_is_a_fact", except_for=("removed_at", "counts_on"), deletable=True
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "recipient"],
                include=["quantity"],
                condition=NAMES_PRODUCT & Q(removed_at=None),
                name="purchase_by_product",
            ),
            models.Index(
                fields=["product", "at", "id"], condition=NAMES_PRODUCT, name="purchase_of_product"
            ),
            models.Index(
                fields=["vendor", "at", "id"], condition=NAMES_VENDOR, name="purchase_of_vendor"
            ),
            models.Index(
                fields=["store", "receipt", "id"],
                opclasses=["int8_ops", "text_pattern_ops", "int8_ops"],
                condition=HAS_RECEIPT,
                name="purchase_by_receipt",
            ),
            models.Index(
                fields=["recipient", "at", "id"], condition=IS_GIFT, name="purchase_gift_to"
            ),
            models.Index(fields=["store", "at", "id"], condition=IS_GIFT, name="purchase_gift"),
            models.Index(fields=["store", "at", "id"], condition=IS_RETURN, name="purchase_return"),
            models.Index(fields=["store", "counts_on"], name="purchase_by_day"),
            models.Index(fields=["store", "at"], name="purchase_by_time"),
            models.Index(
                fields=["returns"], condition=Q(returns__isnull=False), name="purchase_by_returned"
            ),
            models.Index(
                fields=["batch"], condition=Q(batch__isnull=False), name="purchase_by_batch"
            ),
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False),
                name="purchase_by_removal",
            ),
            # Before a customer is deleted, the database seeks what they bought and received. SQLite
            # takes the newest of indexes that seem alike, so these stand below those that begin
            # with the store.
            models.Index(fields=["payer", "at", "id"], name="purchase_by_payer"),
            models.Index(fields=["recipient", "product"], name="purchase_by_recipient"),
        ]

    def __str__(self) -> str:
        return gettext("purchase %(number)s") % {"number": self.pk}

    @property
    def credit_used(self) -> int:
        """Both balances together."""
        return self.credit + self.restricted

    @property
    def is_gift(self) -> bool:
        return self.payer_id != self.recipient_id

    @property
    def is_return(self) -> bool:
        return self.quantity < 0
