"""The menu of a store, as data: what it says, where it leads, who sees it."""

from functools import partial
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from stores.rights import Right
from stores.views import StoreRequest
from stores.views.batch_bar import batch_of_bar

ITEMS: list[dict[str, Any]] = [
    {"label": "Dashboard", "url": "sales:dashboard", "icon": "chart-bar", "right": Right.SEE},
    {"label": "Customers", "url": "customers:list", "icon": "users", "right": Right.SEE},
    {"label": "Loyalty", "url": "loyalty:tiers", "icon": "award", "right": Right.SEE},
    {"label": "Products", "url": "products:list", "icon": "tag", "right": Right.SEE},
    {"label": "Vendors", "url": "products:vendors", "icon": "building-store", "right": Right.SEE},
    {"label": "Purchases", "url": "sales:purchases", "icon": "receipt", "right": Right.SEE},
    {"label": "Deliveries", "url": "sales:deliveries", "icon": "package", "right": Right.SEE},
    {"label": "Payments", "url": "sales:payments", "icon": "cash", "right": Right.SEE},
    {"label": "Bulk changes", "url": "batches:list", "icon": "stack-2", "right": Right.SEE},
    {"label": "Exports", "url": "exports", "icon": "download", "right": Right.EXPORT},
    {"label": "Books", "url": "books:books", "icon": "book-2", "right": Right.RUN_STORE},
    {"label": "Members", "url": "members:list", "icon": "users-group", "right": Right.RUN_STORE},
    {"label": "Settings", "url": "settings", "icon": "settings", "right": Right.RUN_STORE},
]


def menu(request: HttpRequest) -> dict[str, Any]:
    """The menu, the stores to switch between, and the batch at work, which is looked for where a
    template asks; for pages inside a store.
    """
    if not hasattr(request, "store"):
        return {}
    request = cast(StoreRequest, request)
    items = [
        {
            "label": item["label"],
            "url": (url := reverse(item["url"], args=[request.store.slug])),
            "icon": item["icon"],
            "active": request.path.startswith(url),
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
    return {"menu": {"items": items, "stores": stores, "batch": partial(batch_of_bar, request)}}
