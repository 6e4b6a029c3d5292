"""What lists of sales can be narrowed by."""

from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from customers import search as customers_search
from customers.filters import ProductField
from customers.models import Customer, Purchase
from customers.models.purchase import IS_GIFT, IS_RETURN
from loyalty.forms.quote import CustomerField
from products.filters import RowFilter
from products.models import Product, Vendor
from sales import search
from sales.models import Delivery, DeliveryKind, DeliveryState, Payout, PayoutKind, PayoutState
from stores.filters import (
    ChoiceFilter,
    DateSpanFilter,
    Filter,
    FlagFilter,
    KeysFilter,
    SearchFilter,
    SpanFilter,
)
from stores.filterset import StoreFilterSet


class ProductFilter(Filter):
    """A product by its name. `field_name` is the column of time that its index goes on with."""

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = ProductField(store=self.parent.store, label=self.label)
        return self._field

    def filter(self, rows: QuerySet[Any], value: Product | None) -> QuerySet[Any]:
        return rows.filter(product=value) if value else rows


class VendorFilter(RowFilter):
    """A vendor, retired ones too. `field_name` is the column of time that its index goes on
    with.
    """

    def filter(self, rows: QuerySet[Any], value: Vendor | None) -> QuerySet[Any]:
        return rows.filter(vendor=value) if value else rows


class CustomerFilter(KeysFilter):
    """A customer by name or uuid: `those` are the rows that belong to them."""

    def those(self, rows: QuerySet[Any], value: Customer) -> QuerySet[Any]:
        raise TypeError(f"{type(self).__name__} knows no customers")

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = CustomerField(store=self.parent.store, label=self.label)
        return self._field

    def keys(self, value: Customer) -> QuerySet[Any]:
        rows = self.parent.queryset.model._default_manager.order_by()
        return self.those(rows, value).values("pk")

    def walk(self, rows: QuerySet[Any], value: Customer) -> QuerySet[Any]:
        return self.those(rows, value)


class PartyFilter(CustomerFilter):
    """Who paid, or received it as a gift."""

    def those(self, rows: QuerySet[Any], value: Customer) -> QuerySet[Any]:
        return rows.filter(Q(payer=value) | (IS_GIFT & Q(recipient=value)))


class PayerFilter(CustomerFilter):
    """Who paid."""

    def those(self, rows: QuerySet[Any], value: Customer) -> QuerySet[Any]:
        return rows.filter(payer=value)


class PartFilter(FlagFilter):
    """Purchases of one sort, or all others; `part` has an index of its own."""

    def __init__(self, *args: Any, part: Q, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.part = part

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return rows
        return rows.filter(self.part if value == "yes" else ~self.part)


class LatestDeliveryFilter(KeysFilter, ChoiceFilter):
    """Purchases whose latest delivery is in that state."""

    def keys(self, value: str) -> QuerySet[Any]:
        later = Delivery.objects.filter(purchase=OuterRef("purchase"), pk__gt=OuterRef("pk"))
        rows = Delivery.objects.filter(~Exists(later), store=self.parent.store, state=value)
        return rows.order_by().values("purchase")

    def walk(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.alias(delivered=latest_state()).filter(delivered=value)


class PurchaseSearch(SearchFilter):
    """A receipt, or the name of who paid or received."""

    def __init__(self) -> None:
        super().__init__(matching=search.keys)

    def keys(self, value: str) -> QuerySet[Any]:
        return search.keys(self.parent.store, value)

    def walk(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return search.among(rows, self.parent.store, value)


class RecipientSearch(SearchFilter):
    """The name of who is to have it."""

    def __init__(self) -> None:
        super().__init__(matching=customers_search.matching)

    def keys(self, value: str) -> QuerySet[Any]:
        names = super().keys(value)
        return Delivery.objects.filter(recipient__in=names).order_by().values("pk")

    def walk(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        names = self.matching(self.parent.store, value)
        return rows.filter(Exists(names.filter(pk=OuterRef("recipient"))))


class PayoutSearch(SearchFilter):
    """The name of who is paid, or a transaction."""

    def __init__(self) -> None:
        super().__init__(matching=search.payout_keys)

    def keys(self, value: str) -> QuerySet[Any]:
        return search.payout_keys(self.parent.store, value)

    def walk(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return search.payouts_among(rows, self.parent.store, value)


class PurchaseFilters(StoreFilterSet):
    """The filters of the Purchases page."""

    q = PurchaseSearch()
    product = ProductFilter("at", label=_("Product"), says=_("Of {}"))
    customer = PartyFilter("pk", label=_("Customer"), says=_("Paid or received by {}"))
    payer = PayerFilter("pk", label=_("Paid by"), says=_("Paid by {}"))
    vendor = VendorFilter("at", label=_("Vendor"), model=Vendor, says=_("At {}"))
    since = SpanFilter("at", after=True, label=_("From"), says=_("From {}"))
    until = SpanFilter("at", after=False, label=_("Until"), says=_("Until {}"))
    counts_from = DateSpanFilter(
        "counts_on", after=True, label=_("Counts from"), says=_("Counts from {}")
    )
    counts_until = DateSpanFilter(
        "counts_on", after=False, label=_("Counts until"), says=_("Counts until {}")
    )
    gift = PartFilter("at", part=IS_GIFT, label=_("Gift"), yes=_("Gifts"), no=_("For the payer"))
    returned = PartFilter(
        "at", part=IS_RETURN, label=_("Return"), yes=_("Returns"), no=_("No returns")
    )
    delivery = LatestDeliveryFilter(
        "pk", choices=DeliveryState, label=_("Delivery"), says=_("Delivery {}")
    )

    class Meta:
        model = Purchase
        fields: tuple[str, ...] = ()


class RecipientFilter(CustomerFilter):
    """Who is to have it."""

    def those(self, rows: QuerySet[Any], value: Customer) -> QuerySet[Any]:
        return rows.filter(recipient=value)


class DeliveryFilters(StoreFilterSet):
    """The filters of the Deliveries page."""

    q = RecipientSearch()
    state = ChoiceFilter("state", choices=DeliveryState, label=_("State"), says=_("State: {}"))
    kind = ChoiceFilter("kind", choices=DeliveryKind, label=_("Kind"), says=_("Kind: {}"))
    product = ProductFilter("made_at", label=_("Product"), says=_("Of {}"))
    customer = RecipientFilter("pk", label=_("To"), says=_("To {}"))
    since = SpanFilter("made_at", after=True, label=_("From"), says=_("From {}"))
    until = SpanFilter("made_at", after=False, label=_("Until"), says=_("Until {}"))

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()


class PayeeFilter(CustomerFilter):
    """Who is paid."""

    def those(self, rows: QuerySet[Any], value: Customer) -> QuerySet[Any]:
        return rows.filter(payee=value)


class PayoutFilters(StoreFilterSet):
    """The filters of the Payments page."""

    q = PayoutSearch()
    state = ChoiceFilter("state", choices=PayoutState, label=_("State"), says=_("State: {}"))
    kind = ChoiceFilter("kind", choices=PayoutKind, label=_("What for"), says=_("For: {}"))
    customer = PayeeFilter("pk", label=_("To"), says=_("To {}"))
    since = SpanFilter("made_at", after=True, label=_("From"), says=_("From {}"))
    until = SpanFilter("made_at", after=False, label=_("Until"), says=_("Until {}"))

    class Meta:
        model = Payout
        fields: tuple[str, ...] = ()


def latest_state() -> Subquery:
    """The state of the latest delivery of a purchase."""
    rows = Delivery.objects.filter(purchase=OuterRef("pk")).order_by(F("pk").desc())
    return Subquery(rows.values("state")[:1])
