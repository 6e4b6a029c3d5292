"""Purchases: recording what was bought, taking it back, removing a product from a customer."""

import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from customers import credit as ledger
from customers import figures
from customers.models import Balance, Customer, Kind, Purchase, YearWindow
from products.models import Product, Vendor
from stores import audit
from stores.bulk import days, insert, moments, pick
from stores.models import Batch, Store, User


class ReturnRefused(ValueError):
    """A return that was not made; the text says why. Nothing has changed."""


class Part(NamedTuple):
    """So many pieces of a purchase of `pieces`, `before` of which went back earlier."""

    before: int
    quantity: int
    pieces: int

    def share(self, total: int) -> int:
        """What of an amount belongs to these pieces. Shares of partial returns are floored
        together, so that all of them add up to the whole.
        """
        until = self.before + self.quantity
        return total * until // self.pieces - total * self.before // self.pieces


IMPORTED = (
    "payer recipient product vendor quantity at counts_on receipt price money import_key"
).split()


class PurchaseRow(NamedTuple):
    """A purchase on its way into the database in bulk; fields as on `Purchase`."""

    payer_id: int
    recipient_id: int
    product_id: int | None
    vendor_id: int | None
    quantity: int
    at: dt.datetime
    counts_on: dt.date
    receipt: str
    price: int
    money: int
    import_key: str
    removed_at: dt.datetime | None = None


def record(
    *,
    store: Store,
    payer: Customer,
    money: int,
    by: User | None,
    recipient: Customer | None = None,
    product: Product | None = None,
    vendor: Vendor | None = None,
    quantity: int = 1,
    at: dt.datetime | None = None,
    credit: int = 0,
    restricted: int = 0,
    list_price: int | None = None,
    group_member: bool | None = None,
    receipt: str = "",
    key: str | None = None,
    window: YearWindow | None = None,
) -> Purchase:
    """Write down a purchase: amounts are totals of the line, credit is taken from the payer,
    figures move with it. The database refuses the same `key` a second time in the store.

    Locks the window, where the caller does not hold it already, the payer's account, then both
    customers. Raises `credit.NotEnough`, upon which a caller that holds the window rolls back.
    """
    at = at or timezone.now()
    price = money + credit + restricted
    with transaction.atomic(savepoint=window is None):
        window = window or figures.lock_window(store)
        purchase = Purchase(
            store=store,
            payer=payer,
            recipient=recipient or payer,
            product=product,
            vendor=vendor,
            quantity=quantity,
            at=at,
            counts_on=store.day_of(at),
            receipt=receipt,
            list_price=price if list_price is None else list_price,
            price=price,
            money=money,
            credit=credit,
            restricted=restricted,
            group_member=payer.group_member if group_member is None else group_member,
            by=by,
            import_key=key,
        )
        _write(purchase, window=window, kind=Kind.PURCHASE)
    return purchase


def take_back(
    *,
    purchase: Purchase,
    by: User | None,
    quantity: int | None = None,
    at: dt.datetime | None = None,
    keeps_product: bool = False,
) -> Purchase:
    """Return `quantity` of a purchase (all that is left of it by default), with its share of money
    and credit. Who `keeps_product` owns it as before.

    Credit goes back to the balance that it came from. Locks the window, the payer's account, both
    customers. Raises ReturnRefused.
    """
    at = at or timezone.now()
    with transaction.atomic():
        window = figures.lock_window(purchase.store)
        ledger.lock_account(purchase.payer_id)
        figures.lock_customers([purchase.payer_id, purchase.recipient_id])
        purchase = Purchase.objects.select_related("store", "payer__store").get(pk=purchase.pk)
        part = part_to_return(purchase, quantity)
        money, credit, restricted, list_price = (
            -part.share(total)
            for total in (
                purchase.money,
                purchase.credit,
                purchase.restricted,
                purchase.list_price,
            )
        )
        back = Purchase(
            store=purchase.store,
            payer=purchase.payer,
            recipient=purchase.recipient,
            product=purchase.product,
            vendor=purchase.vendor,
            quantity=-part.quantity,
            at=at,
            counts_on=purchase.counts_on,
            receipt=purchase.receipt,
            list_price=list_price,
            price=money + credit + restricted,
            money=money,
            credit=credit,
            restricted=restricted,
            group_member=purchase.group_member,
            returns=purchase,
            by=by,
            removed_at=purchase.removed_at or (at if keeps_product else None),
        )
        _write(back, window=window, kind=Kind.RETURN)
    return back


def left_of(purchase: Purchase) -> int:
    """How many pieces of a purchase can still be returned; of a return, none."""
    returned = purchase.returned_by.aggregate(sum=Sum("quantity"))["sum"] or 0
    return max(purchase.quantity + returned, 0)


def part_to_return(purchase: Purchase, quantity: int | None = None) -> Part:
    """The next pieces to be returned, all that is left by default. Raises ReturnRefused."""
    left = left_of(purchase)
    quantity = left if quantity is None else quantity
    if not 0 < quantity <= left:
        raise ReturnRefused(
            _("%(left)s of this purchase can be returned, not %(quantity)s.")
            % {"left": left, "quantity": quantity}
        )
    return Part(purchase.quantity - left, quantity, purchase.quantity)


def remove_product(*, customer: Customer, product: Product, by: User | None) -> dt.datetime | None:
    """Mark all rows of a product that the customer received as removed: no longer owned, still
    spent.

    The moment of the removal, which `restore_product` undoes; None if there was nothing to remove.
    Locks the customer.
    """
    with transaction.atomic():
        figures.lock_customers([customer.pk])
        before = figures.held_quantity(customer, product.pk)
        moment = timezone.now()
        rows = Purchase.objects.filter(recipient=customer, product=product, removed_at=None)
        if not rows.update(removed_at=moment):
            return None
        figures.recount_owned(customer, product.pk, before=before)
        _trace("product.remove", customer, product, moment, by=by)
    return moment


def restore_product(
    *, customer: Customer, product: Product, removed_at: dt.datetime, by: User | None
) -> bool:
    """Undo exactly the removal made at that moment; False if there was none, or it is undone. Locks
    the customer.
    """
    with transaction.atomic():
        figures.lock_customers([customer.pk])
        before = figures.held_quantity(customer, product.pk)
        rows = Purchase.objects.filter(recipient=customer, product=product, removed_at=removed_at)
        if not rows.update(removed_at=None):
            return False
        figures.recount_owned(customer, product.pk, before=before)
        _trace("product.restore", customer, product, removed_at, by=by)
    return True


def record_many(
    *, store: Store, rows: list[PurchaseRow], batch: Batch | None = None
) -> list[PurchaseRow]:
    """Write imported purchases, without credit, and their figures; those imported before are left
    out.

    The rows written. Locks the window and the customers.
    """
    zone = store.time_zone
    with transaction.atomic():
        window = figures.lock_window(store)
        if store.time_zone != zone:
            rows = [row._replace(counts_on=store.day_of(row.at)) for row in rows]
        figures.lock_customers({row.payer_id for row in rows} | {row.recipient_id for row in rows})
        keys = [row.import_key for row in rows]
        known = set(pick(Purchase, ["import_key"], store=store, field="import_key", values=keys))
        new = [row for row in rows if (row.import_key,) not in known]
        at, on = moments(row.at for row in new), days(row.counts_on for row in new)
        insert(
            Purchase,
            ("store", *IMPORTED, "list_price", "batch"),
            [
                (
                    store.pk,
                    row.payer_id,
                    row.recipient_id,
                    row.product_id,
                    row.vendor_id,
                    row.quantity,
                    at[row.at],
                    on[row.counts_on],
                    row.receipt,
                    row.price,
                    row.money,
                    row.import_key,
                    row.price,
                    batch and batch.pk,
                )
                for row in new
            ],
        )
        figures.count(new, window=window)
    return new


def _write(purchase: Purchase, *, window: YearWindow, kind: str) -> None:
    """Save a purchase, move the credit that it used or gives back, count it."""
    purchase.save(force_insert=True)
    for balance in (Balance.RESTRICTED, Balance.CREDIT):
        amount = getattr(purchase, balance)
        if amount:
            move = ledger.take if amount > 0 else ledger.grant
            move(
                customer=purchase.payer,
                balance=balance,
                amount=abs(amount),
                by=purchase.by,
                kind=kind,
                purchase=purchase,
            )
    figures.count([purchase], window=window)


def _trace(
    action: str, customer: Customer, product: Product, moment: dt.datetime, *, by: User | None
) -> None:
    audit.record(
        store=customer.store,
        by=by,
        action=action,
        subject=customer,
        changes={"product": [product.pk, product.name], "removed_at": moment.isoformat()},
    )
