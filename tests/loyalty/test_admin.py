"""Loyalty in the Django admin: how a coupon and its uses are found."""

import pytest

from loyalty import coupons
from loyalty.models import Coupon, CouponUse
from tests.admin_pages import list_url, signed_in
from tests.factories import buy, make_coupon, make_customer, make_store

pytestmark = pytest.mark.django_db


def found(model, **query):
    response = signed_in().get(list_url(model), query)
    return {str(row.pk) for row in response.context["cl"].result_list}


def test_a_coupon_is_found_by_its_whole_code_its_owner_and_its_number():
    store, other = make_store(), make_store()
    owner = make_customer(store, "nicole.hill")
    mine, theirs = make_coupon(store, "NICOLE", owner), make_coupon(other, "NICOLE")

    assert found(Coupon, q="nicole") == {str(mine.pk), str(theirs.pk)}
    assert found(Coupon, q="nicole", store=store.pk) == {str(mine.pk)}
    assert found(Coupon, q="nicole.hill") == {str(mine.pk)}
    assert found(Coupon, q=str(theirs.pk)) == {str(theirs.pk)}
    assert found(Coupon, q="NIC") == set()


def test_uses_are_found_by_the_number_of_their_coupon():
    store = make_store()
    make_coupon(store)
    coupon = make_coupon(store)
    coupons.use(coupon=coupon, purchase=buy(make_customer(store)), share=1)
    use = CouponUse.objects.get()

    assert found(CouponUse, q=str(coupon.pk)) == {str(use.pk)}
    assert found(CouponUse, q="none") == set()
