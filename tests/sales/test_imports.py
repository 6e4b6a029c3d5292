"""Importing sales: what a file says is written once, whatever is imported again, and figures follow."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer, Purchase
from products.models import Product
from sales.imports import streaming
from stores.models import AuditEntry, NameRule, Store
from tests.factories import figures_of, make_customer, make_plain_store
from tests.sales.files import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]

HEADER = "customer,date,product,quantity,amount\n"
ANNA = "Anna,2026-01-05,Candle,2,11.50\n"
RETURN = "Anna,2026-01-06,Candle,-1,-5.75\n"
BERT = "Bert,2026-01-07,,1,3.00\n"


def imported(store, text):
    *_, report = streaming.import_sales(store=store, lines=opened(text), by=None)
    return report


def test_sales_become_purchases_with_customers_products_and_figures():
    store = make_plain_store()

    report = imported(store, HEADER + ANNA + RETURN + BERT)

    anna, bert = Customer.objects.filter(store=store).order_by("username")
    assert (report.added, report.known, report.returns, report.amount) == (3, 0, 1, 875)
    assert (report.customers_made, report.products_made) == (2, 1)
    assert (figures_of(anna)["spent"], figures_of(anna)["owns"]) == (575, 1)
    assert (figures_of(bert)["spent"], figures_of(bert)["owns"]) == (300, 0)
    assert Product.objects.get(store=store).price == 575


def test_a_purchase_says_what_the_line_said():
    store = make_plain_store(time_zone="Europe/London")

    imported(store, "customer,date,receipt,vendor,amount\nAnna,2026-01-05 10:30,R1,Stall,2.50\n")

    purchase = Purchase.objects.select_related("vendor").get(store=store)
    assert purchase.at == dt.datetime(2026, 1, 5, 10, 30, tzinfo=dt.UTC)
    assert purchase.counts_on == dt.date(2026, 1, 5)
    assert (purchase.receipt, purchase.vendor.name) == ("R1", "Stall")
    assert (purchase.price, purchase.money, purchase.list_price) == (250, 250, 250)


def test_the_same_file_again_adds_nothing():
    store = make_plain_store()
    imported(store, HEADER + ANNA + RETURN + BERT)

    report = imported(store, HEADER + ANNA + RETURN + BERT)

    assert (report.added, report.known, report.amount) == (0, 3, 0)
    assert Purchase.objects.filter(store=store).count() == 3


def test_equal_lines_are_purchases_of_their_own_and_a_longer_file_adds_what_is_new():
    store = make_plain_store()
    imported(store, HEADER + ANNA + ANNA)

    report = imported(store, HEADER + ANNA + ANNA + BERT + ANNA)

    assert (report.added, report.known) == (2, 2)
    assert Purchase.objects.filter(store=store).count() == 4


@pytest.mark.parametrize("size", [1, 2, 3])
def test_chunks_change_nothing(monkeypatch, size):
    monkeypatch.setattr(streaming, "CHUNK", size)
    store = make_plain_store()

    report = imported(store, HEADER + ANNA + ANNA + RETURN + BERT)

    anna = Customer.objects.get(store=store, username="Anna")
    assert (report.read, report.added, report.customers_made, report.products_made) == (4, 4, 2, 1)
    assert (figures_of(anna)["spent"], figures_of(anna)["owns"]) == (1725, 1)


def test_bad_and_nameless_lines_are_listed_and_the_rest_is_imported():
    store = make_plain_store()

    report = imported(
        store, HEADER + "Anna,2026-01-05,Candle,two,1.00\n" + ",2026-01-05,,1,1.00\n" + BERT
    )

    assert [(bad.line, bad.column, bad.value) for bad in report.bad] == [(2, "quantity", "two")]
    assert report.nameless == [3]
    assert (report.read, report.added) == (3, 1)


def test_of_many_refused_lines_all_are_counted_and_the_first_are_listed(monkeypatch):
    monkeypatch.setattr(streaming, "LISTED", 2)
    store = make_plain_store()

    report = imported(store, HEADER + "Anna,2026-01-05,Candle,two,1.00\n" * 3 + BERT)

    assert [bad.line for bad in report.bad] == [2, 3]
    assert (report.refused, report.added) == (3, 1)


def test_a_customer_who_is_known_gets_the_purchases():
    store = make_plain_store()
    anna = make_customer(store, "ANNA")

    report = imported(store, HEADER + ANNA)

    assert report.customers_made == 0
    assert figures_of(anna)["spent"] == 1150


# The command


def run(tmp_path: Path, text: str, *options: str) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(text)
    call_command("import_sales", "shop", str(file), *options)


def test_the_command_makes_the_store_and_says_what_it_did(tmp_path, capsys):
    run(tmp_path, HEADER + ANNA + BERT, "--create-store", "--currency", "USD")

    store = Store.objects.get(slug="shop")
    said = capsys.readouterr().out
    assert (store.currency, store.name_rule, store.time_zone) == ("USD", NameRule.PLAIN, "UTC")
    assert "2 purchases added, 0 of them returns, $14.50 in all; 0 were known already." in said
    assert "2 customers and 1 products made." in said


def test_the_command_leaves_its_trace(tmp_path):
    run(tmp_path, HEADER + ANNA + RETURN + BERT, "--create-store", "--currency", "USD")

    entry = AuditEntry.objects.get(action="sales.import")
    assert (entry.store.slug, entry.by, entry.subject_type) == ("shop", None, "store")
    assert entry.changes == {
        "file": "sales.csv",
        "read": 3,
        "added": 3,
        "known": 0,
        "refused": 0,
        "customers_made": 2,
        "products_made": 1,
    }


def test_a_store_in_linden_dollars_is_a_second_life_store(tmp_path):
    run(
        tmp_path,
        "customer,date,amount\nJane Doe,2026-01-05,250\nbob Resident,2026-01-05,99\n",
        "--create-store",
    )

    store = Store.objects.get(slug="shop")
    assert (store.currency, store.name_rule) == ("L$", NameRule.SECOND_LIFE)
    assert store.time_zone == "America/Los_Angeles"
    assert list(store.customers.order_by("username").values_list("username", flat=True)) == [
        "bob",
        "jane.doe",
    ]


def test_a_bad_line_is_said_and_the_exit_status_tells(tmp_path, capsys):
    with pytest.raises(CommandError, match="1 lines were refused; all others are imported"):
        run(
            tmp_path,
            HEADER + "Anna,2026-02-30,Candle,1,1.00\n" + BERT,
            "--create-store",
            "--currency",
            "USD",
        )

    assert "line 2, column date, '2026-02-30'" in capsys.readouterr().out
    assert Purchase.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "There is no store shop; --create-store makes it."),
        (["--create-store", "--currency", "USD", "--map", "customer=nobody"], "nobody"),
        (
            ["--create-store", "--currency", "USD", "--time-zone", "Mars/North"],
            "no time zone called Mars/North",
        ),
    ],
)
def test_what_cannot_begin_is_refused_and_makes_no_store(tmp_path, options, said):
    with pytest.raises(CommandError, match=said):
        run(tmp_path, HEADER + ANNA, *options)

    assert not Store.objects.exists()


def test_another_currency_than_the_stores_is_refused(tmp_path):
    make_plain_store("shop")

    with pytest.raises(CommandError, match="counts in USD, not in GBP"):
        run(tmp_path, HEADER + ANNA, "--currency", "GBP")

    assert not Purchase.objects.exists()


def test_a_file_that_breaks_off_keeps_what_stands_before(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "CHUNK", 100)
    lines = HEADER + ANNA * 6000

    with pytest.raises(CommandError, match="What stands before is imported"):
        run(tmp_path, lines + '"Anna,2026-01-05\n', "--create-store", "--currency", "USD")

    assert Purchase.objects.count() == 6000
