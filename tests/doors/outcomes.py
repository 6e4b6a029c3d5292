"""What every route answers to whom: the table that the walk through all doors is held against.

A new page needs a line in OUTCOMES: for each method the status for each of ACTORS, in their order. HEAD answers as GET
does, unless a line says otherwise. Slots that no page had before need a line in `Shop.slots` (tests/doors/world.py), a form its fields in BODIES.
A page that asks the right of the row it stands on needs a line in OF_ROW, a form that leads to a preview one in PREVIEWED.
"""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

ACTORS = ("owner", "manager", "clerk", "viewer", "stranger", "nobody")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

Row = tuple[int, int, int, int, int, int]

SIGN_IN = 302
SEEN = (200, 200, 200, 200, 404, SIGN_IN)
EDITED = (200, 200, 200, 403, 404, SIGN_IN)
MANAGED = (200, 200, 403, 403, 404, SIGN_IN)
OWNED = (200, 403, 403, 403, 404, SIGN_IN)
EVERYBODY = (200, 200, 200, 200, 200, 200)
KNOWN = (200, 200, 200, 200, 200, SIGN_IN)
# Who has signed in is led on to their store.
ALREADY = (302, 302, 302, 302, 302, 200)
REFUSED = (302, 302, 302, 302, 302, 405)


def _instead(row: Row, status: int) -> Row:
    """The same people, another answer to those who may."""
    return tuple(status if one == 200 else one for one in row)


def _page(opened: Row, *, changed: Row | None = None) -> dict[str, Row]:
    """A page that `opened` may open. `changed` may send its form, which then leads on; else it takes none.

    Who lacks the right to change is refused before the method is.
    """
    refused = _instead(changed or opened, 405)
    return {
        "GET": opened,
        "POST": _instead(changed, 302) if changed else refused,
        "PUT": refused,
        "PATCH": refused,
        "DELETE": refused,
        "OPTIONS": opened,
    }


def _deed(done: Row) -> dict[str, Row]:
    """A page that does one thing with a row, and asks the right which that row needs; the method is refused before."""
    refused = _instead(SEEN, 405)
    return {
        "GET": done,
        "POST": _instead(done, 302),
        "PUT": refused,
        "PATCH": refused,
        "DELETE": refused,
        "OPTIONS": SEEN,
    }


def _all(**methods: int | Row) -> dict[str, Row]:
    """The same answer for everybody, or a row."""
    return {name: row if isinstance(row, tuple) else (row,) * 6 for name, row in methods.items()}


def _form(opened: Row, *, sent: int = 200) -> dict[str, Row]:
    """A page of the library that signs people in; PUT is to it what POST is."""
    posted, refused = _instead(opened, sent), _instead(opened, 405)
    return _all(GET=opened, POST=posted, PUT=posted, PATCH=refused, DELETE=refused, OPTIONS=opened)


def _words() -> dict[str, Row]:
    """A page that only says something."""
    return _all(GET=200, POST=405, PUT=405, PATCH=405, DELETE=405, OPTIONS=200)


def _operation(*methods: str) -> dict[str, Row]:
    """An operation of the vendor API: a session opens nothing there, and the method is looked at first."""
    named = dict.fromkeys(METHODS, 405) | dict.fromkeys(methods, 401)
    return _all(**named)


def _known() -> dict[str, Row]:
    """A page for whoever has signed in."""
    refused = _instead(KNOWN, 405)
    return _all(GET=KNOWN, POST=refused, PUT=refused, PATCH=refused, DELETE=refused, OPTIONS=KNOWN)


OUTCOMES: dict[str, dict[str, Row]] = {
    "home": _all(
        GET=302,
        POST=(405, 405, 405, 405, 405, SIGN_IN),
        PUT=(405, 405, 405, 405, 405, SIGN_IN),
        PATCH=(405, 405, 405, 405, 405, SIGN_IN),
        DELETE=(405, 405, 405, 405, 405, SIGN_IN),
        OPTIONS=(200, 200, 200, 200, 200, SIGN_IN),
    ),
    "healthz": _all(GET=200, POST=405, PUT=405, PATCH=405, DELETE=405, OPTIONS=405),
    "help": _known(),
    "help_topic": _known(),
    # Customers
    "customers:list": _page(SEEN),
    "customers:archived": _page(SEEN),
    "customers:find": _page(SEEN),
    "customers:add": _page(EDITED, changed=EDITED),
    "customers:profile": _page(SEEN, changed=EDITED),
    "customers:name": _page(EDITED, changed=EDITED),
    "customers:bulk_credit": _page(MANAGED, changed=MANAGED),
    "customers:import": _page(MANAGED, changed=MANAGED),
    "customers:import_columns": _page(MANAGED, changed=MANAGED),
    "customers:export": _page(MANAGED),
    "customers:export_file": _page(MANAGED),
    "customers:archive": _page(EDITED, changed=EDITED),
    "customers:unarchive": _page(EDITED, changed=EDITED),
    "customers:ban": _page(EDITED, changed=EDITED),
    "customers:ban_end": _page(EDITED, changed=EDITED),
    "customers:picture": _page(SEEN),
    "customers:products": _page(SEEN),
    "customers:removal": _page(MANAGED, changed=MANAGED),
    "customers:restoration": _page(MANAGED, changed=MANAGED),
    "customers:purchases": _page(SEEN),
    "customers:credit": _page(SEEN),
    "customers:addition": _page(MANAGED, changed=MANAGED),
    "customers:deduction": _page(MANAGED, changed=MANAGED),
    "customers:reversal": _page(MANAGED, changed=MANAGED),
    "customers:statement": _page(SEEN),
    "customers:statement_file": _page(SEEN),
    # Loyalty
    "loyalty:tiers": _page(SEEN, changed=MANAGED),
    "loyalty:tier": _page(SEEN),
    "loyalty:no_tier": _page(SEEN),
    "loyalty:kept": _page(OWNED, changed=OWNED),
    "loyalty:quote": _page(SEEN),
    "loyalty:stored": _page(SEEN),
    "loyalty:sold": _page(SEEN),
    "loyalty:customer": _page(SEEN),
    "loyalty:people": _page(SEEN),
    "loyalty:coupons": _page(SEEN),
    "loyalty:add_coupon": _page(MANAGED, changed=MANAGED),
    "loyalty:coupon": _page(SEEN, changed=MANAGED),
    # Products
    "products:names": _page(SEEN),
    "products:list": _page(SEEN),
    "products:deleted": _page(SEEN),
    "products:export": _page(MANAGED),
    "products:export_file": _page(MANAGED),
    "products:bulk_discount": _page(MANAGED, changed=MANAGED),
    "products:bulk_rates": _page(MANAGED, changed=MANAGED),
    "products:add": _page(MANAGED, changed=MANAGED),
    "products:product": _page(SEEN, changed=MANAGED),
    "products:deletion": _page(MANAGED, changed=MANAGED),
    "products:restoration": _page(MANAGED, changed=MANAGED),
    "products:image": _page(SEEN),
    "products:categories": _page(SEEN),
    "products:add_category": _page(MANAGED, changed=MANAGED),
    "products:category": _page(SEEN, changed=MANAGED),
    "products:category_discount": _page(MANAGED, changed=MANAGED),
    "products:category_deletion": _page(MANAGED, changed=MANAGED),
    "products:vendors": _page(SEEN),
    "products:retired": _page(SEEN),
    "products:add_vendor": _page(MANAGED, changed=MANAGED),
    "products:vendor": _page(SEEN, changed=MANAGED),
    "products:retirement": _page(MANAGED, changed=MANAGED),
    "products:revival": _page(MANAGED, changed=MANAGED),
    "products:vendor_deletion": _page(MANAGED, changed=MANAGED),
    "products:groups": _page(SEEN),
    "products:add_group": _page(MANAGED, changed=MANAGED),
    "products:group": _page(SEEN, changed=MANAGED),
    "products:group_deletion": _page(MANAGED, changed=MANAGED),
    # Sales
    "sales:purchases": _page(SEEN),
    "sales:purchase": _page(SEEN),
    "sales:return": _page(MANAGED, changed=MANAGED),
    "sales:deliveries": _page(SEEN),
    "sales:delivery": _page(SEEN),
    "sales:retry": _page(EDITED, changed=EDITED),
    "sales:retry_all": _page(EDITED, changed=EDITED),
    "sales:send": _page(EDITED, changed=EDITED),
    "sales:bulk_redelivery": _page(MANAGED, changed=MANAGED),
    "sales:payments": _page(SEEN),
    "sales:payment_days": _page(SEEN),
    "sales:payment": _page(SEEN),
    "sales:retry_payment": _page(MANAGED, changed=MANAGED),
    "sales:mark_paid": _page(MANAGED, changed=MANAGED),
    "sales:redeliver": _page(EDITED, changed=EDITED),
    "sales:customer_deliveries": _page(SEEN),
    "sales:dashboard": _page(SEEN),
    "sales:best_customers": _page(SEEN),
    "sales:best_products": _page(SEEN),
    "sales:customer_tiers": _page(SEEN),
    "sales:customer_months": _page(SEEN),
    # Selling
    "sales:key": _page(OWNED, changed=OWNED) | {"POST": OWNED},
    "sales:key_revocation": _page(OWNED, changed=OWNED),
    # Exports
    "store_help": _page(SEEN),
    "store_help_topic": _page(SEEN),
    "exports": _page(MANAGED),
    "exports:purchases": _page(MANAGED),
    "exports:purchases_file": _page(MANAGED),
    "exports:credit": _page(MANAGED),
    "exports:credit_file": _page(MANAGED),
    "accountant:sales": _page(MANAGED),
    "accountant:sales_file": _page(MANAGED),
    "accountant:best_customers": _page(MANAGED),
    "accountant:best_customers_file": _page(MANAGED),
    "accountant:best_products": _page(MANAGED),
    "accountant:best_products_file": _page(MANAGED),
    # Import of sales
    "sales_import:file": _page(MANAGED, changed=MANAGED),
    "sales_import:columns": _page(MANAGED, changed=MANAGED),
    "sales_import:products": _page(MANAGED, changed=MANAGED),
    # Batches
    "batches:list": _page(SEEN),
    "batches:batch": _page(SEEN),
    "batches:bar": _page(SEEN),
    "batches:rows": _page(SEEN) | {"GET": MANAGED},
    "batches:apply": _deed(MANAGED),
    "batches:undo": _deed(MANAGED),
    "batches:again": _deed(MANAGED),
    "batches:cancel": _deed(MANAGED),
    "batches:resume": _deed(MANAGED),
    # Lists: what members keep of them, and shared views, which the keeper of the right changes
    "lists:columns": _page(SEEN, changed=SEEN),
    "lists:add_view": _page(SEEN, changed=SEEN),
    "lists:view": _deed(MANAGED),
    "lists:replacement": _deed(MANAGED),
    "lists:deletion": _deed(MANAGED),
    # Books
    "books:books": _page(OWNED),
    "books:check": _page(OWNED, changed=OWNED) | {"GET": _instead(OWNED, 405)},
    # Members
    "members:list": _page(OWNED),
    "members:invite": _page(OWNED, changed=OWNED),
    "members:revocation": _page(OWNED, changed=OWNED),
    "members:member": _page(OWNED, changed=OWNED),
    "members:removal": _page(OWNED, changed=OWNED),
    "settings": _page(OWNED, changed=OWNED),
    # A link that nobody was given
    "invitation": _all(
        GET=404,
        POST=(404, 404, 404, 404, 404, SIGN_IN),
        PUT=405,
        PATCH=405,
        DELETE=405,
        OPTIONS=200,
    ),
    # Only with DEBUG
    "styleguide": _all(GET=404, POST=404, PUT=404, PATCH=404, DELETE=404, OPTIONS=404),
    "styleguide_form": _all(GET=404, POST=404, PUT=404, PATCH=404, DELETE=404, OPTIONS=404),
    # The vendor API
    "openapi": _words() | _all(OPTIONS=405),
    "api_docs": _words() | _all(OPTIONS=405),
    "api_start": _all(GET=404, POST=404, PUT=404, PATCH=404, DELETE=404, OPTIONS=404),
    "api:api-root": _all(GET=404, POST=404, PUT=404, PATCH=404, DELETE=404, OPTIONS=404),
    "api:quotes": _operation("POST"),
    "api:purchases": _operation("POST"),
    "api:customer": _operation("GET"),
    "api:redeliveries": _operation("POST"),
    "api:deliveries": _operation("GET"),
    "api:delivery": _operation("POST"),
    "api:boxes": _operation("POST"),
    "api:payouts": _operation("GET"),
    "api:payout": _operation("POST"),
    "api:subscriptions": _operation("GET", "POST"),
    # Signing in
    "account_login": _all(
        GET=ALREADY, POST=ALREADY, PUT=ALREADY, PATCH=REFUSED, DELETE=REFUSED, OPTIONS=ALREADY
    ),
    "account_logout": _all(GET=KNOWN, POST=302, PUT=405, PATCH=405, DELETE=405, OPTIONS=200),
    "account_inactive": _words(),
    "account_signup": _all(
        GET=ALREADY, POST=ALREADY, PUT=ALREADY, PATCH=ALREADY, DELETE=ALREADY, OPTIONS=ALREADY
    ),
    "account_reauthenticate": _form(KNOWN),
    "account_change_password": _form(KNOWN),
    "account_set_password": _all(GET=302, POST=302, PUT=302, PATCH=302, DELETE=302, OPTIONS=302),
    "account_reset_password": _form(EVERYBODY),
    "account_reset_password_from_key": _all(
        GET=200, POST=200, PUT=200, PATCH=200, DELETE=200, OPTIONS=200
    ),
    "account_reset_password_from_key_done": _words(),
    "account_reset_password_done": _words(),
    # The Django admin, for staff only: everybody else is led to its own sign-in.
    "admin:login": _form(EVERYBODY),
    "admin:*": _all(GET=302, POST=302, PUT=302, PATCH=302, DELETE=302, OPTIONS=302),
}

# The right is that of the row, which is looked for first.
OF_ROW = {
    "batches:rows",
    "batches:apply",
    "batches:undo",
    "batches:again",
    "batches:cancel",
    "batches:resume",
    "lists:view",
    "lists:replacement",
    "lists:deletion",
}
# They answer htmx with the preview, where others close the dialog.
PREVIEWED = {
    "customers:bulk_credit",
    "products:bulk_discount",
    "products:bulk_rates",
    "products:category_discount",
    "sales:bulk_redelivery",
    "batches:again",
}

# What fills the slots of routes outside of stores.
SLOTS = {
    "api:uuid": "00000000-0000-4000-8000-000000000001",
    "api:delivery": "1",
    "api:payout": "1",
    "key": "abc:def",
    "token": "abc:def",
    "topic": "credit",
    "uidb36": "1",
    "admin:object_id": "1",
    "admin:content_type_id": "1",
    "admin:app_label": "stores",
    "admin:url": "nowhere",
    "admin:id": "1",
}

# A query that a route is asked with, made from the shop whose ids stand in the address.
QUERIES: dict[str, Any] = {
    "customers:find": lambda shop: {"q": shop.customer.username},
    "customers:restoration": lambda shop: {"removed_at": shop.removed_at},
    "customers:products": lambda shop: {"after": shop.product.pk + 1},
    "customers:export_file": lambda shop: {"tick": shop.customer.pk},
    "products:export_file": lambda shop: {"tick": shop.product.pk},
    "products:names": lambda shop: {"owns": shop.product.name},
    "loyalty:quote": lambda shop: {
        "product": shop.product.name,
        "customer": shop.customer.username,
        "recipient": shop.friend.username,
        "use_credit": "on",
        "coupon": shop.coupon.code,
    },
    "loyalty:people": lambda shop: {"customer": shop.customer.username},
    "sales:purchases": lambda shop: {"product": shop.product.name},
    "sales:deliveries": lambda shop: {"state": "failed"},
}

TOKEN = {"token": "11111111-2222-4333-8444-555555555555"}
BY_HAND = {"balance": "credit", "amount": "1", "reason": "other"}

# The fields that a form is sent with.
BODIES: dict[str, Any] = {
    "customers:import": lambda shop: {
        "file": SimpleUploadedFile("new.csv", b"Username,Credit\nnew,5\n"),
        "source": "auto",
    },
    "sales_import:file": lambda shop: {
        "file": SimpleUploadedFile("new.csv", b"Customer,Date,Amount\nnew,2026-01-05,5\n"),
    },
    "customers:add": lambda shop: {
        "username": "somebody.new",
        "token": "11111111-2222-4333-8444-555555555555",
    },
    "customers:name": lambda shop: {"username": "renamed"},
    "lists:add_view": lambda shop: {"name": "New view"},
    "customers:ban": lambda shop: {"reason": "Spam", "until": "2026-07-01"},
    "customers:addition": lambda shop: {**TOKEN, **BY_HAND},
    "customers:deduction": lambda shop: {**TOKEN, **BY_HAND},
    "customers:bulk_credit": lambda shop: {
        "ticked": str(shop.customer.pk),
        "audience": "ticked",
        "credit": "5",
        "reason": "other",
        "policy": "stop",
    },
    "products:bulk_discount": lambda shop: {
        "ticked": str(shop.product.pk),
        "audience": "ticked",
        "discount": "7",
    },
    "products:bulk_rates": lambda shop: {
        "ticked": str(shop.stall.pk),
        "audience": "ticked",
        "members": "7",
    },
    "loyalty:add_coupon": lambda shop: {
        "code": "NEW-1",
        "owner": shop.friend.username,
        "product": shop.product.name,
        "commission": "5",
    },
    "products:category_discount": lambda shop: {"discount": "7"},
    "products:add": lambda shop: {"name": "New lamp", "price": "5"},
    "products:add_category": lambda shop: {"name": "New shelf"},
    "products:add_vendor": lambda shop: {"name": "New stall"},
    "products:add_group": lambda shop: {"name": "New street"},
    "sales:send": lambda shop: {
        **TOKEN,
        "product": shop.product.name,
        "customer": "somebody.new",
    },
    "sales:bulk_redelivery": lambda shop: {"product": shop.product.name, "per_minute": "30"},
}


def declared(name: str) -> dict[str, Row] | None:
    """The line for a route: its own, or that of its group."""
    group = name.partition(":")[0] + ":*"
    return OUTCOMES.get(name) or OUTCOMES.get(group)
