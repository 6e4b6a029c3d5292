"""Hostile values in every parameter of every page and every field of every form: no answer is a failure of ours."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.doors import pages
from tests.doors.outcomes import QUERIES, declared
from tests.doors.routes import Route, all_routes
from tests.doors.test_walk import address
from tests.doors.world import World, undone
from tests.turns import in_turn

HOSTILE = {
    "2^63": str(2**63),
    "2^63-1": str(2**63 - 1),
    "-2^63": str(-(2**63)),
    "2^31": str(2**31),
    "-1": "-1",
    "0": "0",
    "nan": "NaN",
    "infinity": "-Infinity",
    "exponent": "1e400",
    "hex": "0x7f",
    "arabic digits": "٣٤",
    "superscript": "²",
    "roman": "Ⅷ",
    "fullwidth": "１２",
    "blank": "",
    "spaces": "   \t ",
    "10 kB": "x" * 10_000,
    "10 kB of digits": "9" * 10_000,
    "10 kB of letters that grow": "ΐ" * 3_000,
    "quote": "'",
    "double quote": '"',
    "backslash": "\\",
    "sql": "'; DROP TABLE customers_customer; --",
    "percent": "%",
    "percent s": "%s %(a)s %d",
    "underscore": "_",
    "braces": "{{7*7}}{% load x %}${7*7}",
    "script": "<script>alert(1)</script>",
    "attribute": '" onfocus="alert(1)" autofocus="',
    "path": "../../../../etc/passwd",
    "windows path": "..\\..\\boot.ini",
    "url": "https://example.com/",
    "right to left": "\u202eabc",
    "emoji": "👩‍👩‍👧‍👦",
    "beyond the plane": "\U0010ffff",
    "noncharacter": "\uffff",
    "combining": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "dotted I": "İ",
    "line break": "a\r\nSet-Cookie: b=c",
    "fts": 'NEAR(a b) OR "*" - ^',
    "null": "null",
    "json": '{"a": [1]}',
    "token": "WzEsMl0:abcdefg",
    "date": "0000-00-00",
    "far date": "9999-12-31T23:59:59.999999+23:59",
    "not even a date": "2026-02-30T25:61",
    "nul": "a\0b",
    "control": "\x08\x1b",
}
# Sent as they are, since no text holds them.
RAW = ["%ED%A0%80", "%FF%FE", "%00", "%C0%AF", "%", "%zz", "%F5%80%80%80", "+", "&&==&", "%u0041"]
FEW = ("2^63", "-1", "10 kB", "nul", "path", "far date")
PARAMETERS = [
    "page",
    "after",
    "before",
    "per_page",
    "sort",
    "q",
    "balance",
    "removed_at",
    "next",
    "owns",
    "view",
    "columns",
]
ROUTES = [
    route
    for route in all_routes()
    if not route.name.startswith(("admin:", "account_"))
    or route.name in ("account_login", "admin:login")
]
ids = [route.name for route in ROUTES]


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level("CRITICAL", "django")


def actor_of(route: Route) -> str:
    return "nobody" if route.name in ("account_login", "admin:login") else "owner"


def parameters(world: World, route: Route) -> list[str]:
    """All that an address may say: the fields of forms that a page sends by GET, and what pages read besides."""
    page = world.ask(actor_of(route), "GET", address(route, world.own))
    pages.body(page)
    found = set(PARAMETERS) | set(QUERIES.get(route.name, lambda shop: {})(world.own))
    if page.status_code == 200 and pages.is_html(page):
        for node in pages.read(page).walk():
            if node.tag in ("input", "select", "textarea") and node.attrs.get("name"):
                found.add(node["name"])
    return sorted(found)


def failures(world: World, route: Route, method: str, cases) -> dict:
    """The cases that were answered with a failure of ours, or with a page that holds what was sent as markup."""
    bad = {}
    for case, path, data in cases:
        with undone():
            answer = world.ask(actor_of(route), method, path, data)
            pages.body(answer)
            faults = pages.header_faults(
                answer, picture=answer.headers.get("Content-Type") == "image/webp"
            )
            if not route.name.startswith("admin:"):
                faults += pages.inline_faults(answer)
        if answer.status_code >= 500:
            faults.append(f"answered {answer.status_code}: {getattr(answer, 'exc_info', '')}")
        if faults:
            bad[case] = faults
    return bad


Pairs = Iterator[tuple[str, str]]


def every(names: list[str], kinds: list[str]) -> Pairs:
    """Each name with each kind."""
    return itertools.product(names, kinds)


def queries(world: World, route: Route, values: dict[str, str], pairs: Callable[..., Pairs]):
    path = address(route, world.own)
    for name, kind in pairs(parameters(world, route), [*values, "repeated", "as a list"]):
        if kind == "as a list":
            yield (name, kind), path, {f"{name}[]": "1", f"{name}__gt": "1"}
        else:
            yield (name, kind), path, {name: values.get(kind, ["1", "'", ""])}


def raw_queries(world: World, route: Route, raws: list[str]):
    path = address(route, world.own)
    for raw in raws:
        yield ("raw", raw), f"{path}?q={raw}&page={raw}&sort={raw}&after={raw}", None


def forms(world: World, route: Route, values: dict[str, str], pairs: Callable[..., Pairs]):
    path = address(route, world.own)
    page = world.ask(actor_of(route), "GET", path)
    pages.body(page)
    if page.status_code != 200 or not pages.is_html(page):
        return
    posted = [
        form
        for form in pages.read(page).all("form", method="post")
        if form.attrs.get("action", path).partition("?")[0] == path
    ]
    for form in posted:
        fields = form.values()
        names = {n.attrs["name"] for n in form.walk() if n.attrs.get("name")}
        for name, kind in pairs(sorted(names), [*values, "repeated", "missing"]):
            sent = {**fields, name: values.get(kind, ["1", "'", ""])}
            if kind == "missing":
                del sent[name]
            yield (name, kind), path, sent


def check(
    world: World,
    route: Route,
    values: dict[str, str],
    pairs: Callable[..., Pairs] = every,
    raws: list[str] = RAW,
) -> None:
    row = declared(route.name)
    bad = failures(world, route, "GET", queries(world, route, values, pairs))
    bad |= failures(world, route, "GET", raw_queries(world, route, raws))
    if row and row["POST"][0] in (200, 302):
        bad |= failures(world, route, "POST", forms(world, route, values, pairs))

    assert {case: faults for case, faults in bad.items() if "answered" in faults[-1]} == {}
    assert bad == {}


@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_a_few_hostile_values(world, route):
    """Every field gets one of them, every page all; every field gets every value in the long run."""
    place = ROUTES.index(route)
    values = {kind: HOSTILE[kind] for kind in FEW}
    check(world, route, values, partial(in_turn, start=place), RAW[place % 3 :: 3])


@pytest.mark.slow
@pytest.mark.parametrize("route", ROUTES, ids=ids)
def test_every_hostile_value(world, route):
    check(world, route, HOSTILE)


@pytest.mark.parametrize(
    "path",
    [
        "/stores/%00/customers/",
        "/stores/own-store/customers/%00/",
        "/stores/%ED%A0%80/customers/",
        "/stores/own-store/customers/9223372036854775808/",
        "/stores/own-store/customers/999999999999999999/",
        "/stores/own-store/customers/-1/",
        "/stores/own-store/customers/٣/",
        "/stores/own-store/customers/1/picture/..%2f..%2fsecret",
        "/stores/own-store/customers/1/picture/%00",
        "/stores/../admin/",
        "//example.com/",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/../storeadmin/settings.py",
        "/" + "a" * 9_000,
    ],
)
@pytest.mark.parametrize("actor", ["owner", "nobody"])
def test_hostile_addresses(world, path, actor):
    answer = world.ask(actor, "GET", path)

    assert answer.status_code in (302, 400, 404)
    assert pages.header_faults(answer) == []


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1:8000@example.com", "a b", "[::1", ""])
def test_a_host_that_is_not_ours(world, host):
    answer = world.ask("owner", "GET", "/", headers={"Host": host})

    assert answer.status_code in (302, 400)
    assert "example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nbroken"),
        ("application/json", b'{"note": "x"}'),
        ("text/plain", b"\xff\xfe"),
        ("application/x-www-form-urlencoded; charset=utf-16", "note=x".encode("utf-16")),
        ("application/x-www-form-urlencoded; charset=no-such", b"note=x"),
        ("application/x-www-form-urlencoded", b"note=%ED%A0%80&credit=%00"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1_001))),
        ("application/x-www-form-urlencoded", b"note=" + b"x" * 6_000_000),
        ("", b""),
    ],
)
def test_bodies_of_other_kinds(world, kind, sent):
    path = f"/stores/own-store/customers/{world.own.customer.pk}/"
    client = world.clients["owner"]
    world.ask("owner", "GET", path)

    with undone():
        answer = client.generic("POST", path, sent, content_type=kind)

    assert answer.status_code in (200, 400, 413, 415), getattr(answer, "exc_info", None)
    assert pages.header_faults(answer) == []
