"""`manage.py vendor_key STORE VENDOR`: a new key for a vendor, in place of the one that it had."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from products.models import Vendor
from products.models.vendor import SELLING
from sales import keys


class Command(BaseCommand):
    help = "Make a vendor's key and print it: it is not shown again. The key before is revoked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("store", help="slug of the store")
        parser.add_argument("vendor", help="name of the vendor")
        parser.add_argument(
            "--pays-out", action="store_true", help="its script may pay what is owed"
        )

    def handle(self, *, store: str, vendor: str, pays_out: bool, **options: Any) -> None:
        vendors = Vendor.objects.filter(SELLING, store__slug=store).select_related("store")
        found = vendors.filter(name=vendor).first()
        if found is None:
            names = ", ".join(vendors.values_list("name", flat=True)[:10]) or "none"
            raise CommandError(f"No vendor of {store} is called {vendor}. There are: {names}.")
        _, secret = keys.issue(vendor=found, by=None, pays_out=pays_out)
        self.stdout.write(secret)
