"""Credit: the only place that moves a balance. Every movement is a conditional update and an entry,
or nothing.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import CreditAccount, CreditEntry, Customer, Kind, Purchase
from stores.models import User
from stores.money import LIMIT

SENT_BEFORE = gettext_lazy("This form was sent before, with other values.")
REVERSED_BEFORE = gettext_lazy("This movement was reversed before.")


class CreditRefused(ValueError):
    """A movement that was not made; the text says why, for a person. Nothing has changed."""


class NotEnough(CreditRefused):
    """More was to be taken than there is."""

    def __init__(self, *, customer: Customer, asked: int, available: int):
        money = customer.store.money
        self.available = available
        super().__init__(
            _("%(customer)s holds %(available)s: %(asked)s cannot be taken.")
            % {
                "customer": customer.username,
                "available": money.format(available),
                "asked": money.format(asked),
            }
        )


class TooMuch(CreditRefused):
    """A balance would pass its limit."""

    def __init__(self, *, customer: Customer):
        super().__init__(
            _("A balance holds at most %(amount)s.")
            % {"amount": customer.store.money.format(LIMIT)}
        )


class BalanceMoved(CreditRefused):
    """The balance is no longer what the person saw."""

    def __init__(self, *, customer: Customer, seen: int, present: int):
        money = customer.store.money
        self.present = present
        super().__init__(
            _("The balance moved meanwhile from %(seen)s to %(present)s. Nothing was saved.")
            % {"seen": money.format(seen), "present": money.format(present)}
        )


class CannotReverse(CreditRefused):
    """An entry that is not reversed by hand, or no more; the text says why."""


@dataclass(frozen=True)
class Reversal:
    """A movement taken back: `entry` is the new one; it moved less than was `asked` where the
    credit is spent in part. Both amounts are signed.
    """

    entry: CreditEntry
    asked: int

    @property
    def moved(self) -> int:
        return self.entry.delta

    @property
    def is_whole(self) -> bool:
        return self.moved == self.asked


def grant(
    *, customer: Customer, balance: str, amount: int, by: User | None, **why: Any
) -> CreditEntry:
    """Add `amount` > 0 to a balance. Raises TooMuch. `why` is kind, reason, note and the form's
    one-time token.
    """
    _positive(amount)
    return _once(
        customer=customer, balance=balance, delta=amount, by=by, **{"kind": Kind.GRANT, **why}
    )


def take(
    *, customer: Customer, balance: str, amount: int, by: User | None, **why: Any
) -> CreditEntry:
    """Take `amount` > 0 from a balance. Raises NotEnough. `why` as for `grant`."""
    _positive(amount)
    return _once(
        customer=customer, balance=balance, delta=-amount, by=by, **{"kind": Kind.DEDUCTION, **why}
    )


def set_total(
    *, customer: Customer, balance: str, seen: int, total: int, by: User | None, **why: Any
) -> CreditEntry | None:
    """Bring a balance from `seen`, what the person saw, to `total`; None if that is no change.

    Raises BalanceMoved if the balance is no longer `seen`, TooMuch past the limit.
    """
    if total == seen:
        return None
    kind = Kind.GRANT if total > seen else Kind.DEDUCTION
    return _once(
        customer=customer,
        balance=balance,
        delta=total - seen,
        by=by,
        seen=seen,
        **{"kind": kind, **why},
    )


def reverse(
    *, entry: CreditEntry, by: User | None, token: uuid.UUID | None = None, **why: Any
) -> Reversal:
    """Take back what an entry made by hand moved, by a new one that points at it; where the credit
    is spent already, what is left. `why` is reason and note. Locks the account.

    Raises CannotReverse (not made by hand, reversed before, nothing left), TooMuch.
    """
    customer = Customer.objects.select_related("store").get(pk=entry.account_id)
    try:
        with transaction.atomic():
            lock_account(customer.pk)
            back = _move(
                customer=customer,
                balance=entry.balance,
                delta=left_to_reverse(entry),
                by=by,
                kind=Kind.REVERSAL,
                reverses=entry,
                token=token,
                **why,
            )
    except (IntegrityError, CreditRefused):
        first = CreditEntry.objects.filter(reverses=entry).first()
        if first is None and _sent_before(customer, entry.balance, token):
            raise CreditRefused(SENT_BEFORE) from None
        if first is None:
            raise
        if token is None or first.token != token:
            raise CannotReverse(REVERSED_BEFORE) from None
        back = first
    return Reversal(back, asked=-entry.delta)


def left_to_reverse(entry: CreditEntry) -> int:
    """What a reversal would move now, signed. Raises CannotReverse."""
    _refuse_reversal(entry)
    if CreditEntry.objects.filter(reverses=entry).exists():
        raise CannotReverse(REVERSED_BEFORE)
    if entry.delta < 0:
        return -entry.delta
    present = CreditAccount.objects.values_list(entry.balance, flat=True).get(pk=entry.account_id)
    if not present:
        raise CannotReverse(
            _("All of that credit is spent already: there is nothing left to take.")
        )
    return -min(entry.delta, present)


def may_reverse(entry: CreditEntry) -> bool:
    """Whether an entry was made by hand. What a purchase or a batch moved is undone with it."""
    made_by_hand = entry.kind in (Kind.OPENING, Kind.GRANT, Kind.DEDUCTION)
    return made_by_hand and entry.purchase_id is None and entry.batch_id is None


def lock_account(customer: int) -> None:
    """Lock the balances of a customer, by key, until the transaction ends. SQLite has one writer
    anyway.
    """
    if connection.features.has_select_for_update:
        CreditAccount.objects.select_for_update().values_list("pk").get(customer=customer)


def balance_of(customer: Customer, balance: str) -> int:
    """What the balance holds now."""
    return CreditAccount.objects.values_list(balance, flat=True).get(customer=customer)


def _once(
    *, customer: Customer, balance: str, delta: int, token: uuid.UUID | None = None, **why: Any
) -> CreditEntry:
    """Move a balance; the same token again gives the first entry and moves nothing."""
    try:
        with transaction.atomic():
            return _move(customer=customer, balance=balance, delta=delta, token=token, **why)
    except (IntegrityError, CreditRefused):
        twin = _sent_before(customer, balance, token)
        if twin is None:
            raise
        if (twin.account_id, twin.delta) != (customer.pk, delta):
            raise CreditRefused(SENT_BEFORE) from None
        return twin


def _sent_before(customer: Customer, balance: str, token: uuid.UUID | None) -> CreditEntry | None:
    if token is None:
        return None
    entries = CreditEntry.objects.filter(store_id=customer.store_id, token=token, balance=balance)
    return entries.first()


def _move(
    *,
    customer: Customer,
    balance: str,
    delta: int,
    kind: str,
    by: User | None,
    seen: int | None = None,
    reason: str = "",
    note: str = "",
    purchase: Purchase | None = None,
    reverses: CreditEntry | None = None,
    token: uuid.UUID | None = None,
) -> CreditEntry:
    seq = f"{balance}_seq"
    bounds = (seen, seen) if seen is not None else (max(0, -delta), min(LIMIT, LIMIT - delta))
    if not 0 <= bounds[0] + delta <= LIMIT:
        raise TooMuch(customer=customer)
    account = CreditAccount.objects.filter(customer=customer, store_id=customer.store_id)
    moved = account.filter(**{f"{balance}__range": bounds}).update(
        **{balance: F(balance) + delta, seq: F(seq) + 1}
    )
    if not moved:
        raise _refusal(customer, balance, delta, seen)
    after, place = account.values_list(balance, seq).get()
    return CreditEntry.objects.create(
        store_id=customer.store_id,
        account_id=customer.pk,
        balance=balance,
        seq=place,
        delta=delta,
        after=after,
        kind=kind,
        reason=reason,
        note=note,
        by=by,
        purchase=purchase,
        reverses=reverses,
        token=token,
    )


def _refusal(customer: Customer, balance: str, delta: int, seen: int | None) -> CreditRefused:
    present = balance_of(customer, balance)
    if seen is not None:
        return BalanceMoved(customer=customer, seen=seen, present=present)
    if delta < 0:
        return NotEnough(customer=customer, asked=-delta, available=present)
    return TooMuch(customer=customer)


def _refuse_reversal(entry: CreditEntry) -> None:
    if entry.reverses_id is not None or entry.kind == Kind.REVERSAL:
        raise CannotReverse(_("A reversal cannot be reversed; add or deduct credit instead."))
    if entry.batch_id is not None:
        raise CannotReverse(_("This came from a bulk change; undo that one."))
    if not may_reverse(entry):
        raise CannotReverse(_("This belongs to a purchase; take the purchase back."))


def _positive(amount: int) -> None:
    if amount <= 0:
        raise ValueError("an amount to move is above 0")
