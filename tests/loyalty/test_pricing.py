"""The pure price: documented figures, edges, and what must hold for every price there is.

`Rule N` names a rule of the reference systems (systems.md, part 7); 7 is about payouts.
"""

import datetime as dt
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.explained import Lost, Quote, Rule, Stage
from loyalty.pricing import (
    ALL_PAID,
    BLOCKED,
    NO_MEMBER,
    NOT_FOR_GIFTS,
    NOT_PAYER,
    NOT_USED,
    Coupon,
    Facts,
    Goods,
    House,
    Offer,
    Payer,
    Place,
    price,
)
from tests.loyalty.replay import replayed

TODAY = dt.date(2026, 6, 15)
YESTERDAY, TOMORROW = dt.date(2026, 6, 14), dt.date(2026, 6, 16)


def tier(percent: int, label: str = "Tier", barred: str = "") -> Offer:
    return Offer(Rule.TIER, label, percent, barred)


def quoted(list_price=100, product=0, vendor=0, refund=0, **facts) -> Quote:
    """A price for somebody with that personal discount."""
    return price(
        Facts(
            **{
                "goods": Goods(list_price, product),
                "day": TODAY,
                "place": Place(vendor),
                "payer": Payer(refund),
                **facts,
            }
        )
    )


def step(quote: Quote, stage: Stage):
    (found,) = (step for step in quote.steps if step.stage is stage)
    return found


def why_lost(quote: Quote, stage: Stage) -> list[tuple[str, str]]:
    return [
        (lost.label, lost.why) for step in quote.steps if step.stage is stage for lost in step.lost
    ]


@pytest.mark.parametrize("by_tier", [False, True])
@pytest.mark.parametrize(
    ("given", "pays", "refund", "net"),
    [
        ((100, 10, 5, 5), 86, 4, 82),
        ((999, 33, 15, 7), 570, 39, 531),
        ((250, 0, 10, 10), 225, 22, 203),
        ((19, 0, 0, 5), 19, 0, 19),
        ((20, 0, 0, 5), 20, 1, 19),
        ((3, 0, 50, 50), 2, 1, 1),
        ((1, 50, 0, 0), 1, 0, 1),
        ((1, 100, 0, 0), 0, 0, 0),
        ((0, 0, 0, 0), 0, 0, 0),
        ((0, 10, 20, 30), 0, 0, 0),
        ((100, 0, 0, 100), 100, 100, 0),
        ((100, 0, 100, 100), 0, 0, 0),
        ((10**12, 1, 1, 1), 980_100_000_000, 9_801_000_000, 970_299_000_000),
    ],
)
def test_the_documented_figures(given, pays, refund, net, by_tier):
    """Rules 1 to 6: floors, one after the other, on what was paid, in integers, down to 0."""
    list_price, product, vendor, percent = given
    payer = Payer(tiers=(tier(percent),)) if by_tier else Payer(percent)

    quote = quoted(list_price, product, vendor, payer=payer)

    assert (quote.list_price, quote.price, quote.money) == (list_price, pays, pays)
    assert (quote.refund, quote.net) == (refund, net)


def test_the_discount_is_floored_not_the_price_and_never_the_sum():
    """Rules 1 and 2."""
    assert quoted(90, vendor=5).price == 86  # 85 by flooring the price
    assert quoted(100, 10, 5).price == 86  # 85 by the sum
    assert quoted(999, 33, 15).price == 570  # 520 by the sum


def test_each_step_says_what_it_did():
    quote = quoted(100, 10, 5, 5)

    assert [
        (step.stage.value, step.rule.value, step.base, step.percent, step.exact, step.cut)
        for step in quote.steps
    ] == [
        ("product", "product", 100, 10, 1000, 0),
        ("vendor", "vendor", 90, 5, 450, 50),
        ("credit", "none", 86, None, 0, 0),
        ("refund", "personal", 86, 5, 430, 30),
        ("coupon", "none", 86, 0, 0, 0),
        ("bonus", "none", 82, 0, 0, 0),
    ]
    assert [(step.amount, step.after) for step in quote.steps] == [
        (10, 90),
        (4, 86),
        (0, 86),
        (4, 82),
        (0, 82),
        (0, 82),
    ]


class TestProduct:
    @pytest.mark.parametrize(
        ("first", "last", "paid"),
        [
            (None, None, 90),
            (TODAY, None, 90),
            (None, TODAY, 90),
            (TODAY, TODAY, 90),
            (YESTERDAY, TOMORROW, 90),
            (TOMORROW, None, 100),
            (None, YESTERDAY, 100),
            (TOMORROW, YESTERDAY, 100),
        ],
    )
    def test_holds_between_its_days_both_included(self, first, last, paid):
        assert quoted(goods=Goods(100, 10, first, last)).price == paid

    def test_says_when_it_begins_or_ended(self):
        early = quoted(goods=Goods(100, 10, TOMORROW, None))
        late = quoted(goods=Goods(100, 10, None, YESTERDAY))

        assert why_lost(early, Stage.PRODUCT) == [("Product discount", "it starts on 16 Jun 2026")]
        assert why_lost(late, Stage.PRODUCT) == [("Product discount", "it ended on 14 Jun 2026")]
        assert step(early, Stage.PRODUCT).label == "No product discount"

    def test_several_pieces_cost_as_often_what_one_costs(self):
        one, three = quoted(19, 5, 10), quoted(19, 5, 10, quantity=3)

        assert (one.price, three.price) == (18, 54)
        product, vendor, *_ = three.steps
        assert (product.base, product.exact, product.cut, product.amount) == (57, 285, 285, 0)
        assert (vendor.base, vendor.exact, vendor.cut, vendor.amount) == (57, 570, 270, 3)

    def test_the_refund_goes_by_the_total_of_the_line(self):
        """Rule 5: 5 % of 19 is nothing, and nothing is refunded."""
        assert quoted(19, refund=5).refund == 0
        assert quoted(19, refund=5, quantity=2).refund == 1


class TestVendor:
    @pytest.mark.parametrize(
        ("place", "member", "paid", "rule"),
        [
            (Place(), True, 100, Rule.NONE),
            (Place(5, "North", 3, 4), True, 95, Rule.VENDOR),
            (Place(5, "North", 8, 4), True, 92, Rule.VENDOR_GROUP),
            (Place(5, "North", 8, 20), True, 80, Rule.MEMBERS),
            (Place(5, "North", 8, 20), False, 92, Rule.VENDOR_GROUP),
            (Place(8, "North", 8, 8), True, 92, Rule.VENDOR),
            (Place(0, "North", 8, 8), True, 92, Rule.VENDOR_GROUP),
            (Place(0, "", 0, 8), False, 100, Rule.NONE),
        ],
    )
    def test_the_largest_that_applies(self, place, member, paid, rule):
        quote = quoted(place=place, payer=Payer(member=member))

        assert quote.price == paid
        assert step(quote, Stage.VENDOR).rule is rule

    def test_the_others_are_named_with_why_they_lost(self):
        quote = quoted(place=Place(8, "North", 8, 20))

        assert step(quote, Stage.VENDOR).lost == (
            Lost(
                Rule.VENDOR_GROUP,
                "Vendor group North",
                8,
                "as large as “Vendor discount”, which is named",
            ),
            Lost(Rule.MEMBERS, "Vendor's rate for group members", 20, NO_MEMBER),
        )


class TestCredit:
    @pytest.mark.parametrize(
        ("held", "gift", "paid"),
        [
            ((0, 0), False, (0, 0, 100)),
            ((30, 0), False, (0, 30, 70)),
            ((30, 20), False, (20, 30, 50)),
            ((30, 80), False, (80, 20, 0)),
            ((30, 100), False, (100, 0, 0)),
            ((10**12, 10**12), False, (100, 0, 0)),
            ((30, 80), True, (0, 30, 70)),
            ((0, 80), True, (0, 0, 100)),
            ((500, 80), True, (0, 100, 0)),
        ],
    )
    def test_restricted_first_for_oneself_and_never_for_a_gift(self, held, gift, paid):
        credit, restricted = held
        payer = Payer(credit=credit, restricted=restricted)

        quote = quoted(payer=payer, uses_credit=True, gift=gift)

        assert (quote.restricted, quote.credit, quote.money) == paid

    def test_two_balances_are_two_steps(self):
        quote = quoted(payer=Payer(credit=30, restricted=20), uses_credit=True)

        steps = [step for step in quote.steps if step.stage is Stage.CREDIT]
        assert [(step.label, step.base, step.amount, step.after) for step in steps] == [
            ("Restricted Credit", 100, 20, 80),
            ("Credit", 80, 30, 50),
        ]

    @pytest.mark.parametrize(
        ("facts", "lost"),
        [
            ({"uses_credit": False}, [("Restricted Credit", NOT_USED), ("Credit", NOT_USED)]),
            (
                {"uses_credit": True, "goods": Goods(100, blocks_credit=True)},
                [("Restricted Credit", BLOCKED), ("Credit", BLOCKED)],
            ),
            ({"uses_credit": True, "gift": True}, [("Restricted Credit", NOT_FOR_GIFTS)]),
            ({"uses_credit": True, "goods": Goods(15)}, [("Credit", ALL_PAID)]),
            (
                {"uses_credit": True, "goods": Goods(0)},
                [("Restricted Credit", ALL_PAID), ("Credit", ALL_PAID)],
            ),
            ({"uses_credit": True, "payer": Payer()}, []),
        ],
    )
    def test_says_why_a_balance_does_not_pay(self, facts, lost):
        quote = quoted(**{"payer": Payer(credit=30, restricted=20), **facts})

        assert why_lost(quote, Stage.CREDIT) == lost

    def test_what_credit_pays_is_not_refunded(self):
        """Rule 10."""
        quote = quoted(payer=Payer(10, credit=60), uses_credit=True)

        assert (quote.money, quote.refund, quote.net) == (40, 4, 36)


class TestRefund:
    @pytest.mark.parametrize(
        ("payer", "refund", "rule", "label"),
        [
            (Payer(), 0, Rule.NONE, "No personal or loyalty discount"),
            (Payer(5, tiers=(tier(10),)), 10, Rule.TIER, "Tier"),
            (Payer(10, tiers=(tier(5),)), 10, Rule.PERSONAL, "Personal discount"),
            (Payer(10, tiers=(tier(10),)), 10, Rule.PERSONAL, "Personal discount"),
            (Payer(0, tiers=(tier(10),)), 10, Rule.TIER, "Tier"),
            (Payer(0, tiers=(tier(0),)), 0, Rule.TIER, "Tier"),
            (Payer(5, 15, (tier(10),)), 15, Rule.KEPT, "Kept discount"),
            (Payer(5, 10, (tier(10),)), 10, Rule.TIER, "Tier"),
            (Payer(5, tiers=(tier(20, "High", "not met"), tier(10))), 10, Rule.TIER, "Tier"),
            (Payer(100), 100, Rule.PERSONAL, "Personal discount"),
        ],
    )
    def test_the_largest_never_the_sum_and_a_tie_names_the_personal_one(
        self, payer, refund, rule, label
    ):
        """Rule 23; a personal discount of 0 is none, and no override."""
        quote = quoted(payer=payer)

        assert (quote.refund, quote.net) == (refund, 100 - refund)
        assert (step(quote, Stage.REFUND).rule, step(quote, Stage.REFUND).label) == (rule, label)

    def test_every_rule_that_lost_says_why(self):
        payer = Payer(10, 4, (tier(50, "Yearly", "group members only"), tier(10, "Global")))

        quote = quoted(payer=payer, gift=True, recipient_discount=60)

        assert why_lost(quote, Stage.REFUND) == [
            ("Yearly", "group members only"),
            ("Global", "as large as “Personal discount”, which is named"),
            ("Kept discount", "smaller than “Personal discount”"),
            ("Personal discount of the recipient", NOT_PAYER),
        ]

    def test_a_refund_as_credit_says_so_and_counts_the_same(self):
        quote = quoted(refund=10, house=House(refund_as_credit=True))

        assert (quote.refund, quote.net, quote.refund_as_credit) == (10, 90, True)


class TestCoupon:
    def test_goes_by_the_price_at_the_vendor_and_leaves_the_refund_alone(self):
        """Rule 8: the share is credit, the refund money; they are never one figure."""
        payer = Payer(10, credit=50)

        quote = quoted(100, vendor=10, payer=payer, uses_credit=True, coupon=Coupon("NICOLE", 15))

        assert (quote.price, quote.money, quote.refund, quote.net) == (90, 40, 4, 36)
        assert quote.coupon_share == 13
        coupon = step(quote, Stage.COUPON)
        assert (coupon.label, coupon.base, coupon.cut) == ("Coupon NICOLE", 90, 50)
        assert coupon.after == quote.net

    @pytest.mark.parametrize(
        ("coupon", "share", "lost"),
        [
            (None, 0, []),
            (Coupon("A", 10, TODAY, TODAY), 10, []),
            (Coupon("A", 0), 0, []),
            (Coupon("A", 10, TOMORROW), 0, [("Coupon A", "it starts on 16 Jun 2026")]),
            (Coupon("A", 10, None, YESTERDAY), 0, [("Coupon A", "it ended on 14 Jun 2026")]),
            (Coupon("A", 10, barred="for another"), 0, [("Coupon A", "for another")]),
        ],
    )
    def test_counts_on_its_days_only(self, coupon, share, lost):
        quote = quoted(coupon=coupon)

        assert quote.coupon_share == share
        assert why_lost(quote, Stage.COUPON) == lost

    def test_is_named_where_it_gives_the_customer_nothing(self):
        """Its owner earns a commission all the same."""
        given = step(quoted(coupon=Coupon("NICOLE", 0)), Stage.COUPON)
        over = step(quoted(coupon=Coupon("NICOLE", 0, barred="it is off")), Stage.COUPON)

        assert (given.rule, given.label, given.amount) == (Rule.COUPON, "Coupon NICOLE", 0)
        assert (over.rule, [lost.why for lost in over.lost]) == (Rule.NONE, ["it is off"])


class TestBonus:
    @pytest.mark.parametrize(
        ("house", "member", "bonus", "rule"),
        [
            (House(10, 20), False, 9, Rule.BONUS),
            (House(10, 20), True, 18, Rule.MEMBERS_BONUS),
            (House(10, 0), True, 9, Rule.BONUS),
            (House(0, 20), False, 0, Rule.NONE),
            (House(0, 20), True, 18, Rule.MEMBERS_BONUS),
            (House(10, 10), True, 9, Rule.BONUS),
            (House(100, 0), False, 90, Rule.BONUS),
        ],
    )
    def test_goes_by_money_less_refund_last(self, house, member, bonus, rule):
        quote = quoted(house=house, payer=Payer(10, member=member))

        assert (quote.bonus, quote.net) == (bonus, 90)
        assert step(quote, Stage.BONUS).rule is rule
        assert quote.steps[-1].stage is Stage.BONUS


percents = st.integers(0, 100)
days = st.none() | st.dates(TODAY - dt.timedelta(3), TODAY + dt.timedelta(3))
amounts = st.integers(0, 300) | st.integers(0, 10**12)
offers = st.builds(tier, percents, st.just("Tier"), st.sampled_from(["", "not met"]))
all_facts = st.builds(
    Facts,
    goods=st.builds(Goods, amounts, percents, first=days, last=days, blocks_credit=st.booleans()),
    day=st.just(TODAY),
    place=st.builds(Place, percents, st.sampled_from(["", "North"]), percents, percents),
    payer=st.builds(
        Payer,
        percents,
        percents,
        tiers=st.tuples(offers) | st.just(()),
        credit=amounts,
        restricted=amounts,
        member=st.booleans(),
    ),
    house=st.builds(House, percents, percents, st.booleans()),
    quantity=st.integers(1, 5),
    uses_credit=st.booleans(),
    gift=st.booleans(),
    recipient_discount=percents,
    coupon=st.none() | st.builds(Coupon, st.just("CODE"), percents, days, days, st.just("")),
)


@given(all_facts)
def test_net_is_at_most_paid_is_at_most_list_and_nothing_is_negative(facts):
    quote = price(facts)

    assert 0 <= quote.net <= quote.money <= quote.price <= quote.list_price
    assert quote.price == quote.money + quote.credit + quote.restricted
    assert 0 <= quote.refund <= quote.money
    assert 0 <= quote.coupon_share <= quote.price
    assert 0 <= quote.bonus <= quote.net
    assert min(quote.credit, quote.restricted) >= 0
    assert quote.credit <= facts.payer.credit and quote.restricted <= facts.payer.restricted
    assert not (facts.gift and quote.restricted)


@given(all_facts)
def test_the_trace_adds_up(facts):
    """Rules 4 and 9: every step is cut off downwards, and says by how much."""
    quote = price(facts)

    for step in quote.steps:
        if step.percent is not None:
            assert step.exact == step.base * step.percent
            assert step.exact == 100 * step.amount + step.cut
            assert 0 <= step.cut < 100 * facts.quantity
    *taken, coupon, bonus = quote.steps
    assert taken[0].base == quote.list_price
    assert all(step.after == step.base - step.amount for step in taken)
    assert all(after.base == before.after for before, after in pairwise(taken))
    assert (taken[-1].stage, taken[-1].after) == (Stage.REFUND, quote.net)
    assert (coupon.base, coupon.amount) == (quote.price, quote.coupon_share)
    assert (bonus.base, bonus.amount) == (quote.net, quote.bonus)


@given(all_facts, st.integers(1, 1000))
def test_what_is_paid_never_falls_as_the_list_price_rises(facts, more):
    dearer = facts._replace(goods=facts.goods._replace(price=facts.goods.price + more))

    cheap, dear = price(facts), price(dearer)

    for name in ("price", "money", "net", "refund", "coupon_share", "bonus"):
        assert getattr(cheap, name) <= getattr(dear, name), name


@given(all_facts)
def test_a_rule_that_lost_was_barred_or_no_larger(facts):
    for step in price(facts).steps:
        for lost in step.lost:
            outdone = lost.why.startswith(("smaller", "as large")) and lost.percent <= step.percent
            assert outdone or lost.why in {
                *(BLOCKED, NO_MEMBER, NOT_FOR_GIFTS, NOT_PAYER, NOT_USED, ALL_PAID, "not met"),
                *(f"it starts on {day} Jun 2026" for day in range(16, 19)),
                *(f"it ended on {day} Jun 2026" for day in range(12, 15)),
            }


@given(all_facts)
def test_a_quote_that_was_kept_as_json_is_the_same_quote(facts):
    quote = price(facts)

    kept = Quote.from_json(json.loads(json.dumps(quote.as_json())))

    assert kept == quote
    assert repr(kept) == repr(quote)
    assert kept.as_json() == quote.as_json()


@given(all_facts)
def test_a_quote_that_was_kept_is_what_its_steps_come_to(facts):
    kept = Quote.from_json(json.loads(json.dumps(price(facts).as_json())))

    assert replayed(kept) == price(facts)


@given(all_facts)
def test_the_same_facts_give_the_same_quote(facts):
    assert price(facts) == price(facts)


def test_a_quote_of_another_format_is_not_guessed_at():
    with pytest.raises(ValueError, match="format 2"):
        Quote.from_json({**quoted().as_json(), "format": 2})


def test_sequential_floors_are_not_one_floor():
    one_floor = {
        (product, vendor): 99 - 99 * (10_000 - (100 - product) * (100 - vendor)) // 10_000
        for product in range(100)
        for vendor in range(100)
    }

    assert any(
        quoted(99, product, vendor).price != paid for (product, vendor), paid in one_floor.items()
    )


def test_a_quote_cannot_be_changed():
    with pytest.raises(AttributeError):
        quoted().price = 1
