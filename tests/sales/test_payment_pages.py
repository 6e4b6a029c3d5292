"""The Payments page: money out, one payout and what a person decides of it, money by day."""

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.identity import Person
from sales import checkout, payouts, returns, takings
from sales.checkout import Order
from sales.models import Payout
from stores import paging
from stores.models import AuditEntry
from tests.doors.pages import read
from tests.factories import buy, make_customer, make_product, make_store, make_vendor, noon
from tests.forms import DIALOG, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean", "mid_june")]
URL = "/stores/lamps/payments/"
TODAY = dt.date(2026, 6, 15)
DAY = dt.timedelta(days=1)


@pytest.fixture
def client(store):
    return signed_in(store)


def made(store, amount, state="due", kind="commission", days_ago=0, **fields) -> Payout:
    payee = fields.pop("payee", None)
    return Payout.objects.create(
        store=store,
        kind=kind,
        payee=payee,
        name=payee.username if payee else "blog.writer",
        amount=amount,
        state=state,
        made_at=noon(store, TODAY - days_ago * DAY),
        **fields,
    )


def claimed(store, amount=50, **fields) -> Payout:
    vendor = make_vendor(store, "Mall")
    return made(store, amount, "claimed", vendor=vendor, claimed_at=timezone.now(), **fields)


def found(client, **query) -> list[int]:
    page = client.get(URL, query)
    return [row["pk"] for row in page.context["table"].data] if "table" in page.context else []


def events(answer) -> dict:
    return json.loads(answer["HX-Trigger"])


class TestList:
    def test_shows_what_goes_to_whom(self, client, store):
        anna = make_customer(store, "anna.bell")
        mall = make_vendor(store, "Mall")
        paid = {"vendor": mall, "transaction": "T-1", "ended_at": noon(store, TODAY)}
        made(store, 40, "paid", "refund", 2, payee=anna, **paid)

        (row,) = read(client.get(URL)).one("tbody").all("tr")

        assert [cell.text for cell in row.all("td")] == [
            "anna.bell",
            "L$40",
            "Paid",
            "Refund",
            "2 days ago",
            "Mall",
            "T-1",
            "just now",
        ]

    def test_is_narrowed_and_sorted(self, client, store):
        anna = make_customer(store, "anna.bell")
        one = made(store, 300, "paid", "refund", 3, payee=anna)
        two = made(store, 100, "failed", "return", 2, payee=anna)
        three = made(store, 200, "due", "commission", 1)

        assert found(client) == [three.pk, two.pk, one.pk]
        assert found(client, sort="-amount") == [one.pk, three.pk, two.pk]
        assert found(client, sort="amount") == [two.pk, three.pk, one.pk]
        assert found(client, state="failed") == [two.pk]
        assert found(client, kind="refund") == [one.pk]
        assert found(client, customer="anna.bell", sort="amount") == [two.pk, one.pk]
        assert found(client, since="2026-06-13", until="2026-06-13") == [two.pk]
        assert found(client, kind="refund", state="due") == []

    @pytest.mark.parametrize("cap", [paging.CAP, 1])
    def test_is_searched_by_name_and_transaction(self, client, store, cap, monkeypatch):
        for module in ("stores.paging", "stores.filters"):
            monkeypatch.setattr(f"{module}.CAP", cap)
        anna = make_customer(store, "anna.bell")
        one = made(store, 1, "paid", "refund", 4, payee=anna, transaction="belt-1")
        two = made(store, 2, "paid", "refund", 3, payee=make_customer(store), transaction="bell-7")
        three = made(store, 3, "due", "give_back", 2)
        Payout.objects.filter(pk=three.pk).update(state="due")
        four = made(store, 4, "due", "give_back", 1, payee=anna)

        assert found(client, q="bell") == [four.pk, two.pk, one.pk]
        assert found(client, q="belt") == [one.pk]
        assert found(client, q="Blog.Wri") == [three.pk]
        assert found(client, q="bell", state="paid") == [two.pk, one.pk]
        assert found(client, q="nobody") == []

    def test_takes_the_same_few_queries_however_many(self, client, store):
        anna = make_customer(store, "anna.bell")
        queries = [{}, {"state": "due"}, {"customer": "anna.bell"}, {"sort": "-amount"}]
        queries.append({"state": "due", "kind": "refund", "customer": "anna.bell"})
        counts = []
        for more in (1, 30):
            for number in range(more):
                made(store, number + 1, kind="refund", payee=anna)
            asked = []
            for query in queries:
                with CaptureQueriesContext(connection) as context:
                    assert found(client, **query)
                asked.append(len(context))
            counts.append(asked)

        assert counts[0] == counts[1]
        assert max(counts[1]) <= 8


class TestOne:
    def offered(self, store, payout, role="manager") -> list[str]:
        page = read(signed_in(store, role).get(f"{URL}{payout.pk}/")).one("main")
        return [
            link.text for foot in page.all("div", class_="sheet-foot") for link in foot.all("a")
        ]

    def test_offers_what_can_be_decided(self, store):
        offered = {
            state: self.offered(store, made(store, 5, state)) for state in ("due", "failed", "paid")
        }
        offered["claimed"] = self.offered(store, claimed(store))

        assert offered == {
            "due": ["Mark as paid"],
            "failed": ["Retry", "Mark as paid"],
            "paid": [],
            "claimed": ["Retry", "Mark as paid"],
        }

    @pytest.mark.parametrize("role", ["clerk", "viewer"])
    def test_who_moves_no_credit_only_looks(self, store, role):
        payout = made(store, 5, "failed")
        client = signed_in(store, role)

        assert self.offered(store, payout, role) == []
        for deed in ("retry", "paid"):
            assert client.get(f"{URL}{payout.pk}/{deed}/").status_code == 403
            assert client.post(f"{URL}{payout.pk}/{deed}/").status_code == 403

    def test_leads_to_the_purchase_and_the_payee(self, client, store):
        lamp = make_product(store, "Lamp")
        make_customer(store, "anna.bell", discount=10)
        buyer = Person("anna.bell")
        sale = checkout.buy(order=Order(store=store, product=lamp, buyer=buyer))
        payout = Payout.objects.get()

        page = read(client.get(f"{URL}{payout.pk}/")).one("main")

        links = {link.text: link["href"] for link in page.all("a")}
        assert page.one("h1").text == "L$10 to anna.bell"
        assert links["Lamp"] == f"/stores/lamps/purchases/{sale.purchase.pk}/"
        assert links["anna.bell"] == f"/stores/lamps/customers/{sale.purchase.payer_id}/"
        assert "UUID unknown: no vendor can pay it." in page.text

    def test_one_that_failed_is_retried(self, client, store):
        payout = made(store, 70, "failed", note="no such avatar", ended_at=timezone.now())

        answer = send(client, f"{URL}{payout.pk}/retry/", htmx=True)

        payout.refresh_from_db()
        assert events(answer)["toast"]["text"] == "L$70 to blog.writer is due again."
        assert events(answer)["dialog:go"] == {"url": f"{URL}{payout.pk}/"}
        assert (payout.state, payout.note, payout.ended_at) == ("due", "", None)
        assert AuditEntry.objects.filter(action="payout.retry").count() == 1

    def test_one_that_is_claimed_is_retried_after_a_warning(self, client, store, unchanged):
        payout = claimed(store)
        with unchanged():
            page = read(client.get(f"{URL}{payout.pk}/retry/")).one("main")

        assert "Mall has claimed it" in page.text
        assert "or it is paid twice" in page.text
        assert page.one("button", class_="btn-danger").text == "Let it be paid"
        client.post(f"{URL}{payout.pk}/retry/")
        payout.refresh_from_db()
        assert (payout.state, payout.vendor) == ("due", None)

    def test_what_is_paid_is_not_retried(self, client, store, unchanged):
        payout = made(store, 70, "paid")
        with unchanged():
            answer = client.post(f"{URL}{payout.pk}/retry/", headers=DIALOG)

        assert "nothing was changed" in events(answer)["toast"]["text"]

    def test_it_is_marked_as_paid_by_hand(self, client, store):
        payout = made(store, 70)

        answer = send(client, f"{URL}{payout.pk}/paid/", transaction="T-77", htmx=True)

        payout.refresh_from_db()
        assert events(answer)["toast"]["text"] == "L$70 to blog.writer was marked as paid."
        assert (payout.state, payout.transaction, payout.ended_at) == (
            "paid",
            "T-77",
            timezone.now(),
        )
        assert "marked as paid by hand" in read(client.get(f"{URL}{payout.pk}/")).text

    def test_a_transaction_of_another_payout_is_refused_beside_the_field(
        self, client, store, unchanged
    ):
        made(store, 5, "paid", transaction="T-1")
        payout = made(store, 70)
        with unchanged():
            answer = send(client, f"{URL}{payout.pk}/paid/", transaction="T-1")

        assert answer.status_code == 409
        assert read(answer).error("transaction") == "Another payout has that transaction id."

    def test_too_long_an_id_is_said_beside_the_field(self, client, store, unchanged):
        payout = made(store, 70)
        with unchanged():
            page = read(send(client, f"{URL}{payout.pk}/paid/", transaction="x" * 81))

        assert "at most 80 characters" in page.error("transaction")

    def test_one_of_another_store_is_not_there(self, client):
        payout = made(make_store("elsewhere"), 5)

        for deed in ("", "retry/", "paid/"):
            assert client.get(f"{URL}{payout.pk}/{deed}").status_code == 404


class TestDays:
    @pytest.fixture
    def month(self, store):
        """Sales, one taken back, payouts of each state, and what was paid for nothing."""
        anna, lamp = make_customer(store, "anna.bell"), make_product(store, "Lamp")
        buy(anna, lamp, on=TODAY - 2 * DAY, money=500)
        sold = buy(anna, lamp, on=TODAY - DAY, money=200)
        returns.take_back(purchase=sold, wish=returns.Wish(), by=None)
        made(store, 30, "paid", days_ago=2)
        made(store, 10, "failed", days_ago=2)
        made(store, 7, "cancelled", days_ago=2)
        claimed(store, 20, days_ago=1)
        payouts.give_back(
            store=store, name="carl", uuid=uuid.uuid4(), amount=99, why="no such lamp"
        )

    def table(self, client, **query) -> dict[str, list[str]]:
        page = read(client.get(f"{URL}days/", query)).one("main")
        return {
            row.one("th").text: [cell.text for cell in row.all("td")]
            for part in ("tbody", "tfoot")
            for row in page.one(part).all("tr")
        }

    def test_in_out_and_net_of_each_day(self, client, month):
        table = self.table(client, first="2026-06-12", last="2026-06-15")

        assert table == {
            "15 Jun 2026": ["L$99", "L$0", "L$0", "L$299", "L$0", "L$299", "−L$200"],
            "14 Jun 2026": ["L$200", "L$0", "L$20", "L$0", "L$0", "L$20", "L$180"],
            "13 Jun 2026": ["L$500", "L$30", "L$0", "L$0", "L$10", "L$40", "L$460"],
            "12 Jun 2026": ["L$0", "L$0", "L$0", "L$0", "L$0", "L$0", "L$0"],
            "Together": ["L$799", "L$30", "L$20", "L$299", "L$10", "L$359", "L$440"],
        }

    def test_each_amount_is_what_the_list_adds_up_to(self, client, store, month):
        page = read(client.get(f"{URL}days/"))
        links = [link for link in page.one("tbody").all("a") if link["href"].startswith(URL)]
        assert len(links) == 4

        for link in links:
            rows = client.get(link["href"]).context["table"].data
            assert store.money.format(sum(row["amount"] for row in rows)) == link.text

    def test_days_are_those_of_the_store(self, store):
        late = dt.datetime(2026, 6, 15, 6, 59, tzinfo=dt.UTC)  # 23:59 of the 14th there
        Payout.objects.create(store=store, kind="refund", name="x", amount=5, made_at=late)

        days = dict(takings.by_day(store, TODAY - DAY, TODAY))

        assert (days[TODAY - DAY].due, days[TODAY].due) == (5, 0)

    def test_shows_the_last_days_to_begin_with_and_takes_few_queries(self, client, store, month):
        with CaptureQueriesContext(connection) as context:
            table = self.table(client)

        assert next(iter(table)) == "15 Jun 2026"
        assert len(table) == 32
        assert len(context) == 5

    @pytest.mark.parametrize(
        ("query", "field", "words"),
        [
            ({"first": "2026-05-15", "last": "2026-06-15"}, "last", "Choose at most 31 days."),
            ({"first": "2026-06-15", "last": "2026-06-14"}, "last", "not before the first"),
            ({"first": "soon", "last": "2026-06-14"}, "first", "Enter a valid date."),
            ({"last": "2026-06-14"}, "first", "This field is required."),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_field(self, client, query, field, words):
        page = read(client.get(f"{URL}days/", query)).one("main")

        assert words in page.error(field)
        assert page.all("table") == []

    def test_other_stores_do_not_count(self, client, month):
        elsewhere = make_store("elsewhere")
        buy(make_customer(elsewhere), on=TODAY)
        made(elsewhere, 1000)

        assert self.table(client)["Together"] == [
            "L$799", "L$30", "L$20", "L$299", "L$10", "L$359", "L$440"
        ]  # fmt: skip
