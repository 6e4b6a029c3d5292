"""The vendor that is played: residents come, ask what something costs, pay, sometimes wrongly;
goods are handed over, and what is owed is paid.
"""

import random
import uuid
from collections.abc import Callable
from typing import Any

from sales.fake.caller import Caller, Said

PLACES = uuid.UUID("5f1a9b52-4d6e-4b7a-9a3c-0d8b7e6f5a41")
FIRST = "amber birch cedar dove ember fern hazel iris juniper lark maple wren".split()
LAST = "ashdown brook fenwick hollow marsh northway thorne vale".split()
NOT_ALLOWED = "not_allowed"
# Where a vendor that is told of no products looks for some, and with how many it is content.
NUMBERS = range(1, 101)
ENOUGH = 8


class NothingToSell(RuntimeError):
    """None of the products that were looked for is sold here."""


class FakeVendor:
    """Plays sales one after the other; the same seed draws the same residents and wishes."""

    def __init__(
        self, caller: Caller, *, seed: int, tell: Callable[[str], None], products: list[str | int]
    ):
        self.caller = caller
        self.memory = caller.memory
        self.seed = seed
        self.tell = tell
        self.products = products
        self.pays_out = True

    def play(self, sales: int) -> None:
        """So many sales; first what was left open by a run that was broken off."""
        if self.memory.open:
            said = self.caller.finish()
            self.tell(f"asked again what was left open: {said.code or 'done'}")
        if not self.products:
            self.products = self._look_around()
        for _ in range(sales):
            self.memory.sold += 1
            self.memory.save()
            self._sell(random.Random(f"{self.seed}:{self.memory.sold}"))  # noqa: S311
            self._hand_over()
            self._pay_out()

    def _look_around(self) -> list[str | int]:
        """Products that are sold here, by their numbers; in-world a vendor holds what it sells."""
        found: list[str | int] = []
        for number in NUMBERS:
            if self.caller.post("quotes", product=number, buyer=_resident(0)).ok:
                found.append(number)
            if len(found) == ENOUGH:
                break
        if not found:
            raise NothingToSell("There is nothing to sell: name a --product.")
        return found

    def _sell(self, draw: random.Random) -> None:
        people = _people(draw)
        wish = {"product": draw.choice(self.products), "use_credit": draw.random() < 0.2}
        if draw.random() < 0.3:
            wish["member"] = True
        quote = self.caller.post("quotes", **people, **wish)
        line = f"#{self.memory.sold} {people['buyer']['name']}: {wish['product']}"
        if not quote.ok:
            self.tell(f"{line} - refused, {quote.code}")
            return
        paid = _pays(draw, quote.body["money"])
        sale = self.caller.post(
            "purchases",
            **people,
            quote=quote.body["id"],
            paid=paid,
            transaction=f"fake-{self.memory.run}-{self.memory.sold}",
        )
        self.tell(f"{line} {_came_of(quote, sale, paid, people)}")
        if sale.ok and draw.random() < 0.2:
            self._deliver_again(people, wish["product"])

    def _deliver_again(self, people: dict[str, Any], product: str | int) -> None:
        owner = people.get("recipient") or people["buyer"]
        said = self.caller.post("redeliveries", uuid=owner["uuid"], product=product)
        self.tell(f"   another copy for {owner['name']}: {said.code or said.body['state']}")

    def _hand_over(self) -> None:
        """Claim what is due, hand it over, report it."""
        draw = random.Random(f"{self.seed}:{self.memory.asked}")  # noqa: S311
        for one in self.caller.get("deliveries").body.get("deliveries", []):
            state = "delivered" if draw.random() < 0.95 else "failed"
            said = self.caller.post(f"deliveries/{one['delivery']}", state=state)
            self.tell(f"   {one['product']} to {one['name']}: {said.code or state}")

    def _pay_out(self) -> None:
        """Claim what is owed, pay it once, report it: under the same transaction, if it was paid
        before.
        """
        claimed = self.caller.get("payouts") if self.pays_out else None
        if claimed is None or claimed.code == NOT_ALLOWED:
            self.pays_out = False
            return
        for one in claimed.body.get("payouts", []):
            key = str(one["id"])
            if key not in self.memory.paid:
                self.memory.paid[key] = f"fake-pays-{self.memory.run}-{key}"
                self.memory.save()
            transaction = self.memory.paid[key]
            said = self.caller.post(f"payouts/{key}", state="paid", transaction=transaction)
            self.tell(
                f"   paid {one['amount']} to {one['name']} ({one['kind']}): {said.code or 'done'}"
            )


def _people(draw: random.Random) -> dict[str, Any]:
    """Who buys, and sometimes for whom."""
    number = draw.randrange(len(FIRST) * len(LAST))
    people = {"buyer": _resident(number)}
    if draw.random() < 0.2:
        people["recipient"] = _resident(number + 1 + draw.randrange(10))
    return people


def _resident(number: int) -> dict[str, str]:
    name = f"{FIRST[number % len(FIRST)]}.{LAST[number // len(FIRST) % len(LAST)]}"
    return {"uuid": str(uuid.uuid5(PLACES, name)), "name": name}


def _pays(draw: random.Random, due: int) -> int:
    """What is due, or now and then something else."""
    return due + draw.choice([5, 10, 50]) if draw.random() < 0.1 else due


def _came_of(quote: Said, sale: Said, paid: int, people: dict[str, Any]) -> str:
    if not sale.ok:
        back = f", {sale.body['give_back']} owed back" if "give_back" in sale.body else ""
        return f"paid {paid} - refused, {sale.code}{back}"
    words = [f"paid {paid} (list price {quote.body['list_price']})"]
    said = ("credit", "restricted", "refund", "coupon_share", "bonus")
    words += [f"{name} {sale.body[name]}" for name in said if sale.body[name]]
    if "recipient" in people:
        words.append(f"a gift to {people['recipient']['name']}")
    return ", ".join(words)
