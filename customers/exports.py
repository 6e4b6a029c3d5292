"""What is exported of customers: who they are, what they bought, how their credit moved."""

from collections.abc import Iterable

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.utils.translation import npgettext_lazy

from customers import columns
from customers.models import Balance, CreditEntry, Customer, Kind, Purchase, Reason
from stores.exports import Column, Export, Row, day, labels, moment, money, yes_no


def customers(keys: list[int]) -> Iterable[Row]:
    return Customer.objects.filter(pk__in=keys).values(
        "pk",
        "username",
        "uuid",
        "email",
        "note",
        "spent",
        "spent_year",
        "owns",
        "discount",
        "subscriber",
        "group_member",
        "first_purchase_at",
        "last_purchase_at",
        credit=F("account__credit"),
        restricted=F("account__restricted"),
    )


CUSTOMERS = Export(
    name="customers",
    noun=npgettext_lazy("counted", "customer", "customers"),
    rows=customers,
    columns=(
        Column("username", columns.USERNAME),
        Column("uuid", columns.UUID),
        Column("email", columns.EMAIL),
        Column("note", columns.NOTE),
        Column("spent", columns.SPENT, money),
        Column("spent_year", columns.SPENT_YEAR, money),
        Column("owns", columns.OWNS),
        Column("credit", columns.CREDIT, money),
        Column("restricted", columns.RESTRICTED, money),
        Column("discount", columns.DISCOUNT),
        Column("subscriber", columns.SUBSCRIBER, yes_no),
        Column("group_member", columns.GROUP_MEMBER, yes_no),
        Column("first_purchase_at", columns.FIRST_PURCHASE, day),
        Column("last_purchase_at", columns.LAST_PURCHASE, day),
    ),
)


def purchases(keys: list[int]) -> Iterable[Row]:
    return Purchase.objects.filter(pk__in=keys).values(
        "pk",
        "at",
        "receipt",
        "quantity",
        "list_price",
        "price",
        "money",
        "credit",
        "restricted",
        "group_member",
        "removed_at",
        customer=F("payer__username"),
        customer_uuid=F("payer__uuid"),
        receiver=F("recipient__username"),
        receiver_uuid=F("recipient__uuid"),
        product_name=F("product__name"),
        vendor_name=F("vendor__name"),
        return_of=F("returns__at"),
    )


PURCHASES = Export(
    name="purchases",
    noun=npgettext_lazy("counted", "purchase", "purchases"),
    rows=purchases,
    columns=(
        Column("at", "Date", moment),
        Column("receipt", "Receipt"),
        Column("customer", "Customer"),
        Column("customer_uuid", "Customer UUID"),
        Column("receiver", "Recipient"),
        Column("receiver_uuid", "Recipient UUID"),
        Column("product_name", "Product"),
        Column("vendor_name", "Vendor"),
        Column("quantity", "Quantity"),
        Column("list_price", "List Price", money),
        Column("price", "Price", money),
        Column("money", "Money", money),
        Column("credit", "Credit", money),
        Column("restricted", "Restricted Credit", money),
        Column("group_member", "Group Member", yes_no),
        Column("return_of", "Return Of", moment),
        Column("removed_at", "Removed", moment),
    ),
)


def entries(keys: list[int]) -> Iterable[Row]:
    full_name = Trim(Concat("by__first_name", Value(" "), "by__last_name"))
    return CreditEntry.objects.filter(pk__in=keys).values(
        "pk",
        "at",
        "balance",
        "kind",
        "reason",
        "note",
        "delta",
        "after",
        customer=F("account__customer__username"),
        uuid=F("account__customer__uuid"),
        who=Coalesce(NullIf(full_name, Value("")), "by__username", Value("")),
    )


ENTRIES = Export(
    name="credit",
    noun=npgettext_lazy("counted", "credit entry", "credit entries"),
    rows=entries,
    columns=(
        Column("at", "Date", moment),
        Column("customer", "Customer"),
        Column("uuid", "UUID"),
        Column("balance", "Balance", labels(Balance)),
        Column("kind", "What", labels(Kind)),
        Column("reason", "Reason", labels(Reason)),
        Column("note", "Note"),
        Column("who", "Who"),
        Column("delta", "Amount", money),
        Column("after", "Balance After", money),
    ),
)
