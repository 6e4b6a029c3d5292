"""The work on bulk credit: chunks and their edges, how many statements it takes, when its entries are dated."""

import datetime as dt
import re
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import profiles
from customers.bulk_credit import CreditChange
from customers.models import CreditEntry
from storeadmin.generate.making import generate
from stores import batches
from stores.batches import work
from stores.models import Batch
from tests.changes import applied, chunks_of, credit_change, ended, undone
from tests.customers.test_explain import whole_reads
from tests.factories import balances, make_customer, make_member, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]


@pytest.fixture
def store():
    return make_store("lamps")


@pytest.fixture
def manager(store):
    return make_member(store, "manager").user


@pytest.mark.parametrize("chunk", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("number", [0, 1, 3, 4])
@pytest.mark.parametrize("how", ["ticked", "filter", "everyone"])
def test_every_row_is_met_once_at_the_edges_of_chunks(
    store, manager, monkeypatch, chunk, number, how
):
    chunks_of(monkeypatch, chunk)
    chosen, others = [], []
    for place in range(number):
        others.append(make_customer(store, f"other{place}", credit=100))
        chosen.append(make_customer(store, f"chosen{place}", credit=10))
    if how == "everyone":
        chosen, others = [*chosen, *others], []
    ticked = chosen or [make_customer(make_store())]
    asked = {
        "ticked": {"store": store},
        "filter": {"store": store, "query": "credit_less=11"},
        "everyone": {"store": store},
    }[how]
    before = {customer: balances(customer)[0] for customer in (*chosen, *others)}

    batch = credit_change(
        *(ticked if how == "ticked" else []), by=manager, credit=3, restricted=-1, **asked
    )
    batch = applied(ended(batch))

    assert (batch.state, batch.planned, batch.handled) == ("done", len(chosen), len(chosen))
    gained = {customer: balances(customer)[0] - was for customer, was in before.items()}
    assert gained == {**dict.fromkeys(chosen, 3), **dict.fromkeys(others, 0)}
    if chosen:
        undone(batch)
        assert {customer: balances(customer)[0] for customer in before} == before


def test_a_chunk_whose_customers_have_all_dropped_out_is_not_the_end(store, manager, monkeypatch):
    chunks_of(monkeypatch, 2)
    crowd = [make_customer(store, f"c{place}", credit=10) for place in range(6)]
    upto, spans = CreditChange.upto, []

    def drop_out(kind, batch, after):
        last = upto(kind, batch, after)
        spans.append((after, last))
        if len(spans) == 2:
            for customer in crowd[2:4]:
                profiles.archive(customer=customer, by=None)
        return last

    monkeypatch.setattr(CreditChange, "upto", drop_out)
    batch = applied(ended(credit_change(store=store, by=manager, credit=3)))

    assert (batch.state, batch.planned, batch.handled) == ("done", 4, 4)
    assert [balances(customer)[0] for customer in crowd] == [13, 13, 10, 10, 13, 13]
    keys = [0, crowd[1].pk, crowd[3].pk, crowd[5].pk, None]
    assert spans == list(pairwise(keys))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="plans are read on PostgreSQL only")
def test_no_chunk_reads_a_whole_table(monkeypatch):
    large = generate(slug="large", customers=10_000, purchases=0, seed=1)
    by, middle = make_member(large).user, large.customers.order_by("pk")[5_000].pk
    chunks_of(monkeypatch, 500)

    with CaptureQueriesContext(connection) as captured:
        change = applied(ended(credit_change(store=large, by=by, credit=3)))
        undo = batches.undo(batch=change, by=by)
        narrowed = ({"query": "discount=0"}, {"spent": ("less", 10)})
        others = [credit_change(store=large, by=by, credit=1, **one) for one in narrowed]
        for batch in (undo, *others):
            batch.cursor = middle
            work.step(batch)

    of_chunks = re.compile(
        r"\s*(SELECT MAX|SELECT SUM\(drifted|INSERT INTO customers_|UPDATE cust)"
    )
    asked = [one["sql"] for one in captured if of_chunks.match(one["sql"])]
    assert len(asked) == 2 * 20 + 1 + 4 * 20 + 1 + 3 * 2
    assert whole_reads([*asked[20:22], *asked[80:86], *asked[-6:]]) == []


def test_it_takes_the_same_few_statements_however_many(store, manager):
    asked = []

    for total in (3, 60):
        crowd = [make_customer(store, f"c{total}x{place}", credit=10) for place in range(total)]
        asked.append([])
        for deed in (
            lambda crowd=crowd: credit_change(*crowd, by=manager, credit=-20, restricted=3),
            lambda: batches.apply(batch=Batch.objects.latest("pk"), by=manager),
            lambda: batches.undo(batch=Batch.objects.latest("pk"), by=manager),
        ):
            with CaptureQueriesContext(connection) as captured:
                deed()
            asked[-1].append(len(captured))

    assert asked[0] == asked[1]
    assert max(asked[1]) <= 28


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite waits before the first statement")
def test_entries_are_dated_when_the_accounts_are_locked(store, manager, time_machine):
    """Entries of an account stand in the order of time: who was waited for has dated theirs meanwhile."""
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    batch = credit_change(make_customer(store), by=manager, credit=5)

    def wait(execute, sql, params, many, context):
        outcome = execute(sql, params, many, context)
        if "FOR UPDATE OF a" in sql:
            time_machine.shift(60)
        return outcome

    with connection.execute_wrapper(wait):
        batches.apply(batch=batch, by=manager)

    assert CreditEntry.objects.get().at == dt.datetime(2026, 6, 15, 19, 1, tzinfo=dt.UTC)
