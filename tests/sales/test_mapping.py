"""Which column holds which field of a sale."""

import pytest

from sales.mapping import columns_of, parse_mapping
from stores.sheet_dialects import SheetError

RETAIL = [
    "InvoiceNo", "StockCode", "Description", "Quantity",
    "InvoiceDate", "UnitPrice", "CustomerID", "Country",
]  # fmt: skip


def test_a_mapping_is_parsed():
    assert parse_mapping(' Customer = customer_id ,date=date,"vendor=Shop, north"') == {
        "customer": "customer_id",
        "date": "date",
        "vendor": "Shop, north",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The mapping is empty"),
        ("customer", "'customer' where field=column is expected"),
        ("customer=", "'customer=' where field=column is expected"),
        ("customer=a,,date=b", "'' where field=column is expected"),
        ("name=a", r"no field 'name'\. There are: customer, uuid, date"),
        ("customer=a,customer=b", "'customer' twice"),
        ('"customer=a', "cannot be read"),
    ],
)
def test_a_mapping_that_is_wrong_says_how(text, message):
    with pytest.raises(SheetError, match=message):
        parse_mapping(text)


def test_a_mapping_finds_its_columns():
    mapping = "customer=customerid,date=invoicedate,price=unitprice,product=stockcode"

    assert columns_of(RETAIL, mapping) == {"customer": 6, "date": 4, "price": 5, "product": 1}


def test_headers_are_recognised():
    assert columns_of(RETAIL, None) == {
        "customer": 6,
        "date": 4,
        "product": 2,
        "quantity": 3,
        "price": 5,
        "receipt": 0,
    }


def test_headers_are_recognised_without_case_spaces_and_signs():
    headers = ["Customer UUID", "order_date", "LINE-TOTAL", "Qty.", "Vendor name"]

    assert columns_of(headers, None) == {
        "uuid": 0,
        "date": 1,
        "quantity": 3,
        "amount": 2,
        "vendor": 4,
    }


@pytest.mark.parametrize(
    ("headers", "mapping", "message"),
    [
        (["Name", "Date", "Price"], None, "no column for customer or uuid. The file has: Name,"),
        (["Customer", "Day", "Price"], None, "no column for date"),
        (["Customer", "Date", "Sum"], None, "no column for amount or price"),
        (["Customer", "Date", "Price"], "customer=Customer,date=Date", "amount or price"),
        (["Customer", "Date", "Price"], "customer=Name", "no column 'Name'"),
        (["Customer", "Date", "date"], "customer=Customer,date=Date", "more than once"),
        (["Customer", "Buyer", "Date", "Price"], None, "'Customer' and 'Buyer' can both be the"),
        (["Customer", "Date", "Date", "Price"], None, "'Date' and 'Date' can both be the date"),
        (["A", "B"], "customer=A,date=B,amount=A", "'A' is mapped to both customer and amount"),
    ],
)
def test_columns_that_are_missing_or_unclear_are_refused(headers, mapping, message):
    with pytest.raises(SheetError, match=message):
        columns_of(headers, mapping)
