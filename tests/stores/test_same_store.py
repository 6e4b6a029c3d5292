"""No row points at a row of another store: the database refuses it when the transaction ends.

Most tests ask for the judgement at the end of the transaction early; two let it end.
"""

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from customers.models import (
    Ban,
    CreditAccount,
    CreditEntry,
    CreditRow,
    Customer,
    CustomerLine,
    OldName,
    Portrait,
    Purchase,
    SearchText,
)
from loyalty.models import Coupon, CouponUse, KeptDiscount, KeptRow, StoredQuote
from products.models import Category, DiscountRow, Product, RateRow, Vendor, VendorGroup
from sales.models import (
    Answer,
    Attempt,
    Box,
    Delivery,
    Payout,
    RateWindow,
    RedeliveryRow,
    Return,
    SaleName,
    SalePerson,
    SaleRow,
    VendorKey,
)
from stores.constraints import SameStore
from stores.models import Batch, Member, SavedView
from tests.factories import make_store, make_user

pytestmark = pytest.mark.django_db


def customer(store):
    return Customer(store=store, username="jane", name_key="jane")


def account(store):
    return CreditAccount(store=store, customer=saved(customer(store)))


def entry(store):
    return CreditEntry(
        store=store,
        account=saved(account(store)),
        balance="credit",
        seq=1,
        delta=1,
        after=1,
        kind="grant",
    )


def purchase(store):
    payer = saved(customer(store))
    return Purchase(
        store=store,
        payer=payer,
        recipient=payer,
        counts_on=dt.date(2024, 5, 1),
        list_price=1,
        price=1,
        money=1,
    )


def member(store):
    return Member(store=store, user=make_user(), role="owner")


def saved_view(store):
    return SavedView(store=store, list_name="customers:list", name="Big", query="sort=-spent")


def batch(store):
    return Batch(store=store, kind="credit", title="Credit +L$1")


def credit_row(store):
    return CreditRow(store=store, batch=saved(batch(store)), account=saved(account(store)))


def discount_row(store):
    return DiscountRow(
        store=store,
        batch=saved(batch(store)),
        product=saved(Product(store=store, name="Stool")),
        discount_was=0,
        discount_to=5,
    )


def rate_row(store):
    return RateRow(
        store=store,
        batch=saved(batch(store)),
        vendor=saved(Vendor(store=store, name="Stall")),
        discount_was=0,
        members_was=0,
        discount_to=5,
        members_to=10,
    )


def customer_line(store):
    return CustomerLine(
        store=store,
        batch=saved(batch(store)),
        line=2,
        state="changed",
        customer=saved(customer(store)),
    )


def sale_person(store):
    return SalePerson(
        store=store,
        batch=saved(batch(store)),
        username="jane",
        name_key="jane",
        customer=saved(customer(store)),
    )


def sale_name(store):
    return SaleName(store=store, batch=saved(batch(store)), kind="product", name="Lamp")


def sale_row(store):
    return SaleRow(store=store, batch=saved(batch(store)), line=2, state="new")


def kept_row(store):
    return KeptRow(
        store=store,
        batch=saved(batch(store)),
        customer=saved(customer(store)),
        discount_was=0,
        discount_to=5,
    )


def quote(store):
    return StoredQuote(
        store=store,
        product=saved(Product(store=store, name="Lamp")),
        body={},
        valid_until=timezone.now() + dt.timedelta(minutes=15),
    )


def coupon(store):
    return Coupon(store=store, code="BLOG-7", owner=saved(customer(store)))


def coupon_use(store):
    bought = saved(purchase(store))
    used = saved(Coupon(store=store, code="BLOG-7", owner=bought.payer))
    return CouponUse(store=store, coupon=used, purchase=bought, share=1, commission=1)


def vendor(store):
    return saved(Vendor(store=store, name="Mall"))


def vendor_key(store):
    return VendorKey(store=store, vendor=vendor(store), digest=uuid.uuid4().hex, shown="sa_")


def answer(store):
    return Answer(store=store, vendor=vendor(store), key="1", fingerprint="", status=200, body="{}")


def rate_window(store):
    return RateWindow(store=store, key=saved(vendor_key(store)), starts_at=0, asked=1)


def payout(store):
    return Payout(store=store, kind="give_back", name="jane", amount=1)


def box(store):
    return Box(store=store, object_key=uuid.uuid4(), url="https://localhost/")


def delivery(store):
    bought = saved(purchase(store))
    return Delivery(
        store=store,
        kind="sale",
        purchase=bought,
        product=saved(Product(store=store, name="Stool")),
        recipient=bought.payer,
    )


def attempt(store):
    return Attempt(store=store, delivery=saved(delivery(store)), number=1)


def returned(store):
    return Return(store=store, purchase=saved(purchase(store)))


def redelivery_row(store):
    bought = saved(purchase(store))
    return RedeliveryRow(
        store=store, batch=saved(batch(store)), customer=bought.payer, purchase=bought
    )


def return_of_nothing(store):
    back = purchase(store)
    back.quantity, back.list_price, back.price, back.money = -1, -1, -1, -1
    return back


ROWS = {
    Category: lambda store: Category(store=store, name="Chairs"),
    Product: lambda store: Product(store=store, name="Chair"),
    VendorGroup: lambda store: VendorGroup(store=store, name="Malls"),
    Vendor: lambda store: Vendor(store=store, name="Mall"),
    Customer: customer,
    OldName: lambda store: OldName(store=store, customer=saved(customer(store)), username="joan"),
    Portrait: lambda store: Portrait(store=store, customer=saved(customer(store)), state="none"),
    SearchText: lambda store: SearchText(store=store, customer=saved(customer(store)), text="jane"),
    CreditAccount: account,
    CreditEntry: entry,
    Purchase: purchase,
    KeptDiscount: lambda store: KeptDiscount(
        store=store, customer=saved(customer(store)), discount=5
    ),
    StoredQuote: quote,
    Member: member,
    SavedView: saved_view,
    Batch: batch,
    CreditRow: credit_row,
    CustomerLine: customer_line,
    DiscountRow: discount_row,
    KeptRow: kept_row,
    RateRow: rate_row,
    SaleName: sale_name,
    SalePerson: sale_person,
    SaleRow: sale_row,
    Ban: lambda store: Ban(store=store, customer=saved(customer(store)), reason="Spam"),
    Coupon: coupon,
    CouponUse: coupon_use,
    VendorKey: vendor_key,
    Answer: answer,
    RateWindow: rate_window,
    Payout: payout,
    Box: box,
    Delivery: delivery,
    Attempt: attempt,
    Return: returned,
    RedeliveryRow: redelivery_row,
}
KEYS = [
    pytest.param(model, constraint, id=constraint.name)
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, SameStore)
]


def saved(row):
    row.save(force_insert=True)
    return row


def pointing_row(model, field, store):
    """A row of the store that is complete but for what `field` points at."""
    return return_of_nothing(store) if field == "returns" else ROWS[model](store)


def target_row(model, field, store):
    """A row of the store to point at; its names are free for other rows."""
    target = model._meta.get_field(field).related_model
    row = ROWS[target](store)
    if isinstance(row, Coupon):
        row.code = "OTHER"
    if isinstance(row, Customer):
        row.username = row.name_key = "joan"
    row = saved(row)
    Customer.objects.filter(store=store).update(name_key="joan")
    for named in (Product, Vendor):
        named.objects.filter(store=store).update(name="Other")
    return row


@pytest.mark.parametrize(("model", "constraint"), KEYS)
def test_a_row_may_point_within_its_store(model, constraint):
    ours = make_store("ours")

    target = target_row(model, constraint.field, ours)
    row = pointing_row(model, constraint.field, ours)
    setattr(row, constraint.field, target)
    if model is Purchase and constraint.field in ("payer", "recipient"):
        row.payer = row.recipient = target
    saved(row)
    connection.check_constraints()

    assert getattr(model.objects.get(pk=row.pk), constraint.field) == target


@pytest.mark.parametrize(("model", "constraint"), KEYS)
def test_a_row_pointing_into_another_store_is_refused(unchanged, model, constraint):
    ours, theirs = make_store("ours"), make_store("theirs")
    target = target_row(model, constraint.field, theirs)
    row = pointing_row(model, constraint.field, ours)
    setattr(row, constraint.field, target)

    with unchanged(), pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row.save(force_insert=True)
        connection.check_constraints()

    told = constraint.name if connection.vendor == "postgresql" else "invalid foreign key"
    assert told in str(refusal.value)


@pytest.mark.parametrize(("model", "constraint"), KEYS)
def test_a_row_pointing_at_nothing_is_refused(unchanged, model, constraint):
    row = pointing_row(model, constraint.field, make_store())
    setattr(row, f"{constraint.field}_id", 10**9)

    with unchanged(), pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
        connection.check_constraints()


@pytest.mark.django_db(transaction=True)
def test_a_row_does_not_move_to_another_store(unchanged):
    ours, theirs = make_store("ours"), make_store("theirs")
    product = saved(
        Product(store=ours, name="Chair", category=saved(Category(store=ours, name="Chairs")))
    )

    with unchanged(), pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(store=theirs)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_others_point_at_does_not_move_either(unchanged):
    ours, theirs = make_store("ours"), make_store("theirs")
    row = saved(account(ours))

    with unchanged(), pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=row.customer_id).update(store=theirs)
