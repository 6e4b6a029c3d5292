"""Many rows at once: what goes in comes out, whatever it looks like to the database."""

import pytest
from django.db import DataError, connection, transaction

from customers.models import Customer
from stores.bulk import delete, insert, pick, present, update
from stores.models import SavedView
from tests.factories import make_customer, make_member, make_store, make_view

pytestmark = pytest.mark.django_db

# What arrays, statements and formats give a meaning to.
ODD = [
    "{a,b}",
    '"quoted"',
    "back\\slash",
    "NULL",
    "null",
    "a,b",
    "%s",
    "50 %",
    "{rows}",
    "'",
    "",
    "ñ ☃ 𝒳",
]


@pytest.fixture
def store():
    return make_store("lamps")


def test_texts_are_found_as_they_are(store):
    member = make_member(store)
    for text in ODD:
        make_view(member, name=f"view {text}", query=text)

    found = pick(SavedView, ["query", "name"], field="query", values=ODD, store=store)

    assert dict(found) == {text: f"view {text}" for text in ODD}
    assert present(SavedView, "query", [*ODD, "nobody's"]) == set(ODD)


def test_texts_are_written_as_they_are(store):
    keys = [make_customer(store).pk for _ in ODD]

    update(
        Customer, ["note", "email"], [(key, text, "") for key, text in zip(keys, ODD, strict=True)]
    )

    notes = Customer.objects.in_bulk(keys)
    assert [notes[key].note for key in keys] == ODD


def test_a_column_may_be_set_to_nothing_in_all_rows(store):
    customers = [make_customer(store, uuid=number) for number in ("0" * 31 + "1", "0" * 31 + "2")]

    update(Customer, ["uuid", "discount"], [(one.pk, None, 7) for one in customers])

    after = Customer.objects.filter(store=store).values_list("uuid", "discount")
    assert list(after) == [(None, 7), (None, 7)]


def test_rows_that_nobody_named_stay(store):
    jane, bert, anna = (make_customer(store, discount=1) for _ in range(3))

    update(Customer, ["discount"], [(jane.pk, 9), (anna.pk, 10)])

    found = dict(Customer.objects.values_list("pk", "discount"))
    assert found == {jane.pk: 9, bert.pk: 1, anna.pk: 10}


def test_text_that_is_too_long_is_refused_not_cut(store):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no length of a text")
    view = make_view(make_member(store), name="short")

    with pytest.raises(DataError), transaction.atomic():
        update(SavedView, ["name"], [(view.pk, "x" * 1_000)])

    view.refresh_from_db()
    assert view.name == "short"


def test_what_the_database_refuses_is_an_error_of_django(store):
    with pytest.raises(Exception, match="discount") as refused, transaction.atomic():
        insert(Customer, ["store", "username", "name_key", "discount"], [(store.pk, "a", "a", 101)])

    assert refused.type.__module__ == "django.db.utils"
    assert not Customer.objects.exists()


def test_many_keys_at_once(store):
    member = make_member(store)
    views = [make_view(member, name=f"view {number}", query=str(number)) for number in range(20)]

    delete(SavedView, "id", [view.pk for view in views[:19]])

    assert SavedView.objects.get() == views[19]
