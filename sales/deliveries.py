"""Deliveries: an outbox. What is to be handed over is queued with its cause, taken up by a box or
posted to it, reported, and tried again with growing pauses.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers import bans, figures
from customers.models import Customer, Purchase
from products.models import Product
from sales.models import Attempt, Box, Delivery, DeliveryKind, DeliveryState
from sales.models.delivery import ONE_AT_A_TIME, UNDER_WAY
from sales.refused import Code, Refused
from stores import audit
from stores.models import Batch, Store, User

# The pauses after each attempt; they outlast the nightly restart of a region.
PAUSES = tuple(
    dt.timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600)
)
# How long a box that has it may take to report, before it is handed out again.
REPORTS_WITHIN = dt.timedelta(minutes=10)
REMOVED = gettext_noop("the product was removed from the customer")
BANNED = gettext_noop("the customer is banned")


def queue(
    *,
    purchase: Purchase,
    recipient: Customer,
    product: Product,
    kind: DeliveryKind,
    by: User | None = None,
    quantity: int = 1,
    batch: Batch | None = None,
    at: dt.datetime | None = None,
) -> Delivery:
    """Write down, in the transaction of its cause, that a product is to be handed over, from the
    moment `at` on.
    """
    now = timezone.now()
    return Delivery.objects.create(
        store_id=purchase.store_id,
        kind=kind,
        purchase=purchase,
        product=product,
        recipient=recipient,
        quantity=quantity,
        batch=batch,
        by=by,
        made_at=now,
        next_at=at or now,
    )


def redeliver(*, customer: Customer, product: Product, by: User | None) -> Delivery:
    """Queue another copy for the customer who received it; while one is under way, that one.

    Raises Refused: not marked copy, deleted, not owned, banned. Locks the customer.
    """
    with transaction.atomic():
        figures.lock_customers([customer.pk])
        refuse_redelivery(customer, product)
        waiting = Delivery.objects.filter(
            recipient=customer, product=product, state__in=UNDER_WAY, kind__in=ONE_AT_A_TIME
        ).first()
        if waiting is not None:
            return waiting
        purchase = right_to(customer, product)
        if purchase is None:
            text = _("%(name)s does not own %(product)s.")
            names = {"name": customer.username, "product": product.name}
            raise Refused(Code.NOT_OWNED, text % names)
        made = queue(
            purchase=purchase,
            recipient=customer,
            product=product,
            kind=DeliveryKind.AGAIN,
            by=by,
        )
        changes = {"product": [None, product.name], "delivery": [None, made.pk]}
        audit.record(
            store=customer.store,
            by=by,
            action="product.redeliver",
            subject=customer,
            changes=changes,
        )
    return made


def refuse_redelivery(customer: Customer, product: Product) -> None:
    """Raises Refused for a product that is not delivered again, or a customer who gets nothing."""
    if product.deleted_at is not None:
        text = _("%(product)s is deleted: it is not delivered any more.")
        raise Refused(Code.NOT_SOLD, text % {"product": product.name})
    if not product.copy:
        text = _("%(product)s is not marked copy: it is delivered once.")
        raise Refused(Code.NOT_COPY, text % {"product": product.name})
    if bans.current(customer):
        raise Refused(Code.BANNED, _("%(name)s is banned.") % {"name": customer.username})


def right_to(customer: Customer, product: Product) -> Purchase | None:
    """The purchase by whose right the customer is given the product again; None if not owned."""
    if figures.held_quantity(customer, product.pk) <= 0:
        return None
    received = Purchase.objects.filter(
        recipient=customer, product=product, removed_at=None, quantity__gt=0
    )
    return received.order_by("-at", "-pk").first()


def is_due(store: Store) -> bool:
    """Whether anything is to be handed out now."""
    return _due(store).exists()


def take_up(
    *,
    store: Store,
    limit: int,
    box: Box | None = None,
    note: str = "",
    fits: Callable[[Delivery], bool] | None = None,
) -> list[Delivery]:
    """Hand out deliveries that are due, each to one caller: they are `sent` until reported, or
    handed out again after a while. What has no right to be delivered any more is cancelled. From
    the first one on that no longer `fits`, they are left.
    """
    due = list(_due(store)[:limit])
    banned = bans.banned(store, {delivery.recipient_id for delivery in due})
    taken = []
    for delivery in due:
        if why := void(delivery, is_banned=delivery.recipient_id in banned):
            _end(delivery, DeliveryState.CANCELLED, _(why))
        elif delivery.state == DeliveryState.SENT and _was_last(delivery):
            nobody = _("no delivery box has reported it delivered")
            _end(delivery, DeliveryState.FAILED, delivery.note or nobody)
        elif fits is not None and not fits(delivery):
            break
        elif _take(delivery):
            if note:
                keep_attempt(delivery, box=box, note=note)
            taken.append(delivery)
    return taken


def postpone(*, delivery: Delivery, why: str) -> None:
    """The box did not take it: tried again after a pause, or failed where this was the last try;
    nothing where somebody took it up meanwhile.
    """
    fields: dict[str, Any] = {"state": DeliveryState.FAILED, "ended_at": timezone.now()}
    if not _was_last(delivery):
        pause = PAUSES[(delivery.attempts - 1) % len(PAUSES)]
        fields = {"state": DeliveryState.QUEUED, "next_at": timezone.now() + pause}
    Delivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.SENT
    ).update(note=why[:200], **fields)


def report(*, delivery: Delivery, done: bool, note: str = "") -> Delivery:
    """A box has handed it over, or could not. The same said again changes nothing; handed over
    after all is believed.

    Raises Refused where it was cancelled, or reported otherwise before.
    """
    state = DeliveryState.DELIVERED if done else DeliveryState.FAILED
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
        if delivery.state == state:
            return delivery
        late = done and delivery.state == DeliveryState.FAILED
        if delivery.state not in UNDER_WAY and not late:
            text = _("This delivery is %(state)s already.")
            raise Refused(Code.ENDED, text % {"state": delivery.get_state_display()})
        said = _("handed over") if done else _("not handed over")
        keep_attempt(delivery, note=note or said)
        _end(delivery, state, note)
    return delivery


def keep_attempt(
    delivery: Delivery, *, note: str, box: Box | None = None, status: int | None = None
) -> Attempt:
    """Write down what became of one try."""
    return Attempt.objects.create(
        store_id=delivery.store_id,
        delivery=delivery,
        number=delivery.attempts,
        box=box,
        status=status,
        note=note[:200],
    )


def _due(store: Store) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(store=store, state__in=UNDER_WAY, next_at__lte=timezone.now())
    return rows.select_related("purchase", "product", "recipient").order_by("next_at", "id")


def _take(delivery: Delivery) -> bool:
    """Win a due delivery, against whoever else wants it."""
    until = timezone.now() + REPORTS_WITHIN
    won = Delivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, state=delivery.state
    ).update(state=DeliveryState.SENT, attempts=F("attempts") + 1, next_at=until)
    if won:
        delivery.state, delivery.next_at = DeliveryState.SENT, until
        delivery.attempts += 1
    return bool(won)


def _was_last(delivery: Delivery) -> bool:
    """Whether all tries are used up; a person gives it as many again."""
    return delivery.attempts % len(PAUSES) == 0


def void(delivery: Delivery, *, is_banned: bool) -> str:
    """Why a delivery has lost its right; nothing if it has not."""
    if delivery.purchase.removed_at is not None:
        return REMOVED
    return BANNED if is_banned else ""


def _end(delivery: Delivery, state: DeliveryState, note: str) -> None:
    ended = timezone.now()
    Delivery.objects.filter(~Q(state=DeliveryState.DELIVERED), pk=delivery.pk).update(
        state=state, ended_at=ended, note=note[:200]
    )
    delivery.state, delivery.ended_at, delivery.note = state, ended, note[:200]
