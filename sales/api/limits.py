"""How often a key may ask; and each object in-world that says it shows it, a little more often than
Second Life lets it.
"""

import uuid

from django.http import HttpRequest

from sales.api.errors import Problem
from sales.models import VendorKey
from sales.rates import Counter, Rate

OBJECT = "X-SecondLife-Object-Key"
by_key = Counter(Rate(most=300, seconds=60, step=10))
by_object = Counter(Rate(most=30, seconds=20, step=5))


def count(request: HttpRequest, key: VendorKey) -> None:
    """Raises Problem where it was asked too often."""
    wait = by_key.wait(key)
    if not wait and (said := _object(request)):
        wait = by_object.wait(key, said)
    if wait:
        raise Problem(429, retry_after=wait)


def _object(request: HttpRequest) -> str:
    """The key that an object says it has: a claim."""
    try:
        return str(uuid.UUID(request.headers.get(OBJECT, "")))
    except ValueError:
        return ""
