"""The editor of the tiers, the page of a tier, and what-if: what they show, take and refuse."""

import json

import pytest
from django.test import Client

from customers.models import Customer
from loyalty import ladder
from loyalty.drafts import NO_DISCOUNT, NO_THRESHOLD, TWICE
from loyalty.forms.ladder import ATTENTION
from loyalty.models import KeptDiscount, Settings
from loyalty.tiers import Rung
from stores.models import Batch
from stores.opened import DAMAGED
from tests.doors.pages import body, read
from tests.factories import (
    buy,
    make_customer,
    make_kept,
    make_member,
    make_store,
    make_tier,
    set_window,
)

pytestmark = pytest.mark.django_db
URL = "/stores/moon/loyalty/"
DIALOG = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def store():
    store = make_store("moon")
    set_window(store, store.today())
    return store


@pytest.fixture
def signed_in(store):
    def as_role(role: str) -> Client:
        client = Client()
        client.force_login(make_member(store, role).user)
        return client

    return as_role


@pytest.fixture
def manager(signed_in):
    return signed_in("manager")


def fields(*rows, version=0, **more):
    """The form as sent, with rows of threshold, discount and what else they have."""
    sent = {"version": version, "tiers-TOTAL_FORMS": len(rows), "tiers-INITIAL_FORMS": 0}
    for place, (threshold, discount, *rest) in enumerate(rows):
        row = {"threshold": threshold, "discount": discount, "period": "global"}
        row |= rest[0] if rest else {}
        sent |= {f"tiers-{place}-{name}": value for name, value in row.items()}
    return sent | more


def tiers(store):
    return list(ladder.ladder_of(store).rungs)


def typed(page, name):
    return [
        node.attrs.get("value", "")
        for node in page.all("input")
        if node.attrs.get("name", "").endswith(f"-{name}")
    ]


def said(page):
    return [node.text for node in page.all(class_="alert")]


class TestShown:
    def test_the_tiers_by_threshold(self, store, manager):
        make_tier(store, 5_000, 10, period="yearly", group_only=True)
        make_tier(store, 1_000, 5)

        page = read(manager.get(URL))

        assert typed(page, "threshold") == ["1000", "5000"]
        assert typed(page, "discount") == ["5", "10"]
        assert len(page.all("input", name="tiers-1-group_only", checked="")) == 1
        links = [link.text for link in page.all("a") if "/tiers/" in link.attrs.get("href", "")]
        assert links == ["5 % from L$1,000 in all", "10 % from L$5,000 a year, group only"]

    def test_one_empty_row_where_there_is_none(self, manager):
        page = read(manager.get(URL))

        assert (typed(page, "threshold"), typed(page, "discount")) == ([""], [""])

    @pytest.mark.parametrize("role", ["viewer", "clerk"])
    def test_who_may_not_edit_sees_them_without_a_form(self, store, signed_in, role):
        make_tier(store, 1_000, 5)

        page = read(signed_in(role).get(URL))

        assert page.all("form", action=URL) == []
        assert "5 % from L$1,000 in all" in page.text
        assert signed_in(role).post(URL, fields((1, 1))).status_code == 403

    def test_what_is_rarely_meant_is_warned_of(self, store, manager):
        make_tier(store, 1_000, 5)
        make_tier(store, 2_000, 0)

        assert said(read(manager.get(URL))) == [
            "The tier at L$2,000 gives 0 % and cancels the lower tiers."
        ]

    def test_it_asks_no_more_with_many_tiers(self, store, manager, django_assert_num_queries):
        for threshold in range(1, 30):
            make_tier(store, threshold)

        with django_assert_num_queries(6):
            manager.get(URL)

    def test_the_list_of_customers_leads_to_it(self, manager):
        page = read(manager.get("/stores/moon/customers/"))

        buttons = [link for link in page.all("a", class_="btn") if link["href"] == URL]
        assert {button.text for button in buttons} == {"Loyalty discounts"}


class TestSaved:
    def test_rows_become_the_ladder(self, store, manager):
        response = manager.post(
            URL,
            fields(
                ("5,000", "10 %", {"period": "yearly", "group_only": "on"}),
                ("L$1000", "5"),
                ("", ""),
            ),
        )

        assert (response.status_code, response["Location"]) == (302, "/stores/moon/customers/")
        assert tiers(store) == [Rung(1_000, "global", 5), Rung(5_000, "yearly", 10, True)]

    def test_a_dialog_is_closed_with_a_toast_that_warns(self, manager):
        response = manager.post(URL, fields((1_000, 5), (2_000, 0)), headers=DIALOG)

        events = json.loads(response["HX-Trigger"])
        assert response.status_code == 204
        assert events["toast"]["text"] == (
            "The loyalty discounts were saved."
            " The tier at L$2,000 gives 0 % and cancels the lower tiers."
        )

    def test_the_settings_are_saved_with_it(self, store, manager):
        make_tier(store, 1_000, 20)
        customer = make_customer(store)
        Customer.objects.filter(pk=customer.pk).update(spent=1_000)

        response = manager.post(
            URL, fields((1_000, 5), largest_wins="on", keep_earned="on"), headers=DIALOG
        )

        settings = Settings.of(store)
        assert (settings.largest_wins, settings.keep_earned, settings.version) == (True, True, 1)
        assert KeptDiscount.objects.get().discount == 20
        assert "1 kept what they had earned." in response["HX-Trigger"]

    def test_what_is_wrong_is_marked_at_its_row_and_kept(self, unchanged, manager):
        rows = [(1_000, ""), ("", 5), (7, 7), (7, 8), ("x", "101"), ("9" * 30, "٣")]

        with unchanged():
            response = manager.post(URL, fields(*rows), headers=DIALOG)

        page = read(response)
        assert response.status_code == 200
        assert typed(page, "threshold") == ["1000", "", "7", "7", "x", "9" * 30]
        assert typed(page, "discount") == ["", "5", "7", "8", "101", "٣"]
        assert page.error("tiers-4-threshold") == "Enter an amount such as 1250."
        assert page.error("tiers-4-discount") == "Enter a whole number from 0 to 100."
        assert page.error("tiers-5-threshold").startswith("Enter an amount of at most")
        assert said(page) == [ATTENTION]

    def test_half_rows_and_duplicates_are_marked(self, unchanged, manager):
        rows = [(1_000, ""), ("", 5), (7, 7), (7, 8)]

        with unchanged():
            page = read(manager.post(URL, fields(*rows)))

        assert page.error("tiers-0-discount") == NO_DISCOUNT
        assert page.error("tiers-1-threshold") == NO_THRESHOLD
        assert page.error("tiers-3-threshold") == TWICE
        assert page.error("tiers-2-threshold") == ""

    def test_another_editor_was_faster(self, store, manager, unchanged):
        ladder.save(
            store=store,
            rows=[ladder.Row(3_000, "global", 7)],
            opened_version=0,
            by=None,
        )

        with unchanged():
            response = manager.post(URL, fields((1_000, 5)), headers=DIALOG)

        page = read(response)
        assert response.status_code == 409
        assert "7 % from L$3,000 in all" in page.one("form", action=URL).all("ul")[0].text
        assert typed(page, "threshold") == ["1000"]
        assert page.one("input", name="version")["value"] == "1"

        manager.post(URL, fields((1_000, 5), version=1))
        assert tiers(store) == [Rung(1_000, "global", 5)]

    @pytest.mark.parametrize(
        "damage",
        [
            {"tiers-TOTAL_FORMS": str(10**9)},
            {"tiers-TOTAL_FORMS": "52"},
            {"tiers-TOTAL_FORMS": "-1"},
            {"tiers-TOTAL_FORMS": "x"},
            {"tiers-TOTAL_FORMS": ""},
            {"tiers-INITIAL_FORMS": str(2**63)},
            {"tiers-0-period": "month"},
            {"version": ""},
            {"version": str(2**63)},
            {"version": "x"},
        ],
    )
    def test_a_damaged_form_saves_nothing(self, store, manager, damage):
        make_tier(store, 3_000, 7)

        response = manager.post(URL, fields((1_000, 5)) | damage)

        if "version" in damage:
            assert said(read(response)) == [DAMAGED]
        if response.status_code == 302:  # sent with no row, or with a row that was left as it came
            assert damage in ({"tiers-TOTAL_FORMS": "-1"}, {"tiers-INITIAL_FORMS": str(2**63)})
        else:
            assert response.status_code == 200
            assert tiers(store) == [Rung(3_000, "global", 7)]


class TestRearranged:
    def test_another_row(self, unchanged, manager):
        with unchanged():
            page = read(manager.post(URL, fields((1_000, "x"), add="1"), headers=DIALOG))

        assert typed(page, "threshold") == ["1000", ""]
        assert typed(page, "discount") == ["x", ""]
        assert said(page) == []

    @pytest.mark.parametrize(
        ("place", "left"),
        [("0", ["2"]), ("1", ["1"]), ("2", ["1", "2"]), ("x", ["1", "2"]), ("9" * 30, ["1", "2"])],
    )
    def test_a_row_less(self, unchanged, manager, place, left):
        with unchanged():
            page = read(manager.post(URL, fields((1, 1), (2, 2), remove=place), headers=DIALOG))

        assert typed(page, "threshold") == left

    def test_what_was_ticked_and_chosen_stays(self, manager):
        row = (1, 1, {"period": "yearly", "group_only": "on"})

        page = read(manager.post(URL, fields(row, add="1", keep_earned="on", version=4)))

        form = page.one("form", action=URL).values()
        assert form["tiers-0-period"] == "yearly"
        assert form["tiers-0-group_only"] == form["keep_earned"] == "on"
        assert (form["version"], form["tiers-TOTAL_FORMS"]) == ("4", "2")

    def test_there_is_an_end_to_rows(self, manager):
        many = fields(*[(place, 1) for place in range(50)], add="1")

        page = read(manager.post(URL, many))

        assert len(typed(page, "threshold")) == 50
        assert page.all("button", name="add") == []


class TestWhatIf:
    """Rule 22: who gains and who loses is shown before it is saved."""

    @pytest.fixture
    def crowd(self, store):
        make_tier(store, 1_000, 10)
        rich, poor = make_customer(store, "rich.one"), make_customer(store, "poor.one")
        buy(rich, money=5_000)
        buy(poor, money=1_999)
        buy(make_customer(store), money=10)
        return store

    def test_it_shows_the_effect_and_writes_nothing(self, crowd, manager, unchanged):
        with unchanged():
            response = manager.post(
                URL, fields((2_000, 20), (4_000, 30), what_if="1"), headers=DIALOG
            )

        page = read(response).one("section", id="effects")
        figures = [node.text for node in page.all("dd")]
        assert figures == ["L$699", "L$1,500", "L$801"]
        matrix, losers, gainers = page.all("table")
        rows = [[cell.text for cell in row.all("td")] for row in matrix.all("tr")[1:]]
        assert rows == [["1", "0", "0"], ["1", "0", "1"]]
        cells = [[cell.text for cell in row.all("td")] for row in losers.all("tr")[1:]]
        assert cells == [["poor.one", "−L$200", "10 %", "0 %", "L$1,999"]]
        cells = [[cell.text for cell in row.all("td")] for row in gainers.all("tr")[1:]]
        assert cells == [["rich.one", "L$1,000", "10 %", "30 %", "L$5,000"]]

    def test_what_is_kept_is_not_lost(self, crowd, manager):
        sent = fields((2_000, 20), what_if="1", keep_earned="on")

        page = read(manager.post(URL, sent)).one("section", id="effects")

        assert "Nobody loses." in page.text

    def test_a_ladder_that_cannot_be_saved_has_no_effect(self, crowd, manager):
        page = read(manager.post(URL, fields((2_000, ""), what_if="1")))

        assert page.all("section", id="effects") == []
        assert page.error("tiers-0-discount") == NO_DISCOUNT

    def test_queries(self, crowd, manager, django_assert_num_queries):
        with django_assert_num_queries(12):
            manager.post(URL, fields((2_000, 20), what_if="1"))


class TestTier:
    def names(self, response):
        return [cell.text for cell in read(response).all("td", class_="name")]

    def test_lists_those_for_whom_it_counts(self, store, manager):
        low, high = make_tier(store, 1_000, 5), make_tier(store, 5_000, 10, group_only=True)
        for name, spent, member in (
            ("under", 999, False),
            ("just", 1_000, False),
            ("outside", 9_000, False),
            ("inside", 9_000, True),
        ):
            customer = make_customer(store, name, group_member=member)
            Customer.objects.filter(pk=customer.pk).update(spent=spent, spent_year=spent)

        assert self.names(manager.get(f"{URL}tiers/{low.pk}/")) == ["Ooutside", "Jjust"]
        assert self.names(manager.get(f"{URL}tiers/{high.pk}/")) == ["Iinside"]
        sorted_up = manager.get(f"{URL}tiers/{low.pk}/", {"sort": "customer"})
        assert self.names(sorted_up) == ["Jjust", "Ooutside"]
        found = read(manager.get(f"{URL}tiers/{low.pk}/", {"q": "side"}))
        assert found.one("p", id="count").text == "1 customer"

    def test_nobody(self, store, manager):
        tier = make_tier(store, 1_000)

        page = read(manager.get(f"{URL}tiers/{tier.pk}/"))

        assert "Nobody stands on this tier" in page.text

    def test_queries(self, store, manager, django_assert_num_queries):
        tier = make_tier(store, 0)
        for _ in range(5):
            make_customer(store)

        with django_assert_num_queries(8):
            manager.get(f"{URL}tiers/{tier.pk}/")


class TestKept:
    CLEAR = f"{URL}kept/"

    @pytest.fixture
    def customer(self, store):
        customer = make_customer(store)
        make_kept(customer, 15)
        return customer

    def links(self, client):
        return [link for link in read(client.get(URL)).all("a") if link["href"] == self.CLEAR]

    def test_the_owner_clears_them_and_takes_that_back(self, customer, signed_in):
        owner = signed_in("owner")

        assert "1 customer keeps a discount" in read(owner.get(URL)).text
        assert len(self.links(owner)) == 1
        assert "by 1 customer." in read(owner.get(self.CLEAR)).text
        toast = json.loads(owner.post(self.CLEAR, headers=DIALOG)["HX-Trigger"])["toast"]
        assert toast["text"] == "Kept discounts cleared: 1 customer."
        assert not KeptDiscount.objects.exists()

        owner.post(toast["undo"]["url"], headers=DIALOG)
        assert KeptDiscount.objects.get(customer=customer).discount == 15

    def test_where_nobody_keeps_one_nothing_is_cleared(self, store, signed_in, unchanged):
        owner = signed_in("owner")

        with unchanged():
            response = owner.post(self.CLEAR, headers=DIALOG)

        assert response.status_code == 409
        assert "Nobody keeps a discount." in read(response).text

    def test_nobody_else_clears_them(self, customer, manager):
        assert self.links(manager) == []
        assert manager.get(self.CLEAR).status_code == manager.post(self.CLEAR).status_code == 403

    def test_nor_by_undoing_the_change_that_kept_them(self, store, customer, manager, signed_in):
        make_tier(store, 1_000, 20)
        Customer.objects.filter(pk=customer.pk).update(spent=1_000)
        manager.post(URL, fields((1_000, 5), keep_earned="on"))
        batch = Batch.objects.get()
        undo = f"{batch.get_absolute_url()}undo/"

        pages = {
            role: read(signed_in(role).get(batch.get_absolute_url()))
            for role in ("owner", "manager")
        }

        offered = {role: "Undo this change" in page.text for role, page in pages.items()}
        assert offered == {"owner": True, "manager": False}
        assert manager.post(undo).status_code == 403
        assert signed_in("owner").post(undo).status_code == 302
        assert KeptDiscount.objects.get().discount == 15

    def test_the_bulk_change_says_from_which_ladder_to_which(self, store, customer, manager):
        make_tier(store, 1_000, 20)
        Customer.objects.filter(pk=customer.pk).update(spent=1_000)
        manager.post(URL, fields((1_000, 5), (9_000, 9), keep_earned="on", largest_wins="on"))

        page = read(manager.get(Batch.objects.get().get_absolute_url()))

        facts = page.one("dl", class_="facts").all("dd")
        assert [fact.text for fact in facts] == [
            "20 % from L$1,000 in all",
            "5 % from L$1,000 in all; 9 % from L$9,000 in all; the largest discount wins",
        ]
        (row,) = page.one("table", class_="lines").one("tbody").all("tr")
        assert [cell.text for cell in row.all("td")] == [customer.username, "15 %", "20 %", ""]
        rows = manager.get(f"{Batch.objects.get().get_absolute_url()}rows.csv")
        assert (
            body(rows).decode("utf-8-sig").splitlines()[1] == f"{customer.username},15,20,as asked,"
        )
