"""How lists of loyalty look."""

from html import escape
from typing import Any

from products.discounts import day
from products.tables import CatalogueTable, NameColumn
from stores.models import Store
from stores.tables import Column, FlagColumn, MoneyColumn, NumberColumn, PercentColumn, Row

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


class DatesColumn(Column):
    """The days that a coupon holds on, and whether the row's `today` is one of them."""

    def html(self, value: Any, row: Row, store: Store) -> str:
        first, last, today = row["first"], row["last"], row["today"]
        if first and first > today:
            return f'<span class="quiet">From {day(first)}</span>'
        if last and last < today:
            return f'<span class="quiet">Ended {day(last)}</span>'
        return f"Until {day(last)}" if last else '<span class="zero">No end</span>'


class CouponTable(CatalogueTable):
    """Coupons with what they give and what came of them."""

    list_name = "loyalty:coupons"
    code = NameColumn(verbose_name="Coupon")
    owner = WordColumn(verbose_name="Owner", orderable=False)
    product = ForColumn(verbose_name="For", orderable=False)
    commission = PercentColumn(verbose_name="Commission", orderable=False)
    share = PercentColumn(verbose_name="Customer's Share", orderable=False)
    dates = DatesColumn(verbose_name="Holds", orderable=False)
    active = FlagColumn(verbose_name="Active", orderable=False)
    uses = NumberColumn(verbose_name="Used")
    earned = MoneyColumn(verbose_name="Earned", hint=EARNED)
    given = MoneyColumn(verbose_name="Gave", hint=GAVE, orderable=False)
