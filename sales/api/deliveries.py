"""Deliveries: what a delivery box is to hand over, and what became of it."""

from django.db import transaction
from django.http import HttpResponse
from ninja import Router

from sales import deliveries
from sales.api import described
from sales.api.answered import DeliveriesOut, DeliveryOut, DeliveryStateOut
from sales.api.answers import Room
from sales.api.asked import DeliveryReportIn
from sales.api.auth import VendorRequest
from sales.api.idempotency import Done, once
from sales.models import Delivery
from sales.refused import Code, Refused

router = Router(tags=["Delivering"])
AT_ONCE = 20


@router.get(
    "deliveries",
    summary="Claim deliveries",
    response=described.reading(DeliveriesOut),
    url_name="deliveries",
    operation_id="claim_deliveries",
)
def claim(request: VendorRequest) -> DeliveriesOut:
    """Claim what is to be handed over now, as many as fit into an answer. What is not reported
    within ten minutes is given out again: hand nothing over twice under the same id.
    """
    room = Room(DeliveriesOut(deliveries=[]))
    # Asked often for nothing, it does not keep writers waiting.
    if not deliveries.is_due(request.store):
        return DeliveriesOut(deliveries=[])
    with transaction.atomic():
        taken = deliveries.take_up(
            store=request.store,
            limit=AT_ONCE,
            note=f"claimed by {request.vendor.name}",
            fits=lambda delivery: room.takes(_told(delivery)),
        )
    return DeliveriesOut(deliveries=[_told(delivery) for delivery in taken])


@router.post(
    "deliveries/{key:delivery}",
    summary="Report a delivery",
    response=described.deed(DeliveryStateOut, 404),
    url_name="delivery",
    operation_id="report_delivery",
)
def report(request: VendorRequest, delivery: int, asked: DeliveryReportIn) -> HttpResponse:
    """Report that a delivery was handed over, or could not be."""

    def deed() -> Done:
        found = Delivery.objects.filter(store=request.store, pk=delivery).first()
        if found is None:
            raise Refused(Code.UNKNOWN_DELIVERY, "There is no such delivery in this store.")
        done = deliveries.report(delivery=found, done=asked.state == "delivered", note=asked.note)
        return Done(DeliveryStateOut(delivery=done.pk, state=done.state))

    return once(request, asked, deed)


def _told(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut(
        delivery=delivery.pk,
        product=delivery.product.name,
        recipient=delivery.recipient.uuid,
        name=delivery.recipient.username,
        quantity=delivery.quantity,
    )
