"""Coupons: made, edited, found by their code, counted when something is sold under them."""

import datetime as dt

import pytest

from loyalty import coupons
from loyalty.coupons import CodeTaken, Use
from loyalty.models import Coupon, CouponUse
from loyalty.pricing import Coupon as Terms
from stores import edits
from stores.models import AuditEntry
from tests.factories import buy, make_coupon, make_customer, make_product, make_store

pytestmark = pytest.mark.django_db
FIELDS = ("code", "owner", "product", "commission", "share", "first", "last", "active")


@pytest.fixture
def store():
    return make_store()


def opened(coupon: Coupon) -> dict:
    return edits.present(coupon, FIELDS)


def fields_of(coupon: Coupon) -> dict:
    return {name: getattr(coupon, name) for name in FIELDS}


def test_one_is_made_with_its_line_in_the_trail(store):
    owner, lamp = make_customer(store, "nicole.hill"), make_product(store)

    coupon = coupons.add(
        store=store,
        by=None,
        code="Nicole-7",
        owner=owner,
        product=lamp,
        commission=10,
        share=5,
        first=dt.date(2026, 6, 1),
        last=None,
        active=True,
    )

    assert (coupon.uses, coupon.earned, coupon.given) == (0, 0, 0)
    entry = AuditEntry.objects.get(action="coupon.add")
    assert (entry.subject_id, entry.changes["code"]) == (coupon.pk, [None, "Nicole-7"])
    assert entry.changes["owner"] == [None, owner.pk]
    assert entry.changes["first"] == [None, "2026-06-01"]


@pytest.mark.parametrize("code", ["BLOG-7", "blog-7"])
def test_a_code_is_given_once_in_a_store(store, code, unchanged):
    make_coupon(store, "BLOG-7")
    owner = make_customer(store)

    with unchanged(), pytest.raises(CodeTaken):
        coupons.add(store=store, by=None, code=code, owner=owner)

    assert make_coupon(make_store(), code).code == code


def test_what_was_edited_is_written_and_nothing_else(store):
    coupon = make_coupon(store, "BLOG-7", commission=10, share=5)
    before = opened(coupon)
    Coupon.objects.filter(pk=coupon.pk).update(share=6)

    changed = coupons.edit(
        coupon=coupon,
        by=None,
        opened=before,
        fields={**fields_of(coupon), "commission": 12, "active": False},
    )

    stored = Coupon.objects.get()
    assert changed == ["commission", "active"]
    assert (stored.commission, stored.active, stored.share) == (12, False, 6)
    assert AuditEntry.objects.get(action="coupon.edit").changes == {
        "commission": [10, 12],
        "active": [True, False],
    }


def test_what_changed_meanwhile_is_not_overwritten(store, unchanged):
    coupon = make_coupon(store, commission=10)
    before = opened(coupon)
    Coupon.objects.filter(pk=coupon.pk).update(commission=20)

    with unchanged(), pytest.raises(edits.Changed) as refused:
        coupons.edit(
            coupon=coupon, by=None, opened=before, fields={**fields_of(coupon), "commission": 12}
        )

    assert refused.value.present == {"commission": 20}


def test_editing_to_a_code_that_is_taken_is_refused(store, unchanged):
    make_coupon(store, "BLOG-7")
    coupon = make_coupon(store, "OTHER")

    with unchanged(), pytest.raises(CodeTaken):
        coupons.edit(
            coupon=coupon,
            by=None,
            opened=opened(coupon),
            fields={**fields_of(coupon), "code": "blog-7"},
        )


def test_one_is_found_by_its_code_however_it_is_typed(store):
    coupon = make_coupon(store, "Blog-7")
    make_coupon(make_store(), "THEIRS")

    assert [coupons.named(store, code) for code in (" blog-7 ", "BLOG-7", "blog", "theirs")] == [
        coupon,
        coupon,
        None,
        None,
    ]


def test_its_terms_say_why_it_does_not_count(store):
    lamp, chair = make_product(store), make_product(store)
    day = dt.date(2026, 6, 1)
    coupon = make_coupon(store, "BLOG-7", product=lamp, share=5, first=day)

    assert coupons.terms(coupon, lamp) == Terms("BLOG-7", 5, day, None, "")
    assert coupons.terms(coupon, chair).barred == "it is for another product"
    coupon.active = False
    assert coupons.terms(coupon, lamp).barred == "it is switched off"


def test_a_use_floors_the_commission_and_is_added_up(store):
    coupon = make_coupon(store, commission=15)
    buyer = make_customer(store, credit=50)
    first, second = buy(buyer, money=99), buy(buyer, money=50, credit=50)

    uses = [coupons.use(coupon=coupon, purchase=one, share=3) for one in (first, second)]

    coupon.refresh_from_db()
    assert uses == [Use(3, 14), Use(3, 15)]
    assert (coupon.uses, coupon.earned, coupon.given) == (2, 29, 6)
    assert list(
        CouponUse.objects.order_by("pk").values_list("purchase", "share", "commission")
    ) == [(first.pk, 3, 14), (second.pk, 3, 15)]
