"""Making a store: staged as bare numbers, then each row written once, with final figures."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from tqdm import tqdm

from customers import closing
from customers.figures import YEAR
from customers.models import (
    CreditAccount,
    CreditEntry,
    Customer,
    CustomerCount,
    Purchase,
    SearchText,
    YearWindow,
)
from products.models import Category, Product, Vendor, VendorGroup
from storeadmin.generate import goods, people, sales, statements
from storeadmin.generate.bare import bare
from storeadmin.generate.names import CATEGORIES, GROUPS
from storeadmin.generate.plan import EPOCH, Plan
from stores.bulk import fill
from stores.models import Member, Role, Store, User

TABLES = (Customer, SearchText, CreditAccount, Purchase, CreditEntry)
STAGED, WRITTEN = 50_000, 500_000
MOMENTS = ("at", "joined", "removed", "deducted_at")


class SlugTaken(ValueError):
    """There is a store of that name already; nothing has changed."""


def generate(
    *, slug: str, customers: int, purchases: int, seed: int, owner: User | None = None
) -> Store:
    """Make a store, whole or not at all; constraints and triggers hold. Raises SlugTaken."""
    if Store.objects.filter(slug=slug).exists():
        raise SlugTaken(f"There is a store {slug} already.")
    with transaction.atomic():
        store = Store.objects.create(slug=slug, name=slug.replace("-", " ").capitalize())
        plan = Plan(customers, purchases, seed, store.today(), store.zone)
        _set_up()
        _stage(plan)
        _conclude(plan)
        keys = _keys(store, plan, owner)
        with bare(_coming(plan)) as tables:
            _write_rows(keys, sales_by="n" if Purchase in tables else "payer, n")
        YearWindow.objects.create(store=store, through=plan.today, time_zone=store.time_zone)
        CustomerCount.objects.create(store=store, listed=customers)
        if owner:
            Member.objects.create(store=store, user=owner, role=Role.OWNER)
        _drop_stages()
    _tidy()
    closing.close_days(store)
    return store


def _set_up() -> None:
    """On PostgreSQL keys are checked by statement: together the checks would fill the memory."""
    if _on_postgresql():
        _execute("SET CONSTRAINTS ALL IMMEDIATE")
        _execute("SET LOCAL work_mem = '128MB'")
        _execute("SET LOCAL jit = off")


def _stage(plan: Plan) -> None:
    """Put people and sales into temporary tables, as numbers that know nothing of keys to come."""
    members = people.members(plan)
    sold = sales.Sales(
        plan, articles=goods.articles(plan), places=goods.places(plan), members=members
    )
    _fill("made_person", people.Person, people.people(plan, members), plan.customers)
    _fill("made_sale", sales.Sale, sold, plan.purchases)


def _fill(table: str, shape: Any, rows: Iterable[tuple[Any, ...]], count: int) -> None:
    columns = [f"{name} {_type(name, kind)}" for name, kind in shape.__annotations__.items()]
    _execute(f"CREATE TEMP TABLE {table} ({', '.join(columns)})")
    rows = iter(tqdm(rows, table, count, disable=None))
    while chunk := list(islice(rows, STAGED)):
        if _on_postgresql():
            _copy(table, chunk)
        else:
            fill(f"INSERT INTO {table}", chunk)
    _look_at(table)


def _type(name: str, kind: type) -> str:
    if name == "n":
        return "integer PRIMARY KEY"
    if kind is str:
        return "text"
    return "bigint" if name in MOMENTS else "integer"


def _copy(table: str, rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _conclude(plan: Plan) -> None:
    """Work out figures, balances and chains, so that no row is written twice."""
    since = (plan.today - YEAR).toordinal() - EPOCH
    conclusions = tqdm(statements.CONCLUSIONS.items(), "figures", disable=None)
    for table, (columns, query) in conclusions:
        _execute(f"CREATE TEMP TABLE {table} (n integer PRIMARY KEY, {columns})")
        _execute(f"INSERT INTO {table} {query}", {"since": since})
        _look_at(table)


def _keys(store: Store, plan: Plan, owner: User | None) -> dict[str, int | None]:
    """What the statements are told: the number before the first key of each table."""
    return {
        "store": store.pk,
        "owner": owner.pk if owner else None,
        **_write_goods(store, plan),
        "customer": _reserve(Customer, plan.customers),
        "purchase": _reserve(Purchase, plan.purchases),
        "entry": _reserve(CreditEntry, _execute("SELECT COUNT(*) FROM made_entry")),
    }


def _coming(plan: Plan) -> dict[type[models.Model], int]:
    """How many rows each table will get."""
    return {
        **dict.fromkeys((Customer, SearchText, CreditAccount), plan.customers),
        Purchase: plan.purchases,
        CreditEntry: _execute("SELECT COUNT(*) FROM made_entry"),
    }


def _write_goods(store: Store, plan: Plan) -> dict[str, int]:
    categories = Category.objects.bulk_create(
        Category(store=store, name=name) for name in CATEGORIES
    )
    groups = VendorGroup.objects.bulk_create(
        VendorGroup(store=store, name=name, discount=discount)
        for name, discount in zip(GROUPS, goods.GROUP_DISCOUNTS, strict=True)
    )
    products = [
        Product(store=store, category=categories[category], **fields)
        for category, fields in map(goods.Article.fields, goods.articles(plan))
    ]
    vendors = [
        Vendor(store=store, group=groups[group], **fields)
        for group, fields in map(goods.Place.fields, goods.places(plan))
    ]
    return {"product": _create(products), "vendor": _create(vendors)}


def _create(rows: list[Any]) -> int:
    """Write rows under keys that follow one another; the number before the first of them."""
    model = type(rows[0])
    base = _reserve(model, len(rows))
    for number, row in enumerate(rows, start=1):
        row.pk = base + number
    model._default_manager.bulk_create(rows)
    _look_at(model._meta.db_table)
    return base


def _reserve(model: type[models.Model], count: int) -> int:
    """The number before the first of `count` keys that nobody else takes."""
    table = model._meta.db_table
    if _on_postgresql():
        return _execute(statements.RESERVE, {"table": table, "count": count}) - count
    return _execute(statements.LAST_KEY, {"table": table})


def _write_rows(keys: dict[str, int | None], *, sales_by: str) -> None:
    """Sales in the given order: in that of their numbers, or in that of the indexes there are."""
    if _on_postgresql():
        # A key is checked by one plan throughout, made when the tables have few rows.
        _execute("SET LOCAL enable_seqscan = off")
    for staged, sql in statements.ROWS:
        count = _execute(f"SELECT COUNT(*) FROM {staged}")  # noqa: S608
        sql = sql.format(sales_by=sales_by, **statements.DIALECTS[connection.vendor])
        table = sql.split()[2]
        with tqdm(desc=table, total=count, disable=None) as progress:
            for first in range(1, count + 1, WRITTEN):
                last = min(count, first + WRITTEN - 1)
                _execute(sql, {**keys, "first": first, "last": last})
                progress.update(last - first + 1)
        _look_at(table)
    if _on_postgresql():
        _execute("RESET enable_seqscan")


def _drop_stages() -> None:
    for table in ("made_person", "made_sale", *statements.CONCLUSIONS):
        _execute(f"DROP TABLE {table}")


def _look_at(table: str) -> None:
    """Let PostgreSQL know the new rows: without it keys are checked by the wrong index."""
    if _on_postgresql():
        _execute(f"ANALYZE {table}")


def _tidy() -> None:
    """Let SQLite know the new rows; on PostgreSQL finish the text index, mark what all can see."""
    if not _on_postgresql():
        _execute("PRAGMA analysis_limit = 1000")
        _execute("ANALYZE")
    elif not connection.in_atomic_block:
        for model in TABLES:
            _execute(f"VACUUM {model._meta.db_table}")


def _execute(sql: str, params: dict[str, Any] | None = None) -> Any:
    """Run a statement; the first value that it yields, if any."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


def _on_postgresql() -> bool:
    return connection.vendor == "postgresql"
