"""How the movements of a balance look: when, what, why, who, how much."""

from collections.abc import Mapping
from functools import cached_property
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from customers.credit import may_reverse
from customers.models import CreditEntry
from stores.models import Store
from stores.tables import Column, MoneyColumn, Row, Table
from stores.templatetags.stores_ui import moment, signed

NOBODY = "\N{EN DASH}"


class DayColumn(Column):
    """The exact day, however short ago."""

    css = "when"

    def html(self, value: Any, row: Row, store: Store) -> str:
        return moment(value)


class OriginColumn(Column):
    """What moved it, leading there; and whether it was taken back."""

    def html(self, value: CreditEntry, row: Row, store: Store) -> str:
        origin = self._origin(value, row, store)
        kind = escape(capfirst(value.kind_label))
        return f"{kind}{f': {origin}' if origin else ''}{self._back(row['back'])}"

    def _origin(self, entry: CreditEntry, row: Row, store: Store) -> str:
        if entry.reverses:
            amount, day = store.money.format(entry.reverses.delta), moment(entry.reverses.at)
            said = _("%(amount)s of %(day)s") % {"amount": escape(amount), "day": day}
            return _to_place(entry.reverses, said)
        if entry.purchase_id:
            product = entry.purchase.product if entry.purchase else None
            name = escape(product.name if product else _("the purchase"))
            url = f"{row['purchases_url']}?purchase={entry.purchase_id}"
            return f'<a href="{escape(url)}" data-dialog dir="auto">{name}</a>'
        if entry.batch:
            url = escape(entry.batch.get_absolute_url())
            return f'<a href="{url}" dir="auto">{escape(entry.batch.title)}</a>'
        return ""

    def _back(self, back: CreditEntry | None) -> str:
        if back is None:
            return ""
        return f' <span class="quiet">· {_to_place(back, escape(_("reversed")))}</span>'


class ReasonColumn(Column):
    """Why, in the words of the form and of whoever filled it in."""

    further = ' dir="auto"'

    def html(self, value: CreditEntry, row: Row, store: Store) -> str:
        return escape(": ".join(filter(None, (value.reason_label, value.note))))


class PersonColumn(Column):
    """Who moved it; nobody is the program itself."""

    further = ' dir="auto"'

    def cell(self, value: Any, row: Row, store: Store) -> str:
        if value is None:
            return f'<td dir="auto" class="none">{NOBODY}</td>'
        return super().cell(value, row, store)


class SignedColumn(MoneyColumn):
    """By how much it moved."""

    def text(self, value: int, store: Store) -> str:
        return signed(value, store)


class AfterColumn(MoneyColumn):
    """What was there then; a card says so."""

    @cached_property
    def further(self) -> str:  # type: ignore[override]
        return f' data-label="{escape(_("Balance after"))}"'


class ReversalColumn(Column):
    """The button that takes it back, where that can be done."""

    css = "num deed"

    def html(self, value: CreditEntry, row: Row, store: Store) -> str:
        if not row["may_reverse"]:
            return ""
        says = _("Reverse %(amount)s") % {"amount": store.money.format(value.delta)}
        return (
            f'<a class="btn btn-quiet" href="{escape(row["reversal_url"])}" data-dialog'
            f' aria-label="{escape(says)}">{self.word}</a>'
        )

    @cached_property
    def word(self) -> str:
        """Asked for once in each table."""
        return escape(_("Reverse"))


class EntryTable(Table):
    """Movements of one balance; the template has the headers."""

    at = DayColumn()
    origin = OriginColumn()
    reason = ReasonColumn()
    by = PersonColumn()
    delta = SignedColumn()
    after = AfterColumn()
    reversal = ReversalColumn()


def entry_rows(
    entries: list[CreditEntry], *, backs: Mapping[int | None, CreditEntry], store: Store
) -> list[Row]:
    """The rows of entries of one account, in their order; `backs` took them back."""
    if not entries:
        return []
    here = [store.slug, entries[0].account_id]
    credit_url = reverse("customers:credit", args=here)
    purchases_url = reverse("customers:purchases", args=here)
    return [
        {
            **dict.fromkeys(("origin", "reason", "reversal"), entry),
            "at": entry.at,
            "by": entry.by,
            "delta": entry.delta,
            "after": entry.after,
            "back": backs.get(entry.pk),
            "may_reverse": may_reverse(entry) and entry.pk not in backs,
            "purchases_url": purchases_url,
            "reversal_url": f"{credit_url}{entry.pk}/reversal/",
        }
        for entry in entries
    ]


def _to_place(entry: CreditEntry, said: str) -> str:
    """A link to where the entry stands in its history."""
    url = f"?balance={entry.balance}&place={entry.seq}"
    return f'<a href="{escape(url)}" data-dialog>{said}</a>'
