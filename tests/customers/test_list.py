"""The Customers page: what it shows, in which order, and how it is narrowed down."""

import datetime as dt
import uuid
from itertools import combinations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import bans, profiles, purchases
from customers.identity import NewCustomer, add_many
from customers.models import Customer
from customers.views import CustomerList
from stores import paging
from stores.models import Store
from tests.doors.pages import Node, read
from tests.factories import (
    buy,
    make_customer,
    make_member,
    make_product,
    make_store,
    set_window,
)
from tests.turns import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
TODAY = dt.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, TODAY)
    return store


@pytest.fixture
def client(store):
    client = Client()
    client.force_login(make_member(store, "owner").user)
    return client


def get(client: Client, query: str = "", **headers: str) -> Node:
    response = client.get(f"/stores/lamps/customers/{query}", headers=headers or None)
    assert response.status_code == 200
    return read(response)


def table_of(page: Node) -> Node:
    return page.one("div", id="results").one("table")


def rows(page: Node) -> list[list[str]]:
    body = table_of(page).one("tbody")
    return [[cell.text for cell in row.all("td")] for row in body.all("tr")]


def names(page: Node) -> list[str]:
    """Usernames on the page, from top to bottom; none where there is no table."""
    return [cell.one("a")["title"] for cell in page.all("td", class_="name")]


def found(client: Client, **query: str) -> set[str]:
    return set(names(read(client.get("/stores/lamps/customers/", query))))


def test_columns_and_values(client, store):
    anna = make_customer(store, "anna.bell", credit=1500, restricted=20, discount=5)
    profiles.edit(customer=anna, by=None, opened={"subscriber": False}, fields={"subscriber": True})
    lamp, chair = make_product(store, "Lamp"), make_product(store, "Chair")
    buy(anna, lamp, money=12_345)
    buy(anna, chair, money=655, on=TODAY - dt.timedelta(days=365))
    make_customer(store, "bert")

    page = get(client)

    ticked, *heads = table_of(page).one("thead").all("th")
    assert (ticked["class"], ticked.text, ticked.all("a")) == ("tick", "Ticked", [])
    assert [head.one("a").text for head in heads] == [
        "Customer",
        "Spent",
        "Spent -1Y",
        "Owns",
        "Credit",
        "Restricted Credit",
        "Discount",
        "News Subscriber",
    ]
    assert [head["class"] for head in heads] == ["name", *["num"] * 6, "flag"]
    assert rows(page) == [
        ["", "ABanna.bell", "L$13,000", "L$12,345", "2", "L$1,500", "L$20", "5 %", "Yes"],
        ["", "Bbert", "L$0", "L$0", "0", "L$0", "L$0", "0 %", "No"],
    ]
    hints = [head.all("span", class_="hint") for head in heads]
    assert [bool(hint) for hint in hints] == [False, True, True, True, False, False, False, False]
    assert page.one("p", id="count").text == "2 customers"


def test_a_row_opens_the_profile(client, store):
    anna = make_customer(store, "anna")

    page = get(client)

    url = f"{reverse('customers:profile', args=['lamps', anna.pk])}?sort=-spent"
    (row,) = page.one("tbody").all("tr")
    assert (row["data-href"], "data-dialog" in row) == (url, True)
    assert row.one("a")["href"] == url


def test_spent_comes_first_and_highest_first(client, store):
    for number, money in enumerate((5, 30, 10)):
        buy(make_customer(store, f"c{number}"), money=money)

    page = get(client)

    assert names(page) == ["c1", "c2", "c0"]
    sorted_heads = [head for head in page.all("th") if "aria-sort" in head]
    assert [(head.one("a").text, head["aria-sort"]) for head in sorted_heads] == [
        ("Spent", "descending")
    ]


@pytest.mark.parametrize("name", list(CustomerList.sorts))
@pytest.mark.parametrize(("sign", "said"), [("", "ascending"), ("-", "descending")])
def test_a_header_says_how_it_is_sorted_and_turns_it_round(client, store, name, sign, said):
    make_customer(store, "anna")

    page = get(client, f"?sort={sign}{name}&page=1&per_page=25&spent_less=5")

    (head,) = [head for head in page.all("th") if "aria-sort" in head]
    other = name if sign else f"-{name}"
    assert head["aria-sort"] == said
    assert head.one("a")["href"] == f"?sort={other}&per_page=25&spent_less=5"


def test_first_click_on_a_number_shows_the_highest_and_on_a_name_the_first(client, store):
    make_customer(store, "anna")

    page = get(client)

    wanted = [head.one("a")["href"].removeprefix("?sort=") for head in page.all("th")[1:]]
    assert wanted == [
        "customer",
        "spent",
        "-spent_year",
        "-owns",
        "-credit",
        "-restricted",
        "-discount",
        "-subscriber",
    ]


def test_an_unknown_sort_is_the_usual_one(client, store):
    buy(make_customer(store, "anna"), money=1)
    buy(make_customer(store, "bert"), money=2)

    for sort in ("password", "-", "--spent", "spent__gt", "store__name", "spent,id", ""):
        assert names(get(client, f"?sort={sort}")) == ["bert", "anna"]


def test_a_store_without_customers_says_so(client, store):
    page = get(client)

    assert page.one("div", class_="empty").one("h2").text == "No customers yet"
    links = page.one("div", class_="empty").all("a")
    assert [link.text for link in links] == ["Add customer", "Import"]


def test_a_viewer_of_an_empty_store_is_offered_nothing(store):
    client = Client()
    client.force_login(make_member(store, "viewer").user)

    page = get(client)

    assert page.one("div", class_="empty").all("a") == []
    assert "Add customer" not in page.text


def test_a_result_without_rows_says_what_was_asked_for(client, store):
    make_customer(store, "anna")

    page = get(client, "?q=nobody&spent_more=5&sort=owns")

    empty = page.one("div", class_="empty")
    assert empty.one("h2").text == "No customers found"
    assert empty.one("p").text == "Nothing matches: “nobody” and Spent more than L$5."
    assert empty.one("a").text == "Clear all filters"


def test_archived_customers_are_neither_listed_nor_counted_nor_found(client, store):
    make_customer(store, "anna")
    profiles.archive(customer=make_customer(store, "bert", credit=5), by=None)

    shown = {
        query: names(get(client, query))
        for query in ("", "?sort=credit", "?q=bert", "?credit_more=1", "?q=be", "?sort=-customer")
    }

    assert shown == {
        "": ["anna"],
        "?sort=credit": ["anna"],
        "?q=bert": [],
        "?credit_more=1": [],
        "?q=be": [],
        "?sort=-customer": ["anna"],
    }
    assert get(client).one("p", id="count").text == "1 customer"


SEARCHES = {
    "anna": {"anna.bell", "joanna"},
    "ANNA": {"anna.bell", "joanna"},
    " anna  bell ": {"anna.bell"},
    "anna.bell": {"anna.bell"},
    "a": {"anna.bell"},
    "an": {"anna.bell"},
    "ell": {"anna.bell"},
    "formerly": {"joanna"},
    "4F2B0C1E-8D3A": {"carl"},
    "9e01": {"carl"},
    "someone@example": {"carl"},
    "SOMEONE_ELSE@": {"dora"},
    "%": set(),
    "_": set(),
    "%%%": set(),
    "___": set(),
    "a%a": set(),
    "o%e": set(),
    "ne_el": {"dora"},
    "e_else": {"dora"},
    "me_ne": set(),
    "100%": {"dora"},
    '"anna': set(),
    "anna OR carl": set(),
    "ann*": set(),
    "*": set(),
    "\\": set(),
    "nobody": set(),
}


def test_search(client, store):
    make_customer(store, "anna.bell")
    joanna = make_customer(store, "formerly")
    profiles.correct(customer=joanna, username="joanna", by=None)
    known = uuid.UUID("4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e01")
    make_customer(store, "carl", uuid=known, email="someone@example.org")
    make_customer(store, "dora", email="someone_else@example.net")
    Customer.objects.filter(username="dora").update(email="100%.someone_else@example.net")
    dora = Customer.objects.get(username="dora")
    fields = {"email": "100%.someone_else@example.org"}
    profiles.edit(customer=dora, by=None, opened={"email": dora.email}, fields=fields)

    shown = {term: found(client, q=term) for term in SEARCHES}

    assert shown == SEARCHES


@pytest.fixture
def crowd(store):
    """Four customers who differ in everything that can be filtered by."""
    lamp = make_product(store, "Lamp 100%")
    anna = make_customer(store, "anna", credit=10, restricted=3, discount=10)
    bert = make_customer(store, "bert", credit=11, restricted=4, discount=11)
    carl = make_customer(store, "carl")
    make_customer(store, "dora")
    buy(anna, lamp, money=100, on=dt.date(2025, 6, 15))
    buy(bert, lamp, money=101, at=dt.datetime(2026, 6, 1, 6, 59, 59, tzinfo=dt.UTC))
    back = buy(carl, lamp, money=50, at=dt.datetime(2026, 6, 1, 7, 0, tzinfo=dt.UTC))
    purchases.take_back(purchase=back, by=None)
    for name, fields in (("anna", {"subscriber": True}), ("bert", {"group_member": True})):
        customer = Customer.objects.get(store=store, username=name)
        profiles.edit(
            customer=customer, by=None, opened=dict.fromkeys(fields, False), fields=fields
        )
    bans.ban(customer=Customer.objects.get(username="dora"), reason="Spam", by=None)
    return store


FILTERS = {
    "spent_more=100": {"bert"},
    "spent_more=99": {"anna", "bert"},
    "spent_less=101": {"anna", "carl", "dora"},
    "spent_less=1": {"carl", "dora"},
    "spent_less=0": set(),
    "spent_more=L$99": {"anna", "bert"},
    "year_more=0": {"bert"},
    "year_less=1": {"anna", "carl", "dora"},
    "credit_more=10": {"bert"},
    "credit_less=11": {"anna", "carl", "dora"},
    "credit_less=0": set(),
    "restricted_more=3": {"bert"},
    "discount=11": {"bert"},
    "discount=10": {"anna", "bert"},
    "discount=0": {"anna", "bert", "carl", "dora"},
    "owns=Lamp 100%25": {"anna", "bert"},
    "owns=lamp 100%25": {"anna", "bert"},
    "subscriber=yes": {"anna"},
    "subscriber=no": {"bert", "carl", "dora"},
    "group_member=yes": {"bert"},
    "group_member=no": {"anna", "carl", "dora"},
    "banned=yes": {"dora"},
    "banned=no": {"anna", "bert", "carl"},
    "banned=no&discount=11": {"bert"},
    "banned=yes&spent_less=1": {"dora"},
    # 1 June begins at 7:00 in the store's time zone; bert bought one second before.
    "bought_before=2026-06-01": {"anna", "bert"},
    "bought_after=2026-05-31": {"carl"},
    "bought_after=2026-06-01": set(),
    "bought_before=2026-06-02": {"anna", "bert", "carl"},
    "bought_after=9999-12-31": set(),
    "bought_before=0001-01-01": set(),
    "first_from=2026-06-01": {"carl"},
    "first_until=2026-05-31": {"anna", "bert"},
    "first_from=2026-05-31&first_until=2026-05-31": {"bert"},
    "bought_in=2026-05": {"bert"},
    "bought_in=2026-06": {"carl"},
    "bought_in=1999-12": set(),
    "bought_in=2026-06&first_until=2026-05-31": set(),
    "spent_more=0&credit_more=10": {"bert"},
    "spent_more=99&spent_less=101": {"anna"},
    "subscriber=yes&group_member=yes": set(),
    "q=a&spent_more=0": {"anna"},
    "owns=Lamp 100%25&subscriber=no&sort=credit": {"bert"},
}


@pytest.mark.parametrize("sort", ["-spent", "credit", "customer"])
def test_filters(client, crowd, sort):
    pages = {query: get(client, f"?{query}&sort={sort}") for query in FILTERS}

    assert {query: set(names(page)) for query, page in pages.items()} == FILTERS
    counts = {query: page.one("p", id="count").text for query, page in pages.items() if names(page)}
    assert counts == {
        query: f"{len(found)} customer{'s' * (len(found) > 1)}"
        for query, found in FILTERS.items()
        if found
    }


def test_many_who_bought_in_a_month_are_the_same(client, crowd, monkeypatch):
    anna = Customer.objects.get(username="anna")
    buy(anna, on=dt.date(2026, 5, 31), money=1)
    for place in ("stores.paging", "stores.filters"):
        monkeypatch.setattr(f"{place}.CAP", 1)

    for query in ("bought_in=2026-05", "bought_in=2026-05&first_until=2026-06-01"):
        assert set(names(get(client, f"?{query}"))) == {"anna", "bert"}


def test_spent_below_zero_counts_as_zero(client, store):
    anna = make_customer(store, "anna")
    Customer.objects.filter(pk=anna.pk).update(spent=-5, spent_year=-5)

    shown = {
        query: names(get(client, f"?{query}"))
        for query in ("spent_less=1", "spent_less=0", "year_less=0", "year_less=1", "spent_more=0")
    }
    Customer.objects.filter(pk=anna.pk).update(spent=0, spent_year=0)

    assert shown == {
        "spent_less=1": ["anna"],
        "spent_less=0": [],
        "year_less=0": [],
        "year_less=1": ["anna"],
        "spent_more=0": [],
    }


REFUSED = [
    ("spent_more", "-1", "Enter L$0 or more."),
    ("spent_more", "٣", "Enter an amount such as 1250."),
    ("spent_less", "1.5", "Enter an amount such as 1250."),
    ("year_more", "9223372036854775808", "Enter an amount of at most L$1,000,000,000,000."),
    ("year_less", "abc", "Enter an amount such as 1250."),
    ("credit_more", "1e3", "Enter an amount such as 1250."),
    ("restricted_more", "1,00", "Enter an amount such as 1250."),
    ("discount", "101", "Enter a whole number from 0 to 100."),
    ("discount", "٥", "Enter a whole number from 0 to 100."),
    ("owns", "no such thing", "There is no product of that name."),
    ("bought_after", "yesterday", "Enter a valid date."),
    ("bought_before", "2026-02-30", "Enter a valid date."),
    ("first_from", "2026-02-30", "Enter a valid date."),
    ("bought_in", "2026-13", "Enter a month such as 2026-03."),
    ("bought_in", "٢٠٢٦-03", "Enter a month such as 2026-03."),
    ("subscriber", "maybe", "Select a valid choice. maybe is not one of the available choices."),
]


def test_a_filter_that_cannot_be_read_is_refused_at_its_field(client, store):
    make_customer(store, "anna")
    answers = []

    for field, typed, _ in REFUSED:
        response = client.get("/stores/lamps/customers/", {field: typed, "sort": "owns"})
        page = read(response)
        form = page.one("div", id="filter-fields")
        kept = field == "subscriber" or form.one("input", name=field)["value"] == typed
        heading = page.one("div", class_="empty").one("h2").text
        answers.append((field, form.error(field), response.status_code, kept, heading))

    wanted = (200, True, "A filter cannot be read")
    assert answers == [(field, said, *wanted) for field, _, said in REFUSED]


def test_chips_say_each_filter_and_take_it_away_alone(client, crowd):
    page = get(client, "?q=a&spent_more=5&subscriber=yes&sort=owns&per_page=25&page=1&note=")

    chips = {chip.all("span")[0].text: chip["href"] for chip in page.all("a", class_="chip")}
    base = "/stores/lamps/customers/"
    assert chips == {
        "“a”": f"{base}?spent_more=5&subscriber=yes&sort=owns&per_page=25",
        "Spent more than L$5": f"{base}?q=a&subscriber=yes&sort=owns&per_page=25",
        "Subscribes to the news": f"{base}?q=a&spent_more=5&sort=owns&per_page=25",
    }
    assert page.one("a", class_="chip-clear")["href"] == f"{base}?sort=owns&per_page=25"
    search, ticked = page.one("form", role="search"), page.one("form", id="ticks")
    assert [form.one("input", name="q")["value"] for form in (search, ticked)] == ["a", "a"]
    assert page.one("span", id="filter-count").text == "3 active"


def test_a_search_as_one_types_answers_only_the_results(client, crowd):
    whole = get(client, "?q=an")
    part = get(client, "?q=an", **{"HX-Request": "true", "HX-Target": "results"})

    assert part.all("html") == []
    assert [node.attrs.get("id") for node in part.children if isinstance(node, Node)] == [
        "results",
        "filter-fields",
        "filter-count",
        None,  # the title
        "views",
        "columns",
    ]
    assert names(part) == names(whole) == ["anna"]


def test_another_target_gets_the_whole_page(client, crowd):
    page = get(client, "", **{"HX-Request": "true", "HX-Target": "body"})

    assert len(page.all("html")) == 1


def asked_of(client: Client, query: str) -> list[str]:
    """The statements of a page; where a transaction begins and ends is none."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/stores/lamps/customers/{query}").status_code == 200
    framing = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [one["sql"] for one in captured if not one["sql"].startswith(framing)]


USED = {
    "q": "q=cust",
    "owns": "owns=lamp",
    "spent_less": "spent_less=5",
    "credit_less": "credit_less=9",
    "discount": "discount=0",
    "bought_after": "bought_after=2020-01-01",
    "subscriber": "subscriber=no",
    "banned": "banned=no",
}
MOST_QUERIES = 9


def test_a_page_takes_the_same_few_queries_however_many_customers(client, store):
    buy(make_customer(store), make_product(store, "Lamp"), money=1)
    asked = [
        f"?sort={sign}{name}{rest}"
        for name in CustomerList.sorts
        for sign in ("", "-")
        for rest in ("", "&page=last")
    ]
    filters = [
        *USED.values(),
        *(f"{one}&{other}" for one, other in combinations(USED.values(), 2)),
        "&".join(USED.values()),
        "owns=Lamp",
        "spent_more=-1",
        "page=99",
    ]
    asked += [f"?sort={sort}&{rest}" for sort, rest in in_turn(("spent", "-credit"), filters)]
    counts = []

    for total in (5, 120):
        crowd = [NewCustomer(f"customer{total}x{number}") for number in range(total)]
        add_many(store=store, people=crowd)
        counts.append({query: len(asked_of(client, query)) for query in asked})

    plain = {
        count
        for query, count in counts[1].items()
        if query.startswith("?sort=") and "&" not in query
    }
    assert plain == {6}
    assert max(counts[1].values()) <= MOST_QUERIES
    assert counts[0] == counts[1]


@pytest.mark.parametrize("behind", [1, 2, 400])
def test_a_page_takes_few_queries_where_the_year_lags(client, store, behind):
    buy(make_customer(store), make_product(store, "Lamp"), money=1)
    counts, rolled = {}, {}

    for query in ("", "?q=cust", "?owns=lamp", "?q=cust&owns=lamp", f"?{'&'.join(USED.values())}"):
        cache.clear()
        set_window(store, TODAY - dt.timedelta(days=behind))
        asked = asked_of(client, query)
        rolled[query] = sum(one.lstrip().startswith("UPDATE") for one in asked)
        counts[query] = len(asked) - rolled[query]

    assert max(counts.values()) <= MOST_QUERIES
    assert rolled == dict.fromkeys(counts, 2 if behind == 1 else 0)


def test_a_page_takes_few_queries_where_filters_find_more_than_is_gathered(
    client, store, monkeypatch
):
    lamp = make_product(store, "Lamp")
    for _ in range(3):
        buy(make_customer(store), lamp, money=1)
    monkeypatch.setattr(paging, "CAP", 2)

    asked = asked_of(client, "?q=cust&owns=Lamp&spent_less=5")

    assert len(asked) <= MOST_QUERIES
    assert len(found(client, q="cust", owns="Lamp", spent_less=5)) == 3


def test_a_product_is_found_as_its_name_is_written_else_whatever_the_case(client, store):
    written = {"LAMP": "anna", "Lamp": "bert", "lamp": "carl"}
    for name, customer in written.items():
        buy(make_customer(store, customer), make_product(store, name))

    assert {name: found(client, owns=name) for name in written} == {
        name: {customer} for name, customer in written.items()
    }
    assert len(found(client, owns="lAMP")) == 1


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_answered_east_of_greenwich_too(client, store, day):
    Store.objects.filter(pk=store.pk).update(time_zone="Australia/Sydney")
    make_customer(store, "anna")

    pages = [get(client, f"?{name}={day}") for name in ("bought_before", "bought_after")]

    assert [names(page) for page in pages] == [[], []]


def test_the_filters_stand_open_where_one_cannot_be_read(client, store):
    page = get(client, "?spent_more=lots")

    assert "open" in page.one("details", class_="filters").attrs


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("anna", ""),
        ("ANNA bell", ""),
        ("@example", "anna@example.org"),
        ("0f0e6c1a", "0f0e6c1a-52f4-4f0c-9a51-3b8f5a1d2c01"),
        ("old.name", "old.name"),
    ],
)
def test_a_search_says_what_it_found_somebody_by(client, store, typed, found):
    anna = make_customer(
        store,
        "old.name",
        email="Anna@example.org",
        uuid=uuid.UUID("0f0e6c1a-52f4-4f0c-9a51-3b8f5a1d2c01"),
    )
    profiles.correct(customer=anna, username="anna.bell", by=None)

    page = get(client, f"?q={typed}")

    assert [one.text for one in page.all("span", class_="found")] == ([found] if found else [])
    assert page.one("td", class_="name").one("a")["title"] == "anna.bell"
