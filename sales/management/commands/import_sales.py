"""`manage.py import_sales STORE FILE`: the sales of a CSV file, streamed into purchases."""

import gc
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, get_args

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.text import capfirst
from tqdm import tqdm

from sales.imports import streaming
from sales.reader import DatesOption, DecimalOption, SalesFile, SheetError, open_sales
from stores import money
from stores.models import NameRule, Store

SECOND_LIFE = "L$"


class Command(BaseCommand):
    help = (
        "Import sales from a CSV file. Importing the same file again adds nothing."
        " Exits 1 if a line was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("store", help="slug of the store")
        parser.add_argument("file", help="the CSV file, with a header line")
        parser.add_argument(
            "--map",
            help="field=header,...: customer, uuid, date, product, quantity, amount, price,"
            " receipt, vendor",
        )
        parser.add_argument(
            "--create-store", action="store_true", help="make the store if there is none"
        )
        parser.add_argument(
            "--currency",
            choices=list(money.CURRENCIES),
            metavar="CODE",
            help="of a new store: L$, USD, EUR, ...",
        )
        parser.add_argument("--time-zone", help="of a new store, such as Europe/London")
        parser.add_argument(
            "--encoding", help="such as utf-8, utf-16 or cp1252; recognised by default"
        )
        parser.add_argument("--delimiter", help="such as ';' or tab; recognised by default")
        parser.add_argument("--decimal", default="auto", choices=get_args(DecimalOption))
        parser.add_argument("--dates", default="auto", choices=get_args(DatesOption))

    def handle(self, *args: Any, **options: Any) -> None:
        store = self.find_store(options)
        sales = self.open(store, options)
        self.say_how(sales)
        report, broken = self.run(store, sales)
        name = Path(options["file"]).name
        streaming.trace(store=store, report=report, file=name, by=None)
        self.print_report(store, report)
        if broken:
            raise CommandError(f"{broken} What stands before is imported.")
        if report.refused:
            raise CommandError(f"{report.refused:,} lines were refused; all others are imported.")

    def find_store(self, options: dict[str, Any]) -> Store:
        store = Store.objects.filter(slug=options["store"]).first()
        wanted = options["currency"]
        if store is None and options["create_store"]:
            return self.make_store(options)
        if store is None:
            raise CommandError(f"There is no store {options['store']}; --create-store makes it.")
        if wanted and wanted != store.currency:
            raise CommandError(
                f"The store {store.slug} counts in {store.currency}, not in {wanted}."
            )
        return store

    def make_store(self, options: dict[str, Any]) -> Store:
        """A new store, saved only once the file has shown that it can be read."""
        currency = options["currency"] or SECOND_LIFE
        lives_in_second_life = currency == SECOND_LIFE
        store = Store(
            slug=options["store"],
            name=capfirst(options["store"].replace("-", " ")),
            currency=currency,
            time_zone=options["time_zone"]
            or ("America/Los_Angeles" if lives_in_second_life else "UTC"),
            name_rule=NameRule.SECOND_LIFE if lives_in_second_life else NameRule.PLAIN,
        )
        try:
            store.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        return store

    def open(self, store: Store, options: dict[str, Any]) -> SalesFile:
        try:
            sales = open_sales(
                options["file"],
                mapping=options["map"],
                digits=store.money.digits,
                zone=store.zone,
                today=store.today(),
                encoding=options["encoding"],
                delimiter=options["delimiter"],
                decimal=options["decimal"],
                dates=options["dates"],
            )
        except SheetError as error:
            raise CommandError(str(error)) from None
        if store.pk is None:
            store.save()
        return sales

    def say_how(self, sales: SalesFile) -> None:
        for note in sales.notes:
            self.stdout.write(note)

    def run(self, store: Store, sales: SalesFile) -> tuple[streaming.Report, str]:
        """The report, and why the file broke off, if it did."""
        report = streaming.Report()
        gc.freeze()  # what is loaded by now lives on: collections need not walk it after each chunk
        with tqdm(unit=" lines", disable=None) as bar:
            try:
                for report in streaming.import_sales(store=store, lines=sales, by=None):
                    bar.update(report.read - bar.n)
            except SheetError as error:
                return report, str(error)
        return report, ""

    def print_report(self, store: Store, report: streaming.Report) -> None:
        say = self.stdout.write
        say(f"{report.read:,} lines read.")
        say(
            f"{report.added:,} purchases added, {report.returns:,} of them returns,"
            f" {store.money.format(report.amount)} in all; {report.known:,} were known already."
        )
        say(f"{report.customers_made:,} customers and {report.products_made:,} products made.")
        if report.nameless:
            say(
                f"{len(report.nameless):,} lines name no customer and were left out:"
                f" {ranges(report.nameless)}."
            )
        for bad in report.bad:
            place = f" column {bad.column}," if bad.column else ""
            say(f"line {bad.line},{place} '{bad.value}': {bad.reason}")
        if more := report.refused - len(report.bad):
            say(f"... and {more:,} more refused lines.")


def ranges(numbers: list[int]) -> str:
    """Ascending line numbers as people write them: 3-5, 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
