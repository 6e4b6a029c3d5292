"""Rules that the database itself keeps: they are there after the last migration, hold, and outlive a rebuilt table."""

import datetime as dt
import re
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import ProtectedError

from customers import credit, search
from customers.models import CreditEntry, Customer, Purchase
from loyalty.models import StoredQuote
from sales import deliveries, payouts
from sales.models import Answer, Attempt, DeliveryKind, Payout, PayoutKind, Return
from stores.constraints import FilledOnce, Immutable, SameStore, TextSearch
from stores.models import AuditEntry
from tests.factories import (
    buy,
    make_customer,
    make_product,
    make_quote,
    make_store,
    make_user,
    make_vendor,
)
from tests.stores import catalogue
from tests.stores.catalogue import Key, Trigger

ON_SQLITE = connection.vendor == "sqlite"


def declared(kind: type) -> list[tuple[type[models.Model], models.BaseConstraint]]:
    return [
        (model, constraint)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, kind)
    ]


def declared_keys() -> set[Key]:
    keys = set()
    for model, constraint in declared(SameStore):
        field = model._meta.get_field(constraint.field)
        target = field.related_model._meta
        keys.add(
            Key(
                model._meta.db_table,
                ("store_id", field.column),
                target.db_table,
                ("store_id", target.pk.column),
            )
        )
    return keys


def declared_triggers() -> set[Trigger]:
    triggers = set()
    for model, constraint in declared(Immutable):
        table = model._meta.db_table
        columns = {field.column for field in model._meta.concrete_fields}
        kept = frozenset(
            columns - {model._meta.get_field(name).column for name in constraint.except_for}
        )
        triggers.add(Trigger(table, f"{constraint.name}_update", "BEFORE UPDATE", kept))
        if not constraint.deletable:
            triggers.add(Trigger(table, f"{constraint.name}_delete", "BEFORE DELETE", frozenset()))
    for model, constraint in declared(FilledOnce):
        column = model._meta.get_field(constraint.field).column
        table = model._meta.db_table
        triggers.add(Trigger(table, constraint.name, "BEFORE UPDATE", frozenset({column})))
    if ON_SQLITE:
        triggers |= search_triggers()
    return triggers


def search_triggers() -> set[Trigger]:
    return {
        Trigger(
            "customers_searchtext", f"customers_search_{event.lower()}", f"AFTER {event}", columns
        )
        for event, columns in (
            ("INSERT", frozenset()),
            ("DELETE", frozenset()),
            ("UPDATE", frozenset({"text"})),
        )
    }


def assert_all_rules_stand() -> None:
    assert catalogue.triggers() == declared_triggers()
    assert catalogue.composite_keys() == declared_keys()
    assert_search_index_stands()


def assert_search_index_stands() -> None:
    index = catalogue.index_sql("customers_search")
    if ON_SQLITE:
        assert index and index.startswith(
            'CREATE VIRTUAL TABLE "customers_search" USING fts5("text", '
        )
        options = dict(re.findall(r"""(\w+)=["']?(\w+)""", index))
        assert [options.get(name) for name in ("content", "content_rowid", "tokenize")] == [
            "customers_searchtext",
            "customer_id",
            "trigram",
        ]
        catalogue.fetch(
            "INSERT INTO customers_search (customers_search) VALUES ('integrity-check')"
        )
    else:
        assert index == (
            "CREATE INDEX customers_search ON public.customers_searchtext"
            " USING gin (store_id, text gin_trgm_ops)"
        )


@pytest.mark.django_db
class TestAfterTheLastMigration:
    def test_the_append_only_tables_are_those_of_the_design(self):
        found = {
            model: (constraint.except_for, constraint.deletable)
            for model, constraint in declared(Immutable)
        }

        assert found == {
            AuditEntry: ((), False),
            CreditEntry: ((), False),
            Purchase: (("removed_at", "counts_on"), True),
            StoredQuote: (("purchase",), True),
            Answer: ((), True),
            Attempt: ((), False),
            Payout: (
                (
                    "state",
                    "vendor",
                    "claimed_at",
                    "ended_at",
                    "attempts",
                    "transaction",
                    "note",
                    "by",
                ),
                False,
            ),
            Return: ((), False),
        }

    def test_the_fields_that_are_filled_once(self):
        found = {(model, constraint.field) for model, constraint in declared(FilledOnce)}

        assert found == {(StoredQuote, "purchase")}

    def test_triggers_cover_every_column_but_the_excepted(self):
        assert catalogue.triggers() == declared_triggers()

    def test_composite_keys_are_those_declared(self):
        assert catalogue.composite_keys() == declared_keys()

    def test_composite_keys_carry_their_names(self):
        for model, constraint in declared(SameStore):
            if ON_SQLITE:
                assert f'CONSTRAINT "{constraint.name}"' in catalogue.table_sql(
                    model._meta.db_table
                )
            else:
                found = "SELECT contype FROM pg_constraint WHERE conname = %s"
                assert catalogue.fetch(found, [constraint.name]) == [("f",)]

    def test_every_link_between_rows_of_stores_is_held_by_a_composite_key(self):
        of_a_store = {
            model
            for model in apps.get_models()
            if any(field.name == "store" for field in model._meta.fields)
        }
        links = {
            (model, field.name)
            for model in of_a_store
            for field in model._meta.fields
            if field.related_model in of_a_store
        }

        held = {(model, constraint.field) for model, constraint in declared(SameStore)}

        assert held == links

    def test_the_search_index_is_there(self):
        assert [(model._meta.label, one.field) for model, one in declared(TextSearch)] == [
            ("customers.SearchText", "text")
        ]
        assert_search_index_stands()


@pytest.fixture
def append_only_rows(db):
    """One row in each of the append-only tables."""
    customer = make_customer(make_store(), credit=50)
    store, product = customer.store, make_product(customer.store)
    purchase = buy(customer, product)
    delivery = deliveries.queue(
        purchase=purchase, recipient=customer, product=product, kind=DeliveryKind.SALE
    )
    return {
        AuditEntry: AuditEntry.objects.get(),
        CreditEntry: CreditEntry.objects.get(),
        Purchase: purchase,
        StoredQuote: make_quote(product),
        Answer: Answer.objects.create(
            store=store, vendor=make_vendor(store), key="1", fingerprint="", status=200, body="{}"
        ),
        Attempt: deliveries.keep_attempt(delivery, note="sent"),
        Payout: payouts.owe(kind=PayoutKind.REFUND, payee=customer, amount=4, purchase=purchase),
        Return: Return.objects.create(purchase=purchase, store=store),
    }


def refused():
    """The database refuses the statement, and the transaction around it goes on."""

    @contextmanager
    def block():
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            yield

    return block()


COLUMNS = [
    pytest.param(model, field.column, id=f"{model.__name__}.{field.name}")
    for model, constraint in declared(Immutable)
    for field in model._meta.concrete_fields
    if field.name not in constraint.except_for
]


@pytest.mark.parametrize(("model", "column"), COLUMNS)
def test_no_column_of_an_append_only_row_is_written_again(
    append_only_rows, unchanged, model, column
):
    quote = connection.ops.quote_name

    with unchanged(), refused(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} SET {quote(column)} = {quote(column)}"  # noqa: S608
        )


@pytest.mark.parametrize("model", [AuditEntry, CreditEntry, Purchase])
def test_saving_an_append_only_row_again_is_refused(append_only_rows, unchanged, model):
    with unchanged(), refused():
        append_only_rows[model].save()


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (AuditEntry, {"action": "x"}),
        (CreditEntry, {"delta": 7}),
        (Purchase, {"money": 7, "price": 7}),
    ],
)
def test_updating_append_only_rows_is_refused(append_only_rows, unchanged, model, values):
    with unchanged(), refused():
        model.objects.update(**values)


@pytest.mark.parametrize("model", [AuditEntry, CreditEntry])
def test_deleting_entries_is_refused(append_only_rows, unchanged, model):
    with unchanged(), refused():
        append_only_rows[model].delete()
    with unchanged(), refused():
        model.objects.all().delete()
    with unchanged(), refused(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608


def test_a_purchase_is_marked_as_removed(append_only_rows):
    moment = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)

    Purchase.objects.update(removed_at=moment)

    assert Purchase.objects.get().removed_at == moment


class TestSoldUnderAQuote:
    @pytest.fixture
    def sold(self, append_only_rows):
        """A quote with the purchase that was made under it."""
        assert StoredQuote.objects.update(purchase=append_only_rows[Purchase]) == 1
        return append_only_rows[StoredQuote]

    def test_the_purchase_of_a_quote_is_filled_in(self, append_only_rows, sold):
        assert StoredQuote.objects.get().purchase == append_only_rows[Purchase]

    def test_it_is_no_other_one_afterwards(self, sold, unchanged):
        other = buy(make_customer(sold.store), sold.product)

        with unchanged(), refused():
            StoredQuote.objects.update(purchase=other)

    def test_it_is_not_taken_out(self, sold, unchanged):
        with unchanged(), refused():
            StoredQuote.objects.update(purchase=None)

    def test_one_that_never_sold_is_deleted(self, append_only_rows):
        assert StoredQuote.objects.all().delete()[0] == 1


def test_whoever_has_entries_is_not_deleted(unchanged, db):
    user = make_user()
    customer = make_customer(make_store())
    credit.grant(customer=customer, balance="credit", amount=5, by=user)

    for row in (customer.account, customer, customer.store, user):
        with unchanged(), pytest.raises(ProtectedError):
            row.delete()


@contextmanager
def migrated(operation: migrations.operations.base.Operation, app: str):
    """The operation has run, as in a later migration; at the end it runs backwards."""
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    operation.state_forwards(app, after)
    with connection.schema_editor() as editor:
        operation.database_forwards(app, editor, before, after)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            operation.database_backwards(app, editor, after, before)


NULLABLE = [
    ("stores", "auditentry", "action", models.CharField(max_length=40, null=True)),
    ("products", "product", "name", models.CharField(max_length=200, null=True)),
    ("customers", "customer", "note", models.TextField(blank=True, max_length=2000, null=True)),
    ("customers", "oldname", "username", models.CharField(max_length=64, null=True)),
    ("customers", "searchtext", "text", models.TextField(null=True)),
    ("customers", "creditaccount", "listed", models.BooleanField(default=True, null=True)),
    ("customers", "creditentry", "note", models.CharField(max_length=200, blank=True, null=True)),
    ("customers", "purchase", "receipt", models.CharField(max_length=64, blank=True, null=True)),
    ("loyalty", "storedquote", "body", models.JSONField(null=True)),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("app", "model", "name", "field"), NULLABLE, ids=[row[1] for row in NULLABLE]
)
def test_an_altered_column_leaves_rules_and_rows_in_place(unchanged, app, model, name, field):
    """SQLite makes the whole table anew."""
    jane = make_customer(make_store(), "Jane Doe", credit=50)
    buy(jane, make_product(jane.store))

    with unchanged(), migrated(migrations.AlterField(model, name, field), app):
        assert_all_rules_stand()
        with refused():
            CreditEntry.objects.update(delta=7)
        assert find(jane.store, "ne.do") == [jane]

    assert_all_rules_stand()
    assert find(jane.store, "ne.do") == [jane]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", ["customer", "oldname", "searchtext", "creditaccount"])
def test_an_added_and_removed_column_leaves_rules_and_rows_in_place(unchanged, model):
    jane = make_customer(make_store(), "Jane Doe", credit=50)
    buy(jane, make_product(jane.store))
    extra = migrations.AddField(model, "extra", models.IntegerField(default=0))

    with unchanged(), migrated(extra, "customers"):
        assert catalogue.triggers() == declared_triggers()
        assert catalogue.composite_keys() == declared_keys()
        assert find(jane.store, "ne.do") == [jane]

    assert_all_rules_stand()


@pytest.mark.skipif(not ON_SQLITE, reason="only SQLite makes a table anew for a column more")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("app", "model"),
    [("customers", "creditentry"), ("customers", "purchase"), ("stores", "auditentry")],
)
def test_a_column_added_to_an_append_only_table_is_covered(app, model):
    table = apps.get_model(app, model)._meta.db_table
    (rule,) = [
        one for one in apps.get_model(app, model)._meta.constraints if isinstance(one, Immutable)
    ]
    before = catalogue.triggers()
    extra = migrations.AddField(model, "extra", models.IntegerField(default=0))

    with migrated(lifted_round(extra, model, rule), app):
        (update,) = [one for one in catalogue.triggers() if one.name == f"{rule.name}_update"]
        assert (update.table, "extra" in update.columns) == (table, True)

    assert catalogue.triggers() == before
    assert catalogue.composite_keys() == declared_keys()


def lifted_round(operation, model, rule):
    """A column of an append-only table is changed with its rule away: triggers hold on to their columns."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RemoveConstraint(model, rule.name),
            operation,
            migrations.AddConstraint(model, rule),
        ],
        state_operations=[operation],
    )


def find(store, term):
    return list(Customer.objects.filter(pk__in=search.matching(store, term)))


@pytest.mark.django_db
def test_a_statement_refused_for_one_row_changes_none(append_only_rows, unchanged):
    buy(make_customer(make_store()), None)

    with unchanged(), pytest.raises(DatabaseError), transaction.atomic():
        Purchase.objects.update(quantity=2)
