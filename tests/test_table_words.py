"""The words that cells of lists share are translated once a table, however many rows it has."""

import datetime as dt

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from customers.tables import ArchivedTable, CustomerTable
from loyalty.tables import CouponTable
from products.tables import CategoryTable, ProductTable, VendorTable
from sales.tables import DeliveryTable, PayoutTable, PurchaseTable
from stores.models import Store
from stores.views.batch_list import BatchTable

TODAY = dt.date(2026, 6, 15)
HOLDS = {"discount_from": None, "discount_until": None, "first": None, "last": None, "today": TODAY}
COUPON = {
    **HOLDS,
    **dict.fromkeys(("commission", "share", "uses", "earned", "given"), 1),
    "code": "SPRING",
    "owner": "anna",
}
GOODS = {"product": "", "is_deleted": False, "quantity": 1}
PEOPLE = {"people": "/stores/lamps/customers/", "payer_id": 1, "recipient_id": 1, "payee_id": 1}
CUSTOMER = {
    **dict.fromkeys(("spent", "spent_year", "owns", "credit", "restricted", "discount"), 1),
    "customer": "anna",
    "picture": "",
    "banned": True,
}
BATCH = {"title": "Credit", "by": "anna", "created_at": None, "planned": 1, "state": "done"}
ROWS = [
    (CustomerTable, {**CUSTOMER, "subscriber": True}),
    (CustomerTable, {**CUSTOMER, "subscriber": False}),
    (ArchivedTable, {**CUSTOMER, "archived": None}),
    (BatchTable, {**BATCH, "undo": ("Undo", "/undo/")}),
    (ProductTable, {**HOLDS, "name": "Lamp", "image": "", "discount": 5, "price": 1}),
    (CategoryTable, {"name": "Lamps", "products": 2, "discounts": (5, 10)}),
    (VendorTable, {"name": "Stall", "discount": 5, "group_discount": 5}),
    (CouponTable, {**COUPON, "active": True}),
    (CouponTable, {**COUPON, "active": False}),
    (
        PurchaseTable,
        {
            **GOODS,
            **PEOPLE,
            **dict.fromkeys(("price", "money", "credit_used"), 1),
            "payer": "anna",
            "is_gift": False,
            "delivery": "failed",
        },
    ),
    (DeliveryTable, {**GOODS, **PEOPLE, "recipient": "anna", "state": "sent", "attempts": 1}),
    (PayoutTable, {**PEOPLE, "name": "anna", "amount": 1, "state": "due"}),
]


@pytest.fixture
def asked(monkeypatch):
    """The messages that were looked up."""
    messages = []
    gettext = trans_real.gettext

    def looked_up(message):
        messages.append(message)
        return gettext(message)

    monkeypatch.setattr(translation._trans, "gettext", looked_up)
    return messages


@pytest.mark.parametrize(("table", "row"), ROWS, ids=[table.__name__ for table, _ in ROWS])
def test_words_are_looked_up_once(asked, table, row):
    store = Store(slug="lamps")

    def looked_up_for(number):
        asked.clear()
        rows = [{"pk": key, **row} for key in range(number)]
        assert table(rows, store=store).body.count("<tr") == number
        return list(asked)

    # The first one may load the addresses, and all that they lead to.
    looked_up_for(1)

    assert looked_up_for(30) == looked_up_for(1)
