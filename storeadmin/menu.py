"""The menu of a store, as data: what it says, where it leads, who sees it; and where Help leads."""

from functools import cached_property, lru_cache
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stores.models import Batch
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
    """Where Help leads; inside a store, also its menu and the stores to switch between."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    if not hasattr(request, "store"):
        return {"help_url": help_url(page)}
    inside = cast(StoreRequest, request)
    return {"help_url": help_url(page, inside.store.slug), "menu": StoreMenu(inside)}


class StoreMenu:
    """The menu of a store on one of its pages, each part made where a template shows it: parts of a
    page ask for the context anew.
    """

    def __init__(self, request: StoreRequest):
        self.request = request

    @property
    def key(self) -> str:
        """What the items follow from: who has the same sees the same."""
        return f"{self.request.store.slug} {self.request.member.role} {self._here}"

    @property
    def items(self) -> list[dict[str, Any]]:
        urls = _urls(self.request.store.slug)
        return [
            {**item, "url": urls[item["url"]][0], "active": item["url"] == self._here}
            for item in ITEMS
            if self.request.member.may(item["right"])
        ]

    @property
    def stores(self) -> list[dict[str, Any]]:
        return [
            {
                "name": member.store.name,
                "url": member.store.get_absolute_url(),
                "active": member.store_id == self.request.store.pk,
            }
            for member in self.request.memberships
        ]

    @property
    def batch(self) -> Batch | None:
        return batch_of_bar(self.request)

    @cached_property
    def _here(self) -> str:
        """The name of the item to whose pages this one belongs."""
        path, urls = self.request.path, _urls(self.request.store.slug)
        return next((name for name, starts in urls.items() if path.startswith(starts)), "")


@lru_cache
def _urls(slug: str) -> dict[str, tuple[str, ...]]:
    """For each item where it leads, and then where else one is on its pages: what its `with` names
    has no item of its own.
    """
    names = {item["url"]: [item["url"], *filter(None, [item.get("with")])] for item in ITEMS}
    return {
        item: tuple(reverse(name, args=[slug]) for name in named) for item, named in names.items()
    }
