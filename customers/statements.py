"""Statements: what a balance held before a period, how it moved, and what it held after."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from customers.liability import DAY, held_at_place, midnight, place_before
from customers.models import Balance, CreditEntry, Customer
from stores.models import Store, User

HEADER = ("Date", "Balance", "What", "Reason", "Note", "Who", "Amount", "Balance after")
LATELY = 1_000


@dataclass(frozen=True)
class Chain:
    """A stretch of the entries of one balance: those with a seq above `low`, up to `high`."""

    customer: Customer
    balance: Balance
    low: int
    high: int

    @property
    def length(self) -> int:
        return max(0, self.high - self.low)

    @property
    def opening(self) -> int:
        """What was held before the first of them."""
        return held_at_place(self.customer.pk, self.balance, self.low)

    @property
    def closing(self) -> int:
        """What was held after the last of them."""
        return held_at_place(self.customer.pk, self.balance, max(self.low, self.high))

    def entries(self) -> QuerySet[CreditEntry]:
        return CreditEntry.objects.filter(
            account=self.customer.pk, balance=self.balance, seq__gt=self.low, seq__lte=self.high
        )

    def newest(self, count: int) -> "Chain":
        """At most the last `count` of them."""
        low = max(self.low, self.high - count)
        return Chain(self.customer, self.balance, low, self.high)


def whole_chain(customer: Customer, balance: Balance) -> Chain:
    """All entries of a balance, by the seq that the account keeps."""
    return Chain(customer, balance, 0, getattr(customer.account, f"{balance}_seq"))


def chain_of_days(
    customer: Customer, balance: Balance, first: dt.date | None, last: dt.date | None
) -> Chain:
    """The entries of the days of the store from `first` to `last`, both included; None is open."""
    chain = whole_chain(customer, balance)
    store, low, high = customer.store, chain.low, chain.high
    if first is not None:
        low = place_before(customer.pk, balance, midnight(store, first))
    if last is not None:
        high = place_before(customer.pk, balance, midnight(store, last + DAY))
    return Chain(customer, balance, low, high)


@dataclass(frozen=True)
class Statement:
    """The movements of both balances of a customer from one day to another, both included."""

    customer: Customer
    first: dt.date
    last: dt.date

    @property
    def chains(self) -> list[Chain]:
        return [chain_of_days(self.customer, balance, self.first, self.last) for balance in Balance]

    def lines(self) -> Iterator[list[Any]]:
        """The statement as lines of a sheet, oldest movement first, read as they are needed."""
        for chain in self.chains:
            label = str(chain.balance.label)
            yield self._held(self.first, label, _("Opening balance"), chain.opening)
            for entry in chain.entries().select_related("by").order_by("seq").iterator():
                yield self._line(entry, label)
            yield self._held(self.last, label, _("Closing balance"), chain.closing)

    def _held(self, day: dt.date, label: str, what: str, amount: int) -> list[Any]:
        return [day, label, what, "", "", "", "", self.customer.store.money.number(amount)]

    def _line(self, entry: CreditEntry, label: str) -> list[Any]:
        store = self.customer.store
        return [
            local(store, entry.at),
            label,
            entry.kind_label.capitalize(),
            entry.reason_label,
            entry.note,
            str(entry.by or ""),
            store.money.number(entry.delta),
            store.money.number(entry.after),
        ]


def local(store: Store, moment: dt.datetime) -> str:
    """The date and time of the store, as a spreadsheet reads it."""
    return moment.astimezone(store.zone).strftime("%Y-%m-%d %H:%M:%S")


def people(chain: Chain) -> QuerySet[User]:
    """Who may have moved a balance: members of the store, and who else did so lately."""
    lately = chain.newest(LATELY).entries().exclude(by=None).values_list("by", flat=True)
    members = Q(memberships__store=chain.customer.store)
    found = User.objects.filter(members | Q(pk__in=set(lately))).distinct()
    return found.order_by("username")
