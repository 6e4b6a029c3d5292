"""Subscriptions: who wants the news, in and out at a kiosk."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router

from customers import consent
from customers.consent import Unclear
from customers.identity import Person
from customers.models import Customer
from customers.models.customer import LISTED
from sales import asking
from sales.api import described
from sales.api.answered import SubscriberOut, SubscriptionOut, SubscriptionsOut
from sales.api.answers import Room
from sales.api.asked import LARGEST_KEY, SubscriptionIn
from sales.api.auth import VendorRequest
from sales.api.idempotency import Done, once

router = Router(tags=["News"])
AT_ONCE = 30
After = Annotated[int, Query(ge=0, le=LARGEST_KEY)]


@router.get(
    "subscriptions",
    summary="List who wants the news",
    response=described.reading(SubscriptionsOut),
    url_name="subscriptions",
    operation_id="subscribers",
)
def subscribers(request: VendorRequest, after: After = 0) -> SubscriptionsOut:
    """Who wants the news, as many as fit into an answer; `after` of an answer leads on."""
    rows = Customer.objects.filter(
        LISTED, store=request.store, subscriber=True, uuid__isnull=False, pk__gt=after
    )
    found = list(rows.order_by("pk").values_list("pk", "uuid", "username")[: AT_ONCE + 1])
    page = SubscriptionsOut(subscribers=[], after=LARGEST_KEY)
    room, last = Room(page), None
    for key, uuid, name in found[:AT_ONCE]:
        row = SubscriberOut(uuid=uuid, name=name)  # type: ignore[arg-type]
        if not room.takes(row):
            break
        page.subscribers.append(row)
        last = key
    page.after = last if len(page.subscribers) < len(found) else None
    return page


@router.post(
    "subscriptions",
    summary="Subscribe or unsubscribe",
    response=described.deed(SubscriptionOut),
    url_name="subscriptions",
    operation_id="subscribe",
)
def subscribe(request: VendorRequest, asked: SubscriptionIn) -> HttpResponse:
    """Write down that somebody wants the news, or no longer. Who wants it becomes a customer; who
    is none and wants none does not.
    """
    person = Person(asked.name, asked.uuid)

    def deed() -> Done:
        answer = SubscriptionOut(uuid=asked.uuid, subscribed=asked.subscribed)
        if asked.subscribed or asking.known(request.store, person):
            try:
                consent.hear(store=request.store, person=person, wants=asked.subscribed, by=None)
            except Unclear as error:
                raise asking.unclear(str(error)) from None
        return Done(answer)

    return once(request, asked, deed)
