"""Pictures of customers that nobody uploaded: looked up at Second Life, when somebody looks at the
customer, and again a month later.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from customers import residents
from customers.models import Customer, Portrait
from stores import bulk, pictures
from stores.models import NameRule

State = Portrait.State
MONTH, DAY = dt.timedelta(days=30), dt.timedelta(days=1)
AGAIN_AFTER = {State.FOUND: MONTH, State.NONE: MONTH, State.FAILED: DAY}
# Nobody is looked up for so long after a service did not answer.
AWAY, AWAY_SECONDS = "portraits:away", 300

logger = logging.getLogger(__name__)


def is_due(customer: Customer) -> bool:
    """Whether it is time to look the picture of a customer up; reads their portrait, unless that
    was selected with them.
    """
    if not (settings.RESIDENT_PAGES and customer.uuid):
        return False
    if customer.store.name_rule != NameRule.SECOND_LIFE:
        return False
    portrait = getattr(customer, "portrait", None)
    if is_uploaded(customer, portrait):
        return False
    return portrait is None or timezone.now() - portrait.looked_at >= AGAIN_AFTER[portrait.state]


def is_uploaded(customer: Customer, portrait: Portrait | None) -> bool:
    """Whether a person gave the customer the picture they have."""
    name = customer.picture.name or ""
    return bool(name) and name != (portrait.file if portrait else "")


def look_up(*, customer: Customer) -> str:
    """Look the picture of a customer up and keep it; the state of the portrait then, none where an
    upload came first. What goes wrong at the service is a state, not an error.

    Asks first, then locks the customer and the portrait.
    """
    known = Portrait.objects.filter(customer=customer).first()
    try:
        image = residents.image_of(customer.uuid) if customer.uuid else None
        is_new = image is not None and (known is None or known.image != image)
        picture = residents.picture_of(image) if image and is_new else None
    except residents.Unseen as error:
        logger.info("no picture of customer %s: %s", customer.pk, error)
        if isinstance(error, residents.Away):
            cache.set(AWAY, True, AWAY_SECONDS)
        return _fail(customer)
    return _keep(customer, image, picture)


def forget(*, customer: Customer) -> None:
    """A person gave or took the picture; what was looked up before no longer counts. Within the
    caller's transaction, which has locked the customer.
    """
    Portrait.objects.filter(customer=customer).delete()


def files_of(keys: Sequence[int]) -> dict[int, str]:
    """The files of pictures that were looked up, by customer."""
    rows = Portrait.objects.filter(customer__in=keys).exclude(file="")
    return dict(rows.values_list("customer", "file"))


def delete_many(keys: Sequence[int]) -> None:
    """Delete the portraits of customers who go, and the files on commit."""
    storage = Customer.picture.field.storage
    for file in files_of(keys).values():
        transaction.on_commit(partial(storage.delete, file))
    bulk.delete(Portrait, "customer", keys)


def _keep(customer: Customer, image: UUID | None, picture: ContentFile | None) -> str:
    """Write down what was found. A picture that somebody took away comes back only as another."""
    with transaction.atomic():
        row = Customer.objects.select_for_update().get(pk=customer.pk)
        known = Portrait.objects.select_for_update().filter(customer=row).first()
        if is_uploaded(row, known):
            return ""
        if picture or (image is None and row.picture):
            pictures.put(row=row, field="picture", picture=picture, by=None)
        file = row.picture.name if picture else (known.file if known and image else "")
        state = State.FOUND if image else State.NONE
        _write(row, state=state, image=image, file=file)
    return state


def _fail(customer: Customer) -> str:
    """What was found before stays."""
    _write(customer, state=State.FAILED)
    return State.FAILED


def _write(customer: Customer, **values: object) -> None:
    Portrait.objects.update_or_create(
        customer=customer,
        defaults={"store": customer.store, "looked_at": timezone.now(), **values},
    )
