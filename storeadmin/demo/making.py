"""Making the demo: both stores and their logins, whole or not at all."""

from django.db import transaction

from customers import books, closing
from storeadmin.demo import candles, history, logins, writing
from storeadmin.demo.catalogue import catalogue
from stores.models import Store


class DemoRefused(Exception):
    """The demo was not made; the text says why, for a person. Nothing has changed."""


def create() -> Store:
    """Make the demo store, and the small one beside it. Raises DemoRefused."""
    _refuse_twice()
    with transaction.atomic():
        store = Store.objects.create(name=catalogue().name, slug=catalogue().slug)
        users = logins.create(store)
        writing.write(history.plan(today=store.today(), zone=store.zone), store=store, users=users)
        _conclude(store)
        _conclude(candles.create(owner=users["owner"]))
    return store


def _refuse_twice() -> None:
    slugs = Store.objects.filter(slug__in=[catalogue().slug, candles.SLUG])
    if slug := slugs.values_list("slug", flat=True).first():
        raise DemoRefused(f"There is a store at /stores/{slug}/ already. Nothing was changed.")
    if taken := logins.taken():
        raise DemoRefused(f"Somebody has the login {taken[0]} already. Nothing was changed.")


def _conclude(store: Store) -> None:
    """Days that are over are closed. The rows were not all written by the verbs, so the books have
    the last word.
    """
    closing.close_days(store)
    if differences := list(books.check(store)):
        raise AssertionError(
            f"The books of {store} do not agree: {'; '.join(map(str, differences[:5]))}"
        )
