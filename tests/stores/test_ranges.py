"""What the database refuses whoever writes it: values at the edge are taken, values over it are not."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from customers.models import CreditAccount, CreditEntry, Customer, CustomerCount, Purchase
from loyalty.models import KeptDiscount, LoyaltyTier, Settings
from products.models import Product, Vendor, VendorGroup
from stores.models import Member
from stores.money import LIMIT
from tests.factories import (
    make_customer,
    make_kept,
    make_member,
    make_product,
    make_store,
    make_tier,
    make_vendor,
    make_vendor_group,
)

pytestmark = pytest.mark.django_db
PERCENTAGES = ([0, 1, 100], [-1, 101, 2**15, 2**63])
BALANCES = ([0, 1, LIMIT], [-1, LIMIT + 1, 2**63 - 1, 2**63])
ROWS = {
    Product: lambda store: make_product(store),
    Vendor: lambda store: make_vendor(store),
    VendorGroup: lambda store: make_vendor_group(store),
    Customer: lambda store: make_customer(store),
    CreditAccount: lambda store: make_customer(store).account,
    CustomerCount: lambda store: make_customer(store).store.customer_count,
    Member: lambda store: make_member(store),
    LoyaltyTier: lambda store: make_tier(store),
    Settings: lambda store: make_tier(store).store.loyalty_settings,
    KeptDiscount: lambda store: make_kept(make_customer(store)),
}
COLUMNS = [
    (Product, "price", *BALANCES),
    (Product, "discount", *PERCENTAGES),
    (VendorGroup, "discount", *PERCENTAGES),
    (Vendor, "discount", *PERCENTAGES),
    (Vendor, "group_discount", *PERCENTAGES),
    (Customer, "discount", *PERCENTAGES),
    (Customer, "owns", [0, 2**31 - 1], [-1]),
    (Customer, "name_key", ["j", "j" * 200], [""]),
    (CreditAccount, "credit", *BALANCES),
    (CreditAccount, "restricted", *BALANCES),
    (CustomerCount, "listed", [0, 2**62], [-1]),
    (LoyaltyTier, "threshold", *BALANCES),
    (LoyaltyTier, "discount", *PERCENTAGES),
    (LoyaltyTier, "period", ["global", "yearly"], ["", "month", "Global"]),
    (Settings, "bonus", *PERCENTAGES),
    (Settings, "members_bonus", *PERCENTAGES),
    (KeptDiscount, "discount", [1, 100], [-1, 0, 101, 2**15, 2**63]),
    (Member, "role", ["owner", "viewer"], ["", "Owner", "admin"]),
]
TAKEN = [(model, column, value) for model, column, good, _ in COLUMNS for value in good]
REFUSED = [(model, column, value) for model, column, _, bad in COLUMNS for value in bad]


def name(value):
    return getattr(value, "__name__", None) or str(value)[:24]


def write(row, column, value):
    """Past every check of ours: `value` stands in the statement, so that SQLite sees 2^63 too."""
    shown = f"'{value}'" if isinstance(value, str) else value
    quote = connection.ops.quote_name
    table, key = row._meta.db_table, row._meta.pk.column
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(table)} SET {quote(column)} = {shown} WHERE {quote(key)} = {row.pk}"  # noqa: S608
        )


@pytest.mark.parametrize(("model", "column", "value"), TAKEN, ids=name)
def test_values_within_the_range_are_taken(model, column, value):
    row = ROWS[model](make_store())

    write(row, column, value)

    row.refresh_from_db()
    assert getattr(row, column) == value


@pytest.mark.parametrize(("model", "column", "value"), REFUSED, ids=name)
def test_values_outside_the_range_are_refused(unchanged, model, column, value):
    row = ROWS[model](make_store())

    with unchanged(), pytest.raises(DatabaseError):
        write(row, column, value)


def entry(**values):
    account = make_customer(make_store()).account
    fields = {"balance": "credit", "seq": 1, "delta": 1, "after": 1, "kind": "grant", **values}
    return CreditEntry(store_id=account.store_id, account=account, **fields)


@pytest.mark.parametrize(
    "values",
    [
        {"delta": 1, "after": 1},
        {"delta": LIMIT, "after": LIMIT},
        {"delta": -LIMIT, "after": 0},
        {"delta": -1, "after": LIMIT - 1},
        {"balance": "restricted"},
        {"seq": 2**62},
    ],
    ids=str,
)
def test_entries_within_their_ranges_are_taken(values):
    row = entry(**values)

    row.save()

    assert CreditEntry.objects.filter(pk=row.pk, **values).exists()


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"delta": 0}, "entry_moves_something"),
        ({"delta": 2, "after": 1}, "entry_before_not_negative"),
        ({"delta": 1, "after": 0}, "entry_before_not_negative"),
        ({"delta": -1, "after": -1}, "entry_after_range"),
        ({"delta": 1, "after": LIMIT + 1}, "entry_after_range"),
        ({"delta": -LIMIT - 1, "after": 0}, "entry_delta_range"),
        ({"seq": 0}, "entry_seq_counts_from_one"),
        ({"seq": -1}, "entry_seq_counts_from_one"),
        ({"balance": "bonus"}, "entry_balance_known"),
        ({"balance": ""}, "entry_balance_known"),
    ],
    ids=str,
)
def test_entries_outside_their_ranges_are_refused(unchanged, values, rule):
    row = entry(**values)

    with unchanged(), pytest.raises(IntegrityError, match=rule), transaction.atomic():
        row.save()


def purchase(**values):
    payer = values.pop("payer", None) or make_customer(make_store())
    fields = {"list_price": 1, "price": 1, "money": 1, "recipient": payer, **values}
    return Purchase(store=payer.store, payer=payer, counts_on=dt.date(2024, 5, 1), **fields)


def amounts(money=0, credit=0, restricted=0, **values):
    price = money + credit + restricted
    return {
        "money": money,
        "credit": credit,
        "restricted": restricted,
        "price": price,
        "list_price": price,
        **values,
    }


@pytest.mark.parametrize(
    "values",
    [
        amounts(money=0),
        amounts(money=LIMIT),
        amounts(credit=LIMIT),
        amounts(money=1, credit=2, restricted=3),
        amounts(money=1, list_price=LIMIT),
        amounts(money=-1, quantity=-1),
        amounts(money=-LIMIT, quantity=-1),
        amounts(money=0, quantity=-1),
        amounts(money=1, quantity=2**31 - 1),
    ],
    ids=str,
)
def test_purchases_within_their_ranges_are_taken(values):
    row = purchase(**values)

    row.save()

    assert Purchase.objects.filter(pk=row.pk, **values).exists()


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"money": 1, "price": 2}, "purchase_is_paid"),
        ({"money": 0, "price": 1}, "purchase_is_paid"),
        ({"money": 1, "credit": 1, "price": 1}, "purchase_is_paid"),
        (amounts(money=LIMIT + 1), "purchase_amount_range"),
        (amounts(money=1, list_price=LIMIT + 1), "purchase_amount_range"),
        (amounts(money=-LIMIT - 1, quantity=-1), "purchase_amount_range"),
        (amounts(money=1, quantity=0), "purchase_signs_agree"),
        (amounts(money=0, quantity=0), "purchase_signs_agree"),
        (amounts(money=-1), "purchase_signs_agree"),
        (amounts(money=1, quantity=-1), "purchase_signs_agree"),
        (amounts(money=2, credit=-1), "purchase_signs_agree"),
        (amounts(money=-2, credit=1, quantity=-1), "purchase_signs_agree"),
        (amounts(money=1, list_price=-1), "purchase_signs_agree"),
    ],
    ids=str,
)
def test_purchases_outside_their_ranges_are_refused(unchanged, values, rule):
    row = purchase(**values)

    with unchanged(), pytest.raises(IntegrityError, match=rule), transaction.atomic():
        row.save()


def test_a_return_has_a_negative_quantity(unchanged):
    first = purchase()
    first.save()

    with (
        unchanged(),
        pytest.raises(IntegrityError, match="purchase_signs_agree"),
        transaction.atomic(),
    ):
        purchase(payer=first.payer, returns=first).save()


def test_a_gift_takes_no_restricted_credit(unchanged):
    payer = make_customer(make_store())
    gift = purchase(payer=payer, recipient=make_customer(payer.store), **amounts(restricted=1))

    with (
        unchanged(),
        pytest.raises(IntegrityError, match="gift_takes_no_restricted"),
        transaction.atomic(),
    ):
        gift.save()


def test_an_import_key_stands_once_in_a_store(unchanged):
    first, twin, elsewhere = purchase(import_key="k"), purchase(), purchase(import_key="k")
    first.save()
    elsewhere.save()
    twin = purchase(payer=first.payer, import_key="k")

    with unchanged(), pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
