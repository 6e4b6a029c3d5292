"""Boxes: a delivery box says where it can be reached."""

from django.http import HttpResponse
from ninja import Router

from sales import boxes
from sales.api import described
from sales.api.answered import BoxOut
from sales.api.asked import BoxIn
from sales.api.auth import VendorRequest
from sales.api.idempotency import Done, once

router = Router(tags=["Delivering"])


@router.post(
    "boxes",
    summary="Register a delivery box",
    response=described.deed(BoxOut),
    url_name="boxes",
    operation_id="register_box",
)
def register(request: VendorRequest, asked: BoxIn) -> HttpResponse:
    """Register the address of a delivery box, anew whenever it changes. Only addresses of Second
    Life are taken.
    """

    def deed() -> Done:
        box = boxes.register(
            store=request.store, object_key=asked.object_key, name=asked.name, url=asked.url
        )
        return Done(BoxOut(box=box.pk))

    return once(request, asked, deed)
