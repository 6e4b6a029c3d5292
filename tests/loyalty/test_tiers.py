"""Which tier counts: every rule of the ladder, and the words for those that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.tiers import (
    FOR_MEMBERS,
    HIGHER_MET,
    LARGER_AT_EQUAL,
    LARGER_MET,
    Held,
    Next,
    Rung,
    following,
    offers,
    qualifying,
    ranked,
)
from stores.money import currency

LINDEN = currency("L$")


def in_all(threshold, discount, group_only=False):
    return Rung(threshold, "global", discount, group_only)


def a_year(threshold, discount, group_only=False):
    return Rung(threshold, "yearly", discount, group_only)


BRONZE, SILVER, GOLD = in_all(1_000, 5), in_all(5_000, 10), in_all(20_000, 15)
LADDER = [BRONZE, SILVER, GOLD]


@pytest.mark.parametrize(
    ("spent", "tier"),
    [
        (-500, None),
        (0, None),
        (999, None),
        (1_000, BRONZE),
        (4_999, BRONZE),
        (5_000, SILVER),
        (20_000, GOLD),
        (10**12, GOLD),
    ],
)
def test_a_threshold_is_met_when_it_is_reached(spent, tier):
    """Rule 11."""
    assert qualifying(LADDER, Held(spent)) == tier


def test_the_highest_threshold_counts_even_with_a_smaller_percentage():
    """Rule 12."""
    yearly, overall = a_year(10_000, 15), in_all(20_000, 10)
    held = Held(25_000, 12_000)

    assert qualifying([yearly, overall], held) == overall
    assert qualifying([yearly, overall], held, largest_wins=True) == yearly


@pytest.mark.parametrize("largest_wins", [False, True])
def test_of_equal_thresholds_the_larger_discount_counts_then_the_global_one(largest_wins):
    """Rule 13."""
    held = Held(5_000, 5_000)

    larger = qualifying([in_all(5_000, 5), a_year(5_000, 9)], held, largest_wins=largest_wins)
    equal = qualifying([a_year(5_000, 9), in_all(5_000, 9)], held, largest_wins=largest_wins)

    assert (larger, equal) == (a_year(5_000, 9), in_all(5_000, 9))


def test_of_equal_discounts_the_higher_threshold_counts_where_the_largest_wins():
    assert qualifying([BRONZE, in_all(2_000, 5)], Held(3_000), largest_wins=True).threshold == 2_000


def test_who_is_no_member_falls_through_to_the_next_lower_tier():
    """Rule 15."""
    ladder = [BRONZE, in_all(5_000, 10, True)]

    assert qualifying(ladder, Held(9_000)) == BRONZE
    assert qualifying(ladder, Held(9_000, is_member=True)) == in_all(5_000, 10, True)
    assert qualifying([in_all(5_000, 10, True)], Held(9_000)) is None


def test_a_yearly_tier_goes_by_the_year_alone():
    assert qualifying([a_year(1_000, 5)], Held(9_000, 999)) is None
    assert qualifying([a_year(1_000, 5)], Held(0, 1_000)) == a_year(1_000, 5)


@pytest.mark.parametrize("spent", [-1, 0, 1])
def test_a_threshold_of_nothing_is_a_sale_for_everyone(spent):
    """Rule 16: for those without a purchase too."""
    assert qualifying([in_all(0, 20)], Held(spent, spent)) == in_all(0, 20)
    assert qualifying([a_year(0, 20)], Held(spent, spent)) == a_year(0, 20)


def test_a_tier_of_nothing_cancels_a_lower_one():
    """Rule 17."""
    assert qualifying([BRONZE, in_all(2_000, 0)], Held(2_000)) == in_all(2_000, 0)
    assert qualifying([BRONZE, in_all(2_000, 0)], Held(2_000), largest_wins=True) == BRONZE


class TestNext:
    @pytest.mark.parametrize(
        ("held", "rung", "missing"),
        [
            (Held(-300), BRONZE, 1_300),
            (Held(0), BRONZE, 1_000),
            (Held(999), BRONZE, 1),
            (Held(1_000), SILVER, 4_000),
            (Held(7_500), GOLD, 12_500),
        ],
    )
    def test_what_is_missing(self, held, rung, missing):
        assert following(LADDER, held) == Next(rung, missing)

    def test_none_from_the_top(self):
        assert following(LADDER, Held(20_000)) is None
        assert following([], Held(20_000)) is None

    def test_no_tier_that_is_not_open_to_them(self):
        ladder = [BRONZE, in_all(5_000, 10, True), GOLD]

        assert following(ladder, Held(2_000)) == Next(GOLD, 18_000)
        assert following(ladder, Held(2_000, is_member=True)).missing == 3_000

    def test_the_least_missing_of_either_period(self):
        ladder = [BRONZE, in_all(6_000, 10), a_year(5_000, 9)]

        assert following(ladder, Held(5_500, 1_000)) == Next(in_all(6_000, 10), 500)
        assert following(ladder, Held(5_500, 4_900)) == Next(a_year(5_000, 9), 100)

    def test_none_that_would_not_count(self):
        ladder = [a_year(5_000, 20), in_all(10_000, 10)]

        assert following(ladder, Held(12_000, 100)) is None
        assert following(ladder, Held(12_000, 100), largest_wins=True).missing == 4_900


def test_every_tier_is_offered_with_why_it_does_not_count():
    ladder = [*LADDER, in_all(4_000, 30, True), a_year(5_000, 8), a_year(6_000, 9)]

    made = offers(ladder, Held(6_000, 5_500), LINDEN)

    assert [(offer.label, offer.percent, offer.barred) for offer in made] == [
        ("Loyalty discount: L$5,000 in all", 10, ""),
        ("Loyalty discount: L$20,000 in all", 15, "L$14,000 more would have to be spent"),
        ("Loyalty discount: L$6,000 a year", 9, "L$500 more would have to be spent"),
        ("Loyalty discount: L$5,000 a year", 8, LARGER_AT_EQUAL),
        ("Loyalty discount: L$4,000 in all, group only", 30, FOR_MEMBERS),
        ("Loyalty discount: L$1,000 in all", 5, HIGHER_MET),
    ]


def test_what_is_missing_counts_from_below_zero():
    """Who returned more than they bought has that to make up first."""
    ladder = [BRONZE, a_year(500, 3), in_all(0, 1)]

    made = offers(ladder, Held(-300, -20), LINDEN)

    assert [(offer.percent, offer.barred) for offer in made] == [
        (1, ""),
        (5, "L$1,300 more would have to be spent"),
        (3, "L$520 more would have to be spent"),
    ]
    assert following(ladder, Held(-300, -20)) == Next(a_year(500, 3), 520)


def test_what_lost_to_a_larger_discount_says_so():
    made = offers([BRONZE, in_all(2_000, 3)], Held(2_000), LINDEN, largest_wins=True)

    assert [(offer.percent, offer.barred) for offer in made] == [(5, ""), (3, LARGER_MET)]


rungs = st.builds(
    Rung,
    st.integers(0, 20),
    st.sampled_from(["global", "yearly"]),
    st.integers(0, 100),
    st.booleans(),
)
ladders = st.lists(rungs, max_size=6, unique_by=lambda rung: (rung.threshold, rung.period))
people = st.builds(Held, st.integers(-5, 25), st.integers(-5, 25), st.booleans())


@given(ladders, people, st.booleans())
def test_no_met_tier_ranks_above_the_one_that_counts(ladder, held, largest_wins):
    def met(rung):
        spent = held.spent if rung.period == "global" else held.spent_year
        return max(0, spent) >= rung.threshold and (held.is_member or not rung.group_only)

    found = qualifying(ladder, held, largest_wins=largest_wins)

    all_met = [rung for rung in ladder if met(rung)]
    assert (found is None) == (not all_met)
    if found and largest_wins:
        assert found.discount == max(rung.discount for rung in all_met)
    elif found:
        assert found.threshold == max(rung.threshold for rung in all_met)


@given(ladders, people, st.booleans())
def test_spending_what_is_missing_reaches_the_next_tier_and_no_less_does(ladder, held, largest):
    step = following(ladder, held, largest_wins=largest)
    before = qualifying(ladder, held, largest_wins=largest)

    def after(more):
        richer = Held(held.spent + more, held.spent_year + more, held.is_member)
        return qualifying(ladder, richer, largest_wins=largest)

    if step is None:
        assert after(10**6) == before
    else:
        assert step.missing > 0
        assert after(step.missing - 1) == before
        assert after(step.missing) != before


@given(ladders, people, st.booleans())
def test_exactly_the_tier_that_counts_is_not_barred(ladder, held, largest):
    made = offers(ladder, held, LINDEN, largest_wins=largest)

    found = qualifying(ladder, held, largest_wins=largest)
    assert len(made) == len(ladder)
    assert [offer.percent for offer in made if not offer.barred] == (
        [found.discount] if found else []
    )


@given(ladders)
def test_the_order_does_not_depend_on_how_rungs_are_given(ladder):
    assert ranked(ladder) == ranked(ladder[::-1])
