"""Payouts: what is owed is written down once, claimed by a vendor that pays it, and ended."""

import uuid as uuids

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers.models import Customer, Purchase
from products.models import Vendor
from sales.models import Payout, PayoutKind, PayoutState
from sales.models.payout import OPEN, PROGRESS, RETRIABLE, UNPAID
from sales.refused import Code, Refused
from stores import audit
from stores.models import Store, User

BY_HAND = gettext_noop("marked as paid by hand")


def owe(*, kind: PayoutKind, payee: Customer, amount: int, purchase: Purchase) -> Payout | None:
    """Write down that a customer is owed `amount` for a purchase; nothing is owed of 0."""
    if not amount:
        return None
    return Payout.objects.create(
        store_id=payee.store_id,
        kind=kind,
        payee=payee,
        name=payee.username,
        uuid=payee.uuid,
        amount=amount,
        purchase=purchase,
    )


def give_back(*, store: Store, name: str, uuid: uuids.UUID | None, amount: int, why: str) -> Payout:
    """Write down that money for a sale that was refused is owed to whoever paid it."""
    payee = Customer.objects.filter(store=store, uuid=uuid).first() if uuid else None
    return Payout.objects.create(
        store=store,
        kind=PayoutKind.GIVE_BACK,
        payee=payee,
        name=name[:64],
        uuid=uuid,
        amount=amount,
        note=why[:200],
    )


def claim(*, vendor: Vendor, limit: int) -> list[Payout]:
    """What the vendor is to pay now: first what it has claimed before and not reported, then what
    is due to somebody whose uuid is known. Nobody else is given these.
    """
    mine = Payout.objects.filter(store=vendor.store_id, state=PayoutState.CLAIMED, vendor=vendor)
    claimed = list(mine.order_by("id")[:limit])
    due = Payout.objects.filter(
        store=vendor.store_id, state=PayoutState.DUE, uuid__isnull=False
    ).order_by("id")
    keys = due.values_list("pk", flat=True)[: limit - len(claimed)]
    won = [key for key in list(keys) if _win(key, vendor)]
    return [*claimed, *Payout.objects.filter(pk__in=won).order_by("id")]


def _win(key: int, vendor: Vendor) -> bool:
    """Claim one that is due, against whoever else wants it."""
    won = Payout.objects.filter(pk=key, state=PayoutState.DUE).update(
        state=PayoutState.CLAIMED,
        vendor=vendor,
        claimed_at=timezone.now(),
        attempts=F("attempts") + 1,
    )
    return bool(won)


def report_paid(*, payout: Payout, vendor: Vendor, transaction_id: str) -> Payout:
    """The vendor has paid it. Said again with the same id, nothing changes.

    Raises Refused where it is not the vendor's, has ended otherwise, or the id is another's.
    """
    return _report(payout, vendor, PayoutState.PAID, transaction=transaction_id)


def report_failed(*, payout: Payout, vendor: Vendor, why: str) -> Payout:
    """The vendor could not pay it; a person decides. Raises Refused as `report_paid`."""
    return _report(payout, vendor, PayoutState.FAILED, note=why[:200])


def mark_paid(*, payout: Payout, by: User, transaction_id: str = "") -> bool:
    """A person has paid it otherwise; False where it is no longer open. Raises Refused."""
    return _decide(
        payout,
        OPEN,
        by=by,
        action="payout.mark_paid",
        state=PayoutState.PAID,
        transaction=transaction_id,
        note=_(BY_HAND),
        ended_at=timezone.now(),
    )


def retry(*, payout: Payout, by: User) -> bool:
    """Let any vendor pay what failed, or what was claimed and never reported; False where it is
    neither.
    """
    return _decide(
        payout,
        RETRIABLE,
        by=by,
        action="payout.retry",
        state=PayoutState.DUE,
        vendor=None,
        claimed_at=None,
        ended_at=None,
        note="",
    )


def cancel_unpaid(*, purchase: Purchase, kind: PayoutKind) -> bool:
    """Nothing is owed any more for a purchase, if it was neither paid nor claimed; whether so."""
    rows = Payout.objects.filter(state__in=UNPAID, purchase=purchase, kind=kind)
    return bool(rows.update(state=PayoutState.CANCELLED, ended_at=timezone.now()))


def _report(payout: Payout, vendor: Vendor, state: PayoutState, **fields: str) -> Payout:
    with transaction.atomic():
        payout = Payout.objects.select_for_update(of=("self",)).get(pk=payout.pk)
        if payout.vendor_id != vendor.pk:
            raise Refused(Code.NOT_YOURS, _("This payout was not claimed by this vendor."))
        if payout.state == state and payout.transaction == fields.get("transaction", ""):
            return payout
        if payout.state != PayoutState.CLAIMED:
            text = _("This payout is %(state)s already.")
            raise Refused(Code.ENDED, text % {"state": payout.get_state_display()})
        for name, value in {"state": state, "ended_at": timezone.now(), **fields}.items():
            setattr(payout, name, value)
        _save_once(payout)
    return payout


def _decide(
    payout: Payout, states: tuple[str, ...], *, by: User, action: str, **fields: object
) -> bool:
    with transaction.atomic():
        payout = Payout.objects.select_for_update(of=("self",)).get(pk=payout.pk)
        if payout.state not in states:
            return False
        changes = {"state": [payout.state, fields["state"]]}
        for name, value in {"by": by, **fields}.items():
            setattr(payout, name, value)
        _save_once(payout)
        audit.record(store=payout.store, by=by, action=action, subject=payout, changes=changes)
    return True


def _save_once(payout: Payout) -> None:
    try:
        with transaction.atomic():
            payout.save(update_fields=PROGRESS)
    except IntegrityError:
        text = _("Another payout has that transaction id.")
        raise Refused(Code.TRANSACTION_USED, text) from None
