"""Returns: a purchase taken back, whole or in part, with all that came of it."""

import dataclasses
import uuid as uuids
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_noop

from customers import credit as ledger
from customers import figures, purchases
from customers.models import Balance, Customer, Kind, Purchase
from loyalty import quotes, tiers
from loyalty.models import StoredQuote
from loyalty.tiers import Held, Rung
from sales import cancelling, payouts
from sales.models import Payout, PayoutKind, Return
from sales.models.payout import UNPAID
from stores import audit
from stores.models import User

RETURNED = gettext_noop("the purchase was returned")


class Share(NamedTuple):
    """What of a sale belongs to the pieces returned. Amounts are not negative."""

    quantity: int
    money: int
    credit: int
    restricted: int
    refund: int
    coupon: int
    bonus: int


class Preview(NamedTuple):
    """What a return would do now: what is given back, what is taken back of the credit, what can
    no longer be taken, and the tier before and after.
    """

    share: Share
    refund_kept: int
    given: int
    coupon_taken: int
    bonus_taken: int
    tier: Rung | None
    tier_after: Rung | None

    @property
    def missing(self) -> int:
        """What of coupon share and bonus is spent already."""
        return self.share.coupon - self.coupon_taken + self.share.bonus - self.bonus_taken


@dataclasses.dataclass(frozen=True)
class Wish:
    """How to return: how many pieces (None is all that is left), the money as store credit or not,
    and whether the product stays with the recipient.
    """

    quantity: int | None = None
    as_credit: bool = False
    keeps_product: bool = False
    note: str = ""


def preview(purchase: Purchase, wish: Wish) -> Preview:
    """What returning so would do, as things stand now. Raises ReturnRefused."""
    share = _share(purchase, wish)
    payer = Customer.objects.select_related("store").get(pk=purchase.payer_id)
    kept = 0 if _refund_is_dropped(purchase, share) else share.refund
    coupon, bonus = _takeable(payer, share)
    now, after = _tiers(payer, purchase, share.money)
    return Preview(share, kept, share.money - kept, coupon, bonus, now, after)


def take_back(
    *, purchase: Purchase, wish: Wish, by: User | None, token: uuids.UUID | None = None
) -> Return:
    """Return a purchase. Credit goes back to the balance that it came from; money less the refund
    that was paid is owed, or granted as credit; coupon share and bonus are taken back as far as
    the credit goes. A refund that nobody has paid or claimed is cancelled with a whole return.

    Locks the window, the payer's account, both customers. Raises ReturnRefused. The same `token`
    again gives the return that it made.
    """
    with transaction.atomic():
        figures.lock_window(purchase.store)
        ledger.lock_account(purchase.payer_id)
        if twin := _made_before(purchase, token):
            return twin
        share = _share(purchase, wish)
        kept = 0 if _drop_refund(purchase, share) else share.refund
        back = purchases.take_back(
            purchase=purchase,
            by=by,
            quantity=share.quantity,
            keeps_product=wish.keeps_product,
        )
        given = share.money - kept
        _give(back, given, as_credit=wish.as_credit, by=by)
        coupon, bonus = _take_rewards(back, share, by)
        if not wish.keeps_product and not purchases.left_of(purchase):
            cancelling.of_purchase(purchase=purchase, why=RETURNED)
        terms = Return.objects.create(
            purchase=back,
            store=purchase.store,
            as_credit=wish.as_credit,
            given=given,
            refund_kept=kept,
            coupon_taken=coupon,
            coupon_missing=share.coupon - coupon,
            bonus_taken=bonus,
            bonus_missing=share.bonus - bonus,
            note=wish.note,
            token=token,
        )
        audit.record(
            store=purchase.store,
            by=by,
            action="purchase.return",
            subject=purchase,
            changes={"quantity": [purchase.quantity, -back.quantity], "return": [None, back.pk]},
        )
    return terms


def _made_before(purchase: Purchase, token: uuids.UUID | None) -> Return | None:
    if token is None:
        return None
    return Return.objects.filter(store=purchase.store_id, token=token).first()


def _share(purchase: Purchase, wish: Wish) -> Share:
    part = purchases.part_to_return(purchase, wish.quantity)
    amounts = (purchase.money, purchase.credit, purchase.restricted, *_came_of(purchase))
    return Share(part.quantity, *map(part.share, amounts))


def _came_of(purchase: Purchase) -> tuple[int, int, int]:
    """Refund, coupon share and bonus of a sale, by the quote that it was sold under."""
    stored = StoredQuote.objects.filter(purchase=purchase).first()
    if stored is None:
        return 0, 0, 0
    quote = stored.quote
    return quote.refund, quote.coupon_share, quote.bonus


def _refund_is_dropped(purchase: Purchase, share: Share) -> bool:
    """Whether the refund is cancelled instead of kept: nobody paid or claimed it, and everything
    that was bought is returned at once.
    """
    if share.quantity != purchase.quantity:
        return False
    refund = Payout.objects.filter(purchase=purchase, kind=PayoutKind.REFUND, state__in=UNPAID)
    return refund.exists()


def _drop_refund(purchase: Purchase, share: Share) -> bool:
    """Cancel what nobody paid of a sale that is returned whole; whether its refund was that."""
    if share.quantity != purchase.quantity:
        return False
    payouts.cancel_unpaid(purchase=purchase, kind=PayoutKind.COMMISSION)
    return payouts.cancel_unpaid(purchase=purchase, kind=PayoutKind.REFUND)


def _give(back: Purchase, amount: int, *, as_credit: bool, by: User | None) -> None:
    if not amount:
        return
    if not as_credit:
        payouts.owe(kind=PayoutKind.RETURN, payee=back.payer, amount=amount, purchase=back)
        return
    ledger.grant(
        customer=back.payer,
        balance=Balance.CREDIT,
        amount=amount,
        by=by,
        kind=Kind.REFUND,
        purchase=back,
    )


def _takeable(payer: Customer, share: Share) -> tuple[int, int]:
    """How much of coupon share and bonus the credit still covers, once the purchase's own credit is
    given back; the coupon's first.
    """
    held = ledger.balance_of(payer, Balance.CREDIT) + share.credit
    coupon = min(share.coupon, held)
    return coupon, min(share.bonus, held - coupon)


def _take_rewards(back: Purchase, share: Share, by: User | None) -> tuple[int, int]:
    """Take coupon share and bonus back; how much of each that was."""
    coupon, bonus = _takeable(back.payer, share._replace(credit=0))
    for kind, amount in ((Kind.COUPON, coupon), (Kind.BONUS, bonus)):
        if amount:
            ledger.take(
                customer=back.payer,
                balance=Balance.CREDIT,
                amount=amount,
                by=by,
                kind=kind,
                purchase=back,
            )
    return coupon, bonus


def _tiers(payer: Customer, purchase: Purchase, money: int) -> tuple[Rung | None, Rung | None]:
    """The tier that the payer stands on, and the one with so much less spent."""
    ladder = quotes.terms_of(purchase.store).ladder
    held = quotes.held_by(payer)
    since = figures.through(purchase.store) - figures.YEAR
    in_year = money if purchase.counts_on > since else 0
    less = Held(held.spent - money, held.spent_year - in_year, held.is_member)

    def tier(figure: Held) -> Rung | None:
        return tiers.qualifying(ladder.rungs, figure, largest_wins=ladder.largest_wins)

    return tier(held), tier(less)
