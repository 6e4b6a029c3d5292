"""The profile of a customer and the history of their credit, by hand."""

from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from benchmarks import bare
from benchmarks.bare_sales import CAP, DASH, ago, moment, zone_of
from benchmarks.imports_floor import execute
from customers.models import Kind, Reason

TIMES = "\N{MULTIPLICATION SIGN}"
KINDS = {kind.value: str(kind.label).capitalize() for kind in Kind}
REASONS = {"": "", **{reason.value: str(reason.label) for reason in Reason}}
PERSON = """
SELECT c.username, c.uuid, c.email, c.note, c.discount, c.subscriber, c.group_member, c.spent,
    c.spent_year, c.owns, c.first_purchase_at, c.last_purchase_at, a.credit, a.restricted
FROM customers_customer c JOIN customers_creditaccount a ON a.customer_id = c.id
WHERE c.store_id = %(store)s AND c.id = %(key)s
"""
BANS = "SELECT reason, at FROM customers_ban WHERE customer_id = %(key)s ORDER BY id DESC LIMIT 4"
COUNT = """
SELECT COUNT(*) FROM (
    SELECT 1 FROM customers_purchase WHERE payer_id = %(key)s LIMIT %(cap)s
) counted
"""
OWNED = """
SELECT r.name, o.held, p.at, p.price, p.payer_id <> p.recipient_id, y.username,
    r.copy AND r.deleted_at IS NULL
FROM (
    SELECT product_id, SUM(quantity) AS held, MAX(CASE WHEN quantity > 0 THEN id END) AS latest
    FROM customers_purchase
    WHERE recipient_id = %(key)s AND removed_at IS NULL AND product_id IS NOT NULL
    GROUP BY product_id HAVING SUM(quantity) > 0 ORDER BY product_id DESC LIMIT 10
) o
JOIN products_product r ON r.id = o.product_id JOIN customers_purchase p ON p.id = o.latest
JOIN customers_customer y ON y.id = p.payer_id ORDER BY o.product_id DESC
"""
BOUGHT = """
SELECT p.at, r.name, p.payer_id <> p.recipient_id, t.username, p.quantity, p.money,
    p.credit + p.restricted, p.removed_at,
    (SELECT -SUM(b.quantity) FROM customers_purchase b WHERE b.returns_id = p.id)
FROM customers_purchase p JOIN customers_customer t ON t.id = p.recipient_id
LEFT JOIN products_product r ON r.id = p.product_id
WHERE p.payer_id = %(key)s ORDER BY p.at DESC, p.id DESC LIMIT 10
"""
ENTRIES = """
SELECT e.at, e.kind, e.reason, e.note, u.username, e.delta, e.after, back.id
FROM customers_creditentry e LEFT JOIN stores_user u ON u.id = e.by_id
LEFT JOIN customers_creditentry back ON back.reverses_id = e.id
WHERE e.account_id = %(key)s AND e.balance = 'credit' AND e.seq <= %(high)s
ORDER BY e.seq DESC LIMIT 50
"""


@login_required
def profile(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Who it is, a form, what they own, what they bought last."""
    store, _, _ = bare.door(request, slug)
    params, zone = {"store": store, "key": key, "cap": CAP + 1}, zone_of(store)
    (person,) = execute(PERSON, params)
    bans, ((counted,),) = execute(BANS, params), execute(COUNT, params)
    owned = "".join(_owned(row, zone) for row in execute(OWNED, params))
    bought = "".join(_bought(row, zone) for row in execute(BOUGHT, params))
    return HttpResponse(
        f"{_person(person, zone)}<ul>{''.join(f'<li>{reason}' for reason, _ in bans)}</ul>"
        f"<table><tbody>{owned}</tbody></table>"
        f"<p>{counted:,} purchases</p><table><tbody>{bought}</tbody></table>"
    )


@login_required
def credit(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """The entries of the credit up to the one with `high` as its number, newest first."""
    store, _, _ = bare.door(request, slug)
    params, zone = {"store": store, "key": key, "high": int(request.GET["high"])}, zone_of(store)
    (person,) = execute(PERSON, params)
    entries = "".join(_entry(row, zone) for row in execute(ENTRIES, params))
    return HttpResponse(
        f"<h2>Credit of {person[0]}</h2><p>{bare.money(person[-2])}</p>"
        f"<table><tbody>{entries}</tbody></table>"
    )


def _person(person: tuple[Any, ...], zone: ZoneInfo) -> str:
    name, uuid, email, note, discount, subscriber, member, *rest = person
    spent, year, owns, first, last, held, restricted = rest
    figures = (
        bare.money(spent),
        bare.money(year),
        owns,
        ago(first, zone) if first else DASH,
        ago(last, zone) if last else DASH,
    )
    shown = "".join(f'<dd class="value">{figure}</dd>' for figure in figures)
    fields = {"credit": held, "restricted": restricted, "discount": discount, "email": email}
    inputs = "".join(
        f'<input name="{field}" value="{escape(str(value))}">' for field, value in fields.items()
    )
    boxes = "".join(
        f'<input type="checkbox" name="{field}" {"checked" if value else ""}>'
        for field, value in (("subscriber", subscriber), ("group_member", member))
    )
    return (
        f"<h2>{name}</h2><p>{uuid or 'UUID unknown'}</p><dl>{shown}</dl>"
        f'<form method="post">{inputs}{boxes}<textarea name="note">{escape(note)}</textarea>'
        "<button>Save</button></form>"
    )


def _owned(row: tuple[Any, ...], zone: ZoneInfo) -> str:
    product, held, at, price, is_gift, payer, again = row
    return _cells(
        f"{product} {TIMES} {held}" if held > 1 else product,
        ago(at, zone),
        bare.money(price),
        f"Gift from {payer}" if is_gift else "Bought",
        '<form method="post"><button>Redeliver</button></form>' if again else "",
        '<form method="post"><button>Remove</button></form>',
    )


def _bought(row: tuple[Any, ...], zone: ZoneInfo) -> str:
    at, product, is_gift, recipient, quantity, money, used, removed, returned = row
    return _cells(
        ago(at, zone),
        product or "No product named",
        f"Gift to {recipient}" if is_gift else "Self",
        f"{bare.MINUS if quantity < 0 else ''}{abs(quantity):,}",
        bare.money(money),
        bare.money(used),
        _state(quantity, removed, returned),
    )


def _state(quantity: int, removed: Any, returned: int | None) -> str:
    if removed:
        return "Removed"
    if quantity < 0:
        return "Return"
    if returned and returned >= quantity:
        return "Returned"
    return f"{returned} of {quantity} returned" if returned else ""


def _entry(row: tuple[Any, ...], zone: ZoneInfo) -> str:
    at, kind, reason, note, by, delta, after, back = row
    return _cells(
        moment(at, zone),
        f"{KINDS[kind]} · reversed" if back else KINDS[kind],
        f"{REASONS[reason]}: {note}" if reason and note else REASONS[reason] or note,
        by or DASH,
        f"{'+' if delta > 0 else ''}{bare.money(delta)}",
        bare.money(after),
        "" if back else '<a href="/reversal/">Reverse</a>',
    )


def _cells(*cells: str) -> str:
    return f"<tr><td>{'</td><td>'.join(cells)}</td></tr>"
