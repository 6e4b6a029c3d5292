"""Whom a bulk change of credit is for: the ticked, what a filter finds, or everyone; by what they spent."""

import datetime as dt

import pytest

from customers import profiles, purchases
from customers.audience import LESS, MORE, Audience
from customers.models import CreditRow, Customer
from customers.purchases import PurchaseRow
from stores.batches import BatchRefused
from stores.models import Batch
from stores.targets import UNREADABLE
from tests.changes import applied, credit_change
from tests.factories import balances, buy, make_customer, make_member, make_product, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


@pytest.fixture
def crowd(store):
    """Customers by what they spent; one is archived, one is of another store."""
    spent = {"nothing": 0, "one": 1, "hundred": 100, "more": 101}
    people = {name: make_customer(store, name) for name in (*spent, "owing", "archived")}
    for name, money in spent.items():
        if money:
            buy(people[name], money=money)
    give_back(people["owing"], money=5)
    buy(people["archived"], money=500)
    profiles.archive(customer=people["archived"], by=None)
    buy(make_customer(make_store("elsewhere"), "stranger"), money=500)
    return people


def give_back(customer: Customer, *, money: int) -> None:
    """An imported return of what was never bought here: spent falls below zero."""
    at = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    row = PurchaseRow(
        customer.pk, customer.pk, None, None, -1, at, at.date(), "", -money, -money, "k1"
    )
    purchases.record_many(store=customer.store, rows=[row])


def found(store, **narrowed) -> set[str]:
    audience = Audience(store, **narrowed)
    names = set(audience.rows().values_list("username", flat=True))
    assert (audience.count().value, audience.count().exact) == (len(names), True)
    return names


EVERYONE = {"nothing", "one", "hundred", "more", "owing"}
SPENT = {
    (MORE, 0): {"one", "hundred", "more"},
    (MORE, 99): {"hundred", "more"},
    (MORE, 100): {"more"},
    (MORE, 101): set(),
    (LESS, 0): set(),
    (LESS, 1): {"nothing", "owing"},
    (LESS, 100): {"nothing", "owing", "one"},
    (LESS, 101): {"nothing", "owing", "one", "hundred"},
    (LESS, 10**12): EVERYONE,
}


def test_more_and_less_are_strict_and_below_zero_counts_as_nothing(store, crowd):
    assert {spent: found(store, spent=spent) for spent in SPENT} == SPENT


def test_everyone_is_all_who_are_listed(store, crowd, manager):
    assert found(store) == EVERYONE

    batch = applied(credit_change(store=store, by=manager, credit=5))

    assert batch.planned == 5
    assert {name: balances(customer)[0] for name, customer in crowd.items()} == {
        **dict.fromkeys(EVERYONE, 5),
        "archived": 0,
    }
    assert balances(Customer.objects.get(username="stranger")) == (0, 0)


def test_who_spent_less_gets_the_change_and_nobody_else(store, crowd, manager):
    batch = applied(credit_change(store=store, spent=(LESS, 100), by=manager, restricted=7))

    assert batch.asked["audience"]["spent"] == ["less", 100]
    assert {name for name, customer in crowd.items() if balances(customer) == (0, 7)} == {
        "nothing",
        "owing",
        "one",
    }


def keys(*customers) -> tuple[int, ...]:
    return tuple(customer.pk for customer in customers)


def test_ticked_customers_of_this_store_who_are_listed(store, crowd):
    stranger = Customer.objects.get(username="stranger")
    ticked = keys(crowd["one"], crowd["archived"], stranger, crowd["more"], crowd["one"])

    assert found(store, ticked=ticked) == {"one", "more"}
    assert found(store, ticked=ticked, query="q=hundred") == {"one", "more"}
    assert found(store, ticked=ticked, spent=(MORE, 1)) == {"more"}
    assert found(store, ticked=(10**17,)) == set()


def test_what_the_list_shows(store, crowd):
    lamp = make_product(store, "Lamp")
    buy(crowd["nothing"], lamp, money=0)

    shown = {
        query: found(store, query=query)
        for query in (
            "owns=Lamp",
            "q=more",
            "spent_less=101&sort=owns&page=3",
            "sort=-credit&per_page=25",
            "",
        )
    }

    assert shown == {
        "owns=Lamp": {"nothing"},
        "q=more": {"more"},
        "spent_less=101&sort=owns&page=3": {"nothing", "owing", "one", "hundred"},
        "sort=-credit&per_page=25": EVERYONE,
        "": EVERYONE,
    }
    assert found(store, query="spent_less=101", spent=(MORE, 0)) == {"one", "hundred"}


@pytest.mark.parametrize("query", ["spent_more=lots", "owns=no+such", "subscriber=maybe"])
def test_a_filter_that_cannot_be_read_never_means_everyone(store, crowd, manager, unchanged, query):
    audience = Audience(store, query=query)

    assert audience.is_everything is False
    with unchanged(), pytest.raises(BatchRefused, match=str(UNREADABLE)):
        credit_change(store=store, query=query, by=manager, credit=5)
    with pytest.raises(BatchRefused, match=str(UNREADABLE)):
        audience.count()


WORDS = [
    ({}, "every customer", True),
    ({"query": "sort=owns"}, "every customer", True),
    ({"query": "q=more&spent_more=5"}, "“more”; Spent more than L$5", False),
    ({"spent": (LESS, 100)}, "spent less than L$100", False),
    ({"query": "q=more", "spent": (MORE, 0)}, "“more”; spent more than L$0", False),
]


@pytest.mark.parametrize(("narrowed", "words", "everything"), WORDS)
def test_it_is_said_in_words(store, narrowed, words, everything):
    asked = Audience(store, **narrowed).as_asked()

    assert (asked["words"], asked["everything"]) == (words, everything)


def test_ticked_ones_are_said_by_their_number(store, crowd):
    asked = Audience(store, ticked=keys(*crowd.values()), spent=(MORE, 1)).as_asked()

    assert asked["words"] == "6 ticked; spent more than L$1"
    assert asked["everything"] is False


def test_it_comes_back_from_plain_data(store, crowd, manager):
    for narrowed in (
        {"ticked": keys(crowd["one"]), "spent": (LESS, 5)},
        {"query": "q=more"},
        {},
    ):
        audience = Audience(store, **narrowed)
        batch = Batch.objects.create(
            store=store, kind="credit", title="x", asked=audience.as_asked(), by=manager
        )
        batch.refresh_from_db()

        assert Audience.of(store, batch.asked) == audience


def test_words_are_those_of_the_day_it_was_asked(store, manager):
    lamp = make_product(store, "Lamp")
    anna = make_customer(store, "anna")
    buy(anna, lamp)
    batch = credit_change(store=store, query="owns=Lamp", by=manager, credit=5)
    lamp.name = "Lantern"
    lamp.save()

    batch = applied(batch)

    assert batch.asked["audience"]["words"] == "Owns Lamp"
    assert balances(anna) == (5, 0)
    assert CreditRow.objects.count() == 1
