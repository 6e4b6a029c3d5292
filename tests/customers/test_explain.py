"""On PostgreSQL, no page of a large store reads a whole table: shown by the plans of its queries."""

import re

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import profiles
from customers.models import Customer
from customers.views import CustomerList
from products.models import Product
from stores import filters, paging
from stores.models import Store
from stores.paging import KeyPaginator
from tests.factories import make_member

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="plans are read on PostgreSQL only"
)
TABLES = (
    "customers_customer",
    "customers_creditaccount",
    "customers_searchtext",
    "customers_purchase",
)
# Whole names: a small table whose name begins like that of a large one may be read as it stands.
WHOLE = re.compile(rf"Seq Scan on ({'|'.join(TABLES)})\b")
URL = "/stores/large/customers/"
SORTS = [f"{sign}{name}" for name in CustomerList.sorts for sign in ("-", "")]
FILTERS = {
    "spent_more": "spent_more=50000",
    "spent_less": "spent_less=10",
    "year_more": "year_more=20000",
    "year_less": "year_less=1",
    "credit_more": "credit_more=2000",
    "credit_less": "credit_less=1",
    "restricted_more": "restricted_more=500",
    "owns": "owns={product}",
    "discount": "discount=15",
    "bought_after": "bought_after={late}",
    "bought_before": "bought_before={early}",
    "first_from": "first_from={late}",
    "first_until": "first_until={early}",
    "bought_in": "bought_in={month}",
    "subscriber": "subscriber=yes",
    "no subscriber": "subscriber=no",
    "group_member": "group_member=yes",
    "no group_member": "group_member=no",
    "banned": "banned=yes",
    "not banned": "banned=no",
    "search": "q={part}",
    "search of two letters": "q={two}",
    "search for nobody": "q=qqqqzzzz",
}


TOGETHER = [
    ("search", "owns"),
    ("search", "owns", "credit_more", "subscriber"),
    ("search", "spent_more"),
    ("search of two letters", "discount", "group_member"),
    ("owns", "year_more"),
    ("owns", "credit_less", "no subscriber"),
    ("spent_more", "credit_more"),
    ("spent_less", "bought_before", "no group_member"),
    ("bought_after", "restricted_more", "discount"),
    ("bought_in", "first_until"),
    ("banned", "spent_more"),
    ("not banned", "spent_more"),
]


@pytest.fixture(scope="module")
def _large(once):
    once(call_command, "generate_store", "large", customers=20_000, purchases=100_000, seed=1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture
def client(_large, db, monkeypatch):
    # Counts stop at a small part of the store, as they do in one of a million customers.
    for place in (paging, filters):
        monkeypatch.setattr(place, "CAP", 500)
    client = Client()
    client.force_login(make_member(Store.objects.get(slug="large"), "owner").user)
    return client


def words() -> dict[str, str]:
    """Values for filters that find some customers and not all."""
    store = Store.objects.get(slug="large")
    rows = Customer.objects.filter(store=store).order_by("last_purchase_at")
    moments = list(rows.exclude(last_purchase_at=None).values_list("last_purchase_at", flat=True))
    name = rows.values_list("username", flat=True)[100]
    return {
        "product": Product.objects.filter(store=store).latest("pk").name,
        "early": moments[len(moments) // 20].date().isoformat(),
        "late": moments[-len(moments) // 20].date().isoformat(),
        "month": f"{moments[-1]:%Y-%m}",
        "part": name[1:6],
        "two": name[:2],
    }


def scans(client, query: str, url: str = URL) -> list[str]:
    """The statements of a page whose plan reads one of the large tables from end to end."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"{url}?{query}")
    assert response.status_code == 200
    return whole_reads([one["sql"] for one in captured if one["sql"].startswith("SELECT")])


def whole_reads(statements: list[str]) -> list[str]:
    found = []
    for statement in statements:
        with connection.cursor() as cursor:
            # What the pages of a table cost that is in memory, as the hot part of a large one is.
            cursor.execute("SET LOCAL random_page_cost = 1.1")
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        found += [f"{table}: {statement}\n{plan}" for table in WHOLE.findall(plan)]
    return found


def test_no_page_reads_a_whole_table(client):
    """One test for all, since the store takes longer to make than its pages to ask."""
    asked = [
        f"sort={sort}&{place}"
        for sort in SORTS
        for place in ("", "page=200", "page=300", "page=last")
    ]
    for sort in SORTS:
        page = client.get(f"{URL}?sort={sort}&page=100").context["page"]
        asked += [f"sort={sort}&after={page.last_token}", f"sort={sort}&before={page.first_token}"]
    some = words()
    filters = [
        *FILTERS.values(),
        *("&".join(FILTERS[name] for name in names) for names in TOGETHER),
    ]
    for query in filters:
        asked += [
            f"{query.format(**some)}&sort={sort}" for sort in ("-spent", "customer", "credit")
        ]

    found = {query: scans(client, query) for query in asked}

    assert len(whole_reads(["SELECT * FROM customers_customer WHERE note = 'x'"])) == 1
    assert whole_reads(["SELECT * FROM customers_customercount"]) == []
    assert {query: plans for query, plans in found.items() if plans} == {}


def test_no_page_far_from_both_ends_reads_a_whole_table(client, monkeypatch):
    """The first jump sets anchors by walking the index of the sort, later ones read from them."""
    monkeypatch.setattr(paging, "FAR", 1_000)
    cache.clear()
    from_anchor, reached = KeyPaginator._from_anchor, []

    def counted(paginator, start):
        reached.append(start)
        return from_anchor(paginator, start)

    monkeypatch.setattr(KeyPaginator, "_from_anchor", counted)

    asked = [f"sort={sort}&page={page}" for sort in SORTS for page in (200, 22, 379)]
    found = {query: scans(client, query) for query in asked}

    assert len(reached) == len(asked)
    assert {query: plans for query, plans in found.items() if plans} == {}


def test_the_archived_are_found_without_reading_all_customers(client):
    for customer in Customer.objects.filter(store__slug="large")[:60]:
        profiles.archive(customer=customer, by=None)

    found = [scans(client, query, f"{URL}archived/") for query in ("", "page=2", "q=a")]

    assert found == [[], [], []]


def test_no_profile_reads_a_whole_table_to_lead_on(client):
    some = words()
    asked = [f"sort={sort}" for sort in SORTS]
    for query in (*FILTERS.values(), *("&".join(FILTERS[one] for one in two) for two in TOGETHER)):
        asked += [
            f"{query.format(**some)}&sort={sort}" for sort in ("-spent", "customer", "credit")
        ]
    key = (
        Customer.objects.filter(store__slug="large", archived_at=None).order_by("spent")[12_000].pk
    )

    found = {query: scans(client, query, f"{URL}{key}/") for query in asked}

    assert {query: plans for query, plans in found.items() if plans} == {}
