"""Who calls: a vendor, by its key. What the simulator says of the caller is a claim, and opens
nothing.
"""

import datetime as dt

from django.http import HttpRequest
from ninja.security import HttpBearer

from customers.tasks import keep_year
from products.models import Vendor
from sales import keys
from sales.api import limits
from sales.api.errors import Problem
from sales.models import VendorKey
from stores.models import Store


class VendorRequest(HttpRequest):
    """A request whose key was found."""

    auth: VendorKey
    store: Store
    vendor: Vendor


class BearerKey(HttpBearer):
    """The key of a vendor that sells, which has not asked too often."""

    def authenticate(self, request: HttpRequest, token: str) -> VendorKey | None:
        key = keys.find(token)
        if key is None:
            return None
        limits.count(request, key)
        key.vendor.store = key.store
        request.store, request.vendor = key.store, key.vendor  # type: ignore[attr-defined]
        return key


def ask_pays_out(request: VendorRequest) -> None:
    """Raises Problem where the key is not one of a vendor that pays out."""
    if not request.auth.pays_out:
        raise Problem(403, detail="This key does not pay out: make one that does.")


def roll_year(request: VendorRequest) -> dt.date | None:
    """Roll the year before figures are read; the day they stand at where they lag behind."""
    window = getattr(request.store, "year_window", None)
    return keep_year(request.store, through=window and window.through)
