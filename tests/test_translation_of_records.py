"""What the program writes down in words goes through gettext: titles of changes, whom they are for, why a line of a file
was refused or left.
"""

import re
from collections.abc import Iterable, Iterator
from uuid import UUID

import pytest
import time_machine

from customers import bans, credit, profiles
from customers.models import Balance, Customer, CustomerLine
from loyalty import ladder
from loyalty.drafts import Row
from sales import cancelling, deliveries, payouts, returns
from sales.mapping import FIELDS
from sales.models import Attempt, Delivery, Payout, SaleRow
from sales.reader import open_sales
from stores.batches import kind_of, kinds
from stores.models import Batch, Store
from stores.sheet_dialects import SheetError
from tests import imported
from tests.changes import applied, credit_change, undone
from tests.doors.conftest import NOW
from tests.factories import buy, make_customer, make_member, make_product, make_store, make_tier
from tests.grown import grow
from tests.marked import marked, unmarked
from tests.sales import imported as sales_imported

DATA = re.compile(
    r"\bhome\w*(?:\.\w+)?|L\$|\bProduct \d+|\b(?:people|sales)\.csv|U\+\w+|UTF-8|'\w*'"
)
# Headers of a file, and the words of options, which are written as they are told.
OPTIONS = re.compile(
    rf"{DATA.pattern}|\b(?:Customer|Buyer|Date|Amount|Price|Other|dates|auto|day-first|month-first|iso"
    rf"|{'|'.join(FIELDS)})\b"
)
ONE, OTHER, NOBODY = (UUID(int=number) for number in (1, 2, 3))
# A line of a customer file for each thing that can be wrong with one.
PEOPLE = {
    "Username": ["x" * 65, "a\x01b", "home-x", "lost\N{REPLACEMENT CHARACTER}"],
    "UUID": ["x"],
    "E-mail": ["x@"],
    "Note": ["x" * 2_001],
    "Credit": ["x", "1.5", "1,50", "1e5", "٣", "9" * 13, "9" * 65, "-1"],
    "Discount %": ["101"],
    "Group Member": ["maybe"],
}
# And of a sales file with its decimals and its days told.
SALES = {
    "Customer": [""],
    "UUID": ["x"],
    "Date": ["", "x", "31.12", "13/13/2020", "2020-13-13", "1969-01-01", "2999-01-01"],
    "Quantity": ["0", "1.5", "9" * 7, ""],
    "Price": ["x", "-1", "1.555", "9" * 12],
}
COMMAS = "," * 6
SALE = {
    "Customer": "home.zoe",
    "UUID": "",
    "Date": "2020-01-02",
    "Quantity": "2",
    "Price": "1.50",
    "Product": "home lamp",
}


@pytest.fixture(autouse=True)
def spoken(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=True), marked():
        yield


@pytest.fixture
def store() -> Store:
    return make_store(name="home store")


def left(words: Iterable[str], data: re.Pattern[str] = DATA) -> list[str]:
    """What is not translated."""
    return list(unmarked(words, data, set()))


def faulty(cells: dict[str, list[str]], **others: str) -> list[dict[str, str]]:
    """A line for each of the cells, which is sound but for that one."""
    return [{**others, column: cell} for column, faults in cells.items() for cell in faults]


def sheet(lines: list[dict[str, str]]) -> str:
    columns = list(dict.fromkeys(column for line in lines for column in line))
    rows = [columns, *([line.get(column, "") for column in columns] for line in lines)]
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def reasons(batch: Batch, lines: type[CustomerLine | SaleRow] = CustomerLine) -> list[str]:
    """Why lines of a file were not taken, or not taken as they came."""
    return list(lines.objects.filter(batch=batch).order_by("line").values_list("reason", flat=True))


def test_every_kind_of_change_has_a_title(store):
    grow(store, 1)
    make_tier(store, 1, 20)
    member = make_member(store)
    Customer.objects.filter(store=store).update(spent=2)
    ladder.save(
        store=store, rows=[Row(1, "global", 5, False)], opened_version=0, keep_earned=True, by=None
    )
    for batch in Batch.objects.filter(undoes=None, store=store):
        if batch.has_ended and kind_of(batch).undo_kind:
            undone(batch, by=member.user)
    credit_change(store=store, by=member.user, credit=1)
    credit_change(store=store, by=member.user, credit=1, spent=("less", 5))
    made = Batch.objects.filter(store=store)

    assert {batch.kind for batch in made} == kinds._kinds.keys()
    assert left(batch.title for batch in made) == []
    whom = [
        batch.asked[name]["words"]
        for batch in made
        for name in ("audience", "selection")
        if name in batch.asked
    ]
    assert len(set(whom)) >= 3
    assert left(whom) == []


def test_why_lines_of_customers_are_refused(store):
    make_customer(store, "home.one", uuid=ONE)
    make_customer(store, "home.two", uuid=OTHER)
    profiles.archive(customer=make_customer(store, "home.gone"), by=None)
    lines = faulty(PEOPLE, Username="home.zoe")
    lines += [
        {"Username": "home.one", "UUID": str(OTHER)},
        {"Username": "home.one", "UUID": str(NOBODY)},
        {"UUID": str(NOBODY)},
        {"Username": "home.gone"},
        {"Note": "home word"},
    ]
    content = f'{sheet(lines)}"home"zoe,\n"home.zoe"\n"home.twin"{COMMAS}\n"home.twin"{COMMAS}\n'
    batch = imported.previewed(store, content)
    *refused, twin = reasons(batch)

    assert refused[-1] == ""
    assert all([*refused[:-1], twin])
    assert left([*refused, twin]) == []


def test_why_lines_of_sales_are_refused(store):
    Store.objects.filter(pk=store.pk).update(currency="USD")
    store.refresh_from_db()
    content = sheet(faulty(SALES, **SALE))
    batch = sales_imported.previewed(store, content, dates="day-first", decimal="point")
    said = reasons(batch, SaleRow)

    assert all(said)
    assert left(said) == []


def test_why_lines_were_not_done_or_not_taken_back(store):
    """Somebody was archived after the preview, others bought, were edited or spent theirs before the undo."""
    people = {name: make_customer(store, f"home.{name}") for name in ("gone", "edited", "spent")}
    lines = [f"home.{name},5,home word" for name in (*people, "fresh")]
    batch = imported.previewed(store, "\n".join(["Username,Credit,Note", *lines]))
    profiles.archive(customer=people["gone"], by=None)
    applied(batch)
    wanted = {"note": "home other"}
    profiles.edit(customer=people["edited"], by=None, opened={"note": "home word"}, fields=wanted)
    credit.take(customer=people["spent"], balance=Balance.CREDIT, amount=5, by=None)
    buy(Customer.objects.get(username="home.fresh"), make_product(store, "home lamp"))
    said = [*reasons(batch), *reasons(undone(batch))]

    assert len(set(said)) >= 5
    assert left(said) == []


def test_what_is_noted_of_deliveries_and_payouts(store):
    lamp, by = make_product(store, "home lamp"), make_member(store).user
    bought = [buy(make_customer(store, f"home.{name}"), lamp) for name in "abcd"]
    waiting = [
        deliveries.queue(kind="sale", purchase=one, recipient=one.recipient, product=lamp)
        for one in bought
    ]
    cancelling.of_purchase(purchase=bought[0])
    cancelling.of_purchase(purchase=bought[1], why=returns.RETURNED)
    bans.ban(customer=bought[2].recipient, reason="home word", by=by)
    deliveries.take_up(store=store, limit=9)
    deliveries.report(delivery=waiting[3], done=False)
    deliveries.report(delivery=waiting[3], done=True)
    owed = payouts.owe(kind="refund", payee=bought[0].payer, amount=1, purchase=bought[0])
    payouts.mark_paid(payout=owed, by=by)
    noted = [
        note
        for model in (Delivery, Attempt, Payout)
        for note in model.objects.exclude(note="").values_list("note", flat=True)
    ]

    assert len(set(noted)) == 6
    assert left(noted) == []


@pytest.mark.parametrize("how", [{}, {"decimal": "point", "dates": "iso"}])
def test_how_a_file_of_sales_was_read(store, how, tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text("Customer,Date,Amount,Price,Other\nhome.zoe,2020-01-02,1.50,2,x\n")
    read = {"digits": 2, "zone": store.zone, "today": store.today()}

    assert left(open_sales(file, **read, **how).notes, OPTIONS) == []


@pytest.mark.parametrize(
    ("content", "how"),
    [
        ("", {}),
        ("Customer,Date,Amount\n", {}),
        ("Customer,Date\nhome.zoe,2020-01-02\n", {}),
        ("Customer,Buyer,Date,Amount\nhome.zoe,,2020-01-02,1\n", {}),
        ("Customer,Date,Amount\nhome.zoe,1/2/2020,1\n", {}),
        ("Customer,Date,Amount\nhome.zoe,2020-01-02,1.234\n", {}),
        ("Customer,Date,Amount\nhome.zoe,2020-01-02,1\n", {"mapping": "x"}),
        ("Customer,Date,Amount\nhome.zoe,2020-01-02,1\n", {"mapping": ""}),
        ("Customer,Date,Amount\nhome.zoe,2020-01-02,1\n", {"mapping": "home=Date"}),
        ("Customer,Date,Amount\nhome.zoe,2020-01-02,1\n", {"mapping": "date=home"}),
        ("Customer,Date,Amount\nhome.zoe,2020-01-02,1\n", {"dates": "home"}),
        ("Customer,Date,Amount\nhome.zoe,2020-01-02,1\n", {"encoding": "home"}),
    ],
)
def test_why_a_file_cannot_be_read(store, content, how, tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text(content)
    with pytest.raises(SheetError) as refused:
        open_sales(file, digits=2, zone=store.zone, today=store.today(), **how)

    assert left([str(refused.value)], OPTIONS) == []
