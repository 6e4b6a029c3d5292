"""Sales out of a file as a batch: each line is judged, written once, and taken back as if it had never been."""

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from customers import credit, profiles, purchases
from customers.models import Balance, Customer, OldName, Purchase
from products import catalogue
from products.models import Product, Vendor
from sales.imports import kinds, staging
from sales.imports.matching import Catalogue
from sales.models import Choice, SaleName, SalePerson, SaleRow
from stores import batches
from stores.batches import BatchRefused, deeds, work
from stores.models import AuditEntry, Batch
from tests.changes import applied, ended, undone
from tests.factories import (
    buy,
    figures_of,
    make_customer,
    make_member,
    make_product,
    make_store,
    make_vendor,
    set_window,
)
from tests.sales.imported import chosen, drafted, go_on, held, imported, previewed, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]

HEADER = "Customer,UUID,Date,Product,Quantity,Amount,Receipt,Vendor\n"
ANNA = "11111111-2222-4333-8444-555555555555"
BERT = "22222222-2222-4333-8444-555555555555"
TEXT = HEADER + (
    f"Anna,{ANNA},2026-06-01,Lamp,2,200,R1,Mall\n"
    "bert,,2026-06-02,lamp,1,90,,\n"
    "dora,,2025-06-10,Chair,1,50,,Mall\n"
    "dora,,2026-06-04,Chair,-1,-50,,\n"
    ",,2026-06-04,Chair,1,50,,\n"
    "egon,,2026-06-05,,1,7,,\n"
    "fritz,,2026-02-31,Chair,1,50,,\n"
)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-06-15T19:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def store():
    store = make_store("lamps")
    set_window(store, store.today())
    return store


@pytest.fixture
def lamp(store):
    return make_product(store, "Lamp")


@pytest.fixture
def anna(store, lamp):
    """Known by name, with a lamp that she bought before."""
    anna = make_customer(store, "anna", credit=10)
    buy(anna, lamp, on=dt.date(2026, 5, 1))
    return anna


@pytest.fixture
def small(monkeypatch):
    """Chunks of two lines, and all work is the worker's."""
    for module in (kinds, deeds):
        monkeypatch.setattr(module, "CHUNK", 2)


def name(batch: Batch, written: str) -> SaleName:
    return SaleName.objects.get(batch=batch, name=written)


def person(batch: Batch, username: str) -> SalePerson:
    return SalePerson.objects.get(batch=batch, username=username)


def usernames(store) -> list[str]:
    return sorted(Customer.objects.filter(store=store).values_list("username", flat=True))


# The plan


def test_lines_are_judged_and_nothing_is_written(store, anna):
    before = held(store)

    batch = previewed(store, TEXT, rest="")

    assert told(batch, "state", "column", "reason") == [
        (2, "new", "", ""),
        (3, "new", "", ""),
        (4, "new", "", ""),
        (5, "new", "", ""),
        (6, "nameless", "", "the line does not say who bought"),
        (7, "new", "", ""),
        (8, "refused", "Date", "is not a day or time that exists"),
    ]
    assert (batch.state, batch.planned) == ("previewed", 7)
    assert held(store) == before


def test_the_preview_adds_up(store, anna):
    batch = previewed(store, TEXT)

    assert {name: batch.counts[name] for name in batch.counts if "bare" not in name} == {
        "fresh": 5,
        "nameless": 1,
        "refused": 1,
        "planned": 7,
        "new": 5,
        "money": 297,
        "returns": 1,
        "returned": -50,
        "skipped": 0,
        "skipped_money": 0,
        "open": 0,
        "open_lines": 0,
        "names": 3,
        "products": 3,
        "products_new": 1,
        "people_new": 3,
        "people_changed": 1,
        "vendors_new": 1,
    }


def test_names_are_matched_proposed_or_open(store, lamp):
    red = make_product(store, "Red velvet chair")
    text = HEADER + "".join(
        f"bert,,2026-06-0{day},{name},1,5,,\n"
        for day, name in enumerate(["Lamp", " LAMP ", "Velvet Chair (red)", "Spaceship"], start=1)
    )

    batch = previewed(store, text, rest="")

    found = {
        one.name: (one.choice, one.product, one.lines, one.money)
        for one in SaleName.objects.filter(batch=batch).select_related("product")
    }
    assert found == {
        "Lamp": (Choice.MATCH, lamp, 1, 5),
        "LAMP": (Choice.MATCH, lamp, 1, 5),
        "Velvet Chair (red)": (Choice.OPEN, red, 1, 5),
        "Spaceship": (Choice.OPEN, None, 1, 5),
    }
    assert (batch.counts["open"], batch.counts["open_lines"]) == (2, 2)
    assert (batch.counts["new"], batch.counts["skipped"]) == (2, 2)


def test_a_name_that_several_products_have_but_for_its_case_is_open():
    catalogue = Catalogue([(1, "Lamp"), (2, "lamp")])

    assert (catalogue.same("lamp"), catalogue.same("LAMP"), catalogue.alike("LAMP")) == (
        2,
        None,
        [1, 2],
    )


def test_a_column_with_too_many_names_is_refused(store, monkeypatch):
    monkeypatch.setattr(staging, "MOST_NAMES", 2)

    with pytest.raises(BatchRefused, match="The file names more than 2 products"):
        drafted(store, HEADER + "".join(f"b,,2026-06-01,P{n},1,5,,\n" for n in range(3)))

    assert not Batch.objects.exists()


# The owner's word on products


def test_what_is_open_keeps_it_from_being_applied(store, lamp, unchanged):
    batch = previewed(store, TEXT, rest="")

    with unchanged(), pytest.raises(BatchRefused, match="1 product is not matched yet"):
        batches.apply(batch=batch, by=None)


def test_a_product_left_out_leaves_out_its_sales_and_whom_only_they_name(store, anna):
    batch = chosen(previewed(store, TEXT, rest=""), rest=Choice.SKIP)
    assert {key: batch.counts[key] for key in ("new", "money", "skipped", "people_new")} == {
        "new": 3,
        "money": 297,
        "skipped": 2,
        "people_new": 2,
    }

    applied(batch)

    assert usernames(store) == ["anna", "bert", "egon"]
    assert Purchase.objects.filter(batch=batch).count() == 3
    assert list(Product.objects.values_list("name", flat=True)) == ["Lamp"]


def test_nothing_matched_at_all_is_refused(store, unchanged):
    batch = previewed(store, TEXT, rest="")

    with unchanged(), pytest.raises(BatchRefused, match="No product is matched or created"):
        chosen(batch, rest=Choice.SKIP)


def test_a_name_goes_to_the_product_that_was_chosen(store, lamp):
    batch = chosen(previewed(store, TEXT, rest=""), {"Chair": lamp, "lamp": "skip"})

    applied(batch)

    assert set(Purchase.objects.values_list("product__name", "money")) == {
        ("Lamp", 200),
        ("Lamp", 50),
        ("Lamp", -50),
        (None, 7),
    }


def test_the_choice_stands_once_it_is_applied(store, lamp, unchanged):
    batch = imported(store, TEXT)

    with unchanged(), pytest.raises(BatchRefused, match="This change is done: its plan stands"):
        chosen(batch, {"Chair": "skip"})


def test_a_product_that_was_made_meanwhile_is_taken(store, anna):
    batch = previewed(store, TEXT)
    chair = make_product(store, "Chair", price=999)

    applied(batch)
    undone(batch)

    assert (name(batch, "Chair").product, name(batch, "Chair").made) == (chair, False)
    assert Product.objects.filter(store=store).count() == 2


# What is written


def test_sales_are_written_with_all_that_they_say(store, anna, lamp):
    batch = imported(store, TEXT)

    first = Purchase.objects.filter(batch=batch).order_by("pk").first()
    assert (first.payer, first.recipient, first.product, first.vendor.name) == (
        anna,
        anna,
        lamp,
        "Mall",
    )
    assert (first.quantity, first.money, first.price, first.list_price) == (2, 200, 200, 200)
    assert (first.receipt, first.counts_on) == ("R1", dt.date(2026, 6, 1))
    chair = Product.objects.get(name="Chair")
    dora = Customer.objects.get(username="dora")
    assert chair.price == 50
    assert figures_of(dora)["spent"] == 0
    assert (figures_of(dora)["spent_year"], figures_of(dora)["owns"]) == (-50, 0)
    assert figures_of(anna)["spent"] == 300
    assert (batch.counts["added"], batch.counts["added_money"], batch.counts["people_made"]) == (
        5,
        297,
        3,
    )


def test_a_uuid_is_filled_in_and_a_rename_followed_as_the_uuid_says(store):
    anna, bert = make_customer(store, "anna"), make_customer(store, "bert.old", uuid=BERT)
    text = HEADER + (
        f"anna,{ANNA},2026-06-01,,1,5,,\n"
        f"bert.new,{BERT},2026-06-01,,1,5,,\n"
        f"bert.old,{BERT},2026-06-02,,1,5,,\n"
        f"bert.third,{BERT},2026-06-03,,1,5,,\n"
        f",{ANNA},2026-06-04,,1,5,,\n"
    )

    batch = imported(store, text)

    anna.refresh_from_db()
    bert.refresh_from_db()
    assert (str(anna.uuid), bert.username, bert.name_key) == (ANNA, "bert.new", "bert.new")
    assert [old.username for old in OldName.objects.filter(customer=bert)] == ["bert.old"]
    assert (figures_of(anna)["spent"], figures_of(bert)["spent"]) == (10, 15)
    assert batch.counts["people_changed"] == 2


@pytest.mark.parametrize("chunk", [1, 3, 10_000])
def test_the_size_of_a_chunk_changes_nothing(store, monkeypatch, chunk):
    for module in (kinds, deeds):
        monkeypatch.setattr(module, "CHUNK", chunk)
    make_customer(store, "bert.old", uuid=BERT)
    text = HEADER + (
        f"carla,,2026-06-01,Lamp,1,5,,\ncarla,{ANNA},2026-06-02,Lamp,1,6,,\n"
        f"somebody,{ANNA},2026-06-02,Lamp,1,6,,\n"
        f"bert.new,{BERT},2026-06-01,lamp,1,5,,\nbert.old,,2026-06-02,,1,5,,\n"
        f"carla,{BERT},2026-06-02,,1,5,,\nbert.new,,2026-06-03,,1,5,,\n"
        "carla,,2026-06-01,Lamp,1,5,,\n"
    )

    batch = imported(store, text)

    assert told(batch, "state", "reason") == [
        *((line, "new", "") for line in (2, 3, 4, 5, 6)),
        (7, "refused", "the name is carla, the uuid is bert.new's"),
        *((line, "new", "") for line in (8, 9)),
    ]
    spent = {one.username: one.spent for one in Customer.objects.filter(store=store)}
    assert spent == {"carla": 22, "bert.new": 15}
    assert str(Customer.objects.get(username="carla").uuid) == ANNA
    assert sorted(Product.objects.values_list("name", "price")) == [("Lamp", 5), ("lamp", 5)]


def test_the_same_file_again_adds_nothing(store, anna):
    imported(store, TEXT)
    before = held(store)

    batch = previewed(store, TEXT)

    assert [state for _, state in told(batch, "state")] == [
        *["known"] * 4,
        "nameless",
        "known",
        "refused",
    ]
    assert (batch.counts["new"], batch.counts["names"], batch.counts["people_new"]) == (0, 0, 0)
    applied(batch)
    assert held(store) == before


def test_a_longer_file_adds_what_is_new_and_equal_lines_are_sales_of_their_own(store):
    line = "bert,,2026-06-01,,1,5,,\n"
    imported(store, HEADER + line + line)

    batch = imported(store, HEADER + line * 3)

    assert (batch.counts["known"], batch.counts["added"]) == (2, 1)
    assert Customer.objects.get(username="bert").spent == 15


def test_what_another_file_brought_meanwhile_is_left_out(store, lamp):
    first, second = previewed(store, TEXT), previewed(store, TEXT + "egon,,2026-06-09,,1,1,,\n")

    applied(first)
    applied(second)

    assert second.counts["left_out"] == 5
    assert told(second, "outcome", "reason")[0] == (
        2,
        "left_out",
        "imported by another file meanwhile",
    )
    assert Purchase.objects.filter(batch=second).count() == 1
    undone(second)
    assert Purchase.objects.filter(batch=first).count() == 5


def test_who_was_added_by_hand_meanwhile_gets_the_sales_and_stays(store, lamp):
    batch = previewed(store, TEXT)
    bert = make_customer(store, "bert", note="by hand")

    applied(batch)
    assert figures_of(bert)["spent"] == 90
    assert (person(batch, "bert").made, person(batch, "bert").drifted) == (False, True)
    undone(batch)

    assert usernames(store) == ["bert"]
    assert figures_of(bert)["spent"] == 0


def test_who_got_another_uuid_or_name_meanwhile_keeps_it(store):
    anna, bert = make_customer(store, "anna"), make_customer(store, "bert.old", uuid=BERT)
    text = HEADER + f"anna,{ANNA},2026-06-01,,1,5,,\nbert.new,{BERT},2026-06-01,,1,5,,\n"
    batch = previewed(store, text)
    other = "99999999-2222-4333-8444-555555555555"
    profiles.correct(customer=anna, username="anna", uuid=other, by=None)
    make_customer(store, "bert.new")

    applied(batch)

    anna.refresh_from_db()
    bert.refresh_from_db()
    assert (str(anna.uuid), bert.username) == (other, "bert.old")
    assert (figures_of(anna)["spent"], figures_of(bert)["spent"]) == (5, 5)


def test_the_trail_says_who_applied_and_that_it_is_done(store, lamp):
    member = make_member(store)
    batch = previewed(store, TEXT, by=member.user)

    batches.apply(batch=batch, by=member.user)

    entries = AuditEntry.objects.filter(subject_type="batch", subject_id=batch.pk)
    assert {(one.by, one.action) for one in entries} == {
        (member.user, "batch.apply"),
        (member.user, "batch.done"),
    }


# In chunks, by whoever comes


def test_a_worker_who_takes_over_goes_on_where_the_other_stopped(store, anna, small):
    batch = drafted(store, TEXT)
    planned = []
    while batch.state == "draft":
        planned.append(go_on(batch).planned)
    assert planned[:4] == [2, 4, 6, 7]
    assert [line for line, *_ in told(batch)] == [2, 3, 4, 5, 6, 7, 8]
    batch = chosen(batch)

    batches.apply(batch=batch, by=None)
    handled = []
    while go_on(batch).state == "running":
        handled.append(batch.handled)

    assert handled[:4] == [2, 4, 6, 7]
    assert Purchase.objects.filter(batch=batch).count() == 5
    assert batch.counts["added"] == 5


def test_who_may_no_longer_import_goes_no_further(store, lamp, small):
    member = make_member(store)
    batch = previewed(store, TEXT, by=member.user)
    batches.apply(batch=batch, by=member.user)
    go_on(batch)
    member.delete()

    ended(batch)

    assert (batch.state, Purchase.objects.count()) == ("failed", 2)
    undone(batch, by=make_member(store).user)
    assert Purchase.objects.count() == 0


def test_a_plan_that_nobody_confirms_is_thrown_away(store, lamp, clock):
    kept = imported(store, TEXT)
    batch = previewed(store, TEXT + "egon,,2026-06-09,Sofa,1,1,,Mall\n")
    clock.shift(dt.timedelta(days=2))

    assert batches.purge() == 1

    for model in (SaleRow, SaleName, SalePerson):
        assert not model.objects.filter(batch=batch.pk).exists()
        assert model.objects.filter(batch=kept.pk).exists()


# The undo


@pytest.mark.parametrize("chunk", [1, 3, 10_000])
def test_undone_everything_is_as_it_was(store, anna, lamp, monkeypatch, chunk):
    for module in (kinds, deeds):
        monkeypatch.setattr(module, "CHUNK", chunk)
    make_customer(store, "egon.old", uuid=BERT, note="a note")
    make_vendor(store, "Stall")
    before = held(store)
    text = TEXT + (
        f"egon.new,{BERT},2026-06-08,Sofa,1,500,,Stall\n"
        "anna,,2020-01-01,lamp,1,5,,\n"
        "anna,,2026-06-11,Sofa,1,5,,\n"
    )
    batch = imported(store, text)
    assert batch.counts["added"] == 8

    back = undone(batch)

    assert (back.state, back.counts["reversed"], back.counts["kept"]) == ("done", 8, 0)
    assert (back.counts["taken_out"], back.counts["taken_out_money"]) == (8, 807)
    assert held(store) == before
    assert imported(store, text).counts["added"] == 8


def test_a_cancelled_import_is_undone_as_far_as_it_went(store, anna, small):
    before = held(store)
    batch = previewed(store, TEXT)
    batches.apply(batch=batch, by=None)
    go_on(batch)
    batches.cancel(batch=batch, by=None)

    undone(batch)

    assert held(store) == before


def test_a_sale_that_was_returned_since_is_kept_with_whom_it_names(store, lamp):
    batch = imported(store, TEXT)
    bought = Purchase.objects.get(batch=batch, payer__username="bert")
    purchases.take_back(purchase=bought, by=None)

    back = undone(batch)

    assert usernames(store) == ["bert"]
    assert sorted(Purchase.objects.values_list("money", flat=True)) == [-90, 90]
    assert told(back, "outcome", "reason")[1] == (
        3,
        "left_out",
        "kept: returned or delivered since",
    )
    assert (back.counts["left_out"], back.counts["reversed"]) == (1, 4)


def test_who_was_made_is_kept_where_they_were_edited_or_bought_since(store, lamp):
    batch = imported(store, TEXT)
    people = {one.username: one for one in Customer.objects.filter(store=store)}
    profiles.edit(
        customer=people["bert"], by=None, opened={"note": ""}, fields={"note": "good customer"}
    )
    buy(people["dora"])
    credit.grant(customer=people["egon"], balance=Balance.CREDIT, amount=5, by=None)

    back = undone(batch)

    listed = Customer.objects.filter(store=store, archived_at=None)
    assert sorted(listed.values_list("username", flat=True)) == ["bert", "dora"]
    assert Customer.objects.get(username="egon").archived_at == timezone.now()
    assert [reason for _, reason in told(back, "reason")] == [
        "",
        "bert: kept, edited since",
        "",
        "dora: kept, something else is about them by now",
        "egon: archived, since what was done with them is kept",
    ]
    assert (back.counts["reversed"], back.counts["kept"]) == (2, 3)


def test_a_known_customer_who_was_edited_since_keeps_that(store):
    anna = make_customer(store, "anna")
    batch = imported(store, HEADER + f"anna,{ANNA},2026-06-01,,1,5,,\n")
    profiles.correct(customer=anna, username="anna", forget=UUID(ANNA), by=None)

    back = undone(batch)

    anna.refresh_from_db()
    assert (anna.uuid, figures_of(anna)["spent"]) == (None, 0)
    assert told(back, "reason") == [(2, "anna: kept, edited since")]


def test_a_product_or_vendor_that_is_in_use_by_now_is_kept(store, lamp):
    batch = imported(store, TEXT + "egon,,2026-06-09,Sofa,1,1,,Stall\n")
    buy(make_customer(store, "gina"), Product.objects.get(name="Chair"))
    sofa = Product.objects.get(name="Sofa")
    catalogue.edit(row=sofa, by=None, opened={"price": 1}, fields={"price": 9})
    stall = Vendor.objects.get(name="Stall")
    catalogue.put_away(row=stall, by=None)

    back = undone(batch)

    assert sorted(Product.objects.values_list("name", flat=True)) == ["Chair", "Lamp", "Sofa"]
    assert list(Vendor.objects.values_list("name", flat=True)) == ["Stall"]
    assert [reason for _, reason in told(back, "reason") if reason] == [
        "Chair: kept, something else is about it by now",
        "Sofa: kept, edited since; Stall: kept, edited since",
    ]


def test_a_removed_product_is_gone_with_its_purchase(store, anna, lamp):
    batch = imported(store, TEXT)
    purchases.remove_product(customer=anna, product=lamp, by=None)

    undone(batch)

    assert figures_of(anna)["owns"] == 0
    assert figures_of(anna)["spent"] == 100


def test_an_undo_that_is_asked_for_twice_is_one(store, lamp):
    batch = imported(store, TEXT)

    back = undone(batch)

    assert batches.undo(batch=batch, by=None) == back
    with pytest.raises(BatchRefused, match="An undo is not undone"):
        batches.undo(batch=back, by=None)


def test_two_files_undone_in_either_order(store, anna):
    before = held(store)
    one = imported(store, HEADER + "bert,,2026-06-01,Sofa,1,5,,Mall\n")
    two = imported(store, HEADER + "bert,,2026-06-02,Sofa,1,6,,Mall\n")

    undone(two)
    undone(one)
    assert held(store) == before

    one = imported(store, HEADER + "bert,,2026-06-01,Sofa,1,5,,Mall\n")
    two = imported(store, HEADER + "bert,,2026-06-02,Sofa,1,6,,Mall\n")
    undone(one)
    assert Customer.objects.get(username="bert").spent == 6
    undone(two)
    # The second file knew them already, and the first could not let them go.
    assert usernames(store) == ["anna", "bert"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL plans by what it counted")
def test_customers_and_purchases_are_counted_after_the_first_chunk(monkeypatch):
    """Until then each key is checked by an index over the whole store, and so in all chunks."""
    monkeypatch.setattr(kinds, "CHUNK", 100)
    monkeypatch.setattr(work, "CHUNK", 100)
    sales = "".join(f"buyer{number},2026-06-01,Lamp,3\n" for number in range(300))

    imported(make_store(), f"Customer,Date,Product,Amount\n{sales}")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples FROM pg_class"
            " WHERE relname IN ('customers_customer', 'customers_purchase')"
        )
        assert dict(cursor.fetchall()) == {"customers_customer": 100, "customers_purchase": 100}
