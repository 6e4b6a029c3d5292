"""`manage.py generate_store`: what is promised of a store, on a small one made once for the module."""

import datetime as dt
import re
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q, Sum

from customers import books, search
from customers.models import (
    Balance,
    CreditAccount,
    CreditEntry,
    Customer,
    CustomerCount,
    Kind,
    OldName,
    Purchase,
    PurchaseDay,
    SearchText,
    YearWindow,
)
from customers.names import name_key, normalise
from products.models import Category, Product, Vendor, VendorGroup
from storeadmin.generate import making, names
from stores.models import Member, NameRule, Role, Store
from tests.factories import make_user

CUSTOMERS, PURCHASES = 200, 2000
FIGURES = "username uuid email discount subscriber spent spent_year owns account__credit".split()
LINES = "quantity at counts_on list_price price money credit restricted removed_at".split()


def generate(slug: str, *, seed: int = 1, **options: Any) -> str:
    out = StringIO()
    sizes = {"customers": CUSTOMERS, "purchases": PURCHASES} | options
    call_command("generate_store", slug, seed=seed, stdout=out, skip_checks=True, **sizes)
    return out.getvalue()


@pytest.fixture(scope="module")
def _made(once) -> None:
    once(generate, "first")


@pytest.fixture
def store(_made, db) -> Store:
    return Store.objects.get(slug="first")


@pytest.fixture
def sold(store) -> Any:
    return Purchase.objects.filter(store=store)


def people_of(store: Store) -> list[tuple[Any, ...]]:
    return list(Customer.objects.filter(store=store).order_by("username").values_list(*FIGURES))


def lines_of(store: Store) -> list[tuple[Any, ...]]:
    names_of = ("payer__username", "recipient__username", "product__name", "vendor__name")
    lines = Purchase.objects.filter(store=store).order_by("pk")
    return list(lines.values_list(*names_of, *LINES))


def entries_of(store: Store) -> list[tuple[Any, ...]]:
    entries = CreditEntry.objects.filter(store=store).order_by("pk")
    return list(entries.values_list("account__customer__username", "balance", "seq", "after", "at"))


def test_books_are_clean(store):
    assert list(books.check(store)) == []


def test_the_database_agrees_with_every_key(store):
    connection.check_constraints()


@pytest.mark.parametrize(
    ("model", "count"),
    [
        (Customer, CUSTOMERS),
        (Purchase, PURCHASES),
        (CreditAccount, CUSTOMERS),
        (SearchText, CUSTOMERS),
        (Category, 20),
        (Product, 20),
        (VendorGroup, 5),
        (Vendor, 40),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_there_are_as_many_as_were_asked_for(store, model, count):
    assert model.objects.filter(store=store).count() == count


def test_counter_and_window_are_of_today(store):
    assert CustomerCount.objects.get(store=store).listed == CUSTOMERS
    window, today = YearWindow.objects.get(store=store), store.today()
    assert (window.through, window.closed) == (today, today - dt.timedelta(days=1))


def test_days_that_are_over_are_closed(store):
    sold = Purchase.objects.filter(store=store, counts_on__lt=store.today())
    kept = PurchaseDay.objects.filter(store=store, stale=False)
    (in_all,) = {rows.aggregate(sum=Sum("money"))["sum"] for rows in (kept, sold)}
    assert in_all > 0


def test_products_grow_with_purchases_up_to_2000(db):
    generate("more", customers=50, purchases=15_000)
    assert Product.objects.filter(store__slug="more").count() == 30
    assert list(books.check(Store.objects.get(slug="more"))) == []


def test_the_same_seed_makes_the_same_store(store):
    generate("twin")
    twin = Store.objects.get(slug="twin")
    for dump in (people_of, lines_of, entries_of):
        assert dump(twin) == dump(store)


def test_another_seed_makes_another_store(store):
    generate("other", seed=2)
    other = Store.objects.get(slug="other")
    assert list(books.check(other)) == []
    for dump in (people_of, lines_of, entries_of):
        assert dump(other) != dump(store)


def test_a_slug_that_is_taken_is_refused_and_nothing_changes(store):
    before = people_of(store), Purchase.objects.count(), Store.objects.count()
    with pytest.raises(CommandError, match="There is a store first already"):
        generate("first", seed=2)
    assert (people_of(store), Purchase.objects.count(), Store.objects.count()) == before


def test_an_interrupted_run_leaves_nothing(db, monkeypatch):
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "_drop_stages", interrupted)
    with pytest.raises(KeyboardInterrupt):
        generate("half")
    assert not Store.objects.filter(slug="half").exists()
    monkeypatch.undo()
    generate("half")
    assert Customer.objects.filter(store__slug="half").count() == CUSTOMERS


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"customers": 0}, "at least 1 customer"),
        ({"purchases": -1}, "at least 1 customer"),
        ({"owner": "nobody"}, "no user nobody"),
        ({"slug": "no slug"}, "valid"),
    ],
)
def test_what_cannot_be_is_refused(db, options, complaint):
    slugs = set(Store.objects.values_list("slug", flat=True))
    with pytest.raises(CommandError, match=complaint):
        generate(**{"slug": "good", **options})
    assert set(Store.objects.values_list("slug", flat=True)) == slugs


@pytest.mark.parametrize(("customers", "purchases"), [(1, 0), (1, 50), (3, 1), (7, 300)])
def test_the_smallest_stores_are_whole(db, customers, purchases):
    generate("small", customers=customers, purchases=purchases)
    store = Store.objects.get(slug="small")
    assert Customer.objects.filter(store=store).count() == customers
    assert Purchase.objects.filter(store=store).count() == purchases
    assert list(books.check(store)) == []


def test_an_owner_is_made_a_member(db):
    user = make_user()
    generate("owned", owner=user.username)
    member = Member.objects.get(store__slug="owned")
    assert (member.user, member.role) == (user, Role.OWNER)
    by_hand = CreditEntry.objects.filter(store=member.store, kind=Kind.GRANT)
    assert set(by_hand.values_list("by", flat=True)) == {user.pk}


def test_indexes_that_were_put_aside_are_back(db):
    before = indexes()
    generate("whole", customers=CUSTOMERS * 2)
    assert indexes() == before


def indexes() -> dict[str, set[str]]:
    """The indexes of each table that is filled."""
    with connection.cursor() as cursor:
        return {
            table: set(connection.introspection.get_constraints(cursor, table))
            for table in (model._meta.db_table for model in making.TABLES)
        }


def test_keys_made_afterwards_do_not_collide(store):
    for model in (Customer, Product, Vendor):
        last = model.objects.latest("pk")
        fields = {"name_key": "new"} if model is Customer else {"name": "new"}
        assert model.objects.create(store=store, **fields).pk > last.pk


class TestPeople:
    def test_usernames_are_as_the_name_rule_has_them(self, store):
        for username, key in Customer.objects.filter(store=store).values_list(
            "username", "name_key"
        ):
            assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)?", username)
            assert normalise(username, NameRule.SECOND_LIFE) == username
            assert key == name_key(username)

    def test_a_hundred_thousand_names_are_all_different(self, store):
        made = list(names.usernames(100_000, Random(5)))
        assert len(set(made)) == len(made)
        assert 0.4 < sum("." in name for name in made) / len(made) < 0.6

    def test_search_text_is_what_search_would_write(self, store):
        assert not OldName.objects.filter(store=store).exists()
        for customer in Customer.objects.filter(store=store).select_related("search_text"):
            assert customer.search_text.text == search.text_of(
                rule=store.name_rule,
                username=customer.username,
                uuid=customer.uuid,
                email=customer.email,
            )

    def test_search_finds_them(self, store):
        customer = Customer.objects.filter(store=store, username__contains=".").earliest("pk")
        for term in (customer.username, customer.username.replace(".", " "), str(customer.uuid)):
            assert customer in Customer.objects.filter(
                pk__in=search.matching(store, term), store=store
            )

    @pytest.mark.parametrize(
        ("what", "share"),
        [
            (Q(subscriber=True), 0.3),
            (Q(group_member=True), 0.2),
            (Q(discount__range=(5, 30)), 0.1),
            (~Q(email=""), 0.15),
            (~Q(uuid=None), 0.97),
        ],
    )
    def test_shares(self, store, what, share):
        found = Customer.objects.filter(what, store=store).count() / CUSTOMERS
        assert share / 2 < found < share * 1.7

    def test_discounts_are_none_or_5_to_30(self, store):
        odd = Customer.objects.filter(store=store, discount__gt=0).exclude(discount__range=(5, 30))
        assert not odd.exists()

    def test_some_buy_very_much_and_some_nothing(self, store):
        counts = sorted(
            Customer.objects.filter(store=store)
            .annotate(bought=Count("purchases"))
            .values_list("bought", flat=True)
        )
        assert counts[0] == 0
        assert counts[-1] > 5 * sum(counts) / len(counts)


class TestSales:
    @pytest.mark.parametrize(
        ("what", "share"),
        [
            (~Q(recipient=F("payer")), 0.05),
            (Q(quantity__lt=0), 0.02),
            (Q(product=None), 0.01),
            (Q(removed_at__isnull=False), 0.005),
            (Q(quantity__gt=0) & (Q(credit__gt=0) | Q(restricted__gt=0)), 0.04),
        ],
    )
    def test_shares(self, sold, what, share):
        found = sold.filter(what).count() / PURCHASES
        assert share / 3 < found < share * 2.5

    def test_they_fill_five_years_in_order_and_none_is_to_come(self, store, sold):
        moments = list(sold.order_by("pk").values_list("at", flat=True))
        assert moments == sorted(moments)
        assert store.day_of(moments[-1]) < store.today()
        assert 4.9 < (moments[-1] - moments[0]).days / 365 < 5.1

    def test_sales_count_on_the_store_s_own_day(self, store, sold):
        for sale in sold.filter(quantity__gt=0):
            assert sale.counts_on == store.day_of(sale.at)

    def test_nobody_buys_before_they_are_there(self, sold):
        for who in ("payer", "recipient"):
            assert not sold.filter(at__lt=F(f"{who}__created_at")).exists()

    def test_a_return_follows_its_sale(self, sold):
        returned = list(sold.filter(quantity__lt=0).select_related("returns"))
        assert returned
        for back in returned:
            sale = back.returns
            assert sale.pk < back.pk
            assert 0 < -back.quantity <= sale.quantity
            assert (back.at - sale.at).days <= 62
            for same in ("payer_id", "recipient_id", "product_id", "counts_on", "removed_at"):
                assert getattr(back, same) == getattr(sale, same)
            for amount in ("list_price", "money", "credit", "restricted"):
                whole, share = getattr(sale, amount), -getattr(back, amount)
                assert share == whole * -back.quantity // sale.quantity

    def test_a_removal_marks_all_that_was_there(self, sold):
        removed = sold.filter(removed_at__isnull=False, quantity__gt=0)
        for row in removed:
            rows = sold.filter(recipient=row.recipient, product=row.product, quantity__gt=0)
            assert not rows.filter(at__lte=row.removed_at, removed_at=None).exists()
            assert row.at <= row.removed_at

    def test_prices_are_what_the_vendor_would_take(self, sold):
        for sale in sold.filter(product__isnull=False, quantity__gt=0).select_related(
            "product", "vendor__group"
        ):
            vendor = sale.vendor
            unit = sale.product.price - sale.product.price * sale.product.discount // 100
            member = vendor.group_discount if sale.group_member else 0
            rate = max(vendor.discount, vendor.group.discount, member)
            assert sale.price == sale.quantity * (unit - unit * rate // 100)
            assert sale.list_price == sale.quantity * sale.product.price

    def test_credit_pays_for_nothing_that_blocks_it(self, sold):
        assert not sold.filter(
            ~Q(credit=0) | ~Q(restricted=0), product__blocks_credit=True
        ).exists()


class TestCredit:
    def test_all_kinds_of_daily_life_are_there(self, db):
        generate("large", customers=300, purchases=6000)
        entries = CreditEntry.objects.filter(store__slug="large")
        assert set(entries.values_list("kind", flat=True)) == {
            Kind.OPENING,
            Kind.GRANT,
            Kind.DEDUCTION,
            Kind.PURCHASE,
            Kind.RETURN,
        }

    def test_entries_follow_the_purchases(self, store, sold):
        for balance in Balance.values:
            for kind, sign in (
                (Kind.PURCHASE, Q(quantity__gt=0)),
                (Kind.RETURN, Q(quantity__lt=0)),
            ):
                entries = CreditEntry.objects.filter(store=store, balance=balance, kind=kind)
                moved = {entry.purchase_id: -entry.delta for entry in entries}
                used = sold.filter(sign).exclude(**{balance: 0}).values_list("pk", balance)
                assert moved == dict(used)

    def test_every_entry_of_a_purchase_is_the_payers(self, store):
        entries = CreditEntry.objects.filter(store=store, purchase__isnull=False)
        assert not entries.exclude(account=F("purchase__payer")).exists()
        assert not entries.exclude(at=F("purchase__at")).exists()

    def test_entries_are_in_order_of_time_within_a_balance(self, store):
        last: dict[tuple[int, str], Any] = {}
        for entry in CreditEntry.objects.filter(store=store).order_by("account", "balance", "seq"):
            key = entry.account_id, entry.balance
            assert key not in last or last[key] <= entry.at
            last[key] = entry.at

    def test_both_balances_are_held(self, store):
        held = CreditAccount.objects.filter(store=store).aggregate(Sum("credit"), Sum("restricted"))
        assert min(held.values()) > 0
