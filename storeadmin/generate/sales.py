"""Invented sales and returns, in order of time."""

import heapq
from collections.abc import Iterator
from typing import NamedTuple

from storeadmin.generate.goods import NO_ARTICLE, Article, Place
from storeadmin.generate.names import scattered
from storeadmin.generate.plan import EPOCH, YEARS, Plan, Timeline

GIFTS, RETURNS, WITHOUT_PRODUCT, WITH_CREDIT = 0.05, 0.021, 0.01, 0.042
# Of those who have a product; of what they bought of it, half was bought after they removed it.
REMOVED = 0.01
LOW_BITS = 2**64 - 1
# The place of what stands in for a product, last of all.
NONE = -1


class Sale(NamedTuple):
    """A line sold or returned: numbers from 1 of who and what, 0 for none; times of the era."""

    n: int
    payer: int
    recipient: int
    product: int
    vendor: int
    quantity: int
    at: int
    day: int
    list_price: int
    money: int
    credit: int
    restricted: int
    member: int
    returns: int
    removed: int


class Sales:
    """Lines sold, in order of time, some of them returned within a month; who and what by Zipf."""

    def __init__(self, plan: Plan, *, articles: list[Article], places: list[Place], members: bytes):
        self.plan, self.places, self.members = plan, places, members
        self.articles = [*articles, NO_ARTICLE]
        self.midnights = plan.midnights
        self.start, self.end = self.midnights[0], self.midnights[-1]
        self.timeline = Timeline.of(plan)
        self.dice = plan.dice("sales")
        self.chance = self.dice.random
        self.factor, self.shift = scattered(plan.customers, self.dice)
        self.salt = self.dice.getrandbits(64) | 1
        self.due: list[tuple[int, Sale]] = []

    def __iter__(self) -> Iterator[Sale]:
        count, chance, due = self.plan.purchases, self.chance, self.due
        step = (self.end - 1 - self.start) / (count or 1)
        first_day = self.plan.today.toordinal() - EPOCH - len(self.midnights) + 1
        day, settled, next_midnight = first_day - 1, 1, self.start
        for number in range(1, count + 1):
            at = self.start + int(step * (number - chance()))
            while at >= next_midnight:
                settled = self.timeline.settled(next_midnight)
                day += 1
                next_midnight = self.midnights[day - first_day + 1]
            if due and due[0][0] <= number:
                yield self._return(heapq.heappop(due)[1], number, at)
            else:
                yield self._sell(number, at, day, settled)

    def _sell(self, number: int, at: int, day: int, settled: int) -> Sale:
        """A sale to one of the `settled` first customers."""
        payer, recipient = self._parties(settled)
        product, vendor, quantity = self._choice()
        member = self.members[payer]
        article = self.articles[product]
        price = quantity * (
            article.asked - article.asked * self.places[vendor].rates[member] // 100
        )
        credit = restricted = 0
        if self.chance() < WITH_CREDIT and price > 1 and not article.blocks_credit:
            credit, restricted = self._credit(price, gift=payer != recipient)
        sale = Sale(
            number,
            payer + 1,
            recipient + 1,
            product + 1,
            vendor + 1,
            quantity,
            at,
            day,
            article.price * quantity,
            price - credit - restricted,
            credit,
            restricted,
            member,
            0,
            self._removed(recipient, product, at),
        )
        if self.chance() < RETURNS:
            self._plan_return(sale)
        return sale

    def _parties(self, settled: int) -> tuple[int, int]:
        """Who pays and who receives."""
        chance, customers = self.chance, self.plan.customers
        place = chance()
        rank = int(customers * place * place * place)
        payer = (rank * self.factor + self.shift) % customers % settled
        if settled == 1 or chance() >= GIFTS:
            return payer, payer
        return payer, (payer + 1 + int((settled - 1) * chance())) % settled

    def _choice(self) -> tuple[int, int, int]:
        """Which product, -1 for none, at which vendor, and how many."""
        chance = self.chance
        place, product = chance(), NONE
        if chance() >= WITHOUT_PRODUCT:
            product = int((len(self.articles) - 1) * place * place * place)
        place = chance()
        vendor = int(len(self.places) * place * place)
        return product, vendor, 1 if chance() < 0.93 else 2 + int(3 * place)

    def _credit(self, price: int, *, gift: bool) -> tuple[int, int]:
        """A part of the price, from one of the balances."""
        part = 1 + int((price - 1) * self.chance())
        return (0, part) if not gift and self.chance() < 0.3 else (part, 0)

    def _removed(self, recipient: int, product: int, at: int) -> int:
        """When the recipient removed the product with all that was bought until then, 0 for never.

        It follows from who and what, so that all rows of a removal agree without being looked for.
        """
        place = ((recipient * 2003 + product + 1) * self.salt & LOW_BITS) / (LOW_BITS * REMOVED)
        if place >= 1 or product == NONE:
            return 0
        moment = self.start + int((self.end - self.start) * place)
        return moment if at <= moment else 0

    def _plan_return(self, sale: Sale) -> None:
        later = int(self.chance() * self.plan.purchases / (YEARS * 12))
        heapq.heappush(self.due, (sale.n + 1 + later, sale))

    def _return(self, sale: Sale, number: int, at: int) -> Sale:
        """All of a sale, or some pieces of it, with their share of each amount rounded down."""
        pieces = 1 + int(sale.quantity * self.chance())

        def share(total: int) -> int:
            return -(total * pieces // sale.quantity)

        return sale._replace(
            n=number,
            quantity=-pieces,
            at=at,
            list_price=share(sale.list_price),
            money=share(sale.money),
            credit=share(sale.credit),
            restricted=share(sale.restricted),
            returns=sale.n,
        )
