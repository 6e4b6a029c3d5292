"""Which column of a sales file holds which field: given by its owner, or told by its headers."""

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.nouns import Words
from stores.sheet_dialects import SheetError
from stores.sheets import column, listed

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


LABELS: dict[str, Words] = {
    "customer": gettext_lazy("Customer"),
    "uuid": "UUID",
    "date": gettext_lazy("Date"),
    "product": gettext_lazy("Product"),
    "quantity": gettext_lazy("Quantity"),
    "amount": gettext_lazy("Amount"),
    "price": gettext_lazy("Price of one"),
    "receipt": gettext_lazy("Receipt"),
    "vendor": gettext_lazy("Vendor"),
}
IGNORED = ""
NEEDED = (("customer", "uuid"), ("date",), ("amount", "price"))


def field_of(header: str) -> str:
    """The field that a header is read as, or ''."""
    plain = re.sub(r"[\W_]", "", header).casefold()
    return next((field for field, names in SYNONYMS.items() if plain in names), IGNORED)


def contradictions(fields: Sequence[str]) -> list[str]:
    """Why columns cannot be read as those fields: two for one field, or one that is needed."""
    counts = Counter(field for field in fields if field != IGNORED)
    said = [
        _("Two columns are read as %(field)s: choose one of them.") % {"field": LABELS[field]}
        for field, number in counts.items()
        if number > 1
    ]
    for needed in NEEDED:
        if not any(counts[field] for field in needed):
            names = _(" or ").join(str(LABELS[field]) for field in needed)
            said.append(_("There is no column for %(fields)s: choose one.") % {"fields": names})
    return said


def traps(headers: Sequence[str], fields: Sequence[str]) -> list[str]:
    """What an owner ought to look at before they trust the columns: sentences."""
    said = []
    for field in dict.fromkeys(fields):
        names = [f"“{name}”" for name, one in zip(headers, fields, strict=True) if one == field]
        if field != IGNORED and len(names) > 1:
            text = _("%(columns)s are read as one field, %(field)s: choose one of them.")
            read = _(" and ").join(names)
            said.append(text % {"columns": read, "field": LABELS[field]})
    if "amount" in fields and "price" in fields:
        said.append(_("There are amounts and prices: the amount of a line counts."))
    if "product" not in fields:
        said.append(_("No column names the product: the purchases would be without one."))
    if unknown := [
        f"“{name}”" for name, one in zip(headers, fields, strict=True) if not one and name
    ]:
        text = _("Ignored, since no field is known for them: %(columns)s.")
        said.append(text % {"columns": ", ".join(unknown)})
    return said


def parse_mapping(text: str) -> dict[str, str]:
    """Field to header out of `customer=customer_id,date=date`.

    A header with a comma in it is given as `"customer=Name, first"`.
    """
    try:
        pairs = next(csv.reader([text], skipinitialspace=True, strict=True), [])
    except csv.Error:
        raise SheetError(_("The mapping cannot be read: %(text)s") % {"text": text}) from None
    found: dict[str, str] = {}
    for pair in pairs:
        field, header = _pair(pair)
        if field in found:
            raise SheetError(_("The mapping names the field '%(field)s' twice.") % {"field": field})
        found[field] = header
    if not found:
        raise SheetError(_("The mapping is empty; it is written customer=column,date=column,..."))
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
        raise SheetError(
            _("The mapping has '%(pair)s' where field=column is expected.") % {"pair": pair}
        )
    if field not in FIELDS:
        raise SheetError(
            _("The mapping names no field '%(field)s'. There are: %(known)s.")
            % {"field": field, "known": ", ".join(FIELDS)}
        )
    return field, header


def _recognised(headers: Sequence[str]) -> dict[str, int]:
    fields = [field_of(header) for header in headers]
    columns = {}
    for field in FIELDS:
        found = [place for place, one in enumerate(fields) if one == field]
        if len(found) > 1:
            names = _(" and ").join(f"'{headers[place]}'" for place in found)
            raise SheetError(
                _("The columns %(columns)s can both be the %(field)s. Say which by a mapping.")
                % {"columns": names, "field": field}
            )
        if found:
            columns[field] = found[0]
    return columns


def _refuse_shared(columns: Mapping[str, int], headers: Sequence[str]) -> None:
    users: dict[int, str] = {}
    for field, place in columns.items():
        if place in users:
            raise SheetError(
                _("The column '%(column)s' is mapped to both %(one)s and %(other)s.")
                % {"column": headers[place], "one": users[place], "other": field}
            )
        users[place] = field


def _refuse_incomplete(columns: Mapping[str, int], headers: Sequence[str]) -> None:
    for needed in NEEDED:
        if not any(field in columns for field in needed):
            raise SheetError(
                _(
                    "There is no column for %(fields)s. The file has: %(headers)s."
                    " Say which is which by a mapping such as customer=Name,date=Day,amount=Paid."
                )
                % {"fields": _(" or ").join(needed), "headers": listed(headers)}
            )
