"""The coupons of the demo store's bloggers: `fixtures/demo/loyalty.toml` as data, and who buys with
which.
"""

import datetime as dt
import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from loyalty import pricing
from loyalty.models import Coupon, CouponUse
from storeadmin.demo import selling
from storeadmin.demo.catalogue import catalogue, read
from storeadmin.demo.plan import Line, Plan
from storeadmin.demo.trail import Written
from stores import edits
from stores.models import AuditEntry, Store, User

SEED = 20040914
# Who buys what a blogger wrote about mostly read it there.
NAMES_ONE, NAMES_THAT_OF_THE_PRODUCT = 0.2, 0.7


@dataclass(frozen=True)
class Code:
    """A coupon; `owner` is a buyer, counted from the first who came. Days are counted from today,
    and either may be open.
    """

    code: str
    owner: int
    commission: int
    share: int
    begins: int
    ends: int | None = None
    product: str = ""
    active: bool = True

    def days(self, today: dt.date) -> tuple[dt.date, dt.date | None]:
        last = None if self.ends is None else today + dt.timedelta(days=self.ends)
        return today + dt.timedelta(days=self.begins), last

    def fits(self, plan: Plan, line: Line) -> bool:
        first, last = self.days(plan.today)
        if line.counts_on < first or (last is not None and last < line.counts_on):
            return False
        named = line.item is not None and self.product in ("", catalogue().items[line.item].name)
        return named and line.payer != self.owner_of(plan)

    def owner_of(self, plan: Plan) -> int:
        """The place of the owner."""
        return plan.buyers()[self.owner]

    def terms(self) -> pricing.Coupon:
        return pricing.Coupon(self.code, self.share)


@functools.cache
def codes() -> tuple[Code, ...]:
    return tuple(Code(**written) for written in read("loyalty.toml")["coupons"])


def choose(chance: random.Random, plan: Plan, line: Line) -> int | None:
    """The place of the coupon that the buyer names, where they name one."""
    if not selling.is_kept(plan, line) or not line.price:
        return None
    fitting = [place for place, code in enumerate(codes()) if code.fits(plan, line)]
    close = [place for place in fitting if codes()[place].product]
    if not fitting or chance.random() > (NAMES_THAT_OF_THE_PRODUCT if close else NAMES_ONE):
        return None
    return chance.choice(close or fitting)


def write(plan: Plan, written: Written, *, store: Store, users: dict[str, User]) -> None:
    """The coupons with what was sold under them, and the trail."""
    written.coupons = [_coupon(plan, written, code, store) for code in codes()]
    uses = list(_uses(plan, written, store))
    for use in uses:
        use.coupon.uses += 1
        use.coupon.earned += use.commission
        use.coupon.given += use.share
    for coupon in written.coupons:
        coupon.save()
        _record(coupon, by=users["manager"])
    CouponUse.objects.bulk_create(
        CouponUse(
            store=store,
            coupon_id=use.coupon.pk,
            purchase_id=use.purchase_id,
            share=use.share,
            commission=use.commission,
        )
        for use in uses
    )


def _coupon(plan: Plan, written: Written, code: Code, store: Store) -> Coupon:
    first, last = code.days(plan.today)
    named = {product.name: product for product in written.products}
    return Coupon(
        store=store,
        code=code.code,
        owner=written.customers[code.owner_of(plan)],
        product=named[code.product] if code.product else None,
        commission=code.commission,
        share=code.share,
        first=first,
        last=last,
        active=code.active,
        made_at=plan.evening_before(first),
    )


def _uses(plan: Plan, written: Written, store: Store) -> Iterator[CouponUse]:
    for place, line in enumerate(plan.lines):
        if line.coupon is not None and line.quote is not None:
            coupon = written.coupons[line.coupon]
            yield CouponUse(
                store=store,
                coupon=coupon,
                purchase_id=written.purchases[place],
                share=line.quote.coupon_share,
                commission=line.price * coupon.commission // 100,
            )


def _record(coupon: Coupon, *, by: User) -> None:
    fields = ("code", "owner", "product", "commission", "share", "first", "last", "active")
    AuditEntry.objects.create(
        store=coupon.store,
        at=coupon.made_at,
        by=by,
        action="coupon.add",
        subject_type=str(Coupon._meta.model_name),
        subject_id=coupon.pk,
        changes={name: [None, value] for name, value in edits.present(coupon, fields).items()},
    )
