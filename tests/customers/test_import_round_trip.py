"""What the export writes the import reads: nothing changes, whatever stands in it; and an undo leaves nothing behind."""

import uuid

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from customers import books, columns, profiles, search
from customers.imports import judging
from customers.models import Customer, CustomerCount, LineState
from stores.models import Batch, Store
from stores.sheet_dialects import SheetError
from tests.changes import applied, undone
from tests.factories import (
    buy,
    make_customer,
    make_plain_store,
    make_product,
    make_store,
    set_window,
)
from tests.imported import held, imported, people, previewed, staged, states, told
from tests.rolled_back import rolled_back
from tests.sheets import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_clean")]
NOTES = [
    '=HYPERLINK("http://evil.example","x")',
    "'=1",
    "''=1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1",
    "\t=1",
    "'",
    "''",
    "'anna",
    "one\ntwo",
    "one\r\ntwo\r\n\r\nthree",
    "one\rtwo",
    "  spaces around  \n\n",
    "\n\nlines around\n\n",
    'a "quote", and ; | \t signs',
    '"',
    ",,,",
    "a\u2028b\u2029c\x85d",
    "שרה \u202eלוי\u202c",
    "\uff1d1",
    "x" * 2000,
    "1,000",
    "yes",
    "0",
    "   ",
    "",
]
NAMES = [
    "=HYPERLINK(1)",
    "'=1",
    "+1",
    "-anna",
    "@anna",
    "'anna",
    "Jane Doe",
    "שרה לוי",
    "a,b;c|d",
    '"quoted"',
    "123",
    "yes",
    "UUID",
    "x" * 64,
    "ß",
]


def exported(store: Store) -> bytes:
    """The file that the Customers page offers."""
    answer = signed_in(store).get(f"/stores/{store.slug}/customers/export.csv")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def comes_back_unchanged(store: Store) -> None:
    """The export imported again, in each way that does not add."""
    data = exported(store)
    number = Customer.objects.filter(store=store, archived_at=None).count()
    for mode in (judging.SET, judging.SKIP):
        batch = previewed(store, data, mode=mode)
        wrong = [
            why
            for why in told(batch, "state", "changes", "column", "reason", "cells")
            if why[1] not in (LineState.SAME, LineState.SKIPPED)
        ]
        assert wrong == []
        assert len(states(batch)) == number
    before = held(store)
    applied(previewed(store, data))
    assert held(store) == before


@pytest.fixture
def plain():
    store = make_plain_store("candles")
    set_window(store, store.today())
    return store


@pytest.fixture
def lamps():
    store = make_store("lamps")
    set_window(store, store.today())
    return store


def test_notes_of_all_kinds(plain):
    for number, note in enumerate(NOTES):
        customer = make_customer(plain, f"c{number}")
        Customer.objects.filter(pk=customer.pk).update(note=note)

    comes_back_unchanged(plain)


def test_names_of_all_kinds(plain):
    for name in NAMES:
        make_customer(plain, name, email=f"'+{abs(hash(name))}@example.org", credit=5)

    comes_back_unchanged(plain)


@pytest.mark.parametrize("currency", ["L$", "USD", "JPY", "KWD", "EUR"])
def test_amounts_of_each_currency(currency):
    store = make_store("coins", currency=currency)
    set_window(store, store.today())
    for number, amount in enumerate([0, 1, 9, 10, 99, 100, 999, 1_000, 1_001, 123_456, 10**12]):
        make_customer(store, f"c{number}", credit=amount, restricted=number)

    comes_back_unchanged(store)


def test_amounts_that_all_may_be_thousands_are_asked_about():
    """Dinars have three digits: 100.500 may be a hundred and a half, or a hundred thousand."""
    store = make_store("coins", currency="KWD")
    set_window(store, store.today())
    make_customer(store, "anna", credit=100_500, restricted=1_234)

    with pytest.raises(SheetError, match=r"Amounts such as 100\.500 on line 2"):
        previewed(store, exported(store))
    assert states(previewed(store, exported(store), decimal="point")) == ["same"]


def test_all_that_a_customer_has(lamps):
    anna = make_customer(
        lamps, "jane.doe", uuid=uuid.uuid4(), email="j@example.org", credit=50, restricted=7
    )
    make_customer(lamps, "bert")
    buy(anna, make_product(lamps), money=70, credit=20)
    Customer.objects.filter(pk=anna.pk).update(
        discount=100, subscriber=True, subscriber_source="in_world", group_member=True, note="=1\n2"
    )
    profiles.correct(customer=anna, username="jane.roe", by=None)
    profiles.archive(customer=make_customer(lamps, "carla"), by=None)

    comes_back_unchanged(lamps)


def test_an_export_into_another_store_makes_the_same_customers(lamps):
    anna = make_customer(lamps, "anna", uuid=uuid.uuid4(), credit=50, restricted=7)
    Customer.objects.filter(pk=anna.pk).update(
        discount=5, subscriber=True, group_member=True, note="two\nlines", email="a@example.org"
    )
    make_customer(lamps, "bert")
    other = make_store("elsewhere")

    batch = imported(other, exported(lamps))

    assert states(batch) == ["new", "new"]
    names = ("uuid", "note", "email", "discount", "subscriber", "group_member", "balances")
    assert {name: [one[field] for field in names] for name, one in people(other).items()} == {
        name: [one[field] for field in names] for name, one in people(lamps).items()
    }


def test_what_is_changed_in_the_export_is_all_that_changes(lamps):
    make_customer(lamps, "anna", credit=50)
    make_customer(lamps, "bert", credit=60)
    text = exported(lamps).decode().replace("60", "61")

    batch = imported(lamps, text)

    assert sorted(states(batch)) == ["changed", "same"]
    assert [people(lamps)[name]["balances"] for name in ("anna", "bert")] == [(50, 0), (61, 0)]


# Anything at all

PEOPLE = [f"p{number}" for number in range(5)]
KEYS = [uuid.UUID(int=number) for number in range(1, 6)]
CUSTOMERS = st.lists(
    st.fixed_dictionaries(
        {
            "uuid": st.booleans(),
            "credit": st.sampled_from([0, 5, 40, 100]),
            "restricted": st.sampled_from([0, 5]),
            "discount": st.sampled_from([0, 5, 100]),
            "note": st.sampled_from(["", "=1", "a\nb"]),
            "email": st.sampled_from(["", "a@example.org"]),
            "subscriber": st.booleans(),
            "subscriber_source": st.sampled_from(["hand", "in_world", "import"]),
            "group_member": st.booleans(),
            "renamed": st.booleans(),
            "archived": st.sampled_from([False, False, False, False, False, True]),
        }
    ),
    min_size=2,
    max_size=4,
)
# Name and uuid, mostly of one person.
WHO = st.one_of(
    st.tuples(st.integers(0, 4), st.sampled_from(["", "renamed."])).map(
        lambda one: f"{one[1]}{PEOPLE[one[0]]},{KEYS[one[0]]}"
    ),
    st.sampled_from(PEOPLE).map("{},".format),
    st.tuples(
        st.sampled_from([*PEOPLE, "P1", "old.p2", "new", "no name at all", ""]),
        st.sampled_from(["", *map(str, KEYS)]),
    ).map(",".join),
)
LINES = st.lists(
    st.tuples(
        WHO,
        st.sampled_from(["", "a@example.org", "b@example.org"]),
        st.sampled_from(["", "'=1", "new", '"a\nb"']),
        st.sampled_from(["", "", "0", "1", "7", "100", "-5", "x"]),
        st.sampled_from(["", "", "0", "1", "200"]),
        st.sampled_from(["", "0", "5", "100"]),
        st.sampled_from(["", "yes", "no", "x"]),
        st.sampled_from(["", "yes", "no"]),
    ).map(",".join),
    min_size=3,
    max_size=8,
)
HEADER = ",".join(
    [
        columns.USERNAME,
        columns.UUID,
        columns.EMAIL,
        columns.NOTE,
        columns.CREDIT,
        columns.RESTRICTED,
        columns.DISCOUNT,
        columns.SUBSCRIBER,
        columns.GROUP_MEMBER,
    ]
)


TAKEN = ("new", "changed", "same", "skipped")


def furnish(store: Store, customers: list[dict]) -> None:
    """Make customers, the first ones by the names and keys that the lines have too."""
    for name, key, one in zip(PEOPLE, KEYS, customers, strict=False):
        made = make_customer(
            store,
            f"old.{name}" if one["renamed"] else name,
            uuid=key if one["uuid"] else None,
            credit=one["credit"],
            restricted=one["restricted"],
        )
        if one["renamed"]:
            profiles.correct(customer=made, username=name, by=None)
        fields = ("discount", "note", "email", "subscriber", "group_member", "subscriber_source")
        Customer.objects.filter(pk=made.pk).update(**{name: one[name] for name in fields})
        made.refresh_from_db()
        search.index(made)
        if one["archived"]:
            profiles.archive(customer=made, by=None)


def without_those_made(store: Store, known: set[int]) -> dict:
    """What the store holds, less customers whom the import made and had to keep, which are archived and empty."""
    made = Customer.objects.filter(store=store).exclude(pk__in=known)
    for one in made.select_related("account"):
        assert one.archived_at is not None
        assert (one.account.credit, one.account.restricted) == (0, 0)
    gone = set(made.values_list("pk", flat=True))
    rows = held(store, entries=False)
    return {
        label: [
            row
            for row in those
            if not {row.get("id") if label == "customers.Customer" else row.get("customer_id")}
            & gone
        ]
        for label, those in rows.items()
    }


ANYTHING = given(
    CUSTOMERS,
    LINES,
    st.sampled_from([judging.SET, judging.ADD, judging.SKIP]),
    st.booleans(),
    st.integers(1, 4),
)


@settings(max_examples=30)
@ANYTHING
def test_import_and_undo_leave_nothing_behind(customers, lines, mode, lifts, chunk):
    import_and_undo(customers, lines, mode, lifts, chunk)


@pytest.mark.slow
@settings(max_examples=1_000, derandomize=False)
@ANYTHING
def test_many_imports_and_undos_leave_nothing_behind(customers, lines, mode, lifts, chunk):
    import_and_undo(customers, lines, mode, lifts, chunk)


def import_and_undo(customers, lines, mode, lifts, chunk):
    with rolled_back(), pytest.MonkeyPatch.context() as patch:
        store = make_store()
        furnish(store, customers)
        CustomerCount.objects.get_or_create(store=store)
        known = set(Customer.objects.filter(store=store).values_list("pk", flat=True))
        before = held(store, entries=False)
        for place in ("customers.imports.kinds", "stores.batches.deeds"):
            patch.setattr(f"{place}.CHUNK", chunk)

        batch = previewed(
            store, f"{HEADER}\n" + "\n".join(lines) + "\n", mode=mode, lifts_opt_out=lifts
        )
        assert held(store, entries=False) == before
        for line in staged(batch):
            event(" ".join([line.state, *sorted(line.changes.keys() & {"username", "uuid"})]))
        as_it_shall_be = foretold(store, batch)
        applied(batch)
        assert batch_is_done(batch)
        assert {name: one["balances"] for name, one in people(store).items()} == as_it_shall_be
        again = previewed(
            store, f"{HEADER}\n" + "\n".join(lines) + "\n", mode=mode, lifts_opt_out=lifts
        )
        if mode != judging.ADD:
            assert [
                pair for pair in zip(states(batch), states(again), strict=True) if is_new(*pair)
            ] == []
        back = undone(batch)

        assert back.state == "done"
        assert (back.counts.get("kept", 0), back.counts.get("short", 0)) == (0, 0)
        assert without_those_made(store, known) == before
        assert books_of(store) == []


def is_new(before: str, now: str) -> bool:
    """Whether a line that was taken, or stood there twice, does something when it comes again."""
    return before in (*TAKEN, "refused") and now in ("new", "changed")


def foretold(store: Store, batch: Batch) -> dict:
    """The balances of everybody as the lines of the preview have them."""
    balances = {name: one["balances"] for name, one in people(store).items()}
    for line in staged(batch):
        if line.state in ("new", "changed"):
            credit, restricted = balances.pop(line.username, (0, 0))
            name = line.changes.get("username", [None, line.username])[1]
            balances[name] = (credit + line.credit_asked, restricted + line.restricted_asked)
    return dict(sorted(balances.items()))


def batch_is_done(batch: Batch) -> bool:
    batch.refresh_from_db()
    return (batch.state, batch.handled) == ("done", batch.planned)


def books_of(store: Store) -> list[str]:
    return [str(one) for one in books.check(store)]
