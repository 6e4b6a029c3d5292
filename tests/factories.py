"""Rows for tests, made by the verbs that make them in the program; every argument but the first has a default."""

import datetime as dt
from itertools import count
from typing import Any

from django.utils import timezone

from customers import profiles, purchases
from customers.models import Balance, CreditAccount, Customer, Purchase, YearWindow
from loyalty import coupons
from loyalty.explained import Quote
from loyalty.models import Coupon, KeptDiscount, LoyaltyTier, Settings, StoredQuote
from loyalty.pricing import Facts, Goods, price
from products.models import Category, Product, Vendor, VendorGroup
from stores import saved_views
from stores.models import Member, NameRule, Role, SavedView, Store, User

PASSWORD = "only for the tests"
FIGURES = ("spent", "spent_year", "owns", "first_purchase_at", "last_purchase_at")

_numbers = count(1)


def make_user(username: str = "", **fields: Any) -> User:
    return User.objects.create_user(
        username or f"user{next(_numbers)}", password=PASSWORD, **fields
    )


def make_store(slug: str = "", **fields: Any) -> Store:
    """A Second Life store in L$ and its time zone."""
    slug = slug or f"store-{next(_numbers)}"
    return Store.objects.create(slug=slug, **{"name": slug.title(), **fields})


def make_plain_store(slug: str = "", **fields: Any) -> Store:
    """A store that keeps names as they are written."""
    return make_store(slug, **{"name_rule": NameRule.PLAIN, "currency": "USD", **fields})


def make_member(store: Store, role: str = Role.OWNER, user: User | None = None) -> Member:
    return Member.objects.create(store=store, user=user or make_user(), role=role)


def make_view(member: Member, name: str = "Big spenders", **fields: Any) -> SavedView:
    """A view of the Customers list: the member's own, or shared."""
    kept = {"list_name": "customers:list", "shared": False, **fields}
    kept.setdefault("query", "spent_more=100&sort=-spent&columns=customer.spent")
    return saved_views.save(store=member.store, name=name, by=member, **kept)


def make_customer(
    store: Store, username: str = "", *, credit: int = 0, restricted: int = 0, **fields: Any
) -> Customer:
    """A customer with starting credits."""
    return profiles.add(
        store=store,
        username=username or f"customer{next(_numbers)}",
        opening={Balance.CREDIT: credit, Balance.RESTRICTED: restricted},
        **{"by": None, **fields},
    )


def make_category(store: Store, name: str = "") -> Category:
    return Category.objects.create(store=store, name=name or f"Category {next(_numbers)}")


def make_product(store: Store, name: str = "", **fields: Any) -> Product:
    return Product.objects.create(
        store=store, name=name or f"Product {next(_numbers)}", **{"price": 100, **fields}
    )


def make_vendor_group(store: Store, name: str = "", **fields: Any) -> VendorGroup:
    return VendorGroup.objects.create(store=store, name=name or f"Group {next(_numbers)}", **fields)


def make_vendor(store: Store, name: str = "", **fields: Any) -> Vendor:
    return Vendor.objects.create(store=store, name=name or f"Vendor {next(_numbers)}", **fields)


def make_tier(store: Store, threshold: int = 1000, discount: int = 5, **fields: Any) -> LoyaltyTier:
    """A tier as a saved ladder leaves it: with the settings of the store."""
    Settings.objects.get_or_create(store=store)
    return LoyaltyTier.objects.create(store=store, threshold=threshold, discount=discount, **fields)


def make_kept(customer: Customer, discount: int = 10) -> KeptDiscount:
    return KeptDiscount.objects.create(store=customer.store, customer=customer, discount=discount)


def make_coupon(
    store: Store, code: str = "", owner: Customer | None = None, **fields: Any
) -> Coupon:
    """A coupon of a new customer: 10 % for its owner, 15 % for who uses it."""
    return coupons.add(
        store=store,
        code=code or f"CODE-{next(_numbers)}",
        owner=owner or make_customer(store),
        by=None,
        **{"commission": 10, "share": 15, **fields},
    )


def a_price(amount: int = 100) -> Quote:
    """A price without any discount."""
    return price(Facts(Goods(amount), dt.date(2026, 6, 15)))


def make_quote(product: Product, payer: Customer | None = None, **fields: Any) -> StoredQuote:
    """A stored quote for the payer themself, of the list price."""
    return StoredQuote.objects.create(
        store=product.store,
        product=product,
        payer=payer,
        recipient=payer,
        **{
            "body": a_price(product.price).as_json(),
            "valid_until": timezone.now() + dt.timedelta(minutes=15),
            **fields,
        },
    )


def set_window(store: Store, day: dt.date) -> None:
    """The year of the store has rolled to that day."""
    YearWindow.objects.update_or_create(
        store=store,
        defaults={"through": day},
        create_defaults={"through": day, "time_zone": store.time_zone},
    )


def noon(store: Store, day: dt.date) -> dt.datetime:
    """The middle of a day where the store is."""
    return dt.datetime.combine(day, dt.time(12), store.zone)


def buy(
    payer: Customer, product: Product | None = None, *, on: dt.date | None = None, **fields: Any
) -> Purchase:
    """A purchase of 100, at noon of the day `on` or now."""
    if on:
        fields["at"] = noon(payer.store, on)
    return purchases.record(
        store=payer.store, payer=payer, product=product, **{"money": 100, "by": None, **fields}
    )


def figures_of(customer: Customer) -> dict[str, Any]:
    """The figures as they are stored now."""
    return Customer.objects.values(*FIGURES).get(pk=customer.pk)


def figure(customer: Customer, name: str) -> Any:
    return figures_of(customer)[name]


def balances(customer: Customer) -> tuple[int, int]:
    """Credit and restricted credit as they are stored now."""
    return CreditAccount.objects.values_list("credit", "restricted").get(customer=customer)
