"""What was bought: the fact, written once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from products.models import Product, Vendor
from stores.constraints import Immutable, SameStore
from stores.models import Batch, Store
from stores.models.defaults import NO, ZERO
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

    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    payer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        related_name="purchases",
        db_constraint=False,
        db_index=False,
    )
    recipient = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        related_name="received",
        db_constraint=False,
        db_index=False,
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        db_constraint=False,
        db_index=False,
    )
    vendor = models.ForeignKey(
        Vendor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        db_constraint=False,
        db_index=False,
    )
    quantity = models.IntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)
    counts_on = models.DateField()
    receipt = models.CharField(max_length=64, blank=True)
    list_price = models.BigIntegerField()
    price = models.BigIntegerField()
    money = models.BigIntegerField()
    credit = models.BigIntegerField(**ZERO)
    restricted = models.BigIntegerField(**ZERO)
    group_member = models.BooleanField(**NO)
    returns = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returned_by",
        db_constraint=False,
        db_index=False,
    )
    batch = models.ForeignKey(
        Batch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        db_constraint=False,
        db_index=False,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    import_key = models.CharField(max_length=32, null=True, blank=True, editable=False)  # noqa: DJ001
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
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
        return f"purchase {self.pk}"

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
