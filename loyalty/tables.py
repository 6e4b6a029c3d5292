"""How lists of loyalty look."""

from functools import cached_property
from html import escape
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from products.tables import HoldingColumn, NameColumn
from stores.models import Store
from stores.tables import Column, KeyedTable, MoneyColumn, NumberColumn, PercentColumn, Row

SHARE = _("What the customer gets of the price, added to their credit.")
EARNED = _("The commission of its owner, over all sales.")
GAVE = _("The shares of the customers, added to their credit.")


class WordColumn(Column):
    """A name, cut where it is long."""

    css = "word"

    def html(self, value: Any, row: Row, store: Store) -> str:
        return f'<span class="cut" dir="auto" title="{escape(value)}">{escape(value)}</span>'


class ForColumn(WordColumn):
    """The product that a coupon is for, or the whole store."""

    def html(self, value: Any, row: Row, store: Store) -> str:
        if value is None:
            return self.whole
        return super().html(value, row, store)

    @cached_property
    def whole(self) -> str:
        return f'<span class="quiet">{escape(gettext("Whole store"))}</span>'


class HoldsColumn(HoldingColumn):
    """Whether a coupon holds on the row's `today`, until when, or why not."""

    def html(self, value: Any, row: Row, store: Store) -> str:
        if not row["active"]:
            return self.off
        return self.holding(row["first"], row["last"], row["today"])

    @cached_property
    def off(self) -> str:
        return f'<span class="zero">{escape(gettext("Switched off"))}</span>'


class CouponTable(KeyedTable):
    """Coupons with what they give and what came of them."""

    list_name = "loyalty:coupons"
    code = NameColumn(verbose_name=_("Coupon"))
    owner = WordColumn(verbose_name=_("Owner"), orderable=False)
    product = ForColumn(verbose_name=_("For"), orderable=False)
    commission = PercentColumn(verbose_name=_("Commission"), orderable=False)
    share = PercentColumn(verbose_name=_("Share"), orderable=False, hint=SHARE)
    holds = HoldsColumn(verbose_name=_("Holds"), orderable=False)
    uses = NumberColumn(verbose_name=_("Used"))
    earned = MoneyColumn(verbose_name=_("Earned"), hint=EARNED)
    given = MoneyColumn(verbose_name=_("Gave"), hint=GAVE, orderable=False)
