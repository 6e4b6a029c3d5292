"""The Purchases page by hand."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from benchmarks import bare
from benchmarks.imports_floor import execute
from stores import durations

CAP = 10_000
DASH = "\N{EN DASH}"
COUNT = """
SELECT COUNT(*) FROM (
    SELECT 1 FROM customers_purchase WHERE store_id = %(store)s ORDER BY id LIMIT %(cap)s
) counted
"""
ROWS = """
SELECT p.id, p.at, r.name, p.payer_id, y.username, p.recipient_id, t.username, p.quantity, p.price,
    p.money, p.credit + p.restricted, v.name, p.receipt,
    (SELECT state FROM sales_delivery d WHERE d.purchase_id = p.id ORDER BY d.id DESC LIMIT 1),
    EXISTS (SELECT 1 FROM sales_delivery d WHERE d.purchase_id = p.id AND d.kind = 'sent')
FROM customers_purchase p
JOIN customers_customer y ON y.id = p.payer_id JOIN customers_customer t ON t.id = p.recipient_id
LEFT JOIN products_product r ON r.id = p.product_id
LEFT JOIN products_vendor v ON v.id = p.vendor_id
WHERE p.store_id = %(store)s{after} ORDER BY p.at {way}, p.id {way} LIMIT %(number)s
"""
AFTER = " AND (p.at, p.id) < (SELECT at, id FROM customers_purchase WHERE id = %(after)s)"


@login_required
def purchases(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest, those `after` the purchase of that key, or with `last` so many of the oldest."""
    store, name, _ = bare.door(request, slug)
    after, last = request.GET.get("after", ""), request.GET.get("last")
    sql = ROWS.format(after=AFTER if after else "", way="ASC" if last else "DESC")
    params = {"store": store, "number": int(last or 50), "cap": CAP + 1, "after": int(after or 0)}
    ((counted,),) = execute(COUNT, params)
    rows = execute(sql, params)
    zone = zone_of(store)
    body = "".join(_row(row, zone) for row in (reversed(rows) if last else rows))
    return HttpResponse(
        f"<!DOCTYPE html><title>Purchases · {name}</title><p>{min(counted, CAP):,} purchases</p>"
        f"<table><tbody>{body}</tbody></table>"
    )


def zone_of(store: int) -> ZoneInfo:
    """The time zone of a store."""
    zone = "SELECT time_zone FROM stores_store WHERE id = %(store)s"
    return ZoneInfo(execute(zone, {"store": store})[0][0])


def moment(at: dt.datetime, zone: ZoneInfo) -> str:
    """A time of the database as the date of the store; SQLite gives it without a zone."""
    local = _local(at, zone)
    return f'<time datetime="{local.isoformat()}">{local.day} {local:%b %Y}</time>'


def ago(at: dt.datetime, zone: ZoneInfo) -> str:
    """The same, and up to a week how long ago it was."""
    local = _local(at, zone)
    gone = durations.ago(local, dt.datetime.now(zone))
    return f'<time datetime="{local.isoformat()}">{gone}</time>' if gone else moment(at, zone)


def _local(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).astimezone(zone)


def _row(row: tuple[Any, ...], zone: ZoneInfo) -> str:
    key, at, product, payer, paid_by, recipient, given_to, quantity, *amounts = row
    price, money, credit, vendor, receipt, delivery, is_sent = amounts
    is_gift = payer != recipient
    kind = "Gift" if is_gift else "Sent by the store" if is_sent else "Sale"
    cells = (
        product or "No product named",
        ago(at, zone),
        f'<a href="/customers/{payer}/">{paid_by}</a>',
        f"{'' if quantity >= 0 else bare.MINUS}{abs(quantity):,}",
        bare.money(price),
        bare.money(money),
        bare.money(credit),
        delivery.capitalize() if delivery else DASH,
        f'<a href="/customers/{recipient}/">{given_to}</a>' if is_gift else "Self",
        "Return" if quantity < 0 else kind,
        vendor or DASH,
        receipt or DASH,
    )
    return f'<tr data-href="/purchases/{key}/"><td>{"</td><td>".join(cells)}</td></tr>'
