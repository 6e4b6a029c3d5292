"""What the worker looks after without being asked."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from loyalty.models import StoredQuote
from sales.models import Answer
from storeadmin import upkeep
from tests.factories import buy, make_customer, make_product, make_quote, make_store
from tests.sales.vendors import Stall

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_was_looked_at():
    cache.clear()


def test_quotes_that_were_never_used_go_a_day_after_they_ran_out():
    customer = make_customer(make_store())
    product = make_product(customer.store)
    now = timezone.now()

    def ran_out(hours: int, **fields):
        until = now - hours * HOUR
        return make_quote(product, customer, made_at=until - HOUR, valid_until=until, **fields)

    ran_out(25)
    young, used = ran_out(23), ran_out(25, purchase=buy(customer, product))

    upkeep.look()

    assert set(StoredQuote.objects.values_list("pk", flat=True)) == {young.pk, used.pk}


def test_answers_of_the_vendor_api_go_after_ninety_days(time_machine):
    stall = Stall(make_store())
    stall.quote("Lamp")
    time_machine.move_to(timezone.now() + dt.timedelta(days=89))
    stall.quote("Lamp")
    time_machine.move_to(timezone.now() + dt.timedelta(days=2))

    upkeep.look()

    assert Answer.objects.count() == 1


def test_it_is_not_done_at_every_look(django_assert_num_queries):
    upkeep.look()

    with django_assert_num_queries(1):  # batches whose worker is gone
        upkeep.look()
