"""`manage.py fake_vendor`: a vendor that sells to made-up residents, by the vendor API alone."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sales.fake.caller import Caller, GaveUp, Unwelcome
from sales.fake.memory import Memory
from sales.fake.vendor import FakeVendor, NothingToSell
from stores import outgoing

ADDRESS = "http://127.0.0.1:8000"


class Command(BaseCommand):
    help = (
        "Play a vendor against a running server: quotes, sales, gifts, wrong amounts, deliveries,"
        " payouts. `vendor_key` makes the key. Run again after an end of any kind, it goes on"
        " where it was."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=ADDRESS, help=f"the server, {ADDRESS} by default")
        parser.add_argument("--key", required=True, help="the key of a vendor: sa_...")
        parser.add_argument("--sales", type=int, default=10, help="how many, 10 by default")
        parser.add_argument("--seed", type=int, default=1, help="another one, other wishes")
        parser.add_argument(
            "--product", action="append", default=[], help="a name, again for each; else the first"
        )
        parser.add_argument("--memory", type=Path, help="the file of what it remembers")

    def handle(self, *, url: str, key: str, sales: int, seed: int, **options: Any) -> None:
        digest = hashlib.sha256(key.encode()).hexdigest()[:12]
        file = options["memory"] or settings.VAR_DIR / f"fake_vendor-{digest}.json"
        caller = Caller(url=url, secret=key, memory=Memory.of(file), tell=self.tell)
        vendor = FakeVendor(caller, seed=seed, tell=self.tell, products=options["product"])
        try:
            vendor.play(sales)
        except (outgoing.Refused, Unwelcome, NothingToSell) as refused:
            raise CommandError(str(refused)) from None
        except GaveUp as gave_up:
            raise CommandError(
                f"No answer: {gave_up}. Run it again: it asks with the same key."
            ) from None

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
