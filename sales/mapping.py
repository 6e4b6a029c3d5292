"""Which column of a sales file holds which field: given by its owner, or told by its headers."""

import csv
import re
from collections.abc import Mapping, Sequence

from stores.sheets import SheetError, column, listed

FIELDS = (
    "customer",
    "uuid",
    "date",
    "product",
    "quantity",
    "amount",
    "price",
    "receipt",
    "vendor",
)

# Headers as they are recognised, without case, spaces and signs. `amount` is the total of the line,
# `price` is for one piece. A stock code is no product name, so it must be mapped by hand.
# fmt: off
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "customer": (
        "customer", "customername", "customerid", "customernumber", "username", "buyer",
        "buyername", "payer", "payername", "client", "clientname",
    ),
    "uuid": (
        "uuid", "customeruuid", "useruuid", "avataruuid", "avatarkey", "buyeruuid", "buyerkey",
        "payeruuid",
    ),
    "date": (
        "date", "datetime", "timestamp", "saledate", "salesdate", "purchasedate", "orderdate",
        "invoicedate", "transactiondate",
    ),
    "product": (
        "product", "productname", "item", "itemname", "description",
    ),
    "quantity": (
        "quantity", "qty", "units", "pieces",
    ),
    "amount": (
        "amount", "total", "linetotal", "totalamount", "amountpaid", "totalpaid",
    ),
    "price": (
        "price", "unitprice", "priceperunit",
    ),
    "receipt": (
        "receipt", "receiptno", "receiptnumber", "receiptid", "invoice", "invoiceno",
        "invoicenumber", "invoiceid", "order", "orderno", "ordernumber", "orderid",
        "transactionid",
    ),
    "vendor": (
        "vendor", "vendorname",
    ),
}
# fmt: on


def parse_mapping(text: str) -> dict[str, str]:
    """Field to header out of `customer=customer_id,date=date`.

    A header with a comma in it is given as `"customer=Name, first"`.
    """
    try:
        pairs = next(csv.reader([text], skipinitialspace=True, strict=True), [])
    except csv.Error:
        raise SheetError(f"The mapping cannot be read: {text}") from None
    found: dict[str, str] = {}
    for pair in pairs:
        field, header = _pair(pair)
        if field in found:
            raise SheetError(f"The mapping names the field '{field}' twice.")
        found[field] = header
    if not found:
        raise SheetError("The mapping is empty; it is written customer=column,date=column,...")
    return found


def columns_of(headers: Sequence[str], mapping: str | None) -> dict[str, int]:
    """The place of each field's column; by the mapping if there is one, else by the headers."""
    if mapping is None:
        columns = _recognised(headers)
    else:
        columns = {field: column(headers, name) for field, name in parse_mapping(mapping).items()}
    _refuse_shared(columns, headers)
    _refuse_incomplete(columns, headers)
    return columns


def _pair(pair: str) -> tuple[str, str]:
    field, sign, header = (part.strip() for part in pair.partition("="))
    field = field.casefold()
    if not sign or not header:
        raise SheetError(f"The mapping has '{pair}' where field=column is expected.")
    if field not in FIELDS:
        raise SheetError(f"The mapping names no field '{field}'. There are: {', '.join(FIELDS)}.")
    return field, header


def _recognised(headers: Sequence[str]) -> dict[str, int]:
    plain = [re.sub(r"[\W_]", "", header).casefold() for header in headers]
    columns = {}
    for field, synonyms in SYNONYMS.items():
        found = [place for place, header in enumerate(plain) if header in synonyms]
        if len(found) > 1:
            names = " and ".join(f"'{headers[place]}'" for place in found)
            raise SheetError(
                f"The columns {names} can both be the {field}. Say which by a mapping."
            )
        if found:
            columns[field] = found[0]
    return columns


def _refuse_shared(columns: Mapping[str, int], headers: Sequence[str]) -> None:
    users: dict[int, str] = {}
    for field, place in columns.items():
        if place in users:
            raise SheetError(
                f"The column '{headers[place]}' is mapped to both {users[place]} and {field}."
            )
        users[place] = field


def _refuse_incomplete(columns: Mapping[str, int], headers: Sequence[str]) -> None:
    for needed in (("customer", "uuid"), ("date",), ("amount", "price")):
        if not any(field in columns for field in needed):
            raise SheetError(
                f"There is no column for {' or '.join(needed)}. The file has: {listed(headers)}."
                " Say which is which by a mapping such as customer=Name,date=Day,amount=Paid."
            )
