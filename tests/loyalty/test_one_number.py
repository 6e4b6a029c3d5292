"""Spent -1Y is one number at every moment: in the list, its filter, the tiers, the profile and a quote, whichever is opened first."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from customers import tasks
from tests.doors.pages import Node, read
from tests.factories import (
    buy,
    make_customer,
    make_member,
    make_product,
    make_store,
    make_tier,
    set_window,
)
from tests.turns import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
ZONES = ["America/Los_Angeles", "Australia/Sydney"]
DAY = dt.timedelta(days=1)
# The last day on which what was bought a year ago still counts; the day after it has 365 days.
LAST = dt.date(2027, 3, 10)
BOUGHT = LAST - 364 * DAY
LIST, FILTER, TIER, PROFILE, PIECE, QUOTE, WHAT_IF = PAGES = (
    "list", "filter", "tier", "profile", "piece", "quote", "what-if",
)  # fmt: skip
AS_OF = "Spent -1Y as of"


class Shop:
    """A store with one customer: 600 bought on the first day of the year, 500 ten days later."""

    def __init__(self, zone: str, move_to: Callable[[dt.datetime], None]) -> None:
        self.move_to = move_to
        self.zone = zoneinfo.ZoneInfo(zone)
        self.at(LAST, dt.time(23, 59, 59))
        self.store = store = make_store("moon", time_zone=zone)
        set_window(store, LAST)
        self.member = make_member(store, "manager").user
        self.anna = make_customer(store, "anna.bell")
        buy(self.anna, on=BOUGHT, money=600)
        buy(self.anna, on=BOUGHT + 10 * DAY, money=500)
        self.high = make_tier(store, 1_100, 10, period="yearly")
        self.low = make_tier(store, 500, 5, period="yearly")
        make_product(store, "Lamp", price=100)

    def at(self, day: dt.date, time: dt.time = dt.time()) -> None:
        """It is that moment where the store is."""
        self.move_to(dt.datetime.combine(day, time, self.zone))

    def read(self, first: str) -> dict[str, Any]:
        """What each page says, with what it says of its day; `first` is opened first."""
        client = Client()
        client.force_login(self.member)
        order = sorted(PAGES, key=lambda name: name != first)
        said = {name: getattr(self, f"_{name.replace('-', '_')}")(client) for name in order}
        return {name: said[name] for name in PAGES}

    def _list(self, client: Client) -> tuple[str, str]:
        page = read(client.get("/stores/moon/customers/"))
        return cell(page), as_of(page)

    def _filter(self, client: Client) -> list[int]:
        """The bounds that the strict filter passes."""
        return [
            bound
            for bound in (0, 499, 500, 1_099, 1_100)
            if read(client.get("/stores/moon/customers/", {"year_more": bound})).all("tbody")
        ]

    def _tier(self, client: Client) -> dict[int, tuple[str, str]]:
        pages = {
            tier.discount: read(client.get(f"/stores/moon/loyalty/tiers/{tier.pk}/"))
            for tier in (self.high, self.low)
        }
        return {
            percent: (cell(page), as_of(page))
            for percent, page in pages.items()
            if page.all("tbody")
        }

    def _profile(self, client: Client) -> tuple[str, str]:
        page = read(client.get(self.anna.get_absolute_url()))
        (figure,) = [
            node.one("dd").text
            for node in page.all("div", class_="figure")
            if node.one("dt").text == "Spent -1Y"
        ]
        return figure, as_of(page)

    def _piece(self, client: Client) -> tuple[str, str]:
        page = read(client.get(f"/stores/moon/loyalty/customers/{self.anna.pk}/"))
        (said,) = [node.text for node in page.all("p") if "discount" in node.text.lower()][:1]
        return said.split(".")[0], as_of(page)

    def _quote(self, client: Client) -> tuple[str, str]:
        asked = {"product": "Lamp", "customer": "anna.bell"}
        page = read(client.get("/stores/moon/loyalty/quote/", asked))
        return page.all("dd", class_="value")[3].text, as_of(page)

    def _what_if(self, client: Client) -> tuple[list[str], str]:
        sent = {"version": 0, "tiers-TOTAL_FORMS": 0, "tiers-INITIAL_FORMS": 0, "what_if": "1"}
        page = read(client.post("/stores/moon/loyalty/", sent)).one("section", id="effects")
        losers = page.all("h4")[0]
        rows = [row.all("td") for row in page.all("tr") if row.all("a")]
        assert losers.text == "Who loses most"
        return [row[-1].text for row in rows], as_of(page)


def cell(page: Node) -> str:
    """Spent -1Y in a table of customers."""
    heads = [head.text for head in page.one("thead").all("th")]
    (place,) = [place for place, head in enumerate(heads) if head.startswith("Spent -1Y")]
    return page.one("tbody").one("tr").all("td")[place].text


def as_of(page: Node) -> str:
    """What a page says of the day of its figures."""
    said = [node.text for node in page.all(role="status") if node.text.startswith(AS_OF)]
    return said[0].removeprefix(AS_OF).split(";")[0].strip() if said else ""


def everywhere(number: str, *, passes: list[int], tier: int, day: str = "") -> dict[str, Any]:
    """What all pages say of one number."""
    back = f"{tier} % back on the money they pay" if tier else "No personal or loyalty discount"
    return {
        LIST: (number, day),
        FILTER: passes,
        TIER: {tier: (number, day)} if tier else {},
        PROFILE: (number, day),
        PIECE: (back, day),
        QUOTE: (f"L${tier}", day),
        WHAT_IF: ([number] if tier else [], day),
    }


@pytest.fixture(params=ZONES)
def shop(request, time_machine):
    return Shop(request.param, lambda moment: time_machine.move_to(moment, tick=False))


@pytest.mark.parametrize(("shop", "first"), in_turn(ZONES, PAGES), indirect=["shop"])
def test_one_number_at_every_moment(shop, first):
    """Rules 19 and 20: the tier lapses at midnight of the store, by nothing but the clock."""
    assert shop.read(first) == everywhere("L$1,100", passes=[0, 499, 500, 1_099], tier=10)

    shop.at(LAST + DAY)
    assert shop.read(first) == everywhere("L$500", passes=[0, 499], tier=5)

    shop.at(LAST + 32 * DAY)
    assert shop.read(first) == everywhere("L$500", passes=[0, 499], tier=5, day="11 March 2027")

    tasks.roll_year.call(shop.store.pk)
    assert shop.read(first) == everywhere("L$0", passes=[], tier=0)


def test_a_bulk_change_is_for_those_whom_the_list_shows(shop):
    """Its form is opened before the list."""

    def counted() -> str:
        client = Client()
        client.force_login(shop.member)
        page = read(client.get("/stores/moon/customers/credit/", {"year_more": "500"}))
        (label,) = [node.text for node in page.all("label") if "What the list" in node.text]
        return label

    before = counted()
    shop.at(LAST + DAY)

    assert (before, counted()) == ("What the list shows now (1)", "What the list shows now (0)")


def test_a_threshold_is_met_where_the_strict_filter_does_not_pass(shop):
    """Rule 11: spent at the threshold is enough for the tier, and not for 'more than'."""
    said = shop.read(LIST)

    assert said[LIST] == ("L$1,100", "")
    assert 1_100 not in said[FILTER]
    assert said[TIER] == {10: ("L$1,100", "")}
