"""The vendor API: quotes, purchases and what follows, for scripts in-world."""

from ninja import NinjaAPI

from sales.api import (
    boxes,
    customers,
    deliveries,
    errors,
    payouts,
    purchases,
    quotes,
    reading,
    redeliveries,
    subscriptions,
)
from sales.api.auth import BearerKey
from sales.api.reading import StrictParser
from sales.api.rendering import Compact

api = NinjaAPI(
    title="Vendor API of storeadmin",
    version="1",
    description=(
        "For the vendors of a store in-world. Amounts are whole numbers of the smallest unit."
        " Answers are JSON of at most 2,048 bytes. Every POST takes a key: the same question under"
        " the same key gets the same answer again."
    ),
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    auth=BearerKey(),
    parser=StrictParser(),
    renderer=Compact(),
)
for module in (
    quotes,
    purchases,
    customers,
    redeliveries,
    deliveries,
    boxes,
    payouts,
    subscriptions,
):
    api.add_router("", module.router)
errors.handle_all(api)
api.add_decorator(reading.known_query)
