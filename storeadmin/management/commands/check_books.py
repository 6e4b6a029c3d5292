"""`manage.py check_books [STORE]`: every figure and balance computed again, compared."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers import book_checks
from customers.books import Difference
from stores.models import Store


class Command(BaseCommand):
    help = "Compute figures and balances again from purchases and entries, and print what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("store", nargs="?", help="slug of one store; all stores without it")

    def handle(self, *args: Any, store: str | None, **options: Any) -> None:
        stores = Store.objects.filter(slug=store) if store else Store.objects.order_by("pk")
        if store and not stores:
            raise CommandError(f"There is no store {store}.")
        differences = sum(self.check_store(one) for one in stores)
        if differences:
            raise CommandError(f"{differences} differences", returncode=1)

    def check_store(self, store: Store) -> int:
        def tell(difference: Difference) -> None:
            self.stdout.write(f"{store.slug}: {difference}")

        check = book_checks.run(store, tell=tell)
        state = f"{check.differences} differences" if check.differences else "books are clean"
        self.stdout.write(f"{store.slug}: {state}")
        return check.differences
