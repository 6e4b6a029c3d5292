"""Stores that browser tests visit, and how somebody is signed in to one."""

from django.test import Client
from playwright.sync_api import Page

from customers.identity import Person
from sales import checkout
from sales.checkout import Order
from stores.models import Role, Store
from tests.factories import buy, make_customer, make_member, make_product, make_store


def sign_in(page: Page, live_server, store: Store, role: str = Role.OWNER) -> None:
    """The session of a member, as if they had signed in."""
    client = Client()
    client.force_login(make_member(store, role).user)
    cookie = client.cookies["session"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def thirty_customers() -> Store:
    """The higher the number, the more was spent."""
    store = make_store("moon", name="Moon Shop")
    lamp = make_product(store, "Paper Lamp")
    for number in range(30):
        customer = make_customer(store, f"resident{number:02}", credit=number)
        buy(customer, lamp if number == 29 else None, money=number * 10)
    return store


def one_sale() -> Store:
    """Three lamps are sold, and can be delivered again."""
    store = make_store("moon", name="Moon Shop")
    lamp = make_product(store, "Paper Lamp", price=100, copy=True)
    checkout.buy(order=Order(store=store, product=lamp, buyer=Person("anna.bell"), quantity=3))
    return store
