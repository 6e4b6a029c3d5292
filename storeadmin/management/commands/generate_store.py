"""The command that makes a store of any size to measure and to try things on."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from storeadmin.generate.making import SlugTaken, generate
from stores.models import Store, User


class Command(BaseCommand):
    help = (
        "Make a store with invented customers and five years of purchases, the same for the same"
        " seed and day. All of it is written in one transaction."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "slug", help="name of the store in addresses; there must be none of it yet"
        )
        parser.add_argument("--customers", type=int, default=10_000)
        parser.add_argument("--purchases", type=int, default=100_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--owner", metavar="USERNAME", help="an existing user who shall own the store"
        )

    def handle(
        self,
        *,
        slug: str,
        customers: int,
        purchases: int,
        seed: int,
        owner: str | None,
        **options: Any,
    ) -> None:
        self._check(slug, customers, purchases)
        began = time.monotonic()
        try:
            generate(
                slug=slug,
                customers=customers,
                purchases=purchases,
                seed=seed,
                owner=self._user(owner),
            )
        except SlugTaken as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Store {slug}: {customers:,} customers, {purchases:,} purchases,"
            f" {time.monotonic() - began:.1f} s"
        )

    def _check(self, slug: str, customers: int, purchases: int) -> None:
        if customers < 1 or purchases < 0:
            raise CommandError("A store has at least 1 customer, and 0 purchases.")
        try:
            Store._meta.get_field("slug").clean(slug, None)
        except ValidationError as error:
            raise CommandError(f"{slug}: {' '.join(error.messages)}") from error

    def _user(self, username: str | None) -> User | None:
        if username is None:
            return None
        try:
            return User.objects.get(username=username)
        except User.DoesNotExist as error:
            raise CommandError(f"There is no user {username}.") from error
