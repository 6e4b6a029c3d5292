"""What a quote says, for readers of any language: each of its words is known, and English stays as it is."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty import coupons, quote_words
from loyalty.pricing import price
from loyalty.quote_words import explained
from loyalty.tiers import GLOBAL, YEARLY, Held, Rung, offers
from stores.money import currency
from tests.loyalty.test_pricing import all_facts

LINDEN = currency("L$")
thresholds = st.sampled_from([0, 100, 200])
percents = st.integers(0, 30)
ladders = st.lists(
    st.builds(Rung, thresholds, st.sampled_from([GLOBAL, YEARLY]), percents, st.booleans()),
    unique_by=lambda rung: rung[:2],
)
helds = st.builds(Held, st.integers(-50, 250), st.integers(-50, 250), st.booleans())


def marked():
    """A language in which everything begins with a tilde."""
    return mock.patch.object(quote_words, "gettext", "~{}".format)


def said(quote) -> set[str]:
    lost = [one for step in quote.steps for one in step.lost]
    return {one.label for one in (*quote.steps, *lost)} | {one.why for one in lost}


@given(all_facts, ladders, helds, st.booleans())
def test_whatever_a_quote_says_is_known(facts, ladder, held, largest_wins):
    tiers = offers(ladder, held, LINDEN, largest_wins=largest_wins)
    words = said(price(facts._replace(payer=facts.payer._replace(tiers=tiers))))

    with marked():
        unknown = {text for text in words if not explained(text).startswith("~")}

    assert unknown == set()
    assert {text: explained(text) for text in words} == {text: text for text in words}


@pytest.mark.parametrize("why", [coupons.SWITCHED_OFF, coupons.OTHER_PRODUCT, coupons.OWN])
def test_why_a_coupon_does_not_fit_is_known(why):
    with marked():
        assert explained(why) == f"~{why}"


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        ("Vendor group in all", "~Vendor group in all"),
        ("L$100 in all, group only", "~L$100 in all, group only"),
        ("Loyalty discount: L$100 a year", "~Loyalty discount: ~L$100 a year"),
        ("smaller than “Personal discount”", "~smaller than “~Personal discount”"),
        ("smaller than “Coupon SPRING”", "~smaller than “~Coupon SPRING”"),
        ("it starts on 3 May 2026", "~it starts on 3 May 2026"),
        ("it ended on a day", "~it ended on a day"),
        ("whatever somebody wrote in between", "whatever somebody wrote in between"),
    ],
)
def test_what_stands_within_is_translated_too(english, translated):
    with marked():
        assert explained(english) == translated

    assert explained(english) == english


def test_no_tier_is_called_so():
    assert quote_words.tier(None, LINDEN) == "no tier"
    assert quote_words.tier(Rung(1_000, YEARLY, 5, True), LINDEN) == "L$1,000 a year, group only"
