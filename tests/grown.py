"""Rows of every model, made by the verbs that make them in the program."""

import uuid

from customers import bans, figures, profiles
from customers.liability import DAY, EPOCH
from customers.models import BookCheck, CreditDay, Customer, Portrait, PurchaseDay
from loyalty import coupons, kept
from products.models import Product, Vendor
from sales import bulk_redelivery, deliveries, keys, returns
from sales.models import Answer, Box, RateWindow
from stores import members
from stores.models import Store
from tests.changes import applied, credit_change, discount_change, rate_change, undone
from tests.factories import (
    buy,
    make_category,
    make_coupon,
    make_customer,
    make_kept,
    make_member,
    make_product,
    make_quote,
    make_store,
    make_tier,
    make_vendor,
    make_vendor_group,
    make_view,
)
from tests.imported import imported
from tests.sales.imported import imported as sales_imported


def grow(store: Store, rows: int) -> None:
    """More rows of every model."""
    for _ in range(rows):
        member = make_member(store)
        members.invite(store=store, role="clerk", by=member.user)
        make_view(member)
        category, group = make_category(store), make_vendor_group(store)
        product = make_product(store, category=category)
        customer = make_customer(store, credit=10)
        profiles.correct(customer=customer, username=f"{customer.username}.b", by=None)
        vendor = make_vendor(store, group=group)
        bought = buy(customer, product, vendor=vendor, credit=5)
        coupons.use(coupon=make_coupon(store, owner=customer), purchase=bought, share=1)
        bans.ban(customer=customer, reason="Spam", by=member.user)
        applied(discount_change(product, by=member.user, percent=5))
        applied(rate_change(vendor, by=member.user, discount=5))
        undone(applied(credit_change(customer, by=member.user, credit=7)))
        imported(store, f"Username,Credit\n{customer.username},12\n{customer.username}.c,1\nx,y\n")
        sold = f"buyer{product.pk},2026-06-01,{product.name} x,3,stall {product.pk}\n"
        sales_imported(store, f"Customer,Date,Product,Amount,Vendor\n{sold}")
        other = make_store()
        figures.lock_window(other)
        profiles.count_listed(other, 1)
        make_tier(other)
        make_kept(customer)
        kept.clear(store=store, by=member.user)
        make_kept(customer)
        make_quote(product, customer)
        close_a_day(store)
        BookCheck.objects.create(store=store, differences=0)
        Portrait.objects.create(store=store, customer=customer, state="none")
        sell(product, customer, bought.vendor)


def sell(product: Product, customer: Customer, vendor: Vendor) -> None:
    """What a sale leaves behind: a delivery with a try, money out, a return, what a vendor asked."""
    store = product.store
    bought = buy(customer, product, vendor=vendor)
    asked = {"purchase": bought, "recipient": customer, "product": product}
    delivery = deliveries.queue(kind="sale", **asked)
    box = Box.objects.create(store=store, object_key=uuid.uuid4(), url="https://box.example/")
    deliveries.keep_attempt(delivery, note="taken", box=box)
    returns.take_back(purchase=bought, wish=returns.Wish(), by=None)
    other = make_product(store, copy=True)
    buy(customer, other)
    by = store.members.first().user
    bulk_redelivery.draft(product=other, before=None, per_minute=1, by=by)
    key, _ = keys.issue(vendor=vendor, by=None)
    RateWindow.objects.create(store=store, key=key, starts_at=0, asked=1)
    Answer.objects.create(
        store=store, key=str(delivery.pk), vendor=vendor, fingerprint="x", status=200, body="{}"
    )


def close_a_day(store: Store) -> None:
    """The day after those that are closed, with one movement and one purchase."""
    starts_at = EPOCH + CreditDay.objects.count() * DAY
    PurchaseDay.objects.create(store=store, day=starts_at.date(), money=100, sold=1)
    CreditDay.objects.create(
        store=store,
        day=starts_at.date(),
        starts_at=starts_at,
        ends_at=starts_at + DAY,
        balance="credit",
        kind="grant",
        moved=1,
        entries=1,
    )
