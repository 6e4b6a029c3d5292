"""The menu of a store, as data: what it says, where it leads, who sees it; and where Help leads."""

from functools import partial
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from stores.rights import Right
from stores.views import StoreRequest
from stores.views.batch_bar import batch_of_bar

ITEMS: list[dict[str, Any]] = [
    {"label": _("Dashboard"), "url": "sales:dashboard", "icon": "chart-bar", "right": Right.SEE},
    {"label": _("Customers"), "url": "customers:list", "icon": "users", "right": Right.SEE},
    {"label": _("Loyalty"), "url": "loyalty:tiers", "icon": "award", "right": Right.SEE},
    {"label": _("Products"), "url": "products:list", "icon": "tag", "right": Right.SEE},
    {
        "label": _("Vendors"),
        "url": "products:vendors",
        "icon": "building-store",
        "right": Right.SEE,
    },
    {
        "label": _("Purchases"),
        "url": "sales:purchases",
        "icon": "receipt",
        "right": Right.SEE,
        "with": "sales_import:file",
    },
    {"label": _("Deliveries"), "url": "sales:deliveries", "icon": "package", "right": Right.SEE},
    {"label": _("Payments"), "url": "sales:payments", "icon": "cash", "right": Right.SEE},
    {"label": _("Bulk changes"), "url": "batches:list", "icon": "stack-2", "right": Right.SEE},
    {"label": _("Exports"), "url": "exports", "icon": "download", "right": Right.EXPORT},
    {"label": _("Books"), "url": "books:books", "icon": "book-2", "right": Right.RUN_STORE},
    {"label": _("Members"), "url": "members:list", "icon": "users-group", "right": Right.RUN_STORE},
    {"label": _("Settings"), "url": "settings", "icon": "settings", "right": Right.RUN_STORE},
]

# The topic of help for a page: by its name, else by what stands before the colon in it.
HELP = {
    "customers": "customers",
    "customers:bulk_credit": "credit",
    "customers:credit": "credit",
    "customers:addition": "credit",
    "customers:deduction": "credit",
    "customers:reversal": "credit",
    "customers:statement": "credit",
    "customers:export": "import",
    "customers:import": "import",
    "customers:import_columns": "import",
    "loyalty": "loyalty",
    "loyalty:coupons": "selling",
    "loyalty:add_coupon": "selling",
    "loyalty:coupon": "selling",
    "products": "selling",
    "products:export": "import",
    "sales": "selling",
    "sales:key": "vendors",
    "sales:key_revocation": "vendors",
    "sales_import": "import",
    "batches": "first-steps",
    "lists": "customers",
    "exports": "import",
    "accountant": "import",
    "books": "staff",
    "members": "staff",
    "settings": "staff",
}


def help_url(page: str, slug: str = "") -> str:
    """Where Help leads from a page by that name, in a store with the menu of that: where no topic
    is meant, to all.
    """
    topic = HELP.get(page) or HELP.get(page.partition(":")[0])
    name = "help_topic" if topic else "help"
    return reverse(f"store_{name}" if slug else name, args=list(filter(None, (slug, topic))))


def menu(request: HttpRequest) -> dict[str, Any]:
    """Where Help leads; inside a store, also its menu and the stores to switch between, made where
    a template shows them: parts of a page ask for the context anew.
    """
    page = request.resolver_match.view_name if request.resolver_match else ""
    if not hasattr(request, "store"):
        return {"help_url": help_url(page)}
    inside = cast(StoreRequest, request)
    return {
        "help_url": help_url(page, inside.store.slug),
        "menu": SimpleLazyObject(partial(menu_of, inside)),
    }


def _with(item: dict[str, Any], slug: str) -> list[str]:
    """Where else one is on the page of an item: what its `with` names has none of its own."""
    return [reverse(item["with"], args=[slug])] if "with" in item else []


def menu_of(request: StoreRequest) -> dict[str, Any]:
    """The batch at work is looked for where a template asks."""
    items = [
        {
            "label": item["label"],
            "url": (url := reverse(item["url"], args=[request.store.slug])),
            "icon": item["icon"],
            "active": request.path.startswith((url, *_with(item, request.store.slug))),
        }
        for item in ITEMS
        if request.member.may(item["right"])
    ]
    stores = [
        {
            "name": member.store.name,
            "url": member.store.get_absolute_url(),
            "active": member.store_id == request.store.pk,
        }
        for member in request.memberships
    ]
    return {"items": items, "stores": stores, "batch": partial(batch_of_bar, request)}
