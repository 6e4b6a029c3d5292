"""Who a row of a file is: the uuid wins over the name, an old name only proposes, two that disagree are refused."""

import uuid

import pytest

from customers import identity, profiles
from customers.identity import Person, Refusal
from customers.models import Customer, CustomerCount
from tests.factories import make_customer, make_plain_store, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]

JANE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def met(store, *people):
    return identity.find_or_make(store=store, people=people, by=None)


def test_somebody_unknown_is_made_once_however_often_and_however_written():
    store = make_store()

    found = met(store, Person("Jane Doe"), Person("jane.doe"), Person("JANE.DOE", JANE))

    (jane,) = Customer.objects.filter(store=store)
    assert (jane.username, jane.uuid) == ("jane.doe", JANE)
    assert set(found.keys.values()) == {jane.pk}
    assert (found.made, found.refusals) == (1, {})
    assert CustomerCount.objects.get(store=store).listed == 1


def test_somebody_known_by_name_is_found_and_completed_by_the_uuid():
    store = make_store()
    jane = make_customer(store, "jane.doe")

    found = met(store, Person("Jane Doe", JANE))

    jane.refresh_from_db()
    assert (found.keys, found.made) == ({Person("Jane Doe", JANE): jane.pk}, 0)
    assert jane.uuid == JANE


def test_the_uuid_wins_over_the_name_and_follows_a_rename():
    store = make_store()
    jane = make_customer(store, "jane.doe", uuid=JANE)

    found = met(store, Person("jane.smith", JANE))

    jane.refresh_from_db()
    assert found.keys == {Person("jane.smith", JANE): jane.pk}
    assert jane.username == "jane.smith"
    assert [old.username for old in jane.old_names.all()] == ["jane.doe"]


def test_an_old_name_beside_the_uuid_does_not_rename_back():
    store = make_store()
    jane = make_customer(store, "jane.doe", uuid=JANE)
    profiles.correct(customer=jane, username="jane.smith", by=None)

    found = met(store, Person("jane.doe", JANE))

    jane.refresh_from_db()
    assert found.keys == {Person("jane.doe", JANE): jane.pk}
    assert jane.username == "jane.smith"


def test_an_old_name_alone_matches_nobody():
    store = make_store()
    jane = make_customer(store, "jane.doe")
    profiles.correct(customer=jane, username="jane.smith", by=None)

    found = met(store, Person("jane.doe"))

    assert found.made == 1
    assert found.keys[Person("jane.doe")] != jane.pk


def test_a_name_and_a_uuid_of_two_customers_are_refused():
    store = make_store()
    make_customer(store, "jane.doe", uuid=JANE)
    make_customer(store, "bob.roe", uuid=OTHER)

    found = met(store, Person("jane.doe", OTHER))

    reason = "the name is jane.doe, the uuid is bob.roe's"
    assert found.refusals == {Person("jane.doe", OTHER): Refusal("uuid", reason)}
    assert (found.keys, found.made) == ({}, 0)


def test_a_name_whose_customer_has_another_uuid_is_refused():
    store = make_store()
    make_customer(store, "jane.doe", uuid=JANE)

    found = met(store, Person("jane.doe", OTHER))

    assert found.refusals[Person("jane.doe", OTHER)].reason == "jane.doe has another uuid"


def test_a_uuid_alone_finds_but_never_makes():
    store = make_store()
    jane = make_customer(store, "jane.doe", uuid=JANE)

    found = met(store, Person("", JANE), Person("", OTHER))

    assert found.keys == {Person("", JANE): jane.pk}
    assert found.refusals[Person("", OTHER)].field == "uuid"


def test_a_name_that_nobody_can_have_is_refused_and_the_others_are_made():
    store = make_store()

    found = met(store, Person("Jäne Döe"), Person("bob.roe"))

    assert found.refusals[Person("Jäne Döe")].field == "customer"
    assert found.made == 1


def test_a_plain_store_keeps_names_as_they_are_written():
    store = make_plain_store()

    met(store, Person("00001"), Person("1"), Person("Café Nero"))

    names = set(Customer.objects.filter(store=store).values_list("username", flat=True))
    assert names == {"00001", "1", "Café Nero"}


def test_somebody_of_another_store_is_nobody_here():
    theirs, ours = make_store(), make_store()
    jane = make_customer(theirs, "jane.doe", uuid=JANE)

    found = met(ours, Person("jane.doe", JANE))

    assert found.made == 1
    assert jane.pk not in found.keys.values()
