"""A second, small store of the same owner, made by the verbs, so that there is one to switch to."""

import datetime as dt

from customers import credit, profiles, purchases
from customers.models import Balance, Customer, Reason
from products.models import Category, Product, Vendor
from stores.models import Member, NameRule, Role, Store, User

NAME, SLUG = "Wickham Lane Candles", "wickham-lane-candles"
CANDLES = {
    "Beeswax Pillar": 1450,
    "Fig & Bay, large jar": 2800,
    "Tea Lights, box of 24": 690,
    "Dinner Candles, pair": 825,
    "Wick Trimmer": 1200,
}
CUSTOMERS = (
    "Agnes Fairweather",
    "Bram Oyelaran",
    "Carys Pendleton",
    "Dev Anand Raval",
    "Élise Montclair",
    "Frances O'Dowd",
    "Grzegorz Malinka",
    "Harriet Lowe-Simms",
    "Imran Qureshy",
    "Jo",
    "Katherine van der Meulen",
    "Lú Zhìmíng",
)
BOUGHT_NOTHING = 2


def create(*, owner: User) -> Store:
    """The store, its customers, and a year of purchases."""
    store = Store.objects.create(
        name=NAME,
        slug=SLUG,
        currency="GBP",
        time_zone="Europe/London",
        name_rule=NameRule.PLAIN,
    )
    Member.objects.create(store=store, user=owner, role=Role.OWNER)
    shelf = Category.objects.create(store=store, name="Candles")
    counter = Vendor.objects.create(store=store, name="Shop counter")
    products = [
        Product.objects.create(store=store, category=shelf, name=name, price=price)
        for name, price in CANDLES.items()
    ]
    customers = [
        profiles.add(store=store, username=name, by=owner, subscriber=place % 3 == 0)
        for place, name in enumerate(CUSTOMERS)
    ]
    _sell(store, customers[:-BOUGHT_NOTHING], products, counter)
    _use_credit(customers, products, owner=owner)
    return store


def _sell(
    store: Store, customers: list[Customer], products: list[Product], counter: Vendor
) -> None:
    """Something to everybody, to the first of them more; the last of it yesterday."""
    noon = dt.datetime.combine(store.today(), dt.time(12), store.zone)
    for place, customer in enumerate(customers):
        for visit in range(0, len(customers) - place, 4):
            product = products[(place + visit) % len(products)]
            purchases.record(
                store=store,
                payer=customer,
                product=product,
                vendor=counter,
                money=product.price,
                at=noon - dt.timedelta(days=1 + place * 9 + visit * 40),
                by=None,
            )


def _use_credit(customers: list[Customer], products: list[Product], *, owner: User) -> None:
    """A gift paid with credit, and a return."""
    first, second, *_ = customers
    credit.grant(
        customer=first,
        balance=Balance.CREDIT,
        amount=2500,
        by=owner,
        reason=Reason.GIFT_CARD,
        note="Paper gift card",
    )
    trimmer = products[-1]
    gift = purchases.record(
        store=first.store,
        payer=first,
        recipient=second,
        product=trimmer,
        money=0,
        credit=trimmer.price,
        by=None,
    )
    purchases.take_back(purchase=gift, by=owner)
