"""How lists of loyalty look."""

from html import escape
from typing import Any

from products.tables import NameColumn, holding
from stores.models import Store
from stores.tables import Column, KeyedTable, MoneyColumn, NumberColumn, PercentColumn, Row

SHARE = "What the customer gets of the price, added to their credit."
EARNED = "The commission of its owner, over all sales."
GAVE = "The shares of the customers, added to their credit."


class WordColumn(Column):
    """A name, cut where it is long."""

    css = "word"

    def html(self, value: Any, row: Row, store: Store) -> str:
        return f'<span class="cut" dir="auto" title="{escape(value)}">{escape(value)}</span>'


class ForColumn(WordColumn):
    """The product that a coupon is for, or the whole store."""

    def html(self, value: Any, row: Row, store: Store) -> str:
        if value is None:
            return '<span class="quiet">Whole store</span>'
        return super().html(value, row, store)


class HoldsColumn(Column):
    """Whether a coupon holds on the row's `today`, until when, or why not."""

    def html(self, value: Any, row: Row, store: Store) -> str:
        if not row["active"]:
            return '<span class="zero">Switched off</span>'
        return holding(row["first"], row["last"], row["today"])


class CouponTable(KeyedTable):
    """Coupons with what they give and what came of them."""

    list_name = "loyalty:coupons"
    code = NameColumn(verbose_name="Coupon")
    owner = WordColumn(verbose_name="Owner", orderable=False)
    product = ForColumn(verbose_name="For", orderable=False)
    commission = PercentColumn(verbose_name="Commission", orderable=False)
    share = PercentColumn(verbose_name="Share", orderable=False, hint=SHARE)
    holds = HoldsColumn(verbose_name="Holds", orderable=False)
    uses = NumberColumn(verbose_name="Used")
    earned = MoneyColumn(verbose_name="Earned", hint=EARNED)
    given = MoneyColumn(verbose_name="Gave", hint=GAVE, orderable=False)
