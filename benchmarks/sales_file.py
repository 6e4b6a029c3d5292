"""A sales file into a new store: by the shell, and in four steps as on the page."""

import csv
import datetime as dt
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.core.files.base import File
from django.db.models import Count, Sum

from benchmarks import sales_floor
from benchmarks.clock import Cost, cost, medians
from benchmarks.ground import Ground, carry_out, tidy
from benchmarks.report import Line
from customers.models import Customer, Purchase
from sales.imports import file, kinds, streaming
from sales.imports.file import Reading
from sales.reader import open_sales
from stores import batches, uploads
from stores.models import Member, NameRule, Role, State, Store

GOAL = 2.0
HEADER = ("customer", "date", "quantity", "amount")
# As in the files that shops send: three sales a customer.
SALES_EACH = 3


class Differs(Exception):
    """Two ways did not write the same: there is nothing to compare."""


def measure(ground: Ground) -> Iterator[Line]:
    lines = ground.purchases
    ways = {"shell": _by_shell, "page": _by_page, "floor": _by_hand}
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    numbers = count(1)
    with TemporaryDirectory() as folder:
        path = Path(folder, "sales.csv")
        for round_ in range(ground.rounds):
            _write(path, lines, seed=round_)
            results = set()
            for name in sorted(ways, reverse=bool(round_ % 2)):
                store = _store(ground, next(numbers))
                tidy()
                costs[name].append(cost(lambda way=ways[name], to=store: way(ground, to, path)))  # type: ignore[misc]
                results.add(_result(store))
            if len(results) > 1:
                raise Differs(results)
    spent = {name: medians(several) for name, several in costs.items()}
    for name, words in (("shell", "by the shell"), ("page", "with preview, on the page")):
        rate = f"{lines / spent[name].wall:,.0f} lines/s"
        work = f"import of a sales file {words}"
        yield Line(work, spent[name], spent["floor"], GOAL, note=rate)


def _by_shell(ground: Ground, store: Store, path: Path) -> None:
    digits, zone = store.money.digits, store.zone
    sales = open_sales(str(path), digits=digits, zone=zone, today=store.today())
    for _ in streaming.import_sales(store=store, lines=sales, by=ground.owner):
        pass


def _by_page(ground: Ground, store: Store, path: Path) -> None:
    with path.open("rb") as stream:
        upload = uploads.keep(store=store, file=File(stream, name=path.name), by=ground.owner)
    sheet = file.recognise(uploads.opener(upload), Reading())
    batch = kinds.draft(
        upload=upload, reading=Reading(), sheet=sheet, fields=sheet.fields, by=ground.owner
    )
    carry_out(batch, State.PREVIEWED)
    batches.apply(batch=batch, by=ground.owner)
    carry_out(batch, State.DONE)


def _by_hand(ground: Ground, store: Store, path: Path) -> None:
    sales_floor.write(store, path)


def _store(ground: Ground, number: int) -> Store:
    store = Store.objects.create(
        slug=f"sales-{number}",
        name=f"Sales {number}",
        currency="USD",
        name_rule=NameRule.PLAIN,
        time_zone="UTC",
    )
    Member.objects.create(store=store, user=ground.owner, role=Role.OWNER)
    return store


def _write(path: Path, lines: int, *, seed: int) -> None:
    dice, today = Random(seed), dt.date(2026, 6, 15)
    with path.open("w", encoding="utf-8", newline="") as written:
        writer = csv.writer(written)
        writer.writerow(HEADER)
        for _ in range(lines):
            day = today - dt.timedelta(days=dice.randrange(1_000))
            name = f"c{dice.randrange(max(1, lines // SALES_EACH)):07}"
            writer.writerow((name, day, dice.randint(1, 5), f"{dice.randrange(1, 200)}.99"))


def _result(store: Store) -> tuple[object, ...]:
    figures = Customer.objects.filter(store=store).aggregate(
        Count("pk"), Sum("spent"), Sum("spent_year")
    )
    sold = Purchase.objects.filter(store=store).aggregate(
        Count("pk"), Sum("money"), Sum("quantity")
    )
    return (*figures.values(), *sold.values())
