"""The command that makes the demo store, and names its logins."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from storeadmin.demo import logins
from storeadmin.demo.making import DemoRefused, create
from stores.models import Store

ADDRESS = "http://127.0.0.1:8000/"


class Command(BaseCommand):
    help = "Make a demo store with three years of history, dated from today, and logins for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing if there is a store, or one of the logins",
        )
        either.add_argument("--logins", action="store_true", help="only print the logins")

    def handle(self, *, if_empty: bool, logins: bool, verbosity: int, **options: Any) -> None:
        if logins:
            self.stdout.write(table_of_logins())
        elif if_empty and not is_empty():
            self.tell("There is something here already: no demo store was made.", verbosity)
        else:
            self.make(verbosity)

    def make(self, verbosity: int) -> None:
        try:
            store = create()
        except DemoRefused as refused:
            raise CommandError(str(refused)) from refused
        self.tell(f"{store} is made.\n\n{table_of_logins()}", verbosity)

    def tell(self, text: str, verbosity: int) -> None:
        if verbosity:
            self.stdout.write(text)


def is_empty() -> bool:
    return not Store.objects.exists() and not logins.taken()


def table_of_logins() -> str:
    """The address, and a line for each role."""
    rows = [("role", "username", "password")]
    rows += [(str(role.label), role.value, logins.PASSWORD) for role in logins.NAMES]
    lines = [f"  {role:<10}{username:<12}{password}" for role, username, password in rows]
    return "\n".join([ADDRESS, "", *lines, "", "The password is public: keep real data elsewhere."])
