"""Bulk redelivery: everyone who owns a product is given it again, at an even pace."""

import datetime as dt
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext_lazy

from customers import bans, figures
from customers.models import Purchase
from products.models import Product
from sales import cancelling, redelivery_words
from sales.models import Delivery, DeliveryKind, DeliveryState, RedeliveryRow
from sales.models.delivery import ONE_AT_A_TIME, UNDER_WAY
from stores import batches
from stores.batches import BatchKind, BatchRefused, Step
from stores.batches.kinds import CHUNK
from stores.models import Batch, Outcome, Store, User
from stores.paging import Count
from stores.rights import Right
from stores.tables import Row


def draft(*, product: Product, before: dt.date | None, per_minute: int, by: User) -> Batch:
    """Plan to deliver a product again to each of its owners, of whom a date narrows it down to
    those who bought it earlier; so many a minute.

    Raises BatchRefused for a product that is not delivered again.
    """
    _refuse(product)
    asked = {
        "product": product.pk,
        "name": product.name,
        "before": before and before.isoformat(),
        "per_minute": per_minute,
    }
    return batches.draft(
        store=product.store,
        kind=BULK_REDELIVERY,
        title=_("Redeliver %(product)s") % {"product": product.name},
        asked=asked,
        by=by,
        targets=Count.up_to_cap(_owners(product.store, asked, after=0)),
    )


class BulkRedelivery(BatchKind):
    """A delivery for each owner. It is not undone: what is still queued is called off."""

    name = "redelivery"
    noun = npgettext_lazy("counted", "customer", "customers")
    right = Right.REDELIVER_MANY
    rows = RedeliveryRow
    target = "customer_id"
    can_do_again = True
    done = gettext_lazy("Queued")
    drifted = gettext_lazy("Left out since the preview")
    row_template = "sales/redelivery_rows.html"
    header = redelivery_words.HEADER

    def plan(self, batch: Batch) -> Step:
        """Who has one under way or is banned stands in the plan and is left out."""
        found = list(_owners(batch.store, batch.asked, after=batch.cursor)[:CHUNK])
        if not found:
            return Step(cursor=batch.cursor, rows=0)
        last = found[-1]["recipient"]
        barred = _barred(batch, after=batch.cursor, upto=last)
        RedeliveryRow.objects.bulk_create(
            [
                RedeliveryRow(
                    store_id=batch.store_id,
                    batch=batch,
                    customer_id=one["recipient"],
                    purchase_id=one["latest"],
                    outcome=Outcome.LEFT_OUT if one["recipient"] in barred else Outcome.WHOLE,
                )
                for one in found
            ],
            batch_size=1_000,
        )
        return Step(cursor=last, rows=len(found))

    def totals(self, batch: Batch) -> dict[str, Any]:
        left_out = self.planned(batch).filter(outcome=Outcome.LEFT_OUT).count()
        return {Outcome.LEFT_OUT.value: left_out}

    def apply(self, batch: Batch) -> Step:
        """Locks the customers of the chunk by key. Who lost the right meanwhile is left out."""
        rows = list(
            self.planned(batch).filter(customer_id__gt=batch.cursor).order_by("customer_id")[:CHUNK]
        )
        if not rows:
            return Step(cursor=batch.cursor, rows=0)
        product = Product.objects.get(store=batch.store_id, pk=batch.asked["product"])
        _refuse(product)
        span = {"after": batch.cursor, "upto": rows[-1].customer_id}
        wanted = [row for row in rows if row.outcome == Outcome.WHOLE]
        figures.lock_customers([row.customer_id for row in wanted])
        queued = self._queue(batch, product, wanted, **span)
        dropped = [row for row in wanted if row.customer_id not in queued]
        for row in dropped:
            row.outcome, row.drifted = Outcome.LEFT_OUT, True
        RedeliveryRow.objects.bulk_update(dropped, ["outcome", "drifted"], batch_size=500)
        return Step(cursor=span["upto"], rows=len(rows), counts={"queued": len(queued)})

    def _queue(
        self, batch: Batch, product: Product, rows: list[RedeliveryRow], *, after: int, upto: int
    ) -> set[int]:
        """Queue a delivery for each row that still may have one, spaced evenly; for whom."""
        barred = _barred(batch, after=after, upto=upto)
        owned = _owners(batch.store, {**batch.asked, "before": None}, after=after)
        rights = dict(owned.filter(recipient__lte=upto).values_list("recipient", "latest"))
        chosen = [
            row for row in rows if row.customer_id in rights and row.customer_id not in barred
        ]
        gap = dt.timedelta(seconds=60 / batch.asked["per_minute"])
        now, begins = timezone.now(), _goes_on_at(batch, gap)
        Delivery.objects.bulk_create(
            [
                Delivery(
                    store_id=batch.store_id,
                    kind=DeliveryKind.BULK,
                    purchase_id=rights[row.customer_id],
                    product=product,
                    recipient_id=row.customer_id,
                    batch=batch,
                    by=batch.by,
                    made_at=now,
                    next_at=begins + gap * place,
                )
                for place, row in enumerate(chosen)
            ],
            batch_size=1_000,
            # One that somebody lets go on in this moment has its place already.
            ignore_conflicts=True,
        )
        made = Delivery.objects.filter(
            batch=batch, recipient__gt=after, recipient__lte=upto, product=product
        )
        return set(made.values_list("recipient_id", flat=True))

    def call_off(self, batch: Batch) -> int:
        return cancelling.of_batch(batch)

    def under_way(self, batch: Batch) -> bool:
        return Delivery.objects.filter(batch=batch, state=DeliveryState.QUEUED).exists()

    def again(self, batch: Batch, by: User) -> Batch:
        asked = batch.asked
        product = Product.objects.get(store=batch.store_id, pk=asked["product"])
        before = parse_date(asked["before"]) if asked["before"] else None
        return draft(product=product, before=before, per_minute=asked["per_minute"], by=by)

    def button(self, batch: Batch) -> str:
        return _("Redeliver to %(things)s") % {"things": self.things(self.touched(batch))}

    def facts(self, batch: Batch) -> list[tuple[str, str]]:
        return redelivery_words.facts(batch, self.touched(batch))

    def figures(self, batch: Batch) -> list[tuple[str, str]]:
        return redelivery_words.figures(batch)

    def lines(self, batch: Batch, keys: list[int]) -> list[Row]:
        return redelivery_words.lines(batch, keys)

    def cells(self, batch: Batch, line: Row) -> list[Any]:
        return redelivery_words.cells(line)


def _refuse(product: Product) -> None:
    if product.deleted_at is not None or not product.copy:
        text = _("%(product)s is not delivered again: it is deleted, or not marked copy.")
        raise BatchRefused(text % {"product": product.name})


def _owners(store: Store, asked: dict[str, Any], *, after: int) -> QuerySet[Any]:
    """Who owns the product, by key, each with the purchase by whose right it is theirs."""
    bought = Q(quantity__gt=0)
    if asked["before"]:
        day = dt.date.fromisoformat(asked["before"])
        bought &= Q(at__lt=dt.datetime.combine(day, dt.time(), tzinfo=store.zone))
    rows = Purchase.objects.filter(
        product=asked["product"], removed_at=None, recipient__gt=after
    ).order_by("recipient")
    held = rows.values("recipient").annotate(held=Sum("quantity"), latest=Max("pk", filter=bought))
    return held.filter(held__gt=0, latest__isnull=False)


def _barred(batch: Batch, *, after: int, upto: int) -> set[int]:
    """Of the customers between two keys those who are banned, or have one under way."""
    span = {"recipient__gt": after, "recipient__lte": upto}
    waiting = Delivery.objects.filter(
        product=batch.asked["product"], state__in=UNDER_WAY, kind__in=ONE_AT_A_TIME, **span
    )
    banned = bans.of_store(batch.store).filter(customer__gt=after, customer__lte=upto)
    return {
        *waiting.values_list("recipient_id", flat=True),
        *banned.values_list("customer_id", flat=True),
    }


def _goes_on_at(batch: Batch, gap: dt.timedelta) -> dt.datetime:
    """When the next one is due: now, or a gap after the last of the chunks before."""
    last = Delivery.objects.filter(batch=batch).order_by("-pk").values_list("next_at", flat=True)
    before = last.first()
    return max(timezone.now(), before + gap) if before else timezone.now()


BULK_REDELIVERY = BulkRedelivery()
