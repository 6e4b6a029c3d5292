"""A price that explains itself: a quote made of steps, and the JSON that it is kept as."""

import enum
from typing import Any, NamedTuple

FORMAT = 1


class Stage(enum.StrEnum):
    """The stages of a price, in their order."""

    PRODUCT = "product"
    VENDOR = "vendor"
    CREDIT = "credit"
    REFUND = "refund"
    COUPON = "coupon"
    BONUS = "bonus"


class Rule(enum.StrEnum):
    """What a step went by; NONE where no rule of its stage applied."""

    NONE = "none"
    PRODUCT = "product"
    VENDOR = "vendor"
    VENDOR_GROUP = "vendor_group"
    MEMBERS = "members"
    RESTRICTED = "restricted"
    CREDIT = "credit"
    PERSONAL = "personal"
    TIER = "tier"
    KEPT = "kept"
    COUPON = "coupon"
    BONUS = "bonus"
    MEMBERS_BONUS = "members_bonus"


class Lost(NamedTuple):
    """A rule that there is, but that did not decide its stage. `why` continues its label; `percent`
    is None for credit.
    """

    rule: Rule
    label: str
    percent: int | None
    why: str


class Step(NamedTuple):
    """One step of the price, in totals of the line.

    `exact` is the fraction before the floor, in hundredths of the smallest unit: base * percent.
    `cut` is what the floor took of it: exact - 100 * amount. `after` is what the purchase costs the
    payer in money once this step is done; coupon and bonus leave it as it is, since they are added
    to the credit. Steps of the stage CREDIT have no percentage and cut nothing.
    """

    stage: Stage
    rule: Rule
    label: str
    base: int
    percent: int | None
    exact: int
    cut: int
    amount: int
    after: int
    lost: tuple[Lost, ...] = ()


class Quote(NamedTuple):
    """A price and how it came about; all amounts are totals of the line.

    `price` is paid at the vendor: by `restricted`, `credit` and `money`. The `refund` comes back
    after that, as money or as credit; `net` is money - refund either way.
    """

    quantity: int
    list_price: int
    price: int
    restricted: int
    credit: int
    money: int
    refund: int
    net: int
    coupon_share: int
    bonus: int
    refund_as_credit: bool
    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data that `from_json` turns into an equal quote."""
        steps = [
            {**step._asdict(), "lost": [lost._asdict() for lost in step.lost]}
            for step in self.steps
        ]
        return {"format": FORMAT, **self._asdict(), "steps": steps}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Quote":
        """The quote that `as_json` wrote down. Raises ValueError for a format that it does not
        know.
        """
        if data.get("format") != FORMAT:
            raise ValueError(f"a quote of format {data.get('format')!r} cannot be read")
        steps = tuple(_step(step) for step in data["steps"])
        return cls(**{name: data[name] for name in cls._fields if name != "steps"}, steps=steps)


def _step(data: dict[str, Any]) -> Step:
    lost = tuple(Lost(**{**one, "rule": Rule(one["rule"])}) for one in data["lost"])
    return Step(**{**data, "stage": Stage(data["stage"]), "rule": Rule(data["rule"]), "lost": lost})
