"""Three years of the demo store, played out from a seed: who bought what, and what came of it."""

import datetime as dt
import random
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from customers.models import Balance, Kind
from storeadmin.demo import coupons, selling, shopping
from storeadmin.demo.agenda import Agenda
from storeadmin.demo.catalogue import catalogue
from storeadmin.demo.plan import Line, Plan
from storeadmin.demo.residents import Part, Resident, invent
from storeadmin.demo.seasons import Occasion, seasons

SEED = 20030623
OWNER, MANAGER = "owner", "manager"
REMOVALS = 40


def plan(*, today: dt.date, zone: zoneinfo.ZoneInfo) -> Plan:
    """Play the three years that end with yesterday."""
    return _Play(today=today, zone=zone).play()


class _Play:
    """The people, what they do, and what they still have before them."""

    def __init__(self, *, today: dt.date, zone: zoneinfo.ZoneInfo) -> None:
        self.chance = random.Random(SEED)  # noqa: S311
        self.agenda = Agenda(chance=self.chance, zone=zone, last_day=today - dt.timedelta(days=1))
        residents = invent(self.chance, today=today)
        self.plan = Plan(today=today, end=self.agenda.end, residents=residents)
        # Apart, so that coupons change nothing of the rest but what they give.
        self.fancy = random.Random(coupons.SEED)  # noqa: S311
        self.known: list[int] = []
        self.visits = 0

    def play(self) -> Plan:
        for place, resident in enumerate(self.plan.residents):
            self.expect(place, resident)
        for _ in range(REMOVALS):
            self.agenda.at(self.agenda.some_day(self.plan.residents[0].arrives), self.remove)
        # Whatever today is, the list opens with a sale of yesterday.
        self.agenda.at(self.agenda.last_day, partial(self.visit, self.plan.buyers()[0]))
        for moment, happens in self.agenda.go_through():
            happens(moment)
        return self.plan

    # Who

    def expect(self, place: int, resident: Resident) -> None:
        """Put off all that somebody will do or have done to them."""
        if resident.part is Part.BUYER:
            for day in self.visiting_days(resident):
                self.agenda.at(day, partial(self.visit, place))
        elif resident.part is Part.GIFTED:
            self.agenda.at(resident.arrives, partial(self.first_gift, place))
        else:
            self.agenda.at(resident.arrives, partial(self.add_by_hand, place))
        if resident.part is not Part.MISTAKE and self.chance.random() < 0.4:
            for _ in range(self.chance.choice([1, 1, 1, 2, 2, 3, 5])):
                day = self.agenda.some_day(resident.arrives + dt.timedelta(days=1))
                self.agenda.at(day, partial(self.move_credit, place))

    def visiting_days(self, resident: Resident) -> Iterator[dt.date]:
        """The first visit, and more as their pace and the season have it."""
        yield resident.arrives
        busiest = seasons().busiest
        day = resident.arrives
        while day < min(resident.leaves, self.plan.today):
            day += dt.timedelta(days=1 + int(self.chance.expovariate(resident.pace * busiest)))
            if self.chance.random() < seasons().busy(day) / busiest:
                yield day

    def meet(self, place: int, moment: dt.datetime) -> Resident:
        """Somebody, from this moment on known to the store."""
        resident = self.plan.residents[place]
        if resident.seen_at is None:
            resident.seen_at = moment
            self.known.append(place)
        return resident

    # What

    def visit(self, payer: int, moment: dt.datetime, recipient: int | None = None) -> None:
        """One receipt: a vendor, and one to three things."""
        resident = self.meet(payer, moment)
        day = self.agenda.day_of(moment)
        stall = shopping.choose_stall(self.chance, day)
        if recipient is None:
            is_gift = self.chance.random() < 0.08
            recipient = self.chance.choice(self.known) if is_gift else payer
        self.visits += 1
        receipt = f"{day:%y%m%d}-{self.visits:05d}"
        if resident.is_member(day):
            resident.confirmed_at = moment
        for _ in range(self.chance.choices([1, 2, 3, 5], [12, 5, 2, 1])[0]):
            sale = shopping.choose(
                self.chance,
                payer=resident,
                recipient=self.plan.residents[recipient],
                day=day,
                today=self.plan.today,
            )
            if sale:
                line = Line(
                    payer,
                    recipient,
                    stall=stall,
                    at=moment,
                    counts_on=day,
                    receipt=receipt,
                    group_member=resident.is_member(day),
                    price=sale.list_price,
                    **sale._asdict(),
                )
                self.buy(line)

    def buy(self, line: Line) -> None:
        """Pay, at times with credit; some think better of it later."""
        place = len(self.plan.lines)
        item = None if line.item is None else catalogue().items[line.item]
        uses_credit = not (item and item.blocks_credit) and self.chance.random() < 0.6
        self.sell(line, uses_credit=uses_credit)
        self.write(line, kind=Kind.PURCHASE)
        self.share(line, place)
        regrets = 0.02 if line.quantity == 1 else 0.06
        named = line.price and line.item is not None
        if named and self.chance.random() < regrets and line.coupon is None:
            day = line.counts_on + dt.timedelta(days=self.chance.randint(0, 9) + 1)
            self.agenda.at(day, partial(self.take_back, place))

    def sell(self, line: Line, *, uses_credit: bool) -> None:
        """At the amounts of the quote, some with a coupon."""
        line.coupon = coupons.choose(self.fancy, self.plan, line)
        named = None if line.coupon is None else coupons.codes()[line.coupon].terms()
        quote = selling.quote(self.plan, line, uses_credit=uses_credit, coupon=named)
        line.price, line.restricted, line.credit = quote.price, quote.restricted, quote.credit
        if selling.is_kept(self.plan, line):
            line.quote = quote

    def share(self, line: Line, place: int) -> None:
        """What the coupon gives, after the purchase."""
        if line.coupon is not None and line.quote is not None:
            self.plan.ledger.move(
                line.payer,
                Balance.CREDIT,
                line.quote.coupon_share,
                kind=Kind.COUPON,
                at=line.at,
                line=place,
            )

    def take_back(self, place: int, moment: dt.datetime) -> None:
        """Return a line, or of several pieces some."""
        line = self.plan.lines[place]
        total = line.quantity
        pieces = self.chance.randint(1, total)

        def share(amount: int) -> int:
            return -(amount * pieces // total)

        credit, restricted = share(line.credit), share(line.restricted)
        back = replace(
            line,
            quantity=-pieces,
            at=moment,
            list_price=share(line.list_price),
            price=share(line.money) + credit + restricted,
            credit=credit,
            restricted=restricted,
            returns=place,
            by=MANAGER,
            quote=None,
            coupon=None,
        )
        self.write(back, kind=Kind.RETURN)

    def write(self, line: Line, *, kind: Kind) -> None:
        place = len(self.plan.lines)
        self.plan.lines.append(line)
        self.plan.paid[line.payer].append((line.counts_on, line.money))
        for balance in (Balance.RESTRICTED, Balance.CREDIT):
            self.plan.ledger.move(
                line.payer,
                balance,
                -getattr(line, balance),
                kind=kind,
                at=line.at,
                by=line.by,
                line=place,
            )
        if line.item is not None and line.removed_at is None:
            owned = self.plan.residents[line.recipient].owned
            owned[line.item] = owned.get(line.item, 0) + line.quantity

    def first_gift(self, place: int, moment: dt.datetime) -> None:
        """Somebody becomes a customer because a buyer thought of them."""
        buyers = [known for known in self.known if self.plan.residents[known].part is Part.BUYER]
        self.meet(place, moment)
        self.visit(self.chance.choice(buyers or self.plan.buyers()), moment, recipient=place)

    def add_by_hand(self, place: int, moment: dt.datetime) -> None:
        resident = self.meet(place, moment)
        if resident.part is Part.MISTAKE:
            return
        for balance, often in ((Balance.CREDIT, 0.6), (Balance.RESTRICTED, 0.5)):
            if self.chance.random() < often:
                amount = self.chance.choice([100, 250, 500, 1000])
                self.plan.ledger.move(
                    place, balance, amount, kind=Kind.OPENING, at=moment, by=MANAGER
                )

    def move_credit(self, place: int, moment: dt.datetime) -> None:
        """Give credit for one reason or another; some of it is taken again."""
        why = self.move(place, [one for one in seasons().occasions if not one.takes], moment)
        if self.chance.random() < 0.25:
            taking = [
                one for one in seasons().occasions if one.takes and one.balance == why.balance
            ]
            day = self.agenda.day_of(moment) + dt.timedelta(days=self.chance.randint(1, 60))
            self.agenda.at(day, partial(self.move, place, taking))

    def move(self, place: int, occasions: list[Occasion], moment: dt.datetime) -> Occasion:
        why = self.chance.choices(occasions, [one.often for one in occasions])[0]
        held = self.plan.ledger.held[place, why.balance]
        self.plan.ledger.move(
            place,
            why.balance,
            max(self.chance.choice(why.sums), -held),
            kind=Kind.DEDUCTION if why.takes else Kind.GRANT,
            at=moment,
            by=self.chance.choice([OWNER, MANAGER, MANAGER]),
            reason=why.reason,
            note=self.chance.choice(why.notes),
        )
        return why

    def remove(self, moment: dt.datetime) -> None:
        """Take a product off somebody, as after a copy that went astray; it stays paid for."""
        owners = [
            place
            for place in self.known
            if max(self.plan.residents[place].owned.values(), default=0) > 0
        ]
        if not owners:
            return
        place = self.chance.choice(owners)
        owned = self.plan.residents[place].owned
        item = self.chance.choice([item for item, pieces in owned.items() if pieces > 0])
        for line in self.plan.lines:
            if (line.recipient, line.item, line.removed_at) == (place, item, None):
                line.removed_at = moment
        owned[item] = 0
        self.plan.removals.append((place, item, moment))
