"""The quote page, stored quotes, and what a customer gets: words, figures, addresses, queries."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from loyalty import quotes
from loyalty.models import Settings
from loyalty.quotes import Question
from tests.doors.pages import read
from tests.factories import (
    buy,
    make_coupon,
    make_customer,
    make_kept,
    make_member,
    make_product,
    make_store,
    make_tier,
    make_vendor,
    make_vendor_group,
    set_window,
)

pytestmark = pytest.mark.django_db
URL = "/stores/moon/loyalty/"
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)


@pytest.fixture
def store():
    store = make_store("moon")
    set_window(store, dt.date(2026, 6, 15))
    return store


@pytest.fixture
def viewer(store):
    client = Client()
    client.force_login(make_member(store, "viewer").user)
    return client


def ask(client, **asked):
    return read(client.get(f"{URL}quote/", asked))


def figures(page):
    return [node.text for node in page.all("dd", class_="value")]


def stairs(page):
    """The staircase: each step without what lost."""
    rows = page.one("table", class_="staircase").one("tbody").all("tr")
    return [[cell.text.split(" Not ")[0] for cell in row.all("td")] for row in rows]


class TestQuotePage:
    def test_the_documented_example_as_a_staircase(self, store, viewer):
        make_product(store, "Lamp", price=100, discount=10)
        make_vendor(store, "Mall", discount=5)
        make_customer(store, "anna.bell", discount=5)

        page = ask(viewer, product="lamp", vendor="mall", customer="Anna Bell")

        assert figures(page) == ["L$100", "L$86", "L$86", "L$4", "L$82"]
        assert stairs(page) == [
            ["Product discount", "L$100", "10", "L$10.00", "", "−L$10", "L$90"],
            ["Vendor discount", "L$90", "5", "L$4.50", "L$0.50", "−L$4", "L$86"],
            ["No credit", "L$86", "", "", "", "L$0", "L$86"],
            ["Personal discount", "L$86", "5", "L$4.30", "L$0.30", "−L$4", "L$82"],
            ["No coupon", "L$86", "0", "", "", "L$0", "L$82"],
            ["No purchase bonus", "L$82", "0", "", "", "L$0", "L$82"],
        ]

    def test_what_lost_says_why(self, store, viewer):
        group = make_vendor_group(store, "North", discount=3)
        make_vendor(store, "Mall", group=group, discount=5, group_discount=9)
        make_product(store, "Lamp", discount=20, discount_until=dt.date(2026, 6, 14))

        page = ask(viewer, product="Lamp", vendor="Mall")

        assert [node.text for node in page.one(class_="staircase").all("li")] == [
            "Not Product discount, 20 %: it ended on 14 Jun 2026.",
            "Not Vendor group North, 3 %: smaller than “Vendor discount”.",
            "Not Vendor's rate for group members, 9 %: the buyer is not in the store's group.",
        ]

    def test_credit_gifts_and_bonus(self, store, viewer):
        make_product(store, "Lamp")
        make_customer(store, "anna.bell", credit=30, restricted=50)
        make_customer(store, "bert.fox")
        Settings.objects.create(store=store, bonus=10, refund_as_credit=True)
        asked = {"product": "Lamp", "customer": "anna.bell", "use_credit": "on"}

        own, gift = ask(viewer, **asked), ask(viewer, **asked, recipient="bert.fox")

        assert [step[5] for step in stairs(own)][2:4] == ["−L$50", "−L$30"]
        assert [step[5] for step in stairs(own)][-1] == "L$2 to credit"
        assert [step[5] for step in stairs(gift)][2] == "−L$30"
        assert "a gift to bert.fox" in gift.text
        assert "Refund as credit" in gift.text

    def test_several_pieces(self, store, viewer):
        make_product(store, "Lamp", price=19, discount=5)

        page = ask(viewer, product="Lamp", quantity="3")

        assert figures(page)[:2] == ["L$57", "L$57"]
        assert stairs(page)[0][3:5] == ["L$2.85", "L$2.85"]
        assert "3 pieces" in page.text

    def test_amounts_of_a_currency_with_digits(self, viewer, store):
        store.currency = "USD"
        store.save()
        make_product(store, "Lamp", price=999, discount=5)

        page = ask(viewer, product="Lamp")

        assert stairs(page)[0] == [
            "Product discount", "$9.99", "5", "$0.4995", "$0.0095", "−$0.49", "$9.50",
        ]  # fmt: skip

    def test_nothing_is_asked_at_first_and_an_address_can_fill_in_a_customer(self, viewer):
        page = ask(viewer, customer="anna.bell")

        assert page.one("input", name="customer")["value"] == "anna.bell"
        assert page.all(class_="invalid-feedback") == []
        assert page.all("table", class_="staircase") == []

    @pytest.mark.parametrize(
        ("field", "typed", "error"),
        [
            ("product", "Sun", "There is no product of that name."),
            ("product", "", "This field is required."),
            ("vendor", "Mall", "There is no vendor of that name."),
            ("customer", "bert.fox", "There is no customer of that name."),
            ("customer", "4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e01", "There is no customer of that name."),
            ("recipient", "%%%", "Enter a Second Life username such as jane.doe or janedoe: letters a to z, digits and one dot."),
            ("quantity", "0", "Enter a whole number from 1 to 1,000."),
            ("quantity", "٣", "Enter a whole number from 1 to 1,000."),
            ("quantity", str(2**63), "Enter a whole number from 1 to 1,000."),
        ],
    )  # fmt: skip
    def test_what_cannot_be_found_is_said_at_the_field(self, store, viewer, field, typed, error):
        make_product(store, "Lamp")

        page = ask(viewer, **{"product": "Lamp", field: typed})

        assert page.error(field) == error
        assert page.one("input", name=field).attrs.get("value", "") == typed
        assert page.all("table", class_="staircase") == []

    def test_what_is_not_sold_any_more_has_no_price(self, store, viewer):
        make_product(store, "Lamp")
        make_product(store, "Chair", deleted_at=timezone.now())
        make_vendor(store, "Mall")
        make_vendor(store, "Shed", retired_at=timezone.now())

        page = ask(viewer, product="Chair", vendor="Shed")

        assert page.error("product") == "There is no product of that name."
        assert page.error("vendor") == "There is no vendor of that name."
        assert page.all("table", class_="staircase") == []
        offered = page.one("datalist", id="vendor-names").all("option")
        assert [option["value"] for option in offered] == ["Mall"]

    def test_only_products_that_are_sold_are_suggested(self, store, viewer):
        make_product(store, "Lamp")
        make_product(store, "Old lamp", deleted_at=timezone.now())

        found = {
            name: read(viewer.get("/stores/moon/products/names/", {name: "lamp"})).all("option")
            for name in ("product", "owns")
        }

        assert [option["value"] for option in found["product"]] == ["Lamp"]
        assert sorted(option["value"] for option in found["owns"]) == ["Lamp", "Old lamp"]

    def test_a_coupon_is_a_step_of_its_own(self, store, viewer):
        """Its share is of the price at the vendor, to the credit, and changes nothing else."""
        make_product(store, "Lamp", price=100, discount=10)
        make_vendor(store, "Mall", discount=5)
        make_customer(store, "anna.bell", discount=5)
        make_coupon(store, "BLOG-7", share=15)
        asked = {"product": "lamp", "vendor": "mall", "customer": "Anna Bell"}

        page = ask(viewer, **asked, coupon="blog-7")

        assert stairs(page)[-2] == [
            "Coupon BLOG-7", "L$86", "15", "L$12.90", "L$0.90", "L$12 to credit", "L$82",
        ]  # fmt: skip
        assert figures(page) == ["L$100", "L$86", "L$86", "L$4", "L$82"]
        assert page.one("input", name="coupon")["value"] == "blog-7"

    def test_a_coupon_that_does_not_count_says_why(self, store, viewer):
        make_product(store, "Lamp")
        make_coupon(store, "BLOG-7", active=False)

        page = ask(viewer, product="Lamp", coupon="BLOG-7")

        lost = [node.text for node in page.one(class_="staircase").all("li")]
        assert lost == ["Not Coupon BLOG-7, 15 %: it is switched off."]

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("BLOG", "There is no coupon of that code."),
            ("THEIRS", "There is no coupon of that code."),
            ("x" * 41, "Ensure this value has at most 40 characters (it has 41)."),
        ],
    )
    def test_a_coupon_is_one_of_the_store(self, store, viewer, code, error):
        make_product(store, "Lamp")
        make_coupon(make_store(), "THEIRS")

        page = ask(viewer, product="Lamp", coupon=code)

        assert page.error("coupon") == error
        assert page.all("table", class_="staircase") == []

    def test_a_gift_to_somebody_who_is_no_customer_yet(self, store, viewer):
        """They are somebody else: restricted credit does not pay."""
        make_product(store, "Lamp")
        make_customer(store, "anna.bell", credit=30, restricted=50, discount=10)
        asked = {"product": "Lamp", "customer": "anna.bell", "use_credit": "on"}

        page = ask(viewer, **asked, recipient="Carl Moon")

        assert "a gift to Carl Moon, who is no customer yet" in page.text
        assert figures(page) == ["L$100", "L$100", "L$70", "L$7", "L$63"]

    def test_names_of_another_store_do_not_exist(self, store, viewer):
        other = make_store()
        make_product(other, "Lamp")
        make_customer(other, "anna.bell")
        make_vendor(other, "Mall")

        page = ask(viewer, product="Lamp", customer="anna.bell", vendor="Mall")

        assert [bool(page.error(name)) for name in ("product", "customer", "vendor")] == [True] * 3
        assert page.one("datalist", id="vendor-names").all("option") == []

    def test_a_uuid_names_a_customer(self, store, viewer):
        make_product(store, "Lamp")
        key = "4f2b0c1e-8d3a-4c55-9b1e-2f6a7d8c9e01"
        make_customer(store, "anna.bell", uuid=key)

        assert "Paid by anna.bell" in ask(viewer, product="Lamp", customer=key).text

    def test_queries(self, store, viewer, django_assert_num_queries):
        make_product(store, "Lamp")
        make_vendor(store, "Mall", group=make_vendor_group(store))
        for name in ("anna.bell", "bert.fox"):
            make_customer(store, name)
        asked = {"product": "Lamp", "vendor": "Mall", "customer": "anna.bell"}

        with django_assert_num_queries(12):
            viewer.get(f"{URL}quote/", {**asked, "recipient": "bert.fox", "use_credit": "on"})

    def test_names_are_suggested(self, store, viewer):
        make_customer(store, "anna.bell")
        make_customer(make_store(), "anna.fox")

        for name in ("customer", "recipient"):
            page = read(viewer.get(f"{URL}people/", {name: "anna"}))
            assert [option["value"] for option in page.all("option")] == ["anna.bell"]
        assert read(viewer.get(f"{URL}people/", {"customer": " "})).all("option") == []


class TestStored:
    @pytest.fixture
    def sold(self, store):
        """A purchase under a quote; since then the prices have changed."""
        product = make_product(store, "Lamp", price=100, discount=10)
        payer = make_customer(store, "anna.bell", discount=5)
        question = Question(store, product, payer=payer)
        stored = quotes.keep(question, quotes.quote(question))
        purchase = buy(payer, product, money=90, list_price=100)
        stored.purchase = purchase
        stored.save(update_fields=["purchase"])
        product.price = 500
        product.save()
        return stored

    def test_shows_the_same_answer_later(self, viewer, sold):
        for address in (f"{URL}quotes/{sold.pk}/", f"{URL}purchases/{sold.purchase_id}/"):
            page = read(viewer.get(address))

            assert figures(page) == ["L$100", "L$90", "L$90", "L$4", "L$86"]
            assert len(stairs(page)) == 6

    def test_a_gift_to_somebody_who_was_no_customer_yet(self, store, viewer):
        payer = make_customer(store, "anna.bell")
        question = Question(store, make_product(store, "Lamp"), payer=payer, stranger="carl.moon")
        stored = quotes.keep(question, quotes.quote(question))

        page = read(viewer.get(f"{URL}quotes/{stored.pk}/"))

        assert stored.recipient is None
        assert "a gift to somebody who was no customer yet" in page.text

    def test_stands_in_a_dialog(self, viewer, sold):
        response = viewer.get(f"{URL}quotes/{sold.pk}/", headers=DIALOG)

        assert read(response).one("h2", id="dialog-title").text == "The price as it was quoted"

    def test_a_purchase_without_a_quote_says_so(self, store, viewer):
        purchase = buy(make_customer(store, credit=20), money=80, credit=20, list_price=120)

        page = read(viewer.get(f"{URL}purchases/{purchase.pk}/"))

        assert "No quote was kept for this purchase" in page.text
        assert figures(page) == ["L$120", "L$100", "L$20", "L$80"]

    def test_the_line_of_a_purchase_leads_there(self, viewer, sold):
        page = read(viewer.get(f"/stores/moon/customers/{sold.payer_id}/purchases/"))

        links = [link["href"] for link in page.all("a", title="How this price came about")]
        assert links == [f"{URL}purchases/{sold.purchase_id}/"]

    def test_queries(self, viewer, sold, django_assert_num_queries):
        for address in (f"{URL}quotes/{sold.pk}/", f"{URL}purchases/{sold.purchase_id}/"):
            with django_assert_num_queries(4):
                viewer.get(address)


class TestWhatACustomerGets:
    def piece(self, client, customer):
        return read(client.get(f"{URL}customers/{customer.pk}/", headers=DIALOG))

    def test_the_discount_that_counts_and_the_next_tier(self, store, viewer):
        customer = make_customer(store, "anna.bell", discount=3)
        buy(customer, money=1_200)
        make_tier(store, 1_000, 5)
        make_tier(store, 2_000, 8)
        make_kept(customer, 4)

        page = self.piece(viewer, customer)

        assert page.all("p")[0].text == (
            "5 % back on the money they pay. Loyalty discount: L$1,000 in all."
            " L$800 more, and it is 8 % (L$2,000 in all)."
        )
        assert [node.text for node in page.all("li")] == [
            "Personal discount, 3 %: smaller than “Loyalty discount: L$1,000 in all”.",
            "Loyalty discount: L$2,000 in all, 8 %: L$800 more would have to be spent.",
            "Kept discount, 4 %: smaller than “Loyalty discount: L$1,000 in all”.",
        ]

    @pytest.mark.parametrize(
        ("own", "tiers", "said"),
        [
            (
                20,
                [(1_000, 5)],
                "20 % back on the money they pay. Personal discount."
                " L$900 more reaches 5 % (L$1,000 in all), which changes nothing: 20 % stays.",
            ),
            (
                5,
                [(1_000, 5)],
                "5 % back on the money they pay. Personal discount."
                " L$900 more reaches 5 % (L$1,000 in all), which changes nothing: 5 % stays.",
            ),
            (
                7,
                [(50, 10), (1_000, 5)],
                "10 % back on the money they pay. Loyalty discount: L$50 in all."
                " L$900 more, and it is 7 % (L$1,000 in all).",
            ),
            (
                0,
                [(50, 10), (1_000, 0)],
                "10 % back on the money they pay. Loyalty discount: L$50 in all."
                " L$900 more, and it is 0 % (L$1,000 in all).",
            ),
            (
                0,
                [(50, 0)],
                "0 % back on the money they pay. Loyalty discount: L$50 in all.",
            ),
            (4, [(50, 0)], "4 % back on the money they pay. Personal discount."),
        ],
    )
    def test_what_more_spending_changes(self, store, viewer, own, tiers, said):
        customer = make_customer(store, discount=own)
        buy(customer, money=100)
        for threshold, percent in tiers:
            make_tier(store, threshold, percent)

        assert self.piece(viewer, customer).all("p")[0].text == said

    def test_nothing(self, store, viewer):
        page = self.piece(viewer, make_customer(store))

        assert page.all("p")[0].text == "No personal or loyalty discount."

    def test_the_profile_asks_for_it_once(self, store, viewer):
        customer = make_customer(store)

        page = read(viewer.get(customer.get_absolute_url()))

        asked = [node for node in page.walk() if "hx-get" in node and "/loyalty/" in node["hx-get"]]
        assert [node["hx-get"] for node in asked] == [f"{URL}customers/{customer.pk}/"]
        assert [node["hx-trigger"] for node in asked] == ["load"]

    def test_queries(self, store, viewer, django_assert_num_queries):
        customer = make_customer(store)
        for threshold in range(1, 20):
            make_tier(store, threshold)

        with django_assert_num_queries(5):
            self.piece(viewer, customer)
