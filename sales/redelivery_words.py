"""What the page of a bulk redelivery says: what was asked, what it comes to, and each row."""

from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sales.models import Delivery, DeliveryState, RedeliveryRow
from stores.models import Batch, Outcome, Store
from stores.paging import Count, Counted
from stores.tables import Row

HEADER = ["Customer", "UUID", "Purchase", "Outcome", "Delivery"]
HOUR = 60


def facts(batch: Batch, touched: int) -> list[tuple[str, str]]:
    """What was asked for."""
    asked = batch.asked
    day = parse_date(asked["before"]) if asked["before"] else None
    whom = _("Everyone who owns it")
    if day:
        whom = _("Owners who bought it before %(day)s") % {"day": date_format(day, "j M Y")}
    number = f"{asked['per_minute']:,}"
    pace = _("%(number)s a minute") % {"number": number}
    if batch.is_planned and not batch.has_ended:
        lasting = _lasting(touched, asked["per_minute"])
        text = _("%(number)s a minute, %(lasting)s in all")
        pace = text % {"number": number, "lasting": lasting}
    return [(_("Product"), asked["name"]), (_("To"), whom), (_("Pace"), pace)]


def figures(batch: Batch) -> list[tuple[str, str]]:
    """The numbers of the plan, or how far the deliveries are."""
    left_out = (_("Left out"), f"{batch.counts.get(Outcome.LEFT_OUT, 0):,}")
    if not batch.has_ended:
        return [(_("Owners"), f"{batch.planned:,}"), left_out]
    reached = _reached(batch)
    shown = [
        (str(state.label).capitalize(), reached[state].text)
        for state in DeliveryState
        if reached[state].value or state == DeliveryState.DELIVERED
    ]
    return [*shown, left_out]


def lines(batch: Batch, keys: list[int]) -> list[Row]:
    """Rows with the state of their delivery, in the order of `keys`."""
    rows = RedeliveryRow.objects.select_related("customer", "purchase").in_bulk(keys)
    people = [row.customer_id for row in rows.values()]
    made = Delivery.objects.filter(batch=batch, recipient__in=people)
    deliveries = {delivery.recipient_id: delivery for delivery in made}
    return [
        {
            "customer": rows[key].customer,
            "purchase": rows[key].purchase,
            "left_out": rows[key].outcome == Outcome.LEFT_OUT,
            "delivery": deliveries.get(rows[key].customer_id),
        }
        for key in keys
    ]


def cells(line: Row) -> list[Any]:
    """A line as it stands in a file."""
    customer, delivery = line["customer"], line["delivery"]
    return [
        customer.username,
        str(customer.uuid or ""),
        str(line["purchase"].pk),
        _("left out: banned, has one under way, or no longer owns it")
        if line["left_out"]
        else str(Outcome.WHOLE.label),
        delivery.get_state_display() if delivery else "",
    ]


def _reached(batch: Batch) -> dict[str, Count]:
    """How many deliveries of a batch are in each state, each to the cap, by one query."""
    rows = Delivery.objects.filter(batch=batch).order_by()
    asked = [Counted(rows.filter(state=state).values("pk")) for state in DeliveryState]
    counted = Store.objects.filter(pk=batch.store_id).values_list(*asked).get()
    return dict(zip(DeliveryState, map(Count.of, counted), strict=True))


def _lasting(number: int, per_minute: int) -> str:
    """How long so many take."""
    minutes = -(-number // per_minute)
    if minutes < 2 * HOUR:
        return _("a minute") if minutes <= 1 else _minutes(minutes)
    hours = -(-minutes // HOUR)
    return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": f"{hours:,}"}


def _minutes(number: int) -> str:
    return ngettext("%(number)s minute", "%(number)s minutes", number) % {"number": number}
