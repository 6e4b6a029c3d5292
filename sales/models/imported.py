"""The lines of a sales file as they were read and judged, and the customers, products and vendors
that the file names.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer
from products.models import Product, Vendor
from stores.constraints import SameStore
from stores.models import BatchRow
from stores.models.batch import row_indexes
from stores.models.defaults import EMPTY, NO, ZERO


class SaleState(models.TextChoices):
    """What a line of a sales file comes to."""

    NEW = "new", _("new")
    KNOWN = "known", _("known already")
    NAMELESS = "nameless", _("without a customer")
    REFUSED = "refused", _("refused")


class NameKind(models.TextChoices):
    """What a name of the file is the name of."""

    PRODUCT = "product", pgettext_lazy("what is named", "product")
    VENDOR = "vendor", pgettext_lazy("what is named", "vendor")


class Choice(models.TextChoices):
    """What is done with a name of the file."""

    OPEN = "", _("to be chosen")
    MATCH = "match", _("matched")
    CREATE = "create", _("to be created")
    SKIP = "skip", _("left out")


WRITTEN = (Choice.MATCH, Choice.CREATE)


class SalePerson(BatchRow):
    """A customer whom a file means, by whatever names: who is there already, or who is to be made.

    `changes` maps a field of a known one to what it was and what it shall be. `settled` says that
    they were looked for again, and made where nobody was found, when their first line was written.
    """

    username = models.CharField(_("username"), max_length=64)
    name_key = models.CharField(_("key of the name"), max_length=200)
    uuid = models.UUIDField("UUID", null=True)
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    changes = models.JSONField(_("changes"), default=dict)
    settled = models.BooleanField(_("settled"), **NO)
    made = models.BooleanField(_("made"), **NO)
    reason = models.CharField(_("reason"), max_length=300, blank=True, **EMPTY)

    class Meta:
        verbose_name = _("sale person")
        verbose_name_plural = _("sale people")
        constraints = [
            models.UniqueConstraint(fields=["store", "id"], name="saleperson_in_store"),
            models.UniqueConstraint(fields=["batch", "name_key"], name="saleperson_once"),
            SameStore(field="batch", name="saleperson_batch_same_store"),
            SameStore(field="customer", name="saleperson_customer_same_store"),
        ]
        indexes = [
            models.Index(
                fields=["batch", "uuid"],
                condition=Q(uuid__isnull=False),
                name="saleperson_by_uuid",
            ),
        ]


class SaleName(BatchRow):
    """A product or a vendor as a file names it, and what is done with it. The numbers are those of
    its new lines; `price` is the unit price of the first one.
    """

    kind = models.CharField(_("kind"), max_length=7, choices=NameKind.choices)
    name = models.CharField(_("name"), max_length=200)
    choice = models.CharField(
        _("choice"), max_length=6, choices=Choice.choices, blank=True, **EMPTY
    )
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    vendor = models.ForeignKey(
        Vendor,
        verbose_name=_("vendor"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    price = models.BigIntegerField(_("price"), **ZERO)
    made = models.BooleanField(_("made"), **NO)
    lines = models.BigIntegerField(_("lines"), **ZERO)
    money = models.BigIntegerField(_("money"), **ZERO)
    returns = models.BigIntegerField(_("returns"), **ZERO)
    returned = models.BigIntegerField(_("returned"), **ZERO)

    class Meta:
        verbose_name = _("sale name")
        verbose_name_plural = _("sale names")
        constraints = [
            models.UniqueConstraint(fields=["store", "id"], name="salename_in_store"),
            models.UniqueConstraint(fields=["batch", "kind", "name"], name="salename_once"),
            models.CheckConstraint(
                condition=Q(kind__in=NameKind.values), name="salename_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(choice__in=Choice.values), name="salename_choice_known"
            ),
            SameStore(field="batch", name="salename_batch_same_store"),
            SameStore(field="product", name="salename_product_same_store"),
            SameStore(field="vendor", name="salename_vendor_same_store"),
        ]
        indexes = [
            models.Index(fields=["batch", "kind", "choice", "id"], name="salename_by_choice"),
        ]


class SaleRow(BatchRow):
    """One line. `who` and `what` are the customer and the product as it names them; `cells` are
    those of a line that is not taken, so that it can be mended.
    """

    line = models.BigIntegerField(_("line"))
    state = models.CharField(_("state"), max_length=8, choices=SaleState.choices)
    who = models.CharField(_("customer as named"), max_length=64, blank=True, **EMPTY)
    what = models.CharField(_("product as named"), max_length=200, blank=True, **EMPTY)
    person = models.ForeignKey(
        SalePerson,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    product_name = models.ForeignKey(
        SaleName,
        verbose_name=_("name of the product"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    vendor_name = models.ForeignKey(
        SaleName,
        verbose_name=_("name of the vendor"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    at = models.DateTimeField(_("sold at"), null=True)
    quantity = models.IntegerField(_("quantity"), **ZERO)
    amount = models.BigIntegerField(_("amount"), **ZERO)
    receipt = models.CharField(_("receipt"), max_length=64, blank=True, **EMPTY)
    import_key = models.CharField(_("import key"), max_length=32, blank=True, **EMPTY)
    cells = models.JSONField(_("cells"), null=True)
    column = models.CharField(_("column"), max_length=120, blank=True, **EMPTY)
    reason = models.CharField(_("reason"), max_length=300, blank=True, **EMPTY)

    class Meta:
        verbose_name = _("sale row")
        verbose_name_plural = _("sale rows")
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="salerow_once"),
            models.CheckConstraint(
                condition=Q(state__in=SaleState.values), name="salerow_state_known"
            ),
            SameStore(field="batch", name="salerow_batch_same_store"),
            SameStore(field="person", name="salerow_person_same_store"),
            SameStore(field="product_name", name="salerow_product_same_store"),
            SameStore(field="vendor_name", name="salerow_vendor_same_store"),
        ]
        indexes = [
            *row_indexes("line", "salerow"),
            models.Index(fields=["batch", "state", "line"], name="salerow_by_state"),
            models.Index(
                fields=["batch", "line"],
                condition=Q(state=SaleState.NEW, quantity__lt=0),
                name="salerow_returns",
            ),
        ]
