"""Delivery boxes: where they say they can be reached."""

import uuid as uuids

from django.db import transaction
from django.utils import timezone

from sales.models import Box
from sales.refused import Code, Refused
from stores import audit, outgoing
from stores.models import Store


def register(*, store: Store, object_key: uuids.UUID, name: str, url: str) -> Box:
    """Take down the address of a box, in place of the one that it had; nothing is asked of it yet.

    Raises Refused where we would never ask there.
    """
    try:
        outgoing.check(url, purpose=outgoing.BOX)
    except outgoing.Refused as refused:
        raise Refused(Code.BAD_ADDRESS, str(refused)) from None
    fields = {
        "name": name,
        "url": url,
        "registered_at": timezone.now(),
        "failures": 0,
        "gone_at": None,
    }
    with transaction.atomic():
        box, is_new = Box.objects.update_or_create(
            store=store, object_key=object_key, defaults=fields
        )
        if is_new:
            # Not its address: who knows that can speak to it.
            changes = {"object": [None, str(object_key)], "name": [None, name]}
            audit.record(store=store, by=None, action="box.register", subject=box, changes=changes)
    return box
