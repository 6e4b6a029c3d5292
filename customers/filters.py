"""What a list of customers can be narrowed by."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils.translation import gettext_lazy as _

from customers import bans, search
from customers.liability import DAY, midnight
from customers.models import Ban, Customer, Purchase
from customers.turnover import month_end
from products.models import Product
from stores.filters import (
    DayFilter,
    FlagFilter,
    KeysFilter,
    MoneyFilter,
    PercentFilter,
    SearchFilter,
    SpanFilter,
)
from stores.filterset import StoreFilterSet
from stores.forms import MonthField
from stores.models import Store


class ProductField(forms.CharField):
    """A product of the store by its name."""

    def __init__(self, *, store: Store, **kwargs: Any):
        widget = forms.TextInput(attrs={"list": "product-names", "autocomplete": "off"})
        super().__init__(required=False, max_length=200, widget=widget, **kwargs)
        self.store = store

    def products(self) -> QuerySet[Product]:
        """Those that can be named: all of the store, since a deleted one is still owned."""
        return Product.objects.filter(store=self.store)

    def clean(self, value: Any) -> Product | None:
        name = super().clean(value)
        if not name:
            return None
        named = self.products().filter(Q(name=name) | Q(name__iexact=name))
        product = named.order_by(Case(When(name=name, then=0), default=1), "name", "pk").first()
        if product is None:
            raise forms.ValidationError(_("There is no product of that name."))
        return product


class OwnsFilter(KeysFilter):
    """Customers who own a product: received less returned, over rows not removed."""

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = ProductField(store=self.parent.store, label=self.label)
        return self._field

    def keys(self, value: Product) -> QuerySet[Any]:
        received = Purchase.objects.filter(
            product=value, removed_at=None, recipient__archived_at=None
        )
        held = received.order_by().values("recipient").annotate(held=Sum("quantity"))
        return held.filter(held__gt=0).order_by("recipient").values("recipient")

    def walk(self, rows: QuerySet[Any], value: Product) -> QuerySet[Any]:
        received = Purchase.objects.filter(
            recipient=OuterRef("pk"), product=value, removed_at=None
        ).order_by()
        held = received.values("recipient").annotate(held=Sum("quantity")).values("held")
        return rows.alias(held=Subquery(held)).filter(held__gt=0)


class BannedFilter(KeysFilter, FlagFilter):
    """Customers who are banned now, found in the table of bans; or those who are not."""

    def keys(self, value: str) -> QuerySet[Any]:
        store = self.parent.store
        if value == "yes":
            standing = bans.of_store(store).filter(customer__archived_at=None)
            return standing.order_by("customer").values("customer")
        listed = Customer.objects.filter(store=store, archived_at=None)
        return self.walk(listed, value).order_by("spent", "pk").values("pk")

    def gather(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Those who are not banned are told by the few who are."""
        return super().gather(rows, value) if value == "yes" else self.walk(rows, value)

    def walk(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        banned = Exists(Ban.objects.filter(bans.holding(), customer=OuterRef("pk")))
        return rows.filter(banned if value == "yes" else ~banned)


class BalanceFilter(MoneyFilter):
    """An amount of credit; the index of the accounts holds listed ones only."""

    def filter(self, rows: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        if value is None:
            return rows
        accounts = rows.filter(account__store=self.parent.store, account__listed=True)
        return super().filter(accounts, value)


class BoughtInFilter(KeysFilter):
    """Customers who bought something in a month."""

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = MonthField(label=self.label)
        return self._field

    def keys(self, value: dt.date) -> QuerySet[Any]:
        bought = Purchase.objects.filter(
            store=self.parent.store,
            counts_on__range=(value, month_end(value)),
            quantity__gt=0,
            payer__archived_at=None,
        )
        return bought.order_by("payer").values("payer").distinct()

    def walk(self, rows: QuerySet[Any], value: dt.date) -> QuerySet[Any]:
        store = self.parent.store
        begins, ends = midnight(store, value), midnight(store, month_end(value) + DAY)
        bought = Purchase.objects.filter(
            payer=OuterRef("pk"), at__gte=begins, at__lt=ends, quantity__gt=0
        ).order_by("at")
        # Asked of each row that the list walks past, not of all who bought.
        return rows.alias(bought=Subquery(bought.values("pk")[:1])).filter(bought__isnull=False)

    def text(self, value: dt.date, store: Store) -> str:
        return f"{value:%B %Y}"


class CustomerFilters(StoreFilterSet):
    """The filters of the Customers page."""

    q = SearchFilter(matching=search.matching, holds=search.holds)
    spent_more = MoneyFilter(
        "spent", "gt", label=_("Spent more than"), says=_("Spent more than {}")
    )
    spent_less = MoneyFilter(
        "spent", "lt", label=_("Spent less than"), says=_("Spent less than {}")
    )
    year_more = MoneyFilter(
        "spent_year",
        "gt",
        label=_("Spent -1Y more than"),
        says=_("Spent more than {} in the last year"),
    )
    year_less = MoneyFilter(
        "spent_year",
        "lt",
        label=_("Spent -1Y less than"),
        says=_("Spent less than {} in the last year"),
    )
    credit_more = BalanceFilter(
        "account__credit", "gt", label=_("Credit more than"), says=_("Holds more than {} credit")
    )
    credit_less = BalanceFilter(
        "account__credit", "lt", label=_("Credit less than"), says=_("Holds less than {} credit")
    )
    restricted_more = BalanceFilter(
        "account__restricted",
        "gt",
        label=_("Restricted Credit more than"),
        says=_("Holds more than {} restricted credit"),
    )
    owns = OwnsFilter("pk", label=_("Owns product"), says=_("Owns {}"))
    discount = PercentFilter(
        "discount", "gte", label=_("Discount at least"), says=_("Discount of {} % or more")
    )
    bought_after = DayFilter(
        "last_purchase_at",
        after=True,
        label=_("Last purchase after"),
        says=_("Last bought after {}"),
    )
    bought_before = DayFilter(
        "last_purchase_at",
        after=False,
        label=_("Last purchase before"),
        says=_("Last bought before {}"),
    )
    first_from = SpanFilter(
        "first_purchase_at",
        after=True,
        label=_("First purchase from"),
        says=_("First bought from {}"),
    )
    first_until = SpanFilter(
        "first_purchase_at",
        after=False,
        label=_("First purchase until"),
        says=_("First bought until {}"),
    )
    bought_in = BoughtInFilter("pk", label=_("Bought in"), says=_("Bought in {}"))
    subscriber = FlagFilter(
        "subscriber",
        label=_("News subscriber"),
        yes=_("Subscribes to the news"),
        no=_("Does not subscribe to the news"),
    )
    group_member = FlagFilter(
        "group_member",
        label=_("Group member"),
        yes=_("Is a group member"),
        no=_("Is not a group member"),
    )
    banned = BannedFilter("pk", label=_("Banned"), yes=_("Is banned"), no=_("Is not banned"))

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ()


class ArchivedFilters(StoreFilterSet):
    """Archived customers are narrowed by name alone."""

    q = SearchFilter(matching=search.among_archived)

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ()
