"""The pages of help."""

import re
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from storeadmin import help as pages
from storeadmin.help import TOPICS
from storeadmin.menu import HELP, ITEMS, help_url
from tests.doors.pages import inline_faults, read
from tests.doors.routes import all_routes
from tests.factories import make_store, make_user
from tests.sheets import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    """Somebody who belongs to no store."""
    client = Client()
    client.force_login(make_user())
    return client


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in the place of `docs/`."""
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    pages.read.cache_clear()
    yield tmp_path
    pages.read.cache_clear()


def document(folder, text):
    (folder / "credit.md").write_text(text)
    return pages.read("credit")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_opens(client, topic):
    text = (settings.BASE_DIR / "docs" / f"{topic}.md").read_text()
    headings = re.findall(r"^## (.+)$", text, re.M)

    response = client.get(f"/help/{topic}/")

    page = read(response)
    assert response.status_code == 200
    assert page.one("h1").text == text.splitlines()[0].removeprefix("# ")
    article = page.one("article")
    assert [one.text for one in article.all("h2")] == [one.replace("`", "") for one in headings]
    assert inline_faults(response) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_what_a_topic_leads_to_is_there(client, topic):
    article = read(client.get(f"/help/{topic}/")).one("article")

    for link in article.all("a"):
        path, _, anchor = urljoin(f"/help/{topic}/", link["href"]).partition("#")
        if path.startswith("/static/"):
            assert finders.find(path.removeprefix("/static/")), link["href"]
            continue
        opened = client.get(path)
        assert opened.status_code == 200, link["href"]
        assert not anchor or read(opened).all(id=anchor), link["href"]
    for picture in article.all("img"):
        assert finders.find(picture["src"].removeprefix("/static/")), picture["src"]
        assert picture["alt"] and picture["width"] == "1200" and int(picture["height"]) > 300


def test_the_first_page_lists_every_topic_with_its_first_words(client):
    page = read(client.get("/help/"))

    entries = page.all("section", class_="help-entry")
    menu = page.one("nav", class_="main-menu")

    assert [one.one("a")["href"] for one in entries] == [f"{topic}/" for topic in TOPICS]
    assert [one["href"] for one in menu.all("a")] == [f"/help/{topic}/" for topic in TOPICS]
    assert entries[0].one("h2").text == "First steps"
    assert (
        entries[0].one("p").text
        == "Set up a store, find your way around, and know what you can take back."
    )


def test_the_topic_that_is_shown_is_marked_in_the_menu(client):
    menu = read(client.get("/help/credit/")).one("nav", class_="main-menu")

    assert [one.text for one in menu.all("a", aria_current="page")] == ["Credit"]


@pytest.mark.parametrize("topic", ["no-such-topic", "README", "images"])
def test_an_unknown_topic_is_not_found(client, topic):
    assert client.get(f"/help/{topic}/").status_code == 404


@pytest.mark.parametrize("path", ["/help/", "/help/credit/", "/help/no-such-topic/"])
def test_who_is_not_signed_in_is_led_to_signing_in(path):
    response = Client().get(path)

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={path}"


def test_html_in_a_document_is_shown_as_it_is_written(folder):
    written = 'A <b onclick="x()">word</b>.\n\n<script>alert(1)</script>\n\n[x](javascript:x())'

    shown = document(folder, f"# Title <i>\n\nFirst <u>words</u> & `code`.\n\n{written}\n")

    assert shown.title == "Title <i>"
    assert shown.words == "First <u>words</u> & code."
    assert "<b" not in shown.html and "<script" not in shown.html and "<u>" not in shown.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown.html
    assert "href" not in shown.html


def test_links_and_headings_lead_where_the_product_serves_them(folder):
    shown = document(
        folder,
        "# Title\n\nWords.\n\n## Take *it* back\n\n[a](loyalty.md#tiers) [b](vendor.lsl)"
        " [c](#take-it-back) [d](https://example.org/x)\n",
    )

    assert re.findall(r'href="([^"]+)"', shown.html) == [
        "../loyalty/#tiers",
        "/static/docs/vendor.lsl",
        "#take-it-back",
        "https://example.org/x",
    ]
    assert '<h2 id="take-it-back">' in shown.html


def test_a_page_of_help_asks_for_nothing_but_who_is_there(client, django_assert_num_queries):
    client.get("/help/credit/")

    with django_assert_num_queries(2):
        client.get("/help/credit/")
    with django_assert_num_queries(2):
        client.get("/help/")


def test_every_page_of_the_menu_leads_to_a_topic_that_opens():
    store = make_store("lamps")
    client = signed_in(store, "owner")

    found = {}
    for item in ITEMS:
        page = read(client.get(reverse(item["url"], args=[store.slug])))
        link = page.one("a", class_="help-link")
        assert link.text == "Help"
        opened = read(client.get(link["href"]))
        stays = opened.one("nav", class_="main-menu")
        assert [one["href"] for one in stays.all("a")] == [
            reverse(one["url"], args=["lamps"]) for one in ITEMS
        ]
        assert opened.one("a", class_="help-link")["href"] == "/stores/lamps/help/"
        keys = page.one("dialog", id="keys")
        assert [one["href"] for one in keys.all("a")] == [link["href"]]
        found[item["label"]] = link["href"]

    assert found == {
        "Dashboard": "/stores/lamps/help/selling/",
        "Customers": "/stores/lamps/help/customers/",
        "Loyalty": "/stores/lamps/help/loyalty/",
        "Products": "/stores/lamps/help/selling/",
        "Vendors": "/stores/lamps/help/selling/",
        "Purchases": "/stores/lamps/help/selling/",
        "Deliveries": "/stores/lamps/help/selling/",
        "Payments": "/stores/lamps/help/selling/",
        "Bulk changes": "/stores/lamps/help/first-steps/",
        "Exports": "/stores/lamps/help/import/",
        "Books": "/stores/lamps/help/staff/",
        "Members": "/stores/lamps/help/staff/",
        "Settings": "/stores/lamps/help/staff/",
    }


def test_every_route_of_a_store_has_a_topic_and_every_topic_is_one():
    names = {route.name for route in all_routes() if "slug" in route.slots}
    names -= {"store_help", "store_help_topic"}

    assert sorted(name for name in names if help_url(name) == "/help/") == []
    assert sorted(set(HELP.values()) - set(TOPICS)) == []
    unused = {one for one in HELP if one not in names | {name.split(":")[0] for name in names}}
    assert unused == set()


def test_help_stays_in_the_store_from_topic_to_topic():
    client = signed_in(make_store("lamps"), "viewer")
    topics = read(client.get("/stores/lamps/help/"))
    entries = topics.all("section", class_="help-entry")
    path = urljoin("/stores/lamps/help/", entries[2].one("a")["href"])
    topic = read(client.get(path))
    beside = {one["href"].partition("#")[0] for one in topic.one("article").all("a")}

    assert topics.all("a", class_="help-link") == []
    assert path == "/stores/lamps/help/credit/"
    assert topic.one("p", class_="help-back").one("a")["href"] == "../"
    assert "../staff/" in beside
    assert client.get(urljoin(path, "../staff/")).status_code == 200
    assert client.get("/stores/lamps/help/no-such-topic/").status_code == 404


def test_help_leads_to_all_topics_from_outside_of_stores(client):
    assert read(client.get("/")).one("a", class_="help-link")["href"] == "/help/"
    assert read(client.get("/help/")).all("a", class_="help-link") == []
    assert read(client.get("/help/credit/")).one("a", class_="help-link")["href"] == "/help/"
