"""How lists of the catalogue look."""

import datetime as dt
from functools import cached_property
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from products.discounts import day
from stores.models import Store
from stores.tables import (
    NOTHING,
    Column,
    FlagColumn,
    KeyedTable,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    Row,
    TickColumn,
)

HOLDS = _("The days that the discount holds on, and whether today is one of them.")
MEMBERS = _("For members of the store's group, where it is the largest.")
COPY = _("The item may be copied, so it can be delivered again.")


class NameColumn(Column):
    """The name, which opens the row."""

    css = "name"

    def html(self, value: Any, row: Row, store: Store) -> str:
        name = escape(value)
        return (
            f'<a href="{escape(row["url"])}" data-dialog title="{name}">'
            f'{self.picture(row, store)}<span class="cut" dir="auto">{name}</span></a>'
        )

    def picture(self, row: Row, store: Store) -> str:
        return ""


class ProductColumn(NameColumn):
    """The picture of a product beside its name."""

    def picture(self, row: Row, store: Store) -> str:
        if not row["image"]:
            return ""
        url = escape(image_url(store, row["pk"], row["image"]))
        return f'<img class="avatar avatar-sm" src="{url}" alt="" loading="lazy">'


class TextColumn(Column):
    """A word or two, or a quiet none."""

    def html(self, value: Any, row: Row, store: Store) -> str:
        return escape(str(value)) if value else self.none

    @cached_property
    def none(self) -> str:
        return f'<span class="zero">{escape(gettext("None"))}</span>'


class HoldingColumn(Column):
    """Whether something holds between two days, each of which may be open."""

    def holding(self, first: dt.date | None, last: dt.date | None, today: dt.date) -> str:
        """Whether it holds today: since when, or until when."""
        if first and first > today:
            return f'<span class="quiet">{self.words["begins"] % {"day": day(first)}}</span>'
        if last and last < today:
            return f'<span class="quiet">{self.words["ended"] % {"day": day(last)}}</span>'
        holds = f'<span class="badge-yes">{self.words["today"]}</span>'
        if not last:
            return holds
        return f'{holds} <span class="quiet">{self.words["until"] % {"day": day(last)}}</span>'

    @cached_property
    def words(self) -> dict[str, str]:
        """Asked for once a table."""
        words = {
            "begins": gettext("From %(day)s"),
            "ended": gettext("Ended %(day)s"),
            "today": gettext("Today"),
            "until": gettext("until %(day)s"),
        }
        return {name: escape(text) for name, text in words.items()}


class HoldsColumn(HoldingColumn):
    """Whether a discount holds on the day of the row's `today`, since when, or until when."""

    def html(self, value: Any, row: Row, store: Store) -> str:
        if not row["discount"]:
            return NOTHING
        return self.holding(row["discount_from"], row["discount_until"], row["today"])


class RangeColumn(PercentColumn):
    """The least and the most of several discounts."""

    def text(self, value: Any, store: Store) -> str:
        least, most = value
        return f"{most} %" if least == most else self.words % {"least": least, "most": most}

    @cached_property
    def words(self) -> str:
        return gettext("%(least)s to %(most)s %%")

    def html(self, value: Any, row: Row, store: Store) -> str:
        text = escape(self.text(value, store))
        return text if value[1] else f'<span class="zero">{text}</span>'


class ProductTable(KeyedTable):
    """Products with what they cost."""

    list_name = "products:list"
    tick = TickColumn(named="name")
    name = ProductColumn(verbose_name=_("Product"))
    price = MoneyColumn(verbose_name=_("Price"))
    discount = PercentColumn(verbose_name=_("Discount"))
    holds = HoldsColumn(verbose_name=_("Discount holds"), orderable=False, hint=HOLDS)
    category = TextColumn(verbose_name=_("Category"))
    copy = FlagColumn(verbose_name=_("Copy"), hint=COPY)
    blocks_credit = FlagColumn(verbose_name=_("Blocks Credit"))


class CategoryTable(KeyedTable):
    """Categories with what stands in them."""

    list_name = "products:categories"
    name = NameColumn(verbose_name=_("Category"))
    products = NumberColumn(verbose_name=_("Products"))
    discounts = RangeColumn(verbose_name=_("Discounts"))


class VendorTable(KeyedTable):
    """Vendors with what is taken off there."""

    list_name = "products:vendors"
    tick = TickColumn(named="name")
    name = NameColumn(verbose_name=_("Vendor"))
    discount = PercentColumn(verbose_name=_("Discount"))
    group_discount = PercentColumn(verbose_name=_("Members' Rate"), hint=MEMBERS)
    group = TextColumn(verbose_name=_("Vendor Group"))


class VendorGroupTable(KeyedTable):
    """Vendor groups with how many vendors share their discount."""

    list_name = "products:groups"
    name = NameColumn(verbose_name=_("Vendor Group"))
    discount = PercentColumn(verbose_name=_("Discount"))
    vendors = NumberColumn(verbose_name=_("Vendors"))


def image_url(store: Store, key: int, image: str) -> str:
    return reverse("products:image", args=[store.slug, key, image.rpartition("/")[2]])
