"""How lists of customers look."""

from functools import cached_property
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models.customer import hue, initials
from stores.models import Store
from stores.tables import (
    Column,
    FlagColumn,
    KeyedTable,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    Row,
    TickColumn,
)

SPENT = _(
    "What was paid in money, returns taken off. Credit used and loyalty refunds do not change it."
)
SPENT_YEAR = _("The same, over the last 365 days by the store's calendar.")
OWNS = _("Different products received, gifts included, less those returned or removed.")


def avatar(store: Store, key: int, username: str, picture: str) -> str:
    """The picture of a customer, else their initials in a steady colour."""
    if picture:
        url = escape(picture_url(store, key, picture))
        return f'<img class="avatar avatar-sm" src="{url}" alt="" loading="lazy">'
    letters = escape(initials(username))
    return f'<span class="avatar avatar-sm hue-{hue(username)}" aria-hidden="true">{letters}</span>'


class CustomerColumn(Column):
    """Who it is; the name opens the profile."""

    css = "name"

    @cached_property
    def badge(self) -> str:
        """Asked for once in each table."""
        return f'<span class="badge-bad">{escape(gettext("Banned"))}</span>'

    def html(self, value: Any, row: Row, store: Store) -> str:
        name = escape(value)
        picture = avatar(store, row["pk"], value, row["picture"])
        shown = f'<span class="cut" dir="auto">{name}</span>'
        if row.get("banned"):
            shown = f'<span class="with-badge">{shown}{self.badge}</span>'
        if row.get("found"):
            found = escape(row["found"])
            said = f'<span class="cut found" title="{found}">{found}</span>'
            shown = f'<span class="with-found">{shown}{said}</span>'
        return f'<a href="{escape(row["url"])}" data-dialog title="{name}">{picture}{shown}</a>'


class PeopleTable(KeyedTable):
    """Customers, each row leading to the profile."""

    list_name = "customers:list"


class CustomerTable(PeopleTable):
    """Customers with what they spent, hold and get."""

    tick = TickColumn(named="customer")
    customer = CustomerColumn(verbose_name=_("Customer"))
    spent = MoneyColumn(verbose_name=_("Spent"), hint=SPENT)
    spent_year = MoneyColumn(verbose_name=_("Spent -1Y"), hint=SPENT_YEAR)
    owns = NumberColumn(verbose_name=_("Owns"), hint=OWNS)
    credit = MoneyColumn(verbose_name=_("Credit"))
    restricted = MoneyColumn(verbose_name=_("Restricted Credit"))
    discount = PercentColumn(verbose_name=_("Discount"))
    subscriber = FlagColumn(verbose_name=_("News Subscriber"))


class ArchivedTable(PeopleTable):
    """Archived customers with what is kept of them."""

    customer = CustomerColumn(verbose_name=_("Customer"), orderable=False)
    archived = MomentColumn(verbose_name=_("Archived"))
    spent = MoneyColumn(verbose_name=_("Spent"), hint=SPENT, orderable=False)
    owns = NumberColumn(verbose_name=_("Owns"), hint=OWNS, orderable=False)
    credit = MoneyColumn(verbose_name=_("Credit"), orderable=False)
    restricted = MoneyColumn(verbose_name=_("Restricted Credit"), orderable=False)


def picture_url(store: Store, key: int, picture: str) -> str:
    return reverse("customers:picture", args=[store.slug, key, picture.rpartition("/")[2]])
