"""Redeliveries: another copy for whoever owns one."""

from django.http import HttpResponse
from ninja import Router

from sales import asking, deliveries
from sales.api import described
from sales.api.answered import DeliveryStateOut
from sales.api.asked import RedeliveryIn
from sales.api.auth import VendorRequest
from sales.api.idempotency import Done, once

router = Router(tags=["Delivering"])


@router.post(
    "redeliveries",
    summary="Deliver again",
    response=described.deed(DeliveryStateOut, 403, 404),
    url_name="redeliveries",
    operation_id="redeliver",
)
def redeliver(request: VendorRequest, asked: RedeliveryIn) -> HttpResponse:
    """Queue another copy of a product that may be copied, for the resident who received it; while
    one is under way, that one.
    """

    def deed() -> Done:
        product = asking.product(request.store, asked.product)
        customer = asking.customer(request.store, asked.uuid)
        made = deliveries.redeliver(customer=customer, product=product, by=None)
        return Done(DeliveryStateOut(delivery=made.pk, state=made.state))

    return once(request, asked, deed)
