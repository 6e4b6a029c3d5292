"""`manage.py import_customers STORE FILE`: the customers of a CSV file, by the same batch as on the
page.
"""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from customers.imports import file, forms, kinds, words
from customers.imports.file import Reading
from customers.imports.headers import LABELS, contradictions
from customers.imports.judging import MODES, SET, Rules
from customers.models import CustomerLine
from stores import batches, mending, sheet_forms, uploads
from stores.batches import BatchRefused, work
from stores.cells import excerpt
from stores.models import Batch, Outcome, State, Store
from stores.models.batch import WORKING
from stores.sheet_dialects import SheetError

SHOWN = 50
READING = {
    "source": forms.SOURCES,
    "encoding": sheet_forms.ENCODINGS,
    "delimiter": sheet_forms.DELIMITERS,
    "header": sheet_forms.HEADERS,
    "decimal": sheet_forms.DECIMALS,
}
LOOK_SECONDS = 0.1


class Command(BaseCommand):
    help = (
        "Import customers from a CSV file: new ones are made, known ones changed. The same file"
        " again changes nothing. Exits 1 if a line was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("store", help="slug of the store")
        parser.add_argument("file", help="the CSV file")
        parser.add_argument(
            "--map", help=f"field=header,...: {', '.join(LABELS)}; recognised by default"
        )
        parser.add_argument("--mode", default=SET, choices=list(MODES))
        parser.add_argument(
            "--lift-opt-out", action="store_true", help="subscribe also who opted out"
        )
        parser.add_argument("--preview", action="store_true", help="say what it comes to, no more")
        for name, choices in READING.items():
            known = [value for value, _ in choices]
            parser.add_argument(
                f"--{name}", default=file.AUTO, choices=known, help="found out by default"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        store = Store.objects.filter(slug=options["store"]).first()
        if store is None:
            raise CommandError(f"There is no store {options['store']}.")
        try:
            batch = self.draft(store, options)
        except (SheetError, BatchRefused) as error:
            raise CommandError(str(error)) from None
        self.work(batch)
        for label, value in [*words.facts(batch), *words.figures(batch)]:
            self.stdout.write(f"{label}: {value}")
        if not options["preview"]:
            self.apply(batch)
        if refused := self.say_refused(batch):
            others = "would be" if options["preview"] else "are"
            raise CommandError(f"{refused:,} lines were refused; all others {others} imported.")

    def draft(self, store: Store, options: dict[str, Any]) -> Batch:
        """Plan the import. Raises SheetError, BatchRefused."""
        try:
            with Path(options["file"]).open("rb") as stream:
                sent = File(stream, name=Path(options["file"]).name)
                upload = uploads.keep(store=store, file=sent, by=None)
        except OSError as error:
            raise CommandError(f"The file cannot be opened: {error.strerror}.") from None
        reading = Reading.of(options)
        try:
            sheet = file.recognise(uploads.opener(upload), reading)
        except SheetError:
            uploads.drop(upload)
            raise
        for trap in sheet.traps:
            self.stdout.write(trap)
        fields = headers_of(sheet, options["map"])
        for problem in contradictions(fields):
            raise SheetError(problem)
        rules = Rules(options["mode"], options["lift_opt_out"])
        return kinds.draft(
            upload=upload, reading=reading, sheet=sheet, fields=fields, rules=rules, by=None
        )

    def work(self, batch: Batch) -> None:
        """Do what a worker would do with it, here."""
        with tqdm(unit=" lines", disable=None) as bar:
            while batch.state in WORKING:
                if not work.run(batch.pk, seconds=1):
                    time.sleep(LOOK_SECONDS)  # it is over, or another worker is at it
                batch.refresh_from_db()
                bar.update(batch.planned + batch.handled - bar.n)
        if batch.state == State.FAILED:
            raise CommandError(batch.failure)

    def apply(self, batch: Batch) -> None:
        applied = batches.apply(batch=batch, by=None)
        applied.store = batch.store
        self.work(applied)
        self.stdout.write(words.said(applied))
        left = applied.counts.get(Outcome.LEFT_OUT, 0) + applied.counts.get(Outcome.SHORT, 0)
        if left:
            self.stdout.write(f"{left:,} of them only in part, or not at all: {applied.pk}")

    def say_refused(self, batch: Batch) -> int:
        """Say why lines were not taken; how many."""
        refused = CustomerLine.objects.filter(batch=batch, state__in=kinds.NOT_TAKEN)
        for line in refused.order_by("line")[:SHOWN]:
            column = f" column {line.column}," if line.column else ""
            value = excerpt(mending.value_of(batch.asked, line))
            shown = f" {value!r}" if value else ""
            self.stdout.write(f"line {line.line},{column}{shown} {line.reason}")
        return refused.count()


def headers_of(sheet: file.Sheet, mapping: str | None) -> tuple[str, ...]:
    """The field of each column: as recognised, or by the mapping. Raises SheetError."""
    if mapping is None:
        return tuple(column.field for column in sheet.columns)
    places = {}
    for pair in mapping.split(","):
        field, _, header = (part.strip() for part in pair.partition("="))
        if field not in LABELS or header not in sheet.names:
            raise SheetError(f"The mapping has '{pair}' where field=column is expected.")
        places[sheet.names.index(header)] = field
    return tuple(places.get(place, "") for place in range(len(sheet.columns)))
