"""Quotes over the database: which facts count, how many queries they cost, and what is kept."""

import datetime as dt
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from customers.models import CreditAccount, Customer
from loyalty import quotes
from loyalty.explained import Rule, Stage
from loyalty.models import Coupon, Settings, StoredQuote
from loyalty.pricing import NOT_PAYER
from loyalty.quotes import Question
from products.models import Product, Vendor
from stores.models import Store
from tests.factories import (
    buy,
    make_coupon,
    make_customer,
    make_kept,
    make_product,
    make_quote,
    make_store,
    make_tier,
    make_vendor,
    make_vendor_group,
)
from tests.loyalty.replay import replayed

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 15, 19, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def store(db):
    return make_store()


def ask(product, **asked):
    return quotes.quote(Question(product.store, product, **asked))


def refund_rule(quote):
    (found,) = (step for step in quote.steps if step.stage is Stage.REFUND)
    return found.rule


def lost_coupon(quote):
    (found,) = (step for step in quote.steps if step.stage is Stage.COUPON)
    return [(lost.label, lost.why) for lost in found.lost]


def test_the_documented_example(store):
    product = make_product(store, price=100, discount=10)
    vendor = make_vendor(store, discount=5)
    customer = make_customer(store, discount=5)

    quote = ask(product, vendor=vendor, payer=customer)

    assert (quote.price, quote.refund, quote.net) == (86, 4, 82)


def test_all_facts_count(store):
    group = make_vendor_group(store, "North", discount=20)
    vendor = make_vendor(store, group=group, discount=5, group_discount=30)
    product = make_product(store, price=1_000, discount=10)
    Settings.objects.create(store=store, bonus=5, members_bonus=10, refund_as_credit=True)
    make_tier(store, 500, 12)
    payer = make_customer(store, credit=100, restricted=30, group_member=True)
    buy(payer, money=500)

    quote = ask(product, vendor=vendor, payer=payer, uses_credit=True)

    assert (quote.list_price, quote.price) == (1_000, 630)
    assert (quote.restricted, quote.credit, quote.money) == (30, 100, 500)
    assert (quote.refund, quote.net, quote.bonus) == (60, 440, 44)
    assert quote.refund_as_credit


def test_facts_cost_two_queries(store, django_assert_num_queries):
    product, vendor = make_product(store), make_vendor(store, group=make_vendor_group(store))
    payer, recipient = make_customer(store, credit=5), make_customer(store)
    for threshold in range(1, 9):
        make_tier(store, threshold)
    make_kept(payer)
    coupon = Coupon.objects.get(pk=make_coupon(store, product=product).pk)

    with django_assert_num_queries(2):
        ask(
            product,
            vendor=vendor,
            payer=payer,
            recipient=recipient,
            uses_credit=True,
            coupon=coupon,
        )


@pytest.mark.parametrize(("with_group", "queries"), [(True, 2), (False, 3)])
def test_facts_of_rows_that_were_fetched_cost_no_more(
    store, django_assert_num_queries, with_group, queries
):
    """A vendor that comes without its group costs one query for that, and nothing else does."""
    make_vendor(store, group=make_vendor_group(store, discount=20))
    make_product(store)
    make_kept(make_customer(store, credit=5))
    make_tier(store, 0)
    vendors = Vendor.objects.select_related("group") if with_group else Vendor.objects
    fetched = {
        "vendor": vendors.get(),
        "payer": Customer.objects.get(),
        "recipient": Customer.objects.get(),
    }
    question = Question(Store.objects.get(), Product.objects.get(), **fetched)

    with django_assert_num_queries(queries):
        assert quotes.quote(question).price == 80


def test_a_store_that_has_set_nothing(store):
    assert quotes.terms_of(store) == (quotes.Ladder(()), quotes.House())


@pytest.mark.parametrize("day", [dt.date(2026, 6, 15), dt.date(2026, 6, 16)])
def test_dates_are_those_of_the_store(day):
    """At that moment it is the 16th in Sydney, and still the 15th in Los Angeles."""
    zone = "Australia/Sydney" if day.day == 16 else "America/Los_Angeles"
    product = make_product(
        make_store(time_zone=zone), discount=10, discount_from=day, discount_until=day
    )

    assert ask(product).price == 90


def test_the_tier_is_held_before_this_purchase(store):
    product, customer = make_product(store, price=1_000), make_customer(store)
    make_tier(store, 1_000, 10)

    before = ask(product, payer=customer)
    buy(customer, product, money=1_000)
    after = ask(product, payer=customer)

    assert (before.refund, after.refund) == (0, 100)


def test_facts_are_read_anew(store):
    product, customer = make_product(store), make_customer(store)
    Customer.objects.filter(pk=customer.pk).update(discount=50)
    CreditAccount.objects.filter(pk=customer.pk).update(credit=10)

    quote = ask(product, payer=customer, uses_credit=True)

    assert (quote.credit, quote.refund) == (10, 45)


def test_nobody_is_somebody_who_has_not_bought_yet(store):
    product = make_product(store)
    make_tier(store, 0, 7)
    make_tier(store, 1, 50)

    quote = ask(product)

    assert (quote.price, quote.refund, refund_rule(quote)) == (100, 7, Rule.TIER)


def test_a_kept_discount_counts_if_it_is_larger(store):
    product, customer = make_product(store), make_customer(store, discount=5)
    make_kept(customer, 15)

    quote = ask(product, payer=customer)

    assert (quote.refund, refund_rule(quote)) == (15, Rule.KEPT)


def test_what_the_vendor_says_of_the_group_counts_before_what_is_known(store):
    vendor, product = make_vendor(store, group_discount=10), make_product(store)
    customer = make_customer(store, group_member=False)
    make_tier(store, 0, 20, group_only=True)

    known = ask(product, vendor=vendor, payer=customer)
    said = ask(product, vendor=vendor, payer=customer, member=True)

    assert (known.price, known.refund) == (100, 0)
    assert (said.price, said.refund) == (90, 18)


class TestCoupon:
    def test_gives_its_share(self, store):
        quote = ask(make_product(store, discount=10), coupon=make_coupon(store, "BLOG", share=15))

        assert (quote.price, quote.coupon_share) == (90, 13)

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"active": False}, "it is switched off"),
            ({"first": dt.date(2026, 6, 16)}, "it starts on 16 Jun 2026"),
            ({"last": dt.date(2026, 6, 14)}, "it ended on 14 Jun 2026"),
            ({"active": False, "last": dt.date(2026, 6, 14)}, "it is switched off"),
        ],
    )
    def test_one_that_does_not_hold_says_why(self, store, fields, why):
        quote = ask(make_product(store), coupon=make_coupon(store, "BLOG", **fields))

        assert quote.coupon_share == 0
        assert lost_coupon(quote) == [("Coupon BLOG", why)]

    def test_counts_for_its_product_only(self, store):
        lamp, chair = make_product(store), make_product(store)
        coupon = make_coupon(store, "BLOG", product=lamp)

        assert ask(lamp, coupon=coupon).coupon_share == 15
        assert lost_coupon(ask(chair, coupon=coupon)) == [
            ("Coupon BLOG", "it is for another product")
        ]


class TestGift:
    def test_is_for_another_customer_only(self, store):
        product = make_product(store)
        payer = make_customer(store, restricted=100)
        other = make_customer(store)
        same = Customer.objects.get(pk=payer.pk)

        assert ask(product, payer=payer, recipient=other, uses_credit=True).money == 100
        assert ask(product, payer=payer, recipient=same, uses_credit=True).money == 0
        assert ask(product, payer=payer, uses_credit=True).money == 0

    def test_the_payer_alone_gets_discounts(self, store):
        product = make_product(store)
        payer, other = make_customer(store, discount=5), make_customer(store, discount=90)

        quote = ask(product, payer=payer, recipient=other)

        assert quote.refund == 5
        assert [lost.why for step in quote.steps for lost in step.lost] == [NOT_PAYER]


class TestKept:
    def test_who_asked_and_the_coupon_are_kept(self, store):
        """Of buyers who are no customers yet, their uuids are all there is."""
        coupon = make_coupon(store)
        asker, other = UUID(int=1), UUID(int=2)
        question = Question(
            store,
            make_product(store),
            stranger="carl.moon",
            coupon=coupon,
            asked_by=asker,
            asked_for=other,
        )

        stored = quotes.keep(question, quotes.quote(question))

        stored.refresh_from_db()
        assert (stored.asked_by, stored.asked_for, stored.coupon) == (asker, other, coupon)
        assert (stored.payer, stored.recipient) == (None, None)

    def test_without_a_coupon_none_is_kept(self, store):
        question = Question(store, make_product(store))

        stored = quotes.keep(question, quotes.quote(question))

        assert (stored.coupon, stored.asked_by, stored.asked_for) == (None, None, None)

    def test_a_quote_is_kept_as_it_was_given(self, store):
        product, vendor = make_product(store, discount=33), make_vendor(store, discount=15)
        payer, other = make_customer(store, discount=7), make_customer(store)
        question = Question(store, product, vendor, payer, other, quantity=3)
        given = quotes.quote(question)

        key = quotes.keep(question, given).pk
        Customer.objects.filter(pk=payer.pk).update(discount=99)

        stored = StoredQuote.objects.get(pk=key)
        assert stored.quote == given
        assert quotes.quote(question) != given
        assert (stored.product, stored.vendor) == (product, vendor)
        assert (stored.payer, stored.recipient, stored.purchase) == (payer, other, None)
        assert stored.valid_until - stored.made_at == dt.timedelta(minutes=15)

    def test_it_is_priced_anew_from_what_was_stored(self, store):
        group = make_vendor_group(store, "North", discount=20)
        vendor = make_vendor(store, group=group, discount=5, group_discount=30)
        product = make_product(store, price=999, discount=33)
        Settings.objects.create(store=store, bonus=5, members_bonus=7, refund_as_credit=True)
        make_tier(store, 500, 12)
        payer = make_customer(store, credit=300, restricted=77, group_member=True, discount=3)
        buy(payer, money=500)
        coupon = make_coupon(store, "BLOG", share=15)
        question = Question(
            store, product, vendor, payer, quantity=3, uses_credit=True, coupon=coupon
        )

        key = quotes.keep(question, quotes.quote(question)).pk

        stored = StoredQuote.objects.get(pk=key).quote
        assert (stored.restricted, stored.credit) == (77, 300)
        assert min(stored.refund, stored.bonus, stored.coupon_share) > 0
        assert replayed(stored) == stored

    def test_for_oneself_the_recipient_is_the_payer(self, store):
        payer = make_customer(store)
        question = Question(store, make_product(store), payer=payer)

        assert quotes.keep(question, quotes.quote(question)).recipient == payer

    def test_what_was_never_used_is_swept(self, store):
        product, payer = make_product(store), make_customer(store)
        old = {"made_at": NOW - dt.timedelta(2), "valid_until": NOW - dt.timedelta(1)}
        gone = make_quote(product, payer, **old)
        used = make_quote(product, payer, purchase=buy(payer, product), **old)
        fresh = make_quote(product, payer)

        assert quotes.sweep(before=timezone.now()) == 1

        assert set(StoredQuote.objects.values_list("pk", flat=True)) == {used.pk, fresh.pk}
        assert gone.pk not in StoredQuote.objects.values_list("pk", flat=True)
