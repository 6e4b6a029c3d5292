"""Saved views and columns of the Customers list: kept, found again, changed, and nobody else's."""

import json
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from stores.models import AuditEntry, Member, SavedView
from stores.saved_views import MOST
from stores.views.lists import LISTS
from tests.doors.pages import Node, read
from tests.factories import (
    make_customer,
    make_member,
    make_product,
    make_store,
    make_user,
    make_view,
)
from tests.forms import DIALOG, form_at, send

pytestmark = pytest.mark.django_db
URL = "/stores/lamps/customers/"
ABOUT = "/stores/lamps/lists/customers:list/"
ADD = f"{ABOUT}views/add/"
COLUMNS = f"{ABOUT}columns/"
EVERY = "customer.spent.spent_year.owns.credit.restricted.discount.subscriber"
RESULTS = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture
def store():
    store = make_store("lamps", name="Lamps")
    make_customer(store, "anna", credit=30)
    make_customer(store, "bert", credit=10)
    return store


@pytest.fixture
def olga(store):
    return make_member(store, "owner", make_user("olga"))


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def client(olga):
    return client_of(olga)


def page_at(client: Client, url: str, **headers: str) -> Node:
    response = client.get(url, headers=headers or None)
    assert response.status_code == 200, url
    return read(response)


def tabs(page: Node) -> dict[str, str]:
    """The tabs above the list, the one that is shown with a star."""
    found = page.one("div", id="views").all("a")
    return {
        f"{'*' if 'aria-current' in tab else ''}{tab.text}": tab["href"]
        for tab in found
        if tab["id"] != "view-edit"
    }


def deeds(page: Node) -> dict[str, str]:
    return {deed.text: deed["href"] for deed in page.all("a", class_="view-deed")}


def heads(page: Node) -> list[str]:
    return [head.one("a").text for head in page.one("thead").all("th") if head.all("a")]


def names(page: Node) -> list[str]:
    return [cell.one("a")["title"] for cell in page.all("td", class_="name")]


def view_page(view: SavedView, deed: str = "") -> str:
    return f"{ABOUT}views/{view.pk}/{deed and deed + '/'}"


def opened(view: SavedView) -> str:
    return f"{URL}?{view.query}&view={view.pk}"


class TestTheList:
    def test_shows_no_tabs_where_nothing_was_saved(self, client, store):
        page = page_at(client, URL)

        assert (tabs(page), deeds(page)) == ({}, {})
        assert page.one("a", id="columns")["href"] == COLUMNS

    def test_offers_to_save_what_is_not_its_plain_self(self, client, store):
        queries = ["?page=1&per_page=50", "?sort=-spent", "?sort=owns", "?credit_more=5", "?q=an"]

        offered = {query: deeds(page_at(client, URL + query)) for query in queries}

        assert offered == {
            "?page=1&per_page=50": {},
            "?sort=-spent": {},
            "?sort=owns": {"Save view": f"{ADD}?sort=owns"},
            "?credit_more=5": {"Save view": f"{ADD}?credit_more=5"},
            "?q=an": {"Save view": f"{ADD}?q=an"},
        }

    def test_tabs_lead_to_each_view_and_back_to_all(self, client, store, olga):
        shared, own = make_view(olga, "Big", shared=True), make_view(olga, "Mine")

        assert tabs(page_at(client, URL)) == {
            "*All": URL,
            "Big shared": opened(shared),
            "Mine": opened(own),
        }
        page = page_at(client, opened(own))
        assert list(tabs(page)) == ["All", "Big shared", "*Mine"]
        assert deeds(page) == {}
        assert page.one("title").text == "Mine · Customers · Lamps"

    def test_a_view_that_is_changed_offers_to_keep_or_drop_that(self, client, store, olga):
        view = make_view(olga, "Big", query=f"credit_more=5&sort=-spent&columns={EVERY}")
        queries = {
            "filter": f"credit_more=20&sort=-spent&columns={EVERY}&view={view.pk}",
            "sort": f"credit_more=5&sort=owns&columns={EVERY}&view={view.pk}",
            "columns": f"credit_more=5&sort=-spent&columns=customer&view={view.pk}",
        }

        for query in queries.values():
            page = page_at(client, f"{URL}?{query}")
            assert deeds(page) == {
                "Save changes": f"{view_page(view, 'replacement')}?{query}",
                "Save as new": f"{ADD}?{query}",
                "Discard": opened(view),
            }
            assert "*Big" in tabs(page)

    def test_a_view_that_is_left_as_it_is_written_otherwise_is_not_changed(
        self, client, store, olga
    ):
        view = make_view(olga, "Big", query=f"credit_more=5&sort=-spent&columns={EVERY}")
        query = f"view={view.pk}&columns={EVERY}&q=&sort=-spent&credit_more=+5&page=1&per_page=25"

        assert deeds(page_at(client, f"{URL}?{query}")) == {}

    def test_links_and_forms_of_the_list_stay_in_the_view(self, client, store, olga):
        view = make_view(olga, "Big", query="credit_more=5&sort=-spent&columns=customer.credit")

        page = page_at(client, f"{opened(view)}&per_page=25")

        search = {
            node["name"]: node["value"]
            for node in page.all("input", type="hidden")
            if node.attrs.get("form") == "list-form"
        }
        kept = {"sort": "-spent", "columns": "customer.credit", "view": str(view.pk)}
        assert search == {**kept, "per_page": "25"}
        assert f"view={view.pk}" in page.one("a", id="sort-2")["href"]
        assert f"view={view.pk}" in page.one("a", class_="chip")["href"]
        assert tabs(page) == {"All": URL, "*Big": opened(view)}
        # The profile of a row knows the list, not how it looks.
        assert page.one("tbody").all("tr")[0]["data-href"].endswith("?credit_more=5&sort=-spent")

    def test_an_answer_to_htmx_brings_the_tabs_along(self, client, store, olga):
        view = make_view(olga, "Big")

        part = page_at(client, opened(view), **RESULTS)

        assert list(tabs(part)) == ["All", "*Big"]
        swapped = [node["id"] for node in part.all() if "hx-swap-oob" in node]
        assert swapped == ["filter-fields", "filter-count", "views", "columns"]
        assert part.one("title").text == "Big · Customers · Lamps"

    @pytest.mark.parametrize("named", ["", "0", "x", "-1", "9" * 30, "²", "987654321"])
    def test_a_view_that_is_not_there_is_no_view(self, client, store, olga, named):
        make_view(olga, "Big")

        assert list(tabs(page_at(client, f"{URL}?view={named}"))) == ["*All", "Big"]

    def test_names_of_any_script_are_shown_as_they_are(self, client, store, olga):
        typed = ["<b>&amp;", "ليلى حسن", "“Größe” 🙂", "{{ 7 }}"]
        for name in typed:
            make_view(olga, name)

        assert list(tabs(page_at(client, URL))) == ["*All", *typed]

    def test_what_no_longer_fits_is_answered_as_a_bad_address_is(self, client, store, olga):
        queries = {
            "a filter that cannot be read": ("spent_more=lots&sort=-spent", []),
            "a product that is gone": ("owns=Gone&sort=-spent", []),
            "a filter that is gone": ("weight=5&sort=-spent", ["anna", "bert"]),
            "a sort that is gone": ("sort=weight", ["anna", "bert"]),
            "columns that are gone": ("sort=-spent&columns=weight", ["anna", "bert"]),
            "nothing of it": ("&&=&%zz", ["anna", "bert"]),
        }

        for name, (query, found) in queries.items():
            page = page_at(client, opened(make_view(olga, name, query=query)))
            assert sorted(names(page)) == found, name
            assert f"*{name}" in tabs(page)

    def test_every_list_has_views_and_columns(self, client, store, olga):
        page_at(client, URL)  # with the addresses, every list is known
        plain = {
            name: page_at(client, reverse(name, args=["lamps"])).one("a", id="columns")["href"]
            for name in LISTS
        }

        assert plain == {name: f"/stores/lamps/lists/{name}/columns/" for name in LISTS}
        assert len(plain) == 12
        for name, url in plain.items():
            assert send(client, url, columns=[])["Location"] == reverse(name, args=["lamps"])
            view = make_view(olga, "Mine", list_name=name, query="sort=x&columns=x")
            page = page_at(client, f"{reverse(name, args=['lamps'])}?{view.query}&view={view.pk}")
            assert list(tabs(page)) == ["All", "*Mine"]


class TestSaving:
    def test_keeps_filters_sort_and_columns_for_the_person(self, client, store, olga):
        url = f"{ADD}?sort=owns&credit_more=+5&q=&unknown=1&page=3&per_page=25"
        page = page_at(client, url)
        assert "Holds more than L$5 credit; sorted by Owns" in page.one("main").text

        response = send(client, url, name="  Rich   ones ")

        view = SavedView.objects.get()
        kept = f"credit_more=5&sort=owns&columns={EVERY}"
        assert (view.name, view.member, view.list_name) == ("Rich ones", olga, "customers:list")
        assert view.query == kept
        assert (response.status_code, response["Location"]) == (302, opened(view))
        assert list(tabs(page_at(client, response["Location"]))) == ["All", "*Rich ones"]

    def test_in_a_dialog_the_list_goes_on_to_the_view(self, client, store):
        response = send(client, f"{ADD}?sort=owns", htmx=True, name="Owners")

        said = json.loads(response.headers["HX-Trigger"])
        assert response.status_code == 204
        assert said["toast"]["text"] == "“Owners” was saved."
        assert said["dialog:close"] == {"at": opened(SavedView.objects.get())}

    def test_keeps_the_columns_that_the_person_sees(self, client, store):
        send(client, COLUMNS, columns=["credit", "owns"])

        send(client, f"{ADD}?sort=owns", name="Few")
        send(client, f"{ADD}?sort=owns&columns=customer.spent", name="Others")

        assert dict(SavedView.objects.values_list("name", "query")) == {
            "Few": "sort=owns&columns=customer.owns.credit",
            "Others": "sort=owns&columns=customer.spent",
        }

    def test_looking_at_the_form_saves_nothing(self, client, store, unchanged):
        with unchanged():
            client.get(f"{ADD}?sort=owns&name=Owners")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("", "This field is required."),
            ("   ", "This field is required."),
            ("x" * 41, "Ensure this value has at most 40 characters (it has 41)."),
            ("Big", "There is a view called “Big” already."),
        ],
    )
    def test_what_cannot_be_taken_is_said_at_the_name(self, client, olga, unchanged, typed, said):
        make_view(olga, "Big")

        with unchanged():
            page = read(send(client, f"{ADD}?sort=owns", name=typed, shared=None))

        assert page.error("name") == said
        assert page.one("input", name="name").attrs.get("value", "") == typed
        assert "checked" not in page.one("input", name="shared")

    def test_forty_letters_are_enough_of_any_script(self, client, store):
        send(client, f"{ADD}?sort=owns", name="ש" * 40)

        assert SavedView.objects.get().name == "ש" * 40

    def test_the_twenty_first_is_refused(self, client, olga):
        for number in range(MOST):
            make_view(olga, f"View {number}")

        page = read(send(client, f"{ADD}?sort=owns", name="One more"))

        assert page.error("name") == "You keep 20 views of this list already. Delete one first."
        assert page.one("input", name="name")["value"] == "One more"

    def test_a_filter_that_cannot_be_read_is_not_kept(self, client, store, unchanged):
        said = "A filter of the list cannot be read. Mend it there, or clear it."
        assert said in page_at(client, f"{ADD}?credit_more=lots").one("main").text

        with unchanged():
            page = read(send(client, f"{ADD}?credit_more=lots", name="Big"))

        assert page.error("name") == said
        assert page.one("input", name="name")["value"] == "Big"

    def test_what_is_too_long_to_be_kept_is_refused(self, client, store, unchanged):
        lamp = make_product(store, "🙂" * 200)
        padded = urlencode({"credit_more": " " * 5000 + "5"})
        long = urlencode({"q": "🙂" * 200, "owns": lamp.name})

        send(client, f"{ADD}?{padded}", name="Padded")
        with unchanged():
            page = read(send(client, f"{ADD}?{long}", name="Long"))

        said = "The filters say too much to be kept. Shorten what is searched for."
        assert page.error("name") == said
        assert SavedView.objects.get().query.startswith("credit_more=5&")


class TestSharing:
    def test_everybody_in_the_store_finds_a_shared_view_and_nobody_else(self, client, store):
        send(client, f"{ADD}?sort=owns", name="Owners", shared="on")
        send(client, f"{ADD}?sort=owns", name="Mine")

        for role in ("manager", "clerk", "viewer"):
            page = page_at(client_of(make_member(store, role)), URL)
            assert list(tabs(page)) == ["*All", "Owners shared"]
        make_customer(make_store("candles"))
        elsewhere = make_member(make_store("soaps"), "owner")
        make_customer(elsewhere.store)
        assert tabs(page_at(client_of(elsewhere), "/stores/soaps/customers/")) == {}

    @pytest.mark.parametrize("role", ["clerk", "viewer"])
    def test_who_may_not_share_keeps_views_to_themselves(self, store, role):
        member = make_member(store, role)
        client = client_of(member)
        assert form_at(client, f"{ADD}?sort=owns").all("input", name="shared") == []

        send(client, f"{ADD}?sort=owns", name="Mine", shared="on")

        assert SavedView.objects.get().member == member

    @pytest.mark.parametrize("role", ["clerk", "viewer"])
    @pytest.mark.parametrize("deed", ["", "replacement", "deletion"])
    def test_who_may_not_share_does_not_change_shared_views(
        self, store, olga, unchanged, role, deed
    ):
        view = make_view(olga, "Big", shared=True)
        client = client_of(make_member(store, role))

        page = page_at(client, f"{opened(view)}&sort=owns")
        with unchanged():
            answers = [
                client.get(view_page(view, deed)).status_code,
                client.post(view_page(view, deed), {"name": "Mine"}).status_code,
            ]

        assert answers == [403, 403]
        assert page.all("a", id="view-edit") == []
        assert list(deeds(page)) == ["Save as new", "Discard"]

    @pytest.mark.parametrize("deed", ["", "replacement", "deletion"])
    def test_a_view_of_somebody_else_is_not_there(self, client, store, unchanged, deed):
        theirs = make_view(make_member(store, "owner"), "Theirs")
        elsewhere = make_view(make_member(make_store("candles")), "Elsewhere", shared=True)

        with unchanged():
            for view in (theirs, elsewhere):
                answers = [
                    client.get(view_page(view, deed)).status_code,
                    client.post(view_page(view, deed), {"name": "Mine"}).status_code,
                ]
                assert answers == [404, 404]
                assert tabs(page_at(client, opened(view))) == {}

    @pytest.mark.parametrize("page", ["columns/", "views/add/", "views/1/", "views/1/deletion/"])
    def test_a_list_that_is_not_there_is_not_found(self, client, store, page):
        for name in ("nothing", "batches:list", "customers:add", "admin:index", "%00", "..%2f"):
            assert client.get(f"/stores/lamps/lists/{name}/{page}").status_code in (400, 404)
            assert client.post(f"/stores/lamps/lists/{name}/{page}").status_code in (400, 404)

    def test_a_stranger_finds_no_list(self, store):
        stranger = client_of(make_member(make_store("candles")))

        assert [stranger.get(url).status_code for url in (ADD, COLUMNS)] == [404, 404]
        assert [Client().get(url).status_code for url in (ADD, COLUMNS)] == [302, 302]


class TestChanging:
    def test_a_view_is_renamed_and_shared(self, client, olga):
        view = make_view(olga, "Big")
        page = page_at(client, opened(view))
        edit = page.one("a", id="view-edit")["href"]
        assert edit == f"{view_page(view)}?{view.query}&view={view.pk}"

        response = send(client, edit, name="Bigger", shared="on")

        assert response["Location"] == opened(view)
        assert list(SavedView.objects.values_list("name", "member")) == [("Bigger", None)]
        send(client, view_page(view), shared=None)
        assert list(SavedView.objects.values_list("name", "member")) == [("Bigger", olga.pk)]

    @pytest.mark.parametrize("role", ["clerk", "viewer"])
    def test_who_may_not_share_renames_their_own(self, store, role):
        view = make_view(make_member(store, role), "Big")

        send(client_of(view.member), view_page(view), name="Bigger")

        assert list(SavedView.objects.values_list("name", "member")) == [("Bigger", view.member.pk)]

    def test_a_name_that_is_taken_is_said_at_the_field(self, client, olga, unchanged):
        view = make_view(olga, "Big")
        make_view(olga, "Small")

        with unchanged():
            page = read(send(client, view_page(view), name="Small"))

        assert page.error("name") == "There is a view called “Small” already."
        assert page.one("input", name="name")["value"] == "Small"

    def test_of_two_who_change_a_shared_view_the_later_sees_both(self, client, store, olga):
        view = make_view(olga, "Big", shared=True)
        url = view_page(view)
        fields = form_at(client, url).values()
        other = client_of(make_member(store, "manager"))
        send(other, url, name="Huge")

        response = client.post(url, {**fields, "name": "Large"})

        page = read(response)
        assert response.status_code == 409
        assert page.error("name").startswith("Now “Huge”, changed meanwhile.")
        again = page.one("form", method="post", action=url).values()
        client.post(url, again)
        assert SavedView.objects.get().name == "Large"

    def test_a_share_that_was_taken_back_meanwhile_is_not_there(self, client, store, olga):
        view = make_view(olga, "Big", shared=True)
        other = client_of(make_member(store, "manager"))
        fields = form_at(other, view_page(view)).values()
        send(client, view_page(view), shared=None)

        assert other.post(view_page(view), fields).status_code == 404

    def test_a_view_keeps_what_is_shown_now(self, client, olga):
        view = make_view(olga, "Big", query=f"credit_more=5&sort=-spent&columns={EVERY}")
        changed = f"{URL}?credit_more=20&sort=owns&columns=customer.credit&view={view.pk}"
        replacing = deeds(page_at(client, changed))["Save changes"]
        asked = page_at(client, replacing).one("main")
        assert "Change what “Big” shows?" in asked.text
        assert "Holds more than L$20 credit; sorted by Owns" in asked.text

        response = client.post(replacing)

        view.refresh_from_db()
        assert view.query == "credit_more=20&sort=owns&columns=customer.credit"
        assert (response.status_code, response["Location"]) == (302, opened(view))

    def test_a_filter_that_cannot_be_read_does_not_replace_a_view(self, client, olga, unchanged):
        view = make_view(olga, "Big")

        with unchanged():
            response = client.post(f"{view_page(view, 'replacement')}?credit_more=lots")

        assert response.status_code == 409
        assert "A filter of the list cannot be read." in read(response).one("main").text

    def test_a_view_is_deleted_after_one_question(self, client, olga, unchanged):
        view = make_view(olga, "Big", shared=True)
        page = page_at(client, f"{view_page(view)}?{view.query}&view={view.pk}")
        (deletion,) = page.one("p", class_="profile-links").all("a")
        with unchanged():
            asked = page_at(client, deletion["href"])
        assert asked.one("h1").text == "Delete the view “Big”?"
        assert "It is gone for everyone in the store." in asked.one("main").text

        response = client.post(deletion["href"])

        assert (response.status_code, response["Location"]) == (302, URL)
        assert SavedView.objects.count() == 0
        assert client.post(view_page(view, "deletion")).status_code == 404

    def test_pages_that_ask_change_nothing(self, client, olga, unchanged):
        view = make_view(olga, "Big")

        with unchanged():
            for page in (
                ADD,
                COLUMNS,
                *(view_page(view, d) for d in ("", "replacement", "deletion")),
            ):
                assert client.get(f"{page}?sort=owns&name=x&columns=customer").status_code == 200
                assert client.get(page, headers=DIALOG).status_code == 200


class TestColumns:
    def test_hidden_columns_are_neither_shown_nor_read(
        self, client, store, django_assert_num_queries
    ):
        response = send(client, COLUMNS, columns=["spent", "owns"])
        assert (response.status_code, response["Location"]) == (302, URL)

        with django_assert_num_queries(6) as asked:
            page = page_at(client, URL)

        assert heads(page) == ["Customer", "Spent", "Owns"]
        (read_rows,) = (
            one["sql"] for one in asked if '"picture"' in one["sql"] and "SELECT" in one["sql"]
        )
        assert "creditaccount" not in read_rows
        assert '"spent_year"' not in read_rows
        assert '"discount"' not in read_rows

    def test_a_list_can_be_its_first_column_alone(self, client, store):
        send(client, COLUMNS, columns=[])

        page = page_at(client, f"{URL}?sort=-credit")

        assert heads(page) == ["Customer"]
        assert names(page) == ["anna", "bert"]
        assert page.all("th", aria_sort="descending") == []

    def test_the_form_says_what_is_shown(self, client, store):
        send(client, COLUMNS, columns=["spent", "owns"], density="compact")

        form = form_at(client, COLUMNS)

        ticked = [box["value"] for box in form.all("input", type="checkbox") if "checked" in box]
        (chosen,) = (one["value"] for one in form.all("input", type="radio") if "checked" in one)
        assert (ticked, chosen) == (["spent", "owns"], "compact")
        assert len(form.all("input", type="checkbox")) == 7
        assert "Customer is always shown." in form.text

    def test_a_look_is_the_persons_own(self, client, store):
        send(client, COLUMNS, columns=["spent"], density="compact")
        other = page_at(client_of(make_member(store, "owner")), URL)

        mine = page_at(client, URL)

        assert (heads(mine), mine.one("div", id="results")["class"]) == (
            ["Customer", "Spent"],
            "dense",
        )
        assert len(heads(other)) == 8
        assert "class" not in other.one("div", id="results")

    def test_no_trail_is_left_by_how_one_looks_at_a_list(self, client, store):
        send(client, COLUMNS, columns=["spent"])

        assert list(AuditEntry.objects.filter(subject_type="member")) == []

    @pytest.mark.parametrize(
        ("field", "typed"), [("columns", ["customer"]), ("columns", ["x"]), ("density", "loose")]
    )
    def test_what_there_is_not_is_refused_at_its_field(
        self, client, store, unchanged, field, typed
    ):
        with unchanged():
            response = client.post(COLUMNS, {"columns": ["spent"], "density": "", field: typed})

        page = read(response)
        assert response.status_code == 200
        assert page.error(field).startswith("Select a valid choice.")

    def test_where_the_address_names_columns_only_the_address_changes(self, client, store, olga):
        view = make_view(olga, "Big", query="sort=-spent&columns=customer.spent.owns")
        url = page_at(client, opened(view)).one("a", id="columns")["href"]
        text = "These are the columns of the view. Save its changes to keep them."
        assert text in page_at(client, url).one("main").text
        assert text not in page_at(client, COLUMNS).one("main").text

        response = send(client, url, columns=["owns"], density="compact")

        to = f"{URL}?sort=-spent&columns=customer.owns&view={view.pk}"
        assert response["Location"] == to
        shown = page_at(client, to)
        assert (heads(shown), list(deeds(shown))) == (
            ["Customer", "Owns"],
            ["Save changes", "Save as new", "Discard"],
        )
        assert shown.one("div", id="results")["class"] == "dense"
        assert len(heads(page_at(client, URL))) == 8

    def test_in_a_dialog_the_list_goes_on_to_the_new_columns(self, client, store):
        url = f"{COLUMNS}?columns=customer.spent&page=2"

        response = send(client, url, htmx=True, columns=["owns"])

        said = json.loads(response.headers["HX-Trigger"])
        assert response.status_code == 204
        assert said["dialog:close"] == {"at": f"{URL}?columns=customer.owns"}

    @pytest.mark.parametrize("named", ["", ".", "x", "tick", "x.y", "Spent", "customer,spent"])
    def test_columns_that_are_not_there_count_as_none_named(self, client, store, named):
        assert len(heads(page_at(client, f"{URL}?columns={named}"))) == 8

    def test_columns_keep_their_order(self, client, store):
        page = page_at(client, f"{URL}?columns=owns.x.spent.spent")

        assert heads(page) == ["Customer", "Spent", "Owns"]

    def test_an_export_keeps_its_own_columns(self, client, store):
        send(client, COLUMNS, columns=["spent"])

        page = page_at(client, f"{URL}export/?columns=customer.spent&view=1")

        ticked = [box for box in page.all("input", name="column") if "checked" in box]
        assert len(ticked) == len(page.all("input", name="column")) > 8
