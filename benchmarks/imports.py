"""A customer file in which half of the customers are known: planned, applied, undone."""

import csv
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.core.files.base import File

from benchmarks import imports_floor
from benchmarks.bulk_credit import Differs
from benchmarks.clock import Cost, cost, medians
from benchmarks.ground import Ground, carry_out, tidy
from benchmarks.report import Line
from customers.imports import file, kinds
from customers.imports.file import Reading
from customers.imports.judging import SET, Rules
from customers.models import Customer
from stores import batches, uploads
from stores.models import State

GOAL = 2.0
HEADER = ("Username", "E-mail", "Credit", "Discount %", "News Subscriber")


class Ours:
    """An import of ours and its undo, step by step."""

    def __init__(self, ground: Ground, path: Path):
        self.ground = ground
        self.path = path

    def plan(self) -> None:
        """Keep the file, read it, judge each line, and write down what it comes to."""
        with self.path.open("rb") as stream:
            sent = File(stream, name=self.path.name)
            upload = uploads.keep(store=self.ground.store, file=sent, by=self.ground.owner)
        sheet = file.recognise(uploads.opener(upload), Reading())
        self.batch = kinds.draft(
            upload=upload,
            reading=Reading(),
            sheet=sheet,
            fields=tuple(column.field for column in sheet.columns),
            rules=Rules(SET),
            by=self.ground.owner,
        )
        carry_out(self.batch, State.PREVIEWED)

    def apply(self) -> None:
        batches.apply(batch=self.batch, by=self.ground.owner)
        carry_out(self.batch, State.DONE)

    def undo(self) -> None:
        carry_out(batches.undo(batch=self.batch, by=self.ground.owner), State.DONE)


class Floor:
    """The same by hand."""

    def __init__(self, ground: Ground, path: Path):
        self.ground = ground
        self.path = path

    def write(self) -> None:
        self.batch = imports_floor.write(self.ground, self.path)


def measure(ground: Ground) -> Iterator[Line]:
    imports_floor.make_tables()
    costs: dict[str, list[Cost]] = {}
    with TemporaryDirectory() as folder:
        path = Path(folder, "customers.csv")
        for number in range(ground.rounds):
            _write(ground, path, number)
            ours = _round(ground, path, costs, ours_first=bool(number % 2))
        tidy()
        costs["undo"] = [cost(ours.undo)]
    spent = {name: medians(several) for name, several in costs.items()}
    whole = spent["plan"] + spent["apply"]
    lines = f"{ground.customers / whole.wall:,.0f} lines/s, peak {_peak():,.0f} MB"
    yield Line("import of a customer file, half known", whole, spent["floor"], GOAL, note=lines)
    yield Line("- of it plan and preview", spent["plan"], note=_speed(ground, spent["plan"]))
    yield Line("- of it apply", spent["apply"], note=_speed(ground, spent["apply"]))
    yield Line("undo of an import", spent["undo"], note=_speed(ground, spent["undo"]))


def _round(ground: Ground, path: Path, costs: dict[str, list[Cost]], *, ours_first: bool) -> Ours:
    """Both, one after the other; what they wrote is compared."""
    ours, floor = Ours(ground, path), Floor(ground, path)
    steps = {"plan": ours.plan, "apply": ours.apply, "floor": floor.write}
    for name in ("plan", "apply", "floor") if ours_first else ("floor", "plan", "apply"):
        tidy()
        costs.setdefault(name, []).append(cost(steps[name]))
    if imports_floor.differences(ground, ours.batch.pk, floor.batch):
        raise Differs
    return ours


def _write(ground: Ground, path: Path, number: int) -> None:
    """As many lines as there are customers, in no order: known ones, each of them changed, and new
    ones.
    """
    random = Random(number)
    half = ground.customers // 2
    known = Customer.objects.filter(store=ground.store).order_by("pk")
    names = list(known.values_list("username", flat=True)[:half])
    names += [f"new{number}x{place}" for place in range(ground.customers - half)]
    random.shuffle(names)
    with path.open("w", encoding="utf-8", newline="") as written:
        writer = csv.writer(written)
        writer.writerow(HEADER)
        for name in names:
            mail, flag = f"{name}@round{number}.example", random.choice(["yes", "no"])
            writer.writerow([name, mail, random.randrange(1, 1_000), random.randrange(101), flag])


def _speed(ground: Ground, spent: Cost) -> str:
    return f"{ground.customers / spent.wall:,.0f} lines/s"


def _peak() -> float:
    """The most memory that this process held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
