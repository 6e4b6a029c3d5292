"""The door of the API: who may in, how often, and that nothing but JSON comes out."""

import json

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from products.models import Vendor
from sales import keys, rates
from sales.api import api, limits
from sales.models import RateWindow
from sales.rates import Counter, Rate
from tests import factories
from tests.doors import pages
from tests.sales.vendors import ANNA, Stall, checked, outcome

pytestmark = pytest.mark.django_db
PATHS = [
    path.format(uuid=ANNA["uuid"], delivery=1, payout=1)
    for path in api.get_openapi_schema()["paths"]
]


@pytest.fixture
def store():
    return factories.make_store()


@pytest.fixture
def stall(store):
    return Stall(store)


@pytest.fixture
def anybody():
    return Client(raise_request_exception=False)


def ask(client, method, path, **headers):
    return client.generic(
        method, path, "{}" if method == "POST" else "", "application/json", headers=headers
    )


@pytest.mark.parametrize("path", PATHS)
def test_without_a_key_nobody_gets_in(anybody, path):
    methods = [
        method for method in ("GET", "POST") if ask(anybody, method, path).status_code != 405
    ]

    assert methods
    for method in methods:
        response = ask(anybody, method, path)
        checked(response)
        assert outcome(response) == (401, "unauthorized")
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_only_the_valid_key_of_a_vendor_that_sells_opens(store, stall, anybody):
    def status(said):
        return ask(anybody, "GET", "/api/v1/deliveries", Authorization=said).status_code

    secret, vendor = stall.secret, stall.vendor
    wrong = [
        secret,
        f"Basic {secret}",
        f"Bearer {secret}x",
        f"Bearer {stall.key.digest}",
        "Bearer",
        "Bearer \xff",
        "Bearer  ",
    ]
    assert [status(one) for one in wrong] == [401] * len(wrong)
    assert status(f"Bearer {secret}") == status(f"bearer {secret}") == 200
    _, newer = keys.issue(vendor=vendor, by=None)
    assert (status(f"Bearer {secret}"), status(f"Bearer {newer}")) == (401, 200)
    Vendor.objects.update(retired_at=vendor.store.created_at)
    assert status(f"Bearer {newer}") == 401
    Vendor.objects.update(retired_at=None)
    keys.revoke(vendor=vendor, by=None)
    assert status(f"Bearer {newer}") == 401


def test_who_is_signed_in_is_nobody_here(store, anybody):
    anybody.force_login(factories.make_member(store).user)

    response = anybody.get("/api/v1/deliveries")

    assert outcome(response) == (401, "unauthorized")
    checked(response)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(stall, method, path):
    response = ask(stall.client, method, path, **stall.bearer)

    checked(response)
    assert outcome(response) == (405, "method_not_allowed")
    assert response.headers["Allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/quotes",
        "/api/v1/quotes/",
        "/api/v1/nothing",
        "/api/v1/deliveries/0x1",
        f"/api/v1/deliveries/{2**63}",
        f"/api/v1/payouts/{10**30}",
        "/api/v1/customers/",
        "/api/v1/docs/",
        "/api/v1/%00",
        "/api/v1/<script>",
    ],
)
def test_there_is_nothing_at_other_addresses(stall, path):
    for method in ("GET", "POST", "DELETE"):
        response = ask(stall.client, method, path, **stall.bearer)
        checked(response)
        assert outcome(response) in [(404, "not_found"), (400, "invalid")]


@pytest.mark.parametrize("path", PATHS)
def test_the_query_is_read_strictly_too(stall, path):
    response = stall.client.get(f"{path}?more=1", headers=stall.bearer)

    assert outcome(response) in [
        (400, "invalid"),
        (405, "method_not_allowed"),
        (403, "not_allowed"),
    ]


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", f"after={2**63}", "after=1.5", "after=%00", "a=%ED%A0%80"]
)
def test_a_query_that_cannot_be_read(stall, query):
    response = stall.client.get(f"/api/v1/subscriptions?{query}", headers=stall.bearer)

    checked(response)
    assert outcome(response) == (400, "invalid")


@pytest.mark.parametrize("uuid", ["anna", "0" * 33, "%00", "ж", "7"])
def test_a_uuid_that_is_none(stall, uuid):
    response = stall.client.get(f"/api/v1/customers/{uuid}", headers=stall.bearer)

    checked(response)
    assert outcome(response) == (400, "invalid")


def test_a_host_that_is_not_ours(stall):
    response = stall.client.get(
        "/api/v1/deliveries", headers={**stall.bearer, "Host": "evil.example"}
    )

    checked(response)
    assert response.status_code == 400


def test_a_busy_database_is_said_in_json(stall, monkeypatch):
    def busy(secret):
        raise OperationalError("database is locked")

    monkeypatch.setattr(keys, "find", busy)

    response = stall.get("deliveries")

    assert outcome(response) == (503, "busy")
    assert (response.json()["retry_after"], response.headers["Retry-After"]) == (5, "5")


def test_nobody_is_led_to_https(stall, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert outcome(stall.get("deliveries")) == (403, "https_only")
    secure = stall.client.get("/api/v1/deliveries", headers=stall.bearer, secure=True)
    assert secure.status_code == 200


def test_cookies_are_neither_read_nor_set(stall):
    stall.client.cookies[settings.CSRF_COOKIE_NAME] = "malformed"
    stall.client.cookies[settings.SESSION_COOKIE_NAME] = "nobody's"

    response = stall.post("quotes", {"product": "Lamp", "buyer": ANNA})

    assert outcome(response) == (404, "unknown_product")


def test_headers_are_those_of_every_page(stall):
    for path in ("deliveries", "nothing", "customers/x"):
        assert pages.header_faults(stall.get(path)) == []
    assert pages.header_faults(stall.post("quotes", " " * 5000)) == []


class TestDescription:
    def test_it_names_every_status_and_who_may(self, anybody):
        response = anybody.get("/api/v1/openapi.json")

        said = json.loads(response.content)
        assert response.headers["Content-Type"] == "application/json"
        assert said["components"]["securitySchemes"]["BearerKey"] == {
            "type": "http",
            "scheme": "bearer",
        }
        for methods in said["paths"].values():
            for operation in methods.values():
                assert operation["security"] == [{"BearerKey": []}]
                assert {"200", "400", "401", "429", "500", "503"} <= set(operation["responses"])

    def test_the_page_of_operations_has_nothing_of_elsewhere(self, anybody):
        response = anybody.get("/api/v1/docs")

        page = pages.read(response)
        assert not response.cookies
        assert pages.inline_faults(response) == []
        assert pages.header_faults(response) == []
        assert [node["id"] for node in page.all("section")][:2] == [
            "post-api-v1-quotes",
            "post-api-v1-purchases",
        ]
        loaded = [
            node.attrs.get("src") or node.attrs.get("href")
            for node in page.all()
            if node.tag in ("script", "link", "img")
        ]
        assert [one for one in loaded if not one.startswith("/static/")] == []

    @pytest.mark.parametrize("path", ["openapi.json", "docs"])
    def test_they_are_read_only(self, anybody, path):
        response = anybody.post(f"/api/v1/{path}")

        checked(response)
        assert outcome(response) == (405, "method_not_allowed")


class TestLimits:
    @pytest.fixture(autouse=True)
    def noon(self, time_machine):
        time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
        self.clock = time_machine

    def test_a_key_asks_so_often_and_no_more(self, stall, monkeypatch):
        monkeypatch.setattr(limits, "by_key", Counter(Rate(most=3, seconds=60, step=10)))
        statuses = [stall.get("deliveries").status_code for _ in range(5)]

        response = stall.get("deliveries")

        assert statuses == [200, 200, 200, 429, 429]
        assert outcome(response) == (429, "too_many")
        assert (response.json()["retry_after"], response.headers["Retry-After"]) == (60, "60")
        self.clock.shift(59)
        assert stall.get("deliveries").json()["retry_after"] == 1
        self.clock.shift(1)
        assert stall.get("deliveries").status_code == 200

    def test_so_does_an_object_and_another_key_does_not_care(self, store, stall, monkeypatch):
        monkeypatch.setattr(limits, "by_object", Counter(Rate(most=2, seconds=20, step=5)))
        other = Stall(store)
        one, two = ({"X-SecondLife-Object-Key": str(number) * 32} for number in (1, 2))

        def status(by, **said):
            return by.get("deliveries", **said).status_code

        assert [status(stall, **one) for _ in range(3)] == [200, 200, 429]
        assert (status(stall, **two), status(stall), status(other, **one)) == (200, 200, 200)
        assert status(stall, **{"X-SecondLife-Object-Key": "\x00no key"}) == 200

    def test_a_question_that_was_too_much_is_not_kept(self, store, stall, monkeypatch):
        monkeypatch.setattr(limits, "by_key", Counter(Rate(most=0, seconds=60, step=10)))
        refused = stall.quote("Lamp", key="sale:0001")
        monkeypatch.setattr(limits, "by_key", Counter(Rate(most=9, seconds=60, step=10)))

        assert outcome(refused) == (429, "too_many")
        assert outcome(stall.quote("Lamp", key="sale:0001")) == (404, "unknown_product")

    def test_processes_count_together_but_for_a_step_each(self, stall):
        rate = Rate(most=30, seconds=60, step=5)
        here, there = Counter(rate), Counter(rate)

        passed = sum(not counter.wait(stall.key) for _ in range(40) for counter in (here, there))

        assert 30 <= passed <= 30 + 5
        assert RateWindow.objects.get().asked == 30 + 5 or RateWindow.objects.get().asked == 30
        self.clock.shift(60)
        assert here.wait(stall.key) == 0

    def test_a_write_in_so_many_requests(self, stall, django_assert_num_queries):
        counter = Counter(Rate(most=300, seconds=60, step=10))
        with django_assert_num_queries(3):
            for _ in range(30):
                counter.wait(stall.key, "an object")

    def test_windows_that_are_over_are_swept(self, stall):
        counter = Counter(Rate(most=300, seconds=60, step=1))
        counter.wait(stall.key)
        self.clock.shift(rates.SWEPT_AFTER_SECONDS + 60)
        counter.wait(stall.key, "an object")

        assert rates.sweep() == 1
        assert RateWindow.objects.get().object_key == "an object"
